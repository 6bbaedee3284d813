import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hearsayIn } from '../../../activities/carriers/hearsay.ts';
import type { Carrier } from '../../../activities/carriers/carrier.ts';
import type { TwilioAccount } from '../../../activities/carriers/accounts.ts';
import { twilioCarrier } from '../../../activities/carriers/twilio.ts';
import { uuidv7 } from '../../../db/uuid.ts';
import { openFakeTwilio, twilioApi } from '../../fakes/twilio.ts';
import type { FakeTwilio, TextMessage } from '../../fakes/twilio.ts';
import { openOffice } from '../../setup/office.ts';
import type { Office } from '../../setup/office.ts';
import { patient, textTo } from './outgoing.ts';

const number = '+33600000001';
const text = 'Ateliers Martin : facture F-0001 echue, 1 200,00 EUR a regler.';
const minutes = 60_000;

let office: Office;
let twilio: FakeTwilio;
let carrier: Carrier;

beforeAll(async () => {
  office = await openOffice();
  twilio = await openFakeTwilio();
  carrier = carrierOf({ from: '+33700000000' });
});
afterAll(async () => {
  await twilio.close();
  await office.close();
});
beforeEach(async () => {
  twilio.messages.length = 0;
  twilio.server.calls.length = 0;
  twilio.server.behaviour = { do: 'accept' };
  await sql`delete from provider_event; delete from message`.execute(office.house.db);
});
afterEach(() => {
  expect(twilio.server.faults.splice(0)).toEqual([]);
});

describe('a text message to Twilio', () => {
  it('says to whom, from whom, what, where to report with our id, and when it is too late', async () => {
    const message = textTo(number, text);

    await carrier.send(message, patient());

    expect(formOf(0)).toEqual({
      To: number,
      From: '+33700000000',
      Body: text,
      StatusCallback: `https://relance.example/v1/webhooks/twilio/texts?message=${message.messageId}`,
      ValidityPeriod: '3600',
      SmartEncoded: 'false',
    });
  });

  it('goes through a messaging service where the account has one', async () => {
    const messagingServiceSid = `MG${'0'.repeat(32)}`;

    await carrierOf({ messagingServiceSid }).send(textTo(number, text), patient());

    expect(formOf(0)).toMatchObject({ MessagingServiceSid: messagingServiceSid });
    expect(formOf(0)).not.toHaveProperty('From');
  });

  it('keeps the signs of the text', async () => {
    const words = 'Créance n° 1 & 2 = 100 % dû ; œuvre « été » +33 €\nMerci';

    await carrier.send(textTo(number, words), patient());

    expect(twilio.messages[0]?.body).toBe(words);
  });
});

describe('a number that nobody can dial', () => {
  it.each(['0912', 'dupont@debiteur.example', '+33600000001\r\nTo: +1900'])(
    'is refused without a call: %j',
    async (to) => {
      expect(await carrier.send(textTo(to), patient())).toEqual({
        kind: 'refused',
        reason: 'no_mobile_number',
        addressInvalid: true,
      });
      expect(twilio.server.calls).toEqual([]);
    },
  );
});

// What the pretended Twilio never refused would prove nothing about what we send.
describe.runIf(twilioApi)('the pretended Twilio', () => {
  it.each([
    ['a field that there is not', { To: number, Body: 'x', Boddy: 'x' }],
    ['no recipient', { Body: 'x' }],
    ['a time that is no number', { To: number, Body: 'x', ValidityPeriod: 'soon' }],
    ['a service by a wrong id', { To: number, Body: 'x', MessagingServiceSid: 'MG1' }],
  ])('refuses %s', async (_, form) => {
    const response = await posted(form);

    expect(response.status).toBe(400);
    expect(twilio.server.faults.splice(0)).not.toEqual([]);
  });

  it('refuses a look-up by something that there is not', async () => {
    const url = `${twilio.server.url}/2010-04-01/Accounts/${twilio.accountSid}/Messages.json?Too=${encodeURIComponent(number)}`;

    expect((await fetch(url, { headers: { authorization: basic() } })).status).toBe(400);
    expect(twilio.server.faults.splice(0)).toEqual(['there is no field Too']);
  });

  it('takes what is right', async () => {
    expect((await posted({ To: number, Body: 'x' })).status).toBe(201);
  });
});

