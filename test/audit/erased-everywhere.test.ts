import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyImports } from '../../db/imports.ts';
import { storeEvents } from '../../db/provider-events.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { brokenIn } from '../setup/broken-in.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';
import { whereInClear } from '../setup/where-in-clear.ts';

/** Somebody of a company that bears his name, who was known by other words before. */
const before = { email: 'old.zoe@canari.example', mobile: '+33611223344', name: 'Zoé Pinsonnet' };
const today = {
  email: 'zoe.quenouille@canari.example',
  mobile: '+33655443322',
  name: 'Zoé Quenouille',
  address: ['7 impasse du Canari', '64000 Pau'],
};
const canaries = ['zoe@canari', 'zoe.quenouille', 'Pinsonnet', '55443322', '11223344', 'impasse du Canari'];
const headers = 'Vendeur;Client;SIREN client;E-mail;Facture;Date facture;Échéance;Montant TTC;Devise';

let office: Office;
let sql: pg.Client;
let debtorId: string;
let contactId: string;
let invoiceId: string;

beforeAll(async () => {
  office = await openOffice();
  sql = new pg.Client({ connectionString: office.database.superUrl });
  await sql.connect();
  await importing([
    `Ateliers Martin;Quenouille Conseil;;${before.email};F-1;15/01/2026;25/02/2026;1 200,50;EUR`,
    `Ateliers Martin;Quenouille Conseil;;${before.email};F-2;15/01/2026;25/02/2026;abc;EUR`,
    `Ateliers Martin;Autre SARL;;pas.${today.email};F-3;15/01/2026;25/02/2026;abc;EUR`,
  ]);
  const contact = await office.house.db.selectFrom('contact').selectAll().executeTakeFirstOrThrow();
  ({ id: contactId, debtor_id: debtorId } = contact);
  const invoice = await office.house.db.selectFrom('invoice').select('id').executeTakeFirstOrThrow();
  invoiceId = invoice.id;
  await post(`/v1/debtors/${debtorId}/contacts`, { email: 'autre@debiteur.example', name: 'Léa Roux' });
});
afterAll(async () => {
  await sql.end();
  await office.close();
});

/** As a client asks that repeats what it has no answer to. */
async function post(
  url: string,
  body: object,
  method: 'POST' | 'PATCH' = 'POST',
  as: 'admin' | 'credit_manager' = 'credit_manager',
) {
  const answer = await office.ask(method, url, body, { as, headers: { 'idempotency-key': uuidv7() } });
  return answer;
}

async function importing(rows: readonly string[]): Promise<string> {
  const sent = await office.app.inject({
    method: 'POST',
    url: '/v1/imports',
    headers: { authorization: `Bearer ${office.keys.accountant}`, 'content-type': 'text/csv' },
    payload: [headers, ...rows].join('\r\n'),
  });
  expect(sent.statusCode).toBe(202);
  await applyImports(office.house);
  const last = await office.house.db
    .selectFrom('import')
    .select('id')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  return last.id;
}

const bounced = (eventId: string, address: string | null, reason: string) => ({
  eventId,
  messageId: null,
  kind: 'bounce',
  address,
  reason,
  occurredAt: Date.parse('2026-03-02T10:00:00Z'),
});

const kept = [
  'La société Quenouille Conseil a déménagé.',
  'Écrire à marie.zoe.quenouille@canari.example, sa collègue.',
  'Zoé est un prénom.',
];
const gone = [
  `${before.email} ne répond plus`,
  'Madame Pinsonnet a changé de nom',
  'Joindre au 06 11 22 33 44',
  'Mme Quenouille paiera',
  'ZOE QUENOUILLE est absente',
  'Elle habite 7 Impasse du Canari',
];

