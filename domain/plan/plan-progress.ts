import type { Instalment } from './instalments.ts';

/** How far an instalment has come. */
export interface Progress extends Instalment {
  /** What it still amounts to, less what was credited. */
  readonly askedCents: number;
  readonly paidCents: number;
}

/**
 * Where the money of a plan stands: payments settle the instalments in their order, credits lower the last ones first.
 *
 * A credit note makes the debt smaller and not the next payment: so the dates that were agreed go on being kept.
 */
export function progressOf(
  instalments: readonly Instalment[],
  paidCents: number,
  creditedCents: number,
): readonly Progress[] {
  let credit = Math.max(0, creditedCents);
  const asked = [...instalments].reverse().map((one) => {
    const off = Math.min(credit, one.amountCents);
    credit -= off;
    return { ...one, askedCents: one.amountCents - off };
  });
  let money = Math.max(0, paidCents);
  return asked.reverse().map((one) => {
    const paid = Math.min(money, one.askedCents);
    money -= paid;
    return { ...one, paidCents: paid };
  });
}

export function missingOf({ askedCents, paidCents }: Progress): number {
  return askedCents - paidCents;
}
