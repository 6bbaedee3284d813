import { describe, expect, it } from 'vitest';
import { readHeaders } from '../../../api/import/headers.ts';
import type { Answers } from '../../../api/import/questions.ts';
import { UnreadableFile } from '../../../api/import/unreadable-file.ts';
import { fileOf, goodRow, read } from './reading.ts';

const rest = ['Numéro', 'Échéance', 'Montant TTC', 'Client'];

describe('a header', () => {
  it.each([
    [
      'number',
      [
        'N° facture',
        'N° de Facture',
        'Nº Facture',
        'No facture',
        'NUMERO_FACTURE',
        'Numéro',
        'invoiceNumber',
        'Invoice No',
        'INVOICENO',
        'Invoice #',
        'invoice_id',
        'Facture',
      ],
    ],
    [
      'dueDate',
      [
        'Échéance',
        'ECHEANCE',
        "Date d'échéance",
        'Date d’échéance',
        'due date',
        'DueDate',
        'DUE_DATE',
        'Date Échéance',
      ],
    ],
    [
      'amount',
      [
        'Montant TTC',
        'Montant T.T.C.',
        'Total TTC',
        'amount',
        'InvoiceAmount',
        'Montant',
        'Montant TTC (EUR)',
        'Montant TTC en €',
      ],
    ],
    [
      'debtorName',
      [
        'Client',
        'debtor',
        'Débiteur',
        'Raison sociale',
        'Nom du client',
        'Customer Name',
        'Raison sociale du client',
      ],
    ],
  ])('of %s is known by its usual names', (field, names) => {
    for (const name of names) {
      const others = rest.filter((header) => readHeaders([...rest]).fieldAt[rest.indexOf(header)] !== field);
      const headers = [name, ...others];
      expect([name, readHeaders(headers).fieldAt[0]]).toEqual([name, field]);
    }
  });

  it.each([
    ['customerID', 'debtorReference'],
    ['Code client', 'debtorReference'],
    ['N° client', 'debtorReference'],
    ['SIREN', 'debtorSiren'],
    ['SIRET', 'debtorSiren'],
    ['SIREN du vendeur', 'sellerSiren'],
    ['TVA intracommunautaire', 'debtorVat'],
    ['Seller VAT number', 'sellerVat'],
    ['Émetteur', 'sellerName'],
    ['seller', 'sellerName'],
    ['Devise', 'currency'],
    ['Currency', 'currency'],
    ['SettledDate', 'settledDate'],
    ['Date de règlement', 'settledDate'],
    ['Disputed', 'disputed'],
    ['Litige', 'disputed'],
    ['Déjà réglé', 'paid'],
    ['Réglé (O/N)', 'paid'],
    ['Payée (oui/non)', 'paid'],
    ['Soldée ?', 'paid'],
    ['Soldé', 'paid'],
    ['Solde', 'outstanding'],
    ['Payée le', 'settledDate'],
    ['Réglé le', 'settledDate'],
    ['Paid on', 'settledDate'],
    ['Litige (O/N)', 'disputed'],
    ['Affacturage ?', 'factored'],
    ['Already paid', 'paid'],
    ['Reste à payer', 'outstanding'],
    ['Bon de commande', 'orderNumber'],
    ['PO', 'orderNumber'],
    ['Mode de règlement', 'paymentMethod'],
    ['Affacturage', 'factored'],
    ['Cédé', 'factored'],
    ['Chargé de recouvrement', 'collector'],
    ['Commercial', 'salesOwner'],
    ['E-mail', 'contactEmail'],
    ['Courriel du contact', 'contactEmail'],
    ['Tél.', 'contactPhone'],
    ['Portable', 'contactMobile'],
    ['Adresse 2', 'contactAddress2'],
    ['Pays', 'debtorCountry'],
    ['countryCode', 'debtorCountry'],
    ['Langue', 'debtorLanguage'],
    ['Type de client', 'debtorKind'],
    ['Échéance n°', 'term'],
    ["N° d'échéance", 'term'],
    ['Date de facture', 'issueDate'],
    ['InvoiceDate', 'issueDate'],
    ['Type de pièce', 'documentKind'],
  ])('"%s" means %s', (header, field) => {
    expect(readHeaders([...rest, header]).fieldAt[4]).toBe(field);
  });

  it.each([
    'PaperlessDate',
    'DaysLate',
    'Montant HT',
    'Commentaire',
    'Société',
    'Type',
    'E-mail 2',
    'Montant TVA',
  ])('"%s" means nothing to us, and is not guessed', (header) => {
    expect(readHeaders([...rest, header]).fieldAt[4]).toBeUndefined();
  });

  it('of the name wins over "Client", which then is the reference', () => {
    const { at } = readHeaders(['Numéro', 'Échéance', 'Montant', 'Client', 'Raison sociale']);

    expect([at.debtorName, at.debtorReference]).toEqual([4, 3]);
  });

  it('that occurs twice is asked about, and the answer is a position', async () => {
    const text = fileOf([`${goodRow};99,00`], ';Montant TTC');

    const asked = await read(text);
    const answered = await read(text, { columns: { amount: 5 } });

    expect(asked.reading.questions).toMatchObject([
      { code: 'column', field: 'amount', choices: [{ answer: 3 }, { answer: 5 }] },
    ]);
    expect(answered.rows[0]!.row.amountCents).toBe(9900);
  });

  it('that nobody knows is read as what its owner says', async () => {
    const text = 'Kundenname;Rechnung;Fällig;Betrag\nMüller;R1;31.12.2026;1.234,56';
    const columns = { debtorName: 'Kundenname', number: 'Rechnung', dueDate: 'Fällig', amount: 'Betrag' };

    const { rows } = await read(text, { columns });

    expect(rows[0]!.row).toMatchObject({ number: 'R1', dueDate: '2026-12-31', amountCents: 123456 });
  });

  it('that is missing is named, with those that were found and what to do', () => {
    const reading = () => readHeaders(['Facture', 'Solde', 'Client']);

    expect(reading).toThrow(UnreadableFile);
    expect(reading).toThrow(/due date, the amount including tax.*"Facture", "Solde", "Client"/);
  });

  it('that an answer names must exist', () => {
    expect(() => readHeaders(rest, { paid: 'Acompte' })).toThrow('The file has no column "Acompte".');
    expect(() => readHeaders(rest, { paid: 9 })).toThrow('The file has no column 9.');
    expect(() => readHeaders(rest, { price: 'Client' } as Answers['columns'])).toThrow(
      '"price" is not a field',
    );
  });

  it('is not mistaken for a row of data that holds the word of a header', async () => {
    const columns = { debtorName: 1, number: 2, dueDate: 3, amount: 4 };

    const { rows } = await read('Kundenname;Rechnung;Fällig;Betrag\nClient;R1;31.12.2026;1.234,56', {
      columns,
    });

    expect(rows.map(({ row }) => row.debtor.name)).toEqual(['Client']);
  });

  it('can be declared to mean nothing', () => {
    expect(readHeaders([...rest, 'Litige'], { disputed: null }).fieldAt[4]).toBeUndefined();
  });

  it('"TVA" is a number or a tax, as its values say', async () => {
    const numbers = await read(fileOf([`${goodRow};FR83404833048`], ';TVA'));
    const taxes = await read(fileOf([`${goodRow};205,76`], ';TVA'));

    expect(numbers.rows[0]!.row.debtor.vat).toBe('FR83404833048');
    expect(taxes.rows[0]!.row.flags).toEqual(['issue-date-missing']);
    expect(taxes.reading.ignored.map(({ header }) => header)).toEqual(['TVA']);
  });

  it('of the amount may name the currency', async () => {
    const { rows } = await read(fileOf([goodRow]).replace('TTC', 'TTC (CHF)'));
    const dollars = await read(fileOf([goodRow]).replace('TTC', 'TTC ($)'));

    expect(rows[0]!.row.currency).toBe('CHF');
    expect(dollars.rejected[0]!.rejected[0]).toMatchObject({
      code: 'currency-unclear',
      column: 'Montant TTC ($)',
    });
  });
});
