import type { Invoice, Recorded, Settled } from './answers.ts';
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
