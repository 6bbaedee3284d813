import { sql } from 'kysely';
import type { DebtorKind } from '../domain/debtor.ts';
import { conflictsOf } from '../domain/merge/conflicts.ts';
import type { MergeConflict, Twin } from '../domain/merge/conflicts.ts';
import type { CivilDate, Instant } from '../domain/time.ts';
import { dayInZone } from './calendars.ts';
import type { Db, Tx } from './database.ts';
import { unallocatedOf } from './ledger.ts';

/** One of two debtors as he stands before they are merged. */
export interface MergeSide {
  readonly id: string;
  readonly name: string;
  readonly reference: string | null;
  readonly mergedInto: string | null;
  readonly twin: Twin;
  readonly open: readonly {
    readonly currency: string;
    readonly invoices: number;
    readonly balanceCents: number;
  }[];
  readonly contacts: number;
  readonly holds: number;
  readonly promises: number;
  readonly plans: number;
  readonly disputes: number;
  readonly litigation: number;
  readonly tasks: number;
  readonly approvals: number;
  readonly requests: number;
  readonly messagesUnderWay: number;
  readonly credits: readonly {
    readonly creditorId: string;
    readonly currency: string;
    readonly cents: number;
  }[];
}

export interface MergePreview {
  readonly gone: MergeSide;
  readonly into: MergeSide;
  readonly conflicts: readonly MergeConflict[];
}

/** What would come together if the one were merged into the other, and what speaks against it; undefined for an unknown id. */
export async function previewMerge(
  db: Db | Tx,
  now: Instant,
  { goneId, intoId }: { readonly goneId: string; readonly intoId: string },
): Promise<MergePreview | undefined> {
  const gone = await sideOf(db, now, goneId);
  const into = await sideOf(db, now, intoId);
  return gone && into && { gone, into, conflicts: conflictsOf(gone.twin, into.twin) };
}

async function sideOf(db: Db | Tx, now: Instant, id: string): Promise<MergeSide | undefined> {
  const debtor = await db.selectFrom('debtor').selectAll().where('id', '=', id).executeTakeFirst();
  if (!debtor) return undefined;
  const today = dayInZone(debtor.zone, now);
  const { rows } = await sql<Counted>`
    with mine as (select id, creditor_id, currency, open, balance_cents from invoice where debtor_id = ${id})
    select (select count(*)::int from mine) as files,
      (select coalesce(array_agg(distinct creditor_id::text), '{}') from mine) as creditors,
      (select coalesce(array_agg(distinct currency), '{}') from mine) as currencies,
      (select coalesce(json_agg(sum order by sum.currency), '[]') from (
        select currency, count(*)::int as invoices, sum(balance_cents)::bigint as "balanceCents" from mine where open group by currency) sum) as open,
      (select coalesce(array_agg(creditor_id || '/' || currency), '{}') from litigation where debtor_id = ${id} and state = 'preparing') as preparing,
      exists (select from stop where scope = 'debtor' and subject_id = ${id} and lifted_at is null) as stopped,
      (select published_on::text from insolvency where debtor_id = ${id} and ended_at is null) as "publishedOn",
      (select count(*)::int from contact where debtor_id = ${id}) as contacts,
      (select count(*)::int from debtor_hold where debtor_id = ${id} and lifted_on is null and coalesce(until, ${today}) >= ${today}) as holds,
      (select count(distinct promise.id)::int from promise join mine on mine.id = promise.invoice_id where promise.state = 'active') as promises,
      (select count(*)::int from plan where debtor_id = ${id} and state in ('proposed', 'running')) as plans,
      (select count(*)::int from dispute join mine on mine.id = dispute.invoice_id where dispute.state = 'open') as disputes,
      (select count(*)::int from litigation where debtor_id = ${id} and state <> 'closed') as litigation,
      (select count(*)::int from task where debtor_id = ${id} and state = 'open') as tasks,
      (select count(*)::int from approval where debtor_id = ${id} and state = 'open') as approvals,
      (select count(*)::int from contact_request where debtor_id = ${id} and state = 'waiting') as requests,
      (select count(*)::int from message where debtor_id = ${id} and state in ('claimed', 'unknown')) as "messagesUnderWay"`.execute(
    db,
  );
  const counted = rows[0];
  if (!counted) return undefined;
  const { files, creditors, currencies, preparing, stopped, publishedOn, ...numbers } = counted;
  return {
    id,
    name: debtor.name,
    reference: debtor.reference,
    mergedInto: debtor.merged_into,
    twin: {
      siren: debtor.siren,
      vatNumber: debtor.vat_number,
      kind: debtor.kind as DebtorKind,
      country: debtor.country,
      demonstration: debtor.demonstration,
      insolventOn: debtor.insolvent_on,
      publishedOn,
      penaltyRate: { hundredths: debtor.penalty_rate_hundredths, before: debtor.penalty_rates_before },
      stopped,
      held: numbers.holds > 0,
      files,
      creditorIds: creditors,
      currencies,
      preparing,
    },
    ...numbers,
    credits: await unallocatedOf(db, id),
  };
}

type Counted = Omit<MergeSide, 'id' | 'name' | 'reference' | 'mergedInto' | 'twin' | 'credits'> & {
  readonly files: number;
  readonly creditors: readonly string[];
  readonly currencies: readonly string[];
  readonly preparing: readonly string[];
  readonly stopped: boolean;
  readonly publishedOn: CivilDate | null;
};
