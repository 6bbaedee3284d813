import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { dayAt, instantAt } from '../domain/calendar.ts';
import type { Calendar } from '../domain/calendar.ts';
import type { Refusal } from '../domain/refusal.ts';
import { restartTurns } from '../domain/restart-turns.ts';
import { addDays } from '../domain/time.ts';
import type { CivilDate, Instant } from '../domain/time.ts';
import { advisoryLocks } from './advisory-locks.ts';
import { dayInZone } from './calendars.ts';
import type { Db, Tx } from './database.ts';
import type { House } from './house.ts';
import { note } from './journal.ts';
import { lookAtMatters, workflowOf } from './matters.ts';
import { poke, pokeDebtors } from './pokes.ts';
import type { StopTable } from './schema.ts';
import { inScope, isWordInScope, silencedBy } from './stop-effect.ts';
import type { Silenced } from './stop-effect.ts';
import { uuidv7 } from './uuid.ts';
import { mergedAway, whoStays } from './who-stays.ts';
import { allEyes, onlySeen, sees } from './visible.ts';
import type { Eyes } from './visible.ts';

/**
 * The stop switch: what must be silent now, from everything down to one invoice.
 *
 * One row and one lock. Whoever pulls or lifts a stop holds the lock alone; whoever claims a message holds it with
 * others, and reads the stops under it. So a stop that is answered has overtaken every message that was not claimed
 * before it, and a claim never sees half a stop. One with a last day is lifted by a workflow of its own when that day is over;
 * it holds until it is lifted, so that should everything be down by then, nothing leaves that should not.
 */
export type StopScope = 'everything' | 'creditor' | 'debtor' | 'invoice';

export interface StopInForce {
  readonly id: string;
  readonly scope: StopScope;
  /** The creditor, debtor or invoice; null for everything. */
  readonly subjectId: string | null;
  readonly reason: string;
  /** The last silent day; null until somebody lifts it. */
  readonly until: CivilDate | null;
  /** When that day is over. */
  readonly endsAt: Instant | null;
  readonly since: Instant;
  readonly placedBy: string;
}

/** Taken by a claim: many at once, none while a stop is pulled or lifted. */
export async function takeStopLockShared(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${advisoryLocks.stops})`.execute(tx);
}

/** Taken to pull or lift a stop: waits for the claims under way, for 5 s at most. */
export async function takeStopLockExclusive(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${advisoryLocks.stops})`.execute(tx);
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
  return rows.map(stopFrom);
}

/** The stop with this id, as long as it is in force. */
export async function stopInForce(db: Db | Tx, stopId: string): Promise<StopInForce | undefined> {
  const row = await db
    .selectFrom('stop')
    .selectAll()
    .where('id', '=', stopId)
    .where('lifted_at', 'is', null)
    .executeTakeFirst();
  return row && stopFrom(row);
}

/** The stops in force that silence an invoice, the widest first. */
export async function stopsOver(db: Db | Tx, invoiceId: string): Promise<readonly StopInForce[]> {
  const { creditor_id: creditor, debtor_id: debtor } = await db
    .selectFrom('invoice')
    .select(['creditor_id', 'debtor_id'])
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  const subjects = { everything: null, creditor, debtor, invoice: invoiceId };
  const widths = Object.keys(subjects);
  return (await stopsInForce(db))
    .filter(({ scope, subjectId }) => subjects[scope] === subjectId)
    .sort((one, other) => widths.indexOf(one.scope) - widths.indexOf(other.scope));
}

function stopFrom(row: Selectable<StopTable>): StopInForce {
  return {
    id: row.id,
    scope: row.scope,
    subjectId: row.subject_id,
    reason: row.reason,
    until: row.until,
    endsAt: row.ends_at,
    since: row.since,
    placedBy: row.placed_by,
  };
}

export type StopAnswer =
  | { readonly kind: 'stopped'; readonly stop: StopInForce; readonly silenced: Silenced }
  | { readonly kind: 'already'; readonly stop: StopInForce }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unknown' };

/** What is to be stopped, why, and through which day; null: until somebody lifts it. */
export interface WantedStop {
  readonly scope: StopScope;
  readonly subjectId: string | null;
  readonly reason: string;
  readonly until: CivilDate | null;
  readonly by: string;
}

/**
 * Pulls a stop, under the lock; 'unknown' when no such creditor, debtor or invoice is seen, refused when its last day has
 * passed.
 */
