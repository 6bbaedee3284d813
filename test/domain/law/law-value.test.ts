import { describe, expect, it } from 'vitest';
import { lawCodes } from '../../../domain/law/law-code.ts';
import { lawOn, MissingLawValue, problemOf } from '../../../domain/law/law-value.ts';
import type { LawValue } from '../../../domain/law/law-value.ts';
import { penaltyRate } from '../../../domain/law/penalty-rate.ts';
import { regimeOf } from '../../../domain/law/regime.ts';
import { firstDayOf, lastDayOf } from '../../../domain/law/semester.ts';
import { lawWith, shippedLaw } from '../../../domain/law/shipped-law.ts';
import { hundredthsOf, publishedRates } from './published-rates.ts';

const added: LawValue = {
  code: 'ecb_refinancing_rate',
  from: '2027-01-01',
  to: '2027-06-30',
  value: 265,
  source: 'ECB, main refinancing operations',
  sourced: true,
  lawyerValidated: false,
};

describe('the values of the law', () => {
  it.each(publishedRates)('are those that are published for $semester', (published) => {
    const { semester, ecb, business, publicBuyer, legal, floor, individual } = published;
    for (const day of [firstDayOf(semester), lastDayOf(semester)]) {
      const terms = { contractHundredths: null, creditorIsIndividual: false };
      const professional = penaltyRate(shippedLaw, { ...terms, regime: 'business' }, day, day);

      expect(lawOn(shippedLaw, 'ecb_refinancing_rate', day).value).toBe(hundredthsOf(ecb));
      expect(lawOn(shippedLaw, 'legal_rate_business', day).value).toBe(hundredthsOf(legal));
      expect(lawOn(shippedLaw, 'legal_rate_individual', day).value).toBe(hundredthsOf(individual));
      expect(professional.hundredths).toBe(hundredthsOf(business));
      expect(professional.floorHundredths).toBe(hundredthsOf(floor));
      expect(penaltyRate(shippedLaw, { ...terms, regime: 'public' }, day, day).hundredths).toBe(
        hundredthsOf(publicBuyer),
      );
    }
  });

  it('are all complete, and there is one for each code', () => {
    expect(shippedLaw.map(problemOf).filter((problem) => problem !== null)).toEqual([]);
    expect(new Set(shippedLaw.map(({ code }) => code))).toEqual(new Set(Object.keys(lawCodes)));
  });

  it('know nothing before the first semester and after the last', () => {
    for (const day of ['2018-12-31', '2027-01-01'])
      expect(() => lawOn(shippedLaw, 'ecb_refinancing_rate', day)).toThrow(MissingLawValue);
    expect(() => lawOn(shippedLaw, 'legal_rate_business', '2027-01-01')).toThrow(
      'The legal interest rate of creditors acting for their business of 2027-H1 is not known: ' +
        'an administrator adds it to the values of the law, with its source.',
    );
  });

  it('are extended by rows, of which the one added later counts', () => {
    const law = lawWith([
      added,
      { ...added, value: 290 },
      { ...added, code: 'lump_sum', to: null, value: 5_000 },
    ]);

    expect(lawOn(law, 'ecb_refinancing_rate', '2027-03-01').value).toBe(290);
    expect([lawOn(law, 'lump_sum', '2026-12-31').value, lawOn(law, 'lump_sum', '2027-01-01').value]).toEqual([
      4_000, 5_000,
    ]);
    expect(() => lawOn(law, 'ecb_refinancing_rate', '2027-07-01')).toThrow(/2027-H2/);
  });

  it.each([
    [{ to: null }, 'to'],
    [{ to: '2027-12-31' }, 'to'],
    [{ from: '2027-01-02' }, 'from'],
    [{ from: '2027-13-01' }, 'from'],
    [{ to: '2026-12-31' }, 'to'],
    [{ value: 2.65 }, 'value'],
    [{ value: -1 }, 'value'],
    [{ value: 26_500 }, 'value'],
    [{ source: ' ' }, 'source'],
  ] satisfies readonly (readonly [Partial<LawValue>, keyof LawValue])[])(
    'are not extended by a row with %o',
    (wrong, field) => {
      expect(problemOf(added)).toBeNull();
      expect(problemOf({ ...added, ...wrong })?.field).toBe(field);
    },
  );
});

describe('the rules of late payment', () => {
  it.each([
    ['FR', 'company', 'FR', 'business'],
    ['FR', 'company', 'DE', 'business'],
    ['FR', 'public', 'FR', 'public'],
    ['FR', 'public', 'BE', 'eu'],
    ['FR', 'public', 'US', 'none'],
    ['FR', 'consumer', 'FR', 'consumer'],
    ['BE', 'company', 'FR', 'eu'],
    ['BE', 'consumer', 'FR', 'none'],
    ['US', 'company', 'FR', 'none'],
    ['FR', 'internal', 'FR', 'none'],
  ] as const)('of a creditor in %s towards a %s in %s are "%s"', (creditor, kind, country, regime) => {
    expect(regimeOf(creditor, { kind, country })).toBe(regime);
  });
});
