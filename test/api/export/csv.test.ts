import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRow, csvStyle } from '../../../api/export/csv.ts';
import type { Cell } from '../../../api/export/csv.ts';
import { guarded, unguarded } from '../../../domain/formulas.ts';
import { RecordReader } from '../../../api/import/records.ts';
import { payloads } from './payloads.ts';

const styles = [csvStyle('fr'), csvStyle('en'), csvStyle('fr', 'comma'), csvStyle('en', 'semicolon')];

/** The cells as a reader of CSV that knows the separator sees them. */
function cellsIn(row: string, separator: string): string[] | undefined {
  return parse(row, { delimiter: separator })[0];
}

/** What a spreadsheet would run: after its own trimming, whichever quotes it forgives. */
function wouldRun(cell: string): boolean {
  return /^[\s\u200b\ufeff"]*[=+\-@＝＋－＠]/u.test(cell) || /^[\t\r\n]/.test(cell);
}

describe('a cell of text', () => {
  it.each(payloads)('is no formula, and what was meant can be read again: %j', (payload) => {
    for (const style of styles) {
      const row = csvRow(['before', payload, 'after'], style);

      const cells = cellsIn(row, style.separator);

      expect(cells).toEqual(['before', `'${payload}`, 'after']);
      expect(wouldRun(cells?.[1] ?? '')).toBe(false);
      expect(unguarded(cells?.[1] ?? '')).toBe(payload);
    }
  });

  it('stands behind its guard inside the quotes, not outside of them', () => {
    expect(csvRow(['=1+1'], csvStyle('fr'))).toBe(`"'=1+1"\r\n`);
  });

  it.each([
    'Dupont SARL',
    "'t Hooft BV",
    '12 rue des Forges',
    'A-1+2=3@x',
    '1=2',
    'compta@dupont.example',
    '',
    'Œuvre – suite',
  ])('that is no formula stays as it is: %j', (text) => {
    expect(guarded(text)).toBe(text);
    expect(unguarded(text)).toBe(text);
  });

  it('whatever it is, comes back as it was, and runs nowhere', () => {
    const nasty = fc.string({
      unit: fc.constantFrom(...Array.from('=+-@＝＋－＠\'" \t\r\n;,|aé1\u200b\ufeff−')),
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        fc.oneof(nasty, fc.string({ unit: 'grapheme' })),
        fc.constantFrom(...styles),
        (text, style) => {
          const [cell = ''] = cellsIn(csvRow([text, 'x'], style), style.separator) ?? [];
          expect(wouldRun(cell)).toBe(false);
          expect(unguarded(cell)).toBe(text);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  // Opened with the other separator, a part of a name would else be a cell of its own.
  it.each(['Dupont,=1+1', 'Durand;=1+1', 'Petit\t=1+1', 'Leroy|=1+1', 'Roux\n=1+1'])(
    'is quoted when any separator of any spreadsheet stands in it: %j',
    (text) => {
      for (const style of styles) expect(csvRow([text], style)).toBe(`"${text}"\r\n`);
    },
  );
});

describe('a cell of a number', () => {
  it.each<[Cell, string, string]>([
    [{ cents: -123456 }, '-1234,56', '-1234.56'],
    [{ cents: 123456 }, '1234,56', '1234.56'],
    [{ cents: -5 }, '-0,05', '-0.05'],
    [{ cents: 0 }, '0,00', '0.00'],
    [{ cents: 9_007_199_254_740_991 }, '90071992547409,91', '90071992547409.91'],
    [{ count: -12 }, '-12', '-12'],
    [{ day: '2026-12-31' }, '31/12/2026', '2026-12-31'],
    [{ day: null }, '', ''],
    [null, '', ''],
  ])('is one in the spreadsheet of the language: %j', (cell, french, english) => {
    expect(cellsIn(csvRow([cell, 'x'], csvStyle('fr')), ';')?.[0]).toBe(french);
    expect(cellsIn(csvRow([cell, 'x'], csvStyle('en')), ',')?.[0]).toBe(english);
  });

  it('is quoted when its decimal mark would separate it', () => {
    expect(csvRow([{ cents: -1050 }, 'x'], csvStyle('fr', 'comma'))).toBe('"-10,50",x\r\n');
  });
});

describe('our own reader', () => {
  it.each(payloads)('takes the guard off what our writer has guarded: %j', (payload) => {
    const row = csvRow(['F1', payload], csvStyle('fr')).replace(/\r\n$/, '');
    const reader = new RecordReader(';');
    const lines = row.split(/\r\n|\n|\r/).map((text, at) => ({ number: at + 1, text, tooLong: false }));

    const records = [...reader.push(lines), ...reader.end()];

    const [record] = records;
    const cell = record && 'cells' in record ? record.cells[1] : undefined;
    expect(records).toHaveLength(1);
    // Line ends of other systems are one line end to it, and what is blank around a cell is not read.
    expect(cell?.trim()).toBe(payload.replace(/\r\n|\r/g, '\n').trim());
  });

  it('leaves an apostrophe of a name where it is', () => {
    const [record] = new RecordReader(';').push([{ number: 1, text: `'t Hooft;l'Oréal`, tooLong: false }]);

    expect(record).toMatchObject({ cells: ["'t Hooft", "l'Oréal"] });
  });
});
