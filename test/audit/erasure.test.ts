import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { claim } from '../../activities/door/claim.ts';
import { prepare } from '../../activities/door/prepared.ts';
import { openDatabase } from '../../db/database.ts';
import type { Db } from '../../db/database.ts';
import { recordOutcome, takeAttempt } from '../../db/deliveries.ts';
import { rewrapKeys } from '../../db/erasure/key-of-contact.ts';
import { personKeysOf } from '../../db/erasure/opens-sealed.ts';
import { PersonKeys } from '../../db/erasure/person-keys.ts';
import { sealEarlier } from '../../db/erasure/seal-earlier.ts';
import type { House } from '../../db/house.ts';
import type { Channel } from '../../domain/message.ts';
import { readKeyRing } from '../../temporal/sealing/key-ring.ts';
import { brokenIn } from '../setup/broken-in.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';
import { whereInClear } from '../setup/where-in-clear.ts';

/** What nobody else is called, and what no program writes by chance. */
const person = {
  name: 'Zoé Quenouille',
  email: 'zoe.quenouille@canari.example',
  mobile: '+33655443322',
  phone: '+33455443322',
  address: ['7 impasse du Canari', '64000 Pau'],
};
const canaries = [
  'Quenouille',
  'zoe.quenouille@canari.example',
  '655443322',
  '455443322',
  'impasse du Canari',
] as const;

let office: Office;
let sql: pg.Client;
beforeAll(async () => {
  office = await openOffice();
  sql = new pg.Client({ connectionString: office.database.url });
  await sql.connect();
});
afterAll(async () => {
  await sql.end();
  await office.close();
});

interface Written {
  readonly debtorId: string;
  readonly invoiceId: string;
  readonly contactId: string;
  readonly messageId: string;
}

/** A debtor with this person alone, who was reminded by that channel, and of whom a note speaks. */
async function written(channel: Channel = 'email', house: House = office.house): Promise<Written> {
  office.clock.set('2026-03-02');
  const debtorId = await office.debtor();
  const creditorId = await office.creditor();
  await office.house.db.deleteFrom('contact').where('debtor_id', '=', debtorId).execute();
  const added = await office.ask('POST', `/v1/debtors/${debtorId}/contacts`, person);
  const contactId = (added.body as { contactId: string }).contactId;
  const { id: invoiceId } = await office.invoice({ debtorId, creditorId, dueDate: '2026-02-27' });
  await office.ask('POST', `/v1/invoices/${invoiceId}/notes`, { text: 'Madame QUENOUILLE dit : demain.' });
  await office.ask('POST', `/v1/invoices/${invoiceId}/notes`, { text: 'Rappeler lundi.' });
  office.clock.set(Date.parse('2026-03-06T11:00:00Z'));
  if (channel !== 'email')
    await office.state(invoiceId, { type: 'stepRequested', step: 'reminder', occurrence: 1, channel });
  const found = await claim(house, debtorId, await prepare(house, debtorId));
  const { id: messageId } = await house.db
    .selectFrom('message')
    .select('id')
    .where('debtor_id', '=', debtorId)
    .executeTakeFirstOrThrow();
  if (found.kind === 'claimed') {
    await takeAttempt(house.db, messageId, 0, 'mail');
    const outcome = { kind: 'delivered', provider: 'outbox', ref: null } as never;
    await recordOutcome(house, { id: messageId, debtor_id: debtorId }, outcome);
  }
  return { debtorId, invoiceId, contactId, messageId };
}

const erase = (contactId: string, as: 'admin' | 'credit_manager' = 'admin') =>
  office.ask('POST', `/v1/contacts/${contactId}/erasure`, { reason: 'asked' }, { as });

const anotherContact = (debtorId: string) =>
  office.ask('POST', `/v1/debtors/${debtorId}/contacts`, { email: 'autre@debiteur.example' });

/** All that verify says, of these rows alone where they are given: a test leaves behind what it forged. */
async function broken(...about: readonly string[]): Promise<readonly string[]> {
  const found = await brokenIn(office.house);
  return [...found].flatMap(([id, offenders]) =>
    offenders
      .filter(({ subject }) => about.length === 0 || about.some((one) => subject.includes(one)))
      .map(({ what }) => `${id} ${what}`),
  );
}

