import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NumberEvidence, readAmount } from '../../../api/import/number-format.ts';
import { fileOf, read } from './reading.ts';

const comma = [
  '1 234,56',
  '1\u00a0234,56',
  '1\u202f234,56',
  '1.234,56',
  "1'234,56",
  '1234,56',
  '1 234,56 €',
  '€ 1.234,56',
  '1 234,56 EUR',
  '+1234,56',
  '1234,560',
];
const point = ['1,234.56', '1 234.56', '1234.56', "1'234.56", '€1,234.56', 'EUR 1,234.56', '1,234.560'];

describe('an amount', () => {
  it.each([
    ...comma.map((value) => [value, 'decimal-comma'] as const),
    ...point.map((value) => [value, 'decimal-point'] as const),
  ])('written %s (%s) is 123456 cents', (value, mark) => {
    expect(readAmount(value, mark)).toMatchObject({ kind: 'amount', cents: 123456 });
  });

  it.each([
    '(1 234,56)',
    '-1 234,56',
    '−1 234,56',
    '1 234,56-',
    '-1 234,56 €',
    '€-1.234,56',
    '(1 234,56 €)',
    '(€1 234,56)',
  ])('written %s is negative', (value) => {
    expect(readAmount(value, 'decimal-comma')).toMatchObject({ kind: 'amount', cents: -123456 });
  });

  it.each([
    ['12', 1200],
    ['12,5', 1250],
    [',50', 50],
    ['12,', 1200],
    ['0,00', 0],
    ['1.000.000', 100_000_000],
    ['0,29', 29],
    ['1,10', 110],
  ])('written %s is %i cents, with a decimal comma', (value, cents) => {
    expect(readAmount(value, 'decimal-comma')).toMatchObject({ kind: 'amount', cents });
  });

  it.each([
    '',
    '-',
    '12,345',
    '1.23',
    '12 34',
    '1 2345',
    '12,34,56',
    '1 234.567,89',
    '--12',
    '(12',
    '12)',
    '-(12)',
    '1E5',
    '1,23E+05',
    'douze',
    '12 pommes',
    'EUR 12 USD',
    '=1+1',
    '10000000000,01',
    '99999999999999',
    'NaN',
    'Infinity',
    '0x12',
    '１２',
  ])('"%s" is no amount, with a decimal comma', (value) => {
    expect(readAmount(value, 'decimal-comma').kind).toBe('no-amount');
  });

  it('reads back to the same cents from any way of writing it', () => {
    const cents = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });
    const group = fc.constantFrom('', ' ', '\u00a0', '\u202f', "'", 'other');
    const sign = fc.constantFrom('before', 'after', 'brackets');
    fc.assert(
      fc.property(
        cents,
        fc.constantFrom('decimal-comma', 'decimal-point'),
        group,
        sign,
        fc.constantFrom('', '€', 'EUR', 'CHF'),
        (amount, mark, groups, signs, unit) => {
          const decimal = mark === 'decimal-comma' ? ',' : '.';
          const between = groups === 'other' ? (decimal === ',' ? '.' : ',') : groups;
          const digits = String(Math.abs(amount)).padStart(3, '0');
          const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, between);
          const plain = `${whole}${decimal}${digits.slice(-2)}${unit && ` ${unit}`}`;
          const text =
            amount >= 0
              ? plain
              : signs === 'before'
                ? `-${plain}`
                : signs === 'after'
                  ? `${whole}${decimal}${digits.slice(-2)}-`
                  : `(${plain})`;
          expect(readAmount(text, mark)).toMatchObject({ kind: 'amount', cents: amount });
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('a column of amounts', () => {
  const verdict = (...values: string[]) => {
    const evidence = new NumberEvidence();
    values.forEach((value) => evidence.add(value));
    return evidence.verdict();
  };

  it.each(comma.filter((value) => value.includes(',')))('is decided by %s alone', (value) => {
    expect(verdict('1,234', '1.234', '12', value)).toMatchObject({ kind: 'decided', way: 'decimal-comma' });
  });

  it.each(point)('is decided by %s alone', (value) => {
    expect(verdict('1,234', '1.234', '12', value)).toMatchObject({ kind: 'decided', way: 'decimal-point' });
  });

  it('is ambiguous when all its values look like 1,234', () => {
    expect(verdict('1,234', '12', '567,890').kind).toBe('ambiguous');
    expect(verdict('1.234').kind).toBe('ambiguous');
  });

  it('needs no decision when no value has a mark', () => {
    expect(verdict('12', '1 234').kind).toBe('indifferent');
  });
});

describe('a file with ambiguous amounts', () => {
  const text = fileOf(['1;2026-12-31;1,234;Dupont']);

  it('asks for the decimal mark, and reads as answered', async () => {
    const asked = await read(text);
    const thousands = await read(text, { numberFormat: { amount: 'decimal-point' } });
    const decimals = await read(text, { numberFormat: { amount: 'decimal-comma' } });

    expect(asked.reading.questions).toMatchObject([
      { code: 'decimal-mark', field: 'amount', column: 'Montant TTC', examples: ['1,234'] },
    ]);
    expect(thousands.rows[0]!.row.amountCents).toBe(123400);
    expect(decimals.rejected[0]!.rejected[0]!.code).toBe('amount-invalid');
    expect(decimals.rejected[0]!.rejected[0]!.problem).toContain('more than two decimals');
  });
});
