import { sql } from 'kysely';
import { addCreditor } from '../db/creditors.ts';
import { atTheDesk, ourselves } from '../db/desk.ts';
import { recordPayment } from '../db/payments.ts';
import { registerAll } from '../db/registration.ts';
import type { IncomingInvoice } from '../db/registration.ts';
import { addDays } from '../domain/time.ts';
import type { CivilDate } from '../domain/time.ts';
import { atOnce } from '../temporal/at-once.ts';
import type { Rig } from './rig.ts';
import { until, untilClosed } from './until-closed.ts';

/** Invoices of one creditor, made for the bench. */
export interface Batch {
  readonly creditorId: string;
  readonly invoices: readonly { readonly id: string; readonly debtorId: string }[];
}

export const invoiceCents = 120_000;

/** What a batch of lives has come to. */
export interface Lived {
  readonly batch: Batch;
  readonly invoiceSteps: number;
  readonly messages: number;
}

/**
 * Lives so many invoices from registration through every mail of the scenario to their payment.
 *
 * Invoices of one debtor fall due together, so they share their messages.
 */
export async function liveInvoices(rig: Rig, count: number, perDebtor: number): Promise<Lived> {
  const batch = await register(rig, { count, perDebtor, dueInDays: 0 });
  const wanted = count * rig.steps;
  await until(`${wanted} steps are taken`, async () => (await stepsTaken(rig, batch)).invoiceSteps >= wanted);
  const lived = { batch, ...(await stepsTaken(rig, batch)) };
  await payAll(rig, batch);
  await untilClosed(rig, 'collectInvoice');
  return lived;
}

/** Registers invoices as an import does, a new creditor for each batch. */
export async function register(
  { house }: Rig,
  wanted: { readonly count: number; readonly perDebtor: number; readonly dueInDays: number },
): Promise<Batch> {
  const now = await house.clock.now();
  const key = `bench-${Date.now()}`;
  const creditor = await house.db.transaction().execute((tx) => addCreditor(tx, now, key, whole, 'bench'));
  if (!creditor) throw new Error(`there is a creditor ${key} already`);

  const dueDate = addDays(new Date(now).toISOString().slice(0, 10), wanted.dueInDays);
  const arrivals = Array.from({ length: wanted.count }, (_, index) =>
    arrival(`${key}-${index}`, `${key} débiteur ${Math.floor(index / wanted.perDebtor)}`, dueDate),
  );
  const invoices: { id: string; debtorId: string }[] = [];
  for (let start = 0; start < arrivals.length; start += 100) {
    await house.db.transaction().execute(async (tx) => {
      const { desk, fates } = await registerAll(house, tx, arrivals.slice(start, start + 100), {
        by: { kind: 'import', id: 'bench' },
        importId: null,
        held: false,
        fallbackCreditorId: creditor.id,
        lane: 'bulk',
      });
      await desk.write();
      for (const fate of fates)
        if (fate.kind === 'created') invoices.push({ id: fate.file.id, debtorId: fate.file.debtorId });
    });
  }
  return { creditorId: creditor.id, invoices };
}

/** Pays every invoice of a batch, so that its life ends. */
export async function payAll(rig: Rig, batch: Batch): Promise<void> {
  await atOnce(batch.invoices, 4, (invoice) => pay(rig, batch.creditorId, invoice, invoiceCents));
}

/** Records a payment of an invoice, up to what it still owes; resolves when it is committed. */
export async function pay(
  { house }: Rig,
  creditorId: string,
  invoice: Batch['invoices'][number],
  cents: number,
): Promise<void> {
  await atTheDesk(house, [invoice.debtorId], async (desk) => {
    const file = await desk.file(invoice.id);
    if (!file) throw new Error(`invoice ${invoice.id} is not in the database`);
    const amountCents = Math.min(cents, file.collection.balanceCents);
    const valueDate = new Date(desk.now).toISOString().slice(0, 10);
    const allocations = [{ invoiceId: invoice.id, amountCents }];
    const payment = {
      creditorId,
      debtorId: invoice.debtorId,
      currency: 'EUR',
      amountCents,
      valueDate,
      reference: null,
    };
    const answer = await recordPayment(desk, { ...payment, allocations }, ourselves);
    if (answer.kind === 'refused') throw new Error(answer.refusal.message);
  });
}

async function stepsTaken(
  { house }: Rig,
  { creditorId }: Batch,
): Promise<{ invoiceSteps: number; messages: number }> {
  const { rows } = await sql<{ steps: number; messages: number }>`
    select count(line.request_id)::int as steps, count(distinct message.id)::int as messages
    from message join message_line line on line.message_id = message.id
    where message.creditor_id = ${creditorId} and message.state = 'delivered'`.execute(house.db);
  return { invoiceSteps: rows[0]?.steps ?? 0, messages: rows[0]?.messages ?? 0 };
}

function arrival(number: string, debtor: string, dueDate: CivilDate): IncomingInvoice {
  const email = `${debtor.replaceAll(/[^a-z0-9]/g, '')}@debiteur.example`;
  return {
    seller: {},
    debtor: { name: debtor, country: 'FR', language: 'fr' },
    contact: { name: 'Claire Petit', email },
    number,
    term: 1,
    issueDate: addDays(dueDate, -30),
    dueDate,
    amountCents: invoiceCents,
    currency: 'EUR',
    flags: [],
  };
}

/** A creditor who has everything that a message needs. */
export const whole = {
  legal_name: 'Ateliers Martin SAS',
  siren: '732829320',
  address: ['12 rue des Forges', '69003 Lyon'],
  iban: 'FR1420041010050500013M02606',
  sender_name: 'Service comptable',
  reply_to: 'compta@martin.example',
};
