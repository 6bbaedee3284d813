import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { dayMs, hourMs } from '../domain/time.ts';
import type { Instant } from '../domain/time.ts';
import { atOnce } from '../temporal/at-once.ts';
import { workflowTaskTimeout } from '../temporal/client.ts';
import { verify } from '../verify.ts';
import { bareQueue } from './bare-worker.ts';
import { register } from './invoice-lives.ts';
import { startMailProvider } from './mail-provider.ts';
import type { MailProvider } from './mail-provider.ts';
import { percentile, rounded, tableOf } from './report.ts';
import { firstMoment, startRig } from './rig.ts';
import type { Cpu, Rig } from './rig.ts';
import { until, untilClosed } from './until-closed.ts';

/** How much is due, and in which time. */
export interface MorningExtent {
  readonly messages: number;
  /** How long the morning lasts, in real milliseconds: half of a day of business. */
  readonly morningMs: number;
  /** What is left for starting and registering before it begins. */
  readonly leadMs: number;
  /** Messages per second that the provider takes: the rate of the account, and the setting DELIVERIES_PER_SECOND. */
  readonly perSecond: number;
}

/**
 * Six a second, three fifths of what two cores can take: what is late at that rate is late by its own fault. The rate of
 * the provider stands at its default, three times as high, so that it cuts off the peaks alone.
 */
const entire: MorningExtent = { messages: 2_000, morningMs: 335_000, leadMs: 75_000, perSecond: 20 };
const quick: MorningExtent = { messages: 200, morningMs: 15_000, leadMs: 25_000, perSecond: 20 };

/** France in September, against UTC. */
const zoneAheadMs = 2 * hourMs;

/**
 * A morning on which thousands of debtors are to be written to: how late each message leaves after its planned moment,
 * against as many bare workflows with one timer and one activity at the very same moments, on the same server.
 *
 * Business days are short, so that a morning of hours passes in minutes: the planned moments are spread by the product
 * itself, over the first half of a window that is the whole day, and lateness is counted in real time, which no clock
 * makes shorter. Ours is late until its outcome is committed, the bare one until its activity begins.
 */
export async function benchMorning(options: readonly string[], say: (line: string) => void): Promise<object> {
  return mornings(options.includes('--quick') ? quick : entire, say);
}

/** The same of any extent. */
export async function mornings(extent: MorningExtent, say: (line: string) => void): Promise<object> {
  const dayRealMs = 2 * extent.morningMs;
  const folder = mkdtempSync(join(tmpdir(), 'relance-morning-'));
  const provider = await startMailProvider(folder, extent.perSecond);
  try {
    const rig = await startRig({
      dayRealMs,
      steps: 1,
      say,
      from: midnightBefore(firstMoment) + dayMs - extent.leadMs * (dayMs / dayRealMs),
      settings: { ...provider.settings, DELIVERIES_PER_SECOND: String(extent.perSecond) },
    });
    try {
      return await measure(rig, provider, extent, say);
    } finally {
      await rig.stop();
    }
  } finally {
    await provider.stop();
    rmSync(folder, { recursive: true });
  }
}

