import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { machineTime } from '../db/clock.ts';
import { Findings } from '../db/invariants.ts';
import { archiveClosed } from '../temporal/audit/archive/archive-closed.ts';
import { openArchive } from '../temporal/audit/archive/archive.ts';
import type { Archive } from '../temporal/audit/archive/archive.ts';
import { replayInProcesses } from '../temporal/audit/replay/replay-in-processes.ts';
import type { ToReplay } from '../temporal/audit/replay/replay-in-processes.ts';
import { runsSince } from '../temporal/audit/replay/which-runs.ts';
import { verifyArchive } from '../temporal/audit/verify-archive.ts';
import { readKeyRing } from '../temporal/sealing/key-ring.ts';
import { liveInvoices } from './invoice-lives.ts';
import { rounded, tableOf } from './report.ts';
import { startRig } from './rig.ts';
import type { Rig } from './rig.ts';

/** How much is measured. */
interface Extent {
  readonly dayRealMs: number;
  readonly steps: number;
  readonly lives: number;
  readonly livesAtOnce: number;
  /** How many histories one process replays from memory, for comparison. */
  readonly bare: number;
}

const whole: Extent = { dayRealMs: 5_000, steps: 2, lives: 1_000, livesAtOnce: 200, bare: 1_000 };
const quick: Extent = { dayRealMs: 1_500, steps: 2, lives: 20, livesAtOnce: 10, bare: 10 };

/**
 * So many invoices live, are paid, and are audited: their histories archived, checked, and lived again, in one run.
 *
 * `replayPerS`: histories a second, from the sealed object in the archive to the verdict, with a process for each core.
 * `ratio`: what a history costs so, in seconds of a process, against one that lies ready in memory and is replayed by one
 * process alone; 1 would be an archive that costs nothing and cores that do not share their memory with each other.
 */
export async function benchAudit(options: readonly string[], say: (line: string) => void): Promise<object> {
  const extent = options.includes('--quick') ? quick : whole;
  // The bench archives by itself: what a worker does beside would be measured with it.
  const settings = { ARCHIVE_EVERY_SECONDS: '43200' };
  const rig = await startRig({ ...extent, say, withoutBare: true, settings });
  try {
    return await measure(rig, extent, say);
  } finally {
    await rig.stop();
  }
}

async function measure(rig: Rig, extent: Extent, say: (line: string) => void): Promise<object> {
  const { house, client } = rig;
  for (let lived = 0; lived < extent.lives; lived += extent.livesAtOnce) {
    say(`${lived} of ${extent.lives} invoices have lived …`);
    await liveInvoices(rig, extent.livesAtOnce, 1);
  }
  const archive = openArchive(house.db, {
    TEMPORAL_NAMESPACE: 'default',
    PAYLOAD_KEYS_FILE: readKeyRing(readFileSync(join(rig.folder, 'payload-keys'), 'utf8')),
  });

  say('Archiving …');
  const archiving = await timed(() =>
    archiveClosed({ archive, client, clock: house.clock }, { now: machineTime(), whole: true }),
  );
  say('Verifying the archive …');
  const findings = new Findings();
  const verifying = await timed(() => verifyArchive({ db: house.db, archive, client, findings }));

  say('Replaying …');
  const bundlePath = join(rig.folder, 'workflows.js');
  const processes = availableParallelism();
  const replaying = await timed(() => replayed(kept(archive), bundlePath, processes));
  const some: ToReplay[] = [];
  for await (const run of kept(archive)) if (some.push(run) === extent.bare) break;
  const barePerS = await barely(some, bundlePath);

  const { archived, failed } = archiving.came;
  const { replays, departed, events, invoices } = replaying.came;
  const replayPerS = replays / replaying.seconds;
  const { bytes } = await house.db
    .selectFrom('archived_run')
    .select(({ fn }) => fn.sum<string>('bytes').as('bytes'))
    .executeTakeFirstOrThrow();
  const offenders = findings.verdicts().flatMap((verdict) => verdict.offenders);
  const figures = {
    replayPerS: rounded(replayPerS),
    ratio: rounded((processes * barePerS) / replayPerS),
    processes,
    barePerS: rounded(barePerS),
    invoices,
    histories: replays,
    eventsPerHistory: rounded(events / replays),
    archivedPerS: rounded(archived / archiving.seconds),
    verifiedPerS: rounded(archived / verifying.seconds),
    bytesPerRun: Math.round(Number(bytes) / archived),
    broken: [
      ...(invoices === extent.lives ? [] : [`${invoices} of ${extent.lives} invoices were replayed`]),
      ...(failed.length === 0 ? [] : [`${failed.length} runs were not archived: ${failed[0]?.reason ?? ''}`]),
      ...(departed === 0 ? [] : [`${departed} histories depart`]),
      ...offenders.map(({ subject, what }) => `${subject} ${what}`),
    ],
  };
  say(`\n${tableOf(Object.entries(figures).map(([name, value]) => [name, JSON.stringify(value)]))}\n`);
  return figures;
}

/** What is archived, as Temporal would have it if it had forgotten everything. */
async function* kept(archive: Archive): AsyncGenerator<ToReplay> {
  for await (const { workflowId, runId, history } of runsSince({ archive, client: null }, null))
    if (history) yield { workflowId, runId, history };
}

async function replayed(
  runs: AsyncIterable<ToReplay> | Iterable<ToReplay>,
  bundlePath: string,
  processes: number,
): Promise<{ replays: number; departed: number; events: number; invoices: number }> {
  let [replays, departed, events] = [0, 0, 0];
  const invoices = new Set<string>();
  for await (const one of replayInProcesses(runs, { bundlePath, processes })) {
    replays += 1;
    events += one.events;
    if (one.departure) departed += 1;
    if (one.workflowId.startsWith('invoice/')) invoices.add(one.workflowId);
  }
  return { replays, departed, events, invoices: invoices.size };
}

/** Histories a second that one process replays from memory once it is warm: the second half of what it is given. */
async function barely(runs: readonly ToReplay[], bundlePath: string): Promise<number> {
  const at: number[] = [];
  for await (const _ of replayInProcesses(runs, { bundlePath, processes: 1 })) at.push(performance.now());
  const middle = Math.floor(at.length / 2);
  const [from, to] = [at[middle], at.at(-1)];
  if (from === undefined || to === undefined || from === to) throw new Error('nothing was replayed');
  return (at.length - 1 - middle) / ((to - from) / 1_000);
}

async function timed<T>(act: () => Promise<T>): Promise<{ came: T; seconds: number }> {
  const began = performance.now();
  const came = await act();
  return { came, seconds: (performance.now() - began) / 1_000 };
}
