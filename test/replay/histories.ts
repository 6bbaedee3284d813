import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/**
 * Golden histories: what running files have lived through, by an earlier version of the code.
 *
 * Somewhere a file may still be alive that was begun by any of them, so a recorded history is never changed: a new
 * life gets a new file, and a history goes only when no such run can be alive any more. Their data are made up.
 */
const folder = fileURLToPath(new URL('./histories/', import.meta.url));

export interface Golden {
  readonly name: string;
  readonly workflowId: string;
  readonly history: { readonly events: readonly unknown[] };
}

/** All recorded histories, in the order of their names. */
export function goldenHistories(): readonly Golden[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      name: file.slice(0, -'.json'.length),
      ...(JSON.parse(readFileSync(`${folder}${file}`, 'utf8')) as Omit<Golden, 'name'>),
    }));
}

export function isRecorded(name: string): boolean {
  return existsSync(`${folder}${name}-1.json`);
}

/** Waits until a workflow has ended, so that its history has an end too; it has been told all that it needs for that. */
export async function untilEnded(client: Client, workflowId: string): Promise<void> {
  const patience = performance.now() + 10_000;
  while ((await client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING') {
    if (performance.now() > patience) throw new Error(`${workflowId} goes on`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Keeps every run of a workflow as `name-1`, `name-2`, …, the oldest first; throws rather than overwrite one. */
export async function keepHistories(client: Client, name: string, workflowId: string): Promise<number> {
  const runs: object[] = [];
  for (let runId: string | undefined, more = true; more;) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    runs.unshift({ workflowId, history: JSON.parse(historyToJSON(history)) as object });
    runId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
    more = runId !== '';
  }
  for (const [place, run] of runs.entries())
    writeFileSync(`${folder}${name}-${place + 1}.json`, `${JSON.stringify(run)}\n`, { flag: 'wx' });
  return runs.length;
}
