import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SendGridAccount, TwilioAccount } from '../../../activities/carriers/accounts.ts';
import type { Carrier, Outgoing } from '../../../activities/carriers/carrier.ts';
import { httpCall } from '../../../activities/carriers/http-call.ts';
import { sendGridCarrier } from '../../../activities/carriers/sendgrid.ts';
import { twilioCarrier } from '../../../activities/carriers/twilio.ts';
import type { HttpProvider } from '../../fakes/http-provider.ts';
import { openFakeSendGrid } from '../../fakes/sendgrid.ts';
import { openFakeTwilio } from '../../fakes/twilio.ts';
import { closedPort, mailTo, nobodySays, patient, textTo } from './outgoing.ts';

/** A provider with a carrier to it, and how many messages it has taken over. */
interface Pair {
  readonly carrierTo: (url: string) => Carrier;
  readonly server: HttpProvider;
  readonly message: Outgoing;
  readonly took: () => number;
  close(): Promise<void>;
}

async function sendGridPair(secure = false): Promise<Pair> {
  const fake = await openFakeSendGrid({ secure });
  const account: SendGridAccount = {
    kind: 'sendgrid',
    name: 'mails',
    apiKey: fake.apiKey,
    from: 'compta@martin.example',
    eventKeys: [],
    host: 'global',
    perSecond: 10,
  };
  return {
    carrierTo: (baseUrl) => sendGridCarrier({ ...account, baseUrl }, nobodySays),
    server: fake.server,
    message: mailTo('dupont@debiteur.example'),
    took: () => fake.mails.length,
    close: fake.close,
  };
}

async function twilioPair(secure = false): Promise<Pair> {
  const fake = await openFakeTwilio({ secure });
  const account: TwilioAccount = {
    kind: 'twilio',
    name: 'texts',
    accountSid: fake.accountSid,
    authToken: fake.authToken,
    from: '+33700000000',
    perSecond: 1,
  };
  return {
    carrierTo: (baseUrl) => twilioCarrier({ ...account, baseUrl }, 'https://relance.example', nobodySays),
    server: fake.server,
    message: textTo('+33600000001'),
    took: () => fake.messages.length,
    close: fake.close,
  };
}

describe.each([
  ['SendGrid', sendGridPair],
  ['Twilio', twilioPair],
])('a message through %s', (_, open) => {
  let pair: Pair;
  let carrier: Carrier;

  beforeEach(async () => {
    pair = await open();
    carrier = pair.carrierTo(pair.server.url);
  });
  afterEach(() => pair.close());

  it('is accepted under the id that the provider gave it, by one call that fits its API', async () => {
    const outcome = await carrier.send(pair.message, patient());

    expect(pair.server.faults).toEqual([]);
    expect(outcome).toEqual({ kind: 'accepted', ref: expect.stringMatching(/^\S{10,}$/) });
    expect([pair.took(), pair.server.calls.length]).toEqual([1, 1]);
  });

  describe('was certainly not sent', () => {
    it('when nobody listens', async () => {
      const outcome = await pair
        .carrierTo(`http://127.0.0.1:${await closedPort()}`)
        .send(pair.message, patient());

      expect(outcome).toEqual({ kind: 'not_sent', reason: 'ECONNREFUSED', retryAfterMs: 60_000 });
    });

    it('when there is no such name', async () => {
      const outcome = await pair.carrierTo('https://no-such-host.invalid').send(pair.message, patient());

      expect(outcome).toMatchObject({
        kind: 'not_sent',
        reason: expect.stringMatching(/^E(NOTFOUND|AI_AGAIN)$/),
      });
    });

    // The control is in the fake: it counts every byte that comes out of TLS.
    it("when the certificate is nobody's we trust, and not a byte has left", async () => {
      const secure = await open(true);

      const outcome = await secure.carrierTo(secure.server.url).send(secure.message, patient());

      expect(outcome).toMatchObject({ kind: 'not_sent', reason: expect.stringMatching(/SELF_SIGNED_CERT/) });
      expect([secure.took(), secure.server.bytesHeard]).toEqual([0, 0]);
      await secure.close();
    });

    it('when the time was over before there was a connection', async () => {
      const over = AbortSignal.abort();

      const outcome = await carrier.send(pair.message, over);

      expect(outcome).toEqual({ kind: 'not_sent', reason: 'timed_out', retryAfterMs: 60_000 });
      expect(pair.server.calls).toEqual([]);
    });

    it.each([
      [undefined, 60_000],
      ['17', 17_000],
      ['0', 1_000],
      ['soon', 60_000],
      ['Sun, 22 Nov 2026 10:01:30 GMT', 90_000],
    ])(
      'when the provider is too busy (429, Retry-After: %s), and waits as long as it says',
      async (after, retryAfterMs) => {
        const headers = {
          date: 'Sun, 22 Nov 2026 10:00:00 GMT',
          ...(after === undefined ? {} : { 'retry-after': after }),
        };
        pair.server.behaviour = { do: 'answer', status: 429, headers };

        const outcome = await carrier.send(pair.message, patient());

        expect(outcome).toEqual({ kind: 'not_sent', reason: 'status_429', retryAfterMs, busy: true });
        expect([pair.took(), pair.server.calls.length]).toEqual([0, 1]);
      },
    );
  });

  it.each([401, 403])('was not sent where the account is turned away (%i), which waits', async (status) => {
    pair.server.behaviour = { do: 'answer', status };

    const outcome = await carrier.send(pair.message, patient());

    expect(outcome).toEqual({
      kind: 'not_sent',
      reason: 'account_turned_away',
      retryAfterMs: 600_000,
      busy: true,
    });
    expect(pair.took()).toBe(0);
  });

  it.each([400, 404, 413, 422])('was refused for good by status %i', async (status) => {
    pair.server.behaviour = { do: 'answer', status };

    const outcome = await carrier.send(pair.message, patient());

    expect(outcome).toEqual({ kind: 'refused', reason: `status_${status}`, addressInvalid: false });
    expect(pair.took()).toBe(0);
  });

  describe('may have been sent, and nobody knows', () => {
    it.each([
      ['took it and cut the line', { do: 'accept_and_drop' }, 1],
      ['cut the line without taking it', { do: 'drop' }, 0],
      ['took it and said 500', { do: 'accept_and_answer', status: 500 }, 1],
      ['said 500 and did not take it', { do: 'answer', status: 500 }, 0],
      ['said 503 and when to come back', { do: 'answer', status: 503, headers: { 'retry-after': '5' } }, 0],
      ['said 408', { do: 'answer', status: 408 }, 0],
      ['said 409', { do: 'answer', status: 409 }, 0],
      ['said 425', { do: 'answer', status: 425 }, 0],
      ['said where to go instead', { do: 'answer', status: 307, headers: { location: '/elsewhere' } }, 0],
      [
        'took it and said nothing that we understand',
        { do: 'accept_and_answer', status: 200, body: '<html>' },
        1,
      ],
      ['answered with no HTTP', { do: 'garbage' }, 0],
    ] as const)('when the provider %s', async (_what, behaviour, took) => {
      pair.server.behaviour = behaviour;

      const outcome = await carrier.send(pair.message, patient());

      expect(outcome).toEqual({ kind: 'unknown', reason: expect.stringMatching(/^\w+$/) });
      expect([pair.took(), pair.server.calls.length]).toEqual([took, 1]);
    });

    it.each([
      ['took it and never answered', { do: 'accept_and_hang' }, 1],
      ['read it and never answered', { do: 'hang' }, 0],
    ] as const)('when the time was over and the provider %s', async (_what, behaviour, took) => {
      pair.server.behaviour = behaviour;
      const time = new AbortController();
      const called = pair.server.called();
      const sending = carrier.send(pair.message, time.signal);
      await called;

      time.abort();

      expect(await sending).toEqual({ kind: 'unknown', reason: 'timed_out' });
      expect(pair.took()).toBe(took);
    });
  });
});

