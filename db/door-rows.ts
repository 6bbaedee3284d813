import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Level } from '../domain/level.ts';
import { dayMs } from '../domain/time.ts';
import type { Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type {
  ContactRequestTable,
  ContactTable,
  CreditorTable,
  DebtorTable,
  InvoiceTable,
  SettingTable,
  StopTable,
} from './schema.ts';

export type InvoiceRow = Pick<
  Selectable<InvoiceTable>,
  'id' | 'creditor_id' | 'number' | 'term' | 'issue_date' | 'due_date' | 'currency' | 'order_number' | 'fact'
>;

/** The rows that stand behind the door of one debtor. */
export interface DoorRows {
  readonly debtor: Selectable<DebtorTable>;
  readonly contacts: readonly Selectable<ContactTable>[];
  /** The open ones, oldest due first. */
  readonly invoices: readonly (InvoiceRow & { readonly collection: object })[];
  readonly waiting: readonly Selectable<ContactRequestTable>[];
  /** Those of the open invoices, of the waiting requests and of the words. */
  readonly creditors: readonly Selectable<CreditorTable>[];
  /** What stands on the debtor's account without an invoice; negative when it is to his credit. */
  readonly unallocated: readonly {
    readonly creditor_id: string;
    readonly currency: string;
    readonly cents: number;
  }[];
  /** What people have to say beside, oldest first, with the files that it is about: those may be closed. */
  readonly words: readonly {
    readonly id: string;
    readonly restart_at: Instant | null;
    readonly reason: string | null;
    readonly deferred_until: Instant | null;
    readonly creditor_id: string;
    readonly invoice_id: string;
    readonly collection: object;
    readonly waits_since: Instant;
    /** The open task by which a person is asked why it does not leave. */
    readonly asked_by: string | null;
    /** The offer that it is about, where it is about one. */
    readonly discount: {
      readonly id: string;
      readonly says: 'offered' | 'taken';
      readonly state: string;
      readonly pay_by: string;
    } | null;
  }[];
  /** Messages that left or may have left: an unknown outcome counts, a refusal does not. */
  readonly past: readonly { readonly claimed_at: Instant; readonly level: Level }[];
  readonly stops: readonly Pick<Selectable<StopTable>, 'scope' | 'subject_id' | 'ends_at'>[];
  readonly setting: Pick<Selectable<SettingTable>, 'contacts_per_day' | 'contacts_per_week' | 'gap_days_min'>;
}

/** Far enough for every cap, with the longest gap on top: the domain says what counts of it. */
const pastDays = 8;

/**
 * Reads all of them in one statement; undefined for an unknown debtor.
 *
 * A door is read twice for each message, and nine statements cost several times the CPU of one that reads the same rows.
 * What comes as JSON has its instants as text: they are made numbers here, as everywhere else.
 */
export async function readDoorRows(
  db: Db | Tx,
  debtorId: string,
  now: Instant,
): Promise<DoorRows | undefined> {
  const { rows } = await sql<{ door: Omit<DoorRows, 'debtor'> & { debtor: DoorRows['debtor'] | null } }>`
    with open_invoice as (
           select id, creditor_id, number, term, issue_date, due_date, currency, order_number, fact, collection
           from invoice where debtor_id = ${debtorId} and open),
         waiting_request as (select * from contact_request where debtor_id = ${debtorId} and state = 'waiting'),
         word as (
           select message.id, message.restart_at, message.reason, message.deferred_until, invoice.creditor_id, invoice.id as invoice_id, invoice.collection,
             greatest(message.planned_at, asked.answered_at) as waits_since, asked.open_task as asked_by,
             (select json_build_object('id', offer.id, 'says', word.says, 'state', offer.state, 'pay_by', offer.pay_by)
              from discount_word word join discount_offer offer on offer.id = word.discount_id where word.message_id = message.id) as discount
           from message join message_line on message_line.message_id = message.id join invoice on invoice.id = message_line.invoice_id
             cross join lateral (
               select max(task.done_at) as answered_at, (array_agg(task.id) filter (where task.state = 'open'))[1] as open_task
               from task_invoice join task on task.id = task_invoice.task_id
               where task_invoice.invoice_id = invoice.id and task.message_id = message.id and task.kind = 'stuck') asked
           where message.debtor_id = ${debtorId} and message.purpose = 'word' and message.state = 'planned')
    select json_build_object(
      'debtor', (select row_to_json(debtor) from debtor where id = ${debtorId}),
      'contacts', (select coalesce(json_agg(contact order by id), '[]') from contact where debtor_id = ${debtorId}),
      'invoices', (select coalesce(json_agg(open_invoice order by due_date, id), '[]') from open_invoice),
      'waiting', (select coalesce(json_agg(waiting_request order by id), '[]') from waiting_request),
      'creditors', (select coalesce(json_agg(creditor), '[]') from creditor
                    where id in (select creditor_id from open_invoice union select creditor_id from waiting_request union select creditor_id from word)),
      'words', (select coalesce(json_agg(word order by id), '[]') from word),
      'unallocated', (select coalesce(json_agg(account), '[]') from (
                        select creditor_id, currency, sum(amount_cents) as cents from ledger_entry
                        where debtor_id = ${debtorId} and invoice_id is null group by creditor_id, currency) account),
      'past', (select coalesce(json_agg(json_build_object('claimed_at', claimed_at, 'level', coalesce(level, 'reminder'))), '[]') from message, setting
               where debtor_id = ${debtorId} and (purpose = 'contact' and level is not null or purpose = 'word')
                 and state in ('claimed', 'accepted', 'unknown', 'delivered', 'bounced', 'complained')
                 and claimed_at > ${new Date(now - pastDays * dayMs)}::timestamptz - gap_days_min * interval '1 day'),
      'stops', (select coalesce(json_agg(json_build_object('scope', scope, 'subject_id', subject_id, 'ends_at', ends_at)), '[]') from stop where lifted_at is null),
      'setting', (select json_build_object('contacts_per_day', contacts_per_day, 'contacts_per_week', contacts_per_week, 'gap_days_min', gap_days_min)
                  from setting)) as door`.execute(db);
  const door = rows[0]?.door;
  if (!door?.debtor) return undefined;
  return {
    ...door,
    debtor: timed(door.debtor, ['look_at', 'swept_at', 'created_at']),
    contacts: door.contacts.map((row) => timed(row, ['opted_out_at', 'created_at'])),
    waiting: door.waiting.map((row) => timed(row, ['deferred_until', 'restart_at', 'asked_at'])),
    creditors: door.creditors.map((row) => timed(row, ['created_at'])),
    stops: door.stops.map((row) => timed(row, ['ends_at'])),
    words: door.words.map((row) => timed(row, ['restart_at', 'deferred_until', 'waits_since'])),
    past: door.past.map((row) => timed(row, ['claimed_at'])),
  };
}

/** The row with its instants as numbers. */
function timed<Row extends object>(row: Row, columns: readonly (keyof Row)[]): Row {
  const instants = columns.map(
    (column) => [column, row[column] === null ? null : Date.parse(String(row[column]))] as const,
  );
  return { ...row, ...Object.fromEntries(instants) };
}
