import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { HistoryAndWorkflowId } from '@temporalio/client';
import proto from '@temporalio/proto';
import { theEnd } from './messages.ts';
import type { Replayable, Verdict } from './messages.ts';

/**
 * A process that replays what its parent sends, one history after the other, until it is told that there is no more.
 *
 * It knows no database, no Temporal and no key: histories come opened. Run as a child by `replay-in-processes.ts`, with
 * the path of the bundle as its argument.
 */
async function replayForParent(bundlePath: string): Promise<void> {
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' }, forward: {} } },
  });
  const results = Worker.runReplayHistories(
    {
      workflowBundle: { codePath: bundlePath },
      replayName: 'audit',
    },
    fromParent(),
  );
  for await (const { error } of results)
    process.send?.({ error: error ? error.message : null } satisfies Verdict);
}

/** What the parent sends, until its end. */
async function* fromParent(): AsyncGenerator<HistoryAndWorkflowId> {
  const waiting: (Replayable | typeof theEnd)[] = [];
  let wake: () => void = () => undefined;
  process.on('message', (sent: Replayable | typeof theEnd) => {
    waiting.push(sent);
    wake();
  });
  process.once('disconnect', () => process.exit(1));
  for (;;) {
    const next = waiting.shift();
    if (next === theEnd) return;
    if (next) {
      const history = proto.temporal.api.history.v1.History.decode(next.history);
      yield { workflowId: next.workflowId, history };
    } else
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
}

if (process.argv[1] === import.meta.filename) {
  replayForParent(process.argv[2] ?? '').then(
    () => process.disconnect(),
    (failure: unknown) => {
      process.stderr.write(`${String(failure)}\n`);
      process.exit(1);
    },
  );
}
