import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { PDFDocument } from '@cantoo/pdf-lib';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyImports, releaseImports } from '../../../../db/imports.ts';
import { brokenIn } from '../../../setup/broken-in.ts';
import { openOffice } from '../../../setup/office.ts';
import type { Answer, Office } from '../../../setup/office.ts';
import { ciiOf, plain, ublOf } from './documents.ts';

let office: Office;

beforeEach(async () => {
  office = await openOffice();
});

afterEach(async () => {
  expect([...(await brokenIn(office.house))]).toEqual([]);
  await office.close();
});

async function send(content: string | Uint8Array, type = 'application/xml', query = ''): Promise<Answer> {
  const response = await office.app.inject({
    method: 'POST',
    url: `/v1/imports${query}`,
    headers: { authorization: `Bearer ${office.keys.accountant}`, 'content-type': type },
    payload: Buffer.from(content),
  });
  return {
    status: response.statusCode,
    body: response.json(),
    headers: response.headers,
    text: response.body,
  };
}

/** Sends a file and lets the workers do their part. */
async function imported(content: string | Uint8Array, type?: string): Promise<Answer['body']> {
  const sent = await send(content, type);
  expect(sent.body).toMatchObject({ id: expect.any(String) });
  await applyImports(office.house);
  return (await office.ask('GET', `/v1/imports/${sent.body.id}`)).body;
}

async function rowsOf(importId: string): Promise<Answer['body']> {
  return (await office.ask('GET', `/v1/imports/${importId}/rows`)).body.items;
}

/** Every invoice: its seller, number, term, amount, what is open of it, currency. */
async function books(): Promise<readonly string[]> {
  const rows = await office.house.db
    .selectFrom('invoice')
    .innerJoin('creditor', 'creditor.id', 'invoice.creditor_id')
    .select(['creditor.legal_name', 'number', 'term', 'amount_cents', 'balance_cents', 'invoice.currency'])
    .orderBy('creditor.legal_name')
    .orderBy('number')
    .orderBy('term')
    .execute();
  return rows.map(
    (row) =>
      `${row.legal_name} ${row.number}/${row.term}: ${row.amount_cents}, open ${row.balance_cents} ${row.currency}`,
  );
}

/** What stands to the credit of debtors, in cents below zero. */
async function credit(): Promise<readonly object[]> {
  const rows = await office.house.db
    .selectFrom('ledger_entry')
    .innerJoin('debtor', 'debtor.id', 'ledger_entry.debtor_id')
    .select(({ fn }) => ['debtor.name', 'currency', fn.sum<string>('amount_cents').as('cents')])
    .where('invoice_id', 'is', null)
    .groupBy(['debtor.name', 'currency'])
    .orderBy('debtor.name')
    .execute();
  return rows.map(({ name, currency, cents }) => ({ name, currency, cents: Number(cents) }));
}

const creditNote = {
  ...plain,
  number: 'AV-1',
  type: '381',
  due: [],
  preceding: [plain.number],
  totalCents: 20_050,
};

/** Samples that stand beside the repository and may not be handed out with it. */
const folder = new URL('../../../../../shared/data/einvoices/', import.meta.url);

