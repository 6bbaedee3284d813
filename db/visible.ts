import { sql } from 'kysely';
import type { Expression, RawBuilder, SqlBool } from 'kysely';
import type { Role } from '../domain/role.ts';
import type { Db, Tx } from './database.ts';

/**
 * Which rows a caller may know of: everything, or a part that is worked out from the invoices that are his.
 *
 * The one place that says so. Lists, counts and sums take `Eyes` first and pass through `onlySeen`; before a single row
 * is shown or acted upon, `sees` is asked. Who sees everything costs nothing: no predicate is added for him. Whose part
 * changes (a dispute assigned to another, a file taken back from a firm) sees otherwise from the next query on.
 */
export type Eyes = { readonly sees: 'all' } | Part;

interface Part {
  /** His portfolio, his customers, the disputes assigned to him, the files handed over to him. */
  readonly sees: 'portfolio' | 'customers' | 'disputes' | 'handed over';
  readonly userId: string;
  /** By what invoices name him. */
  readonly names: readonly string[];
}

export type Portfolio = 'all' | 'own';

/** Sees everything: for work that nobody in particular asks for. */
export const allEyes: Eyes = { sees: 'all' };

/** What a user sees by his role; a collector by what is said of him. */
export function eyesOf(user: {
  readonly userId: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly portfolio: Portfolio;
}): Eyes {
  const names = user.email === null ? [user.name] : [user.name, user.email];
  const part = (sees: Part['sees']): Part => ({ sees, userId: user.userId, names });
  switch (user.role) {
    case 'collector':
      return user.portfolio === 'all' ? allEyes : part('portfolio');
    case 'sales':
      return part('customers');
    case 'resolver':
      return part('disputes');
    case 'external_firm':
      return part('handed over');
    case 'admin':
    case 'credit_manager':
    case 'accountant':
    case 'legal':
    case 'auditor':
      return allEyes;
  }
}

/** What is told of the rows that are seen; what is not, is nowhere in an answer about them. */
interface Told {
  /** Where the creditor is paid. */
  readonly bank: boolean;
  readonly payments: boolean;
  /** What lawyers and firms do and write, but that a file is with them. */
  readonly litigation: boolean;
  /** Money of a debtor that belongs to no invoice, so to nobody's part but a collector's. */
  readonly credits: boolean;
  /** Why a creditor or the whole house is silent, in the words of whoever stopped it. */
  readonly stops: boolean;
  /** What was noted of a file before it was handed to the firm that asks. */
  readonly notesBefore: boolean;
}

/** Who sells knows what his customer owes; a firm is told what is shared by the hand-over, and not what we wrote for ourselves. */
const told: Readonly<Record<Eyes['sees'], Told>> = {
  all: { bank: true, payments: true, litigation: true, credits: true, stops: true, notesBefore: true },
  portfolio: { bank: true, payments: true, litigation: true, credits: true, stops: true, notesBefore: true },
  customers: {
    bank: false,
    payments: false,
    litigation: false,
    credits: false,
    stops: false,
    notesBefore: true,
  },
  disputes: { bank: true, payments: true, litigation: true, credits: false, stops: false, notesBefore: true },
  'handed over': {
    bank: true,
    payments: true,
    litigation: true,
    credits: false,
    stops: false,
    notesBefore: false,
  },
};

/** A firm outside the house knows what was said between us and the debtor, and nothing of what we said among us. */
export function seesInternal({ sees }: Eyes): boolean {
  return sees !== 'handed over';
}

export function toldTo({ sees }: Eyes): Told {
  return told[sees];
}

/** What stands as a row of its own; each is seen by way of the invoices that it is about. */
export type Seen = keyof typeof rules;

/** Cuts a query on the table of that name to the rows that are seen; as it is for those who see everything. */
export function onlySeen(eyes: Eyes, what: Seen): <Query extends Filtered>(query: Query) => Query {
  return <Query extends Filtered>(query: Query) =>
    eyes.sees === 'all' ? query : (query.where(rules[what](eyes)) as Query);
}

interface Filtered {
  where(condition: Expression<SqlBool>): unknown;
}

/** The same as a condition on an invoice under another name, for a query written out; true for those who see everything. */
export function seenInvoice(eyes: Eyes, alias: string): RawBuilder<SqlBool> {
  return eyes.sees === 'all' ? sql<SqlBool>`true` : isMine(eyes, alias);
}

