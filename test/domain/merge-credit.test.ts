import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditGoingBack } from '../../domain/merge/credit-back.ts';

/** What came of each source, with its sign, and which part of it was spent or taken since, in percent. */
const account = fc.array(
  fc.record({
    cents: fc.oneof(fc.integer({ min: -50_000, max: -1 }), fc.integer({ min: 1, max: 20_000 })),
    left: fc.integer({ min: 0, max: 100 }),
  }),
  { minLength: 1, maxLength: 8 },
);

describe('the credit that goes back with a merge', () => {
  it('leaves neither account owing, and is never more than came or than is left of it', () => {
    fc.assert(
      fc.property(account, fc.integer({ min: 0, max: 40_000 }), (sources, others) => {
        const came = sources.map(({ cents, left }) => ({
          cents,
          leftCents: Math.trunc((cents * left) / 100),
        }));
        // What the account holds by its entries: what is left of what came, and what others have put there.
        const creditCents = Math.max(0, others - came.reduce((sum, { leftCents }) => sum + leftCents, 0));

        const back = creditGoingBack(came, creditCents);

        const sum = back.reduce((total, cents) => total + cents, 0);
        expect(sum).toBeLessThanOrEqual(0);
        expect(-sum).toBeLessThanOrEqual(creditCents);
        for (const [index, { cents, leftCents }] of came.entries()) {
          const part = back[index] ?? 0;
          expect(Math.abs(part)).toBeLessThanOrEqual(Math.min(Math.abs(cents), Math.abs(leftCents)));
          expect(part === 0 || Math.sign(part) === Math.sign(cents)).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('is all of it when nothing was touched', () => {
    const came = [
      { cents: -10_000, leftCents: -10_000 },
      { cents: 4_000, leftCents: 4_000 },
    ];

    expect(creditGoingBack(came, 6_000)).toEqual([-10_000, 4_000]);
  });
});
