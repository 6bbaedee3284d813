import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../../api/import/lines.ts';
import { RecordReader } from '../../../api/import/records.ts';

function recordsOf(pieces: readonly string[], separator: ';' | ',' | '\t' = ';') {
  const splitter = new LineSplitter();
  const reader = new RecordReader(separator);
  const records = pieces.flatMap((piece) => reader.push(splitter.push(piece)));
  return [...records, ...reader.push(splitter.end()), ...reader.end()];
}

const cell = fc
  .string({ unit: fc.constantFrom('a', 'é', '"', ';', ',', '\t', '\n', ' ', '1'), maxLength: 6 })
  .map((text) => text.trim());

describe('the records of a file', () => {
  it('are the cells that were written, wherever the text is cut, with the line on which each starts', () => {
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        table,
        fc.constantFrom(';', ',', '\t'),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.integer({ min: 1, max: 9 }),
        (rows, separator, end, size) => {
          const text = rows
            .map((cells) => cells.map((value) => `"${value.replaceAll('"', '""')}"`).join(separator))
            .join(end);
          const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
          let line = 1;
          const expected = rows.map((cells) => {
            const start = line;
            line += 1 + cells.join('').split('\n').length - 1;
            return { line: start, cells };
          });
          expect(
            recordsOf(pieces, separator).map((record) => ({
              line: record.line,
              cells: 'cells' in record ? record.cells : record.broken,
            })),
          ).toEqual(expected);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('stay apart from a line too long for any invoice', () => {
    const records = recordsOf(['a;b\n', ...Array.from({ length: 30 }, () => 'x'.repeat(10_000)), '\nc;d']);

    expect(records.map((record) => ('cells' in record ? record.cells : record.broken.code))).toEqual([
      ['a', 'b'],
      'line-too-long',
      ['c', 'd'],
    ]);
    expect(records.map(({ line }) => line)).toEqual([1, 2, 3]);
  });

  it('do not wait for the end of the file when a quote was forgotten', () => {
    const splitter = new LineSplitter();
    const reader = new RecordReader(';');
    const rows = Array.from({ length: 2000 }, (_, at) => `${at};${'x'.repeat(50)}\n`).join('');

    const early = reader.push(splitter.push(`a;"b\n${rows}`));

    expect(early.length).toBeGreaterThan(1000);
    expect(early[0]).toMatchObject({ line: 1, broken: { code: 'quote-not-closed' } });
  });

  it('stay apart from a line too long that follows a forgotten quote', () => {
    const records = recordsOf(['a;"b\n', 'x'.repeat(200_000), '"\nc;d']);

    expect(records.map((record) => ('cells' in record ? record.cells : record.broken.code))).toEqual([
      'quote-not-closed',
      'line-too-long',
      ['c', 'd'],
    ]);
  });

  it('hold a text as long as a spreadsheet allows', () => {
    const text = `${'mot '.repeat(8000)}\nfin`;

    expect(recordsOf([`a;"${text}"\nb;c`])).toMatchObject([
      { cells: ['a', text] },
      { line: 3, cells: ['b', 'c'] },
    ]);
  });
});
