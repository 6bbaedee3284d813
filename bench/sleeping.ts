import { setTimeout as pause } from 'node:timers/promises';
import type { Collection } from '../domain/collection.ts';
import { atOnce } from '../temporal/at-once.ts';
import { residentBytesOf } from './cpu.ts';
import { pay, payAll, register } from './invoice-lives.ts';
import type { Batch } from './invoice-lives.ts';
import type { Rig } from './rig.ts';
import { until, untilClosed } from './until-closed.ts';

export interface Sleeping {
  /** What one more sleeping invoice adds to the worker, in bytes of resident memory. */
  readonly bytesPerInvoice: number;
  /** Milliseconds from the commit of a payment until the workflow, asked, has heard it. */
  readonly latenciesMs: readonly number[];
}

/**
 * Invoices that sleep: what each of them holds in the worker, and how soon a fact reaches one.
 *
 * An invoice that was never spoken to sleeps on the server and costs the worker nothing; each gets a first payment of a
 * cent, so that its workflow is in the worker's cache.
 */
export async function measureSleeping(rig: Rig, count: number, facts: number): Promise<Sleeping> {
  const first = await asleep(rig, count);
  const latenciesMs: number[] = [];
  for (const invoice of first.invoices.slice(0, facts))
    latenciesMs.push(await latencyOf(rig, first.creditorId, invoice));

  await pause(2_000);
  const before = residentBytesOf(rig.workerPid);
  const second = await asleep(rig, count);
  await pause(2_000);
  const after = residentBytesOf(rig.workerPid);

  for (const batch of [first, second]) await payAll(rig, batch);
  await untilClosed(rig, 'collectInvoice');
  return { bytesPerInvoice: Math.max(0, after - before) / count, latenciesMs };
}

async function asleep(rig: Rig, count: number): Promise<Batch> {
  const batch = await register(rig, { count, perDebtor: 1, dueInDays: 300 });
  await untilHeard(rig);
  await atOnce(batch.invoices, 4, (invoice) => pay(rig, batch.creditorId, invoice, 1));
  await untilHeard(rig);
  return batch;
}

async function untilHeard({ house }: Rig): Promise<void> {
  await until('every word is delivered', async () => {
    const waiting = await house.db
      .selectFrom('outbox')
      .select('id')
      .where('delivered_at', 'is', null)
      .limit(1)
      .execute();
    return waiting.length === 0;
  });
}

/** Asks the workflow again and again; a query waits for the task that applies the fact, so it adds little. */
async function latencyOf(rig: Rig, creditorId: string, invoice: Batch['invoices'][number]): Promise<number> {
  const handle = rig.client.workflow.getHandle(`invoice/${invoice.id}`);
  const before = await handle.query<Collection>('state');
  await pay(rig, creditorId, invoice, 1);
  const committed = performance.now();
  for (;;) {
    const { fact } = await handle.query<Collection>('state');
    if (fact > before.fact) return performance.now() - committed;
    await pause(1);
  }
}
