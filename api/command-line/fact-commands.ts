import type { Invoice, Recorded, Settled, WholeInvoice } from './answers.ts';
import type { Client } from './client.ts';
import type { Call, Command } from './command.ts';
import { Mistake } from './mistake.ts';
import { moment, money, say } from './paper.ts';
import { centsTyped, dayTyped, isUuid, percentTyped } from './typed.ts';
import { whichInvoice } from './which-invoice.ts';

/** Recording what happened to an invoice; each answers with the invoice as it is then, and its next step. */
export const factCommands: readonly Command[] = [
  {
    name: 'pay',
    usage: 'INVOICE AMOUNT [--on DAY] [--reference TEXT]',
    summary: 'Record a payment',
    options: { on: { type: 'string' }, reference: { type: 'string' } },
    words: [2, 2],
    run: async ({ client, words: [named = '', amount = ''], options }) => {
      const invoice = await whichInvoice(client, named);
      const answer = await client.post<Settled>(`/v1/invoices/${invoice.id}/payments`, {
        amount: moneyTyped(amount, invoice),
        ...(options['on'] === undefined ? {} : { valueDate: dayTyped(options['on']) }),
        ...(options['reference'] === undefined ? {} : { reference: options['reference'] }),
      });
      for (const recorded of answer.invoices) sayRecorded(recorded);
      if (answer.unallocated.amount > 0)
        say(`${money(answer.unallocated)} settles nothing yet and stands to the credit of the debtor.`);
    },
  },
  {
    name: 'promise',
    usage: 'INVOICE DAY [AMOUNT]',
    summary: 'Record a promise to pay; all that is asked when no amount is given',
    words: [2, 3],
    run: async ({ client, words: [named = '', day = '', amount] }) => {
      const invoice = await whichInvoice(client, named);
      sayRecorded(
        await client.post<Recorded>(`/v1/invoices/${invoice.id}/promises`, {
          date: dayTyped(day),
          ...(amount === undefined ? {} : { amount: moneyTyped(amount, invoice) }),
        }),
      );
    },
  },
  {
    name: 'discount',
    usage: 'INVOICE PERCENT DAY',
    summary: 'Offer a discount to whoever pays the rest by a day; lift its hold to take it back',
    words: [3, 3],
    run: async ({ client, words: [named = '', percent = '', day = ''] }) => {
      const invoice = await whichInvoice(client, named);
      const answer = await client.post<Recorded>(`/v1/invoices/${invoice.id}/discount`, {
        percent: percentTyped(percent),
        payBy: dayTyped(day),
      });
      sayRecorded(answer);
      if (answer.approvalId !== undefined)
        say(`It is asked for, not offered: another person says yes with: relance grant ${answer.approvalId}`);
    },
  },
  {
    name: 'hold',
    usage: 'INVOICE --reason CODE [--until DAY]',
    summary: 'Keep silent about an invoice, until a day or until it is lifted',
    options: { reason: { type: 'string' }, until: { type: 'string' } },
    words: [1, 1],
    run: async ({ client, words: [named = ''], options }) => {
      const invoice = await whichInvoice(client, named);
      sayRecorded(
        await client.post<Recorded>(`/v1/invoices/${invoice.id}/holds`, {
          reason: needed(options, 'reason', 'commercial, waiting_for_document, other'),
          ...(options['until'] === undefined ? {} : { until: dayTyped(options['until']) }),
        }),
      );
    },
  },
  {
    name: 'lift',
    usage: 'INVOICE [HOLD]',
    summary: 'Lift the hold of an invoice',
    words: [1, 2],
    run: async ({ client, words: [named = '', holdId] }) => {
      const invoice = await whichInvoice(client, named);
      const { holds } = await client.get<WholeInvoice>(`/v1/invoices/${invoice.id}`);
      const inForce = holds.filter(
        (hold) =>
          hold.inForce && !hold.stop && hold.on === 'invoice' && (holdId === undefined || hold.id === holdId),
      );
      const hold = only(inForce, 'hold in force', invoice.number);
      sayRecorded(await client.post<Recorded>(`/v1/invoices/${invoice.id}/holds/${hold.id}/lift`));
    },
  },
  {
    name: 'note',
    usage: 'INVOICE TEXT',
    summary: 'Add a note',
    words: [2, 2],
    run: async ({ client, words: [named = '', text = ''] }) => {
      const invoice = await whichInvoice(client, named);
      await client.post(`/v1/invoices/${invoice.id}/notes`, { text });
      say(`Noted on ${invoice.number}.`);
    },
  },
];

/** The invoice after a fact, and what comes next. */
export function sayRecorded({ invoice, next }: Recorded): void {
  const until = next.until === null ? '' : ` (until ${moment(next.until)})`;
  say(`Invoice ${invoice.number} is ${invoice.state}${until}; ${money(invoice.balance)} is owed.`);
  for (const { text } of next.reasons) say(`  ${text}`);
}

/** The step of an invoice that is sent to oneself. */
export async function sendMe(client: Client, named: string, step: string): Promise<void> {
  const invoice = await whichInvoice(client, named);
  await client.post(`/v1/invoices/${invoice.id}/samples`, { step });
  say(
    `A sample of step "${step}" of ${invoice.number} is on its way to you. See it at ${client.url}/outbox?view=samples`,
  );
}

export function needed(options: Call['options'], name: string, examples: string): string {
  const value = options[name];
  if (value === undefined || value === '') throw new Mistake(`Give --${name}, such as: ${examples}.`);
  return value;
}

/** An amount as people type it, in the currency of the invoice. */
export function moneyTyped(amount: string, invoice: Invoice): { amount: number; currency: string } {
  return { amount: centsTyped(amount), currency: invoice.balance.currency };
}

/** The one that was found. Throws a Mistake when there is none, or several to choose from. */
export function only<One extends { readonly id: string; readonly reason: string }>(
  found: readonly One[],
  what: string,
  number: string,
): One {
  const [first] = found;
  if (!first) throw new Mistake(`Invoice ${number} has no ${what}.`);
  if (found.length > 1)
    throw new Mistake(
      [
        `Invoice ${number} has more than one ${what}. Give the id of one:`,
        ...found.map((one) => `  ${one.id}  ${one.reason}`),
      ].join('\n'),
    );
  return first;
}

/** Kept here because tasks are answered with the same kind of id. */
export function uuidGiven(text: string, what: string): string {
  if (isUuid(text)) return text;
  throw new Mistake(`"${text}" is no id of a ${what}: copy it from the list.`);
}
