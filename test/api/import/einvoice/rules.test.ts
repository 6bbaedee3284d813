import { describe, expect, it } from 'vitest';
import { ciiOf, codesOf, plain, read, ublOf } from './documents.ts';
import type { Described } from './documents.ts';

const syntaxes: readonly (readonly [string, (described: Described) => string])[] = [
  ['UBL', ublOf],
  ['CII', ciiOf],
];

const instalments = [
  { day: '2026-02-28', cents: 40_000 },
  { day: '2026-03-31', cents: 40_000 },
  { day: '2026-04-30', cents: 40_050 },
];

describe.each(syntaxes)('an e-invoice in %s', (_name, write) => {
  it('becomes one row with everything that it says', async () => {
    const { invoices, rejected, remarks } = await read(
      write({
        ...plain,
        buyer: {
          ...plain.buyer,
          vat: 'FR44732829320',
          reference: 'C-17',
          street: '1 rue de la Paix',
          postcode: '75002',
          city: 'Paris',
          contact: 'Jeanne Petit',
          phone: '+33 1 23 45 67 89',
        },
        order: 'PO 42',
        means: '58',
        prepaidCents: 20_050,
      }),
    );

    expect(rejected).toEqual([]);
    expect(remarks).toEqual([]);
    expect(invoices).toEqual([
      {
        seller: { name: 'Ateliers Martin', vat: 'FR83404833048', siren: '404833048' },
        debtor: {
          reference: 'C-17',
          name: 'Dupont SARL',
          siren: '732829320',
          vat: 'FR44732829320',
          country: 'FR',
        },
        contact: {
          name: 'Jeanne Petit',
          email: 'compta@dupont.example',
          phone: '+33 1 23 45 67 89',
          addressLines: ['1 rue de la Paix'],
          postcode: '75002',
          city: 'Paris',
        },
        number: 'FA-2026-001',
        term: 1,
        issueDate: '2026-01-15',
        dueDate: '2026-02-25',
        amountCents: 120_050,
        currency: 'EUR',
        paidCents: 20_050,
        orderNumber: 'PO 42',
        paymentMethod: 'transfer',
        flags: [],
      },
    ]);
  });

  it('with several due dates has a term for each, the earliest first', async () => {
    const { invoices } = await read(write({ ...plain, due: [...instalments].reverse() }));

    expect(invoices.map(({ term, dueDate, amountCents }) => [term, dueDate, amountCents])).toEqual([
      [1, '2026-02-28', 40_000],
      [2, '2026-03-31', 40_000],
      [3, '2026-04-30', 40_050],
    ]);
  });

  it('with instalments of what is left open has its prepayment on the first', async () => {
    const { invoices } = await read(
      write({ ...plain, totalCents: 150_050, prepaidCents: 30_000, due: instalments }),
    );

    expect(invoices.map(({ amountCents, paidCents }) => [amountCents, paidCents])).toEqual([
      [70_000, 30_000],
      [40_000, 0],
      [40_050, 0],
    ]);
  });

  it('with instalments of the whole has its prepayment on the earliest of them', async () => {
    const { invoices } = await read(write({ ...plain, prepaidCents: 60_000, due: instalments }));

    expect(invoices.map(({ amountCents, paidCents }) => [amountCents, paidCents])).toEqual([
      [40_000, 40_000],
      [40_000, 20_000],
      [40_050, 0],
    ]);
  });

  it('whose instalments do not add up is due as a whole on the last day, and says so', async () => {
    const { invoices, remarks } = await read(
      write({ ...plain, due: [instalments[0]!, { day: '2026-03-31', cents: 1_000 }] }),
    );

    expect(invoices).toHaveLength(1);
    expect(invoices[0]).toMatchObject({ dueDate: '2026-03-31', amountCents: 120_050 });
    expect(codesOf(remarks)).toEqual(['instalments-do-not-add-up']);
  });

  it('keeps to what it asks for when its totals contradict each other, and says so', async () => {
    const { invoices, remarks } = await read(write({ ...plain, prepaidCents: 20_000, payableCents: 90_000 }));

    expect(invoices[0]).toMatchObject({ amountCents: 110_000, paidCents: 20_000 });
    expect(remarks).toMatchObject([{ code: 'totals-contradict', value: '900.00' }]);
    expect(remarks[0]?.column).toMatch(/(PayableAmount|DuePayableAmount)$/);
    expect(remarks[0]?.problem).toContain('1000.50');
  });

  it('adds what was rounded', async () => {
    const { invoices, remarks } = await read(write({ ...plain, totalCents: 119_999, roundingCents: 1 }));

    expect(invoices[0]?.amountCents).toBe(120_000);
    expect(remarks).toEqual([]);
  });

  it('that was paid before it was issued is settled, whatever its due date', async () => {
    const { invoices } = await read(write({ ...plain, prepaidCents: 120_050, due: [] }));

    expect(invoices[0]).toMatchObject({
      amountCents: 120_050,
      paidCents: 120_050,
      dueDate: '2026-01-15',
      flags: ['due-date-assumed'],
    });
  });

  it('with more prepaid than it amounts to is an invoice all the same', async () => {
    const { invoices, creditNotes } = await read(write({ ...plain, prepaidCents: 150_000 }));

    expect(creditNotes).toEqual([]);
    expect(invoices[0]).toMatchObject({ amountCents: 120_050, paidCents: 150_000 });
  });

  it('without a due date is rejected, and words are never turned into one', async () => {
    const { invoices, rejected } = await read(write({ ...plain, due: [], termsInWords: '30 jours net' }));

    expect(invoices).toEqual([]);
    expect(rejected).toMatchObject([{ code: 'due-date-missing', field: 'dueDate', value: '30 jours net' }]);
    expect(rejected[0]?.remedy).toMatch(/Due/);
  });

  it.each([
    ['59', 'direct_debit'],
    ['49', 'direct_debit'],
    ['30', 'transfer'],
    ['58', 'transfer'],
    ['20', 'cheque'],
    ['48', 'card'],
    ['70', 'bill_of_exchange'],
    ['10', 'other'],
  ])('to be paid by means %s counts as %s', async (means, method) => {
    expect((await read(write({ ...plain, means }))).invoices[0]?.paymentMethod).toBe(method);
  });

  it('says nothing of how it is paid when the means are not defined', async () => {
    expect((await read(write({ ...plain, means: '1' }))).invoices[0]).not.toHaveProperty('paymentMethod');
  });

  it('with the type of a credit note is one, and settles the invoices that it names', async () => {
    const { invoices, creditNotes } = await read(
      write({ ...plain, number: 'AV-1', type: '381', preceding: ['FA-1', 'FA-2', 'FA-1'], due: [] }),
    );

    expect(invoices).toEqual([]);
    expect(creditNotes).toEqual([
      {
        kind: 'credit_note',
        seller: { name: 'Ateliers Martin', vat: 'FR83404833048', siren: '404833048' },
        debtor: { name: 'Dupont SARL', siren: '732829320', country: 'FR' },
        contact: { email: 'compta@dupont.example' },
        number: 'AV-1',
        issueDate: '2026-01-15',
        amountCents: 120_050,
        currency: 'EUR',
        settles: ['FA-1', 'FA-2'],
        flags: ['several-invoices-credited'],
      },
    ]);
  });

  it.each(['384', '380'])('of type %s with a negative total is a credit note', async (type) => {
    const { invoices, creditNotes, remarks } = await read(
      write({ ...plain, type, totalCents: -5_000, preceding: ['FA-1'], due: [] }),
    );

    expect(invoices).toEqual([]);
    expect(creditNotes[0]).toMatchObject({ amountCents: 5_000, settles: ['FA-1'] });
    expect(codesOf(remarks)).toContain('negative-invoice');
  });

  it('that takes back more than it amounts to counts what the debtor had paid as his', async () => {
    const { creditNotes } = await read(
      write({ ...plain, type: '380', totalCents: -5_000, prepaidCents: 1_000 }),
    );

    expect(creditNotes[0]?.amountCents).toBe(6_000);
  });

  it('that was set off before is credit as a whole, and says so', async () => {
    const { creditNotes, remarks } = await read(write({ ...plain, type: '381', prepaidCents: 120_050 }));

    expect(creditNotes[0]?.amountCents).toBe(120_050);
    expect(codesOf(remarks)).toEqual(['credit-note-prepaid']);
  });

  it('that corrects another is an invoice that says so', async () => {
    const { invoices, remarks } = await read(write({ ...plain, type: '384', preceding: ['FA-1'] }));

    expect(invoices[0]?.amountCents).toBe(120_050);
    expect(remarks).toMatchObject([{ code: 'corrects-another-invoice' }]);
  });

  it('that the buyer issued himself keeps seller and buyer as they are', async () => {
    const { invoices } = await read(write({ ...plain, type: '389' }));

    expect(invoices[0]).toMatchObject({
      seller: { name: 'Ateliers Martin' },
      debtor: { name: 'Dupont SARL' },
      flags: [],
    });
  });

  it.each([
    ['a credit note with a negative amount', { type: '381', totalCents: -100 }, 'credit-note-negative'],
    ['a pro-forma invoice', { type: '325' }, 'document-kind'],
    ['an invoice over nothing', { totalCents: 0 }, 'amount-zero'],
    ['a negative prepayment', { prepaidCents: -100 }, 'paid-negative'],
    ['a currency that is none', { currency: 'EURX' }, 'currency-unknown'],
    ['a day that does not exist', { due: [{ day: '2026-02-30' }] }, 'date-invalid'],
    ['an issue date that is none', { issued: '2026-13-01' }, 'date-invalid'],
    ['no number', { number: '' }, 'number-missing'],
    ['nobody who owes', { buyer: { name: '' } }, 'debtor-missing'],
  ] as [string, Partial<Described>, string][])('is rejected for %s', async (_what, change, code) => {
    const { invoices, creditNotes, rejected } = await read(write({ ...plain, ...change }));

    expect([...invoices, ...creditNotes]).toEqual([]);
    const found = rejected.find((one) => one.code === code);
    expect(found).toBeDefined();
    expect(found?.column).toMatch(/^(Invoice|CreditNote|CrossIndustryInvoice)(\/|$)/);
    expect(found?.remedy).toMatch(/.{10}/);
  });

  // Who pays us what belongs to a factor has not paid his debt (art. L. 313-28 CMF).
  it.each<[string, Partial<Described>, boolean | undefined, string[]]>([
    ['its type', { type: '393' }, true, []],
    ['a clause of assignment', { notes: [{ subject: 'ACC', text: 'Cédée à Factor SA' }] }, true, []],
    [
      'a payee of another registration',
      { payee: { name: 'Factor SA', legal: '552100554' } },
      true,
      ['payee-is-another'],
    ],
    ['nothing but another name', { payee: { name: 'Factor SA' } }, undefined, ['payee-unclear']],
    ['a payee who is the seller', { payee: { name: 'MARTIN', legal: '404833048' } }, undefined, []],
    ['a payee of the same name', { payee: { name: 'ATELIERS MARTIN', legal: '12' } }, undefined, []],
    ['other notes', { notes: [{ subject: 'PMT', text: 'Indemnité de 40 €' }] }, undefined, []],
  ])('knows an assigned debt by %s', async (_what, change, factored, codes) => {
    const { invoices, remarks } = await read(write({ ...plain, ...change }));

    expect(invoices[0]?.factored).toBe(factored);
    expect(codesOf(remarks)).toEqual(codes);
  });

  it('leaves out what is wrong about who is who, and stays', async () => {
    const { invoices, remarks } = await read(
      write({
        ...plain,
        seller: { name: 'Ateliers Martin', vat: 'FR00404833048', siren: '404833049' },
        buyer: { ...plain.buyer, siren: '111111111', vat: 'FR00111', email: 'nobody', country: 'ZZ' },
      }),
    );

    expect(invoices[0]).toMatchObject({
      seller: { name: 'Ateliers Martin' },
      debtor: { name: 'Dupont SARL' },
    });
    expect(invoices[0]?.seller).toEqual({ name: 'Ateliers Martin' });
    expect([...codesOf(remarks)].sort()).toEqual([
      'contact-email-invalid',
      'country-unknown',
      'debtor-siren-invalid',
      'debtor-vat-invalid',
      'seller-siren-invalid',
      'seller-vat-invalid',
    ]);
  });
});

