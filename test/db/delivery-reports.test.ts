import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claim } from '../../activities/door/claim.ts';
import { prepare } from '../../activities/door/prepared.ts';
import { changeDebtor } from '../../db/debtors.ts';
import { recordOutcome, takeAttempt } from '../../db/deliveries.ts';
import { followReports } from '../../db/delivery-reports.ts';
import { atTheDesk, ourselves } from '../../db/desk.ts';
import { collectionFrom } from '../../db/journal.ts';
import { recordPayment } from '../../db/payments.ts';
import { storeEvents } from '../../db/provider-events.ts';
import type { Provider } from '../../db/provider-events.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { recordOf } from '../../domain/collection.ts';
import { hourMs } from '../../domain/time.ts';
import { brokenIn } from '../setup/broken-in.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
const told: string[] = [];
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());
beforeEach(async () => {
  // What an earlier test left must not be followed in this one.
  await office.house.db.deleteFrom('provider_event').execute();
  told.length = 0;
});

/** When reminders of these tests leave: a Friday, noon in Paris. */
const leaving = Date.parse('2026-03-06T11:00:00Z');

interface Sent {
  readonly id: string;
  readonly debtorId: string;
  readonly invoiceIds: readonly string[];
}

/** A reminder to a debtor that has just been claimed, about so many invoices; nobody has called a carrier yet. */
async function claimed({
  invoices = 1,
  channel = 'email',
}: { invoices?: number; channel?: 'email' | 'sms' } = {}): Promise<Sent> {
  office.clock.set('2026-03-02');
  const debtorId = await office.debtor();
  const creditorId = await office.creditor();
  const invoiceIds = [];
  for (let count = 0; count < invoices; count += 1)
    invoiceIds.push((await office.invoice({ debtorId, creditorId, dueDate: '2026-02-27' })).id);
  office.clock.set(leaving);
  if (channel === 'sms')
    for (const id of invoiceIds)
      await office.state(id, { type: 'stepRequested', step: 'reminder', occurrence: 1, channel });
  const found = await claim(office.house, debtorId, await prepare(office.house, debtorId));
  if (found.kind !== 'claimed') throw new Error(`nothing leaves: ${JSON.stringify(found)}`);
  await takeAttempt(office.house.db, found.messageId, 0, channel === 'sms' ? 'text' : 'mail');
  return { id: found.messageId, debtorId, invoiceIds };
}

/** The same, taken over by its carrier. */
async function accepted(given: Parameters<typeof claimed>[0] = {}): Promise<Sent> {
  const sent = await claimed(given);
  await answered(sent);
  return sent;
}

const answered = ({ id, debtorId }: Sent) =>
  recordOutcome(
    office.house,
    { id, debtor_id: debtorId },
    { kind: 'accepted', provider: 'mail', ref: `carrier-${id}`, proof: 'provider' },
  );

interface Report {
  readonly provider?: Provider;
  readonly eventId?: string;
  readonly address?: string;
  readonly at?: number;
}

let reported = 0;

/** A provider reports, without anybody following it yet. */
async function report(messageId: string | null, kind: string, given: Report = {}): Promise<void> {
  reported += 1;
  const { provider = 'sendgrid', eventId = `e-${reported}`, address = null, at = leaving + reported } = given;
  const event = { eventId, messageId, kind, address, reason: '550 5.1.1 in words', occurredAt: at };
  await storeEvents(office.house.db, provider, 'digest', [event]);
}

const follow = () =>
  followReports(office.house, (line, detail) => told.push(`${line} ${JSON.stringify(detail)}`));
const after = async (sent: Sent, ...kinds: readonly string[]): Promise<void> => {
  for (const kind of kinds) await report(sent.id, kind);
  await follow();
};

const messageOf = ({ id }: Sent) =>
  office.house.db.selectFrom('message').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const contactsOf = ({ debtorId }: Sent) =>
  office.house.db.selectFrom('contact').selectAll().where('debtor_id', '=', debtorId).orderBy('id').execute();

