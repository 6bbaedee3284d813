import {
  condition,
  continueAsNew,
  proxyActivities,
  proxyLocalActivities,
  setDefaultSignalHandler,
  setHandler,
  TemporalFailure,
} from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import { apply } from '../domain/apply.ts';
import type { ClockSettings } from '../domain/clock.ts';
import { machineDelay } from '../domain/clock.ts';
import type { Collection } from '../domain/collection.ts';
import { decide } from '../domain/decide.ts';
import type { Outcome } from '../domain/decision.ts';
import { isFactType } from '../domain/fact.ts';
import type { Fact } from '../domain/fact.ts';
import type { Instant } from '../domain/time.ts';
import { stateQuery, whyQuery } from './queries.ts';
import { isOldRun, nowBy, runMsMax } from './run.ts';

/** What the life of an invoice starts from: its stored file, and how business time runs. */
export interface InvoiceLife {
  readonly collection: Collection;
  readonly clock: ClockSettings;
  /** Where its acts run. A run that was begun without it, by an earlier release, goes on as it began. */
  readonly acts?: 'local';
  /** The run before was woken, and ended by its age before it had looked. */
  readonly rang?: boolean;
}

/** What a life asks for while it goes on. */
type Acts = Pick<Activities, 'perform' | 'readFacts'>;

/**
 * Acts touch nothing but the database, so they run beside their workflow: that saves a history five events each, and the
 * server and the worker a tenth of a step. Run again after a kill they do no harm: `perform` asks at the head of the log,
 * whatever the workflow knew. Tried once, and not for long: meanwhile it holds a place that other workflows need.
 */
const local = proxyLocalActivities<Acts>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 1 },
});

/** For what does not succeed at once: tried for as long as it takes, seen by operators, and no event of the history each time. */
const regular = proxyActivities<Acts>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

const localFirst: Acts = {
  perform: (what) => local.perform(what).catch(orPatiently(() => regular.perform(what))),
  readFacts: (what) => local.readFacts(what).catch(orPatiently(() => regular.readFacts(what))),
};

/** The machine that performs may be a little behind the server's clock; so long it is given to catch up. */
const clockSkewMs = 1_000;

/**
 * The life of one invoice, from its registration to payment, write-off or hand-over.
 *
 * Every rule lives in `domain/decide.ts`, every fact in the invoice's log. This workflow only hears, waits and acts:
 * whatever arrives while it sleeps changes the answer to "what now?" and wakes it up.
 */
export async function collectInvoice(life: InvoiceLife): Promise<Outcome> {
  const { clock } = life;
  const acts = life.acts === 'local' ? localFirst : regular;
  let { collection } = life;
  const inbox: Fact[] = [];
  const now = (): Instant => nowBy(clock);
  let poked = false;
  let rang = life.rang ?? false;
  const somethingHappened = (): boolean => inbox.length > 0 || poked;

  // Handlers only queue, so none can be half-way through when this run ends. A signal is named after its fact, so a
  // history reads as a story; a word without a fact is the sweep's, and only wakes.
  setDefaultSignalHandler((_name, fact) => {
    if (isFact(fact)) inbox.push(fact);
    else poked = true;
  });
  setHandler(stateQuery, () => collection);
  setHandler(whyQuery, () => decide(collection, now()));

  for (;;) {
    rang ||= poked;
    poked = false;
    collection = await hear(acts, collection, inbox.splice(0));
    if (somethingHappened()) continue;
    if (isOldRun())
      await continueAsNew<typeof collectInvoice>({
        collection,
        clock,
        acts: 'local',
        ...(rang ? { rang } : {}),
      });

    const decision = decide(collection, now());
    if (decision.kind === 'close') return decision.outcome;
    // Where a moment came and brought nothing to do, a hold that ran out, the stored file still has to learn it.
    if (decision.kind === 'act' || rang) {
      rang = false;
      const facts = await acts.perform({ invoiceId: collection.invoiceId, heard: collection.fact });
      inbox.push(...facts);
      if (facts.length === 0 && decision.kind === 'act') await condition(somethingHappened, clockSkewMs);
      continue;
    }
    const woken = await condition(somethingHappened, delayUntil(clock, now(), decision.until));
    rang = !woken && decision.until !== null && decision.until <= now();
  }
}

/** Applies facts in their order, each once; what is missing in between is read from the log. */
async function hear(acts: Acts, collection: Collection, facts: readonly Fact[]): Promise<Collection> {
  const fresh = [...facts].sort((a, b) => a.n - b.n).filter((fact) => fact.n > collection.fact);
  let file = collection;
  for (const fact of fresh) {
    if (fact.n <= file.fact) continue;
    if (fact.n === file.fact + 1) file = apply(file, fact);
    else
      for (const missed of await acts.readFacts({ invoiceId: file.invoiceId, after: file.fact }))
        if (missed.n === file.fact + 1) file = apply(file, missed);
  }
  return file;
}

/** The failure of a local activity comes as itself, not wrapped as an `ActivityFailure`. */
function orPatiently<T>(act: () => Promise<T>): (failure: unknown) => Promise<T> {
  return (failure) => {
    if (failure instanceof TemporalFailure) return act();
    throw failure;
  };
}

/** Real milliseconds to sleep; nothing to wait for but facts still ends with the run, so that runs stay young. */
function delayUntil(clock: ClockSettings, now: Instant, until: Instant | null): number {
  const wanted = until === null ? runMsMax : machineDelay(clock, now, until);
  return Math.max(1, Math.min(wanted, runMsMax));
}

function isFact(word: unknown): word is Fact {
  return typeof word === 'object' && word !== null && 'n' in word && 'type' in word && isFactType(word.type);
}
