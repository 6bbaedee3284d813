import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Carrier } from '../../../activities/carriers/carrier.ts';
import { sendGridCarrier } from '../../../activities/carriers/sendgrid.ts';
import { smtpCarrier } from '../../../activities/carriers/smtp.ts';
import { twilioCarrier } from '../../../activities/carriers/twilio.ts';
import type { Behaviour } from '../../fakes/http-provider.ts';
import { openMailServer } from '../../fakes/mail-server.ts';
import type { MailBehaviour, MailServer } from '../../fakes/mail-server.ts';
import { openFakeSendGrid } from '../../fakes/sendgrid.ts';
import type { FakeSendGrid } from '../../fakes/sendgrid.ts';
import { openFakeTwilio } from '../../fakes/twilio.ts';
import type { FakeTwilio } from '../../fakes/twilio.ts';
import { closedPort, mailTo, nobodySays, patient, textTo } from './outgoing.ts';

/** Whom we write to is nobody's business in a log either. */
const debtor = 'claire.petit@debiteur.example';
const number = '+33612345678';

let server: MailServer;
let sendGrid: FakeSendGrid;
let twilio: FakeTwilio;
let written: string[];

beforeAll(async () => {
  [server, sendGrid, twilio] = await Promise.all([
    openMailServer({ user: 'relance', password: 'planted-password' }),
    openFakeSendGrid(),
    openFakeTwilio(),
  ]);
});
afterAll(async () => {
  await Promise.all([server.close(), sendGrid.close(), twilio.close()]);
});
beforeEach(() => {
  written = [];
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((chunk) => (written.push(String(chunk)), true));
  for (const way of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, way).mockImplementation((...said: unknown[]) => void written.push(inspect(said)));
});
afterEach(() => vi.restoreAllMocks());

/** Providers that quote what they got, as careless ones do. */
const echoing = (secret: string, to: string): Behaviour[] => [
  { do: 'accept' },
  { do: 'answer', status: 400, body: { code: 1, message: secret, errors: [{ message: secret, field: to }] } },
  { do: 'answer', status: 401, body: secret, headers: { 'x-key': secret } },
  { do: 'answer', status: 429, headers: { 'retry-after': secret } },
  { do: 'answer', status: 500, body: secret },
  { do: 'accept_and_answer', status: 200, body: secret },
  { do: 'accept_and_drop' },
  { do: 'drop' },
  { do: 'garbage' },
];

describe('no secret and no address is in what comes of a call, or printed meanwhile', () => {
  it('through SendGrid', async () => {
    const { apiKey, server: http } = sendGrid;
    const to = (baseUrl: string, key = apiKey): Carrier =>
      sendGridCarrier(
        {
          kind: 'sendgrid',
          name: 'mails',
          apiKey: key,
          from: 'a@b.example',
          eventKeys: [],
          host: 'eu',
          perSecond: 1,
          baseUrl,
        },
        nobodySays,
      );
    const said: unknown[] = [];
    for (http.behaviour of echoing(apiKey, debtor))
      said.push(await to(http.url).send(mailTo(debtor), patient()));
    // A key that is none: the library likes to say so.
    said.push(await to(http.url, 'planted-key').send(mailTo(debtor), patient()));
    said.push(await to(`http://127.0.0.1:${await closedPort()}`).send(mailTo(debtor), patient()));
    said.push(await to('https://no-such-host.invalid').send(mailTo(debtor), patient()));

    expectNone(said, [apiKey, 'planted-key', debtor]);
  });

  it('through Twilio', async () => {
    const { accountSid, authToken, server: http } = twilio;
    const to = (baseUrl: string): Carrier =>
      twilioCarrier(
        { kind: 'twilio', name: 'texts', accountSid, authToken, from: '+33700000000', perSecond: 1, baseUrl },
        'https://relance.example',
        {
          ...nobodySays,
          sought: async () => ({
            recipient: number,
            text: 'x',
            writtenAt: 0,
            quietMs: 0,
            otherRefs: new Set(),
            hasTwin: false,
          }),
        },
      );
    const said: unknown[] = [];
    for (http.behaviour of echoing(authToken, number)) {
      said.push(await to(http.url).send(textTo(number), patient()));
      said.push(await to(http.url).evidence('m', patient()).catch(rendered));
      said.push(await to(http.url).fateOf?.('SM1', patient()).catch(rendered));
    }
    const nobody = to(`http://127.0.0.1:${await closedPort()}`);
    said.push(
      await nobody.send(textTo(number), patient()),
      await nobody.evidence('m', patient()).catch(rendered),
    );

    expectNone(said, [authToken, Buffer.from(`${accountSid}:${authToken}`).toString('base64'), number]);
  });

  it('through SMTP', async () => {
    const password = 'planted-password';
    const to = (port: number, given = password): Carrier =>
      smtpCarrier(
        {
          kind: 'smtp',
          name: 'mails',
          host: '127.0.0.1',
          port,
          secure: false,
          user: 'relance',
          password: given,
          from: 'a@b.example',
          perSecond: 1,
        },
        nobodySays,
      );
    const stages = ['login', 'sender', 'recipient', 'text'] as const;
    const behaviours: MailBehaviour[] = [
      { do: 'accept' },
      ...stages.flatMap((at): MailBehaviour[] => [
        { do: 'answer', at, code: 550, words: `5.1.1 ${debtor} ${password}` },
        { do: 'answer', at, code: 451, words: `${debtor} ${password}` },
        { do: 'drop', at },
      ]),
    ];
    const said: unknown[] = [];
    for (server.behaviour of behaviours) said.push(await to(server.port).send(mailTo(debtor), patient()));
    server.behaviour = { do: 'accept' };
    said.push(await to(server.port, 'planted-wrong-one').send(mailTo(debtor), patient()));
    said.push(await to(await closedPort()).send(mailTo(debtor), patient()));

    expectNone(said, [
      password,
      'planted-wrong-one',
      Buffer.from(`\0relance\0${password}`).toString('base64'),
      debtor,
    ]);
  });
});

function expectNone(said: readonly unknown[], secrets: readonly string[]): void {
  vi.restoreAllMocks();
  expect(said.length).toBeGreaterThan(8);
  const all = [...said.map(rendered), ...written].join('\n');
  for (const secret of secrets) expect(all).not.toContain(secret);
}

/** Everything that somebody could print of it. */
function rendered(one: unknown): string {
  const fault = one instanceof Error ? [one.stack, JSON.stringify(one, Object.getOwnPropertyNames(one))] : [];
  return [inspect(one, { depth: 8, showHidden: true }), JSON.stringify(one), ...fault].join('\n');
}
