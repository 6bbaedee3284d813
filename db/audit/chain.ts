import { hourMs } from '../../domain/time.ts';
import { genesisOf, hashOf } from '../journal.ts';
import type { JournalHead } from '../journal.ts';
import type { LogEntry } from '../verify-log.ts';

/**
 * How far a moment may lie before that of the entry before it, by real time: clocks of several machines differ, and an import
 * works for minutes. Whoever puts something in later gives it a day of the past.
 */
export const clockSlackMs = hourMs;

/** Follows a chain from its first entry; all it remembers is the last one. */
export class ChainWalk {
  readonly subject: string;
  readonly #slackMs: number;
  #before: JournalHead;
  #at = -Infinity;

  /** `slackMs`: how far `at` may go back, in business time. */
  constructor(subject: string, slackMs: number) {
    this.subject = subject;
    this.#slackMs = slackMs;
    this.#before = genesisOf(subject);
  }

  /** The last entry that was what was written. */
  get head(): JournalHead {
    return this.#before;
  }

  /** Whether the next entry is what was written behind those before it, and at no earlier moment. */
  accepts(entry: LogEntry): boolean {
    const { seq, hash } = this.#before;
    if (entry.seq !== seq + 1 || entry.prev_hash !== hash || !fits(entry)) return false;
    if (entry.at < this.#at - this.#slackMs) return false;
    this.#before = { seq: entry.seq, hash: entry.hash };
    this.#at = Math.max(this.#at, entry.at);
    return true;
  }
}

/**
 * Computes every hash of a chain again from the stored text, and says in words where it is first not what was written.
 *
 * Null when it holds. All entries of the subject are given in their order; `head` is the last one as somebody else keeps
 * it, by which a cut end shows. What follows the first break is broken too, so only that one is told.
 */
export function breakOf(
  subject: string,
  entries: readonly LogEntry[],
  { head, slackMs }: { readonly head?: JournalHead; readonly slackMs: number },
): string | null {
  const walk = new ChainWalk(subject, slackMs);
  for (const [index, entry] of entries.entries())
    if (!walk.accepts(entry)) return breakInWords(entries, index, walk.head);
  const end = walk.head;
  if (!head || (head.seq === end.seq && head.hash === end.hash)) return null;
  if (end.seq < head.seq)
    return `its end was cut off: it ends with entry ${end.seq}, and its head says ${head.seq}`;
  return end.seq > head.seq
    ? `entry ${head.seq + 1} was added behind its head, which says ${head.seq}`
    : `its last entry, ${nameOf(entries.at(-1))}, is not the one that its head names`;
}

/** Whether the hash of an entry is that of its content, had it been written as that number after that hash. */
function fits(entry: LogEntry, seq = entry.seq, prevHash = entry.prev_hash): boolean {
  return entry.hash === hashOf(prevHash, seq, entry);
}

/**
 * What is wrong with the entry at that index, which the walk did not accept behind `before`: altered, missing, inserted or
 * in another order, as far as what stands around it lets it be told apart.
 */
export function breakInWords(entries: readonly LogEntry[], index: number, before: JournalHead): string {
  const entry = entries[index];
  const place = before.seq + 1;
  if (!entry) return `entry ${place} is missing`;
  if (entry.seq !== place) {
    const many = entry.seq - place > 1;
    return many
      ? `entries ${place} to ${entry.seq - 1} are missing`
      : `entry ${place} is missing: ${nameOf(entry)} follows entry ${before.seq}`;
  }
  if (fits(entry) && entry.prev_hash === before.hash)
    return `${nameOf(entry)} was put in later: it is of a moment before that of ${nameOf(entries[index - 1])}`;
  if (fits(entry))
    return before.seq === 0
      ? `${nameOf(entry)} was not written as the first one of this chain`
      : `${nameOf(entries[index - 1])} is not what was written there: ${nameOf(entry)} was written after another one`;

  const exchanged = entries.slice(index + 1).find((other) => areExchanged(entry, other));
  if (exchanged) return `${nameOf(entry)} and ${nameOf(exchanged)} were put in each other’s place`;
  const later = [1, 2, 3].find((by) => fits(entry, place + by));
  if (later)
    return `${later === 1 ? `an entry was` : `${later} entries were`} taken out before ${nameOf(entry)}, which was written as entry ${place + later}`;
  const earlier = [1, 2, 3].find((by) => fits(entry, place - by));
  if (earlier)
    return `${nameOf(entries[index - earlier])} was slipped in: ${nameOf(entry)} was written as entry ${place - earlier}`;
  return `${nameOf(entry)} was altered: it is not what its hash was made of`;
}

/** Whole rows under each other's number, or their content between hashes that stayed. */
function areExchanged(one: LogEntry, other: LogEntry): boolean {
  const rows = fits(one, other.seq) && fits(other, one.seq);
  const content =
    one.hash === hashOf(one.prev_hash, one.seq, other) &&
    other.hash === hashOf(other.prev_hash, other.seq, one);
  return rows || content;
}

function nameOf(entry: LogEntry | undefined): string {
  return entry
    ? `entry ${entry.seq} (${entry.type} of ${new Date(entry.at).toISOString().slice(0, 10)})`
    : 'no entry';
}
