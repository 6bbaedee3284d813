import { isDeepStrictEqual } from 'node:util';
import type { DebtorKind, DebtorView, Hold } from '../domain/debtor.ts';
import type { Author, PaidBy } from '../domain/fact.ts';
import { legalTermsOf } from '../domain/legal-clocks/terms-under-law.ts';
import { scenarioFor } from '../domain/scenario.ts';
import type { Scenario } from '../domain/scenario.ts';
import type { CivilDate } from '../domain/time.ts';
import { insertPayments } from './audit/money-noted.ts';
import { dayInZone } from './calendars.ts';
import type { IncomingContact } from './contact-merge.ts';
import type { Tx } from './database.ts';
import { debtorViewsOf } from './debtor-view.ts';
import { termFromToday } from './disputes.ts';
import { Desk, ourselves } from './desk.ts';
import type { InvoiceFile } from './desk.ts';
import type { House } from './house.ts';
import { enter } from './ledger.ts';
import { termsAtHand } from './legal-terms.ts';
import type { NewEntry } from './ledger.ts';
import { claimsOf, Parties } from './parties.ts';
import type { Found, IncomingDebtor } from './parties.ts';
import { Sellers } from './sellers.ts';
import type { CreditorRow, Seller } from './sellers.ts';
import { judgeRemainder } from './settle-up.ts';
import { uuidv7 } from './uuid.ts';
import { allEyes, sees } from './visible.ts';
import type { Eyes } from './visible.ts';

/** An invoice as a file or a caller gives it; absent means that he does not say. */
export interface IncomingInvoice {
  readonly seller: Seller;
  readonly debtor: IncomingDebtor & { readonly kind?: DebtorKind };
  readonly contact: IncomingContact;
  readonly number: string;
  /** Which due date of the invoice, from 1. */
  readonly term: number;
  readonly issueDate?: CivilDate;
  /** The day on which what is invoiced was delivered or done. */
  readonly performedOn?: CivilDate;
  readonly dueDate: CivilDate;
  readonly amountCents: number;
  /** ISO 4217; absent: the creditor's own. */
  readonly currency?: string;
  readonly paidCents?: number;
  readonly settledDate?: CivilDate;
  readonly disputed?: boolean;
  readonly orderNumber?: string;
  readonly paymentMethod?: PaidBy;
  readonly factored?: boolean;
  readonly collector?: string;
  readonly salesOwner?: string;
  readonly flags: readonly string[];
}

export interface RegistrationContext {
  readonly by: Author;
  readonly importId: string | null;
  /** Whether the invoices stay silent until a person releases the import. */
  readonly held: boolean;
  /** The creditor of invoices that name no seller. */
  readonly fallbackCreditorId: string | null;
  readonly lane: 'people' | 'bulk';
  /** Of whoever registers: he says nothing of a debtor whom he does not see. All when absent. */
  readonly eyes?: Eyes;
  /** Whether a seller whom nobody knows becomes a creditor; he does when absent. */
  readonly sellers?: 'makes' | 'finds';
}

/** What became of an invoice that came in, as far as registration decides it. */
export type Fate =
  | {
      readonly kind: 'created';
      readonly file: InvoiceFile;
      readonly creditor: CreditorRow;
      readonly found: Found;
    }
  /** Its key is known; `found` is undefined when it names another debtor than the invoice has. */
  | {
      readonly kind: 'known';
      readonly invoiceId: string;
      readonly creditor: CreditorRow;
      readonly found: Found | undefined;
    };

/**
 * Registers invoices in one transaction: creditors and debtors are found or made, files opened, money entered.
 *
 * Locks every debtor concerned, in id order, before it reads the clock. The desk that it returns is still to be written
 * by the caller (`desk.write()`), who may go on working at it. An invoice that arrives settled is recorded closed; what
 * was paid of it is a payment on the day of its settlement or, when nobody says, of the registration, and flagged.
 * Throws a unique violation (23505) when somebody makes the same debtor or invoice meanwhile: run it again; and
 * DebtorUnseen, with nothing said of anybody, when a claim is about a known debtor whom `context.eyes` do not see; and
 * SellerUnknown when `context.sellers` finds none.
 */
