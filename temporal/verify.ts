import { isDeepStrictEqual } from 'node:util';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { inPages } from '../db/in-pages.ts';
import type { Findings } from '../db/invariants.ts';
import { storedFrom } from '../db/journal.ts';
import type { Collection } from '../domain/collection.ts';
import { atOnce } from './at-once.ts';
import { collectionQueue } from './client.ts';
import { within } from './connection.ts';
import { factsInHistory } from './facts-in-history.ts';
import { grpcCodeOf, grpcCodes } from './grpc-code.ts';

export interface BesideTemporal {
  readonly client: Client;
  readonly db: Db;
  readonly findings: Findings;
  /** How many workflows are asked for their file and their history; all of them when absent. */
  readonly sample?: number;
}

const invoicesAtOnce = 1_000;
const callsAtOnce = 10;
/** What is on its way is given this long to arrive before it counts as lost: what runs is looked at while it runs. */
const patienceMs = 5_000;
const queryMsMax = 10_000;
const unanswered: ReadonlySet<number | undefined> = new Set([grpcCodes.unknown, grpcCodes.notEnoughTime]);

/**
 * Checks Postgres against Temporal: who should run does and nobody else, and each has heard every fact.
 *
 * Reads only. Throws when Temporal can't be reached.
 */
export async function verifyBesideTemporal(what: BesideTemporal): Promise<void> {
  await verifyRunning(what);
  if (!(await someoneWorks(what.client))) {
    for (const id of ['I06', 'folds'] as const)
      what.findings.skip(id, 'no worker answers, so no workflow could be asked for its file');
    return;
  }
  await verifyHeard(what);
}

interface Row {
  readonly id: string;
  readonly open: boolean;
  readonly wake_at: number | null;
  /** A word to it is still to be delivered. */
  readonly owed: boolean;
}

type Should = 'run' | 'rest' | 'either';

/** One that waits for people alone may rest: their next fact starts it. */
function shouldOf(row: Row): Should {
  if (row.owed) return 'either';
  if (!row.open) return 'rest';
  return row.wake_at === null ? 'either' : 'run';
}

async function verifyRunning(what: BesideTemporal): Promise<void> {
  const { db, findings } = what;
  const running = await runningLives(what.client);
  const suspects: string[] = [];
  const read = (after: string | null) => rowsAfter(db, after);
  for await (const rows of inPages(invoicesAtOnce, read, ({ id }) => id)) {
    const found = await atOnce(rows, callsAtOnce, async (row) =>
      running ? running.delete(row.id) : isRunning(what.client, row.id),
    );
    rows.forEach((row, index) => {
      const should = shouldOf(row);
      if (should !== 'either' && (should === 'run') !== found[index]) suspects.push(row.id);
    });
  }
  // Whatever runs and was no invoice of a page: registered meanwhile, or unknown here.
  suspects.push(...(running ?? []));
  await atOnce(suspects, callsAtOnce, async (id) => {
    const wrong = await stillWrong(async () => {
      const row = await rowOf(db, id);
      const runs = await isRunning(what.client, id);
      if (!row) return runs ? 'runs, and no such invoice is in the database' : null;
      const should = shouldOf(row);
      if (should === 'run' && !runs)
        return `would wake at ${new Date(row.wake_at ?? 0).toISOString()}, and no workflow runs for it`;
      return should === 'rest' && runs ? 'is closed, and its workflow runs' : null;
    });
    if (wrong) findings.add('I07', `invoice/${id}`, wrong);
  });
}

/** The invoices whose workflows run, by one list; undefined where the server keeps none (the one that skips time). */
async function runningLives(client: Client): Promise<Set<string> | undefined> {
  const ids = new Set<string>();
  try {
    for await (const { workflowId } of client.workflow.list({
      query: `WorkflowType = 'collectInvoice' AND ExecutionStatus = 'Running'`,
      pageSize: invoicesAtOnce,
    }))
      ids.add(workflowId.replace('invoice/', ''));
    return ids;
  } catch (failure) {
    if (grpcCodeOf(failure) === grpcCodes.notOffered) return undefined;
    throw failure;
  }
}

async function isRunning(client: Client, invoiceId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(`invoice/${invoiceId}`).describe();
    return status.name === 'RUNNING';
  } catch (failure) {
    if (failure instanceof WorkflowNotFoundError) return false;
    throw failure;
  }
}

