import { existsSync, readFileSync } from 'node:fs';
import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHouse } from '../../db/house.ts';
import { applyImports, releaseImports } from '../../db/imports.ts';
import { importHold } from '../../db/registration.ts';
import { apply } from '../../domain/apply.ts';
import { calendarCovering } from '../../db/calendars.ts';
import { addWorkingDays, dayAt } from '../../domain/calendar.ts';
import type { Collection } from '../../domain/collection.ts';
import { lifeAhead } from '../../domain/life-ahead.ts';
import { collectionFrom } from '../../db/journal.ts';
import { brokenIn } from '../setup/broken-in.ts';
import { openOffice } from '../setup/office.ts';
import type { Answer, Office } from '../setup/office.ts';

let office: Office;

beforeEach(async () => {
  office = await openOffice();
});

afterEach(async () => {
  expect([...(await brokenIn(office.house))]).toEqual([]);
  await office.close();
});

const headers =
  'Vendeur;Client;SIREN client;E-mail;Facture;Date facture;Échéance;Montant TTC;Devise;Déjà réglé;Mode de règlement;Litige';

/** A file of invoices, one cell list per row, as a French spreadsheet writes it. */
function csv(...rows: readonly string[]): string {
  return [headers, ...rows].join('\r\n');
}

function row(
  number: string,
  given: Partial<
    Record<
      | 'seller'
      | 'client'
      | 'siren'
      | 'email'
      | 'issued'
      | 'due'
      | 'amount'
      | 'currency'
      | 'paid'
      | 'method'
      | 'disputed',
      string
    >
  > = {},
): string {
  const cells = {
    seller: 'Ateliers Martin',
    client: 'Dupont SARL',
    siren: '',
    email: 'compta@dupont.example',
    issued: '15/01/2026',
    due: '25/02/2026',
    amount: '1 200,50',
    currency: 'EUR',
    paid: '',
    method: '',
    disputed: '',
    ...given,
  };
  return [
    cells.seller,
    cells.client,
    cells.siren,
    cells.email,
    number,
    cells.issued,
    cells.due,
    cells.amount,
    cells.currency,
    cells.paid,
    cells.method,
    cells.disputed,
  ].join(';');
}

async function send(text: string | Buffer, query = ''): Promise<Answer> {
  const response = await office.app.inject({
    method: 'POST',
    url: `/v1/imports${query}`,
    headers: { authorization: `Bearer ${office.keys.accountant}`, 'content-type': 'text/csv' },
    payload: text,
  });
  const isJson = String(response.headers['content-type']).includes('json');
  return {
    status: response.statusCode,
    body: isJson ? response.json() : undefined,
    headers: response.headers,
    text: response.body,
  };
}

/** Sends a file and lets the workers do their part. */
async function imported(text: string | Buffer, query = ''): Promise<Answer['body']> {
  const sent = await send(text, query);
  expect([200, 202]).toContain(sent.status);
  await applyImports(office.house);
  return (await office.ask('GET', `/v1/imports/${sent.body.id}`)).body;
}

async function rowsOf(importId: string, state?: string): Promise<Answer['body']> {
  return (await office.ask('GET', `/v1/imports/${importId}/rows?limit=200${state ? `&state=${state}` : ''}`))
    .body.items;
}

async function invoice(number: string) {
  return office.house.db
    .selectFrom('invoice')
    .selectAll()
    .where('number', '=', number)
    .executeTakeFirstOrThrow();
}

/** Ends every connection of the house, as a crash of the process would. */
async function killConnections(): Promise<void> {
  const client = new pg.Client({ connectionString: office.database.superUrl });
  await client.connect();
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  await client.end();
}

/** A sample that stands beside the repository and may not be handed out with it. */
const portfolio = new URL(
  '../../../shared/data/portfolio/accounts-receivable-2012-2013.csv',
  import.meta.url,
);

