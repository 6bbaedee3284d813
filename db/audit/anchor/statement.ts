import type { CivilDate, Instant } from '../../../domain/time.ts';
import { sha256Of } from '../../sha256.ts';
import { hashOfHeads, leafOf } from './heads.ts';
import type { Head } from './heads.ts';
import { merkleRoot } from './merkle.ts';

/**
 * What one anchor says: how far every chain of the journal had come, in one hash.
 *
 * It names the hash of the anchor before, so that none can be left out or put in later; its text is what is signed and
 * stamped with a time. Written down where nobody of the database can write, it lets anybody tell later whether the chains were
 * rewritten.
 */
export interface AnchorStatement {
  /** From 1 without a gap. */
  readonly anchor: number;
  /** The day of the machine in UTC, one anchor each. */
  readonly day: CivilDate;
  readonly madeAt: string;
  /** The same moment by the business clock. */
  readonly businessAt: string;
  readonly chains: number;
  /** Of all chains together: they have no gaps. */
  readonly entries: number;
  /** Of the Merkle tree over `subject|number|hash`, sorted by the bytes of the subjects. */
  readonly root: string;
  /** The hash of the text of the anchor before; null of the first. */
  readonly previous: string | null;
  /** Its list holds the chains that moved since that anchor, the one before; all of them when null, or absent as in earlier releases. */
  readonly listedSince?: number | null;
  /** Of the lines of its list, so that it can be believed without those before it. */
  readonly listSha256?: string;
}

/** Where in a row of anchors the next one stands, and at which moment. */
export interface AnchorPlace {
  readonly n: number;
  readonly day: CivilDate;
  readonly machine: Instant;
  readonly business: Instant;
  readonly previous: string | null;
}

/** The list that is kept of an anchor. */
export interface AnchorList {
  readonly since: number | null;
  readonly heads: readonly Head[];
}

export function statementOf(heads: readonly Head[], list: AnchorList, place: AnchorPlace): AnchorStatement {
  return {
    anchor: place.n,
    day: place.day,
    madeAt: new Date(place.machine).toISOString(),
    businessAt: new Date(place.business).toISOString(),
    chains: heads.length,
    entries: heads.reduce((sum, { seq }) => sum + seq, 0),
    root: merkleRoot(heads.map(leafOf)),
    previous: place.previous,
    listedSince: list.since,
    listSha256: hashOfHeads(list.heads),
  };
}

/** The statement as it is signed: JSON in two-space lines, for people read it too. */
export function textOfStatement(statement: AnchorStatement): string {
  return `${JSON.stringify(statement, null, 2)}\n`;
}

/** A statement from its text; throws when it is none. */
export function statementFrom(text: string): AnchorStatement {
  const statement = JSON.parse(text) as AnchorStatement;
  const { anchor, day, chains, entries, root } = statement;
  const isOne =
    Number.isInteger(anchor) &&
    Number.isInteger(chains) &&
    Number.isInteger(entries) &&
    typeof day === 'string' &&
    typeof root === 'string';
  if (!isOne) throw new Error('it is no anchor');
  return statement;
}

/** The hash by which the next anchor names this one. */
export function hashOfStatement(text: string): string {
  return sha256Of(text);
}
