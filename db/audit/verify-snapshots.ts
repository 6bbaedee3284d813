import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { PortfolioTotals } from '../../domain/audit/ageing.ts';
import { standingOf } from '../../domain/audit/standing.ts';
import type { Standing } from '../../domain/audit/standing.ts';
import type { CivilDate } from '../../domain/time.ts';
import { lawDay } from '../calendars.ts';
import { sha256Of } from '../sha256.ts';
import type { LogCheck } from '../verify-log.ts';
import { livedUntil } from './as-it-was.ts';
import { comparePortfolio } from './compare-portfolio.ts';
import { isKept, isMonthEnd } from './snapshot-nights.ts';
import { digestOf, readSnapshot } from './snapshots.ts';
import type { Snapshot } from './snapshots.ts';

type Check = Pick<LogCheck, 'db' | 'rules' | 'findings' | 'now'>;

/** Of so many invoices of a snapshot the log is lived again; a changed log shows in all chains anyway, a changed rule in many. */
const invoicesSampled = 500;

/** The newest ones and some others: all are read to their digests in one run, and lived again in some. */
const snapshotsLived = 6;

/**
 * Looks whether what was written down of past days still holds: against its own digest, against the digest that the journal
 * has had since that night, and against the log.
 *
 * The log may not say otherwise of a day that is over: whatever comes later, back-dated or not, is recorded later. So a
 * difference means that somebody wrote into the log or the snapshot past the product, or that the rules
 * decide otherwise today than they did.
 */
export async function verifySnapshots(check: Check): Promise<void> {
  const { db, findings } = check;
  const days = await db.selectFrom('snapshot').select('day').orderBy('day', 'desc').execute();
  const noted = await notedDigests(check);
  const today = lawDay(check.now);
  for (const [day, digests] of noted) {
    if (digests.size > 1)
      findings.add(
        'I22',
        `snapshot/${day}`,
        `was written down ${digests.size} times, and not as the same: a past day cannot change`,
      );
    if (isKept(day, today) && !days.some((row) => row.day === day))
      findings.add('I22', `snapshot/${day}`, 'was written down, as the journal says, and is gone');
  }
  for (const { day } of days) {
    const snapshot = await readSnapshot(db, day);
    if (snapshot) await verifyDigest(check, snapshot, noted.get(day));
  }
  const [newest, others] = [days.slice(0, snapshotsLived / 2), days.slice(snapshotsLived / 2)];
  const some = others.toSorted(() => Math.random() - 0.5).slice(0, snapshotsLived / 2);
  for (const { day } of [...newest, ...some]) {
    const snapshot = await readSnapshot(db, day);
    if (snapshot) await verifyLines(check, snapshot);
  }
}

/** A day that was let go may be written down again when somebody asks for it, and must be the same then. */
async function notedDigests({ db }: Check): Promise<ReadonlyMap<CivilDate, ReadonlySet<string>>> {
  const entries = await db
    .selectFrom('journal')
    .select('body')
    .where('subject', '=', 'snapshots')
    .where('type', '=', 'snapshotTaken')
    .orderBy('seq')
    .execute();
  const noted = new Map<CivilDate, Set<string>>();
  for (const { body } of entries) {
    const { day, sha256 } = JSON.parse(body) as { day: CivilDate; sha256: string };
    noted.set(day, (noted.get(day) ?? new Set()).add(sha256));
  }
  return noted;
}

/**
 * Lives the newest snapshot and the newest month end whole, each file from its first fact, and names what differs: for an
 * audit, which takes its time.
 */
export async function verifySnapshotsWhole({ db, rules, findings }: Omit<Check, 'now'>): Promise<void> {
  const rows = await db.selectFrom('snapshot').select('day').orderBy('day', 'desc').execute();
  const days = rows.map(({ day }) => day);
  const monthEnd = days.find(isMonthEnd);
  for (const day of new Set([days[0], monthEnd])) {
    if (day === undefined) continue;
    const { differing } = await comparePortfolio({ db, rules }, day);
    for (const id of differing ?? [])
      findings.add('I22', `snapshot/${day}`, `says another thing of invoice ${id} than its log`);
  }
}

async function verifyDigest(
  { db, findings }: Check,
  { day, sha256, totals }: Snapshot,
  noted: ReadonlySet<string> | undefined,
): Promise<void> {
  const subject = `snapshot/${day}`;
  const pages: { sha256: string }[] = [];
  for await (const { number, content, sha256: said } of pagesOf(db, day)) {
    const text = textIn(content);
    if (text === undefined || sha256Of(text) !== said)
      return void findings.add('I22', subject, `page ${number} is not what was written`);
    pages.push({ sha256: said });
  }
  if (digestOf(totals, pages) !== sha256) findings.add('I22', subject, 'is not what its digest was made of');
  else if (noted?.has(sha256) !== true)
    findings.add('I22', subject, 'has another digest than the one in the journal (chain snapshots)');
}

async function* pagesOf(
  db: Check['db'],
  day: CivilDate,
): AsyncGenerator<{ number: number; content: Buffer; sha256: string }> {
  for (let number = 1; ; number += 1) {
    const page = await db
      .selectFrom('snapshot_page')
      .select(['number', 'content', 'sha256'])
      .where('day', '=', day)
      .where('number', '=', number)
      .executeTakeFirst();
    if (!page) return;
    yield page;
  }
}

function textIn(content: Buffer): string | undefined {
  try {
    return gunzipSync(content).toString();
  } catch {
    // Bytes that are no archive any more were changed: the caller says so.
    return undefined;
  }
}

async function verifyLines(check: Check, snapshot: Snapshot): Promise<void> {
  const { db, rules, findings } = check;
  const { day, endsAt } = snapshot;
  const { rows } = await sql<{ id: string }>`
    select invoice.id from invoice join journal first on first.subject = 'invoice/' || invoice.id and first.seq = 1
    where first.at < ${new Date(endsAt)} order by random() limit ${invoicesSampled}`.execute(db);
  const sampled = rows.map(({ id }) => id);
  const written = await linesAbout(check, snapshot, new Set(sampled));
  const files = await db.transaction().execute((tx) => livedUntil(tx, rules, sampled, endsAt));
  for (const id of sampled) {
    const file = files.get(id);
    const lived = file ? standingOf(file, day, endsAt - 1) : null;
    const line = written.get(id) ?? null;
    if (!isDeepStrictEqual(lived, line))
      findings.add(
        'I22',
        `snapshot/${day}`,
        `has of invoice ${id} ${inShort(line)}; its log says ${inShort(lived)}`,
      );
  }
}

/** The lines about these invoices; on the way all lines are counted and added up. */
async function linesAbout(
  { db, findings }: Check,
  { day, totals, invoices }: Snapshot,
  ids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Standing>> {
  const found = new Map<string, Standing>();
  const sums = new PortfolioTotals();
  let lines = 0;
  for await (const { content } of pagesOf(db, day))
    for (const line of (textIn(content) ?? '').split('\n').slice(0, -1)) {
      const standing = JSON.parse(line) as Standing;
      sums.add(standing);
      lines += 1;
      if (ids.has(standing.invoiceId)) found.set(standing.invoiceId, standing);
    }
  if (lines !== invoices || !isDeepStrictEqual(sums.all(), totals))
    findings.add('I22', `snapshot/${day}`, 'has totals that are not the sum of its lines');
  return found;
}

function inShort(standing: Standing | null): string {
  if (standing === null) return 'nothing owed';
  const { balanceCents, currency, state, level } = standing;
  return `${balanceCents} cents ${currency}, ${state}, ${level ?? 'no level'}`;
}