describe('what is kept of a person', () => {
  it('is sealed wherever it is kept as proof, and read by whoever may as if it were not', async () => {
    const { messageId } = await written();

    const inClear = await whereInClear(sql, canaries);
    const { body } = await office.ask('GET', `/v1/messages/${messageId}`);

    // Where he is to be reached, and what people wrote, are no proof, and go with him.
    expect(inClear.filter((place) => !/^(contact\.|private_text\.content)/.test(place))).toEqual([]);
    expect(body.recipient).toBe(person.email);
    expect(JSON.stringify([body.html, body.figures])).toContain('Quenouille');
  });

  it.each(['email', 'sms', 'letter', 'call'] as const)(
    'is gone in every table once he is erased who was reached by %s; what was done is still proved',
    async (channel) => {
      const { debtorId, invoiceId, contactId, messageId } = await written(channel);
      await anotherContact(debtorId);
      const before = await office.ask('GET', `/v1/messages/${messageId}`);

      const { status, body } = await erase(contactId);

      expect([status, body.erased]).toEqual([200, { messages: 1, texts: 1, importRows: 0 }]);
      const after = await office.ask('GET', `/v1/messages/${messageId}`);
      expect(after.body).toMatchObject({ recipient: '', html: null, text: null, figures: {}, digest: '' });
      expect(after.body.erasedAt).not.toBeNull();
      expect(after.body.lines).toEqual(before.body.lines);
      const timeline = await office.ask('GET', `/v1/invoices/${invoiceId}/timeline`, undefined, {
        headers: { 'accept-language': 'fr' },
      });
      expect(timeline.text).toMatch(/effacé le 6 mars 2026|erased on 6 March 2026/);
      expect(timeline.text).toContain('Rappeler lundi.');
      const page = await office.ask('GET', `/outbox/${messageId}?lang=en`, undefined, {
        headers: { accept: 'text/html' },
      });
      expect(page.text).toContain('erased on 6 March 2026');
      expect(await broken()).toEqual([]);
    },
  );

  it('leaves no canary anywhere', async () => {
    const everyone = await office.house.db
      .selectFrom('contact')
      .select(['id', 'debtor_id'])
      .where('erased_at', 'is', null)
      .execute();
    for (const { id, debtor_id: debtorId } of everyone) {
      await anotherContact(debtorId);
      expect((await erase(id)).status).toBe(200);
    }

    expect(await whereInClear(sql, canaries)).toEqual([]);
  });

  it('is not to be read in a copy of before either, for its key is gone', async () => {
    const { debtorId, contactId, messageId } = await written();
    await anotherContact(debtorId);
    const { rows: copies } = await sql.query<{ recipient: string; body_html: string; figures: unknown }>(
      'select recipient, body_html, figures from message where id = $1',
      [messageId],
    );
    const [copy] = copies;
    await erase(contactId);

    await sql.query('update message set recipient = $2, body_html = $3, figures = $4 where id = $1', [
      messageId,
      copy?.recipient,
      copy?.body_html,
      JSON.stringify(copy?.figures),
    ]);
    const { db } = office.house;
    const restored = db
      .selectFrom('message')
      .select(['recipient', 'body_html', 'figures'])
      .where('id', '=', messageId);

    expect(copy?.recipient).toMatch(/^sealed:1:/);
    expect(await restored.executeTakeFirst()).toEqual({ recipient: '', body_html: '', figures: {} });
  });

  it('does not open with a copy of the database alone, where the house has a ring of keys', async () => {
    const ring = readKeyRing(`2026-03:${randomBytes(32).toString('base64')}`);
    const newer = readKeyRing(`2026-04:${randomBytes(32).toString('base64')}`);
    const db = openDatabase(office.database.url, { personKeys: new PersonKeys(ring) });
    const later = openDatabase(office.database.url, { personKeys: new PersonKeys([...newer, ...ring]) });
    const without = openDatabase(office.database.url);
    onTestFinished(async () => void (await Promise.all([db, later, without].map((one) => one.destroy()))));
    const { messageId, contactId } = await written('email', { ...office.house, db });
    const keyOf = async () =>
      (await sql.query('select key, wrapped_by from person_key where contact_id = $1', [contactId])).rows[0];
    const wrapped = await keyOf();
    await rewrapKeys(later);
    const wrappedAnew = await keyOf();
    const recipientBy = async (reader: Db) =>
      (await reader.selectFrom('message').select('recipient').where('id', '=', messageId).executeTakeFirst())
        ?.recipient;
    const [read, unread] = [await recipientBy(later), await recipientBy(without)];

    expect([wrapped.wrapped_by, wrappedAnew.wrapped_by, wrapped.key.length]).toEqual([
      '2026-03',
      '2026-04',
      60,
    ]);
    expect(read).toBe(person.email);
    expect(unread).toMatch(/illegible without the key 2026-04.*PAYLOAD_KEYS_FILE/);
  });

  it('is sealed later where it was written before there were keys', async () => {
    const { messageId } = await written('letter');
    const { db } = office.house;
    const opened = await db
      .selectFrom('message')
      .selectAll()
      .where('id', '=', messageId)
      .executeTakeFirstOrThrow();
    const paper = await db
      .selectFrom('document')
      .selectAll()
      .where('id', '=', opened.document_id ?? '')
      .executeTakeFirstOrThrow();
    await db
      .updateTable('message')
      .set({
        recipient: opened.recipient,
        figures: JSON.stringify(opened.figures),
        recipient_mark: null,
        sealed_at: null,
      })
      .where('id', '=', messageId)
      .execute();
    await db.updateTable('document').set({ bytes: paper.bytes }).where('id', '=', paper.id).execute();
    expect(await whereInClear(sql, ['impasse du Canari'])).toContain('message.recipient');

    const sealed = [
      await sealEarlier(db, new Date(office.clock.settings.origin)),
      await sealEarlier(db, new Date(0)),
    ];

    expect(sealed).toEqual([1, 0]);
    expect(await whereInClear(sql, ['impasse du Canari'])).not.toContain('message.recipient');
    const again = await db
      .selectFrom('document')
      .selectAll()
      .where('id', '=', paper.id)
      .executeTakeFirstOrThrow();
    expect(again.bytes.equals(paper.bytes)).toBe(true);
    expect(await broken(messageId, paper.id)).toEqual([]);
  });
});

