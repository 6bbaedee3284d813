import type { Client } from '@temporalio/client';
import { sql } from 'kysely';
import {
  archiveBegan,
  archivedAfter,
  archivedRuns,
  archivedRunsOf,
  notArchived,
  notJournaled,
} from '../../db/audit/archive.ts';
import type { ArchivedRun, RunArchived } from '../../db/audit/archive.ts';
import { machineTime } from '../../db/clock.ts';
import type { Db } from '../../db/database.ts';
import { inPages } from '../../db/in-pages.ts';
import type { Findings } from '../../db/invariants.ts';
import { readFacts } from '../../db/journal.ts';
import { Rules } from '../../db/rules.ts';
import { dayMs } from '../../domain/time.ts';
import type { Instant } from '../../domain/time.ts';
import { atOnce } from '../at-once.ts';
import { isReachable } from '../connection.ts';
import type { Archive } from './archive/archive.ts';
import { closedSince } from './archive/archive-closed.ts';
import { runIn } from './archive/closed-run.ts';
import { compareHeard } from './heard-facts.ts';
import { readKept, readLive, readLiveRuns } from './histories.ts';
import type { RunHistory } from './histories.ts';

export interface ArchiveVerification {
  readonly db: Db;
  readonly archive: Archive;
  readonly client: Client;
  readonly findings: Findings;
  /** The machine's time; asked when absent. */
  readonly now?: Instant;
  /** How many invoices are looked at, and how many runs of anything else; all when absent. */
  readonly sample?: number;
}

/** What is asked of each: the options, and what was read once. */
interface Look extends ArchiveVerification {
  readonly now: Instant;
  /** When there came to be an archive: what was over before is not missed. */
  readonly beganAt: Instant;
  readonly rules: Rules;
  /** Null while Temporal does not answer. */
  readonly temporal: Client | null;
}

const id = 'I24';
/** What is over is archived so soon. */
const archivedWithinMs = dayMs;
/** Whatever is on its way is given so long. */
const underWayMs = 600_000;
const rowsAtOnce = 200;
const lookedAtOnce = 8;

/**
 * Checks the archive: every run that is over is there, whole, as the journal and its row name it, with those before and
 * after it; and every fact of an invoice stands in a history, in the same words.
 *
 * Reads only, beside live work. While Temporal does not answer, what needs it is said to be skipped.
 */
export async function verifyArchive(options: ArchiveVerification): Promise<void> {
  const { db, client, findings, now = machineTime() } = options;
  findings.looksAt(id);
  const temporal = (await isReachable(client)) ? client : null;
  if (!temporal)
    findings.skip(id, 'Temporal does not answer, so nothing was compared with what it still holds');
  const look: Look = {
    ...options,
    now,
    temporal,
    beganAt: await archiveBegan(db),
    rules: new Rules(),
  };
  await verifyJournaled(look);
  await verifyOthers(look);
  await verifyInvoices(look);
  if (temporal) await verifyClosed(look, temporal);
}

/** What the journal says was archived has a row, that of the same history; and every row has its entry. */
async function verifyJournaled({ db, findings }: Look): Promise<void> {
  const read = (after: number | null) => archivedAfter(db, after ?? 0, rowsAtOnce);
  for await (const entries of inPages(rowsAtOnce, read, ({ seq }) => seq)) {
    const rows = await archivedRuns(
      db,
      entries.map(({ runId }) => runId),
    );
    for (const said of entries) {
      const wrong = unlikeTheJournal(said, rows.get(said.runId));
      if (wrong) findings.add(id, `${said.workflowId} run ${said.runId}`, wrong);
    }
  }
  for (const row of await notJournaled(db))
    findings.add(id, nameOf(row), 'is archived, and the journal does not say so');
}

/** The archived runs of all but invoices, whose runs are looked at with their facts. */
async function verifyOthers(look: Look): Promise<void> {
  const { db, sample } = look;
  const read = (after: string | null) =>
    db
      .selectFrom('archived_run')
      .selectAll()
      .where('run_id', '>', after ?? '')
      .where(
        sql<boolean>`not exists (select from invoice where 'invoice/' || invoice.id = archived_run.workflow_id)`,
      )
      .orderBy('run_id')
      .limit(sample ?? rowsAtOnce)
      .execute();
  for await (const rows of inPages(pageSize(sample), read, (row) => row.run_id))
    await atOnce(rows, lookedAtOnce, async (row) => {
      await verifyLinks(look, row, await verifyRun(look, row));
    });
}

/** One archived run: its object and its row are of one history. */
async function verifyRun({ archive, findings }: Look, row: ArchivedRun): Promise<RunHistory> {
  const run = await readKept(archive, row);
  const wrong = run.wrong ?? unlikeItsRow(run);
  if (wrong) findings.add(id, nameOf(row), wrong);
  return run;
}

