import { performance } from 'node:perf_hooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { outboxOnly } from '../../../activities/carriers/accounts.ts';
import type { Account, Accounts } from '../../../activities/carriers/accounts.ts';
import { carriersOf } from '../../../activities/carriers/carriers.ts';
import type { Carriers } from '../../../activities/carriers/carriers.ts';
import { deliver } from '../../../activities/deliver.ts';
import { carry } from '../../../activities/door/carry.ts';
import type { MessageRow } from '../../../db/deliveries.ts';
import { uuidv7 } from '../../../db/uuid.ts';
import { openMailServer } from '../../fakes/mail-server.ts';
import type { MailServer } from '../../fakes/mail-server.ts';
import { openFakeSendGrid } from '../../fakes/sendgrid.ts';
import type { FakeSendGrid } from '../../fakes/sendgrid.ts';
import { openFakeTwilio } from '../../fakes/twilio.ts';
import type { FakeTwilio } from '../../fakes/twilio.ts';
import { openOffice } from '../../setup/office.ts';
import type { Office } from '../../setup/office.ts';

let office: Office;
let server: MailServer;
let sendGrid: FakeSendGrid;
let twilio: FakeTwilio;
let accounts: Accounts;
let carriers: Carriers;
const tell = (): void => undefined;

beforeAll(async () => {
  [office, server, sendGrid, twilio] = await Promise.all([
    openOffice(),
    openMailServer(),
    openFakeSendGrid(),
    openFakeTwilio(),
  ]);
});
afterAll(async () => {
  await Promise.all([office.close(), server.close(), sendGrid.close(), twilio.close()]);
});
beforeEach(async () => {
  server.mails.length = sendGrid.mails.length = twilio.messages.length = 0;
  sendGrid.server.calls.length = 0;
  sendGrid.server.behaviour = { do: 'accept' };
  await office.house.db.deleteFrom('account_pace').execute();
  accounts = accountsWith('house-mail', 'house-texts');
  carriers = carriersOf(accounts, office.house.db);
});
afterEach(() => {
  expect([...sendGrid.server.faults.splice(0), ...twilio.server.faults.splice(0)]).toEqual([]);
});

describe('a message leaves', () => {
  it('through the default account where its creditor chose none', async () => {
    const mail = await carried(await claimed());
    const text = await carried(await claimed({ channel: 'sms', recipient: '+33600000001' }));

    expect([server.mails.length, sendGrid.mails.length, twilio.messages.length]).toEqual([1, 0, 1]);
    expect(mail).toMatchObject({ state: 'accepted', account: 'house-mail', provider: 'house-mail' });
    expect(text).toMatchObject({
      state: 'accepted',
      account: 'house-texts',
      provider_ref: twilio.messages[0]!.sid,
    });
  });

  it('through the accounts that its creditor chose', async () => {
    const creditorId = await office.creditor();
    await choose(creditorId, { mail_account: 'martin-mail', sms_account: 'outbox' });

    const mail = await carried(await claimed({ creditorId }));
    const text = await carried(await claimed({ creditorId, channel: 'sms', recipient: '+33600000001' }));

    expect([server.mails.length, sendGrid.mails.length, twilio.messages.length]).toEqual([0, 1, 0]);
    expect(mail).toMatchObject({ state: 'accepted', account: 'martin-mail' });
    expect(text).toMatchObject({ state: 'delivered', account: 'outbox', provider: 'outbox' });
  });

  it('into the outbox where the debtor is of the demonstration, whatever was chosen', async () => {
    const creditorId = await office.creditor();
    await choose(creditorId, { mail_account: 'martin-mail' });
    const debtorId = await office.debtor();
    await office.house.db
      .updateTable('debtor')
      .set({ demonstration: true })
      .where('id', '=', debtorId)
      .execute();

    const mail = await carried(await claimed({ creditorId, debtorId }));

    expect([server.mails.length, sendGrid.mails.length]).toEqual([0, 0]);
    expect(mail).toMatchObject({ state: 'delivered', account: 'outbox' });
  });

  it('to our own people through the default account, whatever the creditor chose', async () => {
    const creditorId = await office.creditor();
    await choose(creditorId, { mail_account: 'martin-mail' });

    await carried(await claimed({ creditorId, purpose: 'internal' }));
    await carried(await claimed({ creditorId, purpose: 'sample', channel: 'sms' }));

    expect([server.mails.length, sendGrid.mails.length, twilio.messages.length]).toEqual([2, 0, 0]);
  });

  it('to the number of a debtor as it is dialled from anywhere, however it is written', async () => {
    const text = await carried(await claimed({ channel: 'sms', recipient: '06 00 00 00 01' }));

    expect(twilio.messages.map(({ to }) => to)).toEqual(['+33600000001']);
    expect(text).toMatchObject({ state: 'accepted', recipient: '06 00 00 00 01' });
  });

  it('with the name and the reply address of its creditor', async () => {
    await carried(await claimed());

    expect(server.mails[0]?.mail.from).toMatchObject({
      name: 'Service comptable',
      address: 'compta@house.example',
    });
    expect(server.mails[0]?.mail.replyTo).toMatchObject([{ address: 'compta@martin.example' }]);
  });

  it('into the outbox where nobody configured anything, as ever', async () => {
    carriers = carriersOf(outboxOnly, office.house.db);

    const mail = await carried(await claimed());

    expect(mail).toMatchObject({ state: 'delivered', provider: 'outbox', attempt: 1 });
    expect(await office.house.db.selectFrom('account_pace').selectAll().execute()).toEqual([]);
  });

  it('not at all where its account is not configured: it waits for the operator', async () => {
    const creditorId = await office.creditor();
    await choose(creditorId, { mail_account: 'gone' });

    const mail = await carried(await claimed({ creditorId }));

    expect([server.mails.length, sendGrid.mails.length]).toEqual([0, 0]);
    expect(mail).toMatchObject({ state: 'cancelled', reason: 'account_not_configured' });
  });
});

