import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { addCreditor } from '../db/creditors.ts';
import { dayMs } from '../domain/time.ts';
import { verify } from '../verify.ts';
import { peakBytesOf } from './cpu.ts';
import { asked, openCounter } from './counter.ts';
import type { Counter } from './counter.ts';
import { register, whole } from './invoice-lives.ts';
import { invoiceFile, streamed } from './invoice-file.ts';
import { Onlooker, p95Of, together } from './onlooker.ts';
import { rounded, tableOf } from './report.ts';
import { firstMoment, startRig } from './rig.ts';
import type { Rig } from './rig.ts';
import { until } from './until-closed.ts';

export interface ImportExtent {
  readonly rows: number;
  readonly debtors: number;
  /** Workflows started per second at most: the setting BULK_PER_SECOND. */
  readonly bulkPerSecond: number;
  /** How long somebody works before the import, to compare with. */
  readonly calmMs: number;
  readonly msMax: number;
}

/**
 * The throttle stands higher than in an installation, where it leaves the server to others: this way the run shows what
 * the machine can do, and what the others feel of it at its worst.
 */
const entire: ImportExtent = {
  rows: 100_000,
  debtors: 8_000,
  bulkPerSecond: 1_000,
  calmMs: 15_000,
  msMax: 1_200_000,
};
const quick: ImportExtent = {
  rows: 2_000,
  debtors: 160,
  bulkPerSecond: 1_000,
  calmMs: 3_000,
  msMax: 240_000,
};

const sellers = ['Ateliers Martin', 'Béton du Sud-Ouest', 'Câbles & Fils', 'Dépannage Énergie'];

/**
 * One large file through the whole house: sent to the API, staged, recorded, released, and a workflow started for every
 * invoice, by real processes, while somebody else goes on working.
 *
 * The file is as large as its name says and made while it is sent, so neither end can hold it without showing.
 */
export async function benchImport(options: readonly string[], say: (line: string) => void): Promise<object> {
  return importing(options.includes('--quick') ? quick : entire, say);
}

/** The same of any extent. */
export async function importing(extent: ImportExtent, say: (line: string) => void): Promise<object> {
  const rig = await startRig({
    dayRealMs: dayMs,
    steps: 0,
    say,
    asShipped: true,
    withoutBare: true,
    settings: { BULK_PER_SECOND: String(extent.bulkPerSecond) },
  });
  try {
    return await measure(rig, extent, say);
  } finally {
    await rig.stop();
  }
}

interface Report {
  readonly id: string;
  readonly created: number;
  readonly rejected: number;
  readonly held: number;
  readonly started: number;
}

async function measure(rig: Rig, extent: ImportExtent, say: (line: string) => void): Promise<object> {
  const { rows, debtors, calmMs, msMax } = extent;
  const counter = await openCounter(rig);
  const accountant = await counter.hire('Alice', 'credit_manager');
  await openAccounts(rig);
  // What the other one looks at: his lists are as long before the import as during it.
  const earlier = await register(rig, { count: 100, perDebtor: 1, dueInDays: 30 });
  await untilStarted(rig, msMax);
  const onlooker = new Onlooker(
    counter,
    await counter.hire('Bruno', 'auditor'),
    earlier.invoices[0]?.id ?? '',
  );
  onlooker.begin();
  await pause(1_000);
  await onlooker.waits(); // The first answers are those of a process that has just begun.
  await pause(calmMs);
  const calm = await onlooker.waits();

  const load = loadavg()[0] ?? 0;
  const restMb = { api: mbOf(counter.pid), worker: mbOf(rig.workerPid) };
  say(`Sending ${rows} invoices …`);
  const began = performance.now();
  const today = new Date(firstMoment).toISOString().slice(0, 10);
  const { id } = await asked<Report>(counter, accountant, '/v1/imports?name=portefeuille.csv', {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    ...streamed(invoiceFile({ rows, debtors, sellers, today })),
  });
  const [staged, whileStaging] = [performance.now(), await onlooker.waits()];
  say(`Staged after ${seconds(staged - began)} s. Recording …`);
  await until('all rows are recorded', () => isTrue(rig, id, 'applied_at is not null'), msMax);
  const [recorded, whileRecording] = [performance.now(), await onlooker.waits()];
  const recordedMb = mbOf(rig.workerPid);
  say(`Recorded after ${seconds(recorded - staged)} s more. Preview …`);
  const [previewMs, preview] = await timed<{ looked: number }>(
    counter,
    accountant,
    `/v1/imports/${id}/preview`,
  );

  say('Releasing and starting …');
  await onlooker.waits();
  const asking = performance.now();
  await asked(counter, accountant, `/v1/imports/${id}/release`, { method: 'POST' });
  await until('all are released', () => isTrue(rig, id, 'release_finished_at is not null'), msMax);
  const released = performance.now();
  const releasedMb = mbOf(rig.workerPid);
  say(`Released after ${seconds(released - asking)} s. Starting the rest …`);
  await untilStarted(rig, msMax);
  const whileStarting = await onlooker.waits();
  const started = performance.now();
  await onlooker.end();
  const peakMb = { api: mbOf(counter.pid), worker: mbOf(rig.workerPid) };
  const loadAfter = loadavg()[0] ?? 0;
  say(`Started after ${seconds(started - asking)} s. Counting and verifying …`);

  const [reportMs, report] = await timed<Report>(counter, accountant, `/v1/imports/${id}`);
  const pages = await pagesOf(counter, accountant, id);
  const found = await countedIn(rig, id, earlier.invoices.length);
  const verdicts = await verify({ db: rig.house.db, client: rig.client, sample: 50 });
  const during = together([whileStaging, whileRecording, whileStarting]);
  const [before, meanwhile] = [p95Of(calm), p95Of(during)];
  const figures = {
    rows,
    rowsPerS: rounded(rows / ((recorded - began) / 1_000)),
    stagedPerS: rounded(rows / ((staged - began) / 1_000)),
    recordedPerS: rounded(rows / ((recorded - staged) / 1_000)),
    releasedPerS: rounded(rows / ((released - asking) / 1_000)),
    startsPerS: rounded(await startsPerSecond(rig, id)),
    startsPerSMax: extent.bulkPerSecond,
    peakMb: Math.max(peakMb.api, peakMb.worker),
    peakMbOf: { ...peakMb, before: restMb, workerRecorded: recordedMb, workerReleased: releasedMb },
    p95Ms: {
      before,
      meanwhile,
      ratio: rounded(meanwhile.both / before.both),
      whileStaging: p95Of(whileStaging),
      whileRecording: p95Of(whileRecording),
      whileStarting: p95Of(whileStarting),
    },
    previewMs: rounded(previewMs),
    previewed: preview.looked,
    reportMs: rounded(reportMs),
    pageMs: pages,
    seconds: rounded((started - began) / 1_000),
    load: [rounded(load), rounded(loadAfter)],
    created: report.created,
    rejected: report.rejected,
    started: report.started,
    held: report.held,
    ...found,
    broken: [
      ...verdicts.flatMap(({ id: invariant, offenders }) =>
        offenders.map(({ subject, what }) => `${invariant} ${subject} ${what}`),
      ),
      ...wrongIn(extent, report, found),
    ],
  };
  say(`\n${tableOf(Object.entries(figures).map(([name, value]) => [name, JSON.stringify(value)]))}\n`);
  return figures;
}

