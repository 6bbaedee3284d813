import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Author } from '../../../domain/fact.ts';
import type { Instant } from '../../../domain/time.ts';
import type { House } from '../../house.ts';

/** A place in the journal that proves something. */
export type Place = readonly [subject: string, seq: number];

/** One thing that a question has found. */
export interface Found {
  /** Business time of what was done. */
  readonly at: Instant;
  /** Distinguishes what was found at one moment; with `at` its place in the list. */
  readonly key: string;
  readonly invoiceId: string | null;
  readonly by: Author | null;
  /** Why it was found, as a code of the question. */
  readonly why: string;
  /** Ids, codes, amounts in cents and days that say more. */
  readonly more: Readonly<Record<string, string | number | null>>;
  /** The entries that prove it, the one that was found first. */
  readonly entries: readonly Place[];
}

/** From a moment on, up to another that is no more in it; by business time. */
export interface Period {
  readonly from: Instant;
  readonly to: Instant;
}

export type AfterFound = readonly [at: Instant, key: string];

export interface Finds {
  readonly found: readonly Found[];
  /** Where to go on; null at the end. There may be nothing more behind it: so much and no more is looked through at once. */
  readonly next: AfterFound | null;
}

/**
 * A question that an auditor asks of every house, ready to be asked.
 *
 * It reads what is recorded and judges it by the rules themselves where they have a word for it. What it proves and what it
 * does not is said in `api/audit/question-texts.ts`, where its codes have their words too.
 */
export interface Question {
  readonly key: string;
  find(
    house: Pick<House, 'db' | 'rules'>,
    period: Period,
    limit: number,
    after: AfterFound | null,
  ): Promise<Finds>;
}

/**
 * A question that one statement answers: it gives `at`, `key`, `"invoiceId"`, `by` (as the entry has it), `why`, `more` and
 * `entries` (both jsonb) of whatever lies in the period.
 */
export function bySql(key: string, query: (period: SqlPeriod) => RawBuilder<unknown>): Question {
  return {
    key,
    find: async ({ db }, { from, to }, limit, after) => {
      // What lies before the cursor is not looked at again.
      const since = new Date(Math.max(from, after?.[0] ?? from));
      const period = { from: sql`${since}::timestamptz`, to: sql`${new Date(to)}::timestamptz` };
      const { rows } = await sql<Omit<Found, 'by'> & { by: Author | string | null }>`
        select * from (${query(period)}) found
        ${after === null ? sql`` : sql`where (at, key) > (${new Date(after[0])}, ${after[1]})`}
        order by at, key limit ${limit + 1}`.execute(db);
      const found = rows.slice(0, limit).map((row) => ({ ...row, by: authorFrom(row.by) }));
      const last = found.at(-1);
      return { found, next: rows.length > limit && last ? [last.at, last.key] : null };
    },
  };
}

export interface SqlPeriod {
  readonly from: RawBuilder<unknown>;
  readonly to: RawBuilder<unknown>;
}

/** Something that may turn out to be what is asked for. */
export interface Candidate {
  readonly at: Instant;
  readonly key: string;
}

const candidatesAtOnce = 200;
/** So that one answer takes some seconds at most, however many candidates there are. */
const candidatesMax = 4_000;

/** A question that takes the rules to answer: candidates are read in their order and judged, a few hundred at a time. */
export function byJudging<One extends Candidate>(
  key: string,
  read: (db: House['db'], period: Period, after: AfterFound | null, count: number) => Promise<readonly One[]>,
  judge: (house: Pick<House, 'db' | 'rules'>, candidates: readonly One[]) => Promise<readonly Found[]>,
): Question {
  return {
    key,
    find: async (house, period, limit, after) => {
      const found: Found[] = [];
      let place = after;
      for (let looked = 0; looked < candidatesMax; looked += candidatesAtOnce) {
        const candidates = await read(house.db, period, place, candidatesAtOnce);
        found.push(...(await judge(house, candidates)));
        const last = candidates.at(-1);
        if (!last || candidates.length < candidatesAtOnce) return upTo(found, limit, null);
        place = [last.at, last.key];
        if (found.length > limit) break;
      }
      return upTo(found, limit, place);
    },
  };
}

function upTo(found: readonly Found[], limit: number, next: AfterFound | null): Finds {
  const last = found[limit - 1];
  return found.length > limit && last
    ? { found: found.slice(0, limit), next: [last.at, last.key] }
    : { found, next };
}

function authorFrom(by: Author | string | null): Author | null {
  return typeof by === 'string' ? { kind: 'user', id: by } : by;
}

/** The columns that all questions over entries share, where the entry is `entry` and its body, as jsonb, `said`. */
export const entryColumns = sql`entry.at, entry.subject || '#' || lpad(entry.seq::text, 9, '0') as key,
  case when entry.subject like 'invoice/%' then substr(entry.subject, 9)::uuid end as "invoiceId", said -> 'by' as by`;

/** Every entry with its body; to be cut by `within`. */
export const entriesWithBody = sql`journal entry cross join lateral (select entry.body::jsonb as said) body`;

/** Whether the entry is of one of these kinds and in the period. */
export function within(types: readonly string[], { from, to }: SqlPeriod): RawBuilder<unknown> {
  return sql`entry.type = any(${[...types]}::text[]) and entry.at >= ${from} and entry.at < ${to}`;
}

/** The entry itself as the only proof. */
export const itself = sql`jsonb_build_array(jsonb_build_array(entry.subject, entry.seq))`;
