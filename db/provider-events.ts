import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { ProviderEventTable } from './schema.ts';

/**
 * What providers report of our messages, as it came in: stored first, acted upon later, kept for ever.
 *
 * A provider repeats an event until it is answered, and after that too; its key makes it one. What it means for a
 * message is found off this table, so that a slow database or a mistake of ours never makes a provider send again.
 */
export interface ReportedEvent {
  /** What the provider calls it, the same each time it is repeated. */
  readonly eventId: string;
  /** The message that it names; it may be none of ours. */
  readonly messageId: string | null;
  /** One of `ProviderEventKind`, or the provider's own word for what means nothing to us. */
  readonly kind: string;
  /** Only where it may change what we know of a contact. */
  readonly address: string | null;
  /** The provider's own words, for people. */
  readonly reason: string | null;
  /** The provider's time. */
  readonly occurredAt: Instant;
}

export type Provider = 'sendgrid' | 'twilio';

export type ProviderEvent = Selectable<ProviderEventTable>;

/** The channel on which workers hear of new events. */
export const eventsChannel = 'relance_provider_events';

/** Stores events that are new, in one statement for all, and calls the workers; how many were new. */
export async function storeEvents(
  db: Db,
  provider: Provider,
  rawSha256: string,
  events: readonly ReportedEvent[],
): Promise<number> {
  if (events.length === 0) return 0;
  // What comes late about a message whose reader was erased brings nothing of him back.
  const isErased = sql`exists (select from message where message.id = "messageId" and message.erased_at is not null)`;
  const { rows } = await sql<{ fresh: number }>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(events)}::jsonb)
        as event("eventId" text, "messageId" uuid, kind text, address text, reason text, "occurredAt" bigint)),
    stored as (
      insert into provider_event (provider, event_id, message_id, kind, address, reason, occurred_at, received_at, raw_sha256)
      select ${provider}, "eventId", "messageId", kind,
        case when ${isErased} then null else address end, case when ${isErased} then null else reason end, to_timestamp("occurredAt" / 1000.0), clock_timestamp(), ${rawSha256}
      from given order by "eventId"
      on conflict do nothing returning event_id),
    counted as (select count(*)::int as fresh from stored)
    select fresh, case when fresh > 0 then pg_notify(${eventsChannel}, '') end as called from counted`.execute(
    db,
  );
  return rows[0]?.fresh ?? 0;
}

/** A place in the queue of events that nobody has acted upon. */
export type EventPlace = Pick<ProviderEvent, 'received_at' | 'provider' | 'event_id'>;

/** Events that nobody has acted upon, oldest first, from a place on. */
export async function waitingEvents(
  db: Db,
  countMax: number,
  after?: EventPlace,
): Promise<readonly ProviderEvent[]> {
  return db
    .selectFrom('provider_event')
    .selectAll()
    .where('processed_at', 'is', null)
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(date_trunc('milliseconds', received_at), provider, event_id) > (${new Date(after?.received_at ?? 0)}::timestamptz, ${after?.provider}, ${after?.event_id})`,
      ),
    )
    .orderBy(sql`date_trunc('milliseconds', received_at)`)
    .orderBy('provider')
    .orderBy('event_id')
    .limit(countMax)
    .execute();
}

/** Takes the waiting events of a message, or this one event, for the caller's transaction; in the order in which they happened. */
export async function takeEvents(
  tx: Tx,
  of: { readonly messageId: string } | Pick<ProviderEvent, 'provider' | 'event_id'>,
): Promise<readonly ProviderEvent[]> {
  return tx
    .selectFrom('provider_event')
    .selectAll()
    .where('processed_at', 'is', null)
    .$if('messageId' in of, (query) => query.where('message_id', '=', 'messageId' in of ? of.messageId : ''))
    .$if('event_id' in of, (query) =>
      query
        .where('provider', '=', 'event_id' in of ? of.provider : '')
        .where('event_id', '=', 'event_id' in of ? of.event_id : ''),
    )
    .orderBy('occurred_at')
    .orderBy('received_at')
    .orderBy('event_id')
    .forUpdate()
    .execute();
}

/** Notes that events have had their effect, or have none. */
export async function eventsFollowed(
  db: Db | Tx,
  events: readonly Pick<ProviderEvent, 'provider' | 'event_id'>[],
): Promise<void> {
  if (events.length === 0) return;
  const [providers, ids] = [events.map((event) => event.provider), events.map((event) => event.event_id)];
  await sql`
    update provider_event set processed_at = clock_timestamp()
    from unnest(${providers}::text[], ${ids}::text[]) as followed(provider, event_id)
    where provider_event.provider = followed.provider and provider_event.event_id = followed.event_id`.execute(
    db,
  );
}

/** What was reported of a message, oldest first. */
export async function eventsOfMessage(db: Db | Tx, messageId: string): Promise<readonly ProviderEvent[]> {
  return db
    .selectFrom('provider_event')
    .selectAll()
    .where('message_id', '=', messageId)
    .orderBy('occurred_at')
    .orderBy('received_at')
    .execute();
}

/** Hours after which nobody asks any more what became of a text message: silence is proof by then. */
const askHoursMax = 48;
/** Minutes after its sending at which a text message without a report is first asked about; then at twice its age. */
const askAfterMinutes = 60;

/**
 * Takes text messages whose carrier has them and has reported no end, and is to be asked now; by the machine's time,
 * because the carrier's is real.
 *
 * Each is handed out once per asking: whoever takes it moves the next asking to twice its age.
 */
export async function messagesToAskAbout(db: Db, countMax: number) {
  const rows = await db
    .updateTable('message')
    .from('debtor')
    .set({ touched_at: sql<Date>`clock_timestamp()` })
    .whereRef('debtor.id', '=', 'message.debtor_id')
    .where('message.id', 'in', (query) =>
      query
        .selectFrom('message')
        .select('id')
        .where('channel', '=', 'sms')
        .where('state', '=', 'accepted')
        .where('provider_ref', 'is not', null)
        .where(sql<boolean>`recorded_at > clock_timestamp() - ${askHoursMax} * interval '1 hour'`)
        .where(
          sql<boolean>`clock_timestamp() - touched_at >= greatest(touched_at - recorded_at, ${askAfterMinutes} * interval '1 minute')`,
        )
        .orderBy('touched_at')
        .limit(countMax)
        .forUpdate()
        .skipLocked(),
    )
    .returning([
      'message.id',
      'message.purpose',
      'message.account',
      'message.provider_ref',
      'message.touched_at as asked_at',
      'debtor.demonstration',
    ])
    .execute();
  return rows.flatMap(({ provider_ref: ref, ...row }) =>
    ref === null ? [] : [{ ...row, provider_ref: ref }],
  );
}

export type MessageToAskAbout = Awaited<ReturnType<typeof messagesToAskAbout>>[number];
