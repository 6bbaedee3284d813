import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readInvoiceFile } from '../../../api/import/read-invoice-file.ts';
import { UnreadableFile } from '../../../api/import/unreadable-file.ts';
import { aDay, fileOf, goodRow, read } from './reading.ts';

const rowNamed = (number: string) => `${number};31/12/2026;12,50;Dupont`;
const numbersOf = (file: Awaited<ReturnType<typeof read>>) => file.rows.map(({ row }) => row.number);

describe('a file that is no CSV of invoices', () => {
  it.each([
    ['file-empty', ''],
    ['file-empty', '\n\r\n  \n'],
    ['file-has-no-rows', fileOf([])],
    ['file-has-no-rows', fileOf(['', ';;;', ''])],
    ['file-is-spreadsheet', Buffer.from('PK\u0003\u0004....[Content_Types].xml')],
    ['file-is-archive', Buffer.from('PK\u0003\u0004....invoices.csv')],
    ['file-is-spreadsheet', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1])],
    ['file-is-pdf', '%PDF-1.7\n1 0 obj'],
    ['file-is-archive', gzipSync(fileOf([goodRow]))],
    ['file-is-binary', Buffer.from(fileOf([goodRow]), 'utf16le')],
    ['file-is-binary', Buffer.alloc(100)],
    ['separator-unknown', 'Bonjour\nMerci de payer\n'],
    ['columns-missing', 'a;b;c\n1;2;3'],
    ['columns-too-many', fileOf([goodRow], ';x'.repeat(197))],
  ])('is refused: %s', async (code, content) => {
    const refusal = await read(content).catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(UnreadableFile);
    expect((refusal as UnreadableFile).code).toBe(code);
    expect((refusal as UnreadableFile).remedy).not.toBe('');
  });

  it('is still one with 200 columns', async () => {
    const { rows } = await read(fileOf([`${goodRow}${';'.repeat(196)}`], ';x'.repeat(196)));

    expect(rows).toHaveLength(1);
  });
});

describe('a quote that is never closed', () => {
  it('costs its own line, which is named, and no other', async () => {
    const file = await read(
      fileOf([rowNamed('1'), '2;31/12/2026;12,50;"Dupont', rowNamed('3'), rowNamed('4')]),
    );

    expect(numbersOf(file)).toEqual(['1', '3', '4']);
    expect(file.rejected.map(({ line, rejected }) => [line, rejected[0]!.code])).toEqual([
      [3, 'quote-not-closed'],
    ]);
    expect(file.rejected[0]!.rejected[0]!.problem).toContain('line 3');
  });

  it('costs no other line when quotes follow, even across quoted line ends', async () => {
    const quoted = (number: string) => `"${number}";"31/12/2026";"12,50";"Dupont ""et""\nfils"`;
    const file = await read(fileOf([quoted('1'), '2;31/12/2026;12,50;"Dupont', quoted('3'), quoted('4')]));

    expect(numbersOf(file)).toEqual(['1', '3', '4']);
    expect(file.rejected.map(({ line }) => line)).toEqual([4]);
    expect(file.rows.map(({ line }) => line)).toEqual([2, 5, 7]);
  });

  it('costs no other line of a long file', async () => {
    const many = Array.from({ length: 3000 }, (_, at) => rowNamed(`n${at}`));
    const file = await read(fileOf(['0;31/12/2026;12,50;"Dupont', ...many]));

    expect(file.rows).toHaveLength(3000);
    expect(file.rejected).toHaveLength(1);
  });

  it('is told apart from a quote in the middle of a name', async () => {
    const file = await read(
      fileOf(['1;31/12/2026;12,50;Ets "Dupont" SA', '2;31/12/2026;12,50;"Ets" Dupont', rowNamed('3')]),
    );

    expect(file.rows[0]!.row.debtor.name).toBe('Ets "Dupont" SA');
    expect(numbersOf(file)).toEqual(['1', '3']);
    expect(file.rejected[0]!.rejected).toMatchObject([{ line: 3, code: 'quote-misplaced' }]);
  });

  it('on every line is read in good time', async () => {
    const rows = Array.from(
      { length: 20_000 },
      (_, at) => `${at};31/12/2026;12,50;"Dupont ${'x'.repeat(200)}`,
    );
    const file = await read(fileOf(rows));

    expect(file.rejected).toHaveLength(20_000);
  });
});

