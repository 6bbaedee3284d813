import { performance } from 'node:perf_hooks';
import type { Client } from '@temporalio/client';
import { advisoryLocks } from '../db/advisory-locks.ts';
import type { House } from '../db/house.ts';
import {
  firstStarts,
  numberEvents,
  overslept,
  waitingWords,
  wordsDelivered,
  wordsTried,
} from '../db/outbox.ts';
import type { Word } from '../db/outbox.ts';
import { endIfStuck } from './begin-anew.ts';
import { post, wake } from './post.ts';
import { underLock } from './under-lock.ts';

export interface RelayOptions {
  readonly databaseUrl: string;
  readonly bulkPerSecond: number;
  readonly sweepAfterMs: number;
  readonly sweepEveryMs: number;
  /** Hears of trouble and of changes of state; a line each. */
  readonly tell: (line: string, detail?: object) => void;
}

const wordsAtOnce = 200;
const workflowsAtOnce = 25;

/**
 * Brings what was committed in Postgres to the workflows: every outbox row, at least once, to whichever workflow it names.
 *
 * One relay works at a time; each worker process has one that stands by. It is woken by Postgres right after a commit
 * and looks every second besides. Facts of people have a lane of their own, so that an import of 100,000 invoices
 * delays no payment. The sweep wakes whatever should long have woken, so a Temporal that lost everything fills again, and
 * lets what can't go on begin anew.
 */
export class Relay {
  readonly #house: House;
  readonly #client: Client;
  readonly #options: RelayOptions;
  readonly #wakers = new Set<() => void>();
  readonly #listeners = new Set<() => void>();
  /** How often Postgres has called: a call that comes during a round must not be slept over. */
  #calls = 0;
  #stopping = false;
  #running: Promise<void> | undefined;

  constructor(house: House, client: Client, options: RelayOptions) {
    this.#house = house;
    this.#client = client;
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends after the words that are on their way; what is left waits for the next relay. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#mayWork()) {
      try {
        await this.#lead();
      } catch (failure) {
        this.#options.tell('the relay lost its database and starts again', { reason: String(failure) });
      }
      if (this.#mayWork()) await this.#pause(2_000);
    }
  }

  #lead(): Promise<void> {
    const { databaseUrl, tell } = this.#options;
    const hear = (): void => {
      this.#calls += 1;
      for (const listener of [...this.#listeners]) listener();
    };
    const calls = { channel: 'relance_outbox', hear };
    return underLock(
      { databaseUrl, number: advisoryLocks.relay, who: 'the relay', tell, calls },
      async (lost) => {
        lost.addEventListener('abort', () => {
          this.#wake();
        });
        const leading = (): boolean => this.#mayWork() && !lost.aborted;
        await Promise.all([this.#lane(0, leading), this.#lane(1, leading), this.#sweep(leading)]);
      },
    );
  }

  async #lane(lane: number, leading: () => boolean): Promise<void> {
    let failures = 0;
    while (leading()) {
      const started = performance.now();
      const calls = this.#calls;
      const words = await this.#orTell(() => this.#round(lane));
      failures = words === undefined ? failures + 1 : 0;
      if (words === undefined) await this.#pause(Math.min(10_000, 500 * 2 ** failures));
      else if (lane === 0 && words < wordsAtOnce && calls === this.#calls)
        await this.#pause(1_000, 'listening');
      else if (lane === 1 && words === 0) await this.#pause(1_000);
      else if (lane === 1)
        await this.#pause((words / this.#options.bulkPerSecond) * 1_000 - (performance.now() - started));
    }
  }

  /** One batch; how many words it held, so that the bulk lane can keep its rate. */
  async #round(lane: number): Promise<number> {
    if (lane === 0) await numberEvents(this.#house.db);
    const words = await waitingWords(this.#house.db, lane, wordsAtOnce);
    const queues = [...byWorkflow(words)];
    // What comes in bulk is mostly new: that it is about to be started is noted for all of it at once.
    const noted = lane === 1 ? await firstStarts(this.#house, invoicesOf(words)) : undefined;
    const delivered: number[] = [];
    let failure: unknown;
    const carry = async (): Promise<void> => {
      for (let next = queues.pop(); next; next = queues.pop()) {
        const [workflow, own] = next;
        const ids = own.map((word) => word.id);
        try {
          await post(this.#client, this.#house, workflow, own, noted?.get(workflow.replace('invoice/', '')));
          delivered.push(...ids);
        } catch (reason) {
          failure = reason;
          await wordsTried(this.#house.db, ids);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(workflowsAtOnce, queues.length) }, carry));
    await wordsDelivered(this.#house.db, delivered);
    if (failure !== undefined)
      throw failure instanceof Error ? failure : new Error('a word could not be delivered');
    return words.length;
  }

  async #sweep(leading: () => boolean): Promise<void> {
    const { sweepAfterMs, sweepEveryMs } = this.#options;
    while (leading()) {
      await this.#orTell(async () => {
        const { clock, db } = this.#house;
        const late = (await clock.now()) - sweepAfterMs * clock.settings.speed;
        const sleeping = await overslept(db, late, sweepAfterMs, 500);
        let anew = 0;
        for (const workflow of sleeping) {
          const how = await endIfStuck(this.#client, workflow);
          if (how === 'ended') anew += 1;
          if (how !== 'failing') await wake(this.#client, this.#house, workflow);
        }
        if (sleeping.length > 0)
          this.#options.tell('the sweep woke files that had overslept', {
            ...countedByKind(sleeping),
            begunAnew: anew,
          });
      });
      const until = performance.now() + sweepEveryMs;
      while (leading() && performance.now() < until)
        await this.#pause(Math.min(1_000, until - performance.now()));
    }
  }

  #mayWork(): boolean {
    return !this.#stopping;
  }

  async #orTell<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (failure) {
      this.#options.tell('the relay waits', { reason: String(failure) });
      return undefined;
    }
  }

  /** Sleeps for so long at most; the end of the work ends it, and for those who listen a call of Postgres. */
  #pause(ms: number, listening?: 'listening'): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wakers.delete(done);
        this.#listeners.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wakers.add(done);
      if (listening) this.#listeners.add(done);
    });
  }

  #wake(): void {
    for (const waker of [...this.#wakers]) waker();
  }
}

function invoicesOf(words: readonly Word[]): readonly string[] {
  return [
    ...new Set(
      words.flatMap(({ workflow }) =>
        workflow.startsWith('invoice/') ? workflow.slice('invoice/'.length) : [],
      ),
    ),
  ];
}

function countedByKind(workflows: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const workflow of workflows) {
    const kind = workflow.slice(0, workflow.indexOf('/'));
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

function byWorkflow(words: readonly Word[]): ReadonlyMap<string, readonly Word[]> {
  const queues = new Map<string, Word[]>();
  for (const word of words) queues.set(word.workflow, [...(queues.get(word.workflow) ?? []), word]);
  return queues;
}