/** Whether a row is here and seen: what is not seen is not here. */
export async function sees(db: Db | Tx, eyes: Eyes, what: Seen, id: string): Promise<boolean> {
  const rule = eyes.sees === 'all' ? sql`true` : rules[what](eyes);
  const found = await sql<{
    seen: boolean;
  }>`select exists (select from ${sql.table(what)} where id = ${id}::uuid and ${rule}) as seen`.execute(db);
  return found.rows[0]?.seen === true;
}

/** Those of the invoices that are not seen, whether they are here or not. */
export async function unseenInvoices(
  db: Db | Tx,
  eyes: Eyes,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (eyes.sees === 'all' || ids.length === 0) return new Set();
  const seen = await db
    .selectFrom('invoice')
    .select('id')
    .where('id', 'in', [...new Set(ids)])
    .where(isMine(eyes, 'invoice'))
    .execute();
  const known = new Set(seen.map(({ id }) => id));
  return new Set(ids.filter((id) => !known.has(id)));
}

/** Those of the invoices that are seen. */
export async function seenOf<T>(
  db: Db | Tx,
  eyes: Eyes,
  rows: readonly T[],
  invoiceIdOf: (row: T) => string,
): Promise<readonly T[]> {
  const unseen = await unseenInvoices(db, eyes, rows.map(invoiceIdOf));
  return unseen.size === 0 ? rows : rows.filter((row) => !unseen.has(invoiceIdOf(row)));
}

type Rule = (eyes: Part) => RawBuilder<SqlBool>;

/**
 * A debtor or creditor is seen by whoever has an invoice of his. What speaks of several invoices at once (a message, a
 * task, a payment) is seen by whoever has all of them: words and sums can't be cut to a part.
 */
const rules = {
  invoice: (eyes) => isMine(eyes, 'invoice'),
  debtor: (eyes) => hasMine(eyes, 'debtor_id', 'debtor.id'),
  contact: (eyes) => hasMine(eyes, 'debtor_id', 'contact.debtor_id'),
  // The companies of the house are no secret to its own collectors, who register invoices for them.
  creditor: (eyes) => (eyes.sees === 'portfolio' ? sql`true` : hasMine(eyes, 'creditor_id', 'creditor.id')),
  promise: (eyes) =>
    sql`${hasMine(eyes, 'id', 'promise.invoice_id')} and ${onlyMine(eyes, 'promise', 'id', 'promise.id')}`,
  plan: (eyes) =>
    sql`${hasMine(eyes, 'debtor_id', 'plan.debtor_id')} and ${onlyMine(eyes, 'plan_invoice', 'plan_id', 'plan.id')}`,
  dispute: (eyes) => isMyDispute(eyes, 'dispute'),
  dispute_document: (eyes) =>
    sql`exists (select from dispute contested where contested.id = dispute_document.dispute_id and ${isMyDispute(eyes, 'contested')})
      ${seesInternal(eyes) ? sql`` : sql`and dispute_document.way <> 'internal'`}`,
  task: (eyes) =>
    sql`${onlyMine(eyes, 'task_invoice', 'task_id', 'task.id')}
      and exists (select from task_invoice line where line.task_id = task.id)
      ${toldTo(eyes).litigation ? sql`` : sql`and task.kind not in ('hand_over', 'escalation')`}`,
  approval: (eyes) =>
    sql`${onlyMine(eyes, 'approval_invoice', 'approval_id', 'approval.id')}
      and exists (select from approval_invoice line where line.approval_id = approval.id)`,
  message: (eyes) => isMyMessage(eyes),
  document: (eyes) =>
    // What was handed in about a dispute is seen by way of the dispute.
    sql`(${hasMine(eyes, 'id', 'document.subject')}
        and not exists (select from dispute_document handed where handed.id = document.id)
      or exists (select from message where message.document_id = document.id and ${isMyMessage(eyes)})
      or exists (select from litigation where ${isMyLitigation(eyes)} and (litigation.pack_id = document.id
        or exists (select from litigation_piece piece where piece.litigation_id = litigation.id and piece.document_id = document.id and piece.removed_at is null))))`,
  payment: (eyes) =>
    sql`${hasMine(eyes, 'debtor_id', 'payment.debtor_id')} and ${onlyMine(eyes, 'ledger_entry', 'payment_id', 'payment.id')}`,
  credit_note: (eyes) =>
    sql`${hasMine(eyes, 'debtor_id', 'credit_note.debtor_id')} and ${onlyMine(eyes, 'ledger_entry', 'credit_note_id', 'credit_note.id')}`,
  litigation: (eyes) => isMyLitigation(eyes),
  stop: (eyes) =>
    sql`(stop.scope = 'everything'
      or stop.scope = 'creditor' and ${eyes.sees === 'portfolio' ? sql`true` : hasMine(eyes, 'creditor_id', 'stop.subject_id')}
      or stop.scope = 'debtor' and ${hasMine(eyes, 'debtor_id', 'stop.subject_id')}
      or stop.scope = 'invoice' and ${hasMine(eyes, 'id', 'stop.subject_id')})`,
} as const satisfies Record<string, Rule>;

