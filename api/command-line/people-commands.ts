import type { Creditor, Page, User } from './answers.ts';
import type { Client } from './client.ts';
import type { Command } from './command.ts';
import { Mistake } from './mistake.ts';
import { pairs, say, table } from './paper.ts';
import { isUuid } from './typed.ts';

/** Options by the name of the field that they set. */
const fields: Readonly<Record<string, string>> = {
  'legal-name': 'legalName',
  siren: 'siren',
  vat: 'vatNumber',
  registration: 'registration',
  country: 'country',
  iban: 'iban',
  bic: 'bic',
  sender: 'senderName',
  'reply-to': 'replyTo',
  phone: 'phone',
  language: 'language',
  zone: 'zone',
  currency: 'currency',
  'mail-account': 'mailAccount',
  'sms-account': 'smsAccount',
};

/** The options that take back a choice, by the word for what then holds. */
const isTakenBack = (option: string, value: unknown): boolean =>
  option.endsWith('-account') && value === 'default';

const text = { type: 'string' } as const;

/** What may be said of somebody new; of a collector, which files he sees must be. */
const newcomerOptions = { portfolio: text, email: text, language: text } as const;

function toldOf(options: Readonly<Record<string, unknown>>): object {
  const told = Object.keys(newcomerOptions).filter((option) => options[option] !== undefined);
  return Object.fromEntries(told.map((option) => [option, options[option]]));
}

/** Users with their keys, and the creditors that we write for. */
export const peopleCommands: readonly Command[] = [
  {
    name: 'user add',
    usage: 'NAME ROLE [--portfolio all|own] [--email ADDRESS] [--language fr|en]',
    summary: 'Add a user and print a key',
    options: newcomerOptions,
    words: [2, 2],
    run: async ({ client, words: [name = '', role = ''], options }) => {
      const newcomer = { name, role, ...toldOf(options), key: {} };
      const answer = await client.post<{ user: User; key: string | null }>('/v1/users', newcomer);
      say(`${answer.user.name} (${answer.user.role}) has this key, shown only now:\n\n  ${answer.key}\n`);
      say(`For a browser: npm run relance -- user link ${JSON.stringify(answer.user.name)}`);
    },
  },
  {
    name: 'user invite',
    usage: 'NAME ROLE [--portfolio all|own] [--email ADDRESS] [--language fr|en] [--by-hand]',
    summary: 'Add a user who chooses a password, and mail or print his one-time link',
    options: { ...newcomerOptions, 'by-hand': { type: 'boolean' } },
    words: [2, 2],
    run: async ({ client, words: [name = '', role = ''], options }) => {
      const user = { name, role, ...toldOf(options) };
      sayLink(name, await client.post<Link>('/v1/invitations', { user, ...byHandOf(options) }));
    },
  },
  {
    name: 'user link',
    usage: 'NAME [--by-hand]',
    summary: 'Mail or print a one-time link with which a user chooses a password',
    options: { 'by-hand': { type: 'boolean' } },
    words: [1, 1],
    run: async ({ client, words: [named = ''], options }) => {
      const user = await whichUser(client, named);
      const wanted = { userId: user.id, ...byHandOf(options) };
      sayLink(user.name, await client.post<Link>('/v1/invitations', wanted));
    },
  },
  {
    name: 'user disable',
    usage: 'NAME',
    summary: 'Shut a user out: his sessions, keys and links end',
    words: [1, 1],
    run: async ({ client, words: [named = ''] }) => {
      const user = await whichUser(client, named);
      await client.patch(`/v1/users/${user.id}`, { disabled: true });
      say(`${user.name} is shut out.`);
    },
  },
  {
    name: 'user enable',
    usage: 'NAME',
    summary: 'Let a user in again',
    words: [1, 1],
    run: async ({ client, words: [named = ''] }) => {
      const user = await whichUser(client, named);
      await client.patch(`/v1/users/${user.id}`, { disabled: false });
      say(`${user.name} may log in again; his keys stay revoked.`);
    },
  },
  {
    name: 'user portfolio',
    usage: 'NAME all|own',
    summary: 'Say whether a collector sees all files, or those alone that name him',
    words: [2, 2],
    run: async ({ client, words: [named = '', portfolio = ''] }) => {
      const user = await whichUser(client, named);
      await client.patch(`/v1/users/${user.id}`, { portfolio });
      say(
        `${user.name} sees ${portfolio === 'own' ? 'the files that name him' : 'all files'}, as a collector.`,
      );
    },
  },
  {
    name: 'user list',
    usage: '',
    summary: 'Users and their keys',
    words: [0, 0],
    run: async ({ client }) => {
      const { items } = await client.get<Page<User>>('/v1/users');
      const keys = (user: User): string =>
        user.keys
          .filter((key) => key.revokedAt === null)
          .map((key) => key.prefix)
          .join(', ');
      say(
        table(
          [{ title: 'NAME' }, { title: 'ROLE' }, { title: 'E-MAIL' }, { title: 'KEYS' }],
          items.map((user) => [user.name, user.role, user.email ?? '', keys(user)]),
        ),
      );
    },
  },
  {
    name: 'creditor list',
    usage: '',
    summary: 'Creditors, and what keeps each from sending',
    words: [0, 0],
    run: async ({ client }) => {
      const { items } = await client.get<Page<Creditor>>('/v1/creditors');
      if (items.length === 0)
        return void say('No creditors yet: an import or relance creditor add makes them.');
      say(
        table(
          [{ title: 'ID' }, { title: 'CREDITOR' }, { title: 'MISSING' }],
          items.map((creditor) => [
            creditor.id,
            creditor.legalName ?? creditor.key,
            creditor.missing.join(', ') || '–',
          ]),
        ),
      );
    },
  },
  {
    name: 'creditor show',
    usage: 'CREDITOR',
    summary: 'One creditor',
    words: [1, 1],
    run: async ({ client, words: [named = ''] }) => sayCreditor(await whichCreditor(client, named)),
  },
  {
    name: 'creditor add',
    usage: 'NAME',
    summary: 'Add a creditor',
    words: [1, 1],
    run: async ({ client, words: [legalName = ''] }) =>
      sayCreditor(await client.post<Creditor>('/v1/creditors', { legalName })),
  },
  {
    name: 'creditor set',
    usage:
      'CREDITOR [--legal-name NAME] [--siren N] [--vat N] [--address LINE]… [--country FR] [--iban IBAN] [--bic BIC] [--sender NAME] [--reply-to ADDRESS] [--phone N] [--language fr|en] [--zone Europe/Paris] [--currency EUR] [--mail-account NAME|default] [--sms-account NAME|default]',
    summary: 'Set what a creditor says about itself',
    options: {
      ...Object.fromEntries(Object.keys(fields).map((name) => [name, text])),
      address: { type: 'string', multiple: true },
    },
    words: [1, 1],
    run: async ({ client, words: [named = ''], options, lists }) => {
      const creditor = await whichCreditor(client, named);
      const given = Object.entries(fields).flatMap(([option, field]) =>
        options[option] === undefined
          ? []
          : [[field, isTakenBack(option, options[option]) ? null : options[option]]],
      );
      const address = lists['address'];
      const change = {
        ...Object.fromEntries(given),
        ...(address === undefined ? {} : { address }),
      } as object;
      if (Object.keys(change).length === 0)
        throw new Mistake('Say what to set, such as --iban FR76… or --reply-to billing@example.com.');
      sayCreditor(await client.patch<Creditor>(`/v1/creditors/${creditor.id}`, change));
    },
  },
];