describe('a sealed value that was changed', () => {
  it.each([
    ['a byte of a subject', `update message set subject = left(subject, -4) || 'AAA=' where id = $1`],
    ['a byte of a body', `update message set body_html = left(body_html, -4) || 'AAA=' where id = $1`],
    [
      'its key',
      `update person_key set key = sha256('forged') where contact_id = (select contact_id from message where id = $1)`,
    ],
    [
      'its key, which is gone',
      `delete from person_key where contact_id = (select contact_id from message where id = $1)`,
    ],
  ])('is found and named, and hides nothing else: %s', async (_, forged) => {
    const { messageId } = await written();
    expect(await broken(messageId)).toEqual([]);

    await sql.query(forged, [messageId]);
    personKeysOf(office.house.db).forget();

    expect(await broken(messageId)).toContain('I23 holds other bytes than its hash says');
    expect((await office.ask('GET', '/v1/messages')).status).toBe(200);
    expect((await office.ask('GET', `/v1/messages/${messageId}`)).text).toContain('illegible');
  });
});

describe('an erasure', () => {
  it('is an administrator’s, who says why', async () => {
    const { contactId } = await written();

    expect((await erase(contactId, 'credit_manager')).status).toBe(403);
  });

  it('waits for another contact while an invoice is open, and is done once', async () => {
    const { debtorId, contactId } = await written();

    const alone = await erase(contactId);
    await anotherContact(debtorId);
    const done = await erase(contactId);
    const again = await erase(contactId);
    const patched = await office.ask('PATCH', `/v1/contacts/${contactId}`, { name: 'Zoé' });

    expect([alone.status, alone.body.code]).toEqual([409, 'erasure-last-contact']);
    expect(done.status).toBe(200);
    expect([again.body.code, patched.body.code]).toEqual(['contact-erased', 'contact-erased']);
  });

  it('waits until nothing is owed of which he got the formal notice', async () => {
    const { debtorId, contactId, messageId } = await written();
    await anotherContact(debtorId);
    await office.house.db
      .updateTable('message')
      .set({ level: 'formal_notice' })
      .where('id', '=', messageId)
      .execute();

    const { status, body } = await erase(contactId);

    expect([status, body.code]).toEqual([409, 'erasure-claim-pending']);
    expect(body.remedy ?? body.detail).toContain('optedOut');
  });

  it('that has a paper of another as erased, or leaves something, is found', async () => {
    const one = await written('letter');
    const other = await written('letter');
    await anotherContact(one.debtorId);
    await erase(one.contactId);

    const { rows } = await sql.query<{ id: string }>(
      `update document set bytes = '', sha256 = '', erased_at = now() from message where message.document_id = document.id and message.id = $1 returning document.id`,
      [other.messageId],
    );
    await sql.query(`update message set body_text = 'autre chose' where id = $1`, [one.messageId]);

    expect(await broken(rows[0]?.id ?? '')).toEqual([
      'I23 says that it was erased, and no erasure of its person names it',
    ]);
    expect(await broken(one.messageId)).toEqual(['I23 was erased by the journal, and holds something']);
  });

  it('that the journal does not know of is found', async () => {
    const { messageId } = await written();

    await sql.query(`update message set erased_at = now(), recipient = '' where id = $1`, [messageId]);

    expect(await broken(messageId)).toEqual([
      'I23 says that it was erased, and no erasure of its person names it',
    ]);
  });
});
