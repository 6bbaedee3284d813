import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Standing } from '../../domain/audit/standing.ts';
import { hourMs } from '../../domain/time.ts';
import type { CivilDate } from '../../domain/time.ts';
import { advisoryLocks } from '../advisory-locks.ts';
import { endOfLawDay } from '../calendars.ts';
import type { Db } from '../database.ts';
import type { House } from '../house.ts';
import { asOf } from './as-it-was.ts';
import { isSettled } from './snapshot-nights.ts';
import { linesOf, readSnapshot, takeSnapshot } from './snapshots.ts';
import type { Snapshot } from './snapshots.ts';

/**
 * The portfolio at the end of a day that is over: what was written down that night, or else what the log says, which is
 * then written down; undefined when something of that day may still be being recorded, or other days are being worked out, for
 * longer than a caller is kept waiting.
 *
 * What was known on a day cannot change any more, so it is worked out once: whoever asks again is answered at once.
 */
export async function portfolioOf(house: House, day: CivilDate): Promise<Snapshot | undefined> {
  const known = await readSnapshot(house.db, day);
  if (known) return known;
  const days = asked.get(house) ?? new Map<CivilDate, Promise<Snapshot | undefined>>();
  asked.set(house, days);
  const work = days.get(day) ?? workOut(house, day).finally(() => days.delete(day));
  days.set(day, work);
  return work;
}

/** Whoever asks this process for a day that is being worked out waits for the same work. */
const asked = new WeakMap<House, Map<CivilDate, Promise<Snapshot | undefined>>>();

async function workOut(house: House, day: CivilDate): Promise<Snapshot | undefined> {
  if (!(await isLongOver(house, day)) && !(await isSettled(house.db, patienceMs))) return undefined;
  // One portfolio at a time is enough work for a database: another day waits for its turn, holding no connection.
  for (const giveUpAt = performance.now() + patienceMs; performance.now() < giveUpAt;) {
    const taken = await takeAlone(house, day);
    if (taken !== 'busy') return taken;
    await sleep(50);
  }
  return undefined;
}

/** How long somebody is kept waiting before he is asked to come again. */
const patienceMs = 5_000;

/** `busy` while this process or another one works out another portfolio. */
async function takeAlone(house: House, day: CivilDate): Promise<Snapshot | 'busy'> {
  return house.db.connection().execute(async (one) => {
    const { rows } = await sql<{
      mine: boolean;
    }>`select pg_try_advisory_lock(${advisoryLocks.portfolio}) as mine`.execute(one);
    if (rows[0]?.mine !== true) return 'busy';
    try {
      return await takeSnapshot(house, day);
    } finally {
      await sql`select pg_advisory_unlock(${advisoryLocks.portfolio})`.execute(one);
    }
  });
}

/** Whether the day ended so long ago that nobody can still be recording anything of it: no transaction lasts for an hour. */
async function isLongOver({ clock }: House, day: CivilDate): Promise<boolean> {
  return (await clock.now()) - endOfLawDay(day) > hourMs * clock.settings.speed;
}

/** Up to `limit` lines of a written portfolio after that invoice, one more where there are more. */
export async function portfolioLines(
  db: Db,
  { day, creditorId }: { readonly day: CivilDate; readonly creditorId?: string | undefined },
  limit: number,
  after: string | null,
): Promise<readonly Standing[]> {
  const found: Standing[] = [];
  for await (const lines of linesOf(db, day, after)) {
    for (const line of lines) {
      if (creditorId === undefined || line.creditorId === creditorId) found.push(line);
      if (found.length > limit) return found;
    }
  }
  return found;
}

interface Credit {
  readonly creditorId: string;
  readonly currency: string;
  readonly cents: number;
}

interface Account {
  readonly day: CivilDate;
  readonly creditorId?: string | undefined;
}

/** Money that belonged to no invoice at the end of a day as it was known then, per creditor and currency, in positive cents. */
export async function unallocatedBefore(db: Db, account: Account): Promise<readonly Credit[]> {
  return unallocated(db, account, sql<boolean>`at < ${new Date(asOf(account.day).endsAt)}`);
}

/** The same by value date, as it is known today. */
export async function unallocatedByValueDate(db: Db, account: Account): Promise<readonly Credit[]> {
  return unallocated(db, account, sql<boolean>`day <= ${account.day}::date`);
}

async function unallocated(
  db: Db,
  { creditorId }: Account,
  isKnown: RawBuilder<boolean>,
): Promise<readonly Credit[]> {
  const { rows } = await sql<Credit>`
    select creditor_id as "creditorId", currency, -sum(amount_cents)::bigint as cents from ledger_entry
    where invoice_id is null and ${isKnown}
      ${creditorId === undefined ? sql`` : sql`and creditor_id = ${creditorId}::uuid`}
    group by creditor_id, currency having sum(amount_cents) < 0 order by creditor_id, currency`.execute(db);
  return rows;
}

/** How invoices, debtors and creditors of lines are called today. */
export interface Names {
  readonly number: string;
  readonly term: number;
  readonly debtor: string;
  readonly creditor: string;
}

/** By invoice. The debtor is the one that the line names, under the name that he has now: names are no facts. */
export async function namesOf(
  db: Db,
  lines: readonly { readonly invoiceId: string; readonly debtorId: string }[],
): Promise<ReadonlyMap<string, Names>> {
  if (lines.length === 0) return new Map();
  const invoices = await db
    .selectFrom('invoice')
    .innerJoin('creditor', 'creditor.id', 'invoice.creditor_id')
    .select(['invoice.id', 'invoice.number', 'invoice.term', 'creditor.legal_name', 'creditor.key'])
    .where(
      'invoice.id',
      'in',
      lines.map(({ invoiceId }) => invoiceId),
    )
    .execute();
  const debtors = await db
    .selectFrom('debtor')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(lines.map(({ debtorId }) => debtorId))])
    .execute();
  const nameOf = new Map(debtors.map(({ id, name }) => [id, name]));
  const debtorOf = new Map(lines.map(({ invoiceId, debtorId }) => [invoiceId, debtorId]));
  return new Map(
    invoices.map(({ id, number, term, legal_name, key }) => {
      const debtor = nameOf.get(debtorOf.get(id) ?? '') ?? '';
      return [id, { number, term, debtor, creditor: legal_name ?? key }];
    }),
  );
}
