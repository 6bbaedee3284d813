import { createPublicKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';

/**
 * The accounts through which messages leave: what the operator configured, read and checked once at the start.
 *
 * `CHANNELS_FILE` names a JSON file; without it everything stays in the built-in outbox. Secrets are here and nowhere
 * else: not in the database, which knows accounts by their names, and not in what is logged, answered or thrown, so no
 * error of this file ever shows a value that it read.
 */
export interface Accounts {
  readonly byName: ReadonlyMap<string, Account>;
  /** What creditors use who chose none, and mails to our own users always. */
  readonly defaultMail: string;
  readonly defaultSms: string;
  /** Where providers reach our API, without a slash at its end; null when nobody said so. */
  readonly publicUrl: string | null;
}

export type Account = SmtpAccount | SendGridAccount | TwilioAccount | OutboxAccount;
export type SmtpAccount = z.infer<typeof smtp> & Named;
export type SendGridAccount = z.infer<typeof sendGrid> & Named;
export type TwilioAccount = z.infer<typeof twilio> & Named;
export type OutboxAccount = z.infer<typeof outbox> & Named;

interface Named {
  readonly name: string;
}

/** What a creditor can choose accounts for. */
export type AccountUse = 'mail' | 'sms';

const uses = {
  smtp: ['mail'],
  sendgrid: ['mail'],
  twilio: ['sms'],
  outbox: ['mail', 'sms'],
} as const satisfies Record<Account['kind'], readonly AccountUse[]>;

/** The names of the accounts that can carry mails, or text messages, in the order of the file. */
export function accountsFor(accounts: Accounts, use: AccountUse): readonly string[] {
  return [...accounts.byName.values()].filter((account) => isFor(account, use)).map(({ name }) => name);
}

function isFor(account: Account, use: AccountUse): boolean {
  return (uses[account.kind] as readonly AccountUse[]).includes(use);
}

/** Built in: it is there whatever the file says. */
const outboxName = 'outbox';

/** An installation without keys. */
export const outboxOnly: Accounts = {
  byName: new Map([[outboxName, { kind: 'outbox', name: outboxName }]]),
  defaultMail: outboxName,
  defaultSms: outboxName,
  publicUrl: null,
};

const sender = z.email('give the address that mails come from, such as compta@example.com');
const secret = (remedy: string) => z.string(remedy).min(1, remedy);
/** How many messages the account may be given in a second, over all our processes. */
const perSecond = (usual: number) =>
  z.number('give a number of messages per second').positive('give more than 0').max(1000).default(usual);
/** Only for providers that a test pretends: a real one has one address, and none is taken from a file. */
const pretended = z
  .url('give http://127.0.0.1:PORT, or leave it out')
  .refine(isLoopback, 'only 127.0.0.1 may stand in for the provider: leave it out')
  .optional();

const smtp = z.strictObject({
  kind: z.literal('smtp'),
  host: z.string('give the name of the mail server').min(1, 'give the name of the mail server'),
  port: z.number('give a port, such as 465 or 587').int().min(1).max(65535),
  /** TLS from the first byte; otherwise STARTTLS, which is insisted on before a password goes out. */
  secure: z.boolean('say true for port 465, false for 587').default(false),
  user: z.string().min(1).optional(),
  password: secret('give the password of the user').optional(),
  from: sender,
  /** The authority behind the certificate of a company's own server, as PEM. */
  ca: z.string().includes('BEGIN CERTIFICATE', 'give the certificate of the authority as PEM').optional(),
  perSecond: perSecond(5),
});

const sendGrid = z.strictObject({
  kind: z.literal('sendgrid'),
  apiKey: secret('give the API key').startsWith('SG.', 'an API key of SendGrid begins with SG.'),
  from: sender,
  eventKeys: z
    .array(
      z
        .string()
        .refine(isVerificationKey, 'copy the verification key of the Event Webhook from SendGrid again'),
    )
    .default([]),
  host: z.enum(['eu', 'global'], 'say eu or global').default('global'),
  perSecond: perSecond(10),
  baseUrl: pretended,
});

const twilio = z
  .strictObject({
    kind: z.literal('twilio'),
    accountSid: z
      .string('give the account SID')
      .regex(/^AC[0-9a-f]{32}$/i, 'give AC and 32 hexadecimal digits'),
    authToken: secret('give the auth token'),
    /** While Twilio changes over from one token to the next. */
    previousAuthToken: secret('give the token, or leave it out').optional(),
    from: z.string().min(1, 'give a number such as +33700000000, or a sender name').optional(),
    messagingServiceSid: z
      .string()
      .regex(/^MG[0-9a-f]{32}$/i, 'give MG and 32 hexadecimal digits')
      .optional(),
    perSecond: perSecond(1),
    baseUrl: pretended,
  })
  .refine(({ from, messagingServiceSid }) => (from === undefined) !== (messagingServiceSid === undefined), {
    path: ['from'],
    message: 'give either from or messagingServiceSid',
  });

const outbox = z.strictObject({ kind: z.literal('outbox') });

const file = z.strictObject({
  accounts: z.record(
    z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'name an account with small letters, digits and -'),
    z.discriminatedUnion('kind', [smtp, sendGrid, twilio, outbox], 'say smtp, sendgrid, twilio or outbox'),
  ),
  defaultMail: z.string().default(outboxName),
  defaultSms: z.string().default(outboxName),
  publicUrl: z
    .url('give the address under which providers reach the API, such as https://relance.example.com')
    .refine((url) => url.startsWith('https://') || isLoopback(url), 'it must begin with https://')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
});

