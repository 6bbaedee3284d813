import { describe, expect } from 'vitest';
import { invoiceFile, streamed } from '../../bench/invoice-file.ts';
import type { Child } from '../../processes/child.ts';
import { asItIs, buildWithout } from './build.ts';
import type { Build } from './build.ts';
import { PostgresProxy } from './postgres-proxy.ts';
import type { Fate, Statement } from './postgres-proxy.ts';
import { control, long } from './split.ts';
import { until, World } from './world.ts';

/** Where the worker is killed: at the statement that looks so, when it comes for the so-manieth time. */
const places = {
  'in the midst of a thousand rows': { at: /^\s*update import_row set state/, time: 2, fate: 'cut_before' },
  'when a thousand rows are committed, before it hears so': {
    at: /^commit/i,
    after: /^\s*update import_row set state/,
    time: 2,
    fate: 'cut_after',
  },
  'in the midst of the release': { at: /^update "import" set "release_cursor"/, time: 2, fate: 'cut_before' },
  'when workflows are started and nobody has noted it': {
    at: /^update "outbox" set "delivered_at"/,
    time: 3,
    fate: 'cut_before',
  },
} as const satisfies Readonly<
  Record<string, { at: RegExp; after?: RegExp; time: number; fate: Exclude<Fate, 'forward'> }>
>;
type Place = keyof typeof places;

// F30
describe.concurrent('a large import whose worker is killed with kill -9', () => {
  long(
    'in its rows, after a commit, in its release and in its starts goes on where it was',
    async () => {
      const found = await imported(5_000, Object.keys(places) as Place[]);

      expect(found.killed).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGKILL']);
      expectWhole(found, 5_000);
    },
    // Five thousand workflows are started, at the pace that leaves others their share.
    600_000,
  );
  control('a cursor that moves before its rows are recorded leaves a thousand of them behind', async () => {
    const found = await imported(3_000, ['in the midst of a thousand rows'], {
      build: buildWithout('the cursor of imports'),
      release: false,
    });

    expect(found.killed).toEqual(['SIGKILL']);
    expect(found.report).toMatchObject({ state: 'applied', rows: 3_000, created: 2_000 });
    expect(found.invoices).toBe(2_000);
    expect(found.broken.join()).toContain('I18 import/');
  });
});

type Found = Awaited<ReturnType<typeof imported>>;

function expectWhole(found: Found, rows: number): void {
  expect(found.report).toMatchObject({
    state: 'applied',
    rows,
    created: rows,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    held: 0,
    started: rows,
  });
  expect(found.invoices).toBe(rows);
  expect(found.running).toBe(rows);
  expect(found.everStarted).toBe(rows);
  expect(found.broken).toEqual([]);
}

/** One file; a worker is killed at each of these places, and the last one finishes. */
async function imported(
  rows: number,
  where: readonly Place[],
  { build = asItIs, release = true }: { readonly build?: Build; readonly release?: boolean } = {},
) {
  return World.during({}, async (world) => {
    world.onEnd(build.remove);
    const { ask, url, key } = await world.api();
    const file = invoiceFile({ rows, debtors: rows / 10, sellers: ['Ateliers Martin'], today: '2026-03-03' });
    const sent = await fetch(`${url}/v1/imports?release=${String(release)}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'text/csv' },
      ...streamed(file),
    });
    expect(sent.status).toBe(202);
    const { id } = (await sent.json()) as { id: string };

    const killed: string[] = [];
    for (const place of where) killed.push(await killedAt(world, build, place));
    await world.worker({ build });
    const { db } = world.house;
    await until(
      'all is recorded, and released if it was to be',
      async () => {
        const job = await db.selectFrom('import').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
        return (release ? job.release_finished_at : job.applied_at) !== null;
      },
      120,
    );
    await until('every word is delivered', async () => (await world.words()) === 0, 300);
    const { count: invoices } = await db
      .selectFrom('invoice')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    const lives = `WorkflowType = 'collectInvoice'`;
    const runs = async (): Promise<number> =>
      (await world.client.workflow.count(`${lives} and ExecutionStatus = 'Running'`)).count;
    // The server's lists follow a moment later.
    if (release) await until('all run', async () => (await runs()) >= rows, 30);
    return {
      killed,
      report: (await ask('GET', `/v1/imports/${id}`)).body,
      invoices,
      running: await runs(),
      everStarted: (await world.client.workflow.count(lives)).count,
      broken: await world.broken(),
    };
  });
}

/** Starts a worker behind a proxy and kills it where it is told; how it ended. */
async function killedAt(world: World, build: Build, place: Place): Promise<string> {
  const { at, time, fate, ...more } = places[place];
  const after = 'after' in more ? more.after : null;
  const proxy = await PostgresProxy.open(world.databaseUrl);
  world.onEnd(() => proxy.close());
  let seen = 0;
  proxy.onStatement = ({ text, before }: Statement) => {
    if (!at.test(text) || (after && !before.some((earlier) => after.test(earlier)))) return 'forward';
    seen += 1;
    if (seen !== time) return 'forward';
    // Not before the proxy has done its part: a commit is on its way when the process dies.
    setTimeout(() => worker.kill(), 0);
    return fate;
  };
  const worker: Child = await world.worker({ build, databaseUrl: proxy.through(world.databaseUrl) });
  return worker.exited;
}