/** The facts and notes of the first invoice since its step was sent, by types. */
async function historyOf({ invoiceIds }: Sent): Promise<readonly string[]> {
  const rows = await office.house.db
    .selectFrom('journal')
    .select(['type', 'body'])
    .where('subject', '=', `invoice/${invoiceIds[0]}`)
    .where('type', 'not in', ['invoiceRegistered', 'stepRequested'])
    .orderBy('seq')
    .execute();
  return rows.map(({ type, body }) =>
    type === 'deliveryReported' ? `note ${(JSON.parse(body) as { kind: string }).kind}` : type,
  );
}

async function stepOf({ invoiceIds }: Sent) {
  const { collection } = await office.house.db
    .selectFrom('invoice')
    .select('collection')
    .where('id', '=', invoiceIds[0]!)
    .executeTakeFirstOrThrow();
  return recordOf(await collectionFrom(office.house.db, office.house.rules, collection), 'reminder')!;
}

describe('a report of delivery', () => {
  it('brings the message to delivered, and is the proof of the step for each of its invoices', async () => {
    const sent = await accepted({ invoices: 3 });

    await after(sent, 'delivered');

    expect((await messageOf(sent)).state).toBe('delivered');
    for (const invoiceId of sent.invoiceIds) {
      const facts = await office.house.db
        .selectFrom('journal')
        .select('body')
        .where('subject', '=', `invoice/${invoiceId}`)
        .where('type', '=', 'stepDelivered')
        .execute();
      expect(facts.map(({ body }) => JSON.parse(body) as object)).toMatchObject([
        {
          step: 'reminder',
          messageId: sent.id,
          proof: 'provider',
          on: '2026-03-06',
          by: { kind: 'provider', id: 'sendgrid' },
        },
      ]);
    }
  });

  // F08, the effect: eight workers at once, and the same event again and again.
  it('that is followed by eight workers at once has one effect', async () => {
    const sent = await accepted();
    const store = () => report(sent.id, 'delivered', { eventId: `one-${sent.id}` });
    await Promise.all(Array.from({ length: 8 }, store));

    await Promise.all(Array.from({ length: 8 }, follow));
    for (let again = 0; again < 42; again += 1) await store();
    await follow();

    expect(await historyOf(sent)).toEqual(['stepSent', 'stepDelivered']);
    expect(told).toEqual([]);
  });

  it('that comes after 48 hours of silence is told, and changes nothing', async () => {
    const sent = await accepted();
    office.clock.set(leaving + 49 * hourMs);

    await after(sent, 'delivered');

    expect((await messageOf(sent)).state).toBe('delivered');
    expect(await historyOf(sent)).toEqual(['stepSent', 'note delivered']);
  });

  it('for an invoice that was paid meanwhile is told, and wakes nobody', async () => {
    const sent = await accepted();
    const { creditor_id: creditorId } = await messageOf(sent);
    const paid = {
      creditorId: creditorId!,
      debtorId: sent.debtorId,
      currency: 'EUR',
      amountCents: 120_000,
      valueDate: '2026-03-06',
      reference: null,
      allocations: [{ invoiceId: sent.invoiceIds[0]!, amountCents: 120_000 }],
    };
    await atTheDesk(office.house, [sent.debtorId], (desk) => recordPayment(desk, paid, ourselves));

    await after(sent, 'bounced');

    expect(await historyOf(sent)).toEqual(['stepSent', 'paymentRecorded', 'note bounced']);
    expect((await messageOf(sent)).state).toBe('bounced');
  });
});

function permutationsOf<T>(all: readonly T[]): readonly (readonly T[])[] {
  if (all.length < 2) return [all];
  return all.flatMap((one, place) =>
    permutationsOf(all.filter((_, other) => other !== place)).map((rest) => [one, ...rest]),
  );
}

// F09. Followed one by one, so that each order is one in which states could have been lowered.
describe('reports in any order', () => {
  it.each([
    [['accepted', 'deferred', 'delivered', 'bounced'], 'bounced'],
    [['accepted', 'delivered', 'complained', 'opened'], 'complained'],
    [['accepted', 'delivered', 'opted_out', 'deferred'], 'delivered'],
    [['accepted', 'deferred', 'blocked', 'undelivered'], 'bounced'],
  ])('%s: all 24 orders end in the highest rank', async (kinds, state) => {
    const ends = new Set<string>();
    for (const order of permutationsOf(kinds)) {
      const sent = await accepted();
      for (const kind of order) await after(sent, kind);
      ends.add((await messageOf(sent)).state);
    }

    expect([...ends]).toEqual([state]);
    expect(told).toEqual([]);
  });

  it('that are followed together are taken in the order in which they happened', async () => {
    const sent = await accepted();
    await report(sent.id, 'bounced', { at: leaving + 2_000 });
    await report(sent.id, 'delivered', { at: leaving + 1_000 });

    await follow();

    expect(await historyOf(sent)).toEqual(['stepSent', 'stepDelivered', 'debtorChanged', 'stepFailed']);
    expect((await stepOf(sent)).bouncedLate).toBe(true);
  });
});