export async function registerAll(
  house: House,
  tx: Tx,
  arrivals: readonly IncomingInvoice[],
  context: RegistrationContext,
): Promise<{ readonly desk: Desk; readonly fates: readonly Fate[] }> {
  const before = await house.clock.now();
  const sellers = await Sellers.of(tx, before, context.fallbackCreditorId, context.sellers);
  const cases = await sellers.casesOf(arrivals);
  const known = await knownInvoices(tx, cases);
  const claims = claimsOf(cases);
  const parties = await Parties.lock(
    tx,
    before,
    claims,
    [...known.values()].map((invoice) => invoice.debtorId),
  );
  for (const claim of claims) await mustSee(tx, context.eyes ?? allEyes, parties.whoIs(claim));
  // An invoice that was given to another debtor meanwhile is met again with his lock: `DebtorElsewhere` has its work done anew.
  const desk = new Desk(tx, house, await house.clock.now(), { locked: parties.locked() });

  const places = new Map([...known].map(([key, { id, debtorId }]) => [key, { id, debtorId }]));
  const met = cases.map((one, index) => {
    const key = keyOfInvoice(one.creditor.id, one.arrival);
    const place = places.get(key);
    if (place)
      return {
        ...one,
        isKnown: true as const,
        invoiceId: place.id,
        found: parties.findKnown(at(claims, index), place.debtorId),
      };
    const found = parties.find(at(claims, index));
    const invoiceId = uuidv7();
    places.set(key, { id: invoiceId, debtorId: found.debtorId });
    return { ...one, isKnown: false as const, invoiceId, found };
  });
  const views = await writeParties(
    desk,
    parties,
    context,
    met.flatMap(({ found }) => found?.debtorId ?? []),
  );

  const fresh = met.flatMap((one) => (one.isKnown ? [] : one));
  const files = await openAll(desk, parties, views, fresh, context);
  const fates = met.map((one): Fate => {
    if (one.isKnown)
      return { kind: 'known', invoiceId: one.invoiceId, creditor: one.creditor, found: one.found };
    const file = files.get(one.invoiceId);
    if (!file) throw new Error(`invoice ${one.invoiceId} was not opened`);
    return { kind: 'created', file, creditor: one.creditor, found: one.found };
  });
  return { desk, fates };
}

/**
 * A debtor is seen by way of his invoices: without this, whoever sees a part would see any debtor for the price of one
 * invoice, and could fill in where he is written to and whether he is chased.
 */
export class DebtorUnseen extends Error {
  constructor() {
    super('the invoice names a debtor whom the caller does not see');
    this.name = 'DebtorUnseen';
  }
}

async function mustSee(tx: Tx, eyes: Eyes, debtorId: string | undefined): Promise<void> {
  if (debtorId === undefined || eyes.sees === 'all') return;
  if (!(await sees(tx, eyes, 'debtor', debtorId))) throw new DebtorUnseen();
}

interface Fresh {
  readonly arrival: IncomingInvoice;
  readonly creditor: CreditorRow;
  readonly invoiceId: string;
  readonly found: Found;
}

/** Writes debtors and contacts, and tells the open invoices of known debtors what decisions now see. */
export async function writeParties(
  desk: Desk,
  parties: Parties,
  context: RegistrationContext,
  debtorIds: readonly string[],
): Promise<ReadonlyMap<string, DebtorView>> {
  const changed = parties.changed();
  const seen = await debtorViewsOf(desk.tx, changed);
  await parties.write(context.by);
  const views = await debtorViewsOf(desk.tx, [...debtorIds, ...changed]);
  for (const debtorId of changed) {
    const view = views.get(debtorId);
    if (!view || isDeepStrictEqual(view, seen.get(debtorId))) continue;
    for (const file of await desk.openFiles(debtorId))
      await desk.state(file.id, { type: 'debtorChanged', debtor: view }, context.by, { lane: context.lane });
    desk.poke(debtorId, context.lane);
  }
  return views;
}

