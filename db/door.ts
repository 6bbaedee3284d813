import type { Selectable } from 'kysely';
import { askedCentsOf } from '../domain/collection.ts';
import type { Collection } from '../domain/collection.ts';
import { addressFor, contactFor, reachOf } from '../domain/contact.ts';
import type { Contact } from '../domain/contact.ts';
import type { DebtorKind, Reach } from '../domain/debtor.ts';
import { mayLeave, wantsStep } from '../domain/decide.ts';
import type { Language } from '../domain/message.ts';
import { missingMentions } from '../domain/notice/mentions.ts';
import { needsWord } from '../domain/notice/needs-word.ts';
import { capsLookBackMs } from '../domain/door-caps.ts';
import type { DoorRequest, DoorView } from '../domain/plan-contacts.ts';
import type { DoorWord } from '../domain/plan-words.ts';
import type { Instant } from '../domain/time.ts';
import { isWordMoot, silenceOfWord } from '../domain/word.ts';
import { missingOf } from '../domain/creditor.ts';
import { askingOf } from '../domain/claim/asked.ts';
import { MissingLawValue, orMissing } from '../domain/law/law-value.ts';
import { lawDay } from './calendars.ts';
import { claimUnder, penaltyCasesOf } from './claims.ts';
import type { Claim } from './claims.ts';
import type { Db, Tx } from './database.ts';
import { readDoorRows } from './door-rows.ts';
import type { DoorRows, InvoiceRow } from './door-rows.ts';
import type { House } from './house.ts';
import { lawIn } from './law.ts';
import { collectionFrom } from './journal.ts';
import type { ContactRequestTable, ContactTable, CreditorTable, DebtorTable } from './schema.ts';

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
  /**
   * Of invoices whose steps ask for what late payment costs, worked out to the day in the creditor's zone; or the value
   * of the law for the want of which it cannot be.
   */
  readonly claims: ReadonlyMap<string, Claim | MissingLawValue>;
  readonly words: DoorRows['words'];
  readonly view: DoorView;
}

/** A step that somebody wants to see, though nothing of it waits at the door. */
export type Wanted = Pick<Selectable<ContactRequestTable>, 'invoice_id' | 'level' | 'channel'>;

/** Reads the door of a debtor as it is at `now`; undefined for an unknown debtor. */
export async function readDoor(
  db: Db | Tx,
  house: House,
  debtorId: string,
  now: Instant,
  also: readonly Wanted[] = [],
): Promise<DoorRecords | undefined> {
  const rows = await readDoorRows(db, debtorId, now);
  if (!rows) return undefined;
  const { debtor, contacts, waiting, creditors, setting } = rows;
  const invoices = await Promise.all(
    rows.invoices.map(async ({ collection, ...row }) => ({
      row,
      collection: await collectionFrom(db, house.rules, collection),
    })),
  );
  const fileOf = new Map(invoices.map(({ row, collection }) => [row.id, collection]));
  const wanted = (request: Selectable<ContactRequestTable>): boolean => {
    const file = fileOf.get(request.invoice_id);
    return file !== undefined && wantsStep(file, request, now);
  };
  const requests = waiting.filter(wanted);
  const asking = new Set(requests.map((request) => request.invoice_id));
  const credits = creditsOf(
    rows.unallocated,
    invoices.filter(({ row }) => asking.has(row.id)),
  );
  const claims = await claimsAsked(db, [...requests, ...also], fileOf, creditors, now);
  const first = invoices[0]?.collection;
  const calendar =
    first?.calendar ??
    (await house.rules.calendarFrom(
      db,
      debtor.country,
      debtor.zone,
      new Date(now).toISOString().slice(0, 10),
    ));
  const caps = {
    perDay: setting.contacts_per_day,
    perWeek: setting.contacts_per_week,
    gapDaysMin: setting.gap_days_min,
  };

  const view: DoorView = {
    now,
    debtorId,
    language: debtor.language as Language,
    calendar,
    requests: requests.flatMap((request) => {
      const file = fileOf.get(request.invoice_id);
      if (!file) return [];
      const lawMissing = claims.get(request.invoice_id) instanceof MissingLawValue && asks(request, file);
      return doorRequest(request, file, { missing: missingFor(rows, request, file), lawMissing }, now);
    }),
    words: await Promise.all(
      rows.words.map(async (word) =>
        doorWord(word, await collectionFrom(db, house.rules, word.collection), now),
      ),
    ),
    contacts: contacts.map(contactFrom),
    past: rows.past
      .filter((message) => message.claimed_at > now - capsLookBackMs(caps))
      .map(({ claimed_at: at, level }) => ({ at, level })),
    creditors: creditors.map((creditor) => ({ creditorId: creditor.id, missing: missingOf(creditor) })),
    stops: rows.stops.map(({ scope, subject_id: subjectId, ends_at: endsAt }) => ({
      scope,
      subjectId,
      endsAt,
    })),
    credits,
    caps,
  };
  return {
    debtor,
    contacts,
    creditors,
    invoices,
    requests,
    overtaken: waiting.filter((request) => !wanted(request)),
    credits,
    claims,
    words: rows.words,
    view,
  };
}

