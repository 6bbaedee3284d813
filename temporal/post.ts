import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { House } from '../db/house.ts';
import { factFrom } from '../db/journal.ts';
import { factsNumbered, firstStart, storedFile } from '../db/outbox.ts';
import type { Startable, Word } from '../db/outbox.ts';
import type { Collection } from '../domain/collection.ts';
import type { Fact } from '../domain/fact.ts';
import { matterKinds } from '../domain/matter.ts';
import type { MatterKind } from '../domain/matter.ts';
import {
  collectionQueue,
  debtorDoor,
  invoiceLife,
  matterLife,
  matterLives,
  startDelayUntil,
  workflowTaskTimeout,
} from './client.ts';

const options = { taskQueue: collectionQueue, workflowTaskTimeout } as const;

/**
 * Brings words to one workflow, starting it where it does not run. At least once: a word may come twice, the numbers of
 * facts protect. Throws when Temporal cannot be reached; the words then keep their place. `noted` is the file of an
 * invoice whose first start is noted already.
 */
export async function post(
  client: Client,
  house: House,
  workflow: string,
  words: readonly Word[],
  noted?: Startable,
): Promise<void> {
  const { kind, id } = namedBy(workflow);
  if (kind !== 'invoice') return look(client, house, kind, id);
  const stored = noted ?? (await storedFile(house, id));
  const fresh = noted ?? ('started' in stored && stored.started ? undefined : await firstStart(house, id));
  if (fresh && !fresh.open) return;
  if (fresh && (await startLater(client, house, fresh.collection, fresh.wakeAt))) return;

  // A plain signal would not end the delay of a start: whoever sleeps before his first task would hear days later.
  const { collection, open } = fresh ?? stored;
  const told = words.filter(({ fact }) => fact !== null);
  for (const fact of await factsOf(house, id, told))
    await signal(client, house, collection, fact.type, [fact]);
  // A word without a fact wakes: what the file waited for has come, and stands elsewhere.
  if (open && told.length < words.length)
    await signal(client, house, collection, lookAgain.signal, lookAgain.signalArgs);
}

/** The facts of words, which mostly came with them. */
async function factsOf(house: House, id: string, words: readonly Word[]): Promise<readonly Fact[]> {
  const bodies = words.flatMap((word) => word.body ?? []);
  if (bodies.length < words.length)
    return factsNumbered(
      house,
      id,
      words.flatMap((word) => word.fact ?? []),
    );
  return Promise.all(bodies.map((body) => factFrom(house.db, house.rules, body)));
}

/** Wakes a workflow without telling it anything: it asks again what now. */
export async function wake(client: Client, house: House, workflow: string): Promise<void> {
  const { kind, id } = namedBy(workflow);
  if (kind !== 'invoice') return look(client, house, kind, id);
  const { collection, open } = await storedFile(house, id);
  if (open) await signal(client, house, collection, lookAgain.signal, lookAgain.signalArgs);
}

const lookAgain = { signal: 'lookAgain', signalArgs: [] };

/** Lets a debtor's door or a matter be looked at. */
async function look(client: Client, house: House, kind: 'debtor' | MatterKind, id: string): Promise<void> {
  const { settings } = house.clock;
  if (kind === 'debtor')
    await client.workflow.signalWithStart('contactDebtor', {
      ...options,
      ...debtorDoor(id, settings),
      ...lookAgain,
    });
  else
    await client.workflow.signalWithStart(matterLives[kind], {
      ...options,
      ...matterLife(kind, id, settings),
      ...lookAgain,
    });
}

function namedBy(workflow: string): { kind: 'invoice' | 'debtor' | MatterKind; id: string } {
  const [word, id] = workflow.split('/');
  const kind = (['invoice', 'debtor', ...matterKinds] as const).find((known) => known === word);
  if (!id || !kind) throw new Error(`a workflow ${workflow} is named that does not exist`);
  return { kind, id };
}

/** Starts a workflow that sleeps until its first wake without costing a task; false when it runs already. */
async function startLater(
  client: Client,
  house: House,
  collection: Collection,
  wakeAt: number | null,
): Promise<boolean> {
  const { settings } = house.clock;
  const startDelay = startDelayUntil(settings, await house.clock.now(), wakeAt);
  try {
    await client.workflow.start('collectInvoice', {
      ...options,
      ...invoiceLife(collection, settings),
      staticSummary: summaryOf(collection),
      ...(startDelay > 0 ? { startDelay } : {}),
    });
    return true;
  } catch (failure) {
    if (failure instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw failure;
  }
}

async function signal(
  client: Client,
  house: House,
  collection: Collection,
  name: string,
  signalArgs: unknown[],
): Promise<void> {
  await client.workflow.signalWithStart('collectInvoice', {
    ...options,
    ...invoiceLife(collection, house.clock.settings),
    staticSummary: summaryOf(collection),
    signal: name,
    signalArgs,
  });
}

/** What an operator reads in Temporal's lists; it names nobody. */
function summaryOf({ amountCents, currency, dueDate, scenario }: Collection): string {
  return `${(amountCents / 100).toFixed(2)} ${currency}, due ${dueDate}, ${scenario.id}`;
}
