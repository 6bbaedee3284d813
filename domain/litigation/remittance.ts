import { daysInMonth } from '../plan/months.ts';
import { addDays } from '../time.ts';
import type { CivilDate } from '../time.ts';

/** What a partner has received of the debtor for us, and by when he must have passed it on. */
export interface Recovery {
  readonly id: string;
  readonly amountCents: number;
  readonly remitBy: CivilDate;
  /** Whether somebody was told that it did not come in time. */
  readonly chased: boolean;
}

/**
 * The last day on which a partner may pass on what he received: a month later (R124-6 CPCE), or sooner where it was agreed.
 *
 * A month ends on the same day number, else on the last day of the month.
 */
export function remitBy(receivedOn: CivilDate, agreedDays: number | null): CivilDate {
  const [year = 0, month = 1, day = 1] = receivedOn.split('-').map(Number);
  const next = { year: month === 12 ? year + 1 : year, month: month === 12 ? 1 : month + 1 };
  const last = Math.min(day, daysInMonth(next.year, next.month));
  const inAMonth = `${String(next.year)}-${String(next.month).padStart(2, '0')}-${String(last).padStart(2, '0')}`;
  if (agreedDays === null) return inAMonth;
  const agreed = addDays(receivedOn, agreedDays);
  return agreed < inAMonth ? agreed : inAMonth;
}

/** What a partner still holds of each recovery: what he passed on settles the oldest first. */
export function stillHeld(
  recoveries: readonly Recovery[],
  remittedCents: number,
): readonly (Recovery & { readonly heldCents: number })[] {
  let left = remittedCents;
  return recoveries.flatMap((recovery) => {
    const passedOn = Math.min(left, recovery.amountCents);
    left -= passedOn;
    const heldCents = recovery.amountCents - passedOn;
    return heldCents > 0 ? [{ ...recovery, heldCents }] : [];
  });
}
