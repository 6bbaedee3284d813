import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';

/** Tasks of a workflow that failed in a row before it is given up: fewer happen in any restart of workers. */
const failuresMax = 3;

/**
 * Ends a workflow whose tasks fail again and again, so that it can begin anew.
 *
 * So it goes with lives that ran when a release changed a rule: their history holds what the old rule decided, and the new
 * one decides otherwise. Nothing is lost with them. What happened is in the log, the file is stored, and a step that was
 * asked for, claimed or attempted is known by its number: the life that begins goes on where this one stood. Answers
 * `failing` while it is too early to say: a signal would only begin the count of failures again.
 */
export async function endIfStuck(client: Client, workflowId: string): Promise<'ended' | 'failing' | 'well'> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    const { raw, status } = await handle.describe();
    const failures = (raw.pendingWorkflowTask?.attempt ?? 1) - 1;
    if (status.name !== 'RUNNING' || failures === 0) return 'well';
    if (failures < failuresMax) return 'failing';
    await handle.terminate('its tasks fail again and again: its life begins anew from what is stored');
    return 'ended';
  } catch (failure) {
    if (failure instanceof WorkflowNotFoundError) return 'well';
    throw failure;
  }
}
