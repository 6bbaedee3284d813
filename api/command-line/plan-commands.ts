import type { Page, Plan } from './answers.ts';
import type { Client } from './client.ts';
import type { Call, Command } from './command.ts';
import { take } from './export-commands.ts';
import { moneyTyped, needed } from './fact-commands.ts';
import { Mistake } from './mistake.ts';
import { money, pairs, say, table } from './paper.ts';
import { dayTyped, isUuid } from './typed.ts';
import { whichInvoice } from './which-invoice.ts';

/** Instalment plans, from the proposal to their end. PLAN is an id, or an invoice that is in one. */
export const planCommands: readonly Command[] = [
  {
    name: 'plans',
    usage: '[--state proposed|running|finished|broken|withdrawn] [--late] [--debtor ID] [--invoice INVOICE]',
    summary: 'Instalment plans, the latest proposed first',
    options: {
      state: { type: 'string' },
      late: { type: 'boolean' },
      debtor: { type: 'string' },
      invoice: { type: 'string' },
    },
    words: [0, 0],
    run: async ({ client, options: { state, late, debtor, invoice } }) => {
      const { items } = await client.get<Page<Plan>>('/v1/plans', {
        state,
        late,
        debtor,
        invoice: invoice === undefined ? undefined : (await whichInvoice(client, invoice)).id,
        limit: '200',
      });
      if (items.length === 0) return void say('No plans.');
      const columns = [
        { title: 'PLAN' },
        { title: 'STATE' },
        { title: 'AMOUNT', right: true },
        { title: 'LEFT', right: true },
        { title: 'NEXT' },
        { title: 'DEBTOR' },
      ];
      say(table(columns, items.map(inShort)));
    },
  },
  {
    name: 'plan propose',
    usage: 'INVOICE... (--count N --first DAY | --pay DAY=AMOUNT...) [--grace DAYS]',
    summary: 'Propose an instalment plan: equal amounts a month apart, or each as it is given',
    options: {
      count: { type: 'string' },
      first: { type: 'string' },
      pay: { type: 'string', multiple: true },
      grace: { type: 'string' },
    },
    words: [1, 100],
    run: propose,
  },
  {
    name: 'plan show',
    usage: 'PLAN',
    summary: 'A plan with its instalments, and what has come of it',
    words: [1, 1],
    run: async ({ client, words: [named = ''] }) => sayPlan(await whichPlan(client, named)),
  },
  {
    name: 'plan accept',
    usage: 'PLAN --how signed|email|telephone|portal|other [--on DAY]',
    summary: 'Record that the debtor accepts a plan: it runs, and its invoices are silent',
    options: { how: { type: 'string' }, on: { type: 'string' } },
    words: [1, 1],
    run: async ({ client, words: [named = ''], options }) => {
      const { id } = await whichPlan(client, named);
      const how = needed(options, 'how', 'signed, email, telephone');
      const on = options['on'] === undefined ? {} : { on: dayTyped(options['on']) };
      sayPlan(await client.post<Plan>(`/v1/plans/${id}/acceptance`, { how, ...on }));
    },
  },
  {
    name: 'plan withdraw',
    usage: 'PLAN --reason CODE',
    summary: 'Take back a plan; its invoices go on the next working day',
    options: { reason: { type: 'string' } },
    words: [1, 1],
    run: async ({ client, words: [named = ''], options }) => {
      const { id } = await whichPlan(client, named);
      const reason = needed(options, 'reason', 'debtor_asked, other');
      sayPlan(await client.post<Plan>(`/v1/plans/${id}/withdrawal`, { reason }));
    },
  },
  {
    name: 'plan agreement',
    usage: 'PLAN [--to FILE] [--language fr|en]',
    summary: 'The agreement on a plan as a PDF for both to sign',
    options: { to: { type: 'string' }, language: { type: 'string' } },
    words: [1, 1],
    run: async (call) => {
      const { id } = await whichPlan(call.client, call.words[0] ?? '');
      await take(call, `/v1/plans/${id}/agreement`, {});
    },
  },
];

async function propose({ client, words, options, lists }: Call): Promise<void> {
  const invoices = [];
  for (const named of words) invoices.push(await whichInvoice(client, named));
  const [first] = invoices;
  if (!first) throw new Mistake('Name an invoice.');
  const { count, first: firstOn, grace } = options;
  const given = lists['pay'] ?? [];
  if ((count === undefined) === (given.length === 0))
    throw new Mistake('Give --count and --first for equal instalments, or --pay DAY=AMOUNT for each.');
  const instalments = given.map((pay) => {
    const [day = '', amount = ''] = pay.split('=');
    return { dueOn: dayTyped(day), amount: moneyTyped(amount, first).amount };
  });
  const plan = await client.post<Plan>('/v1/plans', {
    invoiceIds: invoices.map(({ id }) => id),
    ...(count === undefined
      ? { instalments }
      : {
          equal: {
            count: Number(count),
            firstOn: dayTyped(needed({ first: firstOn }, 'first', '2026-12-01')),
          },
        }),
    ...(grace === undefined ? {} : { graceDays: Number(grace) }),
  });
  sayPlan(plan);
  say(`When the debtor agrees: relance plan accept ${plan.id} --how signed`);
}

/** The plan with that id, or the one that an invoice is in: what runs or waits for an answer wins over what is over. */
async function whichPlan(client: Client, named: string): Promise<Plan> {
  if (isUuid(named)) {
    const plan = await client.get<Plan>(`/v1/plans/${named}`).catch(() => undefined);
    if (plan) return plan;
  }
  const invoice = await whichInvoice(client, named);
  const { items } = await client.get<Page<Plan>>('/v1/plans', { invoice: invoice.id });
  const open = items.filter(({ state }) => state === 'running' || state === 'proposed');
  const [plan] = open.length > 0 ? open : items;
  if (!plan) throw new Mistake(`Invoice ${invoice.number} is in no plan.`);
  if (open.length > 1)
    throw new Mistake(
      [
        `Invoice ${invoice.number} is in several plans. Give the id of one:`,
        ...open.map((one) => `  ${one.id}  ${one.state}, ${money(one.amount)}`),
      ].join('\n'),
    );
  return plan;
}

function sayPlan(plan: Plan): void {
  say(
    pairs([
      ['plan', `${plan.id} (${plan.reference})`],
      ['state', stateOf(plan)],
      ['debtor', plan.debtorName],
      ['invoices', plan.invoices.map(({ number, amount }) => `${number} (${money(amount)})`).join(', ')],
      ['left', `${money(plan.open)} of ${money(plan.amount)}`],
    ]),
  );
  say();
  const columns = [
    { title: 'N°', right: true },
    { title: 'DUE' },
    { title: 'AMOUNT', right: true },
    { title: 'PAID', right: true },
    { title: 'MISSED' },
  ];
  const rows = plan.instalments.map((one) => [
    String(one.number),
    one.dueOn,
    money(one.amount),
    money(one.paid),
    one.missedOn ?? '',
  ]);
  say(table(columns, rows));
}

function inShort(plan: Plan): readonly string[] {
  const next = plan.instalments.find(({ amount, paid }) => paid.amount < amount.amount);
  const isOpen = plan.state === 'running' || plan.state === 'proposed';
  return [
    plan.id,
    stateOf(plan),
    money(plan.amount),
    isOpen ? money(plan.open) : '',
    isOpen && next ? next.dueOn : '',
    plan.debtorName,
  ];
}

function stateOf({ state, late, lateSince }: Plan): string {
  return state === 'running' && late ? `late since ${lateSince ?? ''}` : state;
}
