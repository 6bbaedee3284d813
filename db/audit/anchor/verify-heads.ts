import { sql } from 'kysely';
import type { CivilDate } from '../../../domain/time.ts';
import type { Db } from '../../database.ts';
import type { Findings } from '../../invariants.ts';
import type { Head } from './heads.ts';

/** That a chain stood at an entry when an anchor was made. */
interface Anchored {
  readonly seq: number;
  readonly hash: string;
  readonly anchor: number;
  readonly day: CivilDate;
}

/** What anchors say of each chain; one that did not grow between two of them is kept once. */
export class AnchoredHeads {
  readonly #chains = new Map<string, Anchored[]>();

  add(anchor: number, day: CivilDate, heads: readonly Head[]): void {
    for (const { subject, seq, hash } of heads) {
      const chain = this.#chains.get(subject);
      const last = chain?.at(-1);
      if (last?.seq === seq && last.hash === hash) continue;
      if (chain) chain.push({ seq, hash, anchor, day });
      else this.#chains.set(subject, [{ seq, hash, anchor, day }]);
    }
  }

  chains(): readonly (readonly [string, readonly Anchored[]])[] {
    return [...this.#chains];
  }
}

const chainsAtOnce = 2_000;

/**
 * Looks whether every chain still holds what anchors say of it, and names what is not so: gone, cut off, or rewritten, and
 * from which entry on as far as anchors tell. A chain may have grown since.
 */
export async function verifyHeads(db: Db, anchored: AnchoredHeads, findings: Findings): Promise<void> {
  const chains = anchored.chains();
  for (let from = 0; from < chains.length; from += chainsAtOnce) {
    const some = chains.slice(from, from + chainsAtOnce);
    const { ends, hashes } = await readChains(db, some);
    for (const [subject, heads] of some) {
      const wrong = wrongWith(heads, ends.get(subject), (seq) => hashes.get(`${subject}|${seq}`));
      if (wrong !== null) findings.add('I25', subject, wrong);
    }
  }
}

async function readChains(
  db: Db,
  chains: readonly (readonly [string, readonly Anchored[]])[],
): Promise<{ ends: ReadonlyMap<string, number>; hashes: ReadonlyMap<string, string> }> {
  const asked = chains.flatMap(([subject, heads]) => heads.map(({ seq }) => ({ subject, seq })));
  const subjects = asked.map(({ subject }) => subject);
  const { rows } = await sql<Head>`
    select journal.subject, journal.seq, journal.hash
    from unnest(${subjects}::text[], ${asked.map(({ seq }) => seq)}::int[]) as asked (subject, seq)
    join journal on journal.subject = asked.subject and journal.seq = asked.seq`.execute(db);
  const ends = await sql<{ subject: string; seq: number }>`
    select subject, max(seq)::int as seq from journal where subject = any(${[...new Set(subjects)]}::text[]) group by subject`.execute(
    db,
  );
  return {
    ends: new Map(ends.rows.map(({ subject, seq }) => [subject, seq])),
    hashes: new Map(rows.map(({ subject, seq, hash }) => [`${subject}|${seq}`, hash])),
  };
}

/** What is first wrong with a chain, in words; null when it holds all that was anchored of it. */
function wrongWith(
  heads: readonly Anchored[],
  end: number | undefined,
  hashAt: (seq: number) => string | undefined,
): string | null {
  const last = heads.at(-1);
  if (end === undefined) return `is gone: ${last ? nameOf(last) : 'it was anchored'}`;
  let held = 0;
  for (const head of heads) {
    const { seq, hash } = head;
    const found = hashAt(seq);
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
