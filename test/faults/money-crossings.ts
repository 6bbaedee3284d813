import { claim } from '../../activities/door/claim.ts';
import { prepare } from '../../activities/door/prepared.ts';
import { cancelInvoice, correctInvoice } from '../../db/corrections.ts';
import { atTheDesk, ourselves } from '../../db/desk.ts';
import type { Desk } from '../../db/desk.ts';
import { recordCreditNote, recordPayment, returnPayment } from '../../db/payments.ts';
import { openStand, register } from './stand.ts';
import type { Named, Owed } from './stand.ts';

/**
 * What happens to the money of an invoice after its reminder was composed and before it is claimed.
 *
 * A program of its own, so that it can run in a build without its protection. Each crossing has a debtor of its own, who
 * owes 100.00; prints what then left, what it asks and says, what is owed and what stands to his credit, as JSON.
 */
const [, , databaseUrl = ''] = process.argv;
const { house, atTheDoor } = await openStand(databaseUrl, 4);

type Crossing = (desk: Desk, owed: Owed) => Promise<unknown>;

const crossings: Readonly<Record<string, Crossing>> = {
  'nothing happens': async () => undefined,
  'a part is paid': (desk, owed) => paid(desk, owed, 4_000),
  'more than all is paid': (desk, owed) => paid(desk, owed, 13_000),
  'it is paid, and the money comes back': async (desk, owed) => {
    const payment = await paid(desk, owed, 10_000);
    if (payment.kind === 'recorded')
      await returnPayment(desk, payment.id, { on: '2026-03-03', reason: 'insufficient_funds' }, ourselves);
  },
  'a part is credited': (desk, owed) => credited(desk, owed, 4_000),
  'all is credited': (desk, owed) => credited(desk, owed, 10_000),
  'more than all is credited': (desk, owed) => credited(desk, owed, 13_000),
  'it is corrected to less': (desk, { invoiceId }) =>
    correctInvoice(desk, invoiceId, { amountCents: 6_000 }, ourselves),
  'it is cancelled': (desk, { invoiceId }) => cancelInvoice(desk, invoiceId, 'issued_by_mistake', ourselves),
  'it is replaced': async (desk, { invoiceId, debtorId }) => {
    await cancelInvoice(desk, invoiceId, 'replaced', ourselves);
    const { key } = await desk.tx
      .selectFrom('debtor')
      .select('key')
      .where('id', '=', debtorId)
      .executeTakeFirstOrThrow();
    await desk.write();
    await register(house, desk.tx, [named('R', key.replace('siren:', ''))]);
  },
};

const seen: Record<string, object> = {};
for (const [place, name] of Object.keys(crossings).entries()) {
  const [owed] = await atTheDoor([named('F', String(100_000_000 + place))]);
  if (!owed) throw new Error(`nothing is owed where ${name}`);
  const prepared = await prepare(house, owed.debtorId);
  await atTheDesk(house, [owed.debtorId], (desk) => crossings[name]!(desk, owed));
  const { kind } = await claim(house, owed.debtorId, prepared);
  seen[name] = { kind, ...(await stateOf(owed)) };
}
process.stdout.write(`${JSON.stringify(seen)}\n`);
await house.db.destroy();

function named(letter: string, siren: string): Named {
  return { number: `${letter}-${siren}`, debtor: { siren } };
}

function paid(desk: Desk, { creditorId, debtorId, invoiceId }: Owed, cents: number) {
  return recordPayment(
    desk,
    {
      creditorId,
      debtorId,
      currency: 'EUR',
      amountCents: cents,
      valueDate: '2026-03-03',
      reference: null,
      allocations: [{ invoiceId, amountCents: Math.min(cents, 10_000) }],
    },
    ourselves,
  );
}

function credited(desk: Desk, { creditorId, debtorId, invoiceId }: Owed, cents: number) {
  return recordCreditNote(
    desk,
    {
      creditorId,
      debtorId,
      number: `AV-${invoiceId.slice(-8)}`,
      currency: 'EUR',
      amountCents: cents,
      issueDate: '2026-03-03',
      reference: null,
      allocations: [{ invoiceId, amountCents: Math.min(cents, 10_000) }],
    },
    ourselves,
  );
}

/** What left, what it says to be paid, and how the account stands. */
async function stateOf({ debtorId, invoiceId }: Owed): Promise<object> {
  const { db } = house;
  const message = await db
    .selectFrom('message')
    .innerJoin('message_line', 'message_line.message_id', 'message.id')
    .select(['asked_cents', 'body_text'])
    .where('message.debtor_id', '=', debtorId)
    .where('state', '=', 'claimed')
    .executeTakeFirst();
  const { balance_cents: owes, state } = await db
    .selectFrom('invoice')
    .select(['balance_cents', 'state'])
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  const { credit } = await db
    .selectFrom('ledger_entry')
    .select(({ fn }) => fn.sum<number | null>('amount_cents').as('credit'))
    .where('debtor_id', '=', debtorId)
    .where('invoice_id', 'is', null)
    .executeTakeFirstOrThrow();
  const says = /À régler\s*:\s*([\d\s,]+)/u.exec((message?.body_text ?? '').replace(/\u00a0/g, ' '))?.[1];
  const waiting = await db
    .selectFrom('contact_request')
    .select('id')
    .where('debtor_id', '=', debtorId)
    .where('state', '=', 'waiting')
    .execute();
  return {
    asks: message?.asked_cents ?? null,
    says: says?.trim() ?? null,
    owes,
    state,
    credit: -(credit ?? 0),
    waits: waiting.length,
  };
}
