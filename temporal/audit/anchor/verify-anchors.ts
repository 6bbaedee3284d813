import { createPublicKey } from 'node:crypto';
import type { KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Selectable } from 'kysely';
import { hashOfHeads, leafOf, unpackHeads } from '../../../db/audit/anchor/heads.ts';
import type { Head } from '../../../db/audit/anchor/heads.ts';
import { merkleRoot } from '../../../db/audit/anchor/merkle.ts';
import { hashOfStatement, statementFrom } from '../../../db/audit/anchor/statement.ts';
import type { AnchorStatement } from '../../../db/audit/anchor/statement.ts';
import { AnchoredHeads, verifyHeads, verifyNewChains } from '../../../db/audit/anchor/verify-heads.ts';
import type { Db } from '../../../db/database.ts';
import { dayMs } from '../../../domain/time.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Findings } from '../../../db/invariants.ts';
import type { AnchorTable } from '../../../db/schema.ts';
import { nameOfAnchor, namesOfKept, readKept } from './anchor-folder.ts';
import type { KeptAnchor } from './anchor-folder.ts';
import { isSignedBy } from './signing-key.ts';
import { readTimeStamp } from './time-stamp.ts';

export interface AnchorCheck {
  readonly db: Db;
  readonly findings: Findings;
  /** Where the anchors were kept outside the database. */
  readonly folder: string;
  /** Those that may have signed them, from where nobody of the database could change them. */
  readonly publicKeys: readonly KeyObject[];
  /** Now, by the machine's clock: a newest anchor that is old is a finding. */
  readonly machine: Instant;
  /** How far clocks may differ, in business time (`clockSlackMs`). */
  readonly slackMs: number;
  /** Who must have issued the certificates of time-stamps; anybody when empty. */
  readonly authorities?: readonly X509Certificate[];
}

/** How far the anchors reach: told with the verdict, for what is younger is proved by nothing outside yet. */
export interface AnchorsSeen {
  readonly count: number;
  /** Of those that hold by themselves; it alone vouches for anything. */
  readonly newest: AnchorStatement | null;
  /** Of those, how many have a time-stamp. */
  readonly stamped: number;
}

/**
 * Compares the journal with the anchors outside the database: every chain that was anchored must still hold, at its place,
 * the entry that it had then.
 *
 * The list of each anchor that holds by itself (signature, list, root) is compared with the chains, for a forged one
 * proves nothing, and whatever else is wrong with it: that others are missing, or that the database knows another one or none in its
 * place, is told beside it. Who can write in the database can take its anchors away, not what they signed. The
 * journal may grow meanwhile. Throws when the folder can't be read.
 */
export async function verifyAnchors(check: AnchorCheck): Promise<AnchorsSeen> {
  const { db, findings } = check;
  findings.looksAt('I25');
  // Names before rows: an anchor that is made meanwhile is then looked at next time.
  const names = await namesOfKept(check.folder);
  const rows = await readRows(db);
  const anchored = new AnchoredHeads();
  const seen = new Set<number>();
  const missing: { n: number; name: string }[] = [];
  let before: Place | null = null;
  let newest: AnchorStatement | null = null;
  let stamped = 0;
  for (const name of names) {
    const kept = await readKept(check.folder, name);
    const statement = statementIn(kept, findings);
    if (!statement) continue;
    const { anchor: n } = statement;
    const hash = hashOfStatement(kept.statement);
    const { holds, wrong } = judged(kept, statement, check);
    const row = rows.get(n);
    if (row && row.time_stamp !== null && !kept.timeStamp) wrong.push('its time-stamp was taken away');
    const place = wrongPlace(statement, before, rows);
    if (place !== null) wrong.push(place);
    if (!row) missing.push({ n, name });
    else if (row.hash !== hash) wrong.push('the database holds another one in its place');
    for (const what of wrong) findings.add('I25', `anchor/${n}`, `(${kept.name}) ${what}`);
    seen.add(n);
    if (holds) {
      if (!anchored.follows(statement)) checkRoot(anchored, newest, findings);
      anchored.add(statement, holds);
      newest = statement;
      if (kept.timeStamp) stamped += 1;
    }
    before = { n, hash };
  }
  await tellGone(check, rows, seen);
  checkRoot(anchored, newest, findings);
  tellMissing(missing, findings);
  await lookForStandstill(check, newest);
  await verifyHeads(db, anchored, findings, check.slackMs);
  await verifyNewChains(db, anchored, findings, check.slackMs);
  return { count: seen.size, newest, stamped };
}

/** An anchor as the next one names it. */
interface Place {
  readonly n: number;
  readonly hash: string;
}

/** Why an anchor does not stand behind the one before it in the folder; null when it does. */
function wrongPlace(
  { anchor: n, previous }: AnchorStatement,
  before: Place | null,
  rows: Rows,
): string | null {
  if (before && n !== before.n + 1)
    return `it follows anchor ${before.n}: what was between them was taken away`;
  if (before && previous !== before.hash) return `it was made after another anchor ${before.n}`;
  // Those of before there was a folder have no key, and were never outside.
  if (!before && n > 1 && rows.get(n - 1)?.public_key !== null)
    return 'it is the first one here: those before it were taken away';
  return null;
}

