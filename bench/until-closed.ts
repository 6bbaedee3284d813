import { setTimeout as pause } from 'node:timers/promises';
import type { Rig } from './rig.ts';

/** Lives last a minute; one that lasts longer will never end. */
const patienceMs = 240_000;

/**
 * Waits until a question is answered with yes, asked twice a second. Throws with `what` when it takes minutes, or longer
 * than its own patience.
 */
export async function until(
  what: string,
  isSo: () => Promise<boolean>,
  msMax: number = patienceMs,
): Promise<void> {
  const giveUpAt = performance.now() + msMax;
  while (!(await isSo())) {
    if (performance.now() > giveUpAt) throw new Error(`the bench waits in vain until ${what}`);
    await pause(500);
  }
}

/** Waits until no workflow of that type runs any more, asking the same way for all that is compared. */
export async function untilClosed({ client }: Rig, workflowType: string): Promise<void> {
  await until(`no ${workflowType} runs`, async () => {
    const { count } = await client.workflow.count(
      `WorkflowType = '${workflowType}' and ExecutionStatus = 'Running'`,
    );
    return count === 0;
  });
}
