import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { House } from './house.ts';
import type { ImportRowTable, ImportTable } from './schema.ts';
import { pokeImports } from './import-staging.ts';

export type ImportRecord = Selectable<ImportTable>;
export type ImportRow = Selectable<ImportRowTable>;

/** Amounts of an import's rows, by what became of them. Rows without a readable amount count nowhere. */
export interface ImportSum {
  readonly state: ImportRow['state'];
  readonly currency: string | null;
  readonly rows: number;
  readonly amountCents: number;
}

export async function readImport(db: Db | Tx, id: string): Promise<ImportRecord | undefined> {
  return db.selectFrom('import').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Imports, newest first, before that id. */
export async function listImports(db: Db, limit: number, before?: string): Promise<readonly ImportRecord[]> {
  return db
    .selectFrom('import')
    .selectAll()
    .$if(before !== undefined, (query) => query.where('id', '<', before ?? ''))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export async function sumsOfImport(db: Db | Tx, id: string): Promise<readonly ImportSum[]> {
  const rows = await db
    .selectFrom('import_row')
    .select(({ fn }) => [
      'state',
      'currency',
      fn.count<string>('amount_cents').as('rows'),
      fn.sum<string>('amount_cents').as('cents'),
    ])
    .where('import_id', '=', id)
    .where('amount_cents', 'is not', null)
    .groupBy(['state', 'currency'])
    .orderBy('state')
    .orderBy('currency')
    .execute();
  return rows.map((row) => ({
    state: row.state,
    currency: row.currency,
    rows: Number(row.rows),
    amountCents: Number(row.cents),
  }));
}

/** How often each remark was made about the rows that entered, commonest first. */
export async function remarksOfImport(
  db: Db | Tx,
  id: string,
): Promise<readonly { code: string; rows: number; example: string }[]> {
  const { rows } = await sql<{ code: string; rows: number; example: string }>`
    select remark->>'code' as code, count(*) as rows, min(remark->>'problem') as example
    from import_row cross join lateral jsonb_array_elements(problems) as remark
    where import_id = ${id} and state not in ('rejected', 'staged') and problems is not null
    group by 1 order by 2 desc, 1`.execute(db);
  return rows;
}

/** What rows say of a known invoice or debtor and was left as it was, by field, commonest first; rows count once in each. */
export async function differencesOfImport(
  db: Db | Tx,
  id: string,
): Promise<readonly { field: string; rows: number; line: number; from: unknown; to: unknown }[]> {
  const { rows } = await sql<{ field: string; rows: number; line: number; from: unknown; to: unknown }>`
    select change->>'field' as field, count(distinct place) as rows, (array_agg(line order by place))[1] as line,
      (array_agg(change->'from' order by place))[1] as "from", (array_agg(change->'to' order by place))[1] as "to"
    from import_row cross join lateral jsonb_array_elements(changes) as change
    where import_id = ${id} and ${isDiffering} and change->'applied' = 'false'
    group by 1 order by 2 desc, 1`.execute(db);
  return rows;
}

/** How many rows say something that was left as it was. */
export async function differingRowsOfImport(db: Db | Tx, id: string): Promise<number> {
  const { count } = await db
    .selectFrom('import_row')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('import_id', '=', id)
    .where(isDiffering)
    .executeTakeFirstOrThrow();
  return Number(count);
}

const isDiffering = sql<boolean>`changes @> '[{"applied": false}]'`;

/** Rows of an import after that place, of one state or all, or only those that say what was left as it was. */
export async function rowsOfImport(
  db: Db,
  id: string,
  filter: {
    state?: ImportRow['state'] | undefined;
    differing?: boolean | undefined;
    after?: number | undefined;
    limit: number;
  },
): Promise<readonly ImportRow[]> {
  return db
    .selectFrom('import_row')
    .selectAll()
    .where('import_id', '=', id)
    .$if(filter.state !== undefined, (query) => query.where('state', '=', filter.state ?? 'rejected'))
    .$if(filter.differing === true, (query) => query.where(isDiffering))
    .$if(filter.after !== undefined, (query) => query.where('place', '>', filter.after ?? 0))
    .orderBy('place')
    .limit(filter.limit)
    .execute();
}

/**
 * Releases an import, now or as soon as it is applied; the workers lift the holds.
 *
 * Asking twice changes nothing. Undefined for an unknown import.
 */
export async function releaseImport(
  tx: Tx,
  now: Instant,
  id: string,
  by: string,
): Promise<ImportRecord | undefined> {
  const known = await tx.selectFrom('import').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (!known || known.released_at !== null) return known;
  const set = known.state === 'applied' ? { released_at: new Date(now) } : { release_when_applied: true };
  const released = await tx
    .updateTable('import')
    .set({ ...set, released_by: by })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await pokeImports(tx);
  return released;
}

/** How many invoices of an import still wait for its release. */
export async function heldOfImport(house: House, id: string, hold: string): Promise<number> {
  const { count } = await house.db
    .selectFrom('invoice')
    .innerJoin('invoice_hold', 'invoice_hold.invoice_id', 'invoice.id')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('invoice.import_id', '=', id)
    .where('invoice.open', '=', true)
    .where('invoice_hold.reason', '=', hold)
    .where('invoice_hold.lifted_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** How many invoices of an import have a workflow that was started, or is being started at this moment. */
export async function startedOfImport(db: Db, id: string): Promise<number> {
  const { count } = await db
    .selectFrom('invoice')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('import_id', '=', id)
    .where('started', '=', true)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The import that read these very bytes last, whatever was answered about them. */
export async function importOfFile(db: Db, sha256: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('import')
    .select('id')
    .where(sql<boolean>`reading->>'sha256' = ${sha256}`)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}
