import { sql } from 'kysely';
import { onlyThrough } from '../../activities/carriers/carriers.ts';
import { outboxCarrier } from '../../activities/carriers/outbox.ts';
import { attend } from '../../activities/attend.ts';
import { deliver } from '../../activities/deliver.ts';
import { performStep } from '../../activities/perform-step.ts';
import type { House } from '../../db/house.ts';
import type { Instant } from '../../domain/time.ts';

/** Something that a person or a bank does on a day of the past. */
export interface PastAct {
  readonly at: Instant;
  readonly act: () => Promise<void>;
}

/** A clock that is moved by hand. */
export interface HandClock {
  now: Instant;
}

/** Ends the day of a caller that would never come to rest. */
const turnsMax = 20_000;

/**
 * Lets the invoices of a demonstration live their past before the first start, through the very code that will move
 * them afterwards: `performStep`, the door, the outbox. So a new user finds letters, tasks and promises that are true to
 * the log, and nothing in the product knows that they are a demonstration.
 */
export async function liveThePast(
  house: House,
  clock: HandClock,
  until: Instant,
  acts: readonly PastAct[],
): Promise<void> {
  const agenda = [...acts].sort((a, b) => a.at - b.at);
  for (let turn = 0; turn < turnsMax; turn += 1) {
    const due = agenda[0];
    const wake = await nextWake(house);
    const next = Math.min(due?.at ?? Infinity, wake ?? Infinity);
    if (next > until) return;
    clock.now = Math.max(clock.now, next);
    if (due && due.at <= clock.now) await agenda.shift()?.act();
    await wakeAll(house);
  }
  throw new Error('the past of the demonstration does not come to rest');
}

async function wakeAll(house: House): Promise<void> {
  const tell = (line: string): never => {
    throw new Error(line);
  };
  const workshop = { house, carriers: onlyThrough(outboxCarrier), tell };
  const now = new Date(await house.clock.now());
  const invoices = await house.db
    .selectFrom('invoice')
    .select('id')
    .where('open', '=', true)
    .where('wake_at', '<=', sql<Instant>`${now}`)
    .execute();
  for (const { id } of invoices) await performStep(workshop, id, Number.MAX_SAFE_INTEGER);
  const debtors = await house.db
    .selectFrom('debtor')
    .select('id')
    .where('look_at', '<=', sql<Instant>`${now}`)
    .execute();
  for (const { id } of debtors) {
    for (let looks = 0, again = true; again && looks < 20; looks += 1) {
      const { lookAt } = await deliver(workshop, id);
      again = lookAt !== null && lookAt <= (await house.clock.now());
    }
  }
  const matters = await house.db
    .selectFrom('matter')
    .select('id')
    .where('look_at', '<=', sql<Instant>`${now}`)
    .execute();
  for (const { id } of matters) await attend(workshop, id);
}

async function nextWake(house: House): Promise<Instant | null> {
  const { rows } = await sql<{ at: Instant | null }>`
    select min(wakes_at) as at from sleeper`.execute(house.db);
  return rows[0]?.at ?? null;
}
