import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelInvoice, correctInvoice, writeOff } from '../../db/corrections.ts';
import { atTheDesk } from '../../db/desk.ts';
import type { Desk } from '../../db/desk.ts';
import type { Finding } from '../../db/invariants.ts';
import { openHouse } from '../../db/house.ts';
import type { House } from '../../db/house.ts';
import {
  allocateCreditNote,
  allocatePayment,
  recordCreditNote,
  recordPayment,
  returnPayment,
} from '../../db/payments.ts';
import { registerAll } from '../../db/registration.ts';
import type { Author } from '../../domain/fact.ts';
import { brokenIn } from '../setup/broken-in.ts';
import { freshDatabase } from '../setup/database.ts';
import type { FreshDatabase } from '../setup/database.ts';

let database: FreshDatabase;
let house: House;
const by: Author = { kind: 'user', id: 'test' };

beforeAll(async () => {
  database = await freshDatabase();
  house = await openHouse(database.url);
});

afterAll(async () => {
  await house.db.destroy();
  await database.drop();
});

interface World {
  readonly debtors: readonly string[];
  readonly invoices: readonly string[];
  readonly payments: string[];
  readonly creditNotes: string[];
}

const index = fc.nat({ max: 7 });
const cents = fc.integer({ min: 1, max: 20_000 });
const wish = fc.option(
  fc.array(fc.record({ invoice: index, share: fc.integer({ min: 1, max: 100 }) }), { maxLength: 4 }),
  { nil: undefined },
);

/** What may happen to money, in any order and as often as it likes. */
const event = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pay' as const), who: index, cents, wish }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('credit' as const), who: index, cents, wish }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('return' as const), payment: index }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('allocate' as const),
      what: fc.constantFrom('payment' as const, 'creditNote' as const),
      which: index,
      wish,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('correct' as const), invoice: index, cents }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('writeOff' as const), invoice: index, cents }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), invoice: index }) },
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

describe('whatever happens to money', () => {
  // 5,000 events in sequences of up to twenty. Each sequence has its own creditor, so what breaks is its own doing.
  it('keeps every payment whole, every balance between nothing and the amount, and the file and its facts in step with the ledger (I04, I05, I26)', async () => {
    let happened = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uuid({ version: 4 }),
        fc.array(event, { minLength: 12, maxLength: 20, size: 'max' }),
        async (name, events) => {
          const world = await newWorld(name);

          for (const one of events) await happen(name, world, one);
          happened += events.length;

          expect(await unsound(world)).toEqual([]);
        },
      ),
      { numRuns: 300, endOnFailure: true },
    );
    expect(happened).toBeGreaterThanOrEqual(4_500);
    expect(await broken()).toEqual([]);
    expect(await told()).toEqual([]);
    expect(await imputedTimes()).toBeGreaterThan(100);
  }, 360_000);
});

async function newWorld(name: string): Promise<World> {
  const arrivals = [0, 1, 2].flatMap((debtor) =>
    [0, 1].map((rank) => ({
      seller: { name },
      debtor: { name: `${name} ${debtor}` },
      contact: {},
      number: `F-${debtor}-${rank}`,
      term: 1,
      dueDate: `2026-0${1 + rank}-15`,
      amountCents: 10_000 + 1_000 * debtor,
      ...(rank === 1 && debtor === 2 ? { paidCents: 15_000 } : {}),
      flags: [],
    })),
  );
  return house.db.transaction().execute(async (tx) => {
    const { desk, fates } = await registerAll(house, tx, arrivals, {
      by,
      importId: null,
      held: false,
      fallbackCreditorId: null,
      lane: 'people',
    });
    await desk.write();
    const files = fates.flatMap((fate) => (fate.kind === 'created' ? fate.file : []));
    // Every other creditor has payments settle interest first, which raises balances by what did not settle the price.
    if (Number.parseInt(name[0] ?? '', 16) % 2 === 0)
      await tx
        .updateTable('creditor')
        .set({ payments_go_to: 'interest' })
        .where('id', '=', files[0]?.collection.creditorId ?? '')
        .execute();
    return {
      debtors: [...new Set(files.map((file) => file.debtorId))],
      invoices: files.map((file) => file.id),
      payments: [],
      creditNotes: [],
    };
  });
}

async function happen(name: string, world: World, one: Event): Promise<void> {
  await atTheDesk(house, world.debtors, (desk) => happenAt(desk, name, world, one));
}

