import { limitationCodeOf } from '../law/limitation.ts';
import { limitationStartOf } from '../law/limitation-term.ts';
import { lawOn, MissingLawValue } from '../law/law-value.ts';
import type { Law } from '../law/law-value.ts';
import { limitedClaimOf } from './legal-terms.ts';
import type { Dated, LegalTerms } from './legal-terms.ts';

/** The terms of a claim under the law of its day. */
export function legalTermsOf(
  law: Law,
  dated: Dated,
  { sector, policy }: Pick<LegalTerms, 'sector' | 'policy'>,
): LegalTerms {
  const claim = limitedClaimOf(dated, sector);
  try {
    const { value, source } = lawOn(law, limitationCodeOf(claim), limitationStartOf(claim).from);
    return { sector, years: value, source, policy };
  } catch (problem) {
    if (problem instanceof MissingLawValue) return { sector, years: null, source: problem.message, policy };
    throw problem;
  }
}
