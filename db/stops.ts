import { sql } from 'kysely';
import type { Expression, SqlBool } from 'kysely';
import type { Instant } from '../domain/time.ts';
import { hourMs } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { note } from './journal.ts';
import { pokeDebtors } from './pokes.ts';
import { uuidv7 } from './uuid.ts';
import { allEyes, onlySeen, seenInvoice, sees } from './visible.ts';
import type { Eyes } from './visible.ts';

/**
 * The stop switch: what must be silent now, from everything down to one invoice.
 *
 * One row and one lock. Whoever pulls or lifts a stop holds the lock alone; whoever claims a message holds it with
 * others, and reads the stops under it. So a stop that is answered has overtaken every message that was not claimed
 * before it, and a claim never sees half a stop.
 */
export type StopScope = 'everything' | 'creditor' | 'debtor' | 'invoice';

export interface StopInForce {
  readonly id: string;
  readonly scope: StopScope;
  /** The creditor, debtor or invoice; null for everything. */
  readonly subjectId: string | null;
  readonly reason: string;
  readonly since: Instant;
  readonly placedBy: string;
}

/** What a stop keeps silent at this moment. */
export interface Silenced {
  readonly invoices: number;
  readonly debtors: number;
  /** Messages that stand at the door and now stay there. */
  readonly requests: number;
}

/** Any number, the same everywhere: the advisory lock that stops and claims share. */
export const stopLock = 7_351_077;

/** Taken by a claim: many at once, none while a stop is pulled or lifted. */
export async function takeStopLockShared(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${stopLock})`.execute(tx);
}

/** Taken to pull or lift a stop: waits for the claims under way, for 5 s at most. */
export async function takeStopLockExclusive(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${stopLock})`.execute(tx);
}

/** The stops in force, oldest first. */
export async function stopsInForce(db: Db | Tx): Promise<readonly StopInForce[]> {
  return listStops(allEyes, db);
}

/** Those of them that are seen. */
export async function listStops(eyes: Eyes, db: Db | Tx): Promise<readonly StopInForce[]> {
  const rows = await db
    .selectFrom('stop')
    .selectAll()
    .$call(onlySeen(eyes, 'stop'))
    .where('lifted_at', 'is', null)
    .orderBy('since')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    scope: row.scope,
    subjectId: row.subject_id,
    reason: row.reason,
    since: row.since,
    placedBy: row.placed_by,
  }));
}

export type StopAnswer =
  | { readonly kind: 'stopped'; readonly stop: StopInForce; readonly silenced: Silenced }
  | { readonly kind: 'already'; readonly stop: StopInForce }
  | { readonly kind: 'unknown' };

/** Pulls a stop, under the lock; 'unknown' when no such creditor, debtor or invoice is seen. */
export async function pullStop(
  eyes: Eyes,
  tx: Tx,
  now: Instant,
  wanted: {
    readonly scope: StopScope;
    readonly subjectId: string | null;
    readonly reason: string;
    readonly by: string;
  },
): Promise<StopAnswer> {
  await takeStopLockExclusive(tx);
  if (!(await isSeen(eyes, tx, wanted.scope, wanted.subjectId))) return { kind: 'unknown' };
  const inForce = (await stopsInForce(tx)).find(
    (stop) => stop.scope === wanted.scope && stop.subjectId === wanted.subjectId,
  );
  if (inForce) return { kind: 'already', stop: inForce };

  const id = uuidv7();
  const { scope, subjectId, reason, by } = wanted;
  await tx
    .insertInto('stop')
    .values({ id, scope, subject_id: subjectId, reason, since: new Date(now), placed_by: by })
    .execute();
  await note(tx, 'stop', 'stopPulled', now, { stopId: id, scope, subjectId, by });
  return {
    kind: 'stopped',
    stop: { id, scope, subjectId, reason, since: now, placedBy: by },
    silenced: await silencedBy(eyes, tx, scope, subjectId),
  };
}

export type LiftAnswer =
  | {
      readonly kind: 'lifted';
      readonly stop: StopInForce;
      readonly restarting: number;
      readonly lastAt: Instant;
    }
  | { readonly kind: 'unknown' };