async function openAll(
  desk: Desk,
  parties: Parties,
  views: ReadonlyMap<string, DebtorView>,
  fresh: readonly Fresh[],
  context: RegistrationContext,
): Promise<ReadonlyMap<string, InvoiceFile>> {
  const scenarios = await desk.house.rules.scenarios(desk.tx);
  const terms = await termsAtHand(
    desk.tx,
    fresh.map(({ creditor }) => creditor.id),
  );
  const files = new Map<string, InvoiceFile>();
  const opened: Opened[] = [];
  for (const one of fresh) {
    const { arrival, creditor, found } = one;
    const debtor = views.get(found.debtorId);
    if (!debtor) throw new Error(`debtor ${found.debtorId} was not written`);
    const { zone } = parties.row(found.debtorId);
    const today = dayInZone(zone, desk.now);
    const paidCents = Math.max(0, arrival.paidCents ?? 0);
    const balanceCents = arrival.amountCents - Math.min(paidCents, arrival.amountCents);
    const hold: Hold | null =
      context.held && balanceCents > 0
        ? { holdId: uuidv7(), reason: importHold, from: today, until: null }
        : null;
    const currency = arrival.currency ?? creditor.currency;
    const file = await desk.open(
      {
        registered: {
          invoiceId: one.invoiceId,
          creditorId: creditor.id,
          debtorId: found.debtorId,
          currency,
          amountCents: arrival.amountCents,
          balanceCents,
          issueDate: arrival.issueDate ?? null,
          dueDate: arrival.dueDate,
          ...(arrival.performedOn === undefined ? {} : { performedOn: arrival.performedOn }),
          paidBy: arrival.paymentMethod ?? 'transfer',
          factored: arrival.factored ?? false,
          debtor,
          legalTerms: legalTermsOf(
            terms.law,
            {
              debtor,
              dueDate: arrival.dueDate,
              issueDate: arrival.issueDate ?? null,
              performedOn: arrival.performedOn ?? null,
            },
            terms.creditors.get(creditor.id) ?? { sector: null, policy: null },
          ),
          holds: hold ? [hold] : [],
          scenario: chosen(scenarios, debtor, creditor),
        },
        number: arrival.number,
        term: arrival.term,
        orderNumber: arrival.orderNumber ?? null,
        collector: arrival.collector ?? null,
        salesOwner: arrival.salesOwner ?? null,
        flags: flagsOf(arrival, paidCents),
        importId: context.importId,
        zone,
      },
      context.by,
      context.lane,
    );
    files.set(one.invoiceId, file);
    opened.push({ ...one, file, today, paidCents, currency, hold });
  }
  await writeOpened(desk, opened, context);
  for (const { file, paidCents } of opened)
    if (paidCents > 0) await judgeRemainder(desk, file, { by: ourselves, how: { lane: context.lane } });
  for (const { file, arrival } of opened) {
    if (!arrival.disputed || file.collection.balanceCents <= 0) continue;
    const dispute = {
      type: 'disputeOpened',
      disputeId: uuidv7(),
      contestedCents: file.collection.balanceCents,
      reason: importedReason,
      qualifyBy: await termFromToday(desk, file.id),
    } as const;
    await desk.state(file.id, dispute, context.by, { lane: context.lane });
  }
  return files;
}

interface Opened extends Fresh {
  readonly file: InvoiceFile;
  readonly today: CivilDate;
  readonly paidCents: number;
  readonly currency: string;
  readonly hold: Hold | null;
}

/** The name of the hold under which imported invoices wait for their release. */
export const importHold = 'import';
/** Why an invoice is disputed when a file says nothing but that it is. */
export const importedReason = 'imported';

