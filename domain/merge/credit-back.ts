/** What came of one source (a payment, a credit note, or what accessories took) and what of it stands on the account now. */
export interface CreditCame {
  /** Negative as a credit, positive as what was taken of it. */
  readonly cents: number;
  /** The same source on the account of the one who stays, today; zero when it was spent. */
  readonly leftCents: number;
}

/**
 * What of an account goes back when a merge is taken back, source by source, with the sign that it came with.
 *
 * Never more than came, than is left of the source, or than the account holds: what has settled an invoice since then stays
 * where it settled, for a payment is not taken off an invoice by a slip of the pen. Neither account ever owes anything
 * afterwards. `creditCents` is what stands to the credit of the one who stays, at least nothing.
 */
export function creditGoingBack(came: readonly CreditCame[], creditCents: number): readonly number[] {
  const bounded = came.map(({ cents, leftCents }) =>
    cents < 0 ? -Math.min(-cents, Math.max(0, -leftCents)) : Math.min(cents, Math.max(0, leftCents)),
  );
  const takenCents = bounded.reduce((sum, cents) => sum + Math.max(0, cents), 0);
  let givenCents = Math.min(
    bounded.reduce((sum, cents) => sum + Math.max(0, -cents), 0),
    Math.max(0, creditCents) + takenCents,
  );
  let ownedCents = Math.min(takenCents, givenCents);
  return bounded.map((cents) => {
    if (cents > 0) {
      const part = Math.min(cents, ownedCents);
      ownedCents -= part;
      return part;
    }
    const part = Math.min(-cents, givenCents);
    givenCents -= part;
    return part === 0 ? 0 : -part;
  });
}
