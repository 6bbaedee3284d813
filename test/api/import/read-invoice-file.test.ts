import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../../api/import/byte-source.ts';
import { readInvoiceFile } from '../../../api/import/read-invoice-file.ts';
import { aDay, fileOf, goodRow, read } from './reading.ts';

const french = [
  'Émetteur;SIREN émetteur;Code client;Raison sociale;SIRET;TVA intracom;Type de client;Pays;Langue;Nom du contact;E-mail;Téléphone;Portable;Adresse;Code postal;Ville;N° de facture;Échéance n°;Date de facture;Date d’échéance;Montant TTC;Devise;Déjà réglé;N° de commande;Mode de règlement;Affacturage;Chargé de recouvrement;Commercial;Litige;Montant HT',
  'Lumen SAS;732 829 320;C0042;Éclairage Dupont;40483304800022;FR83404833048;Entreprise;France;Français;Zoé Œuvré;compta@dupont.fr;01 23 45 67 89;06 12 34 56 78;12 rue de l’Été;69001;Lyon;FA-2026-001;2;15/12/2026;31/12/2026;1 234,56 €;EUR;200,00;BC-77;LCR;non;Anne;Paul;non;1 028,80',
].join('\r\n');

describe('a file of invoices', () => {
  it('gives every field of a French export in Windows-1252', async () => {
    const { reading, rows, rejected } = await read(french, {}, 'windows-1252');

    expect(rejected).toEqual([]);
    expect(reading.encoding.name).toBe('windows-1252');
    expect(reading.ignored).toEqual([{ position: 30, header: 'Montant HT', filled: 1 }]);
    expect(rows[0]).toEqual({
      line: 2,
      remarks: [],
      row: {
        seller: { name: 'Lumen SAS', siren: '732829320' },
        debtor: {
          reference: 'C0042',
          name: 'Éclairage Dupont',
          siren: '404833048',
          vat: 'FR83404833048',
          kind: 'company',
          country: 'FR',
          language: 'fr',
        },
        contact: {
          name: 'Zoé Œuvré',
          email: 'compta@dupont.fr',
          phone: '01 23 45 67 89',
          mobile: '06 12 34 56 78',
          addressLines: ['12 rue de l’Été'],
          postcode: '69001',
          city: 'Lyon',
        },
        number: 'FA-2026-001',
        term: 2,
        issueDate: '2026-12-15',
        dueDate: '2026-12-31',
        amountCents: 123456,
        currency: 'EUR',
        paidCents: 20000,
        disputed: false,
        orderNumber: 'BC-77',
        paymentMethod: 'bill_of_exchange',
        factored: false,
        collector: 'Anne',
        salesOwner: 'Paul',
        flags: [],
      },
    });
  });

  it('gives the same rows whatever its encoding, separator and line ends', async () => {
    const expected = (await read(french)).rows;

    for (const encoding of ['utf8', 'windows-1252', 'iso-8859-15', 'utf-16le']) {
      for (const end of ['\r\n', '\n', '\r']) {
        for (const separator of [';', '\t'] as const) {
          const text = french.replaceAll('\r\n', end).replaceAll(';', separator);
          const bytes = encoding === 'utf-16le' ? `\ufeff${text}` : text;
          // The apostrophe ’ and œ do not exist in ISO-8859-15 as they do in Windows-1252.
          const writable = encoding === 'iso-8859-15' ? bytes.replaceAll('’', "'") : bytes;
          const { rows, rejected } = await read(`${writable}${end}`, {}, encoding);
          expect(rejected).toEqual([]);
          const same =
            encoding === 'iso-8859-15'
              ? (JSON.parse(JSON.stringify(expected).replaceAll('’', "'")) as typeof expected)
              : expected;
          expect(rows).toEqual(same);
        }
      }
    }
  });

  it('gives its rows in English, with commas, decimal points and American dates', async () => {
    const { reading, rows } = await read(
      'Invoice No,Customer Name,Invoice Date,Due Date,Amount,Currency,PO Number,Payment Method\n' +
        'A1,"Smith, Jones & Co",12/15/2026,12/31/2026,"1,234.56",USD,PO9,Direct Debit\n' +
        'A2,Acme,03/04/2026,04/03/2026,(12.00),USD,,\n',
    );

    expect(reading.separator.value).toBe(',');
    expect(
      rows.map(({ row }) => [
        row.debtor.name,
        row.issueDate,
        row.dueDate,
        row.amountCents,
        row.paymentMethod,
      ]),
    ).toEqual([['Smith, Jones & Co', '2026-12-15', '2026-12-31', 123456, 'direct_debit']]);
  });

  it('can be read again from the start, and knows its own hash', async () => {
    const bytes = Buffer.from(fileOf([goodRow]));
    const file = await readInvoiceFile(
      async function* () {
        for (const byte of bytes) yield Buffer.of(byte);
      },
      {},
      aDay,
    );

    for (let time = 0; time < 2; time++) {
      const numbers: string[] = [];
      for await (const outcome of file.rows()) if ('row' in outcome) numbers.push(outcome.row.number);
      expect(numbers).toEqual(['FA-1']);
    }
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(file.reading.sha256).toBe(sha256);
    expect(await hashOf(bytes)).toBe(sha256);
  });

  it('is read below a title and a line that announces the separator', async () => {
    const { reading, rows } = await read(`sep=;\nExport du 12/03/2026;;;\n;;;\n${fileOf([goodRow])}\n;;;\n`);

    expect(reading.headerLine).toBe(4);
    expect(rows.map(({ line }) => line)).toEqual([5]);
  });

  it('never runs far ahead of whoever takes its rows', async () => {
    let given = 0;
    async function* manyRows() {
      given = 0;
      yield Buffer.from(fileOf([]));
      for (; given < 20_000; given++) yield Buffer.from(`\nFA-${given};31/12/2026;"1 234,56";Dupont`);
    }
    const file = await readInvoiceFile(manyRows, {}, aDay);

    let taken = 0;
    for await (const outcome of file.rows()) {
      expect('row' in outcome).toBe(true);
      taken++;
      if (given - taken > 100) expect.fail(`${given} rows were read when ${taken} were taken`);
    }

    expect(taken).toBe(20_000);
    expect(file.reading.rows).toBe(20_000);
  });
});

