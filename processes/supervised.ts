import { setTimeout as pause } from 'node:timers/promises';
import { lastLines, type Child } from './child.ts';

/** Whatever can be ended: a child, or a child that is watched over. */
export type Stoppable = Pick<Child, 'name' | 'stop' | 'kill'>;

const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_MAX_MS = 30_000;
/** A process that lived this long had recovered: its next crash is a new story. */
const HEALTHY_AFTER_MS = 60_000;

/**
 * Watches over a running child and starts it again whenever it ends without having been asked to.
 *
 * What a child does is durable elsewhere, so starting it again is always right; the pauses grow, so that a process that
 * can not run does not eat the machine.
 */
export function supervise(
  first: Child,
  startAgain: () => Promise<{ child: Child }>,
  tell: (line: string) => void,
): Stoppable {
  let child = first;
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;
  const watching = watch();

  async function watch(): Promise<void> {
    let backoffMs = BACKOFF_FIRST_MS;
    let startedAt = performance.now();
    for (;;) {
      const how = await child.exited;
      if (isStopping()) return;
      if (performance.now() - startedAt > HEALTHY_AFTER_MS) backoffMs = BACKOFF_FIRST_MS;
      tell(
        `${child.name} ended (${how}) and is started again in ${backoffMs / 1_000} s. The end of ${child.logFile}:`,
      );
      tell(lastLines(child.logFile, 5));

      await pause(backoffMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (isStopping()) return;
      backoffMs = Math.min(backoffMs * 2, BACKOFF_MAX_MS);
      startedAt = performance.now();
      try {
        ({ child } = await startAgain());
      } catch (fault) {
        tell(String(fault)); // The old child is still the one that ended, so the next round waits longer and tries again.
      }
    }
  }

  return {
    name: first.name,
    stop: async (graceMs) => {
      stopping.abort();
      await child.stop(graceMs);
      await watching;
      await child.stop(graceMs); // A new one may just have been started.
    },
    kill: () => {
      stopping.abort();
      child.kill();
    },
  };
}
