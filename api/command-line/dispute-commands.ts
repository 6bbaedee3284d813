import type { Cause, DisputeFile, Page, Qualified, Recorded, WholeInvoice } from './answers.ts';
import type { Client } from './client.ts';
import type { Command } from './command.ts';
import { moneyTyped, needed, only, sayRecorded } from './fact-commands.ts';
import { moment, money, pairs, say, table } from './paper.ts';
import { dayTyped } from './typed.ts';
import { whichInvoice } from './which-invoice.ts';

/** Disputes, from the debtor's word to the decision, and what they were about, counted. */
export const disputeCommands: readonly Command[] = [
  {
    name: 'dispute',
    usage: 'INVOICE [AMOUNT] --reason CODE [--comment TEXT]',
    summary: 'Record that the debtor contests all of it, or a part',
    options: { reason: { type: 'string' }, comment: { type: 'string' } },
    words: [1, 2],
    run: async ({ client, words: [named = '', amount], options }) => {
      const invoice = await whichInvoice(client, named);
      sayRecorded(
        await client.post<Recorded>(`/v1/invoices/${invoice.id}/disputes`, {
          reason: needed(
            options,
            'reason',
            'price, quantity, quality, delivery, billing, duplicate, already_paid, other',
          ),
          ...(amount === undefined ? {} : { amount: moneyTyped(amount, invoice) }),
          ...(options['comment'] === undefined ? {} : { description: options['comment'] }),
        }),
      );
    },
  },
  {
    name: 'qualify',
    usage: 'INVOICE dispute|unfounded [--reason CODE] [--department CODE] [--resolver USER] [--comment TEXT]',
    summary: 'Accept the dispute of an invoice and say who is to answer it, or turn it down',
    options: {
      reason: { type: 'string' },
      department: { type: 'string' },
      resolver: { type: 'string' },
      comment: { type: 'string' },
    },
    words: [2, 2],
    run: async ({ client, words: [named = '', verdict = ''], options }) => {
      const { id } = await openDispute(client, named);
      const { reason, department, resolver, comment } = options;
      const answer = await client.post<Qualified>(`/v1/disputes/${id}/qualification`, {
        verdict,
        ...(reason === undefined ? {} : { reason }),
        ...(department === undefined ? {} : { department }),
        ...(resolver === undefined ? {} : { resolverId: resolver }),
        ...(comment === undefined ? {} : { comment }),
      });
      if (answer.answerBy !== null) say(`An answer is due by ${answer.answerBy}.`);
      sayRecorded(answer);
    },
  },
  {
    name: 'resolve',
    usage: 'INVOICE rejected|credit_note|corrected_invoice|goodwill [--granted AMOUNT] [--comment TEXT]',
    summary: 'Decide the dispute of an invoice',
    options: { granted: { type: 'string' }, comment: { type: 'string' } },
    words: [2, 2],
    run: async ({ client, words: [named = '', outcome = ''], options }) => {
      const { id, invoice } = await openDispute(client, named);
      const { granted, comment } = options;
      sayRecorded(
        await client.post<Recorded>(`/v1/disputes/${id}/resolution`, {
          outcome,
          ...(granted === undefined ? {} : { granted: moneyTyped(granted, invoice) }),
          ...(comment === undefined ? {} : { comment }),
        }),
      );
    },
  },
  {
    name: 'dispute file',
    usage: 'INVOICE',
    summary: 'The file of the open dispute of an invoice: who has it, what was said, its history',
    words: [1, 1],
    run: async ({ client, words: [named = ''] }) => {
      const { id } = await openDispute(client, named);
      const file = await client.get<DisputeFile>(`/v1/disputes/${id}`);
      say(
        pairs([
          ['contested', `${money(file.contested)}, ${file.reasonText}`],
          ['waits', file.stage === null ? '' : `${file.stage}, by ${file.dueOn ?? ''}`],
          ['with', [file.departmentText, file.resolver?.name ?? ''].filter((text) => text !== '').join(', ')],
          ['documents', file.documents.map(({ name }) => name).join(', ')],
        ]),
      );
      say();
      for (const entry of file.history)
        say(`${moment(entry.at)}  ${entry.text}${entry.words ? ` — ${entry.words}` : ''}`);
    },
  },
  {
    name: 'causes',
    usage: '[--by reason|department|debtor] [--from DAY] [--to DAY]',
    summary: 'Why debtors contest: disputes counted, the largest amounts first',
    options: { by: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } },
    words: [0, 0],
    run: async ({ client, options }) => {
      const { items } = await client.get<Pick<Page<Cause>, 'items'>>('/v1/disputes/causes', {
        by: options['by'],
        from: options['from'] && dayTyped(options['from']),
        to: options['to'] && dayTyped(options['to']),
      });
      if (items.length === 0) return void say('No disputes.');
      const columns = [
        { title: 'CAUSE' },
        { title: 'DISPUTES', right: true },
        { title: 'CONTESTED', right: true },
        { title: 'OPEN', right: true },
        { title: 'REJECTED', right: true },
        { title: 'GRANTED', right: true },
      ];
      const rows = items.map((item) => [
        item.text,
        String(item.disputes),
        money(item.contested),
        String(item.open),
        String(item.rejected),
        `${item.granted} (${money(item.grantedAmount)})`,
      ]);
      say(table(columns, rows));
    },
  },
];

async function openDispute(client: Client, named: string) {
  const invoice = await whichInvoice(client, named);
  const { disputes } = await client.get<WholeInvoice>(`/v1/invoices/${invoice.id}`);
  const open = disputes.filter((one) => one.state === 'open');
  return { id: only(open, 'open dispute', invoice.number).id, invoice };
}
