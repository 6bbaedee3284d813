import { sql } from 'kysely';
import { apply, openCollection } from '../../../domain/apply.ts';
import type { Collection } from '../../../domain/collection.ts';
import type { Fact } from '../../../domain/fact.ts';
import { grouped } from '../../grouped.ts';
import type { House } from '../../house.ts';
import { factFrom } from '../../journal.ts';
import type { AfterFound, Candidate, Period } from './question.ts';

/** An entry of an invoice that may be what is asked for. */
export interface EntryCandidate extends Candidate {
  readonly subject: string;
  readonly seq: number;
  readonly type: string;
}

/** Entries of invoices of some kinds in the period, in order; `about` says more of the body, as `said`. */
export function entryCandidates(types: readonly string[]) {
  return async (
    db: House['db'],
    { from, to }: Period,
    after: AfterFound | null,
    count: number,
  ): Promise<readonly EntryCandidate[]> => {
    const { rows } = await sql<EntryCandidate>`
      select * from (
        select at, subject || '#' || lpad(seq::text, 9, '0') as key, subject, seq, type from journal
        where type = any(${[...types]}::text[]) and subject like 'invoice/%'
          and at >= ${new Date(Math.max(from, after?.[0] ?? from))} and at < ${new Date(to)}) entry
      ${after === null ? sql`` : sql`where (at, key) > (${new Date(after[0])}, ${after[1]})`}
      order by at, key limit ${count}`.execute(db);
    return rows;
  };
}

/** A fact with the file as it was before, and the entries of the invoice up to it. */
export interface Moment {
  readonly invoiceId: string;
  readonly fact: Fact | null;
  readonly before: Collection;
  readonly facts: readonly { readonly fact: Fact; readonly seq: number }[];
}

/**
 * Lives the invoices of these entries and stops before each: what the file was when it was written. Entries before the first
 * fact of their invoice have no file and are left out. By the key of the entry.
 */
export async function momentsBefore(
  { db, rules }: Pick<House, 'db' | 'rules'>,
  entries: readonly { readonly key: string; readonly subject: string; readonly seq: number }[],
): Promise<ReadonlyMap<string, Moment>> {
  const subjects = [...new Set(entries.map(({ subject }) => subject))];
  if (subjects.length === 0) return new Map();
  const rows = await db
    .selectFrom('journal')
    .select(['subject', 'seq', 'body'])
    .where('subject', 'in', subjects)
    .where('fact', 'is not', null)
    .orderBy('subject')
    .orderBy('seq')
    .execute();
  const rowsOf = grouped(rows, ({ subject }) => subject);
  const wantedOf = grouped(entries, ({ subject }) => subject);
  const moments = new Map<string, Moment>();
  for (const subject of subjects) {
    const wanted = [...(wantedOf.get(subject) ?? [])].sort((one, other) => one.seq - other.seq);
    const facts: { fact: Fact; seq: number }[] = [];
    let file: Collection | undefined;
    const meet = (upTo: number, at: Fact | null): void => {
      for (let next = wanted[0]; next && next.seq <= upTo; next = wanted[0]) {
        wanted.shift();
        if (file)
          moments.set(next.key, {
            invoiceId: file.invoiceId,
            fact: next.seq === upTo ? at : null,
            before: file,
            facts: [...facts],
          });
      }
    };
    for (const { seq, body } of rowsOf.get(subject) ?? []) {
      const fact = await factFrom(db, rules, body);
      meet(seq, fact);
      if (file) file = apply(file, fact);
      else if (fact.type === 'invoiceRegistered') file = openCollection(fact);
      facts.push({ fact, seq });
    }
    meet(Number.MAX_SAFE_INTEGER, null);
  }
  return moments;
}