function unlikeItsRow(run: RunHistory): string | null {
  const { history, ...row } = run;
  if (!history) return null;
  const said = runIn(history);
  const [field] = (Object.keys(said) as (keyof typeof said)[]).filter((name) => said[name] !== row[name]);
  return field === undefined
    ? null
    : `has ${field} ${String(row[field])} in its row, and ${String(said[field])} in its history`;
}

function unlikeTheJournal(said: RunArchived, row: ArchivedRun | undefined): string | null {
  if (!row) return 'was archived as the journal says, and its row is gone';
  if (said.workflowId !== row.workflow_id) return `is archived as a run of ${row.workflow_id}`;
  return said.historySha256 === row.history_sha256
    ? null
    : 'was replaced: its history is not the one that the journal names';
}

/** The runs before and after it are archived, or still in Temporal, or ended before there was an archive. */
async function verifyLinks(look: Look, row: ArchivedRun, run: RunHistory): Promise<void> {
  const { db, findings, beganAt, temporal } = look;
  const { workflow_id: workflowId } = row;
  const links = [
    { runId: row.continued_from, what: 'goes on from', at: run.startedAt },
    { runId: row.continues_as, what: 'goes on as', at: row.closed_at },
  ].flatMap(({ runId, ...link }) =>
    runId === null || link.at < beganAt ? [] : [{ workflowId, runId, ...link }],
  );
  for (const link of await notArchived(db, links)) {
    if (!temporal || (await readLive(temporal, link))) continue;
    findings.add(
      id,
      nameOf(row),
      `${link.what} run ${link.runId}, which is neither archived nor in Temporal`,
    );
  }
}

async function verifyInvoices(look: Look): Promise<void> {
  const { db, sample } = look;
  const read = async (after: string | null): Promise<readonly Invoice[]> => {
    const { rows } = await sql<Invoice>`
      select id, open, journaled_at, exists (select from outbox where workflow = 'invoice/' || invoice.id and delivered_at is null) as owed
      from invoice, lateral (select max(recorded_at) as journaled_at from journal where subject = 'invoice/' || invoice.id) as journaled
      where started and (${after}::uuid is null or id > ${after}::uuid)
      order by ${sample === undefined ? sql`id` : sql`random()`} limit ${sample ?? rowsAtOnce}`.execute(db);
    return rows;
  };
  for await (const invoices of inPages(pageSize(sample), read, (invoice) => invoice.id))
    await atOnce(invoices, lookedAtOnce, (invoice) => verifyInvoice(look, invoice));
}

/** A sample is one page, and never a full one: no other is read behind it. */
function pageSize(sample: number | undefined): number {
  return sample === undefined ? rowsAtOnce : Infinity;
}

interface Invoice {
  readonly id: string;
  readonly open: boolean;
  /** When its last entry was written, by the machine's time. */
  readonly journaled_at: Instant;
  /** A word to its workflow is still to be delivered. */
  readonly owed: boolean;
}

async function verifyInvoice(look: Look, invoice: Invoice): Promise<void> {
  const { db, findings, beganAt, now, rules, temporal } = look;
  const subject = `invoice/${invoice.id}`;
  const rows = await archivedRunsOf(db, subject);
  const kept = await Promise.all(rows.map((row) => verifyRun(look, row)));
  for (const [place, row] of rows.entries()) await verifyLinks(look, row, kept[place] as RunHistory);

  const facts = await readFacts(db, rules, invoice.id, 0);
  let found = compareHeard(facts, kept);
  const isArchived = !invoice.open && kept.length > 0 && found.unheard.length === 0;
  const isLongOver = now - invoice.journaled_at > archivedWithinMs && invoice.journaled_at > beganAt;
  if (!isArchived && !invoice.open && isLongOver)
    findings.add(
      id,
      subject,
      `is over since ${new Date(invoice.journaled_at).toISOString()}, and its last run is not archived${rows.length === 0 ? ': none is' : ''}`,
    );
  if (!isArchived && temporal) {
    const live = await readLiveRuns(temporal, subject, new Set(rows.map((row) => row.run_id)));
    found = compareHeard(facts, [...kept, ...live]);
    const isMoving = invoice.owed || now - invoice.journaled_at < underWayMs;
    const isWhole = kept.every(({ history }) => history !== null) && kept.length + live.length > 0;
    if (found.unheard.length > 0 && isWhole && !isMoving)
      findings.add(id, subject, `has facts that stand in no history: ${found.unheard.join(', ')}`);
  }
  for (const difference of found.differences) findings.add(id, subject, difference);
}

/** Whatever Temporal lists as closed for more than a day is archived. */
async function verifyClosed({ db, findings, now }: Look, temporal: Client): Promise<void> {
  for await (const page of closedSince(temporal, null))
    for (const { workflowId, runId, closedAt } of await notArchived(db, page))
      if (now - closedAt > archivedWithinMs)
        findings.add(
          id,
          `${workflowId} run ${runId}`,
          `closed at ${new Date(closedAt).toISOString()} and is not archived`,
        );
}

function nameOf({ workflow_id: workflowId, run_id: runId }: ArchivedRun): string {
  return `${workflowId} run ${runId}`;
}
