import type { Rig } from './rig.ts';

/** How long a life has become in Temporal, over all runs of its workflows. */
export interface HistorySize {
  readonly events: number;
  readonly bytes: number;
}

/** The size of all runs of these workflows together. */
export async function historySizeOf({ client }: Rig, workflowIds: readonly string[]): Promise<HistorySize> {
  let [events, bytes] = [0, 0];
  for (const workflowId of workflowIds) {
    for await (const run of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
      events += run.historyLength;
      bytes += run.historySize ?? 0;
    }
  }
  return { events, bytes };
}
