import type { CivilDate } from '../time.ts';
import type { LawCode } from './law-code.ts';
import { lawOn } from './law-value.ts';
import type { Law } from './law-value.ts';
import { limitationStartOf, limitationUnder } from './limitation-term.ts';
import type { Limitation, LimitationEvent, LimitedClaim } from './limitation-term.ts';

/**
 * Says on which day a claim is limited, by the law of the day from which its term runs.
 *
 * Throws `MissingLawValue` when nobody has entered that law.
 */
export function limitationOf(
  law: Law,
  claim: LimitedClaim,
  events: readonly LimitationEvent[],
  asOf: CivilDate,
): Limitation {
  const { value: years, source } = lawOn(law, limitationCodeOf(claim), limitationStartOf(claim).from);
  return limitationUnder({ years, source }, claim, events, asOf);
}

/**
 * Which limitation a claim is under. Where nobody has said what is sold, the general one: what silences a file and closes
 * its ways must not rest on a guess, and most creditors sell neither transport nor telephony.
 */
export function limitationCodeOf({ debtor, sector, titleOn }: LimitedClaim): LawCode {
  if (titleOn !== null) return 'limitation_years_title';
  if (debtor === 'public') return 'limitation_years_public';
  if (sector === 'telecom') return 'limitation_years_telecom';
  if (sector === 'transport') return 'limitation_years_transport';
  return debtor === 'consumer' ? 'limitation_years_consumer' : 'limitation_years';
}

/**
 * The shortest limitation that a claim may turn out to be under, as long as nobody has said what is sold: people are
 * warned by it, and nothing else rests on it. Null where it is known under which one it is.
 */
export function possibleLimitationCodeOf({ debtor, sector, titleOn }: LimitedClaim): LawCode | null {
  if (titleOn !== null || debtor === 'public' || sector !== null) return null;
  return 'limitation_years_transport';
}
