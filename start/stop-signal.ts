/** What starts and waits gives up with this when somebody asked to stop. */
export class Stopped extends Error {}

export interface StopSignal {
  /** Throws `Stopped` when a stop was asked for: to be called between the steps of starting. */
  throwIfAsked(): void;
  /** Resolves when a stop is asked for. */
  readonly asked: Promise<void>;
}

/** One Ctrl-C arrives twice: from the terminal, which sends it to all of us, and from npm, which passes on its own. */
const SAME_PRESS_MS = 1_000;

/**
 * Ctrl-C, `kill`, a closed terminal or the end of npm: the first asks to stop, a second one calls `force`.
 */
export function stopSignal(force: () => void): StopSignal {
  let askedAt: number | undefined;
  let resolveAsked: () => void;
  const asked = new Promise<void>((resolve) => (resolveAsked = resolve));
  const ask = (): void => {
    askedAt ??= performance.now();
    resolveAsked();
  };
  const hear = (): void => {
    if (askedAt !== undefined && performance.now() - askedAt > SAME_PRESS_MS) force();
    else ask();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear);
  whenNpmEnds(ask);
  return {
    asked,
    throwIfAsked: () => {
      if (askedAt !== undefined) throw new Stopped();
    },
  };
}

/** A killed npm tells us nothing, and without it nobody could stop us: it shows in our having another parent. */
function whenNpmEnds(tell: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    tell();
  }, 250);
  watch.unref();
}