/** A sample that stands beside the repository and may not be handed out with it. */
const portfolio = new URL(
  '../../../../shared/data/portfolio/accounts-receivable-2012-2013.csv',
  import.meta.url,
);

describe.runIf(existsSync(portfolio))('the sample portfolio', () => {
  it('is read as it is', async () => {
    const { reading, rows, rejected } = await read(await readFile(portfolio));

    expect(rejected).toEqual([]);
    expect(rows).toHaveLength(2466);
    expect(reading.questions).toEqual([]);
    expect(reading.dates.map(({ field, format, decidedBy }) => [field, format, decidedBy])).toEqual([
      ['issueDate', 'mdy', 'values'],
      ['dueDate', 'mdy', 'values'],
      ['settledDate', 'mdy', 'values'],
    ]);
    expect(reading.ignored.map(({ header }) => header)).toEqual([
      'PaperlessDate',
      'PaperlessBill',
      'DaysToSettle',
      'DaysLate',
    ]);
    expect(reading.notes.map(({ code }) => code)).toContain('currency-missing');
    expect(rows[2]!.row).toEqual({
      seller: {},
      debtor: { reference: '2820-XGXSB', name: '2820-XGXSB' },
      contact: {},
      number: '0009231909',
      term: 1,
      issueDate: '2013-07-03',
      dueDate: '2013-08-02',
      settledDate: '2013-07-08',
      amountCents: 6588,
      paidCents: 6588,
      disputed: false,
      flags: ['country-unknown'],
    });
    expect(rows.filter(({ row }) => row.disputed)).toHaveLength(561);
    expect(rows.reduce((sum, { row }) => sum + row.amountCents, 0)).toBe(await centsOfPortfolio());
  });

  // 818 is Egypt in ISO 3166, but 391, 406, 770 and 897 are nothing: the numbers are somebody's own.
  it('puts nobody into Egypt', async () => {
    const { rows } = await read(await readFile(portfolio));

    expect(rows.filter(({ row }) => row.debtor.country !== undefined)).toEqual([]);
  });
});

/** The same sum by another way: the seventh cell of each line, without its point. */
async function centsOfPortfolio(): Promise<number> {
  const lines = (await readFile(portfolio, 'utf8')).trim().split(/\r?\n/).slice(1);
  return lines.reduce((sum, line) => sum + Math.round(Number(line.split(',')[6]) * 100), 0);
}
