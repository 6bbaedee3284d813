import type { LitigationInList, LitigationSaid } from '../litigation-shapes.ts';
import type { Page } from './answers.ts';
import type { Client } from './client.ts';
import type { Call, Command } from './command.ts';
import { take } from './export-commands.ts';
import { needed } from './fact-commands.ts';
import { whichAssignee } from './giving-commands.ts';
import { Mistake } from './mistake.ts';
import { money, pairs, say, table } from './paper.ts';
import { isUuid } from './typed.ts';
import { whichInvoice } from './which-invoice.ts';

type Answered = LitigationSaid & { readonly approvalId?: string };

/** Litigation files, from their gathering to their end. FILE is an id, or an invoice that is in one. */
export const litigationCommands: readonly Command[] = [
  {
    name: 'litigation',
    usage: '[--state preparing|handed|closed] [--debtor ID] [--invoice INVOICE]',
    summary: 'Litigation files, the newest first',
    options: { state: { type: 'string' }, debtor: { type: 'string' }, invoice: { type: 'string' } },
    words: [0, 0],
    run: async ({ client, options: { state, debtor, invoice } }) => {
      const { items } = await client.get<Page<LitigationInList>>('/v1/litigation', {
        state,
        debtor,
        invoice: invoice === undefined ? undefined : (await whichInvoice(client, invoice)).id,
      });
      if (items.length === 0) return void say('No litigation files.');
      const columns = [
        { title: 'FILE' },
        { title: 'STATE' },
        { title: 'PRINCIPAL', right: true },
        { title: 'FIRM' },
        { title: 'SAYS' },
        { title: 'DEBTOR' },
      ];
      say(table(columns, items.map(inShort)));
    },
  },
  {
    name: 'litigation open',
    usage: 'INVOICE...',
    summary: 'Gather late invoices of one debtor into a litigation file',
    words: [1, 100],
    run: async ({ client, words }) => {
      const invoiceIds: string[] = [];
      for (const named of words) invoiceIds.push((await whichInvoice(client, named)).id);
      sayFile(await client.post<Answered>('/v1/litigation', { invoiceIds }));
    },
  },
  {
    name: 'litigation show',
    usage: 'FILE',
    summary: 'A litigation file: what is claimed, its way, what is missing, what its partner says',
    words: [1, 1],
    run: async ({ client, words: [named = ''] }) => sayFile(await whichFile(client, named)),
  },
  {
    name: 'litigation hand-over',
    usage: 'FILE FIRM [--because WHY_INCOMPLETE] [--comment TEXT]',
    summary: 'Hand a litigation file to a partner, each of its invoices with it',
    options: { because: { type: 'string' }, comment: { type: 'string' } },
    words: [2, 2],
    run: async ({ client, words: [named = '', firm = ''], options: { because, comment } }) => {
      const { id } = await whichFile(client, named);
      const { id: firmId } = await whichAssignee(client, 'external_firm', firm);
      const given = {
        firmId,
        ...(because === undefined ? {} : { incompleteBecause: because }),
        ...(comment === undefined ? {} : { comment }),
      };
      sayFile(await client.post<Answered>(`/v1/litigation/${id}/hand-over`, given));
    },
  },
  {
    name: 'litigation take-back',
    usage: 'FILE --reason CODE',
    summary: 'Take a file back from its partner, or give it up while it is prepared',
    options: { reason: { type: 'string' } },
    words: [1, 1],
    run: (call) => end(call, 'withdrawal', {}),
  },
  {
    name: 'litigation close',
    usage: 'FILE --as doubtful|irrecoverable --reason CODE',
    summary: 'Close a file; what is irrecoverable is written off with it',
    options: { as: { type: 'string' }, reason: { type: 'string' } },
    words: [1, 1],
    run: (call) => end(call, 'closing', { outcome: needed(call.options, 'as', 'doubtful, irrecoverable') }),
  },
  {
    name: 'litigation pack',
    usage: 'FILE [--to FILE]',
    summary: 'The pack of a file as a ZIP with a manifest',
    options: { to: { type: 'string' } },
    words: [1, 1],
    run: async (call) => {
      const { id } = await whichFile(call.client, call.words[0] ?? '');
      await take(call, `/v1/litigation/${id}/pack`, {});
    },
  },
];

async function end({ client, words: [named = ''], options }: Call, how: string, more: object): Promise<void> {
  const reason = needed(options, 'reason', 'no_assets, too_slow, other');
  const { id } = await whichFile(client, named);
  sayFile(await client.post<Answered>(`/v1/litigation/${id}/${how}`, { reason, ...more }));
}

/** The file with that id, or the one in which an invoice is: what is open wins over what is over. */
async function whichFile(client: Client, named: string): Promise<LitigationSaid> {
  if (isUuid(named)) {
    const file = await client.get<LitigationSaid>(`/v1/litigation/${named}`).catch(() => undefined);
    if (file) return file;
  }
  const invoice = await whichInvoice(client, named);
  const { items } = await client.get<Page<LitigationInList>>('/v1/litigation', { invoice: invoice.id });
  const found = items.find(({ state }) => state !== 'closed') ?? items[0];
  if (!found) throw new Mistake(`Invoice ${invoice.number} is in no litigation file.`);
  return client.get<LitigationSaid>(`/v1/litigation/${found.id}`);
}

function sayFile(file: Answered): void {
  const missing = file.missing.map(({ text, number }) => (number === null ? text : `${text} (${number})`));
  const way = file.route ?? (file.ways === null ? file.lawMissing : `${file.ways.proposed.route} (proposed)`);
  say(
    pairs([
      ['file', `${file.id} (${file.reference})`],
      ['state', stateOf(file)],
      ['debtor', file.debtor.name],
      ['invoices', file.invoices.map(({ number, balance }) => `${number} (${money(balance)})`).join(', ')],
      ['claimed', file.claimed === null ? 'not known' : money(file.claimed)],
      ['way', way ?? ''],
      ['missing', missing.length === 0 ? 'nothing' : missing.join(', ')],
      ['firm', file.firm?.name ?? ''],
      ['says', saidBy(file)],
      ['recovered', `${money(file.recovered)}, of which ${money(file.held)} to be passed on`],
    ]),
  );
  if (file.approvalId !== undefined) say(`It waits for the yes of another person (${file.approvalId}).`);
}

function inShort(file: LitigationInList): readonly string[] {
  return [file.id, stateOf(file), money(file.open), file.firm?.name ?? '', saidBy(file), file.debtor.name];
}

function stateOf({ state, outcome }: Pick<LitigationInList, 'state' | 'outcome'>): string {
  return outcome === null ? state : `${state} as ${outcome}`;
}

function saidBy({ status, statusOn }: Pick<LitigationInList, 'status' | 'statusOn'>): string {
  return status === null ? '' : `${status} on ${statusOn ?? ''}`;
}
