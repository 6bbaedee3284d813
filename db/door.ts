import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { askedCentsOf } from '../domain/collection.ts';
import type { Collection } from '../domain/collection.ts';
import type { Contact } from '../domain/contact.ts';
import type { Reach } from '../domain/debtor.ts';
import { mayLeave, wantsStep } from '../domain/decide.ts';
import type { Language } from '../domain/message.ts';
import { capsLookBackMs } from '../domain/plan-contacts.ts';
import type { DoorRequest, DoorView } from '../domain/plan-contacts.ts';
import type { Instant } from '../domain/time.ts';
import { missingOf } from '../domain/creditor.ts';
import type { Db, Tx } from './database.ts';
import type { House } from './house.ts';
import { collectionFrom } from './journal.ts';
import type { ContactRequestTable, ContactTable, CreditorTable, DebtorTable, InvoiceTable } from './schema.ts';
import { stopsInForce } from './stops.ts';

/**
 * Everything that the door of one debtor must know, read in one go.
 *
 * Read once without the lock to prepare a message, and again under it to claim: the two readings differ only by what
 * happened in between.
 */
export interface DoorRecords {
  readonly debtor: Selectable<DebtorTable>;
  readonly contacts: readonly Selectable<ContactTable>[];
  readonly creditors: readonly Selectable<CreditorTable>[];
  /** The debtor's open invoices with their files. */
  readonly invoices: readonly { readonly row: InvoiceRow; readonly collection: Collection }[];
  readonly requests: readonly Selectable<ContactRequestTable>[];
  /** Requests that the invoice's own log has overtaken. */
  readonly overtaken: readonly Selectable<ContactRequestTable>[];
  readonly credits: DoorView['credits'];
  readonly view: DoorView;
}

export type InvoiceRow = Pick<Selectable<InvoiceTable>, 'id' | 'creditor_id' | 'number' | 'term' | 'issue_date' | 'due_date' | 'currency' | 'order_number' | 'fact'>;

/** Reads the door of a debtor as it is at `now`; undefined for an unknown debtor. */
export async function readDoor(db: Db | Tx, house: House, debtorId: string, now: Instant): Promise<DoorRecords | undefined> {
  const debtor = await db.selectFrom('debtor').selectAll().where('id', '=', debtorId).executeTakeFirst();
  if (!debtor) return undefined;
  const contacts = await db.selectFrom('contact').selectAll().where('debtor_id', '=', debtorId).orderBy('id').execute();
  const invoices = await readInvoices(db, house, debtorId);
  const waiting = await db.selectFrom('contact_request').selectAll().where('debtor_id', '=', debtorId).where('state', '=', 'waiting').orderBy('id').execute();
  const creditorIds = [...new Set([...invoices.map(({ row }) => row.creditor_id), ...waiting.map((request) => request.creditor_id)])];
  const creditors = creditorIds.length === 0 ? [] : await db.selectFrom('creditor').selectAll().where('id', 'in', creditorIds).execute();
  const credits = await readCredits(db, debtorId, invoices);

  const fileOf = new Map(invoices.map(({ row, collection }) => [row.id, collection]));
  const wanted = (request: Selectable<ContactRequestTable>): boolean => {
    const file = fileOf.get(request.invoice_id);
    return file !== undefined && wantsStep(file, request, now);
  };
  const requests = waiting.filter(wanted);
  const first = invoices[0]?.collection;
  const calendar = first?.calendar ?? (await house.rules.calendarFrom(db, debtor.country, debtor.zone, new Date(now).toISOString().slice(0, 10)));
  const settings = await db.selectFrom('setting').selectAll().executeTakeFirstOrThrow();

  const view: DoorView = {
    now,
    debtorId,
    language: debtor.language as Language,
    calendar,
    requests: requests.flatMap((request) => doorRequest(request, fileOf.get(request.invoice_id), now)),
    contacts: contacts.map(contactFrom),
    past: await readPast(db, debtorId, now),
    creditors: creditors.map((creditor) => ({ creditorId: creditor.id, missing: missingOf(creditor) })),
    stops: await stopsInForce(db),
    credits,
    caps: { perDay: settings.contacts_per_day, perWeek: settings.contacts_per_week, gapDaysMin: settings.gap_days_min },
  };
  return { debtor, contacts, creditors, invoices, requests, overtaken: waiting.filter((request) => !wanted(request)), credits, view };
}