async function openAccounts({ house }: Rig): Promise<void> {
  const now = await house.clock.now();
  await house.db.transaction().execute(async (tx) => {
    for (const name of sellers)
      await addCreditor(tx, now, name, { ...whole, legal_name: name, siren: null }, 'bench');
  });
}

async function isTrue({ house }: Rig, importId: string, condition: string): Promise<boolean> {
  const { rows } = await sql`select from import where id = ${importId} and ${sql.raw(condition)}`.execute(
    house.db,
  );
  return rows.length > 0;
}

/** Until no word waits for its workflow. */
function untilStarted({ house }: Rig, msMax: number): Promise<void> {
  return until(
    'every word has reached its workflow',
    async () => {
      const waiting = house.db.selectFrom('outbox').select('id').where('delivered_at', 'is', null);
      return (await waiting.limit(1).executeTakeFirst()) === undefined;
    },
    msMax,
  );
}

/** By the words that started them: from the first delivery of one to the last. */
async function startsPerSecond({ house }: Rig, importId: string): Promise<number> {
  const { rows } = await sql<{ perSecond: number }>`
    select (count(*) / extract(epoch from max(delivered_at) - min(delivered_at)))::float8 as "perSecond"
    from outbox join invoice on outbox.workflow = 'invoice/' || invoice.id
    where outbox.type = 'holdLifted' and import_id = ${importId}`.execute(house.db);
  return rows[0]?.perSecond ?? 0;
}

interface Found {
  readonly invoices: number;
  readonly open: number;
  readonly running: number;
}

/** What stands in Postgres and runs in Temporal at the end; those of before the import are left out. */
async function countedIn({ house, client }: Rig, importId: string, others: number): Promise<Found> {
  const { rows } = await sql<{ invoices: number; open: number }>`
    select count(*)::int as invoices, (count(*) filter (where open))::int as open from invoice where import_id = ${importId}`.execute(
    house.db,
  );
  const { invoices, open } = rows[0] ?? { invoices: 0, open: 0 };
  const query = `WorkflowType = 'collectInvoice' and ExecutionStatus = 'Running'`;
  // The server writes its lists a moment after it has started a workflow.
  let running = 0;
  for (let looks = 0; looks < 20 && running < open; looks += 1) {
    if (looks > 0) await pause(500);
    running = (await client.workflow.count(query)).count - others;
  }
  return { invoices, open, running };
}

function wrongIn({ rows }: ImportExtent, report: Report, found: Found): readonly string[] {
  const wanted = {
    created: rows,
    started: rows,
    invoices: rows,
    open: rows,
    running: rows,
    rejected: 0,
    held: 0,
  };
  const counted: Readonly<Record<keyof typeof wanted, number>> = { ...found, ...report };
  return (Object.keys(wanted) as (keyof typeof wanted)[])
    .filter((name) => counted[name] !== wanted[name])
    .map((name) => `${name}: ${counted[name]}, not ${wanted[name]}`);
}

/** The first page of the rows and one from far behind: pages go by a cursor, so both cost the same. */
async function pagesOf(counter: Counter, key: string, importId: string): Promise<object> {
  const [first] = await timed(counter, key, `/v1/imports/${importId}/rows?limit=200`);
  const [rejected] = await timed(counter, key, `/v1/imports/${importId}/rows?limit=200&state=rejected`);
  const [byBalance] = await timed(counter, key, `/v1/invoices?limit=200&sort=-balance`);
  return { rows: rounded(first), rejected: rounded(rejected), byBalance: rounded(byBalance) };
}

async function timed<T>(counter: Counter, key: string, path: string): Promise<readonly [number, T]> {
  const began = performance.now();
  const answer = await asked<T>(counter, key, path);
  return [performance.now() - began, answer];
}

function mbOf(pid: number): number {
  return Math.round(peakBytesOf(pid) / 1024 / 1024);
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
