import { sql } from 'kysely';
import { creditorNoted } from '../../db/audit/terms-noted.ts';
import type { Clock } from '../../db/clock.ts';
import { changeDebtor } from '../../db/debtors.ts';
import { atTheDesk } from '../../db/desk.ts';
import type { Desk } from '../../db/desk.ts';
import { termFromToday } from '../../db/disputes.ts';
import type { House } from '../../db/house.ts';
import { doNotice } from '../../db/grave-deeds.ts';
import { note } from '../../db/journal.ts';
import { recordPayment } from '../../db/payments.ts';
import { changeSettings } from '../../db/settings.ts';
import { registerAll } from '../../db/registration.ts';
import { uuidv7 } from '../../db/uuid.ts';
import type { Author } from '../../domain/fact.ts';
import { addDays, dayMs, hourMs } from '../../domain/time.ts';
import type { CivilDate, Instant } from '../../domain/time.ts';
import { customers, onePerScenario } from './customers.ts';
import type { Customer, DemonstrationInvoice, PastEvent } from './customers.ts';
import { liveThePast } from './past-lives.ts';
import type { HandClock, PastAct } from './past-lives.ts';
import { daysOfWork } from './people.ts';
import { addStaff } from './staff.ts';

/** How long before its due date an invoice became known. */
const knownBeforeDays = 20;

const author: Author = { kind: 'import', id: 'demonstration' };

/**
 * Gives an empty database one fresh invoice for each scenario, and says so in one line.
 *
 * For a fast clock, on which a whole life can be watched: its first days pass within a minute, so whoever is to work on
 * them should be there.
 */
export async function beginOnePerScenario(house: House, speed: number): Promise<string> {
  const today = dayOf(await house.clock.now());
  const { creditorId } = await addPeople(house);
  // Whoever watches is alone, and a day lasts seconds: nobody else could say yes in time.
  const now = await house.clock.now();
  await house.db.transaction().execute((tx) => changeSettings(tx, now, { fourEyes: false }, 'demonstration'));
  for (const customer of onePerScenario)
    await register(house, creditorId, customer, customer.invoices, today);
  return `The demonstration has one invoice for each of the five scenarios; a day lasts ${(86_400 / speed).toFixed(1)} seconds.`;
}

/** Fills an empty database with a portfolio that has a past, lived day by day by the product's own code; says in one line what is there. */
export async function loadPortfolio(house: House): Promise<string> {
  const { clock } = house;
  const now = await clock.now();
  const hand: HandClock = { now };
  const past: House = {
    ...house,
    clock: { settings: clock.settings, now: () => Promise.resolve(hand.now) },
  };
  return livePortfolio(past, hand, clock, dayOf(now));
}

async function livePortfolio(house: House, hand: HandClock, clock: Clock, today: CivilDate): Promise<string> {
  const now = await clock.now();
  const invoices = customers.flatMap((customer) =>
    customer.invoices.map((invoice) => ({ customer, invoice, due: addDays(today, invoice.dueIn) })),
  );
  hand.now = Math.min(...invoices.map(({ due }) => morningOf(addDays(due, -knownBeforeDays)))) - dayMs;
  const { creditorId, collector } = await addPeople(house);

  const acts: PastAct[] = invoices.flatMap(({ customer, invoice, due }) => [
    {
      at: morningOf(addDays(due, -knownBeforeDays)),
      act: () => register(house, creditorId, customer, [invoice], today),
    },
    ...(invoice.past ?? []).map((event) => ({
      at: morningOf(addDays(due, event.day)) + 2 * hourMs,
      act: () => play(house, collector, invoice.number, event, due),
    })),
  ]);
  const work = daysOfWork(house, collector, hand.now, now);
  await liveThePast(house, hand, now, [...acts.filter((act) => act.at < now), ...work]);
  for (const late of acts.filter((act) => act.at >= now)) await late.act();
  hand.now = now;
  await askForNotices(house, collector);
  await forgetWords(house);
  const { messages } = await house.db
    .selectFrom('message')
    .select(({ fn }) => fn.countAll<number>().as('messages'))
    .executeTakeFirstOrThrow();
  return `The demonstration has ${customers.length} customers with ${invoices.length} invoices, and ${messages} messages of their past.`;
}

/** The collector has read the notices that wait and asks for the second yes: the newcomer's. */
async function askForNotices(house: House, collector: Author): Promise<void> {
  const drafts = await house.db
    .selectFrom('message')
    .select(['id', 'debtor_id', 'sha256'])
    .where('state', '=', 'planned')
    .where('purpose', '=', 'contact')
    .where('level', '=', 'formal_notice')
    .execute();
  for (const { id, debtor_id: debtorId, sha256 } of drafts)
    if (debtorId)
      await atTheDesk(house, [debtorId], (desk) =>
        doNotice(desk, { messageId: id, digest: sha256 }, collector),
      );
}

