import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from '../../domain/allocation.ts';
import type { OpenItem } from '../../domain/allocation.ts';

function item(given: Partial<OpenItem> & { invoiceId: string }): OpenItem {
  return {
    number: `FA-2026-${given.invoiceId}`,
    currency: 'EUR',
    dueDate: '2026-03-01',
    balanceCents: 10_000,
    ...given,
  };
}

const older = item({ invoiceId: '001', dueDate: '2026-01-15', balanceCents: 8_000 });
const newer = item({ invoiceId: '002', dueDate: '2026-02-15', balanceCents: 5_000 });
const dollars = item({ invoiceId: '003', currency: 'USD', dueDate: '2025-12-01' });

describe('an amount', () => {
  it('settles what the payer asked for, whatever is older', () => {
    const { allocations, unallocatedCents, rule } = allocate(
      { currency: 'EUR', amountCents: 6_000, reference: 'FA-2026-001' },
      [older, newer],
      [{ invoiceId: '002', amountCents: 4_000 }],
    );

    expect(allocations).toEqual([{ invoiceId: '002', amountCents: 4_000 }]);
    expect([unallocatedCents, rule]).toEqual([2_000, 'wished']);
  });

  it('settles nothing for now when the payer asked for nothing', () => {
    expect(allocate({ currency: 'EUR', amountCents: 8_000, reference: null }, [older], [])).toEqual({
      allocations: [],
      unallocatedCents: 8_000,
      rule: 'wished',
    });
  });

  it.each(['FA-2026-002', 'VIR SEPA fa 2026 002 ACME', 'Paiement facture FA2026002'])(
    'settles the invoice that its reference names: %s',
    (reference) => {
      const answer = allocate({ currency: 'EUR', amountCents: 9_000, reference }, [older, newer]);

      expect(answer).toEqual({
        allocations: [{ invoiceId: '002', amountCents: 5_000 }],
        unallocatedCents: 4_000,
        rule: 'reference',
      });
    },
  );

  // A customer who pays the first invoice again does not mean the second, even when both are of the same amount.
  it('settles nothing when its reference names an invoice that is settled already', () => {
    const paid = item({ invoiceId: '001', balanceCents: 0 });

    expect(
      allocate({ currency: 'EUR', amountCents: 5_000, reference: 'FA-2026-001' }, [paid, newer]),
    ).toEqual({ allocations: [], unallocatedCents: 5_000, rule: 'reference' });
    expect(
      allocate({ currency: 'EUR', amountCents: 9_000, reference: 'FA-2026-001 FA-2026-002' }, [paid, newer]),
    ).toMatchObject({ allocations: [{ invoiceId: '002', amountCents: 5_000 }], unallocatedCents: 4_000 });
  });

  it('settles nothing when its reference names an invoice in another currency', () => {
    expect(
      allocate({ currency: 'EUR', amountCents: 5_000, reference: 'FA-2026-003' }, [dollars, newer]),
    ).toMatchObject({ allocations: [], unallocatedCents: 5_000 });
  });

  it('takes the short number of an invoice for its name only when nothing else is written', () => {
    const short = item({ invoiceId: '009', number: '12', dueDate: '2026-06-01' });

    expect(
      allocate({ currency: 'EUR', amountCents: 100, reference: 'virement du 12 mars' }, [older, short])
        .allocations[0]?.invoiceId,
    ).toBe('001');
    expect(
      allocate({ currency: 'EUR', amountCents: 100, reference: '12' }, [older, short]).allocations[0]
        ?.invoiceId,
    ).toBe('009');
  });

  it('settles the invoice of exactly that amount before an older one', () => {
    expect(allocate({ currency: 'EUR', amountCents: 5_000, reference: null }, [older, newer])).toMatchObject({
      allocations: [{ invoiceId: '002', amountCents: 5_000 }],
      rule: 'exact_amount',
    });
  });

  it('settles the oldest due first when nothing else tells', () => {
    expect(allocate({ currency: 'EUR', amountCents: 9_000, reference: null }, [newer, older])).toEqual({
      allocations: [
        { invoiceId: '001', amountCents: 8_000 },
        { invoiceId: '002', amountCents: 1_000 },
      ],
      unallocatedCents: 0,
      rule: 'oldest_due',
    });
  });

  it('never settles a debt in another currency', () => {
    expect(
      allocate(
        { currency: 'EUR', amountCents: 9_000, reference: 'FA-2026-003' },
        [dollars],
        [{ invoiceId: '003', amountCents: 9_000 }],
      ).allocations,
    ).toEqual([]);
  });
});

const cents = fc.integer({ min: 1, max: 1_000_000 });
const debts = fc.uniqueArray(
  fc.record({
    invoiceId: fc.stringMatching(/^[0-9]{3}$/),
    number: fc.stringMatching(/^[A-C]{1,2}-?[0-9]{1,4}$/),
    currency: fc.constantFrom('EUR', 'USD'),
    dueDate: fc.constantFrom('2026-01-31', '2026-02-28', '2026-03-31'),
    balanceCents: fc.integer({ min: -500, max: 50_000 }),
  }),
  { selector: (debt) => debt.invoiceId, maxLength: 8 },
);
const wishes = fc.option(
  fc.array(fc.record({ invoiceId: fc.stringMatching(/^[0-9]{3}$/), amountCents: cents }), { maxLength: 6 }),
  { nil: undefined },
);

describe('whatever comes in', () => {
  it('is allocated or left over to the cent, above zero, within the balances and in one currency', () => {
    fc.assert(
      fc.property(
        cents,
        fc.option(fc.string()),
        debts,
        wishes,
        fc.boolean(),
        (amountCents, noise, open, wished, namesOne) => {
          const reference = namesOne && open[0] ? `${noise ?? ''} ${open[0].number}` : noise;
          const wish = wished?.map((one, index) => ({
            ...one,
            invoiceId: open[index]?.invoiceId ?? one.invoiceId,
          }));
          const { allocations, unallocatedCents } = allocate(
            { currency: 'EUR', amountCents, reference },
            open,
            wish,
          );

          expect(
            allocations.reduce((sum, allocation) => sum + allocation.amountCents, 0) + unallocatedCents,
          ).toBe(amountCents);
          expect(unallocatedCents).toBeGreaterThanOrEqual(0);
          expect(new Set(allocations.map(({ invoiceId }) => invoiceId)).size).toBe(allocations.length);
          for (const { invoiceId, amountCents: settled } of allocations) {
            const debt = open.find((candidate) => candidate.invoiceId === invoiceId)!;
            expect(debt.currency).toBe('EUR');
            expect(settled).toBeGreaterThan(0);
            expect(settled).toBeLessThanOrEqual(debt.balanceCents);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('leaves nothing over while something is owed and nobody said what is paid', () => {
    fc.assert(
      fc.property(cents, debts, (amountCents, open) => {
        const { allocations, unallocatedCents, rule } = allocate(
          { currency: 'EUR', amountCents, reference: null },
          open,
        );
        const owed = open
          .filter(({ currency, balanceCents }) => currency === 'EUR' && balanceCents > 0)
          .reduce((sum, { balanceCents }) => sum + balanceCents, 0);

        if (rule !== 'exact_amount') expect(unallocatedCents).toBe(Math.max(0, amountCents - owed));
        else expect(allocations).toHaveLength(1);
      }),
    );
  });
});
