import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { outboxOnly } from '../../../activities/carriers/accounts.ts';
import type { Accounts } from '../../../activities/carriers/accounts.ts';
import { openMailServer } from '../../fakes/mail-server.ts';
import type { MailServer } from '../../fakes/mail-server.ts';
import { openOffice } from '../../setup/office.ts';
import type { Answer, Office } from '../../setup/office.ts';

let server: MailServer;
let office: Office;
beforeAll(async () => {
  server = await openMailServer();
  const account = {
    kind: 'smtp',
    name: 'house',
    host: '127.0.0.1',
    port: server.port,
    secure: false,
    from: 'relance@maison.example',
    perSecond: 100,
  } as const;
  const accounts: Accounts = {
    ...outboxOnly,
    byName: new Map([...outboxOnly.byName, ['house', account]]),
    defaultMail: 'house',
  };
  office = await openOffice({
    accounts,
    config: { PUBLIC_URL: 'https://relance.maison.example' },
  });
});
beforeEach(() => {
  server.mails.length = 0;
  server.behaviour = { do: 'accept' };
});
afterAll(async () => {
  await office.close();
  await server.close();
});

const invite = (body: object, headers: Record<string, string> = {}): Promise<Answer> =>
  office.ask('POST', '/v1/invitations', body, { as: 'admin', headers });
const link = /https:\/\/relance\.maison\.example\/invitation#([\w-]{43})/;

let made = 0;
const newcomer = (more: object = {}): object => {
  made += 1;
  return {
    name: `Claire ${made}`,
    email: `claire-${made}@maison.example`,
    role: 'collector',
    portfolio: 'all',
    ...more,
  };
};

describe('an invitation, where mails leave the house,', () => {
  it.each([
    ['fr', 'Votre accès à Relance', 'Choisissez votre mot de passe ici'],
    ['en', 'Your access to Relance', 'Choose your password here'],
  ])(
    'goes to whom it is for, in his language (%s), and is shown to nobody else',
    async (language, subject, words) => {
      const { status, body, text } = await invite({ user: newcomer({ language }) });

      expect(status).toBe(201);
      expect(body).toMatchObject({ link: null, mailedTo: `claire-${made}@maison.example` });
      const [mail] = server.mails;
      expect(mail?.envelope).toEqual({
        from: 'relance@maison.example',
        to: [`claire-${made}@maison.example`],
      });
      expect(mail?.mail.subject).toBe(subject);
      expect(mail?.mail.text).toContain(words);
      expect(mail?.mail.html).toBeUndefined();
      const [, token = ''] = link.exec(mail?.mail.text ?? '') ?? [];
      expect(text).not.toContain(token);
      const accepted = await office.ask(
        'POST',
        '/v1/invitations/acceptance',
        { token, password: 'sept lanternes bleues au port' },
        { as: null },
      );
      expect(accepted.status).toBe(204);
    },
  );

  it('to choose another password says so', async () => {
    const { body } = await invite({ userId: office.users.legal });

    expect(body).toMatchObject({ purpose: 'reset', mailedTo: 'legal@relance.example', link: null });
    expect(server.mails[0]?.mail.subject).toBe('Your new password for Relance');
  });

  it.each([
    ['the server refuses him', { do: 'answer', at: 'recipient', code: 550, words: 'no such user' }],
    ['the server is busy', { do: 'answer', at: 'sender', code: 451, words: 'later' }],
    ['the line breaks, and nobody knows', { do: 'drop', at: 'text' }],
  ] as const)('is shown as ever when %s', async (_, behaviour) => {
    server.behaviour = behaviour;

    const { status, body } = await invite({ user: newcomer() });

    expect(status).toBe(201);
    expect(body.mailedTo).toBeNull();
    expect(body.link).toMatch(link);
  });

  it.each([
    ['he has no address', { user: { name: 'Without address', role: 'collector', portfolio: 'all' } }],
    [
      'it is to be handed over',
      { user: { name: 'By hand', email: 'by-hand@maison.example', role: 'sales' }, byHand: true },
    ],
  ])('is shown when %s', async (_, body) => {
    const answer = await invite(body);

    expect(answer.body).toMatchObject({ mailedTo: null, link: expect.stringMatching(link) as string });
    expect(server.mails).toHaveLength(0);
  });

  it('goes out once, also when the request is repeated, and is kept nowhere', async () => {
    const body = { user: newcomer() };
    const [first, repeat] = [
      await invite(body, { 'idempotency-key': 'mailed-once' }),
      await invite(body, { 'idempotency-key': 'mailed-once' }),
    ];

    expect([first.status, repeat.status]).toEqual([201, 201]);
    expect(repeat.body).toMatchObject({ link: null, mailedTo: null });
    expect(server.mails).toHaveLength(1);
    const token = link.exec(server.mails[0]?.mail.text ?? '')?.[1] ?? 'none';
    const { db } = office.house;
    const kept = await Promise.all([
      db.selectFrom('idempotency').selectAll().execute(),
      db.selectFrom('journal').selectAll().execute(),
      db.selectFrom('outbox').selectAll().execute(),
      db.selectFrom('message').selectAll().execute(),
    ]);
    expect(JSON.stringify(kept)).not.toContain(token);
  });
});

describe('an invitation, where mails stay in the built-in outbox,', () => {
  it('is shown, for everybody who reads the outbox could take it', async () => {
    const plain = await openOffice();

    const { body } = await plain.ask(
      'POST',
      '/v1/invitations',
      { userId: plain.users.legal },
      { as: 'admin' },
    );

    expect(body.mailedTo).toBeNull();
    expect(body.link).toMatch(/\/invitation#[\w-]{43}$/);
    expect(await plain.house.db.selectFrom('message').select('id').execute()).toEqual([]);
    await plain.close();
  });
});
