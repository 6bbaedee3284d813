import type { Collection } from '../collection.ts';
import { claimSideOf } from '../law/claim-side.ts';
import type { ClaimSide } from '../law/claim-side.ts';
import type { CivilDate } from '../time.ts';

type Dated = Pick<Collection, 'debtor' | 'issueDate' | 'performedOn'>;

/**
 * On which side of his debtor's judgment an invoice lies, and by which day; null while the debtor is in no procedure.
 *
 * The one rule for letters, claims and declarations: by the day of performance, else of the invoice, never by the due
 * date. Judgments that earlier releases recorded silenced everything: their claims stay on the earlier side until the
 * judgment is recorded anew, so that no file that sleeps wakes by an update of the software.
 */
export function insolvencySideOf(
  dated: Dated,
  judgmentOn: CivilDate | null = dated.debtor.insolventOn,
): ClaimSide | null {
  return judgmentOn === null ? null : sideUnder(dated, judgmentOn);
}

/** The same under a judgment whose day the caller knows: a file that is over has not heard of it. */
export function sideUnder({ debtor, issueDate, performedOn }: Dated, judgmentOn: CivilDate): ClaimSide {
  if (debtor.insolventOn !== null && debtor.claimsAreSplit !== true)
    return { side: 'earlier', because: 'not_split' };
  return claimSideOf({ performedOn: performedOn ?? null, invoicedOn: issueDate }, judgmentOn);
}

/** The day of the judgment that silences an invoice: that of a claim born before it; null for all others. */
export function silencedByJudgmentOn(
  dated: Dated,
  judgmentOn: CivilDate | null = dated.debtor.insolventOn,
): CivilDate | null {
  return insolvencySideOf(dated, judgmentOn)?.side === 'earlier' ? judgmentOn : null;
}