describe('an amount of an e-invoice', () => {
  const asking = async (text: string) => read(ublOf(plain).replaceAll('1200.50', text));

  it.each([
    ['1200.5', 120_050],
    ['1200', 120_000],
    ['1200.5000', 120_050],
    ['+1200.50', 120_050],
    ['.5', 50],
    ['10000000000.00', 1_000_000_000_000],
    ['10000000000.01', undefined],
    ['0.07', 7],
    // In floating point this is 113 999.99999999999 cents.
    ['1139.99999999999999999', undefined],
    ['4.35', 435],
    ['1.005', undefined],
    ['1,200.50', undefined],
    ['1200,50', undefined],
    ['1e3', undefined],
    ['12 00', undefined],
    ['0x10', undefined],
    ['NaN', undefined],
    ['.', undefined],
    ['999999999999999999', undefined],
  ])('%s is read to the cent or refused', async (text, cents) => {
    const { invoices, rejected } = await asking(text);

    expect(invoices[0]?.amountCents).toBe(cents);
    if (cents === undefined)
      expect(rejected).toMatchObject([
        { code: 'amount-invalid', column: 'Invoice/LegalMonetaryTotal/PayableAmount', value: text },
        { code: 'amount-invalid', column: 'Invoice/LegalMonetaryTotal/TaxInclusiveAmount', value: text },
      ]);
  });

  it('counts in hundredths whatever the currency, and refuses thousandths', async () => {
    const yen = await read(ublOf({ ...plain, currency: 'JPY', totalCents: 1_200_000 }));
    const dinars = await read(ublOf({ ...plain, currency: 'KWD' }).replaceAll('1200.50', '1200.505'));

    expect(yen.invoices[0]).toMatchObject({ currency: 'JPY', amountCents: 1_200_000 });
    expect(codesOf(dinars.rejected)).toContain('amount-invalid');
  });

  it('in another currency than the document is refused', async () => {
    const text = ublOf(plain).replaceAll('currencyID="EUR"', 'currencyID="USD"');

    expect(codesOf((await read(text)).rejected)).toContain('currency-contradiction');
  });

  it('is that of the currency of the document when the tax is stated in another', async () => {
    const text = ciiOf({ ...plain, currency: 'NOK' })
      .replace(
        '<ram:InvoiceCurrencyCode>',
        '<ram:TaxCurrencyCode>EUR</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>',
      )
      .replace(
        '<ram:GrandTotalAmount>',
        '<ram:GrandTotalAmount currencyID="EUR">102.00</ram:GrandTotalAmount><ram:GrandTotalAmount currencyID="NOK">',
      );

    const { file, invoices, remarks } = await read(text);

    expect(invoices[0]).toMatchObject({ currency: 'NOK', amountCents: 120_050 });
    expect(remarks).toEqual([]);
    expect(codesOf(file.reading.notes)).toContain('tax-currency');
  });

  it('is reckoned from the other totals when nothing says what is to be paid', async () => {
    const text = ublOf({ ...plain, prepaidCents: 20_000 }).replace(
      /<cbc:PayableAmount.*?<\/cbc:PayableAmount>/,
      '',
    );

    const { invoices, remarks } = await read(text);

    expect(invoices[0]).toMatchObject({ amountCents: 120_050, paidCents: 20_000 });
    expect(codesOf(remarks)).toEqual(['payable-missing']);
  });

  it('is missing when there is no total at all', async () => {
    const text = ublOf(plain).replace(/<cac:LegalMonetaryTotal>.*<\/cac:LegalMonetaryTotal>/s, '');

    expect((await read(text)).rejected).toMatchObject([
      { code: 'amount-missing', column: 'Invoice/LegalMonetaryTotal/PayableAmount' },
    ]);
  });

  it('was paid in full when nothing is to be paid of it, and nobody says how', async () => {
    const { invoices, remarks } = await read(ublOf({ ...plain, payableCents: 0 }));

    expect(invoices[0]).toMatchObject({ amountCents: 120_050, paidCents: 120_050 });
    expect(codesOf(remarks)).toEqual(['totals-contradict']);
  });
});

