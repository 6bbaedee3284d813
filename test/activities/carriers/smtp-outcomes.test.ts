import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { SmtpAccount } from '../../../activities/carriers/accounts.ts';
import type { CarrierOutcome, Outgoing } from '../../../activities/carriers/carrier.ts';
import { smtpCarrier } from '../../../activities/carriers/smtp.ts';
import { selfSigned } from '../../fakes/certificate.ts';
import { openMailServer } from '../../fakes/mail-server.ts';
import type { MailBehaviour, MailServer, MailServerOptions } from '../../fakes/mail-server.ts';
import { closedPort, mailTo, nobodySays, patient } from './outgoing.ts';

const message = mailTo('dupont@debiteur.example');
let server: MailServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

describe('a mail through SMTP', () => {
  it('is accepted with the words of the server', async () => {
    const outcome = await sent({ behaviour: { do: 'accept' } });

    expect(outcome).toEqual({ kind: 'accepted', ref: expect.stringContaining('queued as 4F2A') });
    expect(server!.mails).toHaveLength(1);
  });

  it('is accepted after a login', async () => {
    const outcome = await sent({
      options: { user: 'u', password: 'p' },
      account: { user: 'u', password: 'p' },
    });

    expect(outcome.kind).toBe('accepted');
  });

  it.each([
    ['from the first byte', { secure: true }],
    ['by STARTTLS', { secure: false }],
  ])('is accepted over TLS %s where the certificate is trusted', async (_, { secure }) => {
    const certificate = selfSigned();
    const trusted = { host: 'localhost', ca: certificate.cert, user: 'u', password: 'p', secure };
    const outcome = await sent({
      options: { secure, certificate, startTls: true, user: 'u', password: 'p' },
      account: trusted,
    });

    expect(outcome.kind).toBe('accepted');
    expect(server!.mails[0]?.secure).toBe(true);
  });

  describe('was certainly not sent', () => {
    it.each([
      ['the login is put off', answer('login', 454), 'smtp_454'],
      ['the sender is put off', answer('sender', 451), 'smtp_451'],
      ['the recipient is put off, as greylists do', answer('recipient', 450), 'smtp_450'],
      ['the text is put off', answer('text', 452), 'smtp_452'],
      ['the line is cut at the sender', { do: 'drop', at: 'sender' }, 'ECONNECTION'],
      ['the line is cut at the recipient', { do: 'drop', at: 'recipient' }, 'ECONNECTION'],
    ] as const)('when %s', async (_, behaviour, reason) => {
      const outcome = await sent({
        behaviour,
        options: { user: 'u', password: 'p' },
        account: { user: 'u', password: 'p' },
      });

      expect(outcome).toMatchObject({ kind: 'not_sent', reason });
      expect(server!.mails).toEqual([]);
    });

    it('when the server closes for a while, and everybody else waits too', async () => {
      const outcome = await sent({ behaviour: answer('recipient', 421) });

      expect(outcome).toMatchObject({ kind: 'not_sent', reason: 'smtp_421', busy: true });
    });

    it.each(['sender', 'recipient'] as const)('when the time is over at the %s', async (stage) => {
      const outcome = await timedOut({ do: 'hang', at: stage }, stage);

      expect(outcome).toMatchObject({ kind: 'not_sent', reason: 'timed_out' });
    });

    it('when nobody listens', async () => {
      const outcome = await handedTo({ port: await closedPort() });

      expect(outcome).toEqual({ kind: 'not_sent', reason: 'ECONNREFUSED', retryAfterMs: 60_000 });
    });

    it('when there is no such name', async () => {
      const outcome = await handedTo({ host: 'no-such-host.invalid' });

      expect(outcome).toMatchObject({ kind: 'not_sent' });
    });

    it("when the certificate is nobody's we trust", async () => {
      const outcome = await sent({ options: { secure: true }, account: { secure: true } });

      expect(outcome).toMatchObject({ kind: 'not_sent' });
      expect(server!.mails).toEqual([]);
    });

    it("when the certificate behind STARTTLS is nobody's we trust", async () => {
      const outcome = await sent({ options: { startTls: true } });

      expect(outcome).toMatchObject({ kind: 'not_sent' });
      expect(server!.mails).toEqual([]);
    });

    // A line that somebody has talked out of TLS would show the password.
    it('when a password is needed and the server of another machine has no TLS', async () => {
      const outcome = await sent({
        options: { user: 'u', password: 'p' },
        account: { host: '::ffff:127.0.0.1', user: 'u', password: 'p' },
      });

      expect(outcome).toMatchObject({ kind: 'not_sent' });
      expect(server!.mails).toEqual([]);
    });

    it.each([
      ['login', 534, '5.7.9 too weak'],
      ['login', 535, '5.7.8 wrong'],
      ['sender', 530, '5.7.0 login first'],
    ] as const)('when the account is turned away at the %s (%i), and waits', async (at, code, words) => {
      const outcome = await sent({
        behaviour: { do: 'answer', at, code, words },
        options: { user: 'u', password: 'p' },
        account: { user: 'u', password: 'p' },
      });

      expect(outcome).toEqual({
        kind: 'not_sent',
        reason: 'account_turned_away',
        retryAfterMs: 600_000,
        busy: true,
      });
      expect(server!.mails).toEqual([]);
    });

    it('when what answers is no mail server', async () => {
      const other = createServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));

      const outcome = await handedTo({ port: (other.address() as AddressInfo).port });

      expect(outcome).toMatchObject({ kind: 'not_sent' });
      other.close();
    });
  });

  describe('was refused for good', () => {
    it.each([
      ['there is no such mailbox', 'recipient', 550, '5.1.1 no such user', 'no_such_mailbox', true],
      [
        'there is no such mailbox, said without a code',
        'recipient',
        550,
        'no such user',
        'no_such_mailbox',
        true,
      ],
      ['the recipient does not want us', 'recipient', 550, '5.7.1 blocked', 'smtp_550', false],
      ['the mailbox is full', 'recipient', 552, '5.2.2 full', 'smtp_552', false],
      ['the sender is not liked', 'sender', 553, '5.1.8 bad sender', 'smtp_553', false],
      ['the text is not liked', 'text', 554, '5.7.1 spam', 'smtp_554', false],
    ] as const)('when %s', async (_, at, code, words, reason, addressInvalid) => {
      const outcome = await sent({
        behaviour: { do: 'answer', at, code, words },
        options: { user: 'u', password: 'p' },
        account: { user: 'u', password: 'p' },
      });

      expect(outcome).toEqual({ kind: 'refused', reason, addressInvalid });
      expect(server!.mails).toEqual([]);
    });

    it('when it is larger than the server takes', async () => {
      const outcome = await sent({ options: { bytesMax: 100 } });

      expect(outcome).toMatchObject({ kind: 'refused', addressInvalid: false });
    });

    it.each([
      'a@b.example, c@d.example',
      'Nom <a@b.example>',
      'a@b.example\r\nRCPT TO:<c@d.example>',
      'dupont',
      '',
    ])('when its recipient is no plain address: %j', async (recipient) => {
      const outcome = await sent({ mail: mailTo(recipient) });

      expect(outcome).toEqual({ kind: 'refused', reason: 'no_mail_address', addressInvalid: true });
      expect(server!.mails).toEqual([]);
    });
  });

  describe('may have been sent, and nobody knows', () => {
    it.each([
      ['took it', true],
      ['did not take it', false],
    ])('when the server died after the last dot and %s', async (_, took) => {
      const outcome = await sent({ behaviour: { do: 'drop', at: 'text', took } });

      expect(outcome).toMatchObject({ kind: 'unknown' });
      expect(server!.mails).toHaveLength(took ? 1 : 0);
    });

    it.each([
      ['took it', true],
      ['did not take it', false],
    ])('when the time was over after the last dot and the server %s', async (_, took) => {
      const outcome = await timedOut({ do: 'hang', at: 'text', took }, 'text');

      expect(outcome).toEqual({ kind: 'unknown', reason: 'timed_out' });
      expect(server!.mails).toHaveLength(took ? 1 : 0);
    });

    it('when the server closes with the text in its hands', async () => {
      const outcome = await sent({ behaviour: answer('text', 421) });

      expect(outcome).toEqual({ kind: 'unknown', reason: 'smtp_421' });
    });
  });
});