// F12.
describe('a report that is quicker than the answer of the call', () => {
  it('settles the message by our id; the answer then says only what the carrier calls it', async () => {
    const sent = await claimed();
    await after(sent, 'delivered');
    expect(await messageOf(sent)).toMatchObject({ state: 'delivered', provider_ref: null });

    await answered(sent);

    expect(await messageOf(sent)).toMatchObject({
      state: 'delivered',
      provider: 'mail',
      provider_ref: `carrier-${sent.id}`,
      possible_duplicate: false,
    });
    expect(await historyOf(sent)).toEqual(['stepDelivered']);
  });

  it('may be a bounce: the step was sent, and failed', async () => {
    const sent = await claimed();
    await after(sent, 'bounced');

    await answered(sent);

    expect(await messageOf(sent)).toMatchObject({ state: 'bounced', reason: 'hard_bounce' });
    expect(await historyOf(sent)).toEqual(['stepSent', 'debtorChanged', 'stepFailed']);
  });

  it.each(['accepted', 'deferred', 'opened', 'a word of theirs'])(
    'proves that a message of which nobody knew whether it left did leave: %s',
    async (kind) => {
      const sent = await claimed();
      await recordOutcome(
        office.house,
        { id: sent.id, debtor_id: sent.debtorId },
        { kind: 'unknown', reason: 'timed_out' },
      );

      await after(sent, kind);

      expect((await messageOf(sent)).state).toBe('accepted');
      expect((await historyOf(sent)).slice(0, 2)).toEqual(['stepUnconfirmed', 'stepSent']);
    },
  );

  it('and late, of a message that was given up as not sent, marks it as a possible duplicate', async () => {
    const sent = await claimed();
    await office.house.db
      .updateTable('message')
      .set({ state: 'cancelled' })
      .where('id', '=', sent.id)
      .execute();

    await after(sent, 'delivered');

    expect(await messageOf(sent)).toMatchObject({ state: 'cancelled', possible_duplicate: true });
    expect(await historyOf(sent)).toEqual([]);
  });

  it('and only repeats what the call said, that it failed, marks nothing', async () => {
    const sent = await claimed();
    await recordOutcome(
      office.house,
      { id: sent.id, debtor_id: sent.debtorId },
      { kind: 'refused', reason: 'failed', addressInvalid: false },
    );

    await after(sent, 'failed');

    expect(await messageOf(sent)).toMatchObject({ state: 'refused', possible_duplicate: false });
  });
});

describe('a report that the address is no good', () => {
  it('marks the address with the reason, fails the step, and says both to every open invoice', async () => {
    const sent = await accepted();
    const other = await office.invoice({ debtorId: sent.debtorId, dueDate: '2026-05-01' });

    await after(sent, 'bounced');

    expect(await contactsOf(sent)).toMatchObject([
      { email_invalid: 'hard_bounce', mobile_invalid: null, opted_out_at: null },
    ]);
    expect(await messageOf(sent)).toMatchObject({ state: 'bounced', reason: 'hard_bounce' });
    expect(await historyOf(sent)).toEqual(['stepSent', 'debtorChanged', 'stepFailed']);
    expect(await historyOf({ ...sent, invoiceIds: [other.id] })).toEqual(['debtorChanged']);
  });

  it('concerns every contact of the debtor who has it, and none who has another by now', async () => {
    const sent = await accepted();
    const { recipient } = await messageOf(sent);
    const [contact] = await contactsOf(sent);
    await atTheDesk(office.house, [sent.debtorId], (desk) =>
      changeDebtor(
        desk,
        sent.debtorId,
        {
          contacts: [{ contactId: contact!.id, set: { email: 'corrected@debiteur.example' } }],
          newContacts: [{ contactId: uuidv7(), email: recipient.toUpperCase() }],
        },
        ourselves,
      ),
    );

    await after(sent, 'bounced');

    expect((await contactsOf(sent)).map((row) => [row.email, row.email_invalid])).toEqual([
      ['corrected@debiteur.example', null],
      [recipient.toUpperCase(), 'hard_bounce'],
    ]);
  });

  it('after 48 hours leaves the step taken, marks it as come back late, and still marks the address', async () => {
    const sent = await accepted();
    office.clock.set(leaving + 49 * hourMs);

    await after(sent, 'bounced');

    expect(await stepOf(sent)).toMatchObject({ state: 'taken', bouncedLate: true });
    expect((await contactsOf(sent))[0]!.email_invalid).toBe('hard_bounce');
  });
});