/** Holds, payments and entries of new invoices, a statement for each table. */
async function writeOpened(
  desk: Desk,
  opened: readonly Opened[],
  { by }: RegistrationContext,
): Promise<void> {
  const { tx, now } = desk;
  const holds = opened.flatMap(({ hold, file }) =>
    hold
      ? {
          id: hold.holdId,
          invoice_id: file.id,
          reason: hold.reason,
          until: null,
          placed_at: new Date(now),
          placed_by: by.id,
        }
      : [],
  );
  if (holds.length > 0) await tx.insertInto('invoice_hold').values(holds).execute();

  const paid = opened
    .filter(({ paidCents }) => paidCents > 0)
    .map((one) => ({ ...one, paymentId: uuidv7(), day: one.arrival.settledDate ?? one.today }));
  await insertPayments(
    desk,
    paid.map(({ paymentId, creditor, found, currency, paidCents, day }) => ({
      id: paymentId,
      creditor_id: creditor.id,
      debtor_id: found.debtorId,
      currency,
      amount_cents: paidCents,
      value_date: day,
      reference: null,
      recorded_by: by.id,
    })),
  );

  const entryOf = ({
    creditor,
    found,
    file,
    currency,
  }: Opened): Pick<NewEntry, 'creditorId' | 'debtorId' | 'invoiceId' | 'currency'> => ({
    creditorId: creditor.id,
    debtorId: found.debtorId,
    invoiceId: file.id,
    currency,
  });
  const invoiced = opened.map((one): NewEntry => ({
    ...entryOf(one),
    kind: 'invoice',
    amountCents: one.arrival.amountCents,
    day: one.arrival.issueDate ?? one.today,
  }));
  const settled = paid.flatMap((one): NewEntry[] => {
    const onInvoice = Math.min(one.paidCents, one.arrival.amountCents);
    const entry = { ...entryOf(one), kind: 'payment' as const, paymentId: one.paymentId, day: one.day };
    return [
      { ...entry, amountCents: -onInvoice },
      { ...entry, invoiceId: null, amountCents: onInvoice - one.paidCents },
    ];
  });
  await enter(desk, [...invoiced, ...settled]);
}

function chosen(scenarios: readonly Scenario[], debtor: DebtorView, creditor: CreditorRow): Scenario {
  const scenario = scenarioFor(scenarios, debtor, creditor.country);
  if (!scenario)
    throw new Error('no published scenario accepts every debtor: publish one without an audience');
  return scenario;
}

function flagsOf(arrival: IncomingInvoice, paidCents: number): readonly string[] {
  const flags = [...arrival.flags];
  if (paidCents > 0 && !arrival.settledDate) flags.push('paid-day-assumed');
  if (!arrival.currency) flags.push('currency-of-creditor');
  return [...new Set(flags)];
}

type Case = {
  readonly arrival: Pick<IncomingInvoice, 'number' | 'term'>;
  readonly creditor: Pick<CreditorRow, 'id'>;
};

/** The invoices whose keys these are. */
async function knownInvoices(
  tx: Tx,
  cases: readonly Case[],
): Promise<ReadonlyMap<string, { id: string; debtorId: string }>> {
  if (cases.length === 0) return new Map();
  const rows = await tx
    .selectFrom('invoice')
    .select(['id', 'creditor_id', 'number', 'term', 'debtor_id'])
    .where('creditor_id', 'in', [...new Set(cases.map(({ creditor }) => creditor.id))])
    .where('number', 'in', [...new Set(cases.map(({ arrival }) => arrival.number))])
    .execute();
  return new Map(
    rows.map((row) => [keyOfInvoice(row.creditor_id, row), { id: row.id, debtorId: row.debtor_id }]),
  );
}

function keyOfInvoice(creditorId: string, { number, term }: { number: string; term: number }): string {
  return `${creditorId}/${term}/${number}`;
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`nothing stands at ${index}`);
  return item;
}