describe('the account of a message', () => {
  // Whoever asks after a crash must ask the account that may have it.
  it('is written down before the first byte', async () => {
    const creditorId = await office.creditor();
    await choose(creditorId, { mail_account: 'martin-mail' });
    const id = await claimed({ creditorId });
    let release = (): void => undefined;
    let seen: Partial<MessageRow> | undefined;
    carriers = watching(carriers, async () => {
      seen = await rowOf(id);
      release();
    });
    const done = new Promise<void>((resolve) => (release = resolve));

    await carry({ house: office.house, carriers, tell }, id, performance.now());
    await done;

    expect(seen).toMatchObject({ state: 'claimed', attempt: 1, account: 'martin-mail' });
  });

  it('is asked what became of it, also when the creditor has chosen another one since', async () => {
    const creditorId = await office.creditor();
    const debtorId = await office.debtor();
    await choose(creditorId, { sms_account: 'house-texts' });
    const id = await claimed({ creditorId, debtorId, channel: 'sms', recipient: '+33600000001' });
    twilio.server.behaviour = { do: 'accept_and_drop' };
    expect(await carried(id)).toMatchObject({ state: 'unknown' });
    twilio.server.behaviour = { do: 'accept' };
    // The outbox would say that it never had it, and it would be sent again.
    await choose(creditorId, { sms_account: 'outbox' });

    await deliver({ house: office.house, carriers, tell }, debtorId);

    expect(await rowOf(id)).toMatchObject({ state: 'accepted', provider_ref: twilio.messages[0]!.sid });
  });
});

describe('an account that has had enough', () => {
  it('is left alone by the next message for as long as the provider said, and nothing is attempted', async () => {
    const creditorId = await office.creditor();
    await choose(creditorId, { mail_account: 'martin-mail' });
    sendGrid.server.behaviour = { do: 'answer', status: 429, headers: { 'retry-after': '90' } };
    const first = await carried(await claimed({ creditorId }));
    sendGrid.server.behaviour = { do: 'accept' };

    const second = await carried(await claimed({ creditorId }));

    expect(first).toMatchObject({ state: 'cancelled', reason: 'status_429' });
    expect(second).toMatchObject({ state: 'cancelled', reason: 'account_busy', attempt: 0 });
    expect([sendGrid.server.calls.length, sendGrid.mails.length]).toEqual([1, 0]);
  });

  // Providers count in real time, whatever time it is in the house.
  it('is asked again when the time that it named has passed by the clock of the house', async () => {
    const creditorId = await office.creditor();
    const { id: invoiceId, debtorId } = await office.invoice({ creditorId });
    await choose(creditorId, { mail_account: 'martin-mail' });
    sendGrid.server.behaviour = { do: 'answer', status: 429, headers: { 'retry-after': '90' } };
    const id = await claimed({ creditorId, debtorId });
    const requestId = await requested(id, invoiceId, debtorId, creditorId);
    const clock = { ...office.clock, settings: { ...office.clock.settings, speed: 1_000 } };

    await carry({ house: { ...office.house, clock }, carriers, tell }, id, performance.now());

    const request = await office.house.db
      .selectFrom('contact_request')
      .select(['state', 'restart_at'])
      .where('id', '=', requestId)
      .executeTakeFirstOrThrow();
    expect(request).toEqual({ state: 'waiting', restart_at: (await clock.now()) + 90_000 * 1_000 });
  });

  it('keeps nobody waiting who goes through another', async () => {
    const creditorId = await office.creditor();
    await choose(creditorId, { mail_account: 'martin-mail' });
    sendGrid.server.behaviour = { do: 'answer', status: 429, headers: { 'retry-after': '90' } };
    await carried(await claimed({ creditorId }));

    expect(await carried(await claimed())).toMatchObject({ state: 'accepted' });
  });
});