describe('a report that the message did not arrive', () => {
  it.each(['undelivered', 'failed'])('fails the step and leaves the address alone: %s', async (kind) => {
    const sent = await accepted({ channel: 'sms' });
    await report(sent.id, kind, { provider: 'twilio' });
    await follow();

    expect(await contactsOf(sent)).toMatchObject([{ mobile_invalid: null }]);
    expect(await messageOf(sent)).toMatchObject({ state: 'bounced', reason: kind });
    expect(await historyOf(sent)).toEqual(['stepSent', 'stepFailed']);
  });

  it('for this once, by a filter or a full mailbox, fails the step and leaves the address alone', async () => {
    const sent = await accepted();

    await after(sent, 'blocked');

    expect(await contactsOf(sent)).toMatchObject([{ email_invalid: null }]);
    expect(await messageOf(sent)).toMatchObject({ state: 'bounced', reason: 'blocked' });
    expect(await historyOf(sent)).toEqual(['stepSent', 'stepFailed']);
  });

  it('yet is told, while nothing else follows', async () => {
    const sent = await accepted();

    await after(sent, 'deferred', 'deferred');

    expect((await messageOf(sent)).state).toBe('accepted');
    expect(await historyOf(sent)).toEqual(['stepSent', 'note deferred', 'note deferred']);
    expect((await stepOf(sent)).state).toBe('sent');
  });

  it('yet, and then that it was given up, fails the step', async () => {
    const sent = await accepted();

    await after(sent, 'deferred', 'failed');

    expect(await historyOf(sent)).toEqual(['stepSent', 'note deferred', 'stepFailed']);
  });
});

describe('somebody who wants no more', () => {
  it('mails gets none, and text messages as before', async () => {
    const sent = await accepted();

    await after(sent, 'complained');

    expect(await contactsOf(sent)).toMatchObject([
      { email_invalid: 'complained', mobile_invalid: null, opted_out_at: null },
    ]);
    expect((await messageOf(sent)).state).toBe('complained');
    expect(await historyOf(sent)).toEqual(['stepSent', 'debtorChanged', 'stepFailed']);
  });

  it('mails, and says so of one that was delivered, has got that one', async () => {
    const sent = await accepted();

    await after(sent, 'delivered', 'complained');

    expect(await historyOf(sent)).toEqual(['stepSent', 'stepDelivered', 'debtorChanged', 'note complained']);
    expect(await stepOf(sent)).toMatchObject({ state: 'taken', bouncedLate: false });
  });

  it('text messages gets none, and mails as before', async () => {
    const sent = await accepted({ channel: 'sms' });
    await report(sent.id, 'opted_out', { provider: 'twilio' });
    await follow();

    expect(await contactsOf(sent)).toMatchObject([{ mobile_invalid: 'opted_out', email_invalid: null }]);
    expect(await historyOf(sent)).toEqual(['stepSent', 'debtorChanged', 'stepFailed']);
  });

  it('keeps his silence when his address is found to be no good besides', async () => {
    const sent = await accepted();

    await after(sent, 'complained', 'bounced');

    expect((await contactsOf(sent))[0]!.email_invalid).toBe('complained');
  });

  it.each(['+33 6 11 22 33 44', '0033611223344', '06.11.22.33.44', '+33611223344'])(
    'and answers STOP is found by his number, however it is written: %s',
    async (mobile) => {
      const sent = await accepted();
      const other = await accepted();
      const [contact] = await contactsOf(sent);
      await office.house.db.updateTable('contact').set({ mobile }).where('id', '=', contact!.id).execute();

      await report(null, 'opted_out', { provider: 'twilio', address: '+33611223344' });
      await follow();
      await office.house.db
        .updateTable('contact')
        .set({ mobile: '+33600000000' })
        .where('id', '=', contact!.id)
        .execute();

      expect((await contactsOf(sent))[0]!.mobile_invalid).toBe('opted_out');
      expect((await contactsOf(other))[0]!.mobile_invalid).toBeNull();
      expect(told).toEqual([]);
    },
  );
});

