import type { Collection } from '../collection.ts';
import { claimSideOf } from '../law/claim-side.ts';

type Dated = Pick<Collection, 'debtor' | 'issueDate' | 'performedOn'>;

/**
 * On which side of his debtor's judgment an invoice lies; null while the debtor is in no procedure.
 *
 * By the day of performance, else of the invoice, never by the due date. Judgments that earlier releases recorded
 * silenced everything: their claims stay on the earlier side until the judgment is recorded anew, so that no file that
 * sleeps wakes by an update of the software.
 */
export function insolvencySideOf({ debtor, issueDate, performedOn }: Dated): 'earlier' | 'later' | null {
  if (debtor.insolventOn === null) return null;
  if (debtor.claimsAreSplit !== true) return 'earlier';
  return claimSideOf({ performedOn: performedOn ?? null, invoicedOn: issueDate }, debtor.insolventOn).side;
}

/** The day of the judgment that silences an invoice: that of a claim born before it; null for all others. */
export function silencedByJudgmentOn(dated: Dated): Collection['debtor']['insolventOn'] {
  return insolvencySideOf(dated) === 'earlier' ? dated.debtor.insolventOn : null;
}
