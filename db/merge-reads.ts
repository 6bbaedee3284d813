import { sql } from 'kysely';
import { dayMs } from '../domain/time.ts';
import type { Instant } from '../domain/time.ts';
import type { Db } from './database.ts';
import { mergeDays } from './merges.ts';

interface Party {
  readonly id: string;
  readonly name: string;
}

export interface MergeInList {
  readonly id: string;
  readonly gone: Party;
  readonly into: Party;
  readonly mergedAt: Instant;
  readonly mergedBy: string;
  readonly undoUntil: Instant;
  readonly undoneAt: Instant | null;
  readonly invoices: number;
}

export interface MergeFilter {
  readonly debtorId?: string | undefined;
  /** Only those that were not taken back. */
  readonly standing?: boolean | undefined;
}

/** The merges, the last one first, one more than `limit`; for whoever sees all files. */
export async function listMerges(
  db: Db,
  { debtorId, standing }: MergeFilter,
  limit: number,
  after?: string,
): Promise<readonly MergeInList[]> {
  const rows = await db
    .selectFrom('merge')
    .innerJoin('debtor as gone', 'gone.id', 'merge.gone_id')
    .innerJoin('debtor as into', 'into.id', 'merge.into_id')
    .leftJoin('app_user', (join) =>
      join.on(({ eb, cast, ref }) =>
        eb(cast<string>(ref('app_user.id'), 'text'), '=', ref('merge.merged_by')),
      ),
    )
    .select([
      'merge.id',
      'gone_id',
      'into_id',
      'merged_at',
      'merged_by',
      'undone_at',
      'app_user.name as person',
    ])
    .select(['gone.name as gone_name', 'into.name as into_name'])
    .select(
      sql<number>`(select count(*)::int from merge_row where merge_id = merge.id and place = 'invoice')`.as(
        'invoices',
      ),
    )
    .$if(debtorId !== undefined, (query) =>
      query.where(({ or, eb }) =>
        or([eb('gone_id', '=', debtorId ?? ''), eb('into_id', '=', debtorId ?? '')]),
      ),
    )
    .$if(standing === true, (query) => query.where('undone_at', 'is', null))
    .$if(after !== undefined, (query) => query.where('merge.id', '<', after ?? ''))
    .orderBy('merge.id', 'desc')
    .limit(limit + 1)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    gone: { id: row.gone_id, name: row.gone_name },
    into: { id: row.into_id, name: row.into_name },
    mergedAt: row.merged_at,
    mergedBy: row.person ?? row.merged_by,
    undoUntil: row.merged_at + mergeDays * dayMs,
    undoneAt: row.undone_at,
    invoices: row.invoices,
  }));
}

/** The names of those who were merged into him and not parted since. */
export async function namesBefore(db: Db, debtorId: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('debtor')
    .select('name')
    .where('merged_into', '=', debtorId)
    .orderBy('name')
    .execute();
  return rows.map(({ name }) => name);
}

/** Two debtors who may be one, and by what they look alike. */
export interface LikelyTwins {
  readonly one: Party;
  readonly other: Party;
  readonly by: 'siren' | 'vat' | 'name';
}

/**
 * Debtors who are probably one company, the surest first: the same SIREN (a French VAT number holds one), the same VAT
 * number, or the same name but for its capitals, accents, blanks and legal form.
 *
 * A proposal, never a merge: namesakes exist. Left out are pairs that could not be merged, because they have two SIREN
 * numbers or are of different kinds. The older one comes first.
 */
export async function likelyTwins(
  db: Db,
  { debtorId }: { readonly debtorId?: string | undefined },
  limit: number,
): Promise<readonly LikelyTwins[]> {
  const { rows } = await sql<{
    one_id: string;
    one_name: string;
    other_id: string;
    other_name: string;
    by: LikelyTwins['by'];
  }>`
    with known as (
        select id, name, kind, demonstration, coalesce(siren, case when vat_number like 'FR%' then substr(vat_number, 5) end) as siren, vat_number as vat,
          regexp_replace(regexp_replace(${plain}, ${legalForms}, ' ', 'g'), '[^a-z0-9]+', '', 'g') as folded
        from debtor where merged_into is null),
      alike as (
        select one.id as one_id, other.id as other_id, 1 as rank from known one join known other on one.siren = other.siren and one.id < other.id
        union all select one.id, other.id, 2 from known one join known other on one.vat = other.vat and one.id < other.id
        union all select one.id, other.id, 3 from known one join known other on one.folded = other.folded and length(one.folded) > 2 and one.id < other.id),
      best as (select one_id, other_id, min(rank) as rank from alike group by one_id, other_id)
    select one.id as one_id, one.name as one_name, other.id as other_id, other.name as other_name,
        case best.rank when 1 then 'siren' when 2 then 'vat' else 'name' end as by
      from best join known one on one.id = best.one_id join known other on other.id = best.other_id
      where one.kind = other.kind and one.demonstration = other.demonstration and coalesce(one.siren, other.siren, '') = coalesce(other.siren, one.siren, '')
        ${debtorId === undefined ? sql`` : sql`and ${debtorId} in (one.id, other.id)`}
      order by best.rank, one.name, one.id, other.id limit ${limit}`.execute(db);
  return rows.map((row) => ({
    one: { id: row.one_id, name: row.one_name },
    other: { id: row.other_id, name: row.other_name },
    by: row.by,
  }));
}

/** In small letters without accents, with a blank at both ends, so that words can be found in it. */
const plain = sql`' ' || translate(lower(name), 'àâäáãåçéèêëíìîïñóòôöõúùûüýÿœæ.', 'aaaaaaceeeeiiiinooooouuuuyyoa') || ' '`;

const legalForms =
  '\\y(sas|sasu|sarl|sa|eurl|sci|snc|scop|societe|ste|ets|etablissements|gmbh|ag|ltd|limited|plc|inc|llc|bv|nv|srl|spa|sl)\\y';
