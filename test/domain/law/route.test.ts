import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merchantsByForm, proposeRoute, routes } from '../../../domain/law/route.ts';
import type { Route, RouteCase, RouteReason } from '../../../domain/law/route.ts';
import { shippedLaw } from '../../../domain/law/shipped-law.ts';

const usual: RouteCase = {
  on: '2026-11-22',
  principalCents: 400_000,
  interestCents: 8_000,
  debtor: 'company',
  claim: 'contract',
  contested: false,
  merchants: 'suggested',
  border: 'none',
  insolvent: false,
  limitedOn: '2031-01-01',
  insured: false,
  factored: false,
  firmMandated: true,
  merchantProcedure: false,
  wished: null,
};

function proposal(given: Partial<RouteCase>) {
  return proposeRoute(shippedLaw, { ...usual, ...given });
}

function proposed(given: Partial<RouteCase>): readonly [Route, readonly RouteReason[]] {
  const { route, reasons } = proposal(given).proposed;
  return [route, reasons];
}

function whyNot(given: Partial<RouteCase>, route: Route): readonly RouteReason[] | undefined {
  return proposal(given).closed.find((closed) => closed.route === route)?.reasons;
}

describe('a route', () => {
  it('is the small-claims procedure up to 5,000 € with interest, and an order to pay above', () => {
    expect(proposed({})).toEqual([
      'small_claims',
      ['within_small_claims_limit', 'merchants_suggested_by_form'],
    ]);
    expect(proposed({ principalCents: 600_000 })[0]).toBe('order_to_pay');
    expect(proposed({ principalCents: 492_000 })[0]).toBe('small_claims');
    expect(proposed({ principalCents: 492_001 })).toEqual([
      'order_to_pay',
      ['contract_debt', 'not_contested', 'above_small_claims_limit'],
    ]);
  });

  it('between merchants is never the small-claims procedure, and theirs only behind its flag', () => {
    expect(proposed({ merchants: 'yes' })[0]).toBe('order_to_pay');
    expect(whyNot({ merchants: 'yes' }, 'small_claims')).toEqual(['kept_for_merchant_procedure']);
    expect(whyNot({ merchants: 'yes' }, 'merchant_procedure')).toEqual(['behind_flag']);
    expect(proposed({ merchants: 'yes', merchantProcedure: true, principalCents: 9_000_000 })[0]).toBe(
      'merchant_procedure',
    );
    expect(whyNot({ merchantProcedure: true }, 'merchant_procedure')).toEqual(['merchants_not_asked']);
  });

  it('of a public body is the prefect’s order, never a court of companies', () => {
    const { proposed: first, others } = proposal({ debtor: 'public', wished: 'order_to_pay' });

    expect([first, ...others].map(({ route }) => route)).toEqual([
      'public_payment_order',
      'public_interim_payment',
    ]);
    expect(proposed({ debtor: 'public', contested: true })).toEqual([
      'legal_advice',
      ['public_debtor', 'contested'],
    ]);
  });

  it('of what is contested is a summons, with a lawyer above 10,000 €', () => {
    expect(proposed({ contested: true })).toEqual(['summons', ['contested']]);
    expect(proposed({ contested: true, principalCents: 1_000_000 })).toEqual([
      'summons',
      ['contested', 'lawyer_needed'],
    ]);
  });

  it('is the insurer’s while nothing is contested, and the firm’s where the creditor wishes it', () => {
    expect(proposed({ insured: true })[0]).toBe('insurer');
    expect(whyNot({ insured: true, contested: true }, 'insurer')).toEqual(['contested']);
    expect(proposed({ wished: 'collection_firm' })).toEqual([
      'collection_firm',
      ['firm_mandated', 'not_contested', 'wished'],
    ]);
    expect(proposed({ wished: 'collection_firm', firmMandated: false })[0]).toBe('small_claims');
  });

  it('abroad is a European one, and beyond the Union somebody who knows', () => {
    expect(proposed({ border: 'eu' })[0]).toBe('european_order');
    expect(proposed({ border: 'eu', contested: true })[0]).toBe('european_small_claims');
    expect(proposed({ border: 'outside', firmMandated: false })).toEqual([
      'legal_advice',
      ['outside_european_union'],
    ]);
  });

  it.each([
    [{ factored: true }, 'factor', 'assigned_to_factor'],
    [{ insolvent: true }, 'declaration', 'insolvency_opened'],
    [{ limitedOn: '2026-11-21' }, 'legal_advice', 'limitation_passed'],
    [{ debtor: 'internal' }, 'legal_advice', 'own_group'],
  ] as const)('is closed but for one when %o', (given, route, reason) => {
    const { proposed: only, others } = proposal({ ...given, wished: 'summons' });

    expect([only.route, only.reasons, others]).toEqual([route, [reason], []]);
  });

  it('needs the creditor’s word wherever a court acts', () => {
    const asked = (route: Route): boolean | undefined => {
      const { proposed: first, others, closed } = proposal({});
      return [first, ...others, ...closed].find((answer) => answer.route === route)?.needsConsent;
    };

    expect(routes.filter((route) => !asked(route))).toEqual([
      'factor',
      'declaration',
      'legal_advice',
      'insurer',
      'collection_firm',
    ]);
  });

  it('is always proposed with a reason, each other one is open or closed with its own, and none comes twice', () => {
    const someCase = fc.record({
      principalCents: fc.integer({ min: 1, max: 2_000_000 }),
      interestCents: fc.integer({ min: 0, max: 100_000 }),
      debtor: fc.constantFrom('company', 'public', 'consumer', 'internal'),
      claim: fc.constantFrom('contract', 'statute', 'other'),
      contested: fc.boolean(),
      merchants: fc.constantFrom('yes', 'no', 'suggested', 'unknown'),
      border: fc.constantFrom('none', 'eu', 'outside'),
      insolvent: fc.boolean(),
      limitedOn: fc.constantFrom('2026-11-21', '2026-11-22', '2031-01-01'),
      insured: fc.boolean(),
      factored: fc.boolean(),
      firmMandated: fc.boolean(),
      merchantProcedure: fc.boolean(),
      wished: fc.option(fc.constantFrom(...routes)),
    } as const);
    fc.assert(
      fc.property(someCase, (given) => {
        const { proposed: first, others, closed } = proposal(given);
        const all = [first, ...others, ...closed];

        expect(all.map(({ route }) => route).sort()).toEqual([...routes].sort());
        for (const { reasons } of all) expect(reasons.length).toBeGreaterThan(0);
        if (given.debtor === 'public')
          for (const { route } of [first, ...others])
            expect(['small_claims', 'order_to_pay', 'merchant_procedure', 'summons']).not.toContain(route);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a legal form', () => {
  it('only suggests that both are merchants', () => {
    expect(merchantsByForm('SAS', 'S.A.R.L.')).toBe('suggested');
    expect(merchantsByForm('SAS', 'EI')).toBe('unknown');
    expect(merchantsByForm(null, 'SAS')).toBe('unknown');
  });
});
