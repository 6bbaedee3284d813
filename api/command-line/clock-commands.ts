import type { Clocks, Insolvency, LapsingClock, Page, Recorded } from './answers.ts';
import type { Client } from './client.ts';
import type { Command } from './command.ts';
import { counted } from './counted.ts';
import { take } from './export-commands.ts';
import { Mistake } from './mistake.ts';
import { money, pairs, say, table } from './paper.ts';
import { dayTyped, isUuid } from './typed.ts';
import { whichInvoice } from './which-invoice.ts';

/** Legal dates and insolvencies. DEBTOR is an id, or an invoice of his. */
export const clockCommands: readonly Command[] = [
  {
    name: 'lapses',
    usage: '[--within DAYS]',
    summary: 'The legal dates that come within so many days (30), the first one first',
    options: { within: { type: 'string' } },
    words: [0, 0],
    run: async ({ client, options }) => {
      const { within = '30' } = options;
      const items = [...(await everyPage(client, within))].sort((a, b) => (a.on < b.on ? -1 : 1));
      if (items.length === 0) return void say(`No legal date comes within ${within} days.`);
      const columns = [{ title: 'DAY' }, { title: 'WHAT' }, { title: 'INVOICE' }, { title: 'DEBTOR' }];
      say(
        table(
          columns,
          items.map((one) => [one.on, one.text, one.number ?? 'all earlier ones', one.debtorName]),
        ),
      );
    },
  },
  {
    name: 'clocks',
    usage: 'INVOICE',
    summary: 'The legal dates of an invoice, and where they come from',
    words: [1, 1],
    run: async ({ client, words: [named = ''] }) => {
      const { id, number } = await whichInvoice(client, named);
      const { clocks } = await client.get<Clocks>(`/v1/invoices/${id}/clocks`);
      if (clocks.length === 0) return void say(`Invoice ${number} has no legal date ahead.`);
      const columns = [{ title: 'DAY' }, { title: 'WHAT' }, { title: 'FROM' }, { title: 'SOURCE' }];
      say(
        table(
          columns,
          clocks.map(({ on, text, passed, from, source }) => [
            on,
            passed ? `${text} (passed)` : text,
            from,
            source,
          ]),
        ),
      );
    },
  },
  {
    name: 'judgment',
    usage: 'DEBTOR DAY [--kind safeguard|receivership|liquidation] [--published DAY]',
    summary: 'Record the judgment that opens an insolvency: earlier claims are silent at once',
    options: { kind: { type: 'string' }, published: { type: 'string' } },
    words: [2, 2],
    run: async ({ client, words: [named = '', day = ''], options: { kind, published } }) => {
      const debtorId = await whichDebtor(client, named);
      const { invoices } = await client.post<{ readonly invoices: readonly Recorded[] }>(
        `/v1/debtors/${debtorId}/insolvency`,
        {
          judgmentOn: dayTyped(day),
          ...(kind === undefined ? {} : { kind }),
          ...(published === undefined ? {} : { publishedOn: dayTyped(published) }),
        },
      );
      say(
        invoices.length === 0
          ? 'Recorded.'
          : `Recorded; told to ${counted(invoices.length, 'open invoice')}.`,
      );
      await sayInsolvency(client, debtorId);
    },
  },
  {
    name: 'insolvency',
    usage: 'DEBTOR',
    summary: 'What has to be declared in the insolvency of a debtor, and by when',
    words: [1, 1],
    run: async ({ client, words: [named = ''] }) => sayInsolvency(client, await whichDebtor(client, named)),
  },
  {
    name: 'declaration',
    usage: 'DEBTOR [--creditor ID] [--sent DAY] [--to FILE]',
    summary:
      'The declaration of claims as a PDF to be signed: what has still to be sent, or was sent that day',
    options: { creditor: { type: 'string' }, sent: { type: 'string' }, to: { type: 'string' } },
    words: [1, 1],
    run: async (call) => {
      const { client, options } = call;
      const debtorId = await whichDebtor(client, call.words[0] ?? '');
      const { declarations } = await insolvencyOf(client, debtorId);
      const creditors = [...new Set(declarations.map(({ creditorId }) => creditorId))];
      const creditorId = options['creditor'] ?? creditors[0];
      if (creditorId === undefined) throw new Mistake('No claim of before the judgment.');
      if (options['creditor'] === undefined && creditors.length > 1)
        throw new Mistake(`Several creditors declare: name one with --creditor (${creditors.join(', ')}).`);
      const { sent } = options;
      const of = sent === undefined ? {} : { sentOn: dayTyped(sent) };
      await take(call, `/v1/debtors/${debtorId}/insolvency/declarations/${creditorId}`, of);
    },
  },
];

async function everyPage(client: Client, within: string): Promise<readonly LapsingClock[]> {
  const items: LapsingClock[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<LapsingClock> = await client.get('/v1/legal-clocks', { within, limit: '200', cursor });
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

async function whichDebtor(client: Client, named: string): Promise<string> {
  if (isUuid(named)) {
    const debtor = await client.get<{ id: string }>(`/v1/debtors/${named}`).catch(() => undefined);
    if (debtor) return debtor.id;
  }
  return (await whichInvoice(client, named)).debtor.id;
}

async function insolvencyOf(client: Client, debtorId: string): Promise<Insolvency> {
  const { insolvency } = await client.get<{ readonly insolvency: Insolvency | null }>(
    `/v1/debtors/${debtorId}/insolvency`,
  );
  if (!insolvency) throw new Mistake('The debtor is in no insolvency procedure.');
  return insolvency;
}

async function sayInsolvency(client: Client, debtorId: string): Promise<void> {
  const { judgmentOn, publishedOn, declarations, lawMissing } = await insolvencyOf(client, debtorId);
  say(
    pairs([
      ['judgment', judgmentOn],
      ['published', publishedOn ?? 'not known yet: no last day can be said'],
      ...(lawMissing === null ? [] : ([['missing', lawMissing]] as const)),
    ]),
  );
  if (declarations.length === 0) return void say('No claim of before the judgment.');
  say();
  const columns = [
    { title: 'CREDITOR' },
    { title: 'CLAIMS', right: true },
    { title: 'TOTAL', right: true },
    { title: 'DECLARED' },
    { title: 'LAST DAY' },
    { title: 'TASK' },
  ];
  say(
    table(
      columns,
      declarations.map((one) => [
        one.creditorName,
        String(one.claims.length),
        one.totals.map(money).join(' + '),
        one.sentOn ?? '',
        one.sentOn === null ? (one.lastDay?.on ?? '') : '',
        one.taskId ?? '',
      ]),
    ),
  );
}
