import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import { bundleWorkflows } from '../../bundle.ts';
import type { History } from '../../sealing/opened-history.ts';
import type { Run } from '../archive/archive-run.ts';
import { departureFrom, namesItsEvent } from './departure.ts';
import type { ReplayDeparture } from './departure.ts';
import { theEnd } from './messages.ts';
import type { Replayable, Verdict } from './messages.ts';

/** A run with its history, which is open. */
export interface ToReplay extends Run {
  readonly history: History;
}

/** What came of one run: null when the code of today does what it did. */
export interface Replayed extends Run {
  readonly events: number;
  readonly departure: ReplayDeparture | null;
}

export interface ReplayOptions {
  /** The bundled workflows; without it those of this clone are bundled, once in a process. */
  readonly bundlePath?: string | undefined;
  /** How many processes replay at once; as many as there are cores when absent. */
  readonly processes?: number;
}

/** No history takes so long; one that does would keep its process for ever. */
const patienceMs = 120_000;
const program = fileURLToPath(new URL('./replay-process.ts', import.meta.url));

/**
 * Replays histories through the workflows of today in processes of their own, and answers as they come, in any order.
 *
 * The caller's process stays free, and a history that kills a process ends no other's: it is said of that one. The next
 * history is read only when a process wants one, so a hundred thousand need no more memory than a few.
 */
export async function* replayInProcesses(
  runs: AsyncIterable<ToReplay> | Iterable<ToReplay>,
  { bundlePath, processes = availableParallelism() }: ReplayOptions = {},
): AsyncGenerator<Replayed> {
  const bundle = bundlePath ?? (await ownBundle());
  const source = toAsync(runs);
  const done: Replayed[] = [];
  let wake: () => void = () => undefined;
  let working = processes;
  let fault: Error | undefined;

  const work = async (): Promise<void> => {
    const replayer = new Replayer(bundle);
    try {
      for (;;) {
        const next = await source.next();
        if (next.done === true || fault !== undefined) return;
        const { workflowId, runId, history } = next.value;
        const error = hasBegun(history) ? await replayer.replay({ workflowId, history }) : null;
        const departure = error === null ? null : await partingOf(replayer, next.value, error);
        done.push({ workflowId, runId, events: history.events?.length ?? 0, departure });
        wake();
      }
    } catch (failure) {
      fault ??= failure instanceof Error ? failure : new Error(String(failure));
    } finally {
      await replayer.end();
      working -= 1;
      wake();
    }
  };
  const works = Array.from({ length: processes }, work);
  try {
    for (;;) {
      const next = done.shift();
      if (next) yield next;
      else if (fault !== undefined) throw fault;
      else if (working === 0) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    fault ??= new Error('nobody waits for the rest');
    await Promise.all(works);
  }
}

/**
 * Whether anything stands in a history but that it was started: before that no code has run, and a replay waits for ever for what
 * is to come. A workflow is so for a moment, or for as long as no worker is up.
 */
function hasBegun({ events }: History): boolean {
  return (events?.length ?? 0) > 1;
}

/** Where a history and the code part; where the error does not name the event, shorter pieces are replayed to find it. */
async function partingOf(
  replayer: Replayer,
  { workflowId, history }: ToReplay,
  error: string,
): Promise<ReplayDeparture> {
  if (namesItsEvent(error)) return departureFrom(error, history);
  const events = history.events ?? [];
  // Up to the start of a task everything before it is checked, and nothing that the task itself did.
  const ends = [...events.keys()].filter((place) => events[place]?.workflowTaskStartedEventAttributes);
  let [good, bad] = [-1, ends.length];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    const piece = { events: events.slice(0, (ends[middle] ?? 0) + 1) };
    if ((await replayer.replay({ workflowId, history: piece })) === null) good = middle;
    else bad = middle;
  }
  return departureFrom(error, history, (ends[good] ?? -1) + 1);
}

/** One process at a time, started when it is first needed and again after it has died. */
class Replayer {
  readonly #bundle: string;
  #child: ChildProcess | undefined;

  constructor(bundle: string) {
    this.#bundle = bundle;
  }

  /** The message of the error with which the replay ended; null when it replays. */
  replay({ workflowId, history }: Pick<ToReplay, 'workflowId' | 'history'>): Promise<string | null> {
    const child = (this.#child ??= this.#start());
    const bytes = proto.temporal.api.history.v1.History.encode(history).finish();
    return new Promise((resolve) => {
      let late = '';
      const settle = (error: string | null): void => {
        clearTimeout(timer);
        child.off('message', hear).off('exit', leave).off('error', fail);
        resolve(error);
      };
      const hear = ({ error }: Verdict): void => {
        settle(error);
      };
      const leave = (code: number | null, by: string | null): void => {
        this.#child = undefined;
        settle(late || `the process that replayed it ended (${String(code ?? by)})`);
      };
      const fail = (fault: Error): void => {
        this.#child = undefined;
        settle(`it could not be replayed: ${fault.message}`);
      };
      const timer = setTimeout(() => {
        late = `it was not replayed within ${patienceMs / 1_000} s`;
        child.kill('SIGKILL');
      }, patienceMs);
      child.on('message', hear).on('exit', leave).on('error', fail);
      child.send({ workflowId, history: bytes } satisfies Replayable);
    });
  }

  async end(): Promise<void> {
    const child = this.#child;
    if (!child?.connected) return;
    const gone = once(child, 'exit');
    child.send(theEnd);
    await gone;
  }

  #start(): ChildProcess {
    return fork(program, [this.#bundle], {
      execArgv: ['--import', import.meta.resolve('tsx')],
      // Nothing of ours that is secret: it needs none.
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: process.env['NODE_ENV'] },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }
}

async function* toAsync<T>(items: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

let bundled: Promise<string> | undefined;

/** The workflows of this clone, bundled when they are first asked for; the file goes with the process. */
function ownBundle(): Promise<string> {
  bundled ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'relance-replay-'));
    process.once('exit', () => {
      rmSync(folder, { recursive: true, force: true });
    });
    const file = join(folder, 'workflows.js');
    await bundleWorkflows(file);
    return file;
  })();
  return bundled;
}
