/**
 * Whether what is left of a debt is too little to chase.
 *
 * A creditor says from which amount a remainder is worth a letter. Only what is left over after something was paid or
 * credited can be one: an invoice of five euros of which nothing came is a debt like any other.
 */
export function isSmallDifference(
  amountCents: number,
  balanceCents: number,
  thresholdCents: number,
): boolean {
  return balanceCents > 0 && balanceCents < thresholdCents && balanceCents < amountCents;
}
