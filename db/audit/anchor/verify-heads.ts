import { sql } from 'kysely';
import type { CivilDate, Instant } from '../../../domain/time.ts';
import type { Db } from '../../database.ts';
import { inPages } from '../../in-pages.ts';
import type { Findings } from '../../invariants.ts';
import { inOrder, leafOf } from './heads.ts';
import type { Head } from './heads.ts';
import { merkleRoot } from './merkle.ts';
import type { AnchorStatement } from './statement.ts';

/** That a chain stood at an entry when an anchor was made. */
interface Anchored {
  readonly seq: number;
  readonly hash: string;
  readonly anchor: number;
  readonly day: CivilDate;
  /** Of the last anchor that had the chain there: whatever stands behind it is of no earlier moment. */
  notBefore: Instant;
  /** The span in which that was. */
  span: Span;
}

/** Anchors that follow each other, from one with a list of all chains, or one behind a gap, to the next such. */
interface Span {
  /** Of its last anchor. Till then a chain that its lists have named has not moved unless they say so. */
  end: Instant;
  /** Whether it begins with a list of all chains: then what its lists do not name was not there. */
  readonly isWhole: boolean;
}

/** What anchors say of each chain, oldest first; one that did not grow between two of them is kept once. */
export class AnchoredHeads {
  readonly #chains = new Map<string, Anchored[]>();
  /** By which anchor a chain was first known, and the last moment before at which all chains were known. */
  readonly #bornAfter = new Map<string, Instant>();
  #span: Span = { end: -Infinity, isWhole: false };
  #last: number | null = null;
  #allKnownAt: Instant = -Infinity;

  /** Whether the list of that anchor says what moved since the last one here, and nothing lies between. */
  follows({ listedSince = null }: AnchorStatement): boolean {
    return listedSince !== null && listedSince === this.#last;
  }

