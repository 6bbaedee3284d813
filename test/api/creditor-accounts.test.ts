import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Account, Accounts } from '../../activities/carriers/accounts.ts';
import { relance } from '../../api/command-line/relance.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

const secret = 'planted-secret-77c0';
const all: Account[] = [
  { kind: 'outbox', name: 'outbox' },
  {
    kind: 'sendgrid',
    name: 'martin-mail',
    apiKey: `SG.${secret}`,
    from: 'a@b.example',
    eventKeys: [],
    host: 'eu',
    perSecond: 10,
  },
  {
    kind: 'twilio',
    name: 'texts',
    accountSid: `AC${'0'.repeat(32)}`,
    authToken: secret,
    from: '+33700000000',
    perSecond: 1,
  },
];
const accounts: Accounts = {
  byName: new Map(all.map((account) => [account.name, account])),
  defaultMail: 'outbox',
  defaultSms: 'outbox',
  publicUrl: 'https://relance.example',
};

let office: Office;

beforeAll(async () => {
  office = await openOffice({ accounts });
});
afterAll(() => office.close());

describe('the accounts of a creditor', () => {
  it('are the defaults of the installation until somebody chooses others', async () => {
    const { body } = await office.ask('POST', '/v1/creditors', { legalName: 'Neuve SAS' });

    expect(body).toMatchObject({ mailAccount: null, smsAccount: null });
  });

  it('are set by their names, shown, and given back', async () => {
    const id = await office.creditor();

    const set = await office.ask('PATCH', `/v1/creditors/${id}`, {
      mailAccount: 'martin-mail',
      smsAccount: 'texts',
    });
    const shown = await office.ask('GET', `/v1/creditors/${id}`);
    const back = await office.ask('PATCH', `/v1/creditors/${id}`, { mailAccount: null });

    expect(set).toMatchObject({ status: 200, body: { mailAccount: 'martin-mail', smsAccount: 'texts' } });
    expect(shown.body).toEqual(set.body);
    expect(back.body).toMatchObject({ mailAccount: null, smsAccount: 'texts' });
  });

  it('are noted in the journal with who chose them', async () => {
    const id = await office.creditor();

    await office.ask('PATCH', `/v1/creditors/${id}`, { mailAccount: 'martin-mail' });

    const note = await office.house.db
      .selectFrom('journal')
      .select('body')
      .where('subject', '=', `creditor/${id}`)
      .executeTakeFirstOrThrow();
    expect(JSON.parse(note.body)).toMatchObject({ fields: ['mail_account'] });
  });

  it.each([
    ['mailAccount', 'martin', 'outbox, martin-mail'],
    ['mailAccount', 'texts', 'outbox, martin-mail'],
    ['smsAccount', 'martin-mail', 'outbox, texts'],
  ])(
    'are refused where nobody configured them, with those that there are: %s %s',
    async (field, name, names) => {
      const id = await office.creditor();

      const answer = await office.ask('PATCH', `/v1/creditors/${id}`, { [field]: name });

      expect(answer.status).toBe(400);
      expect(answer.text).toContain(names);
      expect(answer.text).toContain(field);
      expect(answer.text).not.toContain(secret);
      expect((await office.ask('GET', `/v1/creditors/${id}`)).body[field]).toBeNull();
    },
  );

  it('are refused for a new creditor too, and none is added', async () => {
    const answer = await office.ask('POST', '/v1/creditors', {
      legalName: 'Autre SAS',
      mailAccount: 'martin',
    });

    expect(answer.status).toBe(400);
    expect((await office.ask('GET', '/v1/creditors')).text).not.toContain('Autre SAS');
  });

  it('never show what opens them', async () => {
    const id = await office.creditor();
    await office.ask('PATCH', `/v1/creditors/${id}`, { mailAccount: 'martin-mail', smsAccount: 'texts' });

    for (const url of ['/v1/creditors', `/v1/creditors/${id}`, '/openapi.json', '/readyz', '/v1/metrics'])
      expect((await office.ask('GET', url, undefined, { as: 'admin' })).text).not.toContain(secret);
  });
});

describe('the command line', () => {
  it('chooses the accounts of a creditor, shows them, and gives a choice back by the word default', async () => {
    const url = await office.app.listen({ port: 0, host: '127.0.0.1' });
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('RELANCE_URL', url);
    vi.stubEnv('RELANCE_KEY', office.keys.admin);
    const id = await office.creditor();

    const set = await typed('creditor', 'set', id, '--mail-account', 'martin-mail', '--sms-account', 'texts');
    const wrong = await typed('creditor', 'set', id, '--mail-account', 'martin');
    const back = await typed('creditor', 'set', id, '--sms-account', 'default');

    expect(set).toMatch(/mail-account +martin-mail[^]*sms-account +texts/);
    expect(wrong).toContain('Give one of outbox, martin-mail');
    expect(back).toContain('martin-mail');
    expect((await office.ask('GET', `/v1/creditors/${id}`)).body).toMatchObject({
      mailAccount: 'martin-mail',
      smsAccount: null,
    });
  });
});

/** All that a command printed. */
async function typed(...args: string[]): Promise<string> {
  let said = '';
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => ((said += String(text)), true)),
  );
  await relance(args).finally(() => {
    for (const spy of spies) spy.mockRestore();
  });
  return said;
}