describe('a text message whose outcome is unknown', () => {
  it('was accepted when Twilio lists the same words to the same number since then', async () => {
    const id = await unknown();
    const [listed] = lists({ body: text });

    expect(await carrier.evidence(id, patient())).toEqual({ kind: 'accepted', ref: listed!.sid });
  });

  // What has no day of sending yet is not found by the day of sending.
  it('was accepted also while Twilio still has it in its queue', async () => {
    const id = await unknown();
    const [listed] = lists({ body: text, sentAt: null });

    expect(await carrier.evidence(id, patient())).toEqual({ kind: 'accepted', ref: listed!.sid });
  });

  it('was accepted also where its number is written as people write it', async () => {
    const id = await unknown();
    await office.house.db
      .updateTable('message')
      .set({ recipient: '06 00 00 00 01' })
      .where('id', '=', id)
      .execute();
    const [listed] = lists({ body: text });

    expect(await carrier.evidence(id, patient())).toEqual({ kind: 'accepted', ref: listed!.sid });
  });

  it('was accepted when a report named it, without asking Twilio', async () => {
    const id = await unknown();
    const at = new Date();
    await office.house.db
      .insertInto('provider_event')
      .values({
        provider: 'twilio',
        event_id: 'SM1/sent',
        message_id: id,
        kind: 'accepted',
        occurred_at: at,
        received_at: at,
        raw_sha256: '',
      })
      .execute();

    expect(await carrier.evidence(id, patient())).toEqual({ kind: 'accepted', ref: null });
    expect(twilio.server.calls).toEqual([]);
  });

  it('is absent when a quarter of an hour later Twilio lists nothing to that number since then', async () => {
    const id = await unknown({ quietMinutes: 16 });
    lists({ body: text, createdAt: ago(60) }, { body: text, to: '+33600000002' });

    expect(await carrier.evidence(id, patient())).toEqual({ kind: 'absent' });
  });

  it.each([
    ['the attempt was a moment ago: the call may still be under way', { quietMinutes: 14 }, []],
    [
      'Twilio lists words to that number that we do not know: it may hide ours',
      { quietMinutes: 16 },
      [{ body: '' }],
    ],
  ])('is not known while %s', async (_, given, listed) => {
    const id = await unknown(given);
    lists(...listed);

    expect(await carrier.evidence(id, patient())).toEqual({ kind: 'silent' });
  });

  it('is not taken for another message with the same words that Twilio has accepted', async () => {
    const [listed] = lists({ body: text });
    const id = await unknown({ quietMinutes: 16 });
    await unknown({ state: 'accepted', ref: listed!.sid });

    expect(await carrier.evidence(id, patient())).toEqual({ kind: 'absent' });
  });

  it('is not known while a second one with the same words is unknown too, and Twilio lists one', async () => {
    const id = await unknown();
    await unknown();
    lists({ body: text });

    expect(await carrier.evidence(id, patient())).toEqual({ kind: 'silent' });
  });

  it.each([
    ['fails', { do: 'answer', status: 500 }],
    ['says nothing that we understand', { do: 'answer', status: 200, body: '<html>' }],
    ['turns us away', { do: 'answer', status: 401 }],
    ['cuts the line', { do: 'drop' }],
  ] as const)('is not known when Twilio %s', async (_, behaviour) => {
    const id = await unknown({ quietMinutes: 16 });
    twilio.server.behaviour = behaviour;

    expect(await carrier.evidence(id, patient())).toEqual({ kind: 'silent' });
  });

  it('is not known when the list is as long as Twilio gives: there may be more', async () => {
    const id = await unknown({ quietMinutes: 16 });
    lists(...Array.from({ length: 1_000 }, () => ({ body: text, createdAt: ago(600) })));

    expect(await carrier.evidence(id, patient())).toEqual({ kind: 'silent' });
  });
});

describe('a text message that Twilio has', () => {
  it.each([
    [{ status: 'delivered' }, { status: 'delivered', errorCode: null }],
    [
      { status: 'undelivered', errorCode: 30_005 },
      { status: 'undelivered', errorCode: '30005' },
    ],
  ])('has the fate that Twilio tells when asked: %j', async (known, fate) => {
    const [listed] = lists({ body: text, ...known });

    expect(await carrier.fateOf?.(listed!.sid, patient())).toEqual(fate);
  });

  it('has none when Twilio does not know it', async () => {
    expect(await carrier.fateOf?.(`SM${'0'.repeat(32)}`, patient())).toBeNull();
  });
});

function carrierOf(sender: Partial<TwilioAccount>): Carrier {
  const { accountSid, authToken, server } = twilio;
  return twilioCarrier(
    { kind: 'twilio', name: 'texts', accountSid, authToken, perSecond: 1, baseUrl: server.url, ...sender },
    'https://relance.example',
    hearsayIn(office.house.db),
  );
}

async function unknown({
  state = 'unknown',
  ref = null,
  quietMinutes = 0,
}: { state?: 'unknown' | 'accepted'; ref?: string | null; quietMinutes?: number } = {}): Promise<string> {
  const id = uuidv7();
  const at = new Date(await office.clock.now());
  await office.house.db
    .insertInto('message')
    .values({
      id,
      key: `test/${id}`,
      purpose: 'contact',
      channel: 'sms',
      language: 'fr',
      template: 'sms_reminder',
      state,
      attempt: 1,
      planned_at: at,
      state_at: at,
      figures: '{}',
      recipient: number,
      body_text: text,
      sha256: '',
      account: 'texts',
      provider_ref: ref,
    })
    .execute();
  await sql`update message set recorded_at = clock_timestamp() - interval '20 minutes', touched_at = clock_timestamp() - ${quietMinutes}::float8 * interval '1 minute' where id = ${id}`.execute(
    office.house.db,
  );
  return id;
}

function lists(...given: Partial<TextMessage>[]): readonly TextMessage[] {
  for (const one of given)
    twilio.messages.push({
      sid: `SM${String(twilio.messages.length).padStart(32, '0')}`,
      to: number,
      from: '+33700000000',
      body: '',
      statusCallback: null,
      createdAt: ago(10),
      sentAt: ago(10),
      ...one,
    });
  return twilio.messages.slice(-given.length);
}

function ago(howMany: number): Date {
  return new Date(Date.now() - howMany * minutes);
}

function formOf(call: number): object {
  return Object.fromEntries(new URLSearchParams(twilio.server.calls[call]!.body));
}

function basic(): string {
  return `Basic ${Buffer.from(`${twilio.accountSid}:${twilio.authToken}`).toString('base64')}`;
}

function posted(form: Record<string, string>): Promise<Response> {
  return fetch(`${twilio.server.url}/2010-04-01/Accounts/${twilio.accountSid}/Messages.json`, {
    method: 'POST',
    headers: { authorization: basic() },
    body: new URLSearchParams(form),
  });
}