async function happenAt(desk: Desk, name: string, world: World, one: Event): Promise<void> {
  const at = (list: readonly string[], place: number): string | undefined =>
    list[place % Math.max(1, list.length)];
  const { creditorId } = (await desk.file(world.invoices[0]!))!.collection;
  const wished = (wishes: { invoice: number; share: number }[] | undefined, total: number) =>
    wishes && {
      allocations: wishes
        .map(({ invoice, share }) => ({
          invoiceId: at(world.invoices, invoice)!,
          amountCents: Math.floor((total * share) / 400),
        }))
        .filter(({ amountCents }) => amountCents > 0),
    };
  switch (one.do) {
    case 'pay': {
      const payment = {
        creditorId,
        debtorId: at(world.debtors, one.who)!,
        currency: 'EUR',
        amountCents: one.cents,
        valueDate: one.cents % 2 === 0 ? '2026-03-01' : '2026-02-20',
        reference: null,
        ...wished(one.wish, one.cents),
      };
      const answer = await recordPayment(desk, payment, by);
      expect(answer.kind).toBe('recorded');
      if (answer.kind === 'recorded') world.payments.push(answer.id);
      return;
    }
    case 'credit': {
      const note = {
        creditorId,
        debtorId: at(world.debtors, one.who)!,
        number: `${name}-${world.creditNotes.length}`,
        currency: 'EUR',
        amountCents: one.cents,
        issueDate: '2026-03-01',
        reference: null,
        ...wished(one.wish, one.cents),
      };
      const answer = await recordCreditNote(desk, note, by);
      expect(answer.kind).toBe('recorded');
      if (answer.kind === 'recorded') world.creditNotes.push(answer.id);
      return;
    }
    case 'return': {
      const id = at(world.payments, one.payment);
      if (id) await returnPayment(desk, id, { on: '2026-03-05', reason: 'insufficient_funds' }, by);
      return;
    }
    case 'allocate': {
      const id = at(one.what === 'payment' ? world.payments : world.creditNotes, one.which);
      const allocate = one.what === 'payment' ? allocatePayment : allocateCreditNote;
      if (id) await allocate(desk, id, wished(one.wish, 1_000)?.allocations, by);
      return;
    }
    case 'correct':
      await correctInvoice(desk, at(world.invoices, one.invoice)!, { amountCents: one.cents }, by);
      return;
    case 'writeOff':
      await writeOff(
        desk,
        at(world.invoices, one.invoice)!,
        { amountCents: one.cents, on: '2026-03-06', reason: 'small_balance' },
        by,
      );
      return;
    case 'cancel':
      await cancelInvoice(desk, at(world.invoices, one.invoice)!, 'issued_by_mistake', by);
  }
}

/** What is wrong with the money of one world: shares that do not make up their payment, balances that are not their ledger's. */
async function unsound({ debtors }: World): Promise<readonly unknown[]> {
  const ids = sql.join(debtors.map((id) => sql`${id}::uuid`));
  const { rows } = await sql`
    with entry as (select * from ledger_entry where debtor_id in (${ids}))
    select 'payment' as what, payment.id from payment join entry on entry.payment_id = payment.id and entry.kind <> 'interest' where payment.debtor_id in (${ids})
      group by payment.id having sum(entry.amount_cents) <> case when payment.returned_on is null then -payment.amount_cents else 0 end
    union all
    select 'credit note', credit_note.id from credit_note join entry on entry.credit_note_id = credit_note.id where credit_note.debtor_id in (${ids})
      group by credit_note.id having sum(entry.amount_cents) <> -credit_note.amount_cents
    union all
    select 'invoice', invoice.id from invoice left join entry on entry.invoice_id = invoice.id where invoice.debtor_id in (${ids})
      group by invoice.id having invoice.balance_cents <> coalesce(sum(entry.amount_cents), 0) or invoice.balance_cents < 0 or invoice.balance_cents > invoice.amount_cents
        or invoice.balance_cents <> (invoice.collection ->> 'balanceCents')::bigint
    union all
    select 'account', debtor_id from entry where invoice_id is null group by debtor_id, currency having sum(amount_cents) > 0`.execute(
    house.db,
  );
  return rows;
}

/** How often a payment settled interest, over everything that happened. */
async function imputedTimes(): Promise<number> {
  const { times } = await house.db
    .selectFrom('ledger_entry')
    .select(({ fn }) => fn.countAll<string>().as('times'))
    .where('kind', '=', 'interest')
    .where('amount_cents', '>', 0)
    .executeTakeFirstOrThrow();
  return Number(times);
}

/** The views of I04 and I05, which were written by somebody else, over everything that happened. */
async function broken(): Promise<readonly unknown[]> {
  const { rows } = await sql`select * from inv_04_money_in union all select * from inv_05_balance`.execute(
    house.db,
  );
  return rows;
}

/** What the log of any of them tells otherwise than its ledger. */
async function told(): Promise<readonly Finding[]> {
  return (await brokenIn(house)).get('I26') ?? [];
}
