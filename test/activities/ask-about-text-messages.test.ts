import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { askAboutTextMessages } from '../../activities/ask-about-text-messages.ts';
import { outboxOnly } from '../../activities/carriers/accounts.ts';
import type { TwilioAccount } from '../../activities/carriers/accounts.ts';
import { carriersOf } from '../../activities/carriers/carriers.ts';
import { carry } from '../../activities/door/carry.ts';
import { claim } from '../../activities/door/claim.ts';
import type { Workshop } from '../../activities/workshop.ts';
import { followReports } from '../../db/delivery-reports.ts';
import { storeEvents } from '../../db/provider-events.ts';
import { openFakeTwilio } from '../fakes/twilio.ts';
import type { FakeTwilio } from '../fakes/twilio.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
let twilio: FakeTwilio;
let workshop: Workshop;
beforeAll(async () => {
  office = await openOffice();
  twilio = await openFakeTwilio();
  const account: TwilioAccount = {
    kind: 'twilio',
    name: 'text',
    accountSid: twilio.accountSid,
    authToken: twilio.authToken,
    from: '+33700000000',
    perSecond: 100,
    baseUrl: twilio.server.url,
  };
  const accounts = {
    ...outboxOnly,
    byName: new Map([...outboxOnly.byName, [account.name, account]]),
    defaultSms: account.name,
    publicUrl: 'https://relance.example',
  };
  workshop = { house: office.house, carriers: carriersOf(accounts, office.house.db), tell: () => undefined };
});
afterAll(async () => {
  await office.close();
  await twilio.close();
});

/** A text message that Twilio has taken, so many minutes ago by the machine's time. */
async function taken(minutesAgo: number): Promise<{ id: string; debtorId: string }> {
  office.clock.set('2026-03-02');
  const { id: invoiceId, debtorId } = await office.invoice({ dueDate: '2026-02-27' });
  office.clock.set(Date.parse('2026-03-06T11:00:00Z'));
  await office.state(invoiceId, { type: 'stepRequested', step: 'reminder', occurrence: 1, channel: 'sms' });
  const found = await claim(office.house, debtorId, undefined);
  if (found.kind !== 'claimed') throw new Error('nothing leaves');
  await carry(workshop, found.messageId, performance.now());
  await aged(found.messageId, minutesAgo, minutesAgo);
  return { id: found.messageId, debtorId };
}

/** As if it had been written and last touched so many minutes ago. */
async function aged(id: string, written: number, touched: number): Promise<void> {
  const ago = (minutes: number) => sql<Date>`clock_timestamp() - ${minutes} * interval '1 minute'`;
  await office.house.db
    .updateTable('message')
    .set({ recorded_at: ago(written) as never, touched_at: ago(touched) })
    .where('id', '=', id)
    .execute();
}

/** What Twilio says of its last message from now on. */
function becomes(status: string, errorCode?: number): void {
  const last = twilio.messages.pop()!;
  twilio.messages.push({ ...last, status, ...(errorCode === undefined ? {} : { errorCode }) });
}

const askAbout = () => askAboutTextMessages(workshop, new AbortController().signal);
const follow = () =>
  followReports(office.house, (line, detail) => {
    throw new Error(`${line} ${JSON.stringify(detail)}`);
  });
const stateOf = async ({ id }: { id: string }) =>
  (await office.house.db.selectFrom('message').select('state').where('id', '=', id).executeTakeFirstOrThrow())
    .state;
const eventsOf = ({ id }: { id: string }) =>
  office.house.db
    .selectFrom('provider_event')
    .select(['event_id', 'kind'])
    .where('message_id', '=', id)
    .execute();
/** How often Twilio was asked since the last time. */
function asked(): number {
  const count = twilio.server.calls.filter((call) => call.method === 'GET').length;
  const fresh = count - counted;
  counted = count;
  return fresh;
}
let counted = 0;

// F10, for text messages.
describe('a text message of which nobody reports the end', () => {
  it('is asked about after an hour, and its delivery counts as if it had been reported', async () => {
    const message = await taken(59);
    becomes('delivered');
    await askAbout();
    expect(asked()).toBe(0);
    await aged(message.id, 61, 61);

    await askAbout();
    await follow();

    expect(asked()).toBe(1);
    expect(await stateOf(message)).toBe('delivered');
    await askAbout();
    expect(asked()).toBe(0);
  });

  it('is found to have failed, and its number to be no good', async () => {
    const message = await taken(61);
    becomes('undelivered', 30005);

    await askAbout();
    await follow();

    expect(await stateOf(message)).toBe('bounced');
    const { mobile_invalid: invalid } = await office.house.db
      .selectFrom('contact')
      .select('mobile_invalid')
      .where('debtor_id', '=', message.debtorId)
      .executeTakeFirstOrThrow();
    expect(invalid).toBe('hard_bounce');
  });

  it('and is reported after all, in the same words, is one event', async () => {
    const message = await taken(61);
    becomes('delivered');
    await askAbout();
    const [event] = await eventsOf(message);
    const reported = {
      eventId: event!.event_id,
      messageId: message.id,
      kind: 'delivered',
      address: null,
      reason: null,
      occurredAt: Date.now(),
    };

    expect(await storeEvents(office.house.db, 'twilio', 'digest', [reported])).toBe(0);
    await follow();

    expect(await eventsOf(message)).toHaveLength(1);
    expect(await stateOf(message)).toBe('delivered');
  });

  it('is asked about by one of many workers, then at twice its age, and after two days by nobody', async () => {
    const message = await taken(61);
    becomes('sent');
    asked();

    await Promise.all([1, 2, 3, 4].map(askAbout));
    expect(asked()).toBe(1);
    await aged(message.id, 120, 59);
    await askAbout();
    expect(asked()).toBe(0);
    await aged(message.id, 240, 121);
    await askAbout();
    expect(asked()).toBe(1);
    await aged(message.id, 49 * 60, 25 * 60);
    await askAbout();
    expect(asked()).toBe(0);
    await follow();
    expect(await stateOf(message)).toBe('accepted');
  });

  it('stays as it is while Twilio does not answer', async () => {
    const message = await taken(61);
    const [last] = twilio.messages.splice(-1);

    await askAbout();
    await follow();

    expect(await eventsOf(message)).toEqual([]);
    expect(await stateOf(message)).toBe('accepted');
    twilio.messages.push(last!);
  });
});
