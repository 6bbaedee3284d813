import { createHash, createPublicKey, verify } from 'node:crypto';
import Fastify from 'fastify';
import twilio from 'twilio';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { loggerAt } from '../../api/logging.ts';
import { answerWithProblem } from '../../api/problem.ts';
import { receiveWebhooks, refusedWebhooks } from '../../api/routes/webhooks.ts';
import { verdictOnSendgrid } from '../../api/webhooks/sendgrid-signature.ts';
import { verdictOnTwilio } from '../../api/webhooks/twilio-signature.ts';
import { openDatabase } from '../../db/database.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { forgedMailReports, forgedTextReports } from '../fakes/forged-reports.ts';
import {
  accountsReportedBy,
  mailEvent,
  ReportingSendGrid,
  ReportingTwilio,
  textStatus,
} from '../fakes/reporting-providers.ts';
import type { Call } from '../fakes/reporting-providers.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

const sendgrid = new ReportingSendGrid();
const text = new ReportingTwilio();
const known = accountsReportedBy({ sendgrid, text });
const message = uuidv7();

let office: Office;
beforeAll(async () => {
  office = await openOffice({ accounts: known });
});
afterAll(() => office.close());
beforeEach(async () => {
  await office.house.db.deleteFrom('provider_event').execute();
});

const post = async (call: Call) => (await office.app.inject(call)).statusCode;
const stored = () => office.house.db.selectFrom('provider_event').selectAll().orderBy('event_id').execute();

/** Webhooks whose database is not there: what answers anything but 503 has not asked it. */
function withoutDatabase(accounts = known, lines: string[] = []) {
  const app = Fastify({
    logger: { ...(loggerAt('trace') as object), stream: { write: (line: string) => void lines.push(line) } },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerWithProblem);
  const refused = refusedWebhooks();
  const db = openDatabase('postgres://nobody@127.0.0.1:9/none', { connectionsMax: 1 });
  receiveWebhooks(app, { house: { db }, accounts, refused });
  const counted = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      (await refused.get()).values.map(({ labels, value }) => [`${labels.provider} ${labels.reason}`, value]),
    );
  return { app, counted, lines, close: () => Promise.all([app.close(), db.destroy()]) };
}

const delivered = mailEvent('delivered', message);
const sent = textStatus('delivered');
const mailCall = sendgrid.call([delivered]);
const textCall = text.call(sent, { messageId: message });
const signatureOfMail = 'x-twilio-email-event-webhook-signature';
const timestampOfMail = 'x-twilio-email-event-webhook-timestamp';
const mailForgeries = forgedMailReports(sendgrid, [delivered]);
const textForgeries = forgedTextReports(text, sent, message);
const withBody = (call: Call, body: string | Buffer): Call => ({ ...call, payload: Buffer.from(body) });

describe.each([
  ['SendGrid', mailCall, mailForgeries],
  ['Twilio', textCall, textForgeries],
])('a request that %s has signed', (_, genuine, mutations) => {
  // Without a database it comes as far as the database; changed in any way it does not.
  it('is stored, and answered with 503 while the database is down, so that it comes again', async () => {
    const webhooks = withoutDatabase();
    try {
      const answer = await webhooks.app.inject(genuine);

      expect(answer.statusCode).toBe(503);
      expect(answer.headers['retry-after']).toBeTruthy();
      expect(await post(genuine)).toBe(204);
      expect((await stored()).map(({ message_id, kind }) => [message_id, kind])).toEqual([
        [message, 'delivered'],
      ]);
      expect(await webhooks.counted()).toEqual({});
    } finally {
      await webhooks.close();
    }
  });

  it.each(Object.entries(mutations))(
    'is refused with %s: without a word why, before any table is touched, and counted',
    async (_title, call) => {
      const webhooks = withoutDatabase();
      try {
        const answer = await webhooks.app.inject(call);

        expect([401, 403]).toContain(answer.statusCode);
        expect(answer.json()).toMatchObject({ detail: 'It does not prove that it comes from the provider.' });
        expect(Object.values(await webhooks.counted())).toEqual([1]);
        expect(await post(call)).toBe(answer.statusCode);
        expect(await stored()).toEqual([]);
      } finally {
        await webhooks.close();
      }
    },
  );
});

