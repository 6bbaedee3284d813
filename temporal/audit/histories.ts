import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { archivedRunsOf } from '../../db/audit/archive.ts';
import type { ArchivedRun } from '../../db/audit/archive.ts';
import { grpcCodeOf, grpcCodes } from '../grpc-code.ts';
import type { History } from '../sealing/opened-history.ts';
import { readArchived } from './archive/archive.ts';
import type { Archive } from './archive/archive.ts';
import { openedHistoryOf } from './archive/archive-run.ts';
import type { Run } from './archive/archive-run.ts';
import { historyFromText, runIn } from './archive/closed-run.ts';
import type { RunInHistory } from './archive/closed-run.ts';

/** Where histories are read from. */
export interface HistorySource {
  readonly archive: Archive;
  /** Null where Temporal is not to be asked, or does not answer: then what is archived is all there is. */
  readonly client: Client | null;
}

/** One run of a workflow, with its history, every payload of which is open. */
export interface RunHistory extends Run, RunInHistory {
  /** Null when the archive lost or altered it and Temporal has forgotten it. */
  readonly history: History | null;
  /** What is wrong with what the archive keeps, as it reads after the name of the run; null when nothing is. */
  readonly wrong: string | null;
  readonly from: 'archive' | 'temporal';
}

/**
 * All runs of a workflow, oldest first: archived ones from the archive, the others from Temporal.
 *
 * Throws when a store or Temporal can't be asked. A workflow that never ran has none.
 */
export async function readHistories(
  { archive, client }: HistorySource,
  workflowId: string,
): Promise<readonly RunHistory[]> {
  const runs: RunHistory[] = [];
  for (const run of await archivedRunsOf(archive.db, workflowId)) {
    const found = await readKept(archive, run);
    const live = found.history === null && client ? await readLive(client, found) : undefined;
    runs.push(live ? { ...live, wrong: found.wrong } : found);
  }
  const known = new Set(runs.map(({ runId }) => runId));
  if (client) runs.push(...(await readLiveRuns(client, workflowId, known)));
  return runs.sort((a, b) => a.startedAt - b.startedAt);
}

/** The runs of a workflow as Temporal has them, in any order, without those that are known. */
export async function readLiveRuns(
  client: Client,
  workflowId: string,
  known: ReadonlySet<string>,
): Promise<readonly RunHistory[]> {
  const runs: RunHistory[] = [];
  const seen = new Set(known);
  const queue = await liveRunsOf(client, workflowId);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const run = await readLive(client, { workflowId, runId: next });
    if (!run) continue;
    runs.push(run);
    // Lists lag behind, and servers without them exist: the runs before and after name themselves.
    queue.push(...[run.continuedFrom, run.continuesAs].flatMap((id) => id ?? []));
  }
  return runs;
}

/** One archived run, as its row and its store have it. */
export async function readKept(archive: Archive, row: ArchivedRun): Promise<RunHistory> {
  const kept = await readArchived(archive, row);
  return {
    workflowId: row.workflow_id,
    runId: row.run_id,
    workflowType: row.workflow_type,
    startedAt: row.started_at,
    closedAt: row.closed_at,
    status: row.status,
    continuedFrom: row.continued_from,
    continuesAs: row.continues_as,
    events: row.events,
    history: 'json' in kept ? historyFromText(kept.json) : null,
    wrong: 'wrong' in kept ? kept.wrong : null,
    from: 'archive',
  };
}

/** One run as Temporal has it; undefined when it has forgotten it. */
export async function readLive(client: Client, run: Run): Promise<RunHistory | undefined> {
  const history = await openedHistoryOf(client, run);
  const { workflowId, runId } = run;
  return history && { workflowId, runId, ...runIn(history), history, wrong: null, from: 'temporal' };
}

async function liveRunsOf(client: Client, workflowId: string): Promise<string[]> {
  const found: string[] = [];
  try {
    found.push((await client.workflow.getHandle(workflowId).describe()).runId);
    // An id of ours holds no quote.
    const query = `WorkflowId = '${workflowId}'`;
    for await (const { runId } of client.workflow.list({ query })) found.push(runId);
  } catch (failure) {
    if (!(failure instanceof WorkflowNotFoundError) && grpcCodeOf(failure) !== grpcCodes.notOffered)
      throw failure;
  }
  return found;
}
