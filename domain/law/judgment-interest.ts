import { addDays } from '../time.ts';
import type { CivilDate } from '../time.ts';
import type { DayBase } from './exact-interest.ts';
import { runInterest } from './interest-run.ts';
import type { InterestRun } from './interest-run.ts';
import type { Law } from './law-value.ts';
import { principalStory } from './movement.ts';
import type { Movement } from './movement.ts';
import { judgmentRate } from './penalty-rate.ts';
import { procedureDate } from './procedure-date.ts';

/** A sum that a court has awarded, with what was paid on it since. */
export interface AwardedSum {
  readonly movements: readonly Movement[];
  /** The first and the last day that bear interest. */
  readonly from: CivilDate;
  readonly until: CivilDate;
  /** The day on which the judgment became enforceable; null as long as it is not. */
  readonly enforceableOn: CivilDate | null;
  readonly creditorIsIndividual: boolean;
  readonly dayBase: DayBase;
}

/**
 * Interest on what a judgment awards: the legal rate, raised once the judgment has been enforceable for two months.
 *
 * Throws `MissingLawValue` for a semester without legal rate.
 */
export function judgmentInterest(law: Law, sum: AwardedSum): InterestRun {
  const { enforceableOn, from, until } = sum;
  const raisedFrom =
    enforceableOn === null ? null : addDays(procedureDate(law, 'judgment_raise', enforceableOn).on, 1);
  const rateOn = (day: CivilDate) => judgmentRate(law, sum.creditorIsIndividual, day, raisedFrom);
  return runInterest(principalStory(sum.movements, 'from_day'), {
    days: { first: from, last: until },
    until,
    baseOf: (cents) => Math.max(0, cents),
    rateOn,
    cuts: raisedFrom === null ? [] : [raisedFrom],
    dayBase: sum.dayBase,
    goesTo: () => 'principal',
  });
}