describe('UBL as others write it', () => {
  it.each([
    ['InvoiceLine', ublOf({ ...plain, type: '384', totalCents: -100 })],
    ['CreditNoteLine', ublOf({ ...plain, type: '381' })],
  ])('names the invoice of a credit note in its %s', async (line, document) => {
    const text = document.replace(
      '<cac:LegalMonetaryTotal>',
      `<cac:${line}><cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>FA-7</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference></cac:${line}><cac:LegalMonetaryTotal>`,
    );

    expect((await read(text)).creditNotes[0]?.settles).toEqual(['FA-7']);
  });

  it('has lines of any number, and documents attached, that change nothing', async () => {
    const line = `<cac:InvoiceLine><cbc:ID>1</cbc:ID><cac:Item><cbc:Name>A <![CDATA[</cac:InvoiceLine>]]></cbc:Name></cac:Item></cac:InvoiceLine>\n`;
    const attached = `<cac:AdditionalDocumentReference><cbc:EmbeddedDocumentBinaryObject>${'QUJDRE\n'.repeat(1_700_000)}</cbc:EmbeddedDocumentBinaryObject></cac:AdditionalDocumentReference>`;
    const text = ublOf({ ...plain, due: [{ day: 'soon' }] })
      .replace('<cac:AccountingSupplierParty>', `${attached}<cac:AccountingSupplierParty>`)
      .replace('<cac:LegalMonetaryTotal>', `${line.repeat(1_000)}<cac:LegalMonetaryTotal>`)
      .replaceAll('1200.50', 'x');

    const { rejected } = await read(text);

    const payable = rejected.find(({ column }) => column === 'Invoice/LegalMonetaryTotal/PayableAmount');
    expect(text.split('\n')[(payable?.line ?? 0) - 1]).toContain('PayableAmount');
  });

  it('with its line broken is refused, although lines are not read', async () => {
    const text = ublOf(plain).replace(
      '<cac:LegalMonetaryTotal>',
      '<cac:InvoiceLine><cbc:ID>1</cac:InvoiceLine><cac:LegalMonetaryTotal>',
    );

    await expect(read(text)).rejects.toMatchObject({ code: 'xml-malformed' });
  });

  it('says its single prepayments instead of their total', async () => {
    const prepayments = [
      ['100.00', '2026-01-02'],
      ['50.50', '2026-01-10'],
    ].map(
      ([amount, day]) =>
        `<cac:PrepaidPayment><cbc:PaidAmount currencyID="EUR">${amount}</cbc:PaidAmount><cbc:ReceivedDate>${day}</cbc:ReceivedDate></cac:PrepaidPayment>`,
    );
    const text = ublOf({ ...plain, payableCents: 105_000 }).replace(
      '<cac:LegalMonetaryTotal>',
      `${prepayments.join('')}<cac:LegalMonetaryTotal>`,
    );

    const { invoices, remarks } = await read(text);

    expect(invoices[0]).toMatchObject({ amountCents: 120_050, paidCents: 15_050 });
    expect(remarks).toEqual([]);
  });

  it('says the day on which it was settled', async () => {
    const text = ublOf({ ...plain, prepaidCents: 120_050 }).replace(
      '<cac:LegalMonetaryTotal>',
      '<cac:PrepaidPayment><cbc:PaidAmount currencyID="EUR">1200.50</cbc:PaidAmount><cbc:ReceivedDate>2026-01-10</cbc:ReceivedDate></cac:PrepaidPayment><cac:LegalMonetaryTotal>',
    );

    expect((await read(text)).invoices[0]).toMatchObject({ paidCents: 120_050, settledDate: '2026-01-10' });
  });

  it('has its due date with the way to pay', async () => {
    const text = ublOf({ ...plain, means: '58' })
      .replace(/<cbc:DueDate>.*?<\/cbc:DueDate>/, '')
      .replace(
        '</cac:PaymentMeans>',
        '<cbc:PaymentDueDate>2026-03-31</cbc:PaymentDueDate></cac:PaymentMeans>',
      );

    expect((await read(text)).invoices[0]?.dueDate).toBe('2026-03-31');
  });

  it('keeps to the due date of the document when a way to pay has another', async () => {
    const text = ublOf({ ...plain, means: '58' }).replace(
      '</cac:PaymentMeans>',
      '<cbc:PaymentDueDate>2026-03-31</cbc:PaymentDueDate></cac:PaymentMeans>',
    );

    const { invoices, remarks } = await read(text);

    expect(invoices).toHaveLength(1);
    expect(invoices[0]?.dueDate).toBe('2026-02-25');
    expect(codesOf(remarks)).toEqual(['due-dates-differ']);
  });

  it('joins terms with the ways to pay that they name', async () => {
    const means = (id: string, day: string): string =>
      `<cac:PaymentMeans><cbc:ID>${id}</cbc:ID><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode><cbc:PaymentDueDate>${day}</cbc:PaymentDueDate></cac:PaymentMeans>`;
    const term = (id: string, amount: string): string =>
      `<cac:PaymentTerms><cbc:PaymentMeansID>${id}</cbc:PaymentMeansID><cbc:Amount currencyID="EUR">${amount}</cbc:Amount></cac:PaymentTerms>`;
    const text = ublOf({ ...plain, due: [] }).replace(
      '<cac:LegalMonetaryTotal>',
      `${means('A', '2026-02-28')}${means('B', '2026-03-31')}${term('A', '200.50')}${term('B', '1000.00')}<cac:LegalMonetaryTotal>`,
    );

    const { invoices, remarks } = await read(text);

    expect(invoices.map(({ dueDate, amountCents }) => [dueDate, amountCents])).toEqual([
      ['2026-02-28', 20_050],
      ['2026-03-31', 100_000],
    ]);
    expect(remarks).toEqual([]);
  });

  it('splits by shares of a hundred, and loses no cent', async () => {
    const term = (percent: string, day: string): string =>
      `<cac:PaymentTerms><cbc:PaymentPercent>${percent}</cbc:PaymentPercent><cbc:PaymentDueDate>${day}</cbc:PaymentDueDate></cac:PaymentTerms>`;
    const text = ublOf({ ...plain, due: [], totalCents: 10_000 }).replace(
      '<cac:LegalMonetaryTotal>',
      `${term('33.33', '2026-02-28')}${term('33.33', '2026-03-31')}${term('33.34', '2026-04-30')}<cac:LegalMonetaryTotal>`,
    );

    const { invoices } = await read(text);

    expect(invoices.map(({ amountCents }) => amountCents)).toEqual([3_333, 3_333, 3_334]);
  });

  it('takes direct debit before other ways to pay, because we present it ourselves', async () => {
    const text = ublOf({ ...plain, means: '30' }).replace(
      '<cac:LegalMonetaryTotal>',
      '<cac:PaymentMeans><cbc:PaymentMeansCode name="SEPA direct debit">59</cbc:PaymentMeansCode></cac:PaymentMeans><cac:LegalMonetaryTotal>',
    );

    const { invoices, remarks } = await read(text);

    expect(invoices[0]?.paymentMethod).toBe('direct_debit');
    expect(codesOf(remarks)).toEqual(['payment-methods-several']);
  });

  it('is a credit note by its type even when its root is an Invoice', async () => {
    const { creditNotes } = await read(ublOf({ ...plain, type: '381' }, undefined, { root: 'Invoice' }));

    expect(creditNotes[0]).toMatchObject({ kind: 'credit_note', amountCents: 120_050 });
  });

  it('knows a SIRET, a French registration without a scheme, and an address for e-mail', async () => {
    const text = ublOf({ ...plain, buyer: { name: 'Dupont SARL', siren: '73282932000074', country: 'FR' } })
      .replaceAll('<cbc:CompanyID schemeID="0002">73282932000074', '<cbc:CompanyID>73282932000074')
      .replace(
        /(<cac:AccountingCustomerParty>\s*<cac:Party>)/,
        '$1<cbc:EndpointID schemeID="EM">compta@dupont.example</cbc:EndpointID>',
      );

    expect((await read(text)).invoices[0]).toMatchObject({
      debtor: { siren: '732829320' },
      contact: { email: 'compta@dupont.example' },
    });
  });

  it('takes no identifier of another scheme for the number that the seller gave the buyer', async () => {
    const text = ublOf({ ...plain, buyer: { ...plain.buyer, reference: '3456789012098' } }).replace(
      '<cbc:ID>3456789012098',
      '<cbc:ID schemeID="0088">3456789012098',
    );

    const { file, invoices } = await read(text);

    expect(invoices[0]?.debtor).not.toHaveProperty('reference');
    expect(codesOf(file.reading.notes)).toContain('identifiers-unused');
  });

  it('reads the reference of the buyer where there is no number of an order', async () => {
    const text = ublOf({ ...plain, order: 'NA' }).replace(
      '<cac:OrderReference>',
      '<cbc:BuyerReference>04011000-12345-34</cbc:BuyerReference><cac:OrderReference>',
    );

    expect((await read(text)).invoices[0]?.orderNumber).toBe('04011000-12345-34');
  });
});

