import type { CivilDate } from '../time.ts';

/** What changed the principal of an invoice, in the words and with the signs of the ledger. */
export interface Movement {
  readonly kind:
    'invoice' | 'correction' | 'cancellation' | 'credit_note' | 'payment' | 'payment_return' | 'write_off';
  /** The civil day in Paris: for money the day on the creditor's account. */
  readonly day: CivilDate;
  /** Positive raises what is owed, negative lowers it. */
  readonly cents: number;
  /** The payment it is of, so that what comes back is taken from where it went. */
  readonly paymentId?: string | null;
}

/** Whether a credit note says that the price was never owed, or lowers the debt from its day on. */
export type CreditNotesCount = 'from_start' | 'from_day';

/** One change of the debt: it is felt on the days after its own. */
export interface Change {
  readonly day: CivilDate;
  readonly cents: number;
  readonly isPayment: boolean;
  readonly paymentId: string | null;
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
  for (const { kind, day, cents, paymentId = null } of movements) {
    if (speaksOfThePrice(kind, creditNotes)) {
      startCents += cents;
      continue;
    }
    const isPayment = kind === 'payment' || kind === 'payment_return';
    const key = `${day}/${isPayment}/${paymentId}`;
    changes.set(key, { day, cents: cents + (changes.get(key)?.cents ?? 0), isPayment, paymentId });
  }
  return {
    startCents,
    changes: [...changes.values()]
      .filter(({ cents }) => cents !== 0)
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
      return false;
  }
}