describe('an e-invoice', () => {
  it.runIf(existsSync(folder))('enters from every published example, each once', async () => {
    const states: string[] = [];
    for (const syntax of ['ubl', 'cii'])
      for (const name of readdirSync(new URL(`${syntax}/`, folder)).sort()) {
        const report = await imported(readFileSync(new URL(`${syntax}/${name}`, folder)));
        const [row] = await rowsOf(report.id);
        states.push(`${name}: ${row.state}`);
      }

    expect(states).toEqual([
      'guide-example1.xml: created',
      'guide-example2.xml: created',
      'guide-example3.xml: created',
      'ubl-tc434-creditnote1.xml: created',
      'ubl-tc434-example1.xml: unchanged',
      'ubl-tc434-example2.xml: unchanged',
      // The same number of the same seller, over another amount.
      'ubl-tc434-example3.xml: updated',
      'ubl-tc434-example4.xml: created',
      // The same bytes as CII_example2.xml, which is then known.
      'CII_business_example_01.xml: unchanged',
      'CII_business_example_02.xml: created',
      'CII_example1.xml: unchanged',
      'CII_example2.xml: unchanged',
      // An earlier state of the invoice above: what the latest file says holds.
      'CII_example3.xml: updated',
    ]);
    expect(await books()).toEqual([
      'De Koksmaat 12115118/1: 25033, open 25033 EUR',
      'Salescompany ltd. TOSL108/1: 180178, open 80178 NOK',
      'SellerCompany TOSL110/1: 467500, open 467500 DKK',
      'SubscriptionSeller TOSL108/1: 112500, open 112500 DKK',
      'xxxx INV000013/1: 1190, open 1190 EUR',
    ]);
    expect(await credit()).toEqual([{ name: 'My Customer Company', currency: 'EUR', cents: -10_011 }]);
  });

  it('waits for its release, and says in its report what it was read as', async () => {
    const report = await imported(ublOf(plain));

    expect(report).toMatchObject({ state: 'applied', rows: 1, created: 1, held: 1, rejected: 0 });
    expect(report.reading).toMatchObject({ format: 'UBL 2.1 invoice', guideline: 'urn:cen.eu:en16931:2017' });
    expect(report.sums).toEqual([
      { state: 'created', rows: 1, amount: { amount: 120_050, currency: 'EUR' } },
    ]);
    await office.ask('POST', `/v1/imports/${report.id}/release`);
    await releaseImports(office.house);
    expect((await office.ask('GET', `/v1/imports/${report.id}`)).body.held).toBe(0);
  });

  it('sent again is known, and in the other syntax changes nothing', async () => {
    await imported(ublOf(plain));

    expect((await send(ublOf(plain))).status).toBe(200);
    expect(await imported(ciiOf(plain))).toMatchObject({ created: 0, updated: 0, unchanged: 1 });
    expect(await books()).toHaveLength(1);
  });

  it('comes in as a PDF, by its bytes alone', async () => {
    const document = await PDFDocument.create();
    document.addPage();
    await document.attach(Buffer.from(ciiOf(plain)), 'factur-x.xml', { mimeType: 'text/xml' });

    const report = await imported(await document.save(), 'application/pdf');
    const again = await send(await document.save(), 'text/csv');

    expect(report).toMatchObject({
      created: 1,
      reading: { format: 'Factur-X EN 16931', attachment: 'factur-x.xml' },
    });
    expect(again.status).toBeLessThan(300);
  });

  it('comes in by a form', async () => {
    const boundary = 'x-x-x';
    const body = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="invoice.xml"\r\nContent-Type: text/xml\r\n\r\n${ublOf(plain)}\r\n--${boundary}--\r\n`;

    const report = await imported(body, `multipart/form-data; boundary=${boundary}`);

    expect(report).toMatchObject({ name: 'invoice.xml', created: 1 });
  });

  it('with several due dates is several terms of one invoice, and what was prepaid a payment', async () => {
    const due = [
      { day: '2026-02-28', cents: 40_000 },
      { day: '2026-03-31', cents: 60_050 },
    ];

    await imported(ublOf({ ...plain, prepaidCents: 20_000, due }));

    expect(await books()).toEqual([
      'Ateliers Martin FA-2026-001/1: 60000, open 40000 EUR',
      'Ateliers Martin FA-2026-001/2: 60050, open 60050 EUR',
    ]);
    const payments = await office.house.db.selectFrom('payment').select(['amount_cents']).execute();
    expect(payments).toEqual([{ amount_cents: 20_000 }]);
  });

  it('with a number that two sellers use is two invoices, and currencies stay apart', async () => {
    await imported(ublOf(plain));
    await imported(
      ublOf({ ...plain, seller: { name: 'Scierie Nord', siren: '552100554' }, currency: 'USD' }),
    );

    expect(await books()).toEqual([
      'Ateliers Martin FA-2026-001/1: 120050, open 120050 EUR',
      'Scierie Nord FA-2026-001/1: 120050, open 120050 USD',
    ]);
    expect(await office.house.db.selectFrom('debtor').select('id').execute()).toHaveLength(1);
  });

  it.each([
    ['paid by direct debit', { means: '59' }],
    ['assigned to a factor', { type: '393' }],
  ])('that is %s is chased by nobody', async (_what, change) => {
    const report = await imported(ublOf({ ...plain, ...change }));

    const { body } = await office.ask('GET', `/v1/imports/${report.id}/preview`);

    expect(body.days).toEqual([]);
    expect(body.silent).toMatchObject([{ invoices: 1 }]);
  });

  it('that can be chased is, so that the silence above is no accident', async () => {
    const report = await imported(ublOf({ ...plain, means: '58' }));

    const { body } = await office.ask('GET', `/v1/imports/${report.id}/preview`);

    expect(body.days.length).toBeGreaterThan(0);
  });

  it('without a due date is a rejected row that names element and remedy', async () => {
    const report = await imported(ublOf({ ...plain, due: [] }));

    expect(report).toMatchObject({ rows: 1, created: 0, rejected: 1 });
    const [row] = await rowsOf(report.id);
    expect(row.problems).toMatchObject([{ code: 'due-date-missing', column: 'Invoice/DueDate' }]);
    expect(row.content.raw).toContain('FA-2026-001');
  });

  it.each([
    ['a DTD', ublOf(plain).replace('?>\n', '?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n'), 'xml-has-dtd'],
    ['a tag that is not closed', ublOf(plain).replace('</cac:Party>', ''), 'xml-malformed'],
    ['another document', '<Order xmlns="urn:o"/>', 'xml-not-an-invoice'],
    ['a PDF without an invoice', '%PDF-1.7\n', 'pdf-broken'],
  ])('is refused with 400 and stores nothing: %s', async (_what, text, code) => {
    const { status, body } = await send(text);

    expect(status).toBe(400);
    expect(body).toMatchObject({ code, field: 'file', remedy: expect.stringMatching(/.{10}/) });
    expect((await office.ask('GET', '/v1/imports')).body.items).toEqual([]);
  });

  it('without a seller is asked whose it is when there are several', async () => {
    const [first] = [await office.creditor(), await office.creditor()];
    const text = ublOf({ ...plain, seller: { name: '' } });

    const asked = await send(text);

    expect(asked).toMatchObject({ status: 422, body: { questions: [{ code: 'seller' }] } });
    expect((await send(text, 'text/xml', `?seller=${first}`)).status).toBe(202);
  });
});

describe('a credit note', () => {
  it('settles the invoice that it names', async () => {
    await imported(ublOf(plain));

    const report = await imported(ublOf(creditNote));

    expect(report).toMatchObject({ created: 1, rejected: 0, remarks: [], held: 0 });
    expect(report.sums).toEqual([
      { state: 'created', rows: 1, amount: { amount: -20_050, currency: 'EUR' } },
    ]);
    expect(await books()).toEqual(['Ateliers Martin FA-2026-001/1: 120050, open 100000 EUR']);
    expect(await credit()).toEqual([]);
  });

  it('settles the terms of its invoice in their order, and leaves the rest as credit', async () => {
    const due = [
      { day: '2026-02-28', cents: 60_000 },
      { day: '2026-03-31', cents: 60_050 },
    ];
    await imported(ublOf({ ...plain, due }));
    await imported(ublOf({ ...creditNote, totalCents: 70_000 }));

    expect(await books()).toEqual([
      'Ateliers Martin FA-2026-001/1: 60000, open 0 EUR',
      'Ateliers Martin FA-2026-001/2: 60050, open 50050 EUR',
    ]);

    const report = await imported(ublOf({ ...creditNote, number: 'AV-2', totalCents: 51_000 }));

    expect(report.remarks).toMatchObject([{ code: 'credit-unallocated' }]);
    expect(await credit()).toEqual([{ name: 'Dupont SARL', currency: 'EUR', cents: -950 }]);
  });

  it('before its invoice is credit, and stays so when the invoice comes, until a person allocates it', async () => {
    const report = await imported(ciiOf(creditNote));

    expect(report.remarks).toMatchObject([
      { code: 'credit-unallocated', example: expect.stringContaining('FA-2026-001 is not known here') },
    ]);
    await imported(ublOf(plain));
    expect(await books()).toEqual(['Ateliers Martin FA-2026-001/1: 120050, open 120050 EUR']);
    expect(await credit()).toEqual([{ name: 'Dupont SARL', currency: 'EUR', cents: -20_050 }]);
    const { id } = await office.house.db.selectFrom('credit_note').select('id').executeTakeFirstOrThrow();
    await office.ask('POST', `/v1/credit-notes/${id}/allocations`, {}, { as: 'accountant' });
    expect(await books()).toEqual(['Ateliers Martin FA-2026-001/1: 120050, open 100000 EUR']);
  });

  it('that names nothing, another currency or the invoice of somebody else, touches none', async () => {
    await imported(ublOf(plain));

    await imported(ublOf({ ...creditNote, number: 'AV-2', preceding: [] }));
    await imported(ublOf({ ...creditNote, number: 'AV-3', currency: 'USD' }));
    await imported(
      ublOf({ ...creditNote, number: 'AV-4', buyer: { name: 'Durand SA', siren: '552100554' } }),
    );
    await imported(ublOf({ ...creditNote, number: 'AV-5', seller: { name: 'Scierie Nord' } }));

    expect(await books()).toEqual(['Ateliers Martin FA-2026-001/1: 120050, open 120050 EUR']);
    expect(await credit()).toEqual([
      { name: 'Dupont SARL', currency: 'EUR', cents: -40_100 },
      { name: 'Dupont SARL', currency: 'USD', cents: -20_050 },
      { name: 'Durand SA', currency: 'EUR', cents: -20_050 },
    ]);
  });

  it('is that of the debtor of its invoice, however he is written', async () => {
    await imported(ublOf({ ...plain, buyer: { name: 'Dupont SARL' } }));
    await imported(ublOf({ ...creditNote, buyer: { name: 'DUPONT ET FILS', siren: '732829320' } }));

    expect(await office.house.db.selectFrom('debtor').select(['name', 'siren']).execute()).toEqual([
      { name: 'Dupont SARL', siren: '732829320' },
    ]);
    expect(await books()).toEqual(['Ateliers Martin FA-2026-001/1: 120050, open 100000 EUR']);
  });

  it('is recorded once, in whatever syntax it comes, and a second of its number is rejected', async () => {
    await imported(ublOf(plain));
    await imported(ublOf(creditNote));

    const again = await imported(ciiOf(creditNote));
    expect(again).toMatchObject({ created: 0, unchanged: 1 });
    expect(again.sums).toEqual([
      { state: 'unchanged', rows: 1, amount: { amount: -20_050, currency: 'EUR' } },
    ]);
    const report = await imported(ciiOf({ ...creditNote, totalCents: 30_000 }));

    expect(report).toMatchObject({ created: 0, rejected: 1 });
    expect((await rowsOf(report.id))[0].problems).toMatchObject([{ code: 'credit-note-differs' }]);
    expect(await books()).toEqual(['Ateliers Martin FA-2026-001/1: 120050, open 100000 EUR']);
  });

  it.each([
    [
      'whose ledger entries say less',
      'update ledger_entry set amount_cents = amount_cents + 1 where credit_note_id is not null and invoice_id is null',
      'update ledger_entry set amount_cents = amount_cents - 1 where credit_note_id is not null and invoice_id is null',
      'line 2 created a credit note over -20050 cents EUR; the ledger says -20049',
    ],
    [
      'whose ledger entries are in another currency',
      `update ledger_entry set currency = 'USD' where credit_note_id is not null`,
      `update ledger_entry set currency = 'EUR' where credit_note_id is not null`,
      'line 2 created a credit note over -20050 cents EUR; the ledger says nothing',
    ],
    [
      'whose row says that it is owed',
      'update import_row set amount_cents = 20050 where amount_cents = -20050',
      'update import_row set amount_cents = -20050 where amount_cents = 20050',
      'line 2 created a credit note over 20050 cents EUR; the ledger says -20050',
    ],
    [
      'whose row says no amount',
      'update import_row set amount_cents = null where amount_cents = -20050',
      'update import_row set amount_cents = -20050 where amount_cents is null',
      'line 2 created a credit note over  cents EUR; the ledger says -20050',
    ],
    [
      'that its row does not name',
      'update import_row set credit_note_id = null where amount_cents = -20050',
      'update import_row set credit_note_id = (select id from credit_note) where amount_cents = -20050',
      'line 2 created a credit note over -20050 cents EUR; the ledger says nothing',
    ],
  ])('is found by verify: one %s (I18)', async (_what, breakIt, mendIt, what) => {
    await imported(ublOf({ ...plain, totalCents: 20_000 }));
    const { id } = await imported(ublOf(creditNote));
    expect([...(await brokenIn(office.house))]).toEqual([]);

    await sql.raw(breakIt).execute(office.house.db);

    const found = (await brokenIn(office.house)).get('I18');
    await sql.raw(mendIt).execute(office.house.db);
    expect(found).toEqual([{ subject: `import/${id}`, what }]);
  });

  it('written as a negative invoice settles its invoice too', async () => {
    await imported(ublOf(plain));

    await imported(ublOf({ ...creditNote, type: '384', totalCents: -20_050 }));

    expect(await books()).toEqual(['Ateliers Martin FA-2026-001/1: 120050, open 100000 EUR']);
  });

  it('ends the life of an invoice that it settles whole', async () => {
    await imported(ublOf(plain));
    await imported(ublOf({ ...creditNote, totalCents: 120_050 }));

    const { open } = await office.house.db.selectFrom('invoice').select('open').executeTakeFirstOrThrow();
    expect(open).toBe(false);
  });

  it('leaves what is said of the invoice to files about the invoice', async () => {
    await imported(ublOf(plain));
    await imported(ublOf(creditNote));

    const report = await imported(ciiOf({ ...plain, due: [{ day: '2026-04-30' }] }));

    expect(report).toMatchObject({ updated: 1 });
    expect(await books()).toEqual(['Ateliers Martin FA-2026-001/1: 120050, open 100000 EUR']);
  });
});