  add(statement: AnchorStatement, heads: readonly Head[]): void {
    const { anchor, day, listedSince = null } = statement;
    const moment = momentOf(statement);
    if (!this.follows(statement)) this.#span = { end: moment, isWhole: listedSince === null };
    for (const { subject, seq, hash } of heads) {
      const chain = this.#chains.get(subject);
      const last = chain?.at(-1);
      const now = { seq, hash, anchor, day, notBefore: moment, span: this.#span };
      if (last?.seq === seq && last.hash === hash) last.span = this.#span;
      else if (last) {
        last.notBefore = last.span.end;
        chain?.push(now);
      } else {
        this.#chains.set(subject, [now]);
        this.#bornAfter.set(subject, this.#allKnownAt);
      }
    }
    this.#span.end = moment;
    this.#last = anchor;
    if (this.#span.isWhole) this.#allKnownAt = moment;
  }

  chains(): readonly (readonly [string, readonly Anchored[]])[] {
    for (const chain of this.#chains.values()) {
      const last = chain.at(-1);
      if (last) last.notBefore = last.span.end;
    }
    return [...this.#chains];
  }

  /** The root over all heads as the lists have left them; null behind a gap, where not all are known. */
  root(): string | null {
    if (!this.#span.isWhole) return null;
    const heads = [...this.#chains].flatMap(([subject, chain]) => {
      const last = chain.at(-1);
      return last?.span === this.#span ? { subject, seq: last.seq, hash: last.hash } : [];
    });
    return merkleRoot(inOrder(heads).map(leafOf));
  }

  /** The moment at which no anchor knew that chain yet. */
  unknownAt(subject: string): Instant {
    return this.#bornAfter.get(subject) ?? this.#allKnownAt;
  }
}

/** By the clock that was behind: some chains are dated by the machine, and business time may run ahead of it. */
function momentOf({ madeAt, businessAt }: AnchorStatement): Instant {
  return Math.min(Date.parse(madeAt), Date.parse(businessAt));
}

const chainsAtOnce = 2_000;

/**
 * Looks whether every chain still holds what anchors say of it, and names what is not so: gone, cut off, or rewritten, and
 * from which entry on as far as anchors tell. A chain may have grown since.
 */
export async function verifyHeads(
  db: Db,
  anchored: AnchoredHeads,
  findings: Findings,
  slackMs: number,
): Promise<void> {
  const chains = anchored.chains();
  for (let from = 0; from < chains.length; from += chainsAtOnce) {
    const some = chains.slice(from, from + chainsAtOnce);
    const { ends, entries } = await readChains(db, some);
    for (const [subject, heads] of some) {
      const entryAt = (seq: number): Found | undefined => entries.get(`${subject}|${seq}`);
      const wrong = wrongWith(heads, ends.get(subject), entryAt) ?? putInLater(heads, entryAt, slackMs);
      if (wrong !== null) findings.add('I25', subject, wrong);
    }
  }
}

/**
 * Looks whether every chain that an anchor did not know yet begins after it: one that was made up later, of days of the past,
 * holds by itself.
 */
export async function verifyNewChains(
  db: Db,
  anchored: AnchoredHeads,
  findings: Findings,
  slackMs: number,
): Promise<void> {
  const read = (after: string | null) =>
    db
      .selectFrom('journal')
      .select(['subject', 'at'])
      .where('seq', '=', 1)
      .where('subject', '>', after ?? '')
      .orderBy('subject')
      .limit(chainsAtOnce)
      .execute();
  for await (const beginnings of inPages(chainsAtOnce, read, ({ subject }) => subject))
    for (const { subject, at } of beginnings) {
      const unknownAt = anchored.unknownAt(subject);
      if (at < unknownAt - slackMs)
        findings.add(
          'I25',
          subject,
          `was put in later: it begins at ${instantOf(at)}, and the anchor of ${instantOf(unknownAt)} knows nothing of it`,
        );
    }
}

/** What stands in the journal at a place that an anchor names, or behind it. */
interface Found {
  readonly hash: string;
  readonly at: Instant;
}

/** The entries that anchors name, and each one behind them. */
async function readChains(
  db: Db,
  chains: readonly (readonly [string, readonly Anchored[]])[],
): Promise<{ ends: ReadonlyMap<string, number>; entries: ReadonlyMap<string, Found> }> {
  const asked = chains.flatMap(([subject, heads]) =>
    heads.flatMap(({ seq }) => [
      { subject, seq },
      { subject, seq: seq + 1 },
    ]),
  );
  const subjects = asked.map(({ subject }) => subject);
  const { rows } = await sql<Head & Found>`
    select distinct journal.subject, journal.seq, journal.hash, journal.at
    from unnest(${subjects}::text[], ${asked.map(({ seq }) => seq)}::int[]) as asked (subject, seq)
    join journal on journal.subject = asked.subject and journal.seq = asked.seq`.execute(db);
  const ends = await sql<{ subject: string; seq: number }>`
    select subject, max(seq)::int as seq from journal where subject = any(${[...new Set(subjects)]}::text[]) group by subject`.execute(
    db,
  );
  return {
    ends: new Map(ends.rows.map(({ subject, seq }) => [subject, seq])),
    entries: new Map(rows.map(({ subject, seq, hash, at }) => [`${subject}|${seq}`, { hash, at }])),
  };
}

/** What stands behind an anchored entry was not there yet when the anchor was made, so it is of no earlier moment. */
function putInLater(
  heads: readonly Anchored[],
  entryAt: (seq: number) => Found | undefined,
  slackMs: number,
): string | null {
  for (const { seq, notBefore } of heads) {
    const next = entryAt(seq + 1);
    if (next && next.at < notBefore - slackMs)
      return `has an entry ${seq + 1} of ${instantOf(next.at)} that was put in later: an anchor of ${instantOf(notBefore)} has it end with entry ${seq}`;
  }
  return null;
}

function instantOf(at: Instant): string {
  return new Date(at).toISOString();
}

/** What is first wrong with a chain, in words; null when it holds all that was anchored of it. */
function wrongWith(
  heads: readonly Anchored[],
  end: number | undefined,
  entryAt: (seq: number) => Found | undefined,
): string | null {
  const last = heads.at(-1);
  if (end === undefined) return `is gone: ${last ? nameOf(last) : 'it was anchored'}`;
  let held = 0;
  for (const head of heads) {
    const { seq, hash } = head;
    const found = entryAt(seq)?.hash;
    if (found === undefined && seq > end)
      return `ends with entry ${end}: its tail was cut off, for ${nameOf(head)}`;
    if (found === undefined) return `lacks entry ${seq}: ${nameOf(head)}`;
    if (found !== hash)
      return `was rewritten from ${held === 0 ? 'its beginning or later' : `entry ${held + 1} or later`}, at the latest from entry ${seq}: ${nameOf(head)}, and another hash stands there now`;
    held = seq;
  }
  return null;
}

function nameOf({ anchor, day, seq, hash }: Anchored): string {
  return `anchor ${anchor} of ${day} has it with ${seq} ${seq === 1 ? 'entry' : 'entries'}, the last with hash ${hash.slice(0, 16)}…`;
}
