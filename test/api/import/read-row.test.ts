import { describe, expect, it } from 'vitest';
import { fileOf, goodRow, read } from './reading.ts';

/** The only row of a file with one more column. */
async function rowWith(header: string, value: string) {
  const { rows, rejected } = await read(fileOf([`${goodRow};${value}`], `;${header}`));
  return { row: rows[0]?.row, remarks: rows[0]?.remarks ?? [], rejections: rejected[0]?.rejected ?? [] };
}

/** The codes for which a row of `number;due;amount;name` is rejected. */
async function codesOf(row: string): Promise<string[]> {
  const { rejected } = await read(fileOf(['ok;31/12/2026;1,50;x', row]));
  return rejected.flatMap((outcome) => outcome.rejected.map(({ code }) => code));
}

describe('a row', () => {
  it('is rejected with all its problems, each with line, column, value and remedy', async () => {
    const { rows, rejected } = await read(fileOf([goodRow, ';30/02/2026;12,345;Dupont', goodRow]));

    expect(rows).toHaveLength(2);
    expect(rejected).toHaveLength(1);
    expect(rejected[0]!.raw).toBe(';30/02/2026;12,345;Dupont');
    expect(
      rejected[0]!.rejected.map(({ line, column, field, value, code }) => [line, column, field, value, code]),
    ).toEqual([
      [3, 'Numéro', 'number', '', 'number-missing'],
      [3, 'Échéance', 'dueDate', '30/02/2026', 'date-invalid'],
      [3, 'Montant TTC', 'amount', '12,345', 'amount-invalid'],
    ]);
    for (const { problem, remedy } of rejected[0]!.rejected) expect([problem, remedy]).not.toContain('');
  });

  it.each([
    ['1;31/12/2026;0,00;Dupont', 'amount-zero'],
    ['1;31/12/2026;-12,00;Dupont', 'credit-note'],
    ['1;31/12/2026;(12,00);Dupont', 'credit-note'],
    ['1;31/12/2026;;Dupont', 'amount-missing'],
    ['1;;12,00;Dupont', 'due-date-missing'],
    ['1;31/12/2026;12,00;', 'debtor-missing'],
    ['1,23457E+11;31/12/2026;12,00;Dupont', 'number-shortened'],
    ['1;31/12/2026;12,00 $;Dupont', 'currency-unclear'],
    ['1;31/12/2026;12,00;Du\u0000pont', 'control-character'],
    ['1;31/12/2026;12,00;Du\u202epont', 'control-character'],
    ['1;31/12/2026;12,00;Du\ufffdpont', 'damaged-text'],
    [`1;31/12/2026;12,00;${'x'.repeat(501)}`, 'too-long'],
    ['1;31/12/2026;12,00', 'wrong-number-of-cells'],
    ['1;31/12/2026;12,00;Dupont;more', 'wrong-number-of-cells'],
  ])('%j is rejected: %s', async (row, code) => {
    expect(await codesOf(row)).toEqual([code]);
  });

  it('is told once of each problem', async () => {
    const { rejected } = await read(fileOf([`${goodRow};1\u0000`], ';Déjà réglé'));

    expect(rejected[0]!.rejected.map(({ code }) => code)).toEqual(['control-character']);
  });

  it('says how credit notes are recorded', async () => {
    const { rejected } = await read(fileOf(['1;31/12/2026;-12,00;Dupont']));

    expect(rejected[0]!.rejected[0]!.remedy).toContain('POST /v1/credit-notes');
  });

  it('of a credit note with a positive amount is no invoice either', async () => {
    expect((await rowWith('Type de pièce', 'Avoir')).rejections).toMatchObject([{ code: 'credit-note' }]);
    expect((await rowWith('Type de pièce', 'Facture')).row?.flags).toEqual(['issue-date-missing']);
  });

  it('keeps a formula as the text that it is', async () => {
    const text = fileOf([`1;31/12/2026;12,50;"=HYPERLINK(""http://x.example"";""Dupont"")"`]);

    expect((await read(text)).rows[0]!.row.debtor.name).toBe('=HYPERLINK("http://x.example";"Dupont")');
  });

  it('keeps the zeros that a spreadsheet protects', async () => {
    const { rows } = await read(fileOf(['="00012";31/12/2026;12,50;Dupont']));

    expect(rows[0]!.row.number).toBe('00012');
  });

  it('may end in empty cells beyond the headers', async () => {
    expect((await read(fileOf([`${goodRow};;;`]))).rows).toHaveLength(1);
  });
});