describe('a signature', () => {
  // Published with the vendor's own library.
  it("of SendGrid's published example is good, and that of its other key is not", () => {
    const key =
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEDr2LjtURuePQzplybdC+u4CwrqDqBaWjcMMsTbhdbcwHBcepxo7yAQGhHPTnlvFYPAZFceEu/1FwCM/QmGUhA==';
    const other =
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqTxd43gyp8IOEto2LdIfjRQrIbsd4SXZkLW6jDutdhXSJCWHw8REntlo7aNDthvj+y7GjUuFDb/R1NGe1OPzpA==';
    const request = {
      body: Buffer.from('{"category":"example_payload","event":"test_event","message_id":"message_id"}'),
      signature:
        'MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH2j/0=',
      timestamp: '1588788367',
    };
    const then = 1_588_788_367_000;

    expect(verdictOnSendgrid(request, [key], then)).toBe('genuine');
    expect(verdictOnSendgrid(request, [other, key], then + 299_000)).toBe('genuine');
    expect(verdictOnSendgrid(request, [key], then + 301_000)).toBe('stale');
    expect(verdictOnSendgrid(request, [other], then)).toBe('forged');
    expect(verdictOnSendgrid({ ...request, timestamp: '1588788368' }, [key], then)).toBe('forged');
  });

  it("of Twilio's published example is good", () => {
    const form = new URLSearchParams({
      To: '+18005551212',
      CallSid: 'CA1234567890ABCDE',
      From: '+14158675309',
      Caller: '+14158675309',
      Digits: '1234',
    });
    const request = { url: 'https://mycompany.com/myapp.php?foo=1&bar=2', form };

    expect(verdictOnTwilio({ ...request, signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' }, ['12345'])).toBe(
      'genuine',
    );
    expect(verdictOnTwilio({ ...request, signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B9=' }, ['12345'])).toBe(
      'forged',
    );
  });

  it('of SendGrid is not good with a key of another curve or with no key at all', () => {
    const call = sendgrid.call([]);
    const request = {
      body: call.payload,
      signature: call.headers[signatureOfMail]!,
      timestamp: call.headers[timestampOfMail]!,
    };

    expect(verdictOnSendgrid(request, [], Date.now())).toBe('forged');
    expect(verdictOnSendgrid(request, ['', 'bm9uc2Vuc2U='], Date.now())).toBe('forged');
    expect(verdictOnSendgrid(request, [sendgrid.publicKey], Date.now())).toBe('genuine');
  });

  // Another base64 text of the same twenty bytes is not what Twilio writes.
  it('of Twilio is compared as it is written', () => {
    const form = new URLSearchParams({ a: 'b' });
    const signature = text.sign('https://x.example/', { a: 'b' });
    const twin = signature.replace(/.=$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}=`);

    expect(Buffer.from(twin, 'base64')).toEqual(Buffer.from(signature, 'base64'));
    expect(verdictOnTwilio({ url: 'https://x.example/', form, signature }, [text.token])).toBe('genuine');
    expect(verdictOnTwilio({ url: 'https://x.example/', form, signature: twin }, [text.token])).toBe(
      'forged',
    );
  });

  it.each([
    { a: ['2', '1', '2'], b: '' },
    { MessageSid: 'SM1', 'Nom é': 'déjà vu & plus+', Z: '1', a: '2' },
    { Body: 'ligne\nligne', body: 'x', BODY: ['y', 'x', 'Y'] },
  ])("of Twilio covers parameters as Twilio's own library does: %o", (form) => {
    const url = 'https://relance.example/v1/webhooks/twilio/text?message=1';
    const fields = Object.entries(form).flatMap(([name, value]) =>
      [value].flat().map((one): [string, string] => [name, one]),
    );
    const signature = twilio.getExpectedTwilioSignature(text.token, url, form);

    expect(verdictOnTwilio({ url, form: new URLSearchParams(fields), signature }, [text.token])).toBe(
      'genuine',
    );
  });
});

describe('keys of an account', () => {
  it('may be two at once, so that one is replaced without losing an event', async () => {
    const before = new ReportingSendGrid();
    const rotating = accountsReportedBy(
      { sendgrid, text },
      { eventKeys: [before.publicKey, sendgrid.publicKey] },
    );
    const during = withoutDatabase(rotating);
    const after = withoutDatabase();
    const old = before.call([mailEvent('delivered', message)]);
    try {
      // 503: it was believed, and there was no database.
      expect((await during.app.inject(old)).statusCode).toBe(503);
      expect((await during.app.inject(mailCall)).statusCode).toBe(503);
      expect((await after.app.inject(old)).statusCode).toBe(403);
    } finally {
      await during.close();
      await after.close();
    }
  });

  it('of Twilio may be the token of before, until the operator takes it out', async () => {
    const before = new ReportingTwilio();
    const during = withoutDatabase(
      accountsReportedBy({ sendgrid, text }, { previousAuthToken: before.token }),
    );
    const after = withoutDatabase();
    const old = before.call(textStatus('delivered'), { messageId: message });
    try {
      expect((await during.app.inject(old)).statusCode).toBe(503);
      expect((await during.app.inject(textCall)).statusCode).toBe(503);
      expect((await after.app.inject(old)).statusCode).toBe(403);
    } finally {
      await during.close();
      await after.close();
    }
  });

  it('of one account do not open another', async () => {
    const other = accountsReportedBy({ sendgrid: new ReportingSendGrid(), text: new ReportingTwilio() });
    const webhooks = withoutDatabase(other);
    try {
      expect((await webhooks.app.inject(mailCall)).statusCode).toBe(403);
      expect((await webhooks.app.inject(textCall)).statusCode).toBe(403);
    } finally {
      await webhooks.close();
    }
  });
});

describe('behind a proxy', () => {
  it.each([
    ['with the port that the proxy is asked at', { host: 'relance.example:443' }],
    ['with its own name for us', { host: '10.0.0.7:8080' }],
    [
      'with what it says of the outside',
      { host: 'api', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' },
    ],
  ])('a report counts %s: the address is the configured one', async (_, headers) => {
    const call = text.call(textStatus('sent'), { messageId: message });

    expect(await post({ ...call, headers: { ...call.headers, ...headers } })).toBe(204);
    expect(await stored()).toHaveLength(1);
  });

  it('a name in Host does not make a signature for another address good', async () => {
    const call = text.call(textStatus('sent'), { messageId: message, signedUrl: 'https://evil.example' });

    expect(await post({ ...call, headers: { ...call.headers, host: 'evil.example' } })).toBe(403);
  });

  it.each([
    ['https://relance.example', 'https://relance.example:443'],
    ['https://relance.example:443', 'https://relance.example'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['https://relance.example/below', 'https://relance.example:443/below'],
  ])('an address that is configured as %s may be signed as %s', async (configured, signedUrl) => {
    const webhooks = withoutDatabase(accountsReportedBy({ sendgrid, text }, { publicUrl: configured }));
    try {
      const call = text.call(textStatus('sent'), { messageId: message, signedUrl });

      expect((await webhooks.app.inject(call)).statusCode).toBe(503);
    } finally {
      await webhooks.close();
    }
  });

  it('other routes still answer to our own names alone', async () => {
    const answer = await office.app.inject({ url: '/v1/invoices', headers: { host: 'relance.example' } });
    const nowhere = await office.app.inject({ url: '/nowhere', headers: { host: 'relance.example' } });

    expect([answer.statusCode, nowhere.statusCode]).toEqual([421, 421]);
  });
});

describe('a webhook', () => {
  it.each([
    ['/v1/webhooks/sendgrid/nobody', mailCall],
    ['/v1/webhooks/twilio/nobody', textCall],
    ['/v1/webhooks/sendgrid/text', mailCall],
    ['/v1/webhooks/twilio/mail', textCall],
    ['/v1/webhooks/twilio/outbox', textCall],
  ])('of an account that does not exist is not found: %s', async (url, call) => {
    expect(await post({ ...call, url })).toBe(404);
  });

  it('takes a full batch of SendGrid, and nothing longer', async () => {
    const batch = Array.from({ length: 3_000 }, () => mailEvent('processed', null, { pad: 'x'.repeat(80) }));
    const full = sendgrid.call(batch);
    const long = sendgrid.call(Buffer.alloc(1024 * 1024 + 1, 32));

    expect(full.payload.length).toBeGreaterThan(768 * 1024);
    expect(await post(full)).toBe(204);
    expect(await stored()).toHaveLength(3_000);
    expect(await post(long)).toBe(413);
    expect(await post(withBody(textCall, Buffer.alloc(64 * 1024 + 1, 97)))).toBe(413);
  });

  it('needs no key of a caller and gives nobody any other way in', async () => {
    const withKey = await office.ask('POST', '/v1/webhooks/sendgrid/mail', [], { as: 'admin' });

    expect(withKey.status).toBe(401);
    expect((await office.app.inject({ url: '/v1/webhooks/sendgrid/mail' })).statusCode).toBe(405);
  });

  it('says in the metrics what was refused', async () => {
    await post(mailForgeries['no signature']!);
    await post(mailForgeries['a good signature of six minutes ago']!);
    await post(textForgeries['a value changed']!);

    const { text: figures } = await office.ask('GET', '/metrics');

    expect(figures).toMatch(/relance_webhooks_refused_total\{provider="sendgrid",reason="missing"\} [1-9]/);
    expect(figures).toMatch(/relance_webhooks_refused_total\{provider="sendgrid",reason="stale"\} [1-9]/);
    expect(figures).toMatch(/relance_webhooks_refused_total\{provider="twilio",reason="forged"\} [1-9]/);
  });

  it('never writes a body, a query or a signature into the log, whatever becomes of the request', async () => {
    const secret = 'nobody.should.read@this.example';
    const webhooks = withoutDatabase();
    const good = sendgrid.call([mailEvent('bounce', message, { email: secret })]);
    const noList = sendgrid.call(Buffer.from(`{"email":"${secret}"}`));
    try {
      const codes = [];
      for (const call of [good, withBody(good, `${good.payload.toString()} `), noList, textCall])
        codes.push((await webhooks.app.inject(call)).statusCode);

      expect(codes).toEqual([503, 403, 400, 503]);
      const log = webhooks.lines.join('');
      expect(log).toContain('/v1/webhooks/sendgrid/mail');
      for (const hidden of [
        secret,
        message,
        good.headers[signatureOfMail]!,
        textCall.headers['x-twilio-signature']!,
        '+33600000000',
      ])
        expect(log).not.toContain(hidden);
    } finally {
      await webhooks.close();
    }
  });
});

describe('an event', () => {
  // F08, at the door: the effect is in the tests of what follows.
  it('that comes fifty times, eight at once, is one row, and is answered with 2xx each time', async () => {
    const call = sendgrid.call([mailEvent('delivered', message), mailEvent('open', message)]);
    const again = { left: 50 };
    const codes: number[] = [];
    const knock = async (): Promise<void> => {
      while (again.left-- > 0) codes.push(await post(call));
    };
    await Promise.all(Array.from({ length: 8 }, knock));

    expect(codes).toEqual(Array.from({ length: 50 }, () => 204));
    expect((await stored()).map(({ kind }) => kind)).toEqual(['delivered', 'opened']);
  });

  it('of Twilio is one per status of a message, also when it is signed anew with other words around it', async () => {
    const sid = `SM${'a'.repeat(32)}`;
    for (const more of [{}, { RawDlrDoneDate: '2603021200' }])
      for (const status of ['sent', 'delivered', 'sent'])
        expect(
          await post(text.call({ ...textStatus(status, { sid }), ...more }, { messageId: message })),
        ).toBe(204);

    expect((await stored()).map(({ event_id, kind }) => [event_id, kind])).toEqual([
      [`${sid}/delivered`, 'delivered'],
      [`${sid}/sent`, 'accepted'],
    ]);
  });

  it('is stored with the digest of the bytes in which it came, and its own time', async () => {
    const call = sendgrid.call([
      mailEvent('bounce', message, { timestamp: 1_772_445_600, status: '5.1.1', reason: '550 no such user' }),
    ]);

    await post(call);

    expect(await stored()).toMatchObject([
      {
        provider: 'sendgrid',
        message_id: message,
        kind: 'bounced',
        address: 'compta@debiteur.example',
        reason: '5.1.1 550 no such user',
        occurred_at: 1_772_445_600_000,
        raw_sha256: createHash('sha256').update(call.payload).digest('hex'),
        processed_at: null,
      },
    ]);
  });

  it.each([
    ['processed', {}, 'accepted'],
    ['deferred', {}, 'deferred'],
    ['delivered', {}, 'delivered'],
    ['bounce', { type: 'bounce' }, 'bounced'],
    ['bounce', { type: 'blocked' }, 'blocked'],
    ['dropped', { reason: 'Bounced Address' }, 'bounced'],
    ['dropped', { reason: 'Spam Reporting Address' }, 'complained'],
    ['dropped', { reason: 'Unsubscribed Address' }, 'opted_out'],
    ['dropped', { reason: 'Spam Content (if spam checker app enabled)' }, 'failed'],
    ['spamreport', {}, 'complained'],
    ['unsubscribe', {}, 'opted_out'],
    ['group_unsubscribe', {}, 'opted_out'],
    ['open', {}, 'opened'],
    ['click', {}, 'click'],
    ['account_status_change', {}, 'account_status_change'],
    ['constructor', {}, 'constructor'],
  ])('of SendGrid, %s with %o, is kept as %s', async (event, more, kind) => {
    await post(sendgrid.call([mailEvent(event, message, more)]));

    expect((await stored()).map((row) => row.kind)).toEqual([kind]);
  });

  it.each([
    ['queued', undefined, 'accepted'],
    ['sent', undefined, 'accepted'],
    ['delivered', undefined, 'delivered'],
    ['read', undefined, 'opened'],
    ['undelivered', '30003', 'undelivered'],
    ['undelivered', '30005', 'bounced'],
    ['undelivered', '30006', 'bounced'],
    ['failed', '21610', 'opted_out'],
    ['failed', '30001', 'failed'],
    ['canceled', undefined, 'failed'],
    ['partially_delivered', undefined, 'partially_delivered'],
  ])('of Twilio, %s with the code %s, is kept as %s', async (status, errorCode, kind) => {
    const given = errorCode === undefined ? {} : { errorCode };
    await post(text.call(textStatus(status, given), { messageId: message }));

    expect((await stored()).map((row) => row.kind)).toEqual([kind]);
  });

  it('is kept without what nobody needs: no words of the debtor, and no address that changes nothing', async () => {
    await post(text.call({ ...textStatus('received'), From: '+33611111111', Body: 'je paie demain' }));
    await post(
      text.call({ ...textStatus('received'), From: '+33611111111', Body: 'STOP', OptOutType: 'STOP' }),
    );
    await post(sendgrid.call([mailEvent('click', message, { url: 'https://x.example' })]));

    const rows = await stored();
    expect(JSON.stringify(rows)).not.toMatch(/je paie|x\.example|compta@/);
    expect(rows.map(({ kind, address }) => [kind, address])).toEqual(
      expect.arrayContaining([
        ['received', null],
        ['opted_out', '+33611111111'],
        ['click', null],
      ]),
    );
  });

  // One strange event must not make its provider send the whole batch again for a day.
  it('that is strange holds up none of those around it', async () => {
    const strange = [
      {},
      { event: 7, sg_event_id: { a: 1 }, timestamp: 'yesterday', email: 5 },
      mailEvent('bounce', 'not-a-uuid', { email: 'a\u0000b@x.example', reason: '\ud83d cut \u0000' }),
      mailEvent('x'.repeat(500), message, { timestamp: -1, sg_event_id: 'e'.repeat(5_000) }),
      mailEvent('delivered', message, { timestamp: 1e300 }),
    ];
    const call = sendgrid.call([mailEvent('delivered', message), ...strange]);

    expect(await post(call)).toBe(204);
    expect(await post(call)).toBe(204);
    expect(await stored()).toHaveLength(6);
  });

  it('with the id of another system on the same account is stored, and names no message', async () => {
    await post(sendgrid.call([mailEvent('delivered', null, { relance_message: '4711' })]));
    await post(text.call(textStatus('sent'), { messageId: '4711--' }));

    expect((await stored()).map((row) => row.message_id)).toEqual([null, null]);
  });
});

// The keys that the tests sign with are keys of the kind that the settings take.
it('the keys of these tests are those of P-256', () => {
  const key = createPublicKey({
    key: Buffer.from(sendgrid.publicKey, 'base64'),
    format: 'der',
    type: 'spki',
  });
  const call = sendgrid.call([]);

  expect(key.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  expect(
    verify(
      'sha256',
      Buffer.concat([Buffer.from(call.headers[timestampOfMail]!), call.payload]),
      key,
      Buffer.from(call.headers[signatureOfMail]!, 'base64'),
    ),
  ).toBe(true);
});
