import { firmKinds } from '../../domain/litigation/mandate.ts';
import type { Page } from './answers.ts';
import type { Client } from './client.ts';
import type { Command } from './command.ts';
import { needed } from './fact-commands.ts';
import { Mistake } from './mistake.ts';
import { say, table } from './paper.ts';
import { dayTyped } from './typed.ts';

interface Firm {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly endedAt: string | null;
  readonly gaps: readonly string[];
}

const text = { type: 'string' } as const;

/** Firms outside the house, and what was agreed with them in writing. FIRM is a name or an id. */
export const firmCommands: readonly Command[] = [
  {
    name: 'firms',
    usage: '',
    summary: 'The firms to whom files are handed, and what is missing of their mandates',
    words: [0, 0],
    run: async ({ client }) => {
      const { items } = await client.get<Page<Firm>>('/v1/firms');
      if (items.length === 0) return void say('There is no firm yet.');
      sayFirms(items);
    },
  },
  {
    name: 'firm new',
    usage: `NAME --kind ${firmKinds.join('|')} [--email ADDRESS] [--insurer NAME --policy NUMBER --insured-until DAY] [--funds-iban IBAN] [--declared DAY]`,
    summary: 'Add a firm to whom files can be handed',
    options: {
      ...{ kind: text, email: text, insurer: text, policy: text, 'insured-until': text },
      ...{ 'funds-iban': text, declared: text },
    },
    words: [1, 1],
    run: async ({ client, words: [name = ''], options }) => {
      const { email, insurer, policy: insurancePolicy, 'funds-iban': fundsIban } = options;
      const days = { insuredUntil: options['insured-until'], declaredOn: options['declared'] };
      const made = await client.post<Firm>('/v1/firms', {
        name,
        kind: needed(options, 'kind', firmKinds.join(', ')),
        ...said({ email, insurer, insurancePolicy, fundsIban }),
        ...Object.fromEntries(Object.entries(said(days)).map(([key, day]) => [key, dayTyped(day)])),
      });
      sayFirms([made]);
    },
  },
  {
    name: 'firm mandate',
    usage:
      'FIRM --signed DAY [--receives] [--creditor ID] [--basis TEXT] [--guarantee TEXT] [--fee TEXT] [--remittance TEXT] [--within DAYS]',
    summary: 'Record the mandate that a firm was given in writing; --receives: it may receive money',
    options: {
      ...{ signed: text, receives: { type: 'boolean' }, creditor: text, basis: text, guarantee: text },
      ...{ fee: text, remittance: text, within: text },
    },
    words: [1, 1],
    run: async ({ client, words: [named = ''], options }) => {
      const { id } = await whichFirm(client, named);
      const { receives, creditor: creditorId, basis, guarantee, fee, remittance, within } = options;
      const made = await client.post<Firm>(`/v1/firms/${id}/mandates`, {
        signedOn: dayTyped(needed(options, 'signed', '2026-01-12')),
        mayReceive: receives !== undefined,
        ...said({ creditorId, basis, guarantee, fee, remittance }),
        ...(within === undefined ? {} : { remitWithinDays: Number(within) }),
      });
      sayFirms([made]);
    },
  },
];

function sayFirms(firms: readonly Firm[]): void {
  const columns = [{ title: 'NAME' }, { title: 'KIND' }, { title: 'MISSING' }, { title: 'ID' }];
  say(
    table(
      columns,
      firms.map(({ id, name, kind, endedAt, gaps }) => [
        endedAt === null ? name : `${name} (ended)`,
        kind,
        gaps.join(', ') || 'nothing',
        id,
      ]),
    ),
  );
}

async function whichFirm(client: Client, named: string): Promise<Firm> {
  const { items } = await client.get<Page<Firm>>('/v1/firms');
  const wanted = named.toLowerCase();
  const found = items.find(({ id, name }) => id === named || name.toLowerCase() === wanted);
  if (found) return found;
  throw new Mistake(`No firm is called "${named}". There are: ${items.map(({ name }) => name).join(', ')}.`);
}

/** The options that were given. */
function said(all: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(all).filter((one): one is [string, string] => one[1] !== undefined),
  );
}
