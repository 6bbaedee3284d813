import { addDays } from '../time.ts';
import type { CivilDate } from '../time.ts';
import { lawOn } from './law-value.ts';
import type { Law } from './law-value.ts';
import type { PrincipalStory } from './movement.ts';
import type { PenaltyCase } from './penalties.ts';
import type { Regime } from './regime.ts';

/** The fixed indemnity for one invoice, or why none is owed. It stands on a line of its own, outside VAT. */
export interface LumpSum {
  readonly cents: number;
  readonly reason: 'owed' | 'not_late' | 'consumer' | 'no_rule' | 'insolvency' | 'waived' | 'closed';
  /** The first day on which the invoice was late; null when it never was. */
  readonly lateOn: CivilDate | null;
  readonly source: string | null;
  readonly lawyerValidated: boolean;
}

/**
 * Says whether the 40 € are owed: once for each invoice that a professional pays late, be it one day and one cent.
 *
 * Each term of an invoice is an invoice here, as the law counts them. None is owed where the price was never owed, by
 * consumers, where an insolvency forbade the payment at the due date, and where it was waived once.
 */
export function lumpSumOf(
  law: Law,
  given: Pick<PenaltyCase, 'regime' | 'dueDate' | 'until' | 'insolventOn' | 'givenUp'>,
  story: PrincipalStory,
  asked: (principalCents: number) => number,
): LumpSum {
  const none = { cents: 0, lateOn: null, source: null, lawyerValidated: true };
  if (given.regime === 'none') return { ...none, reason: 'no_rule' };
  if (given.regime === 'consumer') return { ...none, reason: 'consumer' };

  const lateOn = firstLateDay(given, story, asked);
  if (lateOn === null) return { ...none, reason: 'not_late' };
  if (given.insolventOn !== null && given.dueDate >= given.insolventOn)
    return { ...none, lateOn, reason: 'insolvency' };
  if (given.givenUp?.some(({ lumpSumCents }) => lumpSumCents > 0))
    return { ...none, lateOn, reason: 'waived' };

  const { value, source, lawyerValidated } = lawOn(law, lumpSums[given.regime], lateOn);
  return { cents: value, reason: 'owed', lateOn, source, lawyerValidated };
}

const lumpSums = {
  business: 'lump_sum',
  public: 'lump_sum_public',
  eu: 'lump_sum_eu',
} as const satisfies Partial<Record<Regime, string>>;

/** The principal changes only on the days after its changes, so that no other day needs a look. */
function firstLateDay(
  { dueDate, until }: Pick<PenaltyCase, 'dueDate' | 'until'>,
  { startCents, changes }: PrincipalStory,
  asked: (principalCents: number) => number,
): CivilDate | null {
  let day = addDays(dueDate, 1);
  let principalCents = startCents;
  for (const change of changes) {
    if (change.day >= day) {
      if (day > until) return null;
      if (asked(principalCents) > 0) return day;
      day = addDays(change.day, 1);
    }
    principalCents += change.cents;
  }
  return day <= until && asked(principalCents) > 0 ? day : null;
}
