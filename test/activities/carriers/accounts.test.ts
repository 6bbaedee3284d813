import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountsFor, outboxOnly, readAccounts } from '../../../activities/carriers/accounts.ts';

const secret = 'planted-secret-8d1f';
const publicUrl = 'https://relance.example';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'relance-channels-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const smtp = {
  kind: 'smtp',
  host: 'mail.example',
  port: 465,
  secure: true,
  user: 'u',
  password: secret,
  from: 'a@b.example',
};
const twilio = { kind: 'twilio', accountSid: `AC${'0'.repeat(32)}`, authToken: secret, from: '+33700000000' };
const sendgrid = { kind: 'sendgrid', apiKey: `SG.${secret}`, from: 'a@b.example' };

describe('the accounts of an installation', () => {
  it('are the outbox alone where no file is named', () => {
    expect(readAccounts(null)).toBe(outboxOnly);
  });

  it('are what the file says, and the outbox', () => {
    const accounts = read({
      accounts: { 'martin-mail': sendgrid, 'old-server': smtp, texts: twilio },
      defaultMail: 'martin-mail',
      defaultSms: 'texts',
      publicUrl: `${publicUrl}/`,
    });

    expect([...accounts.byName.keys()]).toEqual(['outbox', 'martin-mail', 'old-server', 'texts']);
    expect(accountsFor(accounts, 'mail')).toEqual(['outbox', 'martin-mail', 'old-server']);
    expect(accountsFor(accounts, 'sms')).toEqual(['outbox', 'texts']);
    expect(accounts).toMatchObject({ defaultMail: 'martin-mail', defaultSms: 'texts', publicUrl });
    expect(accounts.byName.get('martin-mail')).toMatchObject({
      host: 'global',
      perSecond: 10,
      eventKeys: [],
    });
  });

  it('have the outbox for default where the file names none', () => {
    expect(read({ accounts: { texts: twilio }, publicUrl })).toMatchObject({
      defaultMail: 'outbox',
      defaultSms: 'outbox',
    });
  });

  it('take values from the environment, and then the file may be read by others', () => {
    const path = written({ accounts: { 'martin-mail': { ...sendgrid, apiKey: '${SENDGRID_KEY}' } } });
    chmodSync(path, 0o644);

    expect(readAccounts(path, { SENDGRID_KEY: `SG.${secret}` }).byName.get('martin-mail')).toMatchObject({
      apiKey: `SG.${secret}`,
    });
  });

  it('may be those of the README', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    const [, example = ''] = /```json\n([^]*?)```/.exec(readme) ?? [];
    const environment = {
      SENDGRID_KEY: `SG.${secret}`,
      SMTP_PASSWORD: secret,
      TWILIO_SID: `AC${'0'.repeat(32)}`,
      TWILIO_TOKEN: secret,
    };

    const accounts = readAccounts(written(JSON.parse(example) as object), environment);

    expect([...accounts.byName.keys()]).toEqual(['outbox', 'mail', 'own-server', 'texts']);
  });

  it('know the verification keys of SendGrid', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

    const accounts = read({ accounts: { 'martin-mail': { ...sendgrid, eventKeys: [key] } } });

    expect(accounts.byName.get('martin-mail')).toMatchObject({ eventKeys: [key] });
  });

  it.each([
    [
      'a field that is missing',
      { texts: { ...twilio, authToken: undefined } },
      'account texts, authToken: give the auth token',
    ],
    [
      'a field that there is not',
      { m: { ...smtp, pasword: secret } },
      'account m: there is no field pasword: leave it out',
    ],
    [
      'a kind that there is not',
      { m: { ...smtp, kind: secret } },
      'account m, kind: say smtp, sendgrid, twilio or outbox',
    ],
    [
      'a key that is none',
      { m: { ...sendgrid, apiKey: secret } },
      'account m, apiKey: an API key of SendGrid begins with SG.',
    ],
    ['a sender that is no address', { m: { ...smtp, from: secret } }, 'account m, from: give the address'],
    ['a port that is none', { m: { ...smtp, port: secret } }, 'account m, port: give a port'],
    [
      'a user without a password',
      { m: { ...smtp, password: undefined } },
      'account m, user: give user and password',
    ],
    [
      'two senders',
      { t: { ...twilio, messagingServiceSid: `MG${'0'.repeat(32)}` } },
      'account t, from: give either',
    ],
    [
      'a verification key that is none',
      { m: { ...sendgrid, eventKeys: [secret] } },
      'account m, eventKeys.0: copy the verification key',
    ],
    ['a name with signs', { 'Martin SA': smtp }, 'account Martin SA: '],
    ['a name that is taken', { outbox: smtp }, 'account outbox: this name belongs'],
    ['the word for no choice', { default: smtp }, 'account default: this name stands for no choice'],
    [
      'a variable that is not set',
      { m: { ...smtp, password: '${NOT_THERE}' } },
      'account m, password: set NOT_THERE',
    ],
    [
      'another address for a provider',
      { m: { ...sendgrid, baseUrl: 'https://evil.example' } },
      'account m, baseUrl: only 127.0.0.1',
    ],
  ])('are refused with the place and the remedy, and never the value: %s', (_, accounts, said) => {
    const message = faultOf(() => read({ accounts, publicUrl }));

    expect(message).toContain(said);
    expect(message).not.toContain(secret);
  });

  it.each([
    [
      'a default that carries no mails',
      { accounts: { texts: twilio }, defaultMail: 'texts', publicUrl },
      'defaultMail: give one of outbox',
    ],
    ['a default that there is not', { accounts: {}, defaultSms: 'x' }, 'defaultSms: give one of outbox'],
    [
      'no address for the reports of Twilio',
      { accounts: { texts: twilio } },
      'publicUrl: give the https address',
    ],
    [
      'an address that everybody can read along',
      { accounts: {}, publicUrl: 'http://relance.example' },
      'publicUrl: it must begin with https://',
    ],
  ])('are refused as a whole with the remedy: %s', (_, file, said) => {
    expect(faultOf(() => read(file))).toContain(said);
  });

  it('are refused when other users of the machine can read their secrets', () => {
    const path = written({ accounts: { m: smtp } });
    chmodSync(path, 0o640);

    expect(faultOf(() => readAccounts(path))).toContain(`chmod 600 ${path}`);
  });

  it.each([
    ['is no JSON', `{"accounts": {"m": {"password": "${secret}" oops}}`],
    ['is empty', ''],
  ])('are refused when the file %s, and what stands in it is not shown', (_, text) => {
    const path = join(folder, 'bad.json');
    writeFileSync(path, text, { mode: 0o600 });

    const message = faultOf(() => readAccounts(path));

    expect(message).toContain('it is not JSON');
    expect(message).not.toContain(secret);
  });

  it('are refused when the file is not there', () => {
    expect(faultOf(() => readAccounts(join(folder, 'nowhere.json')))).toContain('cannot be read (ENOENT)');
  });
});

function written(file: object): string {
  const path = join(folder, 'channels.json');
  rmSync(path, { force: true });
  writeFileSync(path, JSON.stringify(file), { mode: 0o600 });
  return path;
}

function read(file: object) {
  return readAccounts(written(file), {});
}

/** Everything that somebody could print of what was thrown. */
function faultOf(act: () => unknown): string {
  try {
    act();
  } catch (fault) {
    const { message, stack, cause } = fault as Error;
    return [message, stack, JSON.stringify(cause ?? null)].join('\n');
  }
  return 'nothing was thrown';
}