/**
 * Reads the accounts of an installation; `path` null stands for none.
 *
 * `${NAME}` in a value is replaced from the environment. Throws an Error with a line for each fault, which names the
 * account, the field and the remedy, and shows no value.
 */
export function readAccounts(
  path: string | null,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Accounts {
  if (path === null) return outboxOnly;
  const faults: string[] = [];
  const text = contentOf(path);
  const given = replaced(parsed(path, text), environment, [], faults);
  if (faults.length > 0) throw unusable(path, faults);
  const result = file.safeParse(given);
  if (!result.success)
    throw unusable(
      path,
      result.error.issues.map((issue) => `${placeOf(issue.path)}: ${sayable(issue)}`),
    );
  const accounts = accountsFrom(result.data, faults);
  if (isOpenToOthers(path) && holdsSecret(parsed(path, text)))
    faults.push(`its secrets can be read by other users of this machine: chmod 600 ${path}`);
  if (faults.length > 0) throw unusable(path, faults);
  return accounts;
}

function accountsFrom(given: z.infer<typeof file>, faults: string[]): Accounts {
  const byName = new Map<string, Account>(outboxOnly.byName);
  for (const [name, account] of Object.entries(given.accounts)) {
    if (name === 'default') faults.push('account default: this name stands for no choice; choose another');
    if (name === outboxName && account.kind !== 'outbox')
      faults.push(`account ${name}: this name belongs to the built-in outbox; choose another`);
    if (account.kind === 'smtp' && (account.user === undefined) !== (account.password === undefined))
      faults.push(`account ${name}, user: give user and password, or neither`);
    if (account.kind === 'twilio' && given.publicUrl === undefined)
      faults.push(
        `publicUrl: give the https address of the API: Twilio reports to it what account ${name} sent`,
      );
    byName.set(name, { ...account, name });
  }
  for (const [field, use] of [
    ['defaultMail', 'mail'],
    ['defaultSms', 'sms'],
  ] as const) {
    const chosen = byName.get(given[field]);
    if (!chosen || !isFor(chosen, use)) {
      const names = [...byName.values()].filter((account) => isFor(account, use)).map(({ name }) => name);
      faults.push(`${field}: give one of ${names.join(', ')}`);
    }
  }
  const { defaultMail, defaultSms, publicUrl = null } = given;
  return { byName, defaultMail, defaultSms, publicUrl };
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (fault) {
    throw unusable(path, [`it cannot be read (${(fault as NodeJS.ErrnoException).code ?? 'fault'})`]);
  }
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own sentence quotes what stands around the fault, which may be a key.
    throw unusable(path, ['it is not JSON: look for a missing comma or quote']);
  }
}

/** The same values, with each `${NAME}` replaced. */
function replaced(
  value: unknown,
  environment: Readonly<Record<string, string | undefined>>,
  path: readonly string[],
  faults: string[],
): unknown {
  if (typeof value === 'string')
    return value.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
      const found = environment[name];
      if (found === undefined || found === '')
        faults.push(`${placeOf(path)}: set ${name} in the environment`);
      return found ?? '';
    });
  if (Array.isArray(value))
    return value.map((item, index) => replaced(item, environment, [...path, String(index)], faults));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replaced(item, environment, [...path, key], faults)]),
  );
}

function placeOf(path: readonly PropertyKey[]): string {
  const [first, name, ...field] = path.map(String);
  if (first === undefined) return 'the file';
  if (first !== 'accounts' || name === undefined) return [first, name, ...field].filter(Boolean).join('.');
  return field.length === 0 ? `account ${name}` : `account ${name}, ${field.join('.')}`;
}

/** zod's own sentences may show a value or an unknown key; ours show neither. */
function sayable(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `there is no field ${issue.keys.join(', ')}: leave it out`;
  return issue.message;
}

const secretFields = ['password', 'apiKey', 'authToken', 'previousAuthToken'];

/** Whether a secret stands in the file itself, and not only the name of a variable. */
function holdsSecret(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, item]) =>
    secretFields.includes(key) ? typeof item === 'string' && !/^\$\{\w+\}$/.test(item) : holdsSecret(item),
  );
}

function isOpenToOthers(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
}

function isLoopback(url: string): boolean {
  return URL.canParse(url) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}

function isVerificationKey(base64: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

function unusable(path: string, faults: readonly string[]): Error {
  return new Error(
    `The channels of ${path} cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
  );
}
