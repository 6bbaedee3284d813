import { sql } from 'kysely';
import type { Route } from '../domain/law/route.ts';
import type { Instant } from '../domain/time.ts';
import type { Db } from './database.ts';
import type { GraveDeed } from './grave-deeds.ts';
import { onlySeen } from './visible.ts';
import type { Eyes } from './visible.ts';
import type { WorkPlace } from './work-reads.ts';

/** Grave acts that wait for an answer, or had one; those that lapse first come first, by keyset. */
export interface ApprovalFilter {
  readonly state?: string;
  readonly act?: string;
  readonly debtorId?: string;
  readonly invoiceId?: string;
  readonly askedBy?: string;
  /** Leaves out what was asked by one of these, or by a key of theirs: none of them may say yes to it. */
  readonly notThrough?: readonly string[];
  /** Those that lapse last come first. */
  readonly newest?: boolean;
}

/** All that any deed may say of itself. */
export interface DeedInShort {
  readonly does: GraveDeed['does'];
  readonly reason?: string | null;
  readonly freeText?: string | null;
  readonly payBy?: string;
  readonly hundredths?: number | null;
  readonly from?: string;
  /** The day of a loss. */
  readonly on?: string;
  readonly correction?: { readonly amountCents?: number; readonly dueDate?: string };
  readonly taskId?: string;
  readonly interestCents?: number;
  readonly lumpSumCents?: number;
  readonly firmId?: string;
  readonly incompleteBecause?: string | null;
  readonly litigation?: { readonly route: Route; readonly incompleteBecause: string | null };
}

/** What the act is called where several deeds are one act. */
export function deedWord({ does }: DeedInShort, act: string): string {
  if (does === 'offerDiscount') return 'discount';
  if (does === 'agreeRate') return 'agreed_rate';
  if (does === 'correct') return 'correction';
  if (does === 'cancel') return 'cancellation';
  return does === 'waiveAccessory' ? 'accessories' : act;
}

export type ApprovalInList = Awaited<ReturnType<typeof listApprovals>>[number];

export async function listApprovals(
  eyes: Eyes,
  db: Db,
  { state = 'open', act, debtorId, invoiceId, askedBy, notThrough, newest = false }: ApprovalFilter,
  limit: number,
  after?: WorkPlace,
) {
  return db
    .selectFrom('approval')
    .innerJoin('debtor', 'debtor.id', 'approval.debtor_id')
    .innerJoin('creditor', 'creditor.id', 'approval.creditor_id')
    .selectAll('approval')
    .$call(onlySeen(eyes, 'approval'))
    .select([
      'debtor.name as debtorName',
      sql<string>`coalesce(creditor.legal_name, creditor.key)`.as('creditorName'),
      sql<string | null>`(select name from app_user where id::text = approval.asked_by)`.as('askedByName'),
      sql<string | null>`(select name from app_user where id::text = approval.decided_by)`.as(
        'decidedByName',
      ),
      'creditor.zone as creditorZone',
      sql<boolean>`exists (select from message where message.id = approval.message_id and message.document_id is not null)`.as(
        'hasDocument',
      ),
      sql<string | null>`(select name from firm where id::text = approval.what ->> 'firmId')`.as('firmName'),
      sql<InvoiceOfApproval[]>`coalesce((
        select json_agg(json_build_object('id', invoice.id, 'number', invoice.number, 'term', invoice.term,
                                          'amountCents', line.amount_cents, 'balanceCents', invoice.balance_cents) order by invoice.due_date, invoice.id)
        from approval_invoice line join invoice on invoice.id = line.invoice_id where line.approval_id = approval.id), '[]')`.as(
        'invoices',
      ),
    ])
    .$if(state !== 'any', (query) => query.where(sql<boolean>`approval.state = ${state}`))
    .$if(act !== undefined, (query) => query.where('approval.act', '=', act ?? ''))
    .$if(debtorId !== undefined, (query) => query.where('approval.debtor_id', '=', debtorId ?? ''))
    .$if(invoiceId !== undefined, (query) =>
      query.where(
        sql<boolean>`exists (select from approval_invoice where approval_id = approval.id and invoice_id = ${invoiceId})`,
      ),
    )
    .$if(askedBy !== undefined, (query) => query.where('approval.asked_by', '=', askedBy ?? ''))
    .$if(notThrough !== undefined, (query) => query.where(isOfOthers(notThrough ?? [])))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(approval.expires_at, approval.id) ${sql.raw(newest ? '<' : '>')} (${new Date(Number(after?.[0] ?? 0))}::timestamptz, ${after?.[1]}::uuid)`,
      ),
    )
    .orderBy('approval.expires_at', newest ? 'desc' : 'asc')
    .orderBy('approval.id', newest ? 'desc' : 'asc')
    .limit(limit + 1)
    .execute();
}

/** How many open questions wait for whoever may be any of these. */
export async function countForMe(
  eyes: Eyes,
  db: Db,
  hands: readonly string[],
  now: Instant,
): Promise<number> {
  const { count } = await db
    .selectFrom('approval')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .$call(onlySeen(eyes, 'approval'))
    .where('approval.state', '=', 'open')
    .where('approval.expires_at', '>', sql<Instant>`${new Date(now)}`)
    .where(isOfOthers(hands))
    .executeTakeFirstOrThrow();
  return count;
}

function isOfOthers(hands: readonly string[]) {
  return sql<boolean>`not (approval.asked_by = any(${hands}::text[]) or approval.asked_through && ${hands}::text[])`;
}

export interface InvoiceOfApproval {
  readonly id: string;
  readonly number: string;
  readonly term: number;
  readonly amountCents: number;
  readonly balanceCents: number;
}
