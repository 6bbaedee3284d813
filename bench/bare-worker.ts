import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';

/** Nothing at all, done as an activity. */
export interface EmptyActivities {
  first(): Promise<void>;
  second(): Promise<void>;
}

/** Next to nothing: writes down by how many milliseconds it comes too late, a line each, in the file LATENESS_FILE. */
export interface PunctualActivities {
  comes(dueAt: number): Promise<void>;
}

/** What every worker says in its log when it has begun. */
export const atWork = 'the worker is at work';
/** Where the bare workflows and their activities run. */
export const bareQueue = 'bare';

/**
 * The worker of the bare workflows: a process of its own, set up like ours, so that its CPU time can be told from ours.
 */
async function workBarely(): Promise<void> {
  const connection = await NativeConnection.connect({ address: process.env['TEMPORAL_ADDRESS'] ?? '' });
  const worker = await Worker.create({
    connection,
    namespace: process.env['TEMPORAL_NAMESPACE'] ?? 'default',
    taskQueue: bareQueue,
    workflowsPath: fileURLToPath(new URL('./bare-workflows.ts', import.meta.url)),
    activities: {
      first: () => Promise.resolve(),
      second: () => Promise.resolve(),
      comes: (dueAt) => {
        appendFileSync(process.env['LATENESS_FILE'] ?? '', `${Date.now() - dueAt}\n`);
        return Promise.resolve();
      },
    } satisfies EmptyActivities & PunctualActivities,
    maxCachedWorkflows: 1_000,
    maxConcurrentWorkflowTaskExecutions: 100,
    maxConcurrentActivityTaskExecutions: 50,
    stickyQueueScheduleToStartTimeout: '1 second',
  });
  process.once('SIGTERM', () => {
    worker.shutdown();
  });
  process.stdout.write(`${atWork}\n`);
  await worker.run();
  await connection.close();
}

if (process.argv[1] === import.meta.filename) await workBarely();