/** A partner sees a file as long as he has it; our own people with all its invoices. */
function isMyLitigation(eyes: Part): RawBuilder<SqlBool> {
  if (!toldTo(eyes).litigation || eyes.sees === 'disputes') return sql`false`;
  if (eyes.sees === 'handed over')
    return sql`(litigation.state = 'handed' and litigation.firm_id = ${firmOf(eyes)}
      and exists (select from litigation_invoice line join hand_over handed on handed.invoice_id = line.invoice_id
        where line.litigation_id = litigation.id and line.left_at is null
          and handed.firm_id = litigation.firm_id and handed.ended_at is null))`;
  return sql`(${hasMine(eyes, 'debtor_id', 'litigation.debtor_id')}
    and ${onlyMine(eyes, 'litigation_invoice', 'litigation_id', 'litigation.id')})`;
}

/** An invoice may be a resolver's by another dispute: whose this one is, says its own row alone. */
function isMyDispute(eyes: Part, dispute: string): RawBuilder<SqlBool> {
  return eyes.sees === 'disputes'
    ? sql`${sql.ref(`${dispute}.assigned_to`)} = ${eyes.userId}::uuid`
    : hasMine(eyes, 'id', `${dispute}.invoice_id`);
}

/** A message without lines is internal: for the one whom it tells something. */
function isMyMessage(eyes: Part): RawBuilder<SqlBool> {
  return sql`(${onlyMine(eyes, 'message_line', 'message_id', 'message.id')}
    and (message.user_id = ${eyes.userId} or exists (select from message_line line where line.message_id = message.id)))`;
}

/** Whether an invoice is one of his. */
function isMine(eyes: Part, invoice: string): RawBuilder<SqlBool> {
  const column = (name: string) => sql.ref(`${invoice}.${name}`);
  switch (eyes.sees) {
    case 'portfolio':
      return sql`${namesHim(eyes, column('collector'))}`;
    case 'customers':
      return sql`${namesHim(eyes, column('sales_owner'))}`;
    // Resolved ones too, until they are taken from him: whoever decided is asked about it later.
    case 'disputes':
      return sql`${column('id')} in (select assigned.invoice_id from dispute assigned where assigned.assigned_to = ${eyes.userId}::uuid)`;
    case 'handed over':
      return sql`${column('id')} in (select handed.invoice_id from hand_over handed where handed.firm_id = ${firmOf(eyes)} and handed.ended_at is null)`;
  }
}

/** The firm for which he comes in; none once it has ended. */
function firmOf(eyes: Part): RawBuilder<unknown> {
  return sql`(select his.id from app_user one join firm his on his.id = one.firm_id
    where one.id = ${eyes.userId}::uuid and his.ended_at is null)`;
}

/** Files write a name or a mail address as they like; Postgres lowers both sides, so that its index is used. */
function namesHim(eyes: Part, column: RawBuilder<unknown>): RawBuilder<SqlBool> {
  return sql`lower(${column}) in (${sql.join(eyes.names.map((name) => sql`lower(${name})`))})`;
}

/** Whether any invoice with this value in its column is his. */
function hasMine(eyes: Part, column: string, value: string): RawBuilder<SqlBool> {
  return sql`exists (select from invoice mine where ${sql.ref(`mine.${column}`)} = ${sql.ref(value)} and ${isMine(eyes, 'mine')})`;
}

/** Whether no line of it is about an invoice that is not his. */
function onlyMine(eyes: Part, lines: string, column: string, value: string): RawBuilder<SqlBool> {
  return sql`not exists (select from ${sql.table(lines)} line join invoice theirs on theirs.id = line.invoice_id
    where ${sql.ref(`line.${column}`)} = ${sql.ref(value)} and (${isMine(eyes, 'theirs')}) is not true)`;
}