function accountsWith(defaultMail: string, defaultSms: string): Accounts {
  const all: Account[] = [
    {
      kind: 'smtp',
      name: 'house-mail',
      host: '127.0.0.1',
      port: server.port,
      secure: false,
      from: 'compta@house.example',
      perSecond: 1_000,
    },
    {
      kind: 'sendgrid',
      name: 'martin-mail',
      apiKey: sendGrid.apiKey,
      from: 'compta@martin.example',
      eventKeys: [],
      host: 'global',
      perSecond: 1_000,
      baseUrl: sendGrid.server.url,
    },
    {
      kind: 'twilio',
      name: 'house-texts',
      accountSid: twilio.accountSid,
      authToken: twilio.authToken,
      from: '+33700000000',
      perSecond: 1_000,
      baseUrl: twilio.server.url,
    },
    { kind: 'outbox', name: 'outbox' },
  ];
  const byName = new Map(all.map((account) => [account.name, account]));
  return { byName, defaultMail, defaultSms, publicUrl: 'https://relance.example' };
}

/** The same carriers, with a look at what is written before each call. */
function watching(all: Carriers, look: () => Promise<void>): Carriers {
  return {
    ...all,
    carrierFor: (message) => {
      const carrier = all.carrierFor(message);
      return {
        ...carrier,
        send: async (outgoing, signal) => {
          await look();
          return carrier.send(outgoing, signal);
        },
      };
    },
  };
}

async function choose(
  creditorId: string,
  choice: { readonly mail_account?: string; readonly sms_account?: string },
): Promise<void> {
  await office.house.db.updateTable('creditor').set(choice).where('id', '=', creditorId).execute();
}

interface Given {
  readonly creditorId?: string;
  readonly debtorId?: string;
  readonly channel?: 'email' | 'sms';
  readonly recipient?: string;
  readonly purpose?: 'contact' | 'internal' | 'sample';
}

/** A message that was claimed a moment ago. */
async function claimed({
  creditorId,
  debtorId,
  channel = 'email',
  recipient = 'dupont@debiteur.example',
  purpose = 'contact',
}: Given = {}): Promise<string> {
  const id = uuidv7();
  const at = new Date(await office.clock.now());
  await office.house.db
    .insertInto('message')
    .values({
      id,
      key: `test/${id}`,
      purpose,
      creditor_id: creditorId ?? (await office.creditor()),
      debtor_id: debtorId ?? (await office.debtor()),
      channel,
      language: 'fr',
      template: 'reminder',
      state: 'claimed',
      planned_at: at,
      claimed_at: at,
      state_at: at,
      figures: '{}',
      recipient,
      subject: channel === 'sms' ? null : 'Facture F-0001',
      body_html: channel === 'sms' ? null : '<p>Bonjour</p>',
      body_text: 'Bonjour, facture F-0001.',
      sha256: '',
    })
    .execute();
  return id;
}

/** The request that a message answers. */
async function requested(
  messageId: string,
  invoiceId: string,
  debtorId: string,
  creditorId: string,
): Promise<string> {
  const id = uuidv7();
  await office.house.db
    .insertInto('contact_request')
    .values({
      id,
      invoice_id: invoiceId,
      debtor_id: debtorId,
      creditor_id: creditorId,
      step: 'reminder',
      occurrence: 1,
      level: 'reminder',
      channel: 'email',
      mode: 'automatic',
      template: 'reminder',
      recipient: 'billing',
      state: 'claimed',
      asked_at: new Date(await office.clock.now()),
    })
    .execute();
  await office.house.db
    .insertInto('message_line')
    .values({
      message_id: messageId,
      invoice_id: invoiceId,
      request_id: id,
      fact: 1,
      balance_cents: 120_000,
      asked_cents: 120_000,
      open: true,
    })
    .execute();
  return id;
}

async function carried(id: string): Promise<MessageRow> {
  await carry({ house: office.house, carriers, tell }, id, performance.now());
  return rowOf(id);
}

function rowOf(id: string): Promise<MessageRow> {
  return office.house.db.selectFrom('message').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}
