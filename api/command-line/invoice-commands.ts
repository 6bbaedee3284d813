import type { Invoice, Page, Timeline, WholeInvoice, Why } from './answers.ts';
import type { Command } from './command.ts';
import { moment, money, pairs, say, table } from './paper.ts';
import { dayTyped } from './typed.ts';
import { whichInvoice } from './which-invoice.ts';

/** Looking at invoices: the list, the one, and why. */
export const invoiceCommands: readonly Command[] = [
  {
    name: 'list',
    usage:
      '[--state STATE] [--late] [--all] [--debtor ID] [--search TEXT] [--due-before DAY] [--sort dueDate|balance|wakeAt] [--limit N]',
    summary: 'Invoices, the open ones unless --all',
    options: {
      state: { type: 'string' },
      late: { type: 'boolean' },
      all: { type: 'boolean' },
      debtor: { type: 'string' },
      search: { type: 'string' },
      'due-before': { type: 'string' },
      sort: { type: 'string' },
      limit: { type: 'string' },
    },
    words: [0, 0],
    run: async ({ client, options }) => {
      const { items, nextCursor } = await client.get<Page<Invoice>>('/v1/invoices', {
        state: options['state'],
        late: options['late'],
        open: options['all'] === 'true' || options['state'] !== undefined ? undefined : 'true',
        debtor: options['debtor'],
        q: options['search'],
        dueBefore: options['due-before'] && dayTyped(options['due-before']),
        sort: options['sort'],
        limit: options['limit'],
      });
      if (items.length === 0) return void say('No invoices.');
      const columns = [
        { title: 'INVOICE' },
        { title: 'DEBTOR' },
        { title: 'DUE' },
        { title: 'LATE', right: true },
        { title: 'OWED', right: true },
        { title: 'LEVEL' },
        { title: 'STATE' },
      ];
      const rows = items.map((item) => [
        item.number,
        shortened(item.debtor.name, 32),
        item.dueDate,
        item.open && item.daysLate > 0 ? `${item.daysLate} d` : '',
        money(item.balance),
        item.level ?? '',
        item.state,
      ]);
      say(table(columns, rows));
      if (nextCursor !== null) say(`… and more: narrow it down, or --limit 200.`);
    },
  },
  {
    name: 'show',
    usage: 'INVOICE',
    summary: 'One invoice, with what stands around it',
    words: [1, 1],
    run: async ({ client, words: [named = ''] }) => {
      const { id } = await whichInvoice(client, named);
      const [invoice, timeline] = await Promise.all([
        client.get<WholeInvoice>(`/v1/invoices/${id}`),
        client.get<Timeline>(`/v1/invoices/${id}/timeline`),
      ]);
      say(`Invoice ${invoice.number} of ${invoice.debtor.name}, for ${invoice.creditor.name}`);
      say(
        pairs([
          ['owed', `${money(invoice.balance)} of ${money(invoice.amount)}`],
          [
            'asked',
            invoice.contested.amount > 0
              ? `${money(invoice.asked)} (${money(invoice.contested)} is disputed)`
              : '',
          ],
          [
            'due',
            `${invoice.dueDate}${invoice.open && invoice.daysLate > 0 ? `, ${invoice.daysLate} days late` : ''}`,
          ],
          ['state', invoice.state],
          ['level', invoice.level],
          ['scenario', invoice.scenario.id],
          [
            'holds',
            invoice.holds
              .filter((hold) => hold.inForce)
              .map((hold) => `${hold.reason}${hold.until ? ` until ${hold.until}` : ''} (${hold.id})`)
              .join(', '),
          ],
          ['tasks', invoice.tasks.map((task) => `${task.kind} by ${task.dueOn} (${task.id})`).join(', ')],
          ['flags', invoice.flags.join(', ')],
          ['id', invoice.id],
          ['page', `${client.url}/i/${encodeURIComponent(invoice.number)}`],
        ]),
      );
      say();
      for (const entry of timeline.items)
        say(`${moment(entry.at)}  ${entry.text}${entry.words ? ` — ${entry.words}` : ''}`);
    },
  },
  {
    name: 'why',
    usage: 'INVOICE [--at INSTANT]',
    summary: 'Why it stands where it stands, and its next steps with dates',
    options: { at: { type: 'string' } },
    words: [1, 1],
    run: async ({ client, words: [named = ''], options }) => {
      const { id, number } = await whichInvoice(client, named);
      const why = await client.get<Why>(`/v1/invoices/${id}/why`, { at: options['at'] });
      say(
        `Invoice ${number} is ${why.state}${why.level === null ? '' : `, level ${why.level}`}; ${money(why.balance)} is owed.`,
      );
      for (const { text } of [...why.next.reasons, ...why.door]) say(`  ${text}`);
      if (why.lifeAhead.steps.length === 0) return;
      say('\nIf nothing comes:');
      say(
        table(
          [{ title: '  WHEN' }, { title: 'STEP' }, { title: 'WHAT' }],
          why.lifeAhead.steps.map((step) => [
            `  ${moment(step.at)}`,
            step.stepName,
            `${step.text}${step.mode === 'automatic' ? '' : ` (${step.mode})`}`,
          ]),
        ),
      );
      for (const { text } of why.lifeAhead.then) say(`  ${text}`);
    },
  },
];

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
