/**
 * How a dispute can end.
 *
 * `rejected`: the debtor is wrong, the contested amount is asked for again. The others give way, each by the paper that it
 * waits for: a credit note, a corrected invoice, a waiver as goodwill. `justified` and `unjustified` are the words of the
 * first releases for `credit_note` and `rejected`; they stand in their facts and are no longer written.
 */
export const disputeOutcomes = ['rejected', 'credit_note', 'corrected_invoice', 'goodwill'] as const;

/** What gives way, and so waits for its paper. */
export type Grant = Exclude<(typeof disputeOutcomes)[number], 'rejected'>;

export type DisputeOutcome = (typeof disputeOutcomes)[number] | 'justified' | 'unjustified';

/** What the file then waits for; null when nothing is given. */
export function grantOf(outcome: DisputeOutcome): Grant | null {
  switch (outcome) {
    case 'rejected':
    case 'unjustified':
      return null;
    case 'justified':
      return 'credit_note';
    default:
      return outcome;
  }
}

/** The outcome in today's words. */
export function outcomeNow(outcome: DisputeOutcome): (typeof disputeOutcomes)[number] {
  return grantOf(outcome) ?? 'rejected';
}

const words: Readonly<Record<DisputeOutcome, Readonly<Record<'fr' | 'en', string>>>> = {
  rejected: { fr: 'rejetée', en: 'rejected' },
  unjustified: { fr: 'rejetée', en: 'rejected' },
  credit_note: { fr: 'acceptée, par avoir', en: 'granted, by credit note' },
  justified: { fr: 'acceptée, par avoir', en: 'granted, by credit note' },
  corrected_invoice: { fr: 'acceptée, par facture corrigée', en: 'granted, by corrected invoice' },
  goodwill: { fr: 'acceptée, par geste commercial', en: 'granted, as goodwill' },
};

/** An outcome in words; what is none is shown as it is. */
export function outcomeInWords(outcome: string, language: 'fr' | 'en'): string {
  return (
    (words as Readonly<Record<string, Readonly<Record<'fr' | 'en', string>>>>)[outcome]?.[language] ?? outcome
  );
}
