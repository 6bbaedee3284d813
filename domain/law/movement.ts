import type { CivilDate } from '../time.ts';

/** What changed the principal of an invoice, in the words and with the signs of the ledger. */
export interface Movement {
  readonly kind:
    | 'invoice'
    | 'correction'
    | 'cancellation'
    | 'credit_note'
    | 'payment'
    | 'payment_return'
    | 'write_off'
    /** What a payment has settled of interest, and so left of the price; below zero when it came back. */
    | 'interest';
  /** The civil day in Paris: for money the day on the creditor's account. */
  readonly day: CivilDate;
  /** Positive raises what is owed, negative lowers it. */
  readonly cents: number;
  /** The payment it is of, so that what comes back is taken from where it went. */
  readonly paymentId?: string | null;
  /** What a payment has settled is a fact: movements of kind `interest` say it. Absent: it is worked out here. */
  readonly isImputed?: boolean;
}

/** Whether a credit note says that the price was never owed, or lowers the debt from its day on. */
export type CreditNotesCount = 'from_start' | 'from_day';

/** One change of the debt: it is felt on the days after its own. */
export interface Change {
  readonly day: CivilDate;
  readonly cents: number;
  readonly isPayment: boolean;
  readonly paymentId: string | null;
  /** What of a payment went to interest, below zero when it came back; null where that is to be worked out. */
  readonly interestCents: number | null;
}

export interface PrincipalStory {
  /** What was owed from the start, in the light of all that is known now. */
  readonly startCents: number;
  /** Later changes by day, one per day and payment. */
  readonly changes: readonly Change[];
}

/**
 * Tells what was owed on each day, as it must be told for interest.
 *
 * What says that the price was another one (a correction, a cancellation, by default a credit note) counts from the
 * start, whenever it was written: nobody is late with what he never owed. Money counts from the day after its own, so
 * that the day of payment still bears interest.
 */
export function principalStory(
  movements: readonly Movement[],
  creditNotes: CreditNotesCount,
): PrincipalStory {
  let startCents = 0;
  const changes = new Map<string, Change>();
  for (const { kind, day, cents, paymentId = null, isImputed = false } of movements) {
    if (speaksOfThePrice(kind, creditNotes)) {
      startCents += cents;
      continue;
    }
    const isImputation = kind === 'interest';
    const isPayment = isImputation || kind === 'payment' || kind === 'payment_return';
    const key = `${day}/${isPayment}/${paymentId}`;
    const known = changes.get(key) ?? { cents: 0, interestCents: null };
    const interestCents = isImputation ? cents : isImputed ? 0 : null;
    changes.set(key, {
      ...{ day, isPayment, paymentId },
      cents: known.cents + (isImputation ? 0 : cents),
      interestCents:
        interestCents === null ? known.interestCents : (known.interestCents ?? 0) + interestCents,
    });
  }
  return {
    startCents,
    changes: [...changes.values()]
      .filter(({ cents, interestCents }) => cents !== 0 || (interestCents ?? 0) !== 0)
      .sort((a, b) => (a.day === b.day ? 0 : a.day < b.day ? -1 : 1)),
  };
}

function speaksOfThePrice(kind: Movement['kind'], creditNotes: CreditNotesCount): boolean {
  switch (kind) {
    case 'invoice':
    case 'correction':
    case 'cancellation':
      return true;
    case 'credit_note':
      return creditNotes === 'from_start';
    case 'payment':
    case 'payment_return':
    case 'write_off':
    case 'interest':
      return false;
  }
}
