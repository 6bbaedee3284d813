import { setTimeout as pause } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { atOnce } from '../temporal/at-once.ts';
import { workflowTaskTimeout } from '../temporal/client.ts';
import { bareQueue } from './bare-worker.ts';
import type { BareLife } from './bare-workflows.ts';
import type { Rig } from './rig.ts';
import { untilClosed } from './until-closed.ts';

export type BareKind = 'bareLife' | 'leanLife';

/**
 * Lives so many bare lives from start to end, with the steps of our lives and their spread over the day.
 *
 * The signals of `bareLife` come from this process, one per life and gap: what they cost here counts for nobody.
 * Returns the ids of the workflows, for those who look into their histories.
 */
export async function liveBarely(rig: Rig, kind: BareKind, lives: number): Promise<readonly string[]> {
  const { bareClient: client, dayRealMs: gapMs, steps } = rig;
  const round = `${kind}/${Date.now()}`;
  const plans = Array.from({ length: lives }, (_, index) => ({
    workflowId: `${round}/${index}`,
    firstMs: Math.round(gapMs / 2 + (gapMs / 2) * (index / lives)),
  }));
  const signalling: Promise<void>[] = [];
  await atOnce(plans, 50, async ({ workflowId, firstMs }) => {
    const life: BareLife = { steps, firstMs, gapMs };
    const handle = await client.workflow.start(kind, {
      taskQueue: bareQueue,
      workflowId,
      args: [life],
      workflowTaskTimeout,
    });
    if (kind === 'bareLife') signalling.push(signalEachStep(handle, life));
  });
  await Promise.all(signalling);
  await untilClosed(rig, kind);
  return plans.map((plan) => plan.workflowId);
}

async function signalEachStep(handle: WorkflowHandle, { steps, firstMs, gapMs }: BareLife): Promise<void> {
  const started = performance.now();
  for (let step = 1; step <= steps; step += 1) {
    const at = started + firstMs + (step - 0.5) * gapMs;
    await pause(Math.max(0, at - performance.now()));
    await handle.signal('next', step);
  }
}
