import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { creditorReference, isCreditorReference } from '../../domain/payment-reference.ts';

const seed = fc.stringMatching(/^[A-Z0-9]{1,21}$/);

describe('a creditor reference', () => {
  it('has the check digits of the published example', () => {
    expect(creditorReference('539007547034')).toBe('RF18539007547034');
    expect(isCreditorReference('RF18 5390 0754 7034')).toBe(true);
  });

  it('is valid for every seed', () => {
    fc.assert(fc.property(seed, (text) => isCreditorReference(creditorReference(text))));
  });

  // What banks count on: one mistyped character is always found.
  it('is invalid as soon as one character is another', () => {
    fc.assert(
      fc.property(
        seed,
        fc.nat(),
        fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('')),
        (text, at, other) => {
          const reference = creditorReference(text);
          const index = 4 + (at % text.length);
          fc.pre(reference[index] !== other && /\d/.test(reference[index] ?? '') === /\d/.test(other));
          expect(isCreditorReference(reference.slice(0, index) + other + reference.slice(index + 1))).toBe(
            false,
          );
        },
      ),
    );
  });

  it('ignores the case and the separators of its seed', () => {
    expect(creditorReference('f2026-0117/a')).toBe(creditorReference('F20260117A'));
  });

  it.each(['', '---', 'é', 'A'.repeat(22)])('refuses the seed "%s"', (text) => {
    expect(() => creditorReference(text)).toThrow('1 to 21 letters or digits');
  });
});