/** Registered once or twice for the same customer: the second time he is found by his name. */
async function register(
  house: House,
  creditorId: string,
  customer: Customer,
  invoices: readonly DemonstrationInvoice[],
  today: CivilDate,
): Promise<void> {
  await house.db.transaction().execute(async (tx) => {
    const arrivals = invoices.map((invoice) => ({
      seller: {},
      debtor: {
        name: customer.name,
        kind: customer.kind,
        country: customer.country,
        language: customer.language,
        ...(customer.siren ? { siren: customer.siren } : {}),
        ...(customer.grade ? { grade: customer.grade } : {}),
      },
      contact: {
        name: customer.contact,
        ...(customer.email ? { email: customer.email } : {}),
        ...(customer.phone ? { phone: customer.phone } : {}),
        ...(customer.mobile ? { mobile: customer.mobile } : {}),
        addressLines: customer.address,
      },
      number: invoice.number,
      term: 1,
      issueDate: addDays(today, invoice.dueIn - 30),
      dueDate: addDays(today, invoice.dueIn),
      amountCents: Math.round(invoice.euros * 100),
      currency: invoice.currency ?? 'EUR',
      ...(invoice.orderNumber ? { orderNumber: invoice.orderNumber } : {}),
      ...(invoice.paidBy ? { paymentMethod: invoice.paidBy } : {}),
      ...(invoice.factored ? { factored: true } : {}),
      collector: 'Camille',
      flags: [],
    }));
    const { desk } = await registerAll(house, tx, arrivals, {
      by: author,
      importId: null,
      held: false,
      fallbackCreditorId: creditorId,
      lane: 'bulk',
    });
    await desk.write();
  });
}

async function play(
  house: House,
  collector: Author,
  number: string,
  event: PastEvent,
  due: CivilDate,
): Promise<void> {
  const invoice = await house.db
    .selectFrom('invoice')
    .select(['id', 'debtor_id', 'creditor_id', 'currency'])
    .where('number', '=', number)
    .executeTakeFirstOrThrow();
  await atTheDesk(house, [invoice.debtor_id], (desk) => act(desk, collector, invoice, event, due));
}

async function act(
  desk: Desk,
  collector: Author,
  invoice: { id: string; debtor_id: string; creditor_id: string; currency: string },
  event: PastEvent,
  due: CivilDate,
): Promise<void> {
  if ('paid' in event) {
    const amountCents = Math.round(event.paid * 100);
    const allocations = [{ invoiceId: invoice.id, amountCents }];
    await recordPayment(
      desk,
      {
        creditorId: invoice.creditor_id,
        debtorId: invoice.debtor_id,
        currency: invoice.currency,
        amountCents,
        valueDate: addDays(due, event.day),
        reference: null,
        allocations,
      },
      { kind: 'bank', id: 'demonstration' },
    );
  } else if ('promised' in event) {
    await desk.state(
      invoice.id,
      {
        type: 'promiseMade',
        promiseId: uuidv7(),
        amountCents: Math.round(event.promised * 100),
        promisedOn: addDays(due, event.on),
      },
      collector,
    );
  } else if ('disputed' in event) {
    await desk.state(
      invoice.id,
      {
        type: 'disputeOpened',
        disputeId: uuidv7(),
        contestedCents: Math.round(event.disputed * 100),
        reason: event.reason,
        qualifyBy: await termFromToday(desk, invoice.id),
      },
      collector,
    );
  } else {
    const contact = await desk.tx
      .selectFrom('contact')
      .select('id')
      .where('debtor_id', '=', invoice.debtor_id)
      .executeTakeFirstOrThrow();
    await changeDebtor(
      desk,
      invoice.debtor_id,
      { contacts: [{ contactId: contact.id, set: { email_invalid: 'hard_bounce' } }] },
      { kind: 'provider', id: 'demonstration' },
    );
  }
}

/** The creditor of the demonstration and the people who work there. */
async function addPeople(house: House): Promise<{ readonly creditorId: string; readonly collector: Author }> {
  const id = uuidv7();
  const now = await house.clock.now();
  const collector = await house.db.transaction().execute(async (tx) => {
    const row = await tx
      .insertInto('creditor')
      .values({
        id,
        key: 'demonstration',
        legal_name: 'Maison Lambert',
        siren: '732829320',
        vat_number: 'FR44732829320',
        registration: 'RCS Paris, SARL au capital de 20 000 €',
        address: ['24 rue du Faubourg', '75010 Paris'],
        iban: 'FR7630006000011234567890189',
        bic: 'AGRIFRPP',
        sender_name: 'Service comptabilité clients',
        reply_to: 'relances@maison-lambert.example',
        phone: '+33 1 40 00 00 00',
        demonstration: true,
        sector: 'general',
        created_at: new Date(now),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await note(tx, `creditor/${id}`, 'creditorAdded', now, {
      noted: creditorNoted(row),
      by: 'demonstration',
    });
    return addStaff(tx, now);
  });
  return { creditorId: id, collector: { kind: 'user', id: collector } };
}

/** Workflows start with the files as they are now; the words of the past would tell them what they know. */
async function forgetWords(house: House): Promise<void> {
  await sql`update outbox set delivered_at = clock_timestamp() where delivered_at is null`.execute(house.db);
  await sql`insert into outbox (lane, workflow, type) select 1, workflow, 'lookAgain' from sleeper`.execute(
    house.db,
  );
}

function dayOf(at: Instant): CivilDate {
  return new Date(at).toISOString().slice(0, 10);
}

function morningOf(day: CivilDate): Instant {
  return Date.parse(`${day}T08:00:00Z`);
}