interface Link {
  readonly link: string | null;
  readonly mailedTo: string | null;
  readonly expiresAt: string;
}

/** The link is printed, also where mails leave the house. */
function byHandOf(options: Readonly<Record<string, string | undefined>>): { readonly byHand?: true } {
  return options['by-hand'] === undefined ? {} : { byHand: true };
}

function sayLink(name: string, { link, mailedTo, expiresAt }: Link): void {
  const until = `It opens once, until ${expiresAt}`;
  if (mailedTo === null) say(`${name} chooses a password with this link. ${until}:\n\n  ${link ?? ''}\n`);
  else
    say(
      `${name} chooses a password with the link that was sent to ${mailedTo}. ${until}; --by-hand prints one.`,
    );
}

async function whichUser(client: Client, named: string): Promise<User> {
  const { items } = await client.get<Page<User>>('/v1/users');
  const found = items.find((user) => user.name === named || user.id === named);
  if (found) return found;
  throw new Mistake(`Nobody is called "${named}". There are: ${items.map(({ name }) => name).join(', ')}.`);
}

/** The creditor with this id, key or legal name, in any case of letters. */
async function whichCreditor(client: Client, named: string): Promise<Creditor> {
  if (isUuid(named)) return client.get<Creditor>(`/v1/creditors/${named}`);
  const { items } = await client.get<Page<Creditor>>('/v1/creditors');
  const wanted = named.toLowerCase();
  const found = items.filter((creditor) =>
    [creditor.key, creditor.legalName].some((name) => name?.toLowerCase() === wanted),
  );
  const [only] = found;
  if (only && found.length === 1) return only;
  const known = items.map((creditor) => `  ${creditor.id}  ${creditor.legalName ?? creditor.key}`);
  throw new Mistake(
    [
      found.length === 0 ? `No creditor is called "${named}".` : `Several creditors are called "${named}".`,
      'Give the id or the name of one:',
      ...known,
    ].join('\n'),
  );
}

function sayCreditor(creditor: Creditor): void {
  say(creditor.legalName ?? creditor.key);
  const names = Object.entries(fields).map(
    ([option, field]) => [option, creditor[field] as string | null] as const,
  );
  say(
    pairs([['id', creditor.id], ['key', creditor.key], ...names, ['address', creditor.address.join(', ')]]),
  );
  say(
    creditor.missing.length === 0
      ? '\nIt may send.'
      : `\nNothing leaves in its name before these are set: ${creditor.missing.join(', ')}`,
  );
}
