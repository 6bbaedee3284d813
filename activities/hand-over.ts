import { dayInZone } from '../db/calendars.ts';
import { readCaseFile } from '../db/case-file.ts';
import type { CaseFile } from '../db/case-file.ts';
import type { Desk, InvoiceFile } from '../db/desk.ts';
import type { Db, Tx } from '../db/database.ts';
import type { House } from '../db/house.ts';
import { piecesOf } from '../db/litigation-pieces.ts';
import { fileOfInvoice } from '../db/litigation.ts';
import { uuidv7 } from '../db/uuid.ts';
import { addressFor } from '../domain/contact.ts';
import { contactFrom } from '../db/door.ts';
import { sha256Of } from '../db/sha256.ts';
import { contestedCentsOf } from '../domain/collection.ts';
import type { Collection } from '../domain/collection.ts';
import type { Fact, FactType } from '../domain/fact.ts';
import { readinessOf } from '../domain/litigation/readiness.ts';
import type { Language } from '../domain/message.ts';
import { addDays, daysBetween } from '../domain/time.ts';
import { noticePresented } from '../domain/notice/notice-presented.ts';
import type { CivilDate, Instant } from '../domain/time.ts';
import { deliveryInWords } from './compose/delivery-in-words.ts';
import { piecesMissing } from './compose/litigation-pack.ts';
import type {
  LitigationPack,
  PackContact,
  PackDispute,
  PackFormalNotice,
  PackLedgerEntry,
  PackPromise,
  Piece,
} from './compose/litigation-pack.ts';
import { composePack } from './compose/pack.ts';

/** A pack composed for a file as it stood at one fact. */
export interface PreparedPack {
  readonly fact: number;
  readonly pdf: Buffer;
  readonly json: string;
}

/** Composes the pack of an invoice before anybody is held up by it. */
export async function preparePack(house: House, collection: Collection): Promise<PreparedPack> {
  const file = await readCaseFile(house.db, house, collection.invoiceId);
  return {
    fact: collection.fact,
    ...(await composePack(
      packFrom(file, collection, await house.clock.now(), await missingOf(house.db, collection.invoiceId)),
    )),
  };
}

/** Keeps the pack with the file and returns its id; composed anew if the file has moved since it was prepared. */
export async function keepPack(
  desk: Desk,
  file: InvoiceFile,
  prepared: PreparedPack | undefined,
): Promise<string> {
  const pack =
    prepared?.fact === file.collection.fact
      ? prepared
      : await composePack(
          packFrom(
            await readCaseFile(desk.tx, desk.house, file.id),
            file.collection,
            desk.now,
            await missingOf(desk.tx, file.id),
          ),
        );
  const packId = uuidv7();
  const at = new Date(desk.now);
  const parts = [
    { id: packId, media_type: 'application/pdf', name: `dossier-${file.number}.pdf`, bytes: pack.pdf },
    {
      id: uuidv7(),
      media_type: 'application/json',
      name: `dossier-${file.number}.json`,
      bytes: Buffer.from(pack.json),
    },
  ];
  for (const part of parts) {
    const sha256 = sha256Of(part.bytes);
    await desk.tx
      .insertInto('document')
      .values({ ...part, kind: 'litigation_pack', subject: file.id, sha256, at })
      .execute();
    await desk.note(file.id, 'documentKept', {
      documentId: part.id,
      kind: 'litigation_pack',
      mediaType: part.media_type,
      sha256,
    });
  }
  return packId;
}

/** What nobody has handed in: a piece of the litigation file in which the invoice is counts here too. */
async function missingOf(db: Db | Tx, invoiceId: string): Promise<readonly Piece[]> {
  const joined = await fileOfInvoice(db, invoiceId);
  const given = joined ? await piecesOf(db, joined.id) : [];
  // What we draw up ourselves is in the pack, or is missed by it.
  const ours = {
    noticePresented: true,
    noticeCovers: true,
    exchanges: 1,
    statementAddsUp: true,
    penaltiesKnown: true,
  };
  const { missing } = readinessOf(
    [{ invoiceId, number: '', ...ours }],
    given.map(({ piece, invoice_id: about }) => ({ piece, invoiceId: about })),
  );
  return piecesMissing(missing);
}