/**
 * Lifts a stop, under the lock, and staggers what had gathered behind it.
 *
 * The waiting requests get their turn debtor by debtor, `restart_per_hour` debtors an hour: a week of silence must not
 * become a flood of mail in one morning. `lastAt` is when the last of them may leave.
 */
export async function liftStop(tx: Tx, now: Instant, stopId: string, by: string): Promise<LiftAnswer> {
  await takeStopLockExclusive(tx);
  const stop = (await stopsInForce(tx)).find((candidate) => candidate.id === stopId);
  if (!stop) return { kind: 'unknown' };
  await tx
    .updateTable('stop')
    .set({ lifted_at: new Date(now), lifted_by: by })
    .where('id', '=', stopId)
    .execute();
  await note(tx, 'stop', 'stopLifted', now, { stopId, by });

  const { restart_per_hour: perHour } = await tx
    .selectFrom('setting')
    .select('restart_per_hour')
    .executeTakeFirstOrThrow();
  const debtors = await tx
    .selectFrom('contact_request')
    .select('debtor_id')
    .distinct()
    .where('state', '=', 'waiting')
    .where(inScope(stop.scope, stop.subjectId))
    .orderBy('debtor_id')
    .execute();
  const gapMs = hourMs / Math.max(1, perHour);
  const ids = debtors.map((row) => row.debtor_id);
  await sql`
    update contact_request set restart_at = turn.at
    from (select debtor_id, ${new Date(now)}::timestamptz + (place - 1) * ${gapMs}::float8 * interval '1 millisecond' as at
          from unnest(${ids}::uuid[]) with ordinality as queue (debtor_id, place)) turn
    where contact_request.debtor_id = turn.debtor_id and contact_request.state = 'waiting' and ${inScope(stop.scope, stop.subjectId)}`.execute(
    tx,
  );
  await pokeDebtors(tx, ids, 'bulk');
  return { kind: 'lifted', stop, restarting: ids.length, lastAt: now + Math.max(0, ids.length - 1) * gapMs };
}

/** What a stop of that scope keeps silent now, of what is seen. */
export async function silencedBy(
  eyes: Eyes,
  db: Db | Tx,
  scope: StopScope,
  subjectId: string | null,
): Promise<Silenced> {
  const invoices = await db
    .selectFrom('invoice')
    .select(({ fn }) => [
      fn.countAll<number>().as('invoices'),
      fn.count<number>('debtor_id').distinct().as('debtors'),
    ])
    .where('open', '=', true)
    .$call(onlySeen(eyes, 'invoice'))
    .$if(scope === 'creditor', (query) => query.where('creditor_id', '=', subjectId))
    .$if(scope === 'debtor', (query) => query.where('debtor_id', '=', subjectId))
    .$if(scope === 'invoice', (query) => query.where('id', '=', subjectId))
    .executeTakeFirstOrThrow();
  const requests = await db
    .selectFrom('contact_request')
    .select(({ fn }) => fn.countAll<number>().as('requests'))
    .where('state', '=', 'waiting')
    .where(inScope(scope, subjectId))
    .$if(eyes.sees !== 'all', (query) =>
      query.where(
        sql<SqlBool>`exists (select from invoice where invoice.id = contact_request.invoice_id and ${seenInvoice(eyes, 'invoice')})`,
      ),
    )
    .executeTakeFirstOrThrow();
  return { invoices: invoices.invoices, debtors: invoices.debtors, requests: requests.requests };
}

/** The requests that a stop covers. */
function inScope(scope: StopScope, subjectId: string | null): Expression<SqlBool> {
  if (scope === 'everything') return sql<SqlBool>`true`;
  return sql<SqlBool>`${sql.ref(`contact_request.${scope}_id`)} = ${subjectId}`;
}

async function isSeen(eyes: Eyes, tx: Tx, scope: StopScope, subjectId: string | null): Promise<boolean> {
  if (scope === 'everything') return subjectId === null;
  return subjectId !== null && (await sees(tx, eyes, scope, subjectId));
}
