import { describe, expect, it } from 'vitest';
import { answersTyped } from '../../../api/command-line/answers-typed.ts';
import { centsTyped, dayTyped } from '../../../api/command-line/typed.ts';

describe('an amount that is typed', () => {
  it.each([
    ['1234', 123_400],
    ['1234,5', 123_450],
    ['1234,56', 123_456],
    ['1 234,56', 123_456],
    ['1,234.56', 123_456],
    ['1.234,56', 123_456],
    ['1,234,567', 123_456_700],
    ['0.01', 1],
  ])('as %s is %i cents', (typed, cents) => {
    expect(centsTyped(typed)).toBe(cents);
  });

  it.each(['1,234', '12.340', 'abc', '-5', '0', '1.2.3', '', '1,234567'])(
    'as "%s" is asked again',
    (typed) => {
      expect(() => centsTyped(typed)).toThrow();
    },
  );
});

describe('a day that is typed', () => {
  it.each([
    ['2026-11-30', '2026-11-30'],
    ['30/11/2026', '2026-11-30'],
    ['1.2.2026', '2026-02-01'],
  ])('as %s is %s', (typed, day) => {
    expect(dayTyped(typed)).toBe(day);
  });

  it.each(['2026-02-30', '30/02/2026', '11/30/2026', 'tomorrow'])('as "%s" is asked again', (typed) => {
    expect(() => dayTyped(typed)).toThrow(/2026-11-30/);
  });
});

describe('answers about a file', () => {
  it('go where each belongs by what they say', () => {
    expect(
      answersTyped([
        'dueDate=dmy',
        'amount=decimal-comma',
        'separator=tab',
        'encoding=cp850',
        'number=Invoice no',
        'term=none',
        'debtorName=3',
        'paid=yes-no',
        'outstanding=amounts',
        'paymentMethod.P 30=direct_debit',
        'paymentMethod.*=other',
      ]),
    ).toEqual({
      dateFormat: { dueDate: 'dmy' },
      numberFormat: { amount: 'decimal-comma' },
      separator: '\t',
      encoding: 'cp850',
      columns: { number: 'Invoice no', term: null, debtorName: 3 },
      meaning: { paid: 'yes-no', outstanding: 'amounts' },
      paymentMethod: { 'P 30': 'direct_debit', '*': 'other' },
    });
  });
});
