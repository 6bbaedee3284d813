import type { Page, WholeInvoice } from './answers.ts';
import type { Client } from './client.ts';
import type { Command } from './command.ts';
import { Mistake } from './mistake.ts';
import { say, table } from './paper.ts';
import { whichInvoice } from './which-invoice.ts';

interface Assignee {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}

/** Whose a file is: handing it to a firm, taking it back, giving its dispute to somebody. */
export const givingCommands: readonly Command[] = [
  {
    name: 'assignees',
    usage: '',
    summary: 'Firms, resolvers, collectors and those who sell: to whom something can be given',
    words: [0, 0],
    run: async ({ client }) => {
      const { items } = await client.get<Page<Assignee>>('/v1/assignees');
      if (items.length === 0) return void say('There is nobody to give anything to.');
      say(
        table(
          [{ title: 'NAME' }, { title: 'ROLE' }, { title: 'ID' }],
          items.map(({ name, role, id }) => [name, role, id]),
        ),
      );
    },
  },
  {
    name: 'hand-over',
    usage: 'INVOICE FIRM [--because WHY_WITHOUT_NOTICE] [--comment TEXT]',
    summary: 'Hand a file to an external firm; Relance is silent about it',
    options: { because: { type: 'string' }, comment: { type: 'string' } },
    words: [2, 2],
    run: async ({ client, words: [named = '', firm = ''], options }) => {
      const invoice = await whichInvoice(client, named);
      const { id, name } = await whichAssignee(client, 'external_firm', firm);
      const { comment, because } = options;
      const { approvalId } = await client.post<{ approvalId?: string }>(
        `/v1/invoices/${invoice.id}/hand-over`,
        {
          firmId: id,
          ...(because === undefined ? {} : { incompleteBecause: because }),
          ...(comment === undefined ? {} : { comment }),
        },
      );
      say(
        approvalId === undefined
          ? `${name} has invoice ${invoice.number} now.`
          : `Handing invoice ${invoice.number} to ${name} waits for the yes of another person (${approvalId}).`,
      );
    },
  },
  {
    name: 'take-back',
    usage: 'INVOICE [--comment TEXT]',
    summary: 'Take a file back from the firm that has it, which loses sight of it',
    options: { comment: { type: 'string' } },
    words: [1, 1],
    run: async ({ client, words: [named = ''], options }) => {
      const invoice = await whichInvoice(client, named);
      const { comment } = options;
      const answer = await client.post<{ firm: { name: string } }>(
        `/v1/invoices/${invoice.id}/hand-over/withdrawal`,
        comment === undefined ? {} : { comment },
      );
      say(`Invoice ${invoice.number} is taken back from ${answer.firm.name}.`);
    },
  },
  {
    name: 'assign',
    usage: 'INVOICE RESOLVER|nobody',
    summary: 'Give the open dispute of an invoice to a resolver, or take it from everybody',
    words: [2, 2],
    run: async ({ client, words: [named = '', whom = ''] }) => {
      const invoice = await whichInvoice(client, named);
      const { disputes } = await client.get<WholeInvoice>(`/v1/invoices/${invoice.id}`);
      const dispute = disputes.find(({ state }) => state === 'open');
      if (!dispute) throw new Mistake(`Invoice ${invoice.number} has no open dispute.`);
      const resolver = whom === 'nobody' ? null : await whichAssignee(client, 'resolver', whom);
      await client.post(`/v1/disputes/${dispute.id}/assignment`, { userId: resolver?.id ?? null });
      say(
        resolver
          ? `${resolver.name} has the dispute of ${invoice.number} now.`
          : `Nobody has the dispute of ${invoice.number} now.`,
      );
    },
  },
];

/** The one with this name, in any case of letters, or this id. */
export async function whichAssignee(client: Client, role: string, named: string): Promise<Assignee> {
  const { items } = await client.get<Page<Assignee>>('/v1/assignees', { role });
  const wanted = named.toLowerCase();
  const found = items.find(({ id, name }) => id === named || name.toLowerCase() === wanted);
  if (found) return found;
  const known =
    items.length === 0 ? 'There is none.' : `There are: ${items.map(({ name }) => name).join(', ')}.`;
  throw new Mistake(`No ${role.replace('_', ' ')} is called "${named}". ${known}`);
}