describe('an import', () => {
  it.runIf(existsSync(portfolio))(
    'takes the sample portfolio as it is',
    async () => {
      const report = await imported(readFileSync(portfolio));

      expect(report).toMatchObject({
        state: 'applied',
        rows: 2466,
        created: 2466,
        updated: 0,
        unchanged: 0,
        rejected: 0,
        held: 0,
      });
      expect(report.sums).toEqual([
        { state: 'created', rows: 2466, amount: { amount: 14_770_318, currency: 'EUR' } },
      ]);
      expect(report.reading.notes.map(({ code }: { code: string }) => code)).toEqual(
        expect.arrayContaining(['currency-missing', 'debtor-name-missing', 'settled-date']),
      );
      const { open, debtors } = await office.house.db
        .selectFrom('invoice')
        .select(({ fn }) => [
          fn.count<number>('id').filterWhere('open', '=', true).as('open'),
          fn.count<number>('debtor_id').distinct().as('debtors'),
        ])
        .executeTakeFirstOrThrow();
      expect([open, debtors]).toEqual([0, 100]);
      const words = await office.house.db
        .selectFrom('outbox')
        .select('id')
        .where('delivered_at', 'is', null)
        .execute();
      expect(words).toEqual([]); // Nothing starts for an invoice that arrives settled.
    },
    60_000,
  );

  it('does nothing with a file that it has read, under whatever name it comes', async () => {
    const first = await imported(csv(row('F1'), row('F2')));

    const again = await send(csv(row('F1'), row('F2')), '?name=autre.csv');

    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ known: true, id: first.id, created: 2 });
    expect((await office.ask('GET', '/v1/imports')).body.items).toHaveLength(1);
  });

  it('makes one import of a file that two people send at once', async () => {
    const answers = await Promise.all([send(csv(row('F1'))), send(csv(row('F1'))), send(csv(row('F1')))]);

    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 200, 202]);
    await applyImports(office.house);
    expect(await office.house.db.selectFrom('invoice').select('id').execute()).toHaveLength(1);
  });

  it('updates the one row that changed, and lists what was and what is', async () => {
    await imported(csv(row('F1'), row('F2')));

    const report = await imported(csv(row('F1', { due: '31/03/2026', amount: '900,00' }), row('F2')));

    expect(report).toMatchObject({ created: 0, updated: 1, unchanged: 1, rejected: 0 });
    const [updated] = await rowsOf(report.id, 'updated');
    expect(updated.changes).toEqual([
      { field: 'amountCents', from: 120_050, to: 90_000, applied: true },
      { field: 'dueDate', from: '2026-02-25', to: '2026-03-31', applied: true },
    ]);
    expect(await invoice('F1')).toMatchObject({
      amount_cents: 90_000,
      balance_cents: 90_000,
      due_date: '2026-03-31',
    });
  });

  it('records what a later file says is paid as a payment, and no more than that', async () => {
    await imported(csv(row('F1', { paid: '200,00' })));
    await imported(csv(row('F1', { paid: '500,00' })));

    expect((await invoice('F1')).balance_cents).toBe(70_050);
    const payments = await office.house.db
      .selectFrom('payment')
      .select('amount_cents')
      .orderBy('id')
      .execute();
    expect(payments.map((payment) => payment.amount_cents)).toEqual([20_000, 30_000]);
  });

  it('leaves alone what people changed since, until the file says something new of it', async () => {
    await imported(csv(row('F1')));
    const { id } = await invoice('F1');
    await office.ask('POST', `/v1/invoices/${id}/correction`, { dueDate: '2026-05-31' });

    const report = await imported(csv(row('F1'), row('F2')));

    expect(report).toMatchObject({ created: 1, unchanged: 1 });
    expect((await invoice('F1')).due_date).toBe('2026-05-31');
  });

  // The file and the ledger say two things of one debt: a person decides, and must hear of it.
  it('counts and lists what it says otherwise and what was left as it was', async () => {
    const owing = (left: string) => csv(row('F1', { paid: left }), row('F2'));
    await imported(owing('1 200,50'));

    const report = await imported(owing('800,50'));
    const again = await imported(`${owing('800,50')}\r\n`);

    expect(report).toMatchObject({ updated: 0, unchanged: 2, differing: 1 });
    expect(report.differences).toEqual([
      { field: 'paidCents', rows: 1, example: { line: 2, from: 120_050, to: 80_050 } },
    ]);
    const { items } = (await office.ask('GET', `/v1/imports/${report.id}/rows?differing=true`)).body;
    expect(items).toMatchObject([
      { line: 2, changes: [{ field: 'paidCents', from: 120_050, to: 80_050, applied: false }] },
    ]);
    expect(await invoice('F1')).toMatchObject({ balance_cents: 0, open: false });
    // As long as the invoice is closed on one word and owed on the other, no file is silent about it.
    expect(again).toMatchObject({ unchanged: 2, differing: 1 });
  });

  it('is silent about what people recorded and the file does not know yet', async () => {
    await imported(csv(row('F1')));
    const { id } = await invoice('F1');
    await office.ask('POST', `/v1/invoices/${id}/payments`, { amount: { amount: 20_000, currency: 'EUR' } });

    expect(await imported(csv(row('F1'), row('F2')))).toMatchObject({ unchanged: 1, differing: 0 });
  });

  it('rejects a bad row with its line, field and remedy, and lets the good ones in', async () => {
    const report = await imported(csv(row('F1'), row('F2', { amount: 'abc' }), row('F3', { due: '' })));

    expect(report).toMatchObject({ rows: 3, created: 1, rejected: 2 });
    const [first, second] = await rowsOf(report.id, 'rejected');
    expect(first.problems[0]).toMatchObject({
      line: 3,
      field: 'amount',
      remedy: expect.stringMatching(/.+/),
    });
    expect(second.problems[0]).toMatchObject({ line: 4, field: 'dueDate' });
  });

  it('rejects a second row with the key of the first that says something else, and passes over a repeat', async () => {
    const report = await imported(csv(row('F1'), row('F1'), row('F1', { due: '31/03/2026' })));

    expect(report).toMatchObject({ created: 1, unchanged: 1, rejected: 1 });
    expect((await rowsOf(report.id, 'rejected'))[0].problems[0]).toMatchObject({
      code: 'key-twice',
      line: 4,
    });
  });

  it('rejects a row that contradicts the invoice whose key it has', async () => {
    await imported(csv(row('F1', { siren: '732829320' }), row('F2')));

    const report = await imported(csv(row('F1', { siren: '552100554' }), row('F2', { currency: 'USD' })));

    expect(
      (await rowsOf(report.id, 'rejected')).map(
        (rejected: { problems: { code: string }[] }) => rejected.problems[0]?.code,
      ),
    ).toEqual(['debtor-differs', 'currency-differs']);
    expect(await office.house.db.selectFrom('debtor').select('id').execute()).toHaveLength(1);
  });

  it('asks what the file leaves open, stores nothing, and reads it with the answer', async () => {
    const ambiguous = csv(row('F1', { issued: '02/01/2026', due: '03/02/2026' }));

    const asked = await send(ambiguous);

    expect(asked.status).toBe(422);
    expect(asked.body.questions[0]).toMatchObject({ code: 'date-order' });
    expect(asked.body.errors[0].remedy).toMatch(/dateFormat/);
    expect((await office.ask('GET', '/v1/imports')).body.items).toEqual([]);
    const answers = encodeURIComponent(JSON.stringify({ dateFormat: { issueDate: 'dmy', dueDate: 'dmy' } }));
    await imported(ambiguous, `?answers=${answers}`);
    expect((await invoice('F1')).due_date).toBe('2026-02-03');
  });

  it('asks who the seller is when the file names none and there are several', async () => {
    const [first] = [await office.creditor(), await office.creditor()];
    const file = 'Client;Facture;Échéance;Montant TTC\nDupont;F1;25/02/2026;100,00';

    const asked = await send(file);

    expect(asked.status).toBe(422);
    expect(asked.body.questions[0]).toMatchObject({ code: 'seller', choices: [{ answer: first }, {}] });
    await imported(file, `?seller=${first}`);
    expect((await invoice('F1')).creditor_id).toBe(first);
  });

  it('asks which day a settlement date is that is still to come, and closes nothing meanwhile', async () => {
    const file =
      'Vendeur;Client;Facture;Échéance;Montant TTC;Date règlement\nMartin;Dupont;F1;25/02/2026;100,00;31/12/2026';

    const asked = await send(file);
    const answers = encodeURIComponent(JSON.stringify({ columns: { settledDate: 'Date règlement' } }));
    const report = await imported(file, `?answers=${answers}`);

    expect(asked.body.questions).toMatchObject([{ field: 'settledDate', choices: [{}, { answer: null }] }]);
    expect(await invoice('F1')).toMatchObject({ balance_cents: 10_000, open: true });
    expect(report.remarks.map(({ code }: { code: string }) => code)).toContain('settled-in-future');
  });

  it('never chases by transfer what an unknown word may say is debited', async () => {
    const file = csv(row('F1', { method: 'TRT' }), row('F2', { method: 'Prélèvement 30j' }));

    const asked = await send(file);
    const answers = encodeURIComponent(JSON.stringify({ paymentMethod: { TRT: 'bill_of_exchange' } }));
    await imported(file, `?answers=${answers}`);

    expect(asked.body.errors[0]).toMatchObject({
      field: 'Mode de règlement',
      problem: expect.stringContaining('"TRT"') as string,
    });
    const methods = [(await invoice('F1')).collection, (await invoice('F2')).collection] as Collection[];
    expect(methods.map(({ paidBy }) => paidBy)).toEqual(['bill_of_exchange', 'direct_debit']);
  });

  it('says what is wrong with a file that is none', async () => {
    const answer = await send('PK\u0003\u0004 a spreadsheet');

    expect(answer).toMatchObject({ status: 400, body: { field: 'file' } });
    expect(answer.body.remedy).toMatch(/.+/);
  });

  it('opens a dispute for an invoice that is marked as disputed', async () => {
    await imported(csv(row('F1', { disputed: 'oui' })));

    const disputes = await office.house.db
      .selectFrom('dispute')
      .select(['reason', 'contested_cents', 'state', 'stage', 'qualify_by', 'opened_on'])
      .execute();
    expect(disputes).toMatchObject([
      { reason: 'imported', contested_cents: 120_050, state: 'open', stage: 'qualification' },
    ]);
    expect(disputes[0]?.qualify_by).toBe(
      addWorkingDays(calendarCovering('FR', 'Europe/Paris', 2026), disputes[0]?.opened_on ?? '', 5),
    );
    const matters = await office.house.db.selectFrom('matter').select('kind').execute();
    expect(matters).toEqual([{ kind: 'dispute' }]);
  });

  it('knows a debtor again by his registration, fills what was empty and reports what differs', async () => {
    await imported(csv(row('F1', { client: 'Dupont SARL', siren: '732829320', email: '' })));

    const report = await imported(
      csv(row('F2', { client: 'DUPONT ET FILS', siren: '732829320', email: 'compta@dupont.example' })),
    );

    const debtors = await office.house.db.selectFrom('debtor').select('name').execute();
    expect(debtors).toEqual([{ name: 'Dupont SARL' }]);
    const [created] = await rowsOf(report.id, 'created');
    expect(created.changes).toContainEqual({
      field: 'debtor.name',
      from: 'Dupont SARL',
      to: 'DUPONT ET FILS',
      applied: false,
    });
    const first = (await invoice('F1')).collection as Collection;
    expect(first.debtor.reach.email).toBe(1); // The invoice of the earlier file hears of the new address.
  });

  it('stops the chasing of a known debtor who turns out to be a consumer', async () => {
    await imported(csv(row('F1', { siren: '732829320' })));

    const report = await imported(
      `${headers};Type de client\r\n${row('F2', { siren: '732829320' })};Particulier`,
    );

    const [created] = await rowsOf(report.id, 'created');
    expect(created.changes).toEqual([
      { field: 'debtor.kind', from: 'company', to: 'consumer', applied: true },
    ]);
    for (const number of ['F1', 'F2']) {
      const { id } = await invoice(number);
      const { body } = await office.ask('GET', `/v1/invoices/${id}/why`);
      expect(body.next.reasons).toContainEqual(expect.objectContaining({ code: 'not_chased' }));
    }
  });

  // The same debt under two creditors would be two invoices, and two letters.
  it('knows a seller by his SIREN and by the French VAT number that holds it', async () => {
    const creditor = await office.creditor();
    const { siren } = await office.house.db
      .selectFrom('creditor')
      .select('siren')
      .where('id', '=', creditor)
      .executeTakeFirstOrThrow();
    const vat = `FR${String((12 + 3 * (Number(siren) % 97)) % 97).padStart(2, '0')}${siren}`;
    const file = (header: string, seller: string, due: string) =>
      `${header};Client;Facture;Échéance;Montant TTC\n${seller};Dupont;P-1;${due};100,00`;

    await imported(file('SIREN vendeur', siren!, '25/02/2026'));
    const second = await imported(file('TVA vendeur', vat, '26/02/2026'));

    expect(second).toMatchObject({ created: 0, updated: 1 });
    const creditors = await office.house.db.selectFrom('creditor').select(['siren', 'vat_number']).execute();
    expect(creditors).toEqual([{ siren, vat_number: vat }]);
  });

  it('learns the registration of a seller whom it knew by name, and tells namesakes apart by it', async () => {
    const file = (number: string, siren: string) =>
      `Vendeur;SIREN vendeur;Client;Facture;Échéance;Montant TTC\nMartin;${siren};Dupont;${number};25/02/2026;100,00`;

    await imported(file('F1', ''));
    await imported(file('F2', '732829320'));
    await imported(file('F3', '552100554'));

    const creditors = await office.house.db
      .selectFrom('creditor')
      .select(['key', 'siren'])
      .orderBy('id')
      .execute();
    expect(creditors).toEqual([
      { key: 'Martin', siren: '732829320' },
      { key: '552100554', siren: '552100554' },
    ]);
  });

  it('comes as a file of a form as well, larger than any other request', async () => {
    const text = csv(
      ...Array.from({ length: 4_000 }, (_, index) => row(`F${index}`, { client: `Client ${index % 50}` })),
    );
    const boundary = 'relance';
    const payload = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="mars.csv"\r\nContent-Type: text/csv\r\n\r\n${text}\r\n--${boundary}--\r\n`;

    const response = await office.app.inject({
      method: 'POST',
      url: '/v1/imports',
      headers: {
        authorization: `Bearer ${office.keys.accountant}`,
        'content-type': `multipart/form-data; boundary=${boundary}`,
      },
      payload,
    });

    expect(payload.length).toBeGreaterThan(256 * 1024);
    expect(response.statusCode).toBe(202);
    expect(response.json()).toMatchObject({ name: 'mars.csv', rows: 4_000, state: 'applying' });
  });

  it('gives the same answer to the same key, and refuses another file under it', async () => {
    const ask = (text: string) =>
      office.app.inject({
        method: 'POST',
        url: '/v1/imports',
        headers: {
          authorization: `Bearer ${office.keys.accountant}`,
          'content-type': 'text/csv',
          'idempotency-key': 'march',
        },
        payload: text,
      });

    const [first, again, other] = [
      await ask(csv(row('F1'))),
      await ask(csv(row('F1'))),
      await ask(csv(row('F2'))),
    ];

    expect(again.json().id).toBe(first.json().id);
    expect(other.statusCode).toBe(422);
  });
});

describe('applying an import', () => {
  const many = csv(
    ...Array.from({ length: 60 }, (_, index) => row(`F${index}`, { client: `Client ${index % 7}` })),
  );

  it('goes on after a crash in the middle, and nothing enters twice', async () => {
    const { body } = await send(many);
    let calls = 0;
    const clock = {
      ...office.clock,
      now: async () => {
        calls += 1;
        if (calls === 6) await killConnections();
        return office.clock.now();
      },
    };

    await expect(applyImports({ ...office.house, clock }, { rowsAtOnce: 10 })).rejects.toThrow();
    const half = (await office.ask('GET', `/v1/imports/${body.id}`)).body;
    await applyImports(office.house, { rowsAtOnce: 10 });

    expect(half.created).toBeGreaterThan(0);
    expect(half.created).toBeLessThan(60);
    expect((await office.ask('GET', `/v1/imports/${body.id}`)).body).toMatchObject({
      state: 'applied',
      created: 60,
      rejected: 0,
    });
    expect(await office.house.db.selectFrom('invoice').select('id').execute()).toHaveLength(60);
  });

  it('is shared by processes that come at once', async () => {
    await send(many);
    const second = await openHouse(office.database.url, { clock: office.clock });

    await Promise.all([
      applyImports(office.house, { rowsAtOnce: 10 }),
      applyImports(second, { rowsAtOnce: 10 }),
    ]);

    await second.db.destroy();
    expect(
      await office.house.db.selectFrom('import').select(['state', 'created', 'rejected']).execute(),
    ).toEqual([{ state: 'applied', created: 60, rejected: 0 }]);
  });

  it('rejects alone the row that cannot be recorded', async () => {
    const { body } = await send(csv(row('F1'), row('F2'), row('F3')));
    // A value that the reading would not let through: what if one day it does?
    await sql`update import_row set content = jsonb_set(content, '{dueDate}', '"2026-02-31"') where place = 2`.execute(
      office.house.db,
    );

    await applyImports(office.house);

    expect((await office.ask('GET', `/v1/imports/${body.id}`)).body).toMatchObject({
      state: 'applied',
      created: 2,
      rejected: 1,
    });
    expect((await rowsOf(body.id, 'rejected'))[0].problems[0]).toMatchObject({
      code: 'cannot-be-recorded',
      line: 3,
    });
  });
});

describe('the preview of an import', () => {
  it('says to whom nothing goes, and why', async () => {
    const report = await imported(
      csv(
        row('F1', { method: 'prélèvement' }),
        row('F2', { paid: '1 200,50' }),
        row('F3', { disputed: 'oui' }),
        row('F4', { client: 'Sans Adresse', email: '' }),
        row('F5'),
      ),
    );

    const { body } = await office.ask('GET', `/v1/imports/${report.id}/preview`);

    expect(body).toMatchObject({ open: 4, looked: 4, settled: 1 });
    const reasons = body.silent.map(
      ({ code, detail, invoices }: { code: string; detail: string | null; invoices: number }) => [
        code,
        detail,
        invoices,
      ],
    );
    expect(reasons).toEqual(
      expect.arrayContaining([
        ['not_chased', 'direct_debit', 1],
        ['disputed_whole', null, 1],
        ['unreachable', null, 1],
      ]),
    );
    expect(body.creditors).toMatchObject([
      {
        name: 'Ateliers Martin',
        missing: ['siren', 'address', 'iban', 'senderName', 'replyTo'],
        invoices: 4,
      },
    ]);
    expect(
      body.days.every((day: { messages: number; blocked: number }) => day.blocked === day.messages),
    ).toBe(true);
  });

  it('shows the very days and levels that decide would live, with one message per debtor and day', async () => {
    const rows = Array.from({ length: 40 }, (_, index) =>
      row(`F${index}`, {
        client: `Client ${index % 6}`,
        email: `c${index % 6}@x.example`,
        due: `${String(1 + (index % 27)).padStart(2, '0')}/0${2 + (index % 3)}/2026`,
      }),
    );
    const report = await imported(csv(...rows));
    const now = await office.clock.now();

    const { body } = await office.ask('GET', `/v1/imports/${report.id}/preview`);

    const messages = new Set<string>();
    for (const stored of await office.house.db.selectFrom('invoice').selectAll().execute()) {
      const file = await collectionFrom(office.house.db, office.house.rules, stored.collection);
      const hold = file.holds.find(({ reason }) => reason === importHold)!;
      const free = apply(file, {
        type: 'holdLifted',
        holdId: hold.holdId,
        n: 2,
        at: now,
        day: dayAt(file.calendar, now),
        by: { kind: 'user', id: 'x' },
      });
      for (const step of lifeAhead(free, now).steps)
        if (step.channel !== 'internal')
          messages.add(
            [
              file.debtorId,
              dayAt(file.calendar, step.at),
              step.channel,
              step.level === 'formal_notice',
            ].join(),
          );
    }
    expect(body.days.reduce((sum: number, day: { messages: number }) => sum + day.messages, 0)).toBe(
      messages.size,
    );
    expect(messages.size).toBeGreaterThan(40);
  });
});

describe('the release of an import', () => {
  it('is needed before any life begins, and lifts the hold of every open invoice', async () => {
    const report = await imported(csv(row('F1'), row('F2', { paid: '1 200,50' }), row('F3')));
    expect(report.held).toBe(2);
    expect((await invoice('F1')).state).toBe('held');

    const answer = await office.ask('POST', `/v1/imports/${report.id}/release`);
    await releaseImports(office.house);

    expect(answer.status).toBe(202);
    expect((await office.ask('GET', `/v1/imports/${report.id}`)).body).toMatchObject({
      held: 0,
      releaseFinishedAt: expect.any(String),
    });
    expect((await invoice('F1')).state).toBe('waiting');
    const words = await office.house.db
      .selectFrom('outbox')
      .select(['type', 'lane'])
      .where('delivered_at', 'is', null)
      .execute();
    expect(words).toEqual([
      { type: 'holdLifted', lane: 1 },
      { type: 'holdLifted', lane: 1 },
    ]);
  });

  it('goes on after a crash in the middle', async () => {
    const report = await imported(
      csv(...Array.from({ length: 30 }, (_, index) => row(`F${index}`, { client: `Client ${index}` }))),
    );
    await office.ask('POST', `/v1/imports/${report.id}/release`);
    let calls = 0;
    const clock = {
      ...office.clock,
      now: async () => {
        calls += 1;
        if (calls === 3) await killConnections();
        return office.clock.now();
      },
    };

    await expect(releaseImports({ ...office.house, clock }, { invoicesAtOnce: 5 })).rejects.toThrow();
    const half = (await office.ask('GET', `/v1/imports/${report.id}`)).body.held;
    await releaseImports(office.house, { invoicesAtOnce: 5 });

    expect(half).toBe(20);
    expect((await office.ask('GET', `/v1/imports/${report.id}`)).body.held).toBe(0);
    const lifted = await office.house.db
      .selectFrom('journal')
      .select('seq')
      .where('type', '=', 'holdLifted')
      .execute();
    expect(lifted).toHaveLength(30);
  });

  it('can be asked for with a file that was read before', async () => {
    const report = await imported(csv(row('F1')));

    const again = await send(csv(row('F1')), '?release=true');
    await releaseImports(office.house);

    expect(again).toMatchObject({ status: 200, body: { id: report.id, known: true } });
    expect(again.body.releasedAt).not.toBeNull();
    expect((await office.ask('GET', `/v1/imports/${report.id}`)).body.held).toBe(0);
  });

  it('can be asked for with the file', async () => {
    const report = await imported(csv(row('F1')), '?release=true');
    await releaseImports(office.house);

    expect((await office.ask('GET', `/v1/imports/${report.id}`)).body).toMatchObject({
      held: 0,
      releasedAt: expect.any(String),
    });
  });
});