interface Sending {
  readonly behaviour?: MailBehaviour;
  readonly options?: MailServerOptions;
  readonly account?: Partial<SmtpAccount>;
  readonly mail?: Outgoing;
}

async function sent({
  behaviour = { do: 'accept' },
  options = {},
  account = {},
  mail,
}: Sending): Promise<CarrierOutcome> {
  server = await openMailServer(options);
  server.behaviour = behaviour;
  return handedTo({ port: server.port, ...account }, mail);
}

function handedTo(given: Partial<SmtpAccount>, mail = message, signal = patient()): Promise<CarrierOutcome> {
  const account = {
    kind: 'smtp',
    name: 'mails',
    host: '127.0.0.1',
    port: 1,
    secure: false,
    from: 'compta@martin.example',
    perSecond: 5,
    ...given,
  } as const;
  return smtpCarrier(account, nobodySays).send(mail, signal);
}

async function timedOut(
  behaviour: MailBehaviour,
  stage: 'sender' | 'recipient' | 'text',
): Promise<CarrierOutcome> {
  server = await openMailServer();
  server.behaviour = behaviour;
  const time = new AbortController();
  const reached = server.reached(stage);
  const sending = handedTo({ port: server.port }, message, time.signal);
  await reached;
  time.abort();
  return sending;
}

function answer(at: 'login' | 'sender' | 'recipient' | 'text', code: number): MailBehaviour {
  return { do: 'answer', at, code, words: '4.0.0 not now' };
}