describe('a refusal that is about the address', () => {
  it.each([
    [400, 21211, 'no_mobile_number', true],
    [400, 21614, 'no_mobile_number', true],
    [400, 21610, 'opted_out', true],
    [400, 21408, 'twilio_21408', false],
    // One country that the account may not write to does not stop the others.
    [403, 21408, 'twilio_21408', false],
  ])('is told from others by the code of Twilio: %i %i', async (status, code, reason, addressInvalid) => {
    const pair = await twilioPair();
    pair.server.behaviour = { do: 'answer', status, body: { code, message: 'no', status } };

    const outcome = await pair.carrierTo(pair.server.url).send(pair.message, patient());

    expect(outcome).toEqual({ kind: 'refused', reason, addressInvalid });
    await pair.close();
  });

  it('counts also when Twilio takes the message over and says at once that it failed', async () => {
    const pair = await twilioPair();
    const body = { sid: `SM${'0'.repeat(32)}`, status: 'failed', error_code: 21614 };
    pair.server.behaviour = { do: 'answer', status: 201, body };

    const outcome = await pair.carrierTo(pair.server.url).send(pair.message, patient());

    expect(outcome).toEqual({ kind: 'refused', reason: 'no_mobile_number', addressInvalid: true });
    await pair.close();
  });

  it.each([
    ['personalizations.0.to.0.email', 'no_mail_address', true],
    ['from.email', 'status_400', false],
  ])('is told from others by the field of SendGrid: %s', async (field, reason, addressInvalid) => {
    const pair = await sendGridPair();
    pair.server.behaviour = { do: 'answer', status: 400, body: { errors: [{ message: 'no', field }] } };

    const outcome = await pair.carrierTo(pair.server.url).send(pair.message, patient());

    expect(outcome).toEqual({ kind: 'refused', reason, addressInvalid });
    await pair.close();
  });
});

describe('a call over TLS', () => {
  it('is answered where the certificate is trusted', async () => {
    const pair = await sendGridPair(true);
    pair.server.behaviour = { do: 'answer', status: 204 };
    const url = new URL(pair.server.url.replace('127.0.0.1', 'localhost'));

    const request = { method: 'POST', url, headers: {}, body: '"Été"', ca: pair.server.certificate.cert };
    const answer = await httpCall(request, patient());

    // The fake takes no such mail; that it says so shows that it heard it.
    expect(answer).toMatchObject({ kind: 'answered', status: 400 });
    expect(pair.server.calls[0]).toMatchObject({ body: '"Été"', headers: { host: url.host } });
    pair.server.faults.length = 0;
    await pair.close();
  });
});
