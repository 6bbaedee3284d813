/** What became of a part of a promise, as its row says. */
export type PartState = 'active' | 'kept' | 'partly_kept' | 'broken' | 'withdrawn' | 'replaced';

/** The part of a promise that one invoice has. */
export interface PartOfPromise {
  readonly invoiceId: string;
  readonly amountCents: number;
  readonly state: PartState;
  /** What was paid on the invoice since the promise was made, whatever it was meant for. */
  readonly paidCents: number;
}

/**
 * Whether a promise over several invoices is kept: all that was promised is in, less what the creditor lets pass.
 *
 * The debtor promised a sum; on which of its invoices the money was booked is our doing. So what is too much on one
 * counts for another. Parts that were taken back are no part of what is asked.
 */
export function isWhollyKept(parts: readonly PartOfPromise[], toleranceCents: number): boolean {
  const meant = parts.filter(({ state }) => state !== 'withdrawn' && state !== 'replaced');
  const promised = sum(meant.map((part) => part.amountCents));
  return meant.length > 0 && sum(meant.map((part) => part.paidCents)) >= promised - toleranceCents;
}

function sum(cents: readonly number[]): number {
  return cents.reduce((total, one) => total + one, 0);
}