describe('an identifier that fails its check', () => {
  // A debt is due whatever its debtor's number: the invoice must not be missed, and two debtors must not become one.
  it('is left out for a debtor, and remarked with its value', async () => {
    const { row, remarks } = await rowWith('SIREN', '404833049');

    expect(row?.debtor).toEqual({ name: 'Dupont SA' });
    expect(row?.flags).toContain('debtor-siren-invalid');
    expect(remarks[0]).toMatchObject({
      line: 2,
      column: 'SIREN',
      value: '404833049',
      code: 'debtor-siren-invalid',
    });
  });

  // The seller's number is part of the key: corrected later, it would make a second invoice of the same debt.
  it('rejects the row for a seller', async () => {
    expect((await rowWith('SIREN vendeur', '404833049')).rejections).toMatchObject([
      { code: 'seller-siren-invalid' },
    ]);
    expect((await rowWith('TVA vendeur', 'FR00404833048')).rejections).toMatchObject([
      { code: 'seller-vat-invalid' },
    ]);
  });

  it.each([
    ['SIREN', '404 833 048', '404833048'],
    ['SIREN', '404.833.048', '404833048'],
    ['SIRET', '40483304800022', '404833048'],
    // The establishments of La Poste do not follow the common check: the sum of their digits is a multiple of five.
    ['SIRET', '35600000049837', '356000000'],
    ['SIRET', '40483304800023', undefined],
    ['SIREN', '000000000', undefined],
    ['SIREN', 'HRB 12345', undefined],
  ])('does not pass: %s %s gives %s', async (header, value, siren) => {
    expect((await rowWith(header, value)).row?.debtor.siren).toBe(siren);
  });

  it.each([
    ['FR83404833048', 'FR83404833048'],
    ['fr 83 404 833 048', 'FR83404833048'],
    ['DE136695976', 'DE136695976'],
    ['BE0428759497', 'BE0428759497'],
    ['EL094259216', 'EL094259216'],
    ['GB980780684', 'GB980780684'],
    ['CHE-107.787.577 MWST', 'CHE107787577MWST'],
    ['DE136695977', undefined],
    ['FR84404833048', undefined],
    ['US123456789', undefined],
    ['83404833048', undefined],
  ])('does not pass: VAT %s gives %s', async (value, vat) => {
    expect((await rowWith('TVA intracommunautaire', value)).row?.debtor.vat).toBe(vat);
  });
});

