import { claim } from '../../activities/door/claim.ts';
import { prepare } from '../../activities/door/prepared.ts';
import type { Clock } from '../../db/clock.ts';
import { cancelInvoice, correctInvoice } from '../../db/corrections.ts';
import { atTheDesk, ourselves } from '../../db/desk.ts';
import type { Desk } from '../../db/desk.ts';
import { openHouse } from '../../db/house.ts';
import { recordCreditNote, recordPayment, returnPayment } from '../../db/payments.ts';
import { registerAll } from '../../db/registration.ts';
import { dayMs } from '../../domain/time.ts';

/**
 * What happens to the money of an invoice after its reminder was composed and before it is claimed.
 *
 * A program of its own, so that it can run in a build without its protection. Each crossing has a debtor of its own, who
 * owes 100.00; prints what then left, what it asks and says, what is owed and what stands to his credit, as JSON.
 */
const [, , databaseUrl = ''] = process.argv;
const morning = Date.parse('2026-03-03T09:30:00Z');
let daysAgo = 0;
const clock: Clock = {
  settings: { origin: 0, anchor: 0, speed: 1 },
  now: () => Promise.resolve(morning - daysAgo * dayMs),
};
const house = await openHouse(databaseUrl, { clock, connectionsMax: 4 });

interface Owed {
  readonly creditorId: string;
  readonly debtorId: string;
  readonly invoiceId: string;
}

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
    await register(key.replace('siren:', ''), 'R', desk);
  },
};

const seen: Record<string, object> = {};
for (const [place, name] of Object.keys(crossings).entries()) {
  daysAgo = 5;
  const owed = await register(String(100_000_000 + place), 'F');
  daysAgo = 0;
  const asked = { type: 'stepRequested', step: 'reminder', occurrence: 1, channel: 'email' } as const;
  await atTheDesk(house, [owed.debtorId], (desk) => desk.state(owed.invoiceId, asked, ourselves));
  const prepared = await prepare(house, owed.debtorId);
  await atTheDesk(house, [owed.debtorId], (desk) => crossings[name]!(desk, owed));
  const { kind } = await claim(house, owed.debtorId, prepared);
  seen[name] = { kind, ...(await stateOf(owed)) };
}
process.stdout.write(`${JSON.stringify(seen)}\n`);
await house.db.destroy();

async function register(siren: string, letter: string, desk?: Desk): Promise<Owed> {
  const arrival = {
    seller: { name: 'Ateliers Martin' },
    debtor: { name: `Société ${siren}`, siren },
    contact: { email: `compta@${siren}.example` },
    number: `${letter}-${siren}`,
    term: 1,
    dueDate: '2026-02-22',
    amountCents: 10_000,
    currency: 'EUR',
    flags: [],
  };
  const context = {
    by: { kind: 'user', id: 'crossing' },
    importId: null,
    held: false,
    fallbackCreditorId: null,
    lane: 'people',
  } as const;
  const within = async (tx: Desk['tx']): Promise<Owed> => {
    const { desk: own, fates } = await registerAll(house, tx, [arrival], context);
    await own.write();
    const [fate] = fates;
    if (fate?.kind !== 'created') throw new Error(`${arrival.number} was not registered`);
    const { id, debtorId, collection } = fate.file;
    return { invoiceId: id, debtorId, creditorId: collection.creditorId };
  };
  return desk ? within(desk.tx) : house.db.transaction().execute(within);
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