describe('a report that is not about us', () => {
  it('has no effect, and is not looked at again', async () => {
    const sent = await accepted();
    await report(uuidv7(), 'bounced');
    await report(null, 'bounced', { address: (await messageOf(sent)).recipient });
    await report(sent.id, 'bounced', { provider: 'twilio' });
    await report(sent.id, 'click');
    await follow();

    expect(await historyOf(sent)).toEqual(['stepSent']);
    expect(await contactsOf(sent)).toMatchObject([{ email_invalid: null }]);
    const rows = await office.house.db.selectFrom('provider_event').select('processed_at').execute();
    expect(rows.every((row) => row.processed_at !== null)).toBe(true);
  });

  it('does not stand in the way of one that is, however many there are', async () => {
    const sent = await accepted();
    for (let batch = 0; batch < 3; batch += 1)
      await storeEvents(
        office.house.db,
        'sendgrid',
        'digest',
        Array.from({ length: 400 }, (_, place) => ({
          eventId: `stray-${batch}-${place}-${sent.id}`,
          messageId: place % 2 ? null : uuidv7(),
          kind: 'delivered',
          address: null,
          reason: null,
          occurredAt: leaving,
        })),
      );

    await after(sent, 'delivered');

    expect((await messageOf(sent)).state).toBe('delivered');
  });
});

describe('a report that cannot be followed', () => {
  it('holds up no other, is told without a value, and is followed when it can be', async () => {
    const [stuck, other] = [await accepted(), await accepted()];
    await office.house.db.transaction().execute(async (tx) => {
      await tx.selectFrom('debtor').select('id').where('id', '=', stuck.debtorId).forNoKeyUpdate().execute();
      await report(stuck.id, 'delivered');
      await report(other.id, 'delivered');
      await follow();
    });
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('55P03');
    expect((await messageOf(other)).state).toBe('delivered');
    expect((await messageOf(stuck)).state).toBe('accepted');

    await follow();

    expect((await messageOf(stuck)).state).toBe('delivered');
  });
});

describe('a report that nobody follows', () => {
  it('is shown to operators, and after ten minutes breaks an invariant', async () => {
    const found = async () => (await brokenIn(office.house)).get('I08') ?? [];
    await report(uuidv7(), 'bounced', { eventId: 'left-lying' });
    expect(await found()).toEqual([]);
    await office.house.db
      .updateTable('provider_event')
      .set({ received_at: new Date(Date.now() - 11 * 60_000) })
      .execute();

    expect((await found()).map(({ subject }) => subject)).toEqual(['event/sendgrid/left-lying']);
    expect((await office.ask('GET', '/metrics')).text).toMatch(/\nrelance_provider_events_waiting 1\n/);
    await follow();
    expect(await found()).toEqual([]);
  });
});

describe('a report of a mail to our own people', () => {
  it('changes the state of that mail and nothing else', async () => {
    const sent = await accepted();
    await office.house.db
      .updateTable('message')
      .set({ purpose: 'internal', contact_id: null })
      .where('id', '=', sent.id)
      .execute();
    await office.house.db.deleteFrom('message_line').where('message_id', '=', sent.id).execute();

    await after(sent, 'bounced');

    expect((await messageOf(sent)).state).toBe('bounced');
    expect(await historyOf(sent)).toEqual(['stepSent']);
    expect((await contactsOf(sent))[0]!.email_invalid).toBeNull();
  });
});

