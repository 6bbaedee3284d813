import type { Selectable } from 'kysely';
import type { Fact } from '../domain/fact.ts';
import type { Db, Tx } from './database.ts';
import type { House } from './house.ts';
import { readFacts } from './journal.ts';
import type {
  ContactTable,
  CreditorTable,
  DebtorTable,
  InvoiceTable,
  LedgerEntryTable,
  MessageTable,
  PromiseTable,
} from './schema.ts';

/** Everything that is on record about one invoice, for whoever takes it over. */
export interface CaseFile {
  readonly invoice: Selectable<InvoiceTable>;
  readonly creditor: Selectable<CreditorTable>;
  readonly debtor: Selectable<DebtorTable>;
  readonly contacts: readonly Selectable<ContactTable>[];
  readonly ledger: readonly (Selectable<LedgerEntryTable> & {
    readonly reference: string | null;
    /** Of the hash by which the journal knows the reference of a payment. */
    readonly referenceSalt: string | null;
  })[];
  readonly messages: readonly (Selectable<MessageTable> & {
    readonly numbers: readonly string[];
    readonly step: string | null;
  })[];
  /** What became of each promise, beside the facts that made it. */
  readonly promises: readonly Pick<Selectable<PromiseTable>, 'id' | 'state'>[];
  readonly facts: readonly Fact[];
}

/** Reads the whole file of an invoice; throws when it is not here. */
export async function readCaseFile(db: Db | Tx, house: House, invoiceId: string): Promise<CaseFile> {
  const invoice = await db
    .selectFrom('invoice')
    .selectAll()
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  const creditor = await db
    .selectFrom('creditor')
    .selectAll()
    .where('id', '=', invoice.creditor_id)
    .executeTakeFirstOrThrow();
  const debtor = await db
    .selectFrom('debtor')
    .selectAll()
    .where('id', '=', invoice.debtor_id)
    .executeTakeFirstOrThrow();
  const contacts = await db
    .selectFrom('contact')
    .selectAll()
    .where('debtor_id', '=', debtor.id)
    .orderBy('id')
    .execute();
  const ledger = await db
    .selectFrom('ledger_entry')
    .leftJoin('payment', 'payment.id', 'ledger_entry.payment_id')
    .leftJoin('credit_note', 'credit_note.id', 'ledger_entry.credit_note_id')
    .selectAll('ledger_entry')
    .select(({ fn }) => fn.coalesce('payment.reference', 'credit_note.number').as('reference'))
    .select('payment.reference_salt as referenceSalt')
    .where('ledger_entry.invoice_id', '=', invoiceId)
    .orderBy('ledger_entry.day')
    .orderBy('ledger_entry.id')
    .execute();
  return {
    invoice,
    creditor,
    debtor,
    contacts,
    ledger,
    messages: await readMessages(db, invoiceId),
    promises: await db
      .selectFrom('promise')
      .select(['id', 'state'])
      .where('invoice_id', '=', invoiceId)
      .execute(),
    facts: await readFacts(db, house.rules, invoiceId, 0),
  };
}

/** Only what left, or may have left, and asked for this invoice: drafts and samples are nobody's proof. */
async function readMessages(db: Db | Tx, invoiceId: string): Promise<CaseFile['messages']> {
  const rows = await db
    .selectFrom('message_line as own')
    .innerJoin('message', 'message.id', 'own.message_id')
    .leftJoin('contact_request', 'contact_request.id', 'own.request_id')
    .selectAll('message')
    .select('contact_request.step')
    .where('own.invoice_id', '=', invoiceId)
    .where('own.request_id', 'is not', null)
    .where('message.purpose', '=', 'contact')
    .where('message.state', 'in', ['accepted', 'delivered', 'unknown', 'bounced', 'complained'])
    .orderBy('message.claimed_at')
    .execute();
  const lines =
    rows.length === 0
      ? []
      : await db
          .selectFrom('message_line')
          .innerJoin('invoice', 'invoice.id', 'message_line.invoice_id')
          .select(['message_line.message_id', 'invoice.number'])
          .where(
            'message_line.message_id',
            'in',
            rows.map((row) => row.id),
          )
          .where('message_line.request_id', 'is not', null)
          .execute();
  return rows.map((row) => ({
    ...row,
    numbers: lines.filter((line) => line.message_id === row.id).map((line) => line.number),
  }));
}
