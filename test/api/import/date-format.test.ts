import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DateEvidence, readDate } from '../../../api/import/date-format.ts';
import { aDay, read } from './reading.ts';

const days = fc
  .integer({ min: Date.UTC(1990, 0, 1) / 86_400_000, max: Date.UTC(2079, 11, 31) / 86_400_000 })
  .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));

function written(date: string, order: 'dmy' | 'mdy', mark = '/'): string {
  const [year, month, day] = date.split('-');
  return (order === 'dmy' ? [day, month, year] : [month, day, year]).join(mark);
}

describe('a date', () => {
  it.each([
    ['31/12/2026', 'dmy', '2026-12-31'],
    ['12/31/2026', 'mdy', '2026-12-31'],
    ['1/2/2026', 'dmy', '2026-02-01'],
    ['1/2/2026', 'mdy', '2026-01-02'],
    ['31.12.26', 'dmy', '2026-12-31'],
    ['31-12-1999', 'dmy', '1999-12-31'],
    ['31-12-99', 'dmy', '1999-12-31'],
    ['2026-12-31', 'mdy', '2026-12-31'],
    ['2026/12/31', 'dmy', '2026-12-31'],
    ['20261231', 'dmy', '2026-12-31'],
    ['2026-12-31T00:00:00Z', 'dmy', '2026-12-31'],
    ['31/12/2026 14:35', 'dmy', '2026-12-31'],
    ['2026-12-31 00:00:00.000', 'dmy', '2026-12-31'],
    ['31 déc. 2026', 'mdy', '2026-12-31'],
    ['1er janvier 2026', 'dmy', '2026-01-01'],
    ['31-Dec-26', 'mdy', '2026-12-31'],
    ['December 31, 2026', 'dmy', '2026-12-31'],
    ['29/02/2028', 'dmy', '2028-02-29'],
  ] as const)('%s is read (%s)', (value, order, date) => {
    expect(readDate(value, order)).toEqual({ kind: 'date', date });
  });

  it.each([
    '29/02/2026',
    '31/04/2026',
    '00/12/2026',
    '31/12/0226',
    '31/12/2126',
    '45658',
    '31/12',
    'demain',
    '31/12-2026',
    '2026-12-30T23:00:00Z',
    '2026-13-01',
    '1/2/3/2026',
    '',
  ])('"%s" is no date', (value) => {
    expect(readDate(value, 'dmy').kind).toBe('no-date');
  });

  it('reads back from any way of writing it', () => {
    fc.assert(
      fc.property(
        days,
        fc.constantFrom('dmy', 'mdy'),
        fc.constantFrom('/', '-', '.'),
        (date, order, mark) => {
          expect(readDate(written(date, order, mark), order)).toEqual({ kind: 'date', date });
        },
      ),
    );
  });
});

describe('a column of dates', () => {
  const verdict = (values: readonly string[]) => {
    const evidence = new DateEvidence();
    values.forEach((value) => evidence.add(value));
    return evidence.verdict();
  };

  it('is never ambiguous with one day above 12, and is then read as it was written', () => {
    fc.assert(
      fc.property(
        fc.array(days, { maxLength: 20 }),
        days,
        fc.constantFrom('dmy', 'mdy'),
        (others, one, order) => {
          fc.pre(Number(one.slice(8)) > 12);
          expect(verdict([...others, one].map((date) => written(date, order)))).toMatchObject({
            kind: 'decided',
            way: order,
          });
        },
      ),
    );
  });

  it('is never decided when each of its days could be a month', () => {
    const small = days.filter((date) => Number(date.slice(8)) <= 12 && date.slice(8) !== date.slice(5, 7));
    fc.assert(
      fc.property(
        fc.array(small, { minLength: 1, maxLength: 30 }),
        fc.constantFrom('dmy', 'mdy'),
        (dates, order) => {
          expect(verdict(dates.map((date) => written(date, order))).kind).toBe('ambiguous');
        },
      ),
    );
  });

  it('needs no decision when no value reads differently', () => {
    expect(verdict(['05/05/2026', '2026-01-02', '3 mars 2026']).kind).toBe('indifferent');
  });

  it('follows its large majority and leaves a mistake to its row', () => {
    const many = Array.from({ length: 40 }, () => '31/12/2026');

    expect(verdict([...many, '12/31/2026'])).toMatchObject({ kind: 'decided', way: 'dmy' });
    expect(verdict(['31/12/2026', '12/31/2026']).kind).toBe('contradictory');
  });
});

describe('a file with ambiguous dates', () => {
  const text = (issue: string) =>
    `Numéro;Date facture;Échéance;Montant;Client\n1;${issue};03/04/2026;10,50;Dupont`;

  it('asks, with examples, and gives no row before the answer', async () => {
    const { reading, rows } = await read(text('2026-01-01'));

    expect(rows).toEqual([]);
    expect(reading.questions).toEqual([
      {
        code: 'date-order',
        column: 'Échéance',
        field: 'dueDate',
        question: 'Does the day or the month come first in "Échéance"?',
        choices: [
          { answer: 'dmy', meaning: 'day first (DD/MM): 03/04/2026 is 3 April' },
          { answer: 'mdy', meaning: 'month first (MM/DD): 03/04/2026 is 4 March' },
        ],
        examples: ['03/04/2026'],
        howToAnswer: 'Answer { "dateFormat": { "dueDate": "dmy" } } or "mdy".',
      },
    ]);
  });

  it('is read as answered', async () => {
    const { rows } = await read(text('2026-01-01'), { dateFormat: { dueDate: 'mdy' } });

    expect(rows[0]!.row.dueDate).toBe('2026-03-04');
  });

  // The day of a payment is written by another program than the day of the invoice.
  it('is asked about whatever the other columns of dates say', async () => {
    const { reading } = await read(text('15/02/2026'));

    expect(reading.questions).toMatchObject([{ code: 'date-order', field: 'dueDate' }]);
    expect(reading.dates[1]).toMatchObject({ field: 'dueDate', format: 'unknown', decidedBy: 'nothing' });
  });

  it('throws when its rows are asked for all the same', async () => {
    const { readInvoiceFile } = await import('../../../api/import/read-invoice-file.ts');
    const file = await readInvoiceFile(Buffer.from(text('2026-01-01')), {}, aDay);

    const rows = file.rows()[Symbol.asyncIterator]();

    await expect(rows.next()).rejects.toMatchObject({ code: 'questions-open' });
  });
});
