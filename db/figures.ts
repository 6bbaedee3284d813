import { sql } from 'kysely';
import type { Db } from './database.ts';

/** What an operator watches: how many files stand where, and what waits. */
export interface Figures {
  readonly invoices: readonly { readonly state: string; readonly count: number }[];
  readonly messages: readonly { readonly state: string; readonly count: number }[];
  readonly tasks: readonly { readonly kind: string; readonly count: number }[];
  readonly outbox: readonly {
    readonly lane: number;
    readonly count: number;
    readonly oldestSeconds: number;
  }[];
  /** Reports of providers that nobody has acted upon. */
  readonly reports: { readonly count: number; readonly oldestSeconds: number };
  /** For how long accounts of providers are left alone; those that only wait for their turn stand at a few seconds. */
  readonly accounts: readonly { readonly account: string; readonly awaySeconds: number }[];
}

/** Counts, each from one index or a short table; the caller keeps them some seconds. */
export async function readFigures(db: Db): Promise<Figures> {
  const count = sql<number>`count(*)::int`.as('count');
  const [invoices, messages, tasks, outbox, reports, accounts] = await Promise.all([
    db.selectFrom('invoice').select(['state', count]).groupBy('state').execute(),
    db.selectFrom('message').select(['state', count]).groupBy('state').execute(),
    db.selectFrom('task').select(['kind', count]).where('state', '=', 'open').groupBy('kind').execute(),
    db
      .selectFrom('outbox')
      .select([
        'lane',
        count,
        sql<number>`extract(epoch from clock_timestamp() - min(recorded_at))::float8`.as('oldestSeconds'),
      ])
      .where('delivered_at', 'is', null)
      .groupBy('lane')
      .execute(),
    db
      .selectFrom('provider_event')
      .select([
        count,
        sql<number>`coalesce(extract(epoch from clock_timestamp() - min(received_at)), 0)::float8`.as(
          'oldestSeconds',
        ),
      ])
      .where('processed_at', 'is', null)
      .executeTakeFirstOrThrow(),
    db
      .selectFrom('account_pace')
      .select([
        'account',
        sql<number>`greatest(0, extract(epoch from next_at - clock_timestamp()))::float8`.as('awaySeconds'),
      ])
      .execute(),
  ]);
  return { invoices, messages, tasks, outbox, reports, accounts };
}