function asks({ level, channel }: Wanted, { scenario }: Collection): boolean {
  const { interest, lumpSum } = askingOf(scenario, level, channel);
  return interest || lumpSum;
}

/** Most doors ask for the price alone, and read nothing for more. */
async function claimsAsked(
  db: Db | Tx,
  wanted: readonly Wanted[],
  fileOf: ReadonlyMap<string, Collection>,
  creditors: readonly Selectable<CreditorTable>[],
  now: Instant,
): Promise<DoorRecords['claims']> {
  const claims = new Map<string, Claim | MissingLawValue>();
  const asking = wanted.flatMap((request) => {
    const file = fileOf.get(request.invoice_id);
    return file && asks(request, file) ? file : [];
  });
  if (asking.length === 0) return claims;
  const law = await lawIn(db);
  for (const creditor of creditors) {
    const ids = asking.filter(({ creditorId }) => creditorId === creditor.id).map((file) => file.invoiceId);
    // What cannot be worked out for the want of a value of the law keeps nothing else from leaving.
    for (const one of await penaltyCasesOf(db, ids, lawDay(now)))
      claims.set(
        one.invoiceId,
        orMissing(() => claimUnder(law, one)),
      );
  }
  return claims;
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

function doorRequest(
  request: Selectable<ContactRequestTable>,
  file: Collection,
  { missing, lawMissing }: { readonly missing: DoorRequest['missing']; readonly lawMissing: boolean },
  now: Instant,
): readonly DoorRequest[] {
  if (request.channel === 'internal') return [];
  return [
    {
      requestId: request.id,
      invoiceId: request.invoice_id,
      creditorId: request.creditor_id,
      currency: file.currency,
      level: request.level,
      channel: request.channel,
      mode: needsWord(file, request.step) ? 'review' : request.mode,
      template: request.template,
      recipient: request.recipient,
      window: file.scenario.window,
      missing,
      lawMissing,
      // The word counts only while the file itself holds it: a later fact may have taken it back.
      approvedDigest: mayLeave(file, request, now) ? request.approved_digest : null,
      restartAt: request.restart_at,
      asideUntil: request.reason === 'cannot_be_composed' ? request.deferred_until : null,
    },
  ];
}

function doorWord(word: DoorRows['words'][number], file: Collection, now: Instant): DoorWord {
  const { discount } = word;
  const offer = discount && { ...discount, payBy: discount.pay_by };
  return {
    messageId: word.id,
    invoiceId: word.invoice_id,
    creditorId: word.creditor_id,
    window: file.scenario.window,
    muted: silenceOfWord(file, offer, now),
    moot: isWordMoot(file, offer, now),
    byLetter: word.discount !== null,
    restartAt: word.restart_at,
    waitsSince: word.waits_since,
    asked: word.asked_by !== null,
  };
}

/** What a formal notice must state and nobody has told us; nothing for any other level. */
function missingFor(
  { debtor, contacts, creditors, invoices }: Pick<DoorRows, 'debtor' | 'contacts' | 'creditors' | 'invoices'>,
  request: Selectable<ContactRequestTable>,
  file: Collection,
): readonly string[] {
  const creditor = creditors.find(({ id }) => id === request.creditor_id);
  const invoice = invoices.find(({ id }) => id === request.invoice_id);
  if (request.level !== 'formal_notice' || !creditor || !invoice || request.channel === 'internal') return [];
  const contact = contactFor(contacts.map(contactFrom), reachOf(request.channel), request.recipient);
  const address = contact && addressFor(contact, 'letter');
  return missingMentions({
    creditor: {
      legalName: creditor.legal_name,
      siren: creditor.siren,
      address: creditor.address,
      country: creditor.country,
      iban: creditor.iban,
      senderName: creditor.sender_name,
    },
    debtor: {
      name: debtor.name,
      siren: debtor.siren,
      kind: debtor.kind as DebtorKind,
      country: debtor.country,
      address: address ? address.split('\n') : [],
    },
    invoice: {
      number: invoice.number,
      issueDate: invoice.issue_date,
      dueDate: invoice.due_date,
      askedCents: askedCentsOf(file),
    },
    noticeDays: file.scenario.bounds.noticeAnswerDays,
  });
}

/** Money of the debtor that no invoice has absorbed, against what these invoices ask of him in the same currency. */
function creditsOf(
  unallocated: DoorRows['unallocated'],
  asking: DoorRecords['invoices'],
): DoorView['credits'] {
  return unallocated
    .map((account) => ({
      creditorId: account.creditor_id,
      currency: account.currency,
      creditCents: -account.cents,
      askedCents: asking
        .filter(({ row }) => row.creditor_id === account.creditor_id && row.currency === account.currency)
        .reduce((sum, { collection }) => sum + askedCentsOf(collection), 0),
    }))
    .filter((credit) => credit.creditCents > 0);
}
