import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Movement } from '../../../domain/law/movement.ts';
import { penaltiesOf } from '../../../domain/law/penalties.ts';
import { shippedLaw } from '../../../domain/law/shipped-law.ts';
import { addDays } from '../../../domain/time.ts';
import { debt, paid } from './a-debt.ts';

const dueDate = '2024-10-15';
const until = '2026-09-30';
const amountCents = 500_000;
const goesToInterest = { settings: { paymentsGoTo: 'interest' } } as const;

const somePayments = fc
  .array(
    fc.record({ after: fc.integer({ min: -20, max: 600 }), cents: fc.integer({ min: 1, max: 200_000 }) }),
    { minLength: 1, maxLength: 6 },
  )
  .map((some) =>
    some
      .map(({ after, cents }) => ({ day: addDays(dueDate, after), cents }))
      .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
      .map(({ day, cents }, index) => paid(day, cents, `p${index}`)),
  );

/** The payment as the ledger has it once it is booked: with what it settled of interest in an entry of its own. */
function booked(payment: Movement, cents: number): readonly Movement[] {
  const { day, paymentId = null } = payment;
  return [
    { ...payment, isImputed: true },
    { kind: 'interest', day, cents, paymentId },
  ];
}

describe('what a payment settled of interest', () => {
  it('is the same whether payments are booked one after the other or all are worked out at once', () => {
    let imputed = 0;
    fc.assert(
      fc.property(somePayments, (payments) => {
        const atOnce = penaltiesOf(
          shippedLaw,
          debt(amountCents, dueDate, until, { ...goesToInterest, movements: payments }),
        );

        let movements: readonly Movement[] = [];
        for (const payment of payments) {
          const given = { ...goesToInterest, movements: [...movements, payment] };
          const { imputations } = penaltiesOf(shippedLaw, debt(amountCents, dueDate, payment.day, given));
          movements = [...movements, ...booked(payment, imputations.at(-1)?.interestCents ?? 0)];
        }
        const oneByOne = penaltiesOf(shippedLaw, debt(amountCents, dueDate, until, { movements }));

        expect(oneByOne.imputations).toEqual(atOnce.imputations);
        expect(oneByOne.lines).toEqual(atOnce.lines);
        expect(oneByOne.totalCents).toBe(atOnce.totalCents);
        imputed += atOnce.interestPaidCents > 0 ? 1 : 0;
      }),
      { numRuns: 500, seed: 20_261_123 },
    );
    expect(imputed).toBeGreaterThan(300);
  });

  const someChange = fc.record({
    regime: fc.constantFrom('business', 'public', 'eu', 'none'),
    contractHundredths: fc.option(fc.integer({ min: 0, max: 10_000 })),
    insolventOn: fc.constantFrom(null, '2025-03-01'),
    settings: fc.record({
      dayBase: fc.constantFrom('act_365', 'act_act'),
      creditNotes: fc.constantFrom('from_start', 'from_day'),
      paymentsGoTo: fc.constantFrom('principal', 'interest'),
    }),
  } as const);

  it('is a fact: under any other rate, setting or law what is left of the price is what the ledger says', () => {
    const someEntries = fc
      .tuple(
        somePayments,
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 6, maxLength: 6 }),
        fc.nat(5),
      )
      .map(([payments, parts, returned]) =>
        payments.flatMap((payment, index) => {
          const settled = booked(payment, Math.floor((-payment.cents * parts[index]!) / 100));
          if (index !== returned) return settled;
          const back = settled.map((one): Movement => {
            const kind = one.kind === 'payment' ? 'payment_return' : one.kind;
            return { ...one, kind, day: addDays(one.day, 10), cents: -one.cents };
          });
          return [...settled, ...back];
        }),
      );
    fc.assert(
      fc.property(someEntries, someChange, (movements, change) => {
        const ours = penaltiesOf(shippedLaw, debt(amountCents, dueDate, until, { ...change, movements }));

        const ledgerCents = movements.reduce((sum, { cents }) => sum + cents, amountCents);
        const interestCents = movements.reduce(
          (sum, { kind, cents }) => (kind === 'interest' ? sum + cents : sum),
          0,
        );
        expect(ours.principalCents).toBe(Math.max(0, ledgerCents));
        expect(ours.interestPaidCents).toBe(interestCents);
        expect(ours.interestDueCents).toBe(Math.max(0, ours.interestCents - interestCents));
      }),
      { numRuns: 1_000 },
    );
  });
});
