import type { LawCode } from '../law/law-code.ts';
import { lawCodes } from '../law/law-code.ts';
import type { LegalDate } from '../law/legal-date.ts';
import { limitationCodeOf, possibleLimitationCodeOf } from '../law/limitation.ts';
import { limitationStartOf } from '../law/limitation-term.ts';
import { lawOn, MissingLawValue, orMissing } from '../law/law-value.ts';
import type { Law, LawValue } from '../law/law-value.ts';
import { limitedClaimOf } from './legal-terms.ts';
import type { Dated, LegalTerms } from './legal-terms.ts';

/** The terms of a claim under the law of its day. */
export function legalTermsOf(
  law: Law,
  dated: Dated,
  { sector, policy }: Pick<LegalTerms, 'sector' | 'policy'>,
): LegalTerms {
  const claim = limitedClaimOf(dated, sector);
  const code = limitationCodeOf(claim);
  const possible = possibleLimitationCodeOf(claim);
  const years = possible && (valueFor(law, possible, dated)?.value ?? null);
  return {
    sector,
    code,
    years: valueFor(law, code, dated)?.value ?? null,
    possibly: possible !== null && years !== null ? { code: possible, years } : null,
    policy,
    phases: true,
  };
}

/** A date that a file worked out from its terms, with where they stand in the law; any other as it is. */
export function cited<D extends LegalDate>(law: Law, dated: Dated, date: D): D {
  if (date.clock !== 'limitation' && date.clock !== 'limitation_possible') return date;
  const code = date.source as LawCode;
  return { ...date, source: valueFor(law, code, dated)?.source ?? lawCodes[code].name };
}

/** The value on the day from which the limitation of a claim runs; null when nobody has entered one. */
function valueFor(law: Law, code: LawCode, dated: Dated): LawValue | null {
  const value = orMissing(() => lawOn(law, code, limitationStartOf(limitedClaimOf(dated, null)).from));
  return value instanceof MissingLawValue ? null : value;
}
