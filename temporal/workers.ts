import { Worker } from '@temporalio/worker';
import type { WorkerOptions, NativeConnection } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { activitiesOf } from '../activities/activities.ts';
import type { Workshop } from '../activities/workshop.ts';
import { collectionQueue, deliveryQueue } from './client.ts';

export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly workshop: Workshop;
  readonly deliveriesPerSecond: number;
  readonly cachedWorkflows: number;
  /** A bundle that was built before; without it the workflows are bundled at the start. */
  readonly bundlePath?: string;
}

/** The two workers of a process: one decides and records, one delivers at the rate that carriers allow. */
export async function makeWorkers({
  connection,
  namespace,
  workshop,
  deliveriesPerSecond,
  cachedWorkflows,
  bundlePath,
}: WorkersOptions): Promise<readonly Worker[]> {
  const { deliver, ...others } = activitiesOf(workshop);
  const common = {
    connection,
    namespace,
    shutdownGraceTime: '30 seconds',
    shutdownForceTime: '45 seconds',
  } satisfies Partial<WorkerOptions>;
  const workflows = bundlePath
    ? { workflowBundle: { codePath: bundlePath } }
    : { workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)) };
  const collecting = await Worker.create({
    ...common,
    ...workflows,
    taskQueue: collectionQueue,
    activities: others,
    maxCachedWorkflows: cachedWorkflows,
    maxConcurrentWorkflowTaskExecutions: 100,
    maxConcurrentActivityTaskExecutions: 50,
    // With its default of 10 s a killed worker's files stand still for as long.
    stickyQueueScheduleToStartTimeout: '1 second',
  });
  const delivering = await Worker.create({
    ...common,
    taskQueue: deliveryQueue,
    activities: { deliver },
    maxConcurrentActivityTaskExecutions: 20,
    maxTaskQueueActivitiesPerSecond: deliveriesPerSecond,
  });
  return [collecting, delivering];
}