// F38.
describe('an address that turns out to be no good between plan and claim', () => {
  it.each([
    ['gets nothing: the message goes to the next contact', true],
    ['would have got it, had nobody reported anything', false],
  ])('%s', async (_, isReported) => {
    const first = await accepted();
    await atTheDesk(office.house, [first.debtorId], (desk) =>
      changeDebtor(
        desk,
        first.debtorId,
        { newContacts: [{ contactId: uuidv7(), email: 'second@debiteur.example' }] },
        ourselves,
      ),
    );
    await office.house.db
      .updateTable('setting')
      .set({ gap_days_min: 0, contacts_per_day: 9, contacts_per_week: 9 })
      .execute();
    const { id } = await office.invoice({
      debtorId: first.debtorId,
      dueDate: '2026-02-27',
      creditorId: (await messageOf(first)).creditor_id!,
    });
    office.clock.set('2026-03-11');
    await office.state(id, { type: 'stepRequested', step: 'reminder', occurrence: 1, channel: 'email' });
    const prepared = await prepare(office.house, first.debtorId);

    if (isReported) await after(first, 'bounced');
    const found = await claim(office.house, first.debtorId, prepared);

    expect(found.kind).toBe('claimed');
    const second = await messageOf({ ...first, id: found.kind === 'claimed' ? found.messageId : '' });
    expect(second.recipient).toBe(
      isReported ? 'second@debiteur.example' : (await messageOf(first)).recipient,
    );
  });

  it.each(['bounced', 'complained', 'opted_out'])(
    'gets nothing when it was the only one, and the step is not asked for by mail any more: %s',
    async (kind) => {
      const first = await accepted();
      const { id } = await office.invoice({
        debtorId: first.debtorId,
        dueDate: '2026-02-27',
        creditorId: (await messageOf(first)).creditor_id!,
      });
      office.clock.set('2026-03-11');
      await office.state(id, { type: 'stepRequested', step: 'reminder', occurrence: 1, channel: 'email' });
      const prepared = await prepare(office.house, first.debtorId);

      await after(first, kind);
      const found = await claim(office.house, first.debtorId, prepared);

      const mails = await office.house.db
        .selectFrom('message')
        .select(['id', 'channel'])
        .where('debtor_id', '=', first.debtorId)
        .where('channel', '=', 'email')
        .execute();
      expect(mails.map((mail) => mail.id)).toEqual([first.id]);
      expect(found.kind).not.toBe('claimed');
    },
  );
});

describe('what is told of a message', () => {
  it('says whether its delivery is proven, awaited or never was, and what was reported in whose words', async () => {
    const sent = await accepted();
    const proofOf = async () => (await office.ask('GET', `/v1/messages/${sent.id}`)).body.deliveryProof;

    expect(await proofOf()).toBe('awaited');
    office.clock.set(leaving + 48 * hourMs);
    expect(await proofOf()).toBe('none');
    const listed = (await office.ask('GET', `/v1/messages?debtor=${sent.debtorId}`)).body.items[0];
    expect(listed.deliveryProof).toBe('none');
    await after(sent, 'delivered');
    expect(await proofOf()).toBe('proven');

    const { reports } = (await office.ask('GET', `/v1/messages/${sent.id}`)).body;
    expect(reports).toMatchObject([{ kind: 'delivered', reason: '550 5.1.1 in words' }]);
  });

  it('stands in the timeline of its invoice, where it matters, by whom it was said', async () => {
    const sent = await accepted();
    await after(sent, 'deferred', 'opened', 'delivered', 'complained');

    const { items } = (await office.ask('GET', `/v1/invoices/${sent.invoiceIds[0]}/timeline`)).body;
    const reports = items.filter(
      (item: { author: { kind: string } | null }) => item.author?.kind === 'provider',
    );

    expect(reports.map((item: { kind: string; text: string }) => `${item.kind}: ${item.text}`)).toEqual([
      "note: The recipient's server makes the message wait; it is being tried again.",
      expect.stringMatching(/^fact: Step ".*" delivered on 6 March 2026/),
      'fact: What is known of the debtor has changed.',
      'note: The recipient marked the message as spam.',
    ]);
    expect(new Set(reports.map((item: { messageId: string }) => item.messageId))).toEqual(
      new Set([sent.id, null]),
    );
    expect(JSON.stringify(items)).not.toContain('5.1.1');
  });
});
