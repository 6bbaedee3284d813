import { Worker } from '@temporalio/worker';
import type { WorkerOptions, NativeConnection } from '@temporalio/worker';
import type { DataConverter } from '@temporalio/common';
import { activitiesOf } from '../activities/activities.ts';
import type { Workshop } from '../activities/workshop.ts';
import { collectionQueue, deliveryQueue } from './client.ts';
import { workflowSources } from './workflow-sources.ts';

export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** How what they send and get is sealed; the same as their clients'. */
  readonly dataConverter: DataConverter;
  readonly workshop: Workshop;
  readonly deliveriesPerSecond: number;
  readonly cachedWorkflows: number;
  /** How much each does at once; what is absent is as usual. */
  readonly tuning?: Partial<Tuning>;
  /** A bundle that was built before; without it the workflows are bundled at the start. */
  readonly bundlePath?: string;
}

/** What a worker does at once, and how many of its calls wait at the server for more to do. */
export interface Tuning {
  readonly workflowTasks: number;
  readonly workflowPollers: number;
  readonly activities: number;
  readonly activityPollers: number;
  readonly deliveries: number;
}

/**
 * Measured on two cores: pollers that scale themselves cost a quarter more; with more decisions at once than are made in
 * the two seconds of a task, those of a rush run out of their time and are made twice.
 */
const usual: Tuning = {
  workflowTasks: 16,
  workflowPollers: 10,
  activities: 50,
  activityPollers: 10,
  deliveries: 20,
};

/** A call to a carrier gives up after 20 s, so it ends within the grace; whoever stops the process waits longer than the force. */
export const shutdown = { graceSeconds: 30, forceSeconds: 45 } as const;

/** The two workers of a process: one decides and records, one delivers at the rate that carriers allow. */
export async function makeWorkers({
  connection,
  namespace,
  dataConverter,
  workshop,
  deliveriesPerSecond,
  cachedWorkflows,
  tuning,
  bundlePath,
}: WorkersOptions): Promise<readonly Worker[]> {
  const { deliver, ...others } = activitiesOf(workshop);
  const { workflowTasks, workflowPollers, activities, activityPollers, deliveries } = { ...usual, ...tuning };
  const common = {
    connection,
    namespace,
    dataConverter,
    shutdownGraceTime: shutdown.graceSeconds * 1_000,
    shutdownForceTime: shutdown.forceSeconds * 1_000,
  } satisfies Partial<WorkerOptions>;
  const workflows = bundlePath
    ? { workflowBundle: { codePath: bundlePath } }
    : { workflowsPath: workflowSources.workflowsPath };
  const collecting = await Worker.create({
    ...common,
    ...workflows,
    taskQueue: collectionQueue,
    activities: others,
    maxCachedWorkflows: cachedWorkflows,
    maxConcurrentWorkflowTaskExecutions: workflowTasks,
    maxConcurrentWorkflowTaskPolls: workflowPollers,
    maxConcurrentLocalActivityExecutions: activities,
    maxConcurrentActivityTaskExecutions: activities,
    maxConcurrentActivityTaskPolls: activityPollers,
    // With its default of 10 s a killed worker's files stand still for as long.
    stickyQueueScheduleToStartTimeout: '1 second',
  });
  const delivering = await Worker.create({
    ...common,
    taskQueue: deliveryQueue,
    activities: { deliver },
    maxConcurrentActivityTaskExecutions: deliveries,
    maxConcurrentActivityTaskPolls: Math.min(activityPollers, deliveries),
    maxTaskQueueActivitiesPerSecond: deliveriesPerSecond,
  });
  return [collecting, delivering];
}
