import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  doubtfulEntry,
  impairmentEntry,
  lossEntries,
  lossEntry,
  usualAccounts,
  vatIn,
} from '../../../domain/law/accounting.ts';
import type { OpenAmount, ProposedEntry } from '../../../domain/law/accounting.ts';

/** 1,200.00 with 200.00 of VAT, of which half is paid. */
const half: OpenAmount = { openCents: 60_000, invoicedCents: 120_000, vatCents: 20_000 };

/** Account and cents: debits positive, credits negative. */
function posted(entry: ProposedEntry | null): readonly (readonly [string, number])[] | undefined {
  return entry?.lines.map(({ account, debitCents, creditCents }) => [account, debitCents - creditCents]);
}

describe('the proposed entries', () => {
  it('move a doubtful claim with its VAT from 411 to 416', () => {
    expect(posted(doubtfulEntry(half))).toEqual([
      ['416', 60_000],
      ['411', -60_000],
    ]);
  });

  it('impair what is open without VAT, by what is not impaired yet', () => {
    expect(posted(impairmentEntry(half, 5_000, 0))).toEqual([
      ['6817', 25_000],
      ['491', -25_000],
    ]);
    expect(posted(impairmentEntry(half, 10_000, 25_000))).toEqual([
      ['6817', 25_000],
      ['491', -25_000],
    ]);
    expect(posted(impairmentEntry(half, 2_000, 25_000))).toEqual([
      ['491', 15_000],
      ['7817', -15_000],
    ]);
    expect(impairmentEntry(half, 5_000, 25_000)).toBeNull();
  });

  it('of a lost claim give the VAT back, empty 416, and take back its impairment', () => {
    const entries = lossEntries(half, 'irrecoverable', { wasDoubtful: true, impairedCents: 25_000 });

    expect(entries.map(posted)).toEqual([
      [
        ['654', 50_000],
        ['44571', 10_000],
        ['416', -60_000],
      ],
      [
        ['491', 25_000],
        ['7817', -25_000],
      ],
    ]);
    expect(posted(lossEntry(half, 'liquidation_ordered', false))?.at(-1)).toEqual(['411', -60_000]);
  });

  it('are not made of a guess: none for a claim not lost yet, none without the VAT of the invoice', () => {
    const unknown = { ...half, vatCents: null };

    expect(lossEntry(half, 'not_yet', true)).toBeNull();
    expect(lossEntry(unknown, 'irrecoverable', true)).toBeNull();
    expect(impairmentEntry(unknown, 5_000, 0)).toBeNull();
  });

  it('stand in the accounts that the creditor has', () => {
    const accounts = { customers: '411000', doubtful: '416100' };

    expect(posted(doubtfulEntry(half, { ...usualAccounts, ...accounts }))).toEqual([
      ['416100', 60_000],
      ['411000', -60_000],
    ]);
  });

  it('always balance, and leave nothing of what was open', () => {
    const someAmount = fc
      .record({ invoicedCents: fc.integer({ min: 1, max: 999_999_999 }), open: fc.nat(100), vat: fc.nat(25) })
      .map(({ invoicedCents, open, vat }) => ({
        invoicedCents,
        openCents: Math.ceil((invoicedCents * open) / 100),
        vatCents: Math.floor((invoicedCents * vat) / 125),
      }));
    fc.assert(
      fc.property(someAmount, fc.nat(10_000), fc.nat(10_000_000), (amount, hundredths, impairedCents) => {
        const entries = [
          doubtfulEntry(amount),
          impairmentEntry(amount, hundredths, impairedCents),
          ...lossEntries(amount, 'irrecoverable', { wasDoubtful: true, impairedCents }),
        ].filter((entry) => entry !== null);

        for (const { lines } of entries) {
          expect(lines.reduce((sum, { debitCents, creditCents }) => sum + debitCents - creditCents, 0)).toBe(
            0,
          );
          for (const { debitCents, creditCents } of lines) {
            expect(Math.min(debitCents, creditCents)).toBe(0);
            expect(Math.max(debitCents, creditCents)).toBeGreaterThan(0);
          }
        }
        const on416 = entries.flatMap(({ lines }) => lines.filter(({ account }) => account === '416'));
        expect(on416.reduce((sum, { debitCents, creditCents }) => sum + debitCents - creditCents, 0)).toBe(0);
        expect(vatIn(amount)).toBeLessThanOrEqual(amount.openCents);
      }),
      { numRuns: 1_000 },
    );
  });
});