/** Those that the database says were kept outside, and whose files are gone. */
async function tellGone(
  { folder, findings }: AnchorCheck,
  rows: Rows,
  seen: ReadonlySet<number>,
): Promise<void> {
  for (const row of rows.values()) {
    if (row.kept_as === null || seen.has(row.n)) continue;
    if ((await readKept(folder, row.kept_as)).statement === '')
      findings.add(
        'I25',
        `anchor/${row.n}`,
        `(${nameOfAnchor(row)}) was kept outside the database and is not there`,
      );
  }
}

/** Those without a row, a finding for each run of them: a hundred would hide what was rewritten behind them. */
function tellMissing(
  missing: readonly { readonly n: number; readonly name: string }[],
  findings: Findings,
): void {
  for (let from = 0; from < missing.length;) {
    let to = from;
    while (missing[to + 1]?.n === (missing[to]?.n ?? 0) + 1) to += 1;
    const [first, last] = [missing[from], missing[to]];
    const more = first && last && first !== last ? `, nor any up to anchor ${last.n}` : '';
    if (first)
      findings.add(
        'I25',
        `anchor/${first.n}`,
        `(${first.name}) the database has no such anchor${more}: it was removed there, or the database is an older one`,
      );
    from = to + 1;
  }
}

/** What the database knows of the anchors, by their numbers. */
type Rows = ReadonlyMap<
  number,
  Pick<Selectable<AnchorTable>, 'n' | 'day' | 'hash' | 'kept_as' | 'public_key' | 'time_stamp'>
>;

async function readRows(db: Db): Promise<Rows> {
  const rows = await db
    .selectFrom('anchor')
    .select(['n', 'day', 'hash', 'kept_as', 'public_key', 'time_stamp'])
    .orderBy('n')
    .execute();
  return new Map(rows.map((row) => [row.n, row]));
}

function statementIn(kept: KeptAnchor, findings: Findings): AnchorStatement | null {
  try {
    return statementFrom(kept.statement);
  } catch {
    findings.add('I25', `anchor/${kept.name}`, 'is not what was written: it is no anchor any more');
    return null;
  }
}

interface Judged {
  /** Its list, where it can be believed: the anchor was signed by one of the keys, and over this very list. */
  readonly holds: readonly Head[] | null;
  readonly wrong: string[];
}

/** What is wrong with one anchor, looked at by itself. */
function judged(kept: KeptAnchor, statement: AnchorStatement, check: AnchorCheck): Judged {
  const { statement: text, signature } = kept;
  const wrong: string[] = [];
  if (!signature) wrong.push('its signature was taken away');
  else if (!check.publicKeys.some((key) => isSignedBy(key, text, signature)))
    wrong.push('it is not signed by the key that is given: it was altered, or somebody else made it');
  const heads = headsIn(kept);
  if (!kept.heads) wrong.push('its list of heads was taken away');
  else if (!heads || !isListOf(statement, heads))
    wrong.push('its list of heads is not the one that it was made over');
  const holds = wrong.length === 0 ? heads : null;
  if (kept.timeStamp) {
    try {
      readTimeStamp(kept.timeStamp, Buffer.from(text), { authorities: check.authorities ?? [] });
    } catch (failure) {
      wrong.push(`its time-stamp does not hold: ${(failure as Error).message}`);
    }
  }
  return { holds, wrong };
}

/** Whether that is the list of the anchor: the one that it names by its hash and, where it holds all chains, with its root. */
function isListOf(statement: AnchorStatement, heads: readonly Head[]): boolean {
  const { listedSince = null, listSha256, root } = statement;
  if (listSha256 !== undefined && hashOfHeads(heads) !== listSha256) return false;
  return listedSince === null ? merkleRoot(heads.map(leafOf)) === root : listSha256 !== undefined;
}

/**
 * Whether what moved, anchor by anchor, leads to the root of the last of them. Each list was signed by itself, so once for each
 * row of lists is enough; a tree of all chains for each day would take hours after some years.
 */
function checkRoot(anchored: AnchoredHeads, last: AnchorStatement | null, findings: Findings): void {
  const root = last && (last.listedSince ?? null) !== null ? anchored.root() : null;
  if (last && root !== null && root !== last.root)
    findings.add('I25', `anchor/${last.anchor}`, 'what it and those before it list does not make its root');
}

/**
 * An anchor a day is made and kept; where the newest one outside is older than two while the journal went on, that has
 * stopped, or somebody took the newer ones away together with what the database knew of them.
 */
async function lookForStandstill(
  { db, findings, machine }: AnchorCheck,
  newest: AnchorStatement | null,
): Promise<void> {
  if (!newest || machine - Date.parse(newest.madeAt) <= standstillMs) return;
  const { count } = await db
    .selectFrom('journal')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const since = count - newest.entries;
  if (since > 0)
    findings.add(
      'I25',
      `anchor/${newest.anchor}`,
      `of ${newest.madeAt} is the newest one outside the database that holds, and ${since} entries were written since: no anchor is made or kept any more, or newer ones were taken away`,
    );
}

const standstillMs = 2 * dayMs;

function headsIn({ heads }: KeptAnchor): readonly Head[] | null {
  try {
    return heads && unpackHeads(heads);
  } catch {
    return null; // Told as a list that is not the one of its anchor.
  }
}

/** All public keys in a PEM file; throws with the remedy when it holds none. */
export async function publicKeysIn(file: string): Promise<readonly KeyObject[]> {
  const text = await readFile(file, 'utf8');
  const blocks = text.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [];
  if (blocks.length === 0)
    throw new Error(
      `${file} holds no public key: give the PEM file that was handed to you with --public-key.`,
    );
  return blocks.map((block) => createPublicKey(block));
}