export async function pullStop(
  eyes: Eyes,
  tx: Tx,
  house: House,
  now: Instant,
  wanted: WantedStop,
): Promise<StopAnswer> {
  await takeStopLockExclusive(tx);
  if (!(await seesSubject(eyes, tx, wanted.scope, wanted.subjectId))) return { kind: 'unknown' };
  if (wanted.scope === 'debtor' && wanted.subjectId !== null) {
    const stays = await whoStays(tx, wanted.subjectId);
    if (stays !== undefined && stays !== wanted.subjectId)
      return { kind: 'refused', refusal: mergedAway(wanted.subjectId, stays) };
  }
  const inForce = (await stopsInForce(tx)).find(
    (stop) => stop.scope === wanted.scope && stop.subjectId === wanted.subjectId,
  );
  if (inForce) return { kind: 'already', stop: inForce };

  const { scope, subjectId, reason, until, by } = wanted;
  const calendar = await calendarOf(tx, house, now, scope, subjectId);
  const today = dayAt(calendar, now);
  if (until !== null && until < today) return { kind: 'refused', refusal: past(until, today) };
  const endsAt = until === null ? null : instantAt(calendar, addDays(until, 1), 0);
  const id = uuidv7();
  await tx
    .insertInto('stop')
    .values({
      id,
      scope,
      subject_id: subjectId,
      reason,
      until,
      ends_at: endsAt === null ? null : new Date(endsAt),
      since: new Date(now),
      placed_by: by,
    })
    .execute();
  await note(tx, 'stop', 'stopPulled', now, { stopId: id, scope, subjectId, until, by });
  const stop = { id, scope, subjectId, reason, until, endsAt, since: now, placedBy: by };
  await attendTo(tx, now, stop);
  return { kind: 'stopped', stop, silenced: await silencedBy(eyes, tx, scope, subjectId) };
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
 * The waiting requests get their turn debtor by debtor, `restart_per_hour` debtors an hour of work: a week of silence must not
 * become a flood of mail in one morning. `lastAt` is when the last of them may leave.
 */
export async function liftStop(
  tx: Tx,
  house: House,
  now: Instant,
  stopId: string,
  by: string,
): Promise<LiftAnswer> {
  await takeStopLockExclusive(tx);
  const stop = await stopInForce(tx, stopId);
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
  const { rows: debtors } = await sql<{ debtor_id: string }>`
    select debtor_id from contact_request where state = 'waiting' and ${inScope(stop.scope, stop.subjectId)}
    union select debtor_id from message where ${isWordInScope(stop.scope, stop.subjectId)}
    order by debtor_id`.execute(tx);
  const ids = debtors.map((row) => row.debtor_id);
  const calendar = await calendarOf(tx, house, now, stop.scope, stop.subjectId);
  const turns = restartTurns(calendar, now, ids.length, perHour);
  await sql`
    update contact_request set restart_at = turn.at
    from unnest(${ids}::uuid[], ${turns.map((at) => new Date(at))}::timestamptz[]) turn (debtor_id, at)
    where contact_request.debtor_id = turn.debtor_id and contact_request.state = 'waiting' and ${inScope(stop.scope, stop.subjectId)}`.execute(
    tx,
  );
  await sql`
    update message set restart_at = turn.at
    from unnest(${ids}::uuid[], ${turns.map((at) => new Date(at))}::timestamptz[]) turn (debtor_id, at)
    where message.debtor_id = turn.debtor_id and ${isWordInScope(stop.scope, stop.subjectId)}`.execute(tx);
  await pokeDebtors(tx, ids, 'bulk');
  await attendTo(tx, now, stop);
  return { kind: 'lifted', stop, restarting: ids.length, lastAt: turns.at(-1) ?? now };
}

/** The calendar by which a stop ends and what it kept back is spread: that of whom it silences. */
async function calendarOf(
  tx: Tx,
  { rules }: House,
  now: Instant,
  scope: StopScope,
  subjectId: string | null,
): Promise<Calendar> {
  const from = (table: 'creditor' | 'debtor') => tx.selectFrom(table).select(['country', 'zone']);
  const home =
    scope === 'creditor'
      ? await from('creditor').where('id', '=', subjectId).executeTakeFirst()
      : scope === 'debtor'
        ? await from('debtor').where('id', '=', subjectId).executeTakeFirst()
        : scope === 'invoice'
          ? await from('debtor')
              .where('id', '=', (query) =>
                query
                  .selectFrom('invoice')
                  .select('debtor_id')
                  .where('invoice.id', '=', subjectId ?? ''),
              )
              .executeTakeFirst()
          : undefined;
  const { country, zone } = home ?? { country: 'FR', zone: 'Europe/Paris' };
  return rules.calendarFrom(tx, country, zone, dayInZone(zone, now));
}

/** Lets the workflow of a stop that ends by itself look at it. */
async function attendTo(
  tx: Tx,
  now: Instant,
  { id, endsAt }: Pick<StopInForce, 'id' | 'endsAt'>,
): Promise<void> {
  if (endsAt === null) return;
  await lookAtMatters(tx, [{ kind: 'stop', id, debtorId: null }], now);
  await poke(tx, [workflowOf({ kind: 'stop', id })], 'people');
}

/** Whether there is such a creditor, debtor or invoice that is seen; everything always is. */
export async function seesSubject(
  eyes: Eyes,
  tx: Tx,
  scope: StopScope,
  subjectId: string | null,
): Promise<boolean> {
  if (scope === 'everything') return subjectId === null;
  return subjectId !== null && (await sees(tx, eyes, scope, subjectId));
}

/** Why a stop cannot end on a day that has passed. */
function past(until: CivilDate, today: CivilDate): Refusal {
  const message = `The stop would have ended on ${until}: give ${today} or a later day, or none.`;
  return { code: 'hold-in-the-past', message, field: 'until' };
}
