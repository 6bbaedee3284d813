import { sql } from 'kysely';
import { standingOf } from '../../domain/audit/standing.ts';
import type { Standing } from '../../domain/audit/standing.ts';
import { apply, openCollection } from '../../domain/apply.ts';
import type { Collection } from '../../domain/collection.ts';
import type { CivilDate, Instant } from '../../domain/time.ts';
import { atOneMoment } from '../at-one-moment.ts';
import type { Tx } from '../database.ts';
import { endOfLawDay } from '../calendars.ts';
import { grouped } from '../grouped.ts';
import type { House } from '../house.ts';
import { inPages } from '../in-pages.ts';
import { collectionFrom, factFrom } from '../journal.ts';

/** The moment up to which everything that was recorded counts: the end of a day of the law. */
export interface AsOf {
  readonly day: CivilDate;
  /** Exclusive. */
  readonly endsAt: Instant;
}

export function asOf(day: CivilDate): AsOf {
  return { day, endsAt: endOfLawDay(day) };
}

export interface HowLived {
  /** Also files to which nothing has happened since are lived from their first fact; else their stored file is taken. */
  readonly fromFirstFact?: boolean;
}

const invoicesAtOnce = 500;

/**
 * Where invoices stood at the end of a day, as it was known by then: made of what was recorded before, whatever day it speaks of.
 *
 * A payment that was entered later is not in it, though its value date lies before; a correction, a merge or a returned
 * payment of later changes nothing of it. Each file is lived again from its facts by the `apply` and `decide` that
 * work now; one that nothing has happened to since is its stored file, which `verify` keeps equal to that. Up to 500
 * invoices at a time in the order of their ids, each time of one moment of the database, so any portfolio fits into the same
 * memory.
 */
export async function* allStandings(
  house: Pick<House, 'db' | 'rules'>,
  when: AsOf,
  { fromFirstFact = false }: HowLived = {},
): AsyncGenerator<readonly Standing[]> {
  const { endsAt } = when;
  const read = (after: string | null) =>
    atOneMoment(house.db, (tx) => livesAfter(tx, house.rules, { endsAt, fromFirstFact, after }));
  for await (const lives of inPages(invoicesAtOnce, read, ({ id }) => id))
    yield lives.flatMap(({ file }) => (file && standingOf(file, when.day, endsAt - 1)) ?? []);
}

/** An invoice and its file then; none when nothing was known of it yet. */
interface Life {
  readonly id: string;
  readonly file: Collection | undefined;
}

interface Row {
  readonly id: string;
  /** Null for a file that has to be lived again. */
  readonly stored: object | null;
}

interface Asked extends Required<HowLived> {
  readonly endsAt: Instant;
  readonly after: string | null;
}

async function livesAfter(
  tx: Tx,
  rules: House['rules'],
  { endsAt, fromFirstFact, after }: Asked,
): Promise<readonly Life[]> {
  const end = new Date(endsAt);
  // Without its last entry a chain is broken: what is left of it is lived, and verify says so.
  const isMoved = fromFirstFact ? sql`true` : sql`coalesce(head.at >= ${end}, true)`;
  const { rows } = await sql<Row>`
    select invoice.id, case when ${isMoved} then null else invoice.collection end as stored
    from invoice left join journal head on head.subject = 'invoice/' || invoice.id and head.seq = invoice.journal_seq
    where (${isMoved} or invoice.balance_cents > 0)
      ${after === null ? sql`` : sql`and invoice.id > ${after}::uuid`}
    order by invoice.id limit ${invoicesAtOnce}`.execute(tx);
  const moved = rows.filter(({ stored }) => stored === null).map(({ id }) => id);
  const lived = await livedUntil(tx, rules, moved, endsAt);
  const lives: Life[] = [];
  for (const { id, stored } of rows)
    lives.push({ id, file: stored === null ? lived.get(id) : await collectionFrom(tx, rules, stored) });
  return lives;
}

/** The files of these invoices as the facts before that moment make them; those without any are left out. */
export async function livedUntil(
  tx: Tx,
  rules: House['rules'],
  invoiceIds: readonly string[],
  endsAt: Instant,
): Promise<ReadonlyMap<string, Collection>> {
  if (invoiceIds.length === 0) return new Map();
  const entries = await tx
    .selectFrom('journal')
    .select(['subject', 'body'])
    .where(
      'subject',
      'in',
      invoiceIds.map((id) => `invoice/${id}`),
    )
    .where('fact', 'is not', null)
    .where('at', '<', sql<Instant>`${new Date(endsAt)}`)
    .orderBy('subject')
    .orderBy('fact')
    .execute();
  const bodies = grouped(entries, ({ subject }) => subject);
  const files = new Map<string, Collection>();
  for (const id of invoiceIds) {
    let file: Collection | undefined;
    for (const { body } of bodies.get(`invoice/${id}`) ?? []) {
      const fact = await factFrom(tx, rules, body);
      if (file) file = apply(file, fact);
      else if (fact.type === 'invoiceRegistered') file = openCollection(fact);
    }
    if (file) files.set(id, file);
  }
  return files;
}
