import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codesOf, read } from './documents.ts';

/** Samples that stand beside the repository and may not be handed out with it. */
const folder = new URL('../../../../../shared/data/einvoices/', import.meta.url);

const koksmaat = {
  seller: { name: 'De Koksmaat', vat: 'NL820098395B01' },
  debtor: { reference: '10202', name: 'ODIN 59', country: 'NL' },
  contact: { name: 'Dhr. J BLOKKER', addressLines: ['POSTBUS 367'], postcode: '1960 AJ', city: 'HEEMSKERK' },
  number: '12115118',
  term: 1,
  issueDate: '2015-01-09',
  dueDate: '2015-01-09',
  amountCents: 25_033,
  currency: 'EUR',
  paymentMethod: 'transfer',
  flags: [],
};

// The numbers for VAT of these two parties are inventions that fail the check of their country.
const salescompany = {
  seller: { name: 'Salescompany ltd.' },
  debtor: { name: 'The Buyercompany', country: 'NO' },
  contact: {
    name: 'John Doe',
    email: 'john@buyercompany.no',
    phone: '5121230',
    addressLines: ['Anystreet 8', 'Back door'],
    postcode: '101',
    city: 'Anytown',
  },
  number: 'TOSL108',
  term: 1,
  issueDate: '2013-06-30',
  dueDate: '2013-07-20',
  amountCents: 180_178,
  paidCents: 100_000,
  currency: 'NOK',
  orderNumber: '123',
  paymentMethod: 'transfer',
  // Payable to Ebeneser Scrooge AS, registered under another number than the seller.
  factored: true,
  flags: ['debtor-vat-invalid', 'seller-vat-invalid', 'payee-is-another'],
};

const subscription = {
  seller: { name: 'SubscriptionSeller' },
  debtor: { name: 'Buyercompany ltd', country: 'DK' },
  contact: { addressLines: ['Anystreet, Building 1'], postcode: '101', city: 'Anytown' },
  number: 'TOSL108',
  term: 1,
  issueDate: '2013-04-10',
  dueDate: '2013-05-10',
  amountCents: 112_500,
  currency: 'DKK',
  paymentMethod: 'transfer',
  flags: ['seller-vat-invalid'],
};

const samples: readonly (readonly [file: string, format: string, row: object])[] = [
  ['ubl/guide-example1.xml', 'UBL 2.1 invoice', koksmaat],
  ['ubl/guide-example2.xml', 'UBL 2.1 invoice', salescompany],
  ['ubl/guide-example3.xml', 'UBL 2.1 invoice', subscription],
  ['ubl/ubl-tc434-example1.xml', 'UBL 2.1 invoice', koksmaat],
  ['ubl/ubl-tc434-example2.xml', 'UBL 2.1 invoice', salescompany],
  [
    'ubl/ubl-tc434-example3.xml',
    'UBL 2.1 invoice',
    { ...subscription, amountCents: 200_500, flags: ['debtor-vat-invalid', 'seller-vat-invalid'] },
  ],
  [
    'ubl/ubl-tc434-example4.xml',
    'UBL 2.1 invoice',
    {
      ...subscription,
      seller: { name: 'SellerCompany' },
      contact: { ...subscription.contact, name: 'John Hansen' },
      number: 'TOSL110',
      amountCents: 467_500,
      orderNumber: '123',
    },
  ],
  [
    'ubl/ubl-tc434-creditnote1.xml',
    'UBL 2.1 credit note',
    {
      kind: 'credit_note',
      seller: { name: 'My Supplier Company', vat: 'BE0000000196' },
      debtor: { name: 'My Customer Company', vat: 'BE0000000295', country: 'BE' },
      contact: {
        email: 'pete.smith@mycustomercompany.be',
        addressLines: ['Boulevard Sint Michel 53'],
        postcode: '1000',
        city: 'BRUXELLES',
      },
      number: '018304 / 28865',
      issueDate: '2019-09-23',
      amountCents: 10_011,
      currency: 'EUR',
      settles: [],
      flags: [],
    },
  ],
  ['cii/CII_example1.xml', 'CII invoice (EN 16931)', koksmaat],
  ['cii/CII_example2.xml', 'CII invoice (EN 16931)', salescompany],
  ['cii/CII_example3.xml', 'CII invoice (EN 16931)', subscription],
  ['cii/CII_business_example_01.xml', 'CII invoice (EN 16931)', salescompany],
  [
    'cii/CII_business_example_02.xml',
    'CII invoice (COMFORT)',
    {
      seller: { name: 'xxxx' },
      debtor: { name: 'Buyercompany ltd', country: 'DE' },
      contact: { addressLines: ['Anystreet, Building 1'], postcode: '101', city: 'Anytown' },
      number: 'INV000013',
      term: 1,
      issueDate: '2013-08-25',
      dueDate: '2013-05-10',
      amountCents: 1_190,
      currency: 'EUR',
      paymentMethod: 'transfer',
      flags: ['seller-vat-invalid', 'due-before-issue'],
    },
  ],
];

describe.runIf(existsSync(folder))('a published example of EN 16931', () => {
  it.each(samples)('%s is read as %s', async (file, format, row) => {
    const whole = await read(readFileSync(new URL(file, folder)));

    expect(whole.file.reading.format).toBe(format);
    expect([...whole.invoices, ...whole.creditNotes]).toEqual([row]);
    expect(whole.rejected).toEqual([]);
  });

  it('says on which line of which element a remark is about', async () => {
    const text = readFileSync(new URL('ubl/guide-example2.xml', folder), 'utf8');

    const { remarks } = await read(text);

    const payee = remarks.find(({ code }) => code === 'payee-is-another');
    expect(payee?.column).toBe('Invoice/PayeeParty/PartyName/Name');
    expect(text.split('\n')[(payee?.line ?? 0) - 1]).toContain('Ebeneser Scrooge AS');
  });

  it('leaves nothing out in silence', async () => {
    const { file } = await read(readFileSync(new URL('ubl/guide-example2.xml', folder)));

    expect(codesOf(file.reading.notes)).toEqual(['payment-terms-in-words', 'identifiers-unused']);
  });
});
