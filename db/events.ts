import { sql } from 'kysely';
import pg from 'pg';
import type { Db } from './database.ts';
import { subjectOf } from './journal.ts';
import { toldOf } from './told.ts';
import { seenOf, toldTo } from './visible.ts';
import type { Eyes } from './visible.ts';

/**
 * The feed of committed facts, in the order of the places that the relay gave them.
 *
 * A client that names the last place it saw misses nothing and hears nothing twice. An event says which invoice and
 * which fact; whoever wants to know more reads the invoice again.
 */
export interface Event {
  readonly position: number;
  readonly invoiceId: string;
  readonly fact: number;
  readonly type: string;
}

/**
 * The events among the next `limit` of the feed that are seen and told, in order, and the place to go on from.
 *
 * Places that are not seen are passed over, not looked at again and again.
 */
export async function eventsAfter(
  eyes: Eyes,
  db: Db,
  position: number,
  limit: number,
): Promise<{ readonly events: readonly Event[]; readonly position: number; readonly isFull: boolean }> {
  const rows = await db
    .selectFrom('outbox')
    .select(['position', 'workflow', 'fact', 'type'])
    .where('position', '>', position)
    .where('fact', 'is not', null)
    .orderBy('position')
    .limit(limit)
    .execute();
  const events = rows.map((row) => ({
    position: row.position ?? 0,
    invoiceId: row.workflow.slice('invoice/'.length),
    fact: row.fact ?? 0,
    type: row.type,
  }));
  const seen = await seenOf(db, eyes, events, ({ invoiceId }) => invoiceId);
  return {
    events: await toldAmong(eyes, db, seen),
    position: events.at(-1)?.position ?? position,
    isFull: rows.length === limit,
  };
}

/** Those of the events that are told: that something happened is told as little as what it was. */
async function toldAmong(eyes: Eyes, db: Db, events: readonly Event[]): Promise<readonly Event[]> {
  const { payments, litigation } = toldTo(eyes);
  if ((payments && litigation) || events.length === 0) return events;
  const named = events.map(({ invoiceId, fact }) => sql`(${subjectOf(invoiceId)}, ${fact}::int)`);
  const entries = await db
    .selectFrom('journal')
    .select(['subject', 'seq', 'type', 'fact', 'body'])
    .where(sql<boolean>`(subject, fact) in (${sql.join(named)})`)
    .execute();
  const told = new Set((await toldOf(eyes, db, entries)).map(({ subject, fact }) => `${subject} ${fact}`));
  return events.filter(({ invoiceId, fact }) => told.has(`${subjectOf(invoiceId)} ${fact}`));
}

/** The last place given; a client without a place of its own begins after it. */
export async function lastPosition(db: Db): Promise<number> {
  const row = await db
    .selectFrom('outbox')
    .select(({ fn }) => fn.max('position').as('position'))
    .executeTakeFirst();
  return row?.position ?? 0;
}

/** How often the feed is looked at when nobody rings: the bell is a courtesy, this is the promise. */
const pollMs = 2_000;
const reconnectMs = 1_000;

/**
 * Rings when there may be new events: at a notice of the relay, and every two seconds in case one was lost.
 *
 * One connection listens for all clients of the process; when it breaks, the poll goes on alone until it is back.
 */
export class EventBell {
  readonly #url: string | undefined;
  readonly #waiting = new Set<() => void>();
  readonly #poll: NodeJS.Timeout;
  #client: pg.Client | undefined;
  #stopped = false;

  /** Without an address only the poll rings. */
  constructor(url?: string) {
    this.#url = url;
    this.#poll = setInterval(() => this.#ring(), pollMs).unref();
    void this.#listen();
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Resolves at the next ring, or when the signal is aborted. */
  next(signal: AbortSignal): Promise<void> {
    if (this.#stopped || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  /** Wakes everybody for the last time and lets go of the connection. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#poll);
    this.#ring();
    await this.#client?.end().catch(() => undefined);
  }

  #ring(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  async #listen(): Promise<void> {
    if (this.#url === undefined || this.#stopped) return;
    const client = new pg.Client({ connectionString: this.#url });
    const again = (): void => {
      if (this.#client === client) this.#client = undefined;
      if (!this.#stopped) setTimeout(() => void this.#listen(), reconnectMs).unref();
    };
    client.on('notification', () => this.#ring());
    client.on('error', () => undefined);
    client.once('end', again);
    try {
      this.#client = client;
      await client.connect();
      await client.query('listen relance_events');
      this.#ring();
    } catch {
      // The connection's end comes as an event, and with it the next try.
      await client.end().catch(() => undefined);
    }
  }
}
