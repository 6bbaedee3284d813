import { addWorkingDays, dayAt, instantAt } from '../calendar.ts';
import type { Calendar } from '../calendar.ts';
import { isBankDataOld } from '../promise/bank-data-age.ts';
import { addDays } from '../time.ts';
import type { CivilDate, Instant } from '../time.ts';

/** All that is needed to say what is due about an offer that stands. */
export interface DiscountView {
  readonly payBy: CivilDate;
  readonly payCents: number;
  /** What was paid since the offer, with a value date up to the last day of it. */
  readonly cameCents: number;
  readonly isClosed: boolean;
  /** Whether the hold of the offer is in force: a person who lifts it takes the offer back. */
  readonly isHeld: boolean;
  /** Whether a judgment against the debtor forbids him to pay it. */
  readonly isForbidden: boolean;
  /** Working days that a bank may take to tell us. */
  readonly graceDays: number;
  readonly bank: { readonly knownTo: CivilDate | null; readonly daysMax: number | null };
  readonly calendar: Calendar;
}

/** How an offer ends: taken in time, let pass, taken back, or the invoice was settled otherwise. */
export type DiscountEnd = 'taken' | 'lapsed' | 'withdrawn' | 'overtaken';

export type DiscountMove =
  | { readonly do: 'end'; readonly how: DiscountEnd }
  | { readonly do: 'awaitBankData' }
  | { readonly do: 'wait'; readonly until: Instant };

/**
 * What is due about an offer of a discount.
 *
 * Whoever paid in time by the date of his bank gets it, though we hear of it later; while the bank data are too old nobody
 * is told that he was late.
 */
export function nextOfDiscount(view: DiscountView, now: Instant): DiscountMove {
  const { calendar } = view;
  if (view.isClosed) return { do: 'end', how: 'overtaken' };
  if (view.cameCents >= view.payCents) return { do: 'end', how: 'taken' };
  if (!view.isHeld || view.isForbidden) return { do: 'end', how: 'withdrawn' };

  const lastSilentDay = addWorkingDays(calendar, view.payBy, view.graceDays);
  const lapses = instantAt(calendar, addDays(lastSilentDay, 1), 0);
  const isOver = instantAt(calendar, addDays(view.payBy, 1), 0);
  if (now < lapses) return { do: 'wait', until: now < isOver ? isOver : lapses };
  if (isBankDataOld(calendar, view.bank, dayAt(calendar, now))) return { do: 'awaitBankData' };
  return { do: 'end', how: 'lapsed' };
}
