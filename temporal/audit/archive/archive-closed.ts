import type { Client } from '@temporalio/client';
import { noteBeginning, notArchived, readMark, setMark } from '../../../db/audit/archive.ts';
import { dayMs, hourMs } from '../../../domain/time.ts';
import type { Instant } from '../../../domain/time.ts';
import { atOnce } from '../../at-once.ts';
import { workflowTypes } from '../../client.ts';
import { archiveRun, StoreFailed } from './archive-run.ts';
import type { Archivist, Run } from './archive-run.ts';

/** What one round came to. */
export interface Round {
  readonly archived: number;
  /** Those that are still to be archived, with the reason of each. */
  readonly failed: readonly { readonly run: Run; readonly reason: string }[];
}

export interface RoundOptions {
  /** The machine's time. */
  readonly now: Instant;
  /** Ends the round early; what is left is found by the next. */
  readonly stop?: AbortSignal;
  /** Everything that Temporal still has, and not only what has closed since the last round. */
  readonly whole?: boolean;
}

/** Lists lag behind what happened, and the clocks of two machines differ: what closed shortly before is looked for again. */
const overlapMs = hourMs;
/** Once a day all that Temporal has is looked through, whatever was missed and why. */
const wholeEveryMs = dayMs;
const pageSize = 500;
const runsAtOnce = 4;
/** So many that a store did not take, one after the other, and the round is given up: it would read every history for nothing. */
const storeFailuresMax = 20;

/**
 * Archives every run of ours that has closed since the last round, and the runs before and after it.
 *
 * Idempotent, and safe beside another: a run has one row. One that can't be archived, because the store fails or a key is
 * missing, stops no other; the mark stays before it, so the next round finds it again. A store that takes nothing more ends
 * the round. Throws when Temporal can't be
 * asked what has closed.
 */
export async function archiveClosed(
  archivist: Archivist,
  { now, stop, whole: asked = false }: RoundOptions,
): Promise<Round> {
  const { archive, client } = archivist;
  const mark = await readMark(archive.db);
  const whole = asked || mark.whole_at === null || now - mark.whole_at >= wholeEveryMs;
  const since = whole || mark.closed_until === null ? null : mark.closed_until - overlapMs;
  await setMark(archive.db, { looked_at: now });
  await noteBeginning(archive.db, await archivist.clock.now());

  const failed: { run: Run; reason: string; closedAt: Instant }[] = [];
  let archived = 0;
  let refusals = 0;
  const goesOn = (): boolean => !stop?.aborted && refusals < storeFailuresMax;
  for await (const page of closedSince(client, since)) {
    await atOnce(await notArchived(archive.db, page), runsAtOnce, async (run) => {
      if (!goesOn()) return;
      try {
        // Not `+=` of what is awaited: others add meanwhile.
        const more = await archiveWithKin(archivist, run);
        archived += more;
        refusals = 0;
      } catch (failure) {
        failed.push({ run, reason: String(failure), closedAt: run.closedAt });
        if (failure instanceof StoreFailed) refusals += 1;
      }
    });
    if (!goesOn()) return { archived, failed };
  }
  const closedUntil = Math.min(now, ...failed.map(({ closedAt }) => closedAt));
  await setMark(archive.db, { closed_until: closedUntil, ...(whole ? { whole_at: now } : {}) });
  return { archived, failed };
}

/** Archives a run and those that it is linked with, as far as Temporal knows them; how many that were. */
async function archiveWithKin(archivist: Archivist, first: Run): Promise<number> {
  const seen = new Set<string>();
  const queue = [first];
  let archived = 0;
  for (let run = queue.pop(); run; run = queue.pop()) {
    seen.add(run.runId);
    const about = await archiveRun(archivist, run);
    if (about?.closedAt === undefined || about.closedAt === null) continue;
    archived += 1;
    const { workflowId } = run;
    const kin = [about.continuedFrom, about.continuesAs].flatMap((runId) =>
      runId === null || seen.has(runId) ? [] : [{ workflowId, runId }],
    );
    queue.push(...(await notArchived(archivist.archive.db, kin)));
  }
  return archived;
}

interface Closed extends Run {
  readonly closedAt: Instant;
}

/** What Temporal lists of ours as closed since a moment of its time, or ever, a page at a time. */
export async function* closedSince(client: Client, since: Instant | null): AsyncGenerator<readonly Closed[]> {
  const types = workflowTypes.map((type) => `'${type}'`).join(', ');
  const query = [
    `WorkflowType IN (${types})`,
    `ExecutionStatus != 'Running'`,
    ...(since === null ? [] : [`CloseTime >= '${new Date(since).toISOString()}'`]),
  ].join(' AND ');
  let page: Closed[] = [];
  for await (const { workflowId, runId, closeTime, startTime } of client.workflow.list({ query, pageSize })) {
    page.push({ workflowId, runId, closedAt: (closeTime ?? startTime).getTime() });
    if (page.length < pageSize) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
