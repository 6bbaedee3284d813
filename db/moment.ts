import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Instant } from '../domain/time.ts';

/** An instant as a query compares with it; columns answer numbers, and Postgres wants a time. */
export function moment(at: Instant): RawBuilder<Instant> {
  return sql<Instant>`${new Date(at)}::timestamptz`;
}