describe('bytes that do not belong', () => {
  it('spoil the rows they are in, and leave the accents of the others', async () => {
    const good = Array.from({ length: 20 }, (_, at) => `n${at};31/12/2026;12,50;Éclairage`).join('\n');
    const bytes = Buffer.concat([
      Buffer.from(`${fileOf([])}\n1;31/12/2026;12,50;Caf`),
      Buffer.of(0xe9),
      Buffer.from(`\n${good}`),
    ]);

    const { reading, rows, rejected } = await read(bytes);

    expect(reading.encoding.name).toBe('utf-8');
    expect(rejected.map(({ line, rejected: [first] }) => [line, first!.code])).toEqual([[2, 'damaged-text']]);
    expect(new Set(rows.map(({ row }) => row.debtor.name))).toEqual(new Set(['Éclairage']));
  });

  it('of old computers are asked about rather than misread', async () => {
    const text = fileOf(
      Array.from({ length: 5 }, (_, at) => `${at};31/12/2026;12,50;Société générale d’électricité à Évry`),
    );
    for (const encoding of ['macintosh', 'cp850']) {
      const writable = text.replaceAll('’', "'");
      const asked = await read(writable, { columns: { dueDate: 2, number: 1 } }, encoding);
      const answered = await read(writable, { encoding }, encoding);

      expect(asked.reading.questions.map(({ code }) => code)).toContain('encoding');
      expect(answered.rows[0]!.row.debtor.name).toBe("Société générale d'électricité à Évry");
    }
  });

  it('of a Polish file are asked about too', async () => {
    const { reading } = await read(
      fileOf(['1;31/12/2026;12,50;Spółka Żółta Gęś']),
      { columns: { number: 1, dueDate: 2 } },
      'windows-1250',
    );

    expect(reading.questions.map(({ code }) => code)).toContain('encoding');
  });
});

describe('whatever the rows hold', () => {
  it('each comes out once, in order, as an invoice or with a reason', async () => {
    const cell = fc.oneof(
      fc.constantFrom(
        '',
        '"',
        '""',
        '"a',
        'a"b',
        '"x;y"',
        '"x\ny"',
        '1',
        '31/12/2026',
        '12,50',
        '=1+1',
        '\u0000',
        ' ',
        '\t"',
        'é',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    const rows = fc.array(
      fc.array(cell, { minLength: 1, maxLength: 6 }).map((cells) => cells.join(';')),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom('\n', '\r\n', '\r'), async (hostile, end) => {
        const text = [fileOf([rowNamed('first')]), ...hostile]
          .join(end)
          .replaceAll('\n', end === '\r' ? '\r' : '\n');
        const file = await readInvoiceFile(Buffer.from(text), {}, aDay);
        expect(file.reading.questions).toEqual([]);
        let count = 0;
        let last = 0;
        for await (const outcome of file.rows()) {
          count++;
          expect(outcome.line).toBeGreaterThan(last);
          last = outcome.line;
          if ('rejected' in outcome) expect(outcome.rejected.length).toBeGreaterThan(0);
        }
        expect(count).toBe(file.reading.rows);
        expect(count).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  it('a good row survives any single bad line above it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 30 }).filter((line) => !/[\r\n]/.test(line)),
        async (bad) => {
          const file = await read(fileOf([rowNamed('before'), bad, rowNamed('after')]));
          expect(numbersOf(file)).toEqual(expect.arrayContaining(['before', 'after']));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('any bytes give a reading or a refusal, and no other error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, headed) => {
        const content = headed ? Buffer.concat([Buffer.from(`${fileOf([goodRow])}\n`), bytes]) : bytes;
        try {
          await read(content);
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableFile);
        }
      }),
      { numRuns: 500 },
    );
  });
});