/** A contact as the domain knows it. */
export function contactFrom(row: Selectable<ContactTable>): Contact {
  const invalid: Reach[] = [];
  if (row.email_invalid !== null) invalid.push('email');
  if (row.mobile_invalid !== null) invalid.push('sms');
  if (row.phone_invalid !== null) invalid.push('call');
  if (row.address_invalid !== null) invalid.push('letter');
  return {
    contactId: row.id,
    role: row.role,
    language: row.language as Language | null,
    email: row.email,
    mobile: row.mobile,
    phone: row.phone,
    addressLines: row.address,
    invalid,
    optedOut: row.opted_out_at !== null,
  };
}

async function readInvoices(db: Db | Tx, house: House, debtorId: string): Promise<DoorRecords['invoices']> {
  const rows = await db
    .selectFrom('invoice')
    .select(['id', 'creditor_id', 'number', 'term', 'issue_date', 'due_date', 'currency', 'order_number', 'fact', 'collection'])
    .where('debtor_id', '=', debtorId)
    .where('open', '=', true)
    .orderBy('due_date')
    .orderBy('id')
    .execute();
  return Promise.all(rows.map(async ({ collection, ...row }) => ({ row, collection: await collectionFrom(db, house.rules, collection) })));
}

function doorRequest(request: Selectable<ContactRequestTable>, file: Collection | undefined, now: Instant): readonly DoorRequest[] {
  if (!file || request.channel === 'internal') return [];
  return [
    {
      requestId: request.id,
      invoiceId: request.invoice_id,
      creditorId: request.creditor_id,
      currency: file.currency,
      level: request.level,
      channel: request.channel,
      mode: request.mode,
      template: request.template,
      recipient: request.recipient,
      window: file.scenario.window,
      // The word counts only while the file itself holds it: a later fact may have taken it back.
      approvedDigest: mayLeave(file, request, now) ? request.approved_digest : null,
      restartAt: request.restart_at,
    },
  ];
}

/** Messages that left or may have left: an unknown outcome counts, a refusal does not. */
async function readPast(db: Db | Tx, debtorId: string, now: Instant): Promise<DoorView['past']> {
  const rows = await db
    .selectFrom('message')
    .select(['claimed_at', 'level'])
    .where('debtor_id', '=', debtorId)
    .where('purpose', '=', 'contact')
    .where('state', 'in', ['claimed', 'accepted', 'unknown', 'delivered', 'bounced', 'complained'])
    .where('claimed_at', '>', sql<Instant>`${new Date(now - capsLookBackMs)}`)
    .execute();
  return rows.flatMap(({ claimed_at: at, level }) => (at !== null && level !== null ? [{ at, level }] : []));
}

async function readCredits(db: Db | Tx, debtorId: string, invoices: DoorRecords['invoices']): Promise<DoorView['credits']> {
  const rows = await db
    .selectFrom('ledger_entry')
    .select(['creditor_id', 'currency', ({ fn }) => fn.sum<number>('amount_cents').as('sum')])
    .where('debtor_id', '=', debtorId)
    .where('invoice_id', 'is', null)
    .groupBy(['creditor_id', 'currency'])
    .execute();
  return rows
    .map((row) => ({
      creditorId: row.creditor_id,
      currency: row.currency,
      creditCents: -Number(row.sum),
      owedCents: invoices
        .filter(({ row: invoice }) => invoice.creditor_id === row.creditor_id && invoice.currency === row.currency)
        .reduce((sum, { collection }) => sum + askedCentsOf(collection), 0),
    }))
    .filter((credit) => credit.creditCents > 0);
}