async function measure(
  rig: Rig,
  provider: MailProvider,
  extent: MorningExtent,
  say: (line: string) => void,
): Promise<object> {
  const { messages, morningMs, perSecond } = extent;
  const load = loadavg()[0] ?? 0;
  say(`Registering ${messages} invoices …`);
  const dueInDays = await soonestDue(rig, messages);
  const { creditorId } = await register(rig, { count: messages, perDebtor: 1, dueInDays });
  const planned = await plannedMoments(rig, creditorId);
  await untilHeard(rig);
  const [first, last] = [Math.min(...planned.values()), Math.max(...planned.values())];
  if (first < Date.now()) throw new Error('the morning began before everybody slept: give it a longer lead');
  say(
    `All sleep. The first is due in ${inSeconds(first - Date.now())}, the last ${inSeconds(last - first)} later …`,
  );
  await pause(first - 1_000 - Date.now());
  const [cpuBefore, ours] = [rig.cpu(), await leaving(rig, creditorId, messages, last)];
  const cpuOurs = perMessage(cpuBefore, rig.cpu(), 'worker', messages);
  const verdicts = await verify({ db: rig.house.db, client: rig.client, sample: 50 });

  say('The same moments for bare workflows …');
  const shiftMs = Date.now() + 6_000 + messages * 12 - first;
  await startBare(
    rig,
    [...planned.values()].map((at) => at + shiftMs),
  );
  const startedBeforeMs = first + shiftMs - Date.now();
  if (startedBeforeMs < 0)
    throw new Error('the bare morning began before everybody slept: start them earlier');
  await pause(startedBeforeMs - 1_000);
  const bareBefore = rig.cpu();
  await pause(last + shiftMs - Date.now());
  await untilClosed(rig, 'punctualLife');
  const cpuBare = perMessage(bareBefore, rig.cpu(), 'bareWorker', messages);
  const bareMs = readFileSync(join(rig.folder, 'lateness.txt'), 'utf8').trim().split('\n').map(Number);

  const latenessMs = ours.flatMap(({ invoiceId, at }) => at - (planned.get(invoiceId) ?? NaN));
  const [late, lateBare] = [latenessOf(latenessMs), latenessOf(bareMs)];
  const rate = peakOf(provider.taken.map(({ at }) => at));
  const figures = {
    messages,
    overSeconds: rounded((last - first) / 1_000),
    ratio: rounded(late.p99 / lateBare.p99),
    ratioP50: rounded(late.p50 / lateBare.p50),
    latenessMs: late,
    bareLatenessMs: lateBare,
    spread: {
      share: tenthsOf([...planned.values()], first, morningMs),
      plannedPerSecondMax: peakOf([...planned.values()]),
    },
    perSecondMax: rate,
    perSecondAllowed: perSecond,
    cpuMsPerMessage: { ours: cpuOurs, bare: cpuBare },
    load: [rounded(load), rounded(loadavg()[0] ?? 0)],
    left: ours.length,
    invoices: new Set(ours.map(({ invoiceId }) => invoiceId)).size,
    taken: provider.taken.length,
    bare: bareMs.length,
    broken: [
      ...verdicts.flatMap(({ id, offenders }) =>
        offenders.map(({ subject, what }) => `${id} ${subject} ${what}`),
      ),
      ...(await wrongIn(rig, provider, creditorId, extent, ours)),
    ],
  };
  say(`\n${tableOf(Object.entries(figures).map(([name, value]) => [name, JSON.stringify(value)]))}\n`);
  return figures;
}

/** The midnight, in the zone of the debtors, with which that day began. */
function midnightBefore(moment: Instant): Instant {
  return Math.floor((moment + zoneAheadMs) / dayMs) * dayMs - zoneAheadMs;
}

/** How many days after today an invoice is to be due, so that its message belongs to the next morning for which there is time. */
async function soonestDue({ house }: Rig, messages: number): Promise<number> {
  const now = await house.clock.now();
  const next = midnightBefore(now) + dayMs;
  const leftMs = (next - now) / house.clock.settings.speed;
  const neededMs = 8_000 + messages * 15;
  const ahead = Math.floor((now + zoneAheadMs) / dayMs) - Math.floor(now / dayMs);
  return leftMs >= neededMs ? ahead : ahead + 1;
}

/** When each message is to leave, by the machine's clock: what the file of its invoice says. */
async function plannedMoments({ house }: Rig, creditorId: string): Promise<ReadonlyMap<string, number>> {
  const { origin, anchor, speed } = house.clock.settings;
  const rows = await house.db
    .selectFrom('invoice')
    .select(['id', 'wake_at'])
    .where('creditor_id', '=', creditorId)
    .execute();
  return new Map(
    rows.map(({ id, wake_at: wakeAt }) => {
      if (wakeAt === null) throw new Error(`invoice ${id} has nothing to wait for`);
      return [id, anchor + (wakeAt - origin) / speed];
    }),
  );
}

interface Left {
  readonly invoiceId: string;
  readonly messageId: string;
  /** Machine time at which its outcome was committed. */
  readonly at: number;
}