describe('CII as others write it', () => {
  it('names the invoices of a credit note in its lines', async () => {
    const line = (number: string): string =>
      `<ram:IncludedSupplyChainTradeLineItem><ram:SpecifiedLineTradeSettlement><ram:InvoiceReferencedDocument><ram:IssuerAssignedID>${number}</ram:IssuerAssignedID></ram:InvoiceReferencedDocument></ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>`;
    const text = ciiOf({ ...plain, type: '381' }).replace(
      '<ram:SupplyChainTradeTransaction>',
      `<ram:SupplyChainTradeTransaction>${line('FA-1')}${line('FA-1')}${line('FA-2')}`,
    );

    expect((await read(text)).creditNotes[0]?.settles).toEqual(['FA-1', 'FA-2']);
  });

  it.each([
    ['<udt:DateTimeString format="102">20260315</udt:DateTimeString>', '2026-03-15'],
    ['<udt:DateTimeString format="203">202603151200</udt:DateTimeString>', '2026-03-15'],
    ['<qdt:DateTimeString xmlns:qdt="urn:q" format="102">20260315</qdt:DateTimeString>', '2026-03-15'],
    ['<udt:DateTimeString>20260315</udt:DateTimeString>', '2026-03-15'],
    ['<udt:DateTime>2026-03-15T00:00:00</udt:DateTime>', '2026-03-15'],
    ['<udt:DateTimeString format="610">202603</udt:DateTimeString>', undefined],
    ['<udt:DateTimeString format="101">260315</udt:DateTimeString>', undefined],
  ])('reads a due date of %s', async (written, day) => {
    const text = ciiOf(plain).replace(
      /<udt:DateTimeString format="102">20260225<\/udt:DateTimeString>/,
      written,
    );

    const { invoices, rejected } = await read(text);

    expect(invoices[0]?.dueDate).toBe(day);
    if (day === undefined) expect(codesOf(rejected)).toEqual(['date-invalid']);
  });
});
