import { sql } from 'kysely';
import type { Db } from '../../db/database.ts';
import { recipientMark } from '../../db/erasure/sealed-message.ts';
import type { Instant } from '../../domain/time.ts';
import type { Evidence } from './carrier.ts';
import { dialled } from './dialled.ts';

/** What we know of a message whose outcome is unknown, for a carrier that can search its own records. */
export interface Sought {
  readonly recipient: string;
  readonly text: string;
  /** By the machine's time, when the message was written down; its attempt came after. */
  readonly writtenAt: Instant;
  /** By the machine's time, how long nothing has happened to it. */
  readonly quietMs: number;
  /** References of other messages to the same recipient: what the provider lists under them is accounted for. */
  readonly otherRefs: ReadonlySet<string>;
  /** Whether another message without an outcome could be taken for this one. */
  readonly hasTwin: boolean;
}

/**
 * What providers have told us about a message, and what we know of it ourselves.
 *
 * Any event that names our id proves that the provider had the message, whatever the event says of it. None proves
 * nothing: events come late, or never.
 */
export interface Hearsay {
  evidenceOf(messageId: string): Promise<Evidence>;
  sought(messageId: string): Promise<Sought | undefined>;
}

export function hearsayIn(db: Db): Hearsay {
  return {
    async evidenceOf(messageId) {
      const event = await db
        .selectFrom('provider_event')
        .select('event_id')
        .where('message_id', '=', messageId)
        .limit(1)
        .executeTakeFirst();
      return event ? { kind: 'accepted', ref: null } : { kind: 'silent' };
    },

    async sought(messageId) {
      const message = await db
        .selectFrom('message')
        .leftJoin('debtor', 'debtor.id', 'message.debtor_id')
        .select(['message.recipient', 'message.body_text', 'message.recorded_at', 'debtor.country'])
        .select(sql<number>`extract(epoch from clock_timestamp() - touched_at)::float8 * 1000`.as('quiet_ms'))
        .where('message.id', '=', messageId)
        .executeTakeFirst();
      if (!message) return undefined;
      const mark = await recipientMark(db, message.recipient);
      const others = await db
        .selectFrom('message')
        .select(['provider_ref', 'state', 'body_text'])
        .where(({ eb, or }) =>
          // What was written before messages were sealed may still be in clear.
          or([eb('recipient_mark', '=', mark), eb('recipient', '=', message.recipient)]),
        )
        .where('channel', '=', 'sms')
        .where('id', '!=', messageId)
        .execute();
      return {
        recipient: dialled(message.recipient, message.country ?? 'FR') ?? message.recipient,
        text: message.body_text ?? '',
        writtenAt: message.recorded_at,
        quietMs: message.quiet_ms,
        otherRefs: new Set(others.flatMap(({ provider_ref: ref }) => ref ?? [])),
        hasTwin: others.some(
          ({ state, body_text: text }) =>
            (state === 'unknown' || state === 'claimed') && text === message.body_text,
        ),
      };
    },
  };
}
