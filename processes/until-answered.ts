import { setTimeout as pause } from 'node:timers/promises';

/**
 * Connects to a neighbour that may start later than we do: tries again, less and less often, until it answers.
 *
 * `isAbsence` says which failures mean that nobody is there yet; any other is thrown, because waiting mends no wrong
 * password. Answers undefined when `signal` asked to stop meanwhile.
 */
export async function untilAnswered<T>(
  connect: () => Promise<T>,
  { signal, isAbsence, tell }: Waiting,
): Promise<T | undefined> {
  for (let waitMs = 500; !signal.aborted; waitMs = Math.min(10_000, waitMs * 2)) {
    try {
      return await connect();
    } catch (failure) {
      if (!isAbsence(failure)) throw failure;
      tell(failure);
      await pause(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

export interface Waiting {
  readonly signal: AbortSignal;
  readonly isAbsence: (failure: unknown) => boolean;
  readonly tell: (failure: unknown) => void;
}
