import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import proto from '@temporalio/proto';

type History = proto.temporal.api.history.v1.IHistory;

/** The histories of all runs of a workflow as the server keeps them: nothing is opened. */
export async function rawHistories(client: Client, workflowId: string): Promise<readonly History[]> {
  const found: History[] = [];
  for await (const { runId } of client.workflow.list({ query: `WorkflowId = '${workflowId}'` }))
    found.push(await client.workflow.getHandle(workflowId, runId).fetchHistory());
  return found;
}

/** A history as it travels. */
export function bytesOf(history: History): Uint8Array {
  return proto.temporal.api.history.v1.History.encode(history).finish();
}

/** Every payload in there, wherever it stands: inputs, results, failures, memos, markers, headers, summaries. */
export function payloadsIn(value: unknown): readonly Payload[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  if ('metadata' in value && 'data' in value && value.data instanceof Uint8Array) return [value as Payload];
  return Object.values(value).flatMap(payloadsIn);
}