describe('a cell', () => {
  it.each([
    ['Type de client', 'Particulier', { debtor: { kind: 'consumer' } }],
    ['Type de client', 'Part.', { debtor: { kind: 'consumer' } }],
    ['Type de client', 'Secteur public', { debtor: { kind: 'public' } }],
    ['Type de client', 'Interne', { debtor: { kind: 'internal' } }],
    ['Pays', 'Allemagne', { debtor: { country: 'DE' } }],
    ['Pays', 'germany', { debtor: { country: 'DE' } }],
    ['Pays', 'CÔTE D’IVOIRE', { debtor: { country: 'CI' } }],
    ['Pays', 'GBR', { debtor: { country: 'GB' } }],
    ['Pays', '250', { debtor: { country: 'FR' } }],
    ['Langue', 'en-GB', { debtor: { language: 'en' } }],
    ['Langue', 'Français', { debtor: { language: 'fr' } }],
    ['Mode de règlement', 'Prélèvement', { paymentMethod: 'direct_debit' }],
    ['Mode de règlement', 'Traite', { paymentMethod: 'bill_of_exchange' }],
    ['Mode de règlement', 'Effet de commerce', { paymentMethod: 'bill_of_exchange' }],
    ['Mode de règlement', 'Virement SEPA', { paymentMethod: 'transfer' }],
    ['Mode de règlement', 'CHQ', { paymentMethod: 'cheque' }],
    ['Mode de règlement', 'Carte bancaire', { paymentMethod: 'card' }],
    ['Litige', 'Oui', { disputed: true }],
    ['Litige', '0', { disputed: false }],
    ['Devise', 'eur', { currency: 'EUR' }],
    ['Devise', '€', { currency: 'EUR' }],
    ['Échéance n°', '2/3', { term: 2 }],
    ['Déjà réglé', 'Oui', { paidCents: 123456 }],
    ['Déjà réglé', '0', { paidCents: 0 }],
    ['Reste à payer', '234,56', { paidCents: 100000 }],
    ['Date de règlement', '2026-12-30', { settledDate: '2026-12-30', paidCents: 123456 }],
    ['Date de règlement', '0000-00-00', {}],
    ['E-mail', 'Zoé <zoe@dupont.fr>', { contact: { email: 'zoe@dupont.fr' } }],
  ])('%s: %s is understood', async (header, value, expected) => {
    const { row } = await rowWith(header, value);

    expect(row).toMatchObject(expected);
    expect(row?.flags).toEqual(['issue-date-missing']);
  });

  it.each([
    ['Pays', 'Syldavie', 'country-unknown'],
    ['Pays', '33', 'country-unknown'],
    ['Langue', 'klingon', 'language-unknown'],
    ['Type de client', 'VIP', 'debtor-kind-unknown'],
    ['E-mail', 'compta@', 'contact-email-invalid'],
    ['E-mail', 'a@b.fr\r\nBcc: x@y.fr', 'contact-email-several'],
    ['E-mail', 'compta arobase dupont.fr', 'contact-email-invalid'],
    ['Téléphone', 'appeler Anne', 'contact-phone-invalid'],
    ['Date facture', '2027-01-01', 'due-before-issue'],
  ])('%s: %j keeps the row, and is flagged %s', async (header, value, flag) => {
    const { row } = await rowWith(header, `"${value}"`);

    expect(row?.flags).toContain(flag);
  });

  it.each([
    ['Litige', 'Qualité', 'disputed-unclear', { disputed: true }],
    ['Affacturage', 'Banque X', 'factored-unclear', { factored: true }],
  ])('%s: %s counts as yes, because silence can be mended', async (header, value, flag, expected) => {
    const { row } = await rowWith(header, value);

    expect(row).toMatchObject(expected);
    expect(row?.flags).toContain(flag);
  });

  it.each([
    ['Devise', 'XYZ', 'currency-unknown'],
    ['Devise', 'FRF', 'currency-unknown'],
    ['Échéance n°', '0', 'term-invalid'],
    ['Échéance n°', 'deux', 'term-invalid'],
    ['Déjà réglé', '-5,00', 'paid-negative'],
    ['Reste à payer', '9 999,00', 'outstanding-invalid'],
    ['Date de règlement', 'bientôt', 'date-invalid'],
  ])('%s: %s rejects the row: %s', async (header, value, code) => {
    expect((await rowWith(header, value)).rejections).toMatchObject([{ code }]);
  });

  it('in another currency than its column is a contradiction', async () => {
    const { rejected } = await read(fileOf(['1;31/12/2026;12,50 €;Dupont;USD'], ';Devise'));

    expect(rejected[0]!.rejected).toMatchObject([{ code: 'currency-contradiction' }]);
  });

  it('of an address keeps its lines, and that of a name loses them', async () => {
    const { rows } = await read(fileOf(['1;31/12/2026;12,50;"Dupont\nSA";"1 rue A\r\nBât. B"'], ';Adresse'));

    expect(rows[0]!.row.debtor.name).toBe('Dupont SA');
    expect(rows[0]!.row.contact.addressLines).toEqual(['1 rue A', 'Bât. B']);
  });
});