describe('an erasure', () => {
  it('finds somebody by all that he is and was called and reached by, wherever it stands', async () => {
    for (const change of [{ name: before.name, mobile: before.mobile }, today])
      expect((await post(`/v1/contacts/${contactId}`, change, 'PATCH')).status).toBe(200);
    for (const text of [...kept, ...gone])
      expect((await post(`/v1/invoices/${invoiceId}/notes`, { text })).status).toBeLessThan(300);
    await storeEvents(office.house.db, 'sendgrid', 'x', [
      bounced('e1', today.email, `550 ${today.email} unknown`),
      bounced('e2', before.email, `550 <${before.email}> unknown`),
      bounced('e3', null, `550 <${before.email}> unknown`),
      bounced('e4', null, '552 the mailbox of somebody is full'),
    ]);
    const found = await whereInClear(sql, canaries);

    const { status, text } = await post(
      `/v1/contacts/${contactId}/erasure`,
      { reason: 'asked' },
      'POST',
      'admin',
    );

    expect([status, text]).toEqual([200, expect.stringContaining(`"texts":${gone.length}`)]);
    for (const place of [
      'contact.email',
      'contact_formerly.value',
      'import_row.content',
      'private_text.content',
      'provider_event.address',
      'provider_event.reason',
    ])
      expect(found).toContain(place);
    // The row and the note of those whose address only ends as his does are theirs.
    const left = await whereInClear(sql, [
      ...canaries.filter((word) => word !== 'zoe.quenouille'),
      ' zoe.quenouille',
      '"zoe.quenouille',
    ]);
    expect(left).toEqual([]);
  });

  it('leaves what names somebody else, or the company', async () => {
    const { rows } = await sql.query<{ content: string }>(
      `select content from private_text where content <> '' order by id`,
    );
    const { rows: events } = await sql.query<{ reason: string }>(
      'select reason from provider_event where reason is not null',
    );
    const { rows: imported } = await sql.query(`select from import_row where content::text like '%pas.zoe%'`);

    expect(rows.map(({ content }) => content)).toEqual(kept);
    expect(events).toEqual([{ reason: '552 the mailbox of somebody is full' }]);
    expect(imported).toHaveLength(1);
  });

  it('is no finding', async () => {
    expect([...(await brokenIn(office.house))]).toEqual([]);
  });
});

describe('who was erased', () => {
  const people = async () =>
    (
      await sql.query<{ email: string }>(
        'select email from contact where debtor_id = $1 and erased_at is null',
        [debtorId],
      )
    ).rows;

  it('does not come back by the next file, which says so and is not kept', async () => {
    const importId = await importing([
      `Ateliers Martin;Quenouille Conseil;;${today.email.toUpperCase()};F-9;15/01/2026;25/02/2026;5,00;EUR`,
      `Ateliers Martin;Quenouille Conseil;;neuve@canari.example;F-10;15/01/2026;25/02/2026;5,00;EUR`,
    ]);

    const { body } = await office.ask('GET', `/v1/imports/${importId}/rows`, undefined, { as: 'accountant' });

    expect((await people()).map(({ email }) => email).sort()).toEqual([
      'autre@debiteur.example',
      'neuve@canari.example',
    ]);
    expect(JSON.stringify(body)).toContain('"from":"erased"');
    expect(await whereInClear(sql, [today.email])).toEqual(['import_row.content', 'private_text.content']);
    expect(await whereInClear(sql, [`"${today.email}`])).toEqual([]);
  });

  it.each([before.email, today.email])(
    'is refused by hand with %s, and taken when that is said',
    async (email) => {
      const refused = await post(`/v1/debtors/${debtorId}/contacts`, { email });
      const known = await office.house.db
        .selectFrom('contact')
        .select('id')
        .where('email', '=', 'autre@debiteur.example')
        .executeTakeFirstOrThrow();
      const patched = await post(`/v1/contacts/${known.id}`, { email }, 'PATCH');
      const elsewhere = await post(`/v1/debtors/${await office.debtor()}/contacts`, { email });
      const again = await post(`/v1/debtors/${debtorId}/contacts`, { email, again: true });

      expect([refused.body.code, patched.body.code]).toEqual(['contact-erased', 'contact-erased']);
      expect([elsewhere.status, again.status]).toEqual([201, 201]);
    },
  );
});