async function rowsAfter(db: Db, after: string | null): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select id, open, wake_at, exists (select from outbox where workflow = 'invoice/' || invoice.id and delivered_at is null) as owed
    from invoice where ${after}::uuid is null or id > ${after}::uuid order by id limit ${invoicesAtOnce}`.execute(
    db,
  );
  return rows;
}

async function rowOf(db: Db, id: string): Promise<(Row & { fact: number; collection: object }) | undefined> {
  const { rows } = await sql<Row & { fact: number; collection: object }>`
    select id, open, wake_at, fact, collection, exists (select from outbox where workflow = 'invoice/' || invoice.id and delivered_at is null) as owed
    from invoice where id::text = ${id}`.execute(db);
  return rows[0];
}

async function verifyHeard(what: BesideTemporal): Promise<void> {
  const { db, findings, sample } = what;
  const { rows } = await sql<{ id: string }>`
    select id from invoice where open and started order by ${sample === undefined ? sql`id` : sql`random()`} limit ${sample ?? null}`.execute(
    db,
  );
  await atOnce(rows, callsAtOnce, async ({ id }) => {
    const lost = await stillWrong(() => whatWasLost(what, id));
    if (lost) findings.add(lost.id, `invoice/${id}`, lost.what);
  });
}

/** What the workflow's file lacks or has otherwise; null while a word is under way, or when it does not run. */
async function whatWasLost(
  { client, db }: BesideTemporal,
  id: string,
): Promise<{ id: 'I06' | 'I07' | 'folds'; what: string } | null> {
  const held = await fileHeldBy(client, id);
  if (held === 'stuck')
    return { id: 'I07', what: 'its workflow runs and fails at every try, so it answers nothing' };
  if (!held) return null;
  const row = await rowOf(db, id);
  if (!row || !row.open || row.owed) return null;
  if (held.fact > row.fact)
    return { id: 'folds', what: `its workflow has heard ${held.fact} facts, its log ends at ${row.fact}` };
  if (held.fact < row.fact)
    return {
      id: 'I06',
      what: `its workflow has heard ${held.fact} of ${row.fact} facts, and no word is under way`,
    };
  if (!isDeepStrictEqual(JSON.parse(storedFrom(held)), row.collection))
    return { id: 'folds', what: 'its workflow holds another file than Postgres, of the same facts' };

  const { start, heard } = await factsInHistory(client, `invoice/${id}`);
  const began = start?.fact ?? 0;
  const known = new Set(heard.map(({ n }) => n));
  const missing = Array.from(
    { length: Math.max(0, held.fact - began) },
    (_, index) => began + 1 + index,
  ).filter((n) => !known.has(n));
  return missing.length === 0 ? null : { id: 'I06', what: `facts ${missing.join(', ')} stand in no history` };
}

/**
 * The file in the workflow's memory; undefined when it does not run, or has not begun because its first wake is still
 * to come; stuck when its code fails.
 */
async function fileHeldBy(client: Client, id: string): Promise<Collection | 'stuck' | undefined> {
  try {
    return await within(client, queryMsMax, () =>
      client.workflow.getHandle(`invoice/${id}`).query<Collection>('state'),
    );
  } catch (failure) {
    if (failure instanceof WorkflowNotFoundError) return undefined;
    const code = grpcCodeOf(failure);
    if ((code === grpcCodes.stateForbids || unanswered.has(code)) && (await isStuck(client, id)))
      return 'stuck';
    if (code === grpcCodes.stateForbids) return undefined;
    throw failure;
  }
}

/**
 * The server refuses to ask both a workflow that has not begun and one whose tasks fail, and may let the latter's caller
 * wait; only the latter is at its second try.
 */
async function isStuck(client: Client, id: string): Promise<boolean> {
  try {
    const { raw } = await client.workflow.getHandle(`invoice/${id}`).describe();
    return (raw.pendingWorkflowTask?.attempt ?? 0) > 1;
  } catch (failure) {
    if (failure instanceof WorkflowNotFoundError) return false;
    throw failure;
  }
}

async function someoneWorks(client: Client): Promise<boolean> {
  try {
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: collectionQueue },
    });
    return pollers.length > 0;
  } catch (failure) {
    if (grpcCodeOf(failure) === grpcCodes.notOffered) return true;
    throw failure;
  }
}

/** Looks again for a while before it believes that something is wrong. */
async function stillWrong<T>(look: () => Promise<T | null>): Promise<T | null> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const wrong = await look();
    if (wrong === null || performance.now() > giveUpAt) return wrong;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