/** Waits for the messages, and a moment longer for one too many. */
async function leaving(rig: Rig, creditorId: string, count: number, last: number): Promise<readonly Left[]> {
  const read = async (): Promise<readonly Left[]> => {
    const { rows } = await sql<Left>`
      select line.invoice_id as "invoiceId", message.id as "messageId", (extract(epoch from message.touched_at) * 1000)::float8 as at
      from message join message_line line on line.message_id = message.id
      where message.creditor_id = ${creditorId} and message.state = 'accepted'`.execute(rig.house.db);
    return rows;
  };
  await pause(last - Date.now());
  await until('every message has left', async () => (await read()).length >= count);
  await untilHeard(rig);
  return read();
}

async function untilHeard({ house }: Rig): Promise<void> {
  await until('every word is delivered', async () => {
    const waiting = house.db.selectFrom('outbox').select('id').where('delivered_at', 'is', null);
    return (await waiting.limit(1).executeTakeFirst()) === undefined;
  });
}

async function startBare({ bareClient: client }: Rig, moments: readonly number[]): Promise<void> {
  await atOnce([...moments.entries()], 50, async ([index, dueAt]) => {
    await client.workflow.start('punctualLife', {
      taskQueue: bareQueue,
      workflowId: `punctual/${index}`,
      args: [dueAt],
      workflowTaskTimeout,
    });
  });
}

/** The provider may count a mail to the second after the one in which its turn was: the way takes as long as it takes. */
const jitter = 1.1;

/** What the provider's ledger and ours must agree upon: each invoice one message, each message taken once, at his rate. */
async function wrongIn(
  { house }: Rig,
  { taken }: MailProvider,
  creditorId: string,
  { messages, perSecond }: MorningExtent,
  ours: readonly Left[],
): Promise<readonly string[]> {
  const { rows } = await sql<{ what: string }>`
    select 'message ' || id || ' is ' || state || case when possible_duplicate then ', perhaps twice' else '' end as what
    from message where creditor_id = ${creditorId} and (state <> 'accepted' or possible_duplicate)`.execute(
    house.db,
  );
  const wrong = rows.map(({ what }) => what);
  const invoices = new Set(ours.map(({ invoiceId }) => invoiceId)).size;
  if (ours.length !== messages || invoices !== messages)
    wrong.push(`${ours.length} messages left for ${invoices} invoices, not ${messages}`);
  const known = new Set(ours.map(({ messageId }) => messageId));
  const distinct = new Set(taken.map(({ messageId }) => messageId));
  if (taken.length !== messages || distinct.size !== messages || [...distinct].some((id) => !known.has(id)))
    wrong.push(
      `the provider took ${taken.length} mails, ${distinct.size} of them different, not ${messages}`,
    );
  const peak = peakOf(taken.map(({ at }) => at));
  if (peak > perSecond * jitter) wrong.push(`${peak} messages left in one second, and ${perSecond} may`);
  return wrong;
}

function latenessOf(ms: readonly number[]): { p50: number; p99: number; max: number } {
  return {
    p50: rounded(percentile(ms, 0.5)),
    p99: rounded(percentile(ms, 0.99)),
    max: rounded(Math.max(...ms)),
  };
}

/** The most that fell into one second of the clock. */
function peakOf(moments: readonly number[]): number {
  const seconds = new Map<number, number>();
  for (const at of moments)
    seconds.set(Math.floor(at / 1_000), (seconds.get(Math.floor(at / 1_000)) ?? 0) + 1);
  return Math.max(...seconds.values());
}

/** How many fall into each tenth of a time. */
function tenthsOf(moments: readonly number[], first: number, lengthMs: number): readonly number[] {
  const tenths = Array<number>(10).fill(0);
  for (const at of moments) {
    const tenth = Math.min(9, Math.floor(((at - first) / lengthMs) * 10));
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  return tenths;
}

/** CPU milliseconds per message of the server, of the worker and of Postgres; what they use idle is in it. */
function perMessage(before: Cpu, after: Cpu, worker: 'worker' | 'bareWorker', messages: number): object {
  const of = (part: keyof Cpu): number => rounded((after[part] - before[part]) / messages);
  return { server: of('server'), worker: of(worker), postgres: of('postgres') };
}

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(0)} s`;
}
