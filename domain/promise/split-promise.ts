import type { CivilDate } from '../time.ts';

/** An invoice that a promise may be about, with what is owed on it and not contested. */
export interface Promisable {
  readonly invoiceId: string;
  readonly dueDate: CivilDate;
  readonly freeCents: number;
}

export interface PromisedPart {
  readonly invoiceId: string;
  /** Integer cents, above zero. */
  readonly amountCents: number;
}

/**
 * Says how much of a promised sum is meant for each invoice: the oldest due first, each up to what may be asked of it.
 *
 * Without a sum it is all of each. What is more than all of them together stays with the last, so that the rule that
 * no more is promised than owed says so. An invoice for which nothing is left is no part of the promise.
 */
export function splitPromise(items: readonly Promisable[], amountCents?: number): readonly PromisedPart[] {
  const ordered = [...items].sort(oldestFirst);
  let left = amountCents ?? ordered.reduce((sum, item) => sum + item.freeCents, 0);
  const parts = ordered.map(({ invoiceId, freeCents }, place) => {
    const cents = place === ordered.length - 1 ? left : Math.min(left, freeCents);
    left -= cents;
    return { invoiceId, amountCents: cents };
  });
  return parts.filter((part) => part.amountCents > 0);
}

function oldestFirst(a: Promisable, b: Promisable): number {
  if (a.dueDate !== b.dueDate) return a.dueDate < b.dueDate ? -1 : 1;
  return a.invoiceId < b.invoiceId ? -1 : a.invoiceId > b.invoiceId ? 1 : 0;
}
