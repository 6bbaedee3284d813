import type { Client } from '@temporalio/client';
import { sql } from 'kysely';
import { archivedRunsOf } from '../../../db/audit/archive.ts';
import type { Db } from '../../../db/database.ts';
import { inPages } from '../../../db/in-pages.ts';
import type { Instant } from '../../../domain/time.ts';
import { workflowTypes } from '../../client.ts';
import type { Run } from '../archive/archive-run.ts';
import { readHistories, readKept, readLive } from '../histories.ts';
import type { HistorySource, RunHistory } from '../histories.ts';

const rowsAtOnce = 200;

/** An invoice to be audited, whether or not it has a history. */
export interface InvoiceSince {
  readonly id: string;
  /** As it stands on the paper. */
  readonly number: string;
  /** Whether it ever had a workflow. */
  readonly started: boolean;
}

/** The invoices that have this number, whatever their creditor and term. */
export async function invoicesNumbered(db: Db, number: string): Promise<readonly InvoiceSince[]> {
  return db
    .selectFrom('invoice')
    .select(['id', 'number', 'started'])
    .where('number', '=', number)
    .orderBy('id')
    .execute();
}

/** The invoices of which something was recorded since a moment of the machine's time; all of them when it is null. */
export async function invoicesTouchedSince(db: Db, since: Instant | null): Promise<readonly InvoiceSince[]> {
  const touched = sql<boolean>`exists (select from journal where subject = 'invoice/' || invoice.id and recorded_at >= ${new Date(since ?? 0)})`;
  return db
    .selectFrom('invoice')
    .select(['id', 'number', 'started'])
    .$if(since !== null, (query) => query.where(touched))
    .orderBy('id')
    .execute();
}

/** Every run of the invoices, oldest first. */
export async function* runsOfInvoices(
  source: HistorySource,
  invoiceIds: readonly string[],
): AsyncGenerator<RunHistory> {
  for (const id of invoiceIds) yield* await readHistories(source, `invoice/${id}`);
}

/**
 * Every run of ours that was still running at a moment of the machine's time or began after it; all of them when it is
 * null. Archived ones first, then those that Temporal alone has. Each is read when it is asked for.
 */
export async function* runsSince(
  { archive, client }: HistorySource,
  since: Instant | null,
): AsyncGenerator<RunHistory> {
  const { db } = archive;
  const read = (after: string | null) =>
    db
      .selectFrom('archived_run')
      .selectAll()
      .where('run_id', '>', after ?? '')
      .$if(since !== null, (query) => query.where(sql<boolean>`closed_at >= ${new Date(since ?? 0)}`))
      .orderBy('run_id')
      .limit(rowsAtOnce)
      .execute();
  for await (const rows of inPages(rowsAtOnce, read, (row) => row.run_id))
    for (const row of rows) yield await readKept(archive, row);
  if (!client) return;
  for await (const run of listed(client, since)) {
    const isKept = (await archivedRunsOf(db, run.workflowId)).some(({ run_id: id }) => id === run.runId);
    const live = isKept ? undefined : await readLive(client, run);
    if (live) yield live;
  }
}

/** How many runs there are, for who wants to know how long it will take; about, because they close meanwhile. */
export async function countSince({ archive, client }: HistorySource, since: Instant | null): Promise<number> {
  const { count } = await archive.db
    .selectFrom('archived_run')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .$if(since !== null, (query) => query.where(sql<boolean>`closed_at >= ${new Date(since ?? 0)}`))
    .executeTakeFirstOrThrow();
  const running = await client?.workflow.count(`${ofOurs()} AND ExecutionStatus = 'Running'`);
  return count + (running?.count ?? 0);
}

async function* listed(client: Client, since: Instant | null): AsyncGenerator<Run> {
  const closed = since === null ? '' : ` AND CloseTime >= '${new Date(since).toISOString()}'`;
  for (const query of [`ExecutionStatus = 'Running'`, `ExecutionStatus != 'Running'${closed}`])
    for await (const { workflowId, runId } of client.workflow.list({ query: `${ofOurs()} AND ${query}` }))
      yield { workflowId, runId };
}

function ofOurs(): string {
  return `WorkflowType IN (${workflowTypes.map((type) => `'${type}'`).join(', ')})`;
}