/** What is on record about one invoice, as a pack says it. */
export function packFrom(
  file: CaseFile,
  collection: Collection,
  now: Instant,
  missing: readonly Piece[],
): LitigationPack {
  const { invoice, creditor, debtor, contacts } = file;
  const today = dayInZone(creditor.zone, now);
  const language = creditor.language === 'en' ? 'en' : 'fr';
  const postal = contacts
    .map((row) => addressFor(contactFrom(row), 'letter'))
    .find((address) => address !== null);
  return {
    reference: `${invoice.number}/${invoice.term}`,
    language,
    today,
    creditor: {
      legalName: creditor.legal_name ?? '',
      ...(creditor.siren ? { siren: creditor.siren } : {}),
      ...(creditor.vat_number ? { vatNumber: creditor.vat_number } : {}),
      addressLines: creditor.address,
      iban: creditor.iban ?? '',
      ...(creditor.bic ? { bic: creditor.bic } : {}),
      senderName: creditor.sender_name ?? '',
      replyTo: creditor.reply_to ?? '',
      ...(creditor.phone ? { phone: creditor.phone } : {}),
    },
    debtor: {
      name: debtor.name,
      ...(debtor.siren ? { siren: debtor.siren } : {}),
      addressLines: postal?.split('\n') ?? [],
      country: debtor.country,
    },
    contacts: contacts.map((contact) => ({
      ...(contact.name ? { name: contact.name } : {}),
      ...(contact.email ? { email: contact.email } : {}),
      ...(contact.phone ? { phone: contact.phone } : {}),
    })),
    ...(invoice.collector ? { responsible: invoice.collector } : {}),
    invoices: [
      {
        number: invoice.number,
        term: invoice.term,
        ...(invoice.issue_date ? { issueDate: invoice.issue_date } : {}),
        dueDate: invoice.due_date,
        ...(invoice.order_number ? { orderNumber: invoice.order_number } : {}),
        amountCents: collection.amountCents,
        balanceCents: collection.balanceCents,
        contestedCents: contestedCentsOf(collection),
        currency: collection.currency,
        daysLate: daysBetween(invoice.due_date, today),
      },
    ],
    ledger: file.ledger.map((entry) => ledgerEntry(entry, invoice)),
    chronology: file.messages.map((message) => contactOf(message, creditor.zone, language)),
    disputes: disputesOf(file.facts, invoice.number, collection.currency),
    promises: promisesOf(file, collection.currency),
    ...noticeOf(file, noticePresented(collection, today), collection.scenario.bounds.noticeAnswerDays),
    missing,
  };
}

function ledgerEntry(entry: CaseFile['ledger'][number], invoice: CaseFile['invoice']): PackLedgerEntry {
  const kinds = {
    invoice: 'invoice',
    correction: 'invoice',
    payment: 'payment',
    payment_return: 'return',
    credit_note: 'credit_note',
    write_off: 'write_off',
    waiver: 'waiver',
    cancellation: 'write_off',
    interest: 'interest',
    accessory: 'interest',
  } as const;
  return {
    day: entry.day,
    kind: kinds[entry.kind],
    invoiceNumber: invoice.number,
    term: invoice.term,
    ...(entry.reference ? { reference: entry.reference } : {}),
    cents: entry.amount_cents,
    currency: entry.currency,
  };
}

function contactOf(message: CaseFile['messages'][number], zone: string, language: Language): PackContact {
  const at = message.claimed_at ?? message.planned_at;
  return {
    day: dayInZone(zone, at),
    direction: 'sent',
    channel: message.channel,
    level: message.level ?? 'reminder',
    ...(message.subject ? { subject: message.subject } : {}),
    recipient: message.recipient.split('\n')[0] ?? '',
    invoiceNumbers: message.numbers,
    outcome: deliveryInWords(message.state, language, message.channel, message.provider),
    sha256: message.sha256,
  };
}

function disputesOf(facts: readonly Fact[], invoiceNumber: string, currency: string): readonly PackDispute[] {
  const resolved = new Map(of(facts, 'disputeResolved').map((fact) => [fact.disputeId, fact]));
  return of(facts, 'disputeOpened').map((fact) => {
    const end = resolved.get(fact.disputeId);
    return {
      invoiceNumber,
      openedOn: fact.day,
      reason: fact.reason,
      contestedCents: fact.contestedCents,
      currency,
      ...(end ? { closedOn: end.day, resolution: end.outcome } : {}),
    };
  });
}

function promisesOf({ promises, facts }: CaseFile, currency: string): readonly PackPromise[] {
  const states = new Map(promises.map((promise) => [promise.id, promise.state]));
  return of(facts, 'promiseMade').map((fact) => {
    const state = states.get(fact.promiseId) ?? 'active';
    const outcome = state === 'active' ? 'open' : state;
    return { madeOn: fact.day, promisedDay: fact.promisedOn, cents: fact.amountCents, currency, outcome };
  });
}

function noticeOf(
  { messages, facts, creditor }: CaseFile,
  presentedOn: CivilDate | null,
  answerDays: number,
): { formalNotice?: PackFormalNotice } {
  const notice = messages.filter((message) => message.level === 'formal_notice').at(-1);
  if (!notice) return {};
  const posted = of(facts, 'stepPosted')
    .filter((fact) => fact.step === notice.step)
    .at(-1);
  return {
    formalNotice: {
      composedOn: dayInZone(creditor.zone, notice.planned_at),
      ...(posted ? { postedOn: posted.on } : {}),
      ...(posted?.trackingNumber ? { trackingNumber: posted.trackingNumber } : {}),
      ...(presentedOn === null ? {} : { presentedOn, answerBy: addDays(presentedOn, answerDays) }),
      sha256: notice.sha256,
    },
  };
}

function of<T extends FactType>(facts: readonly Fact[], type: T): readonly Extract<Fact, { type: T }>[] {
  return facts.filter((fact): fact is Extract<Fact, { type: T }> => fact.type === type);
}
