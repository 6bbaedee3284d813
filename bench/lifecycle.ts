import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { liveBarely } from './bare-lives.ts';
import { historySizeOf } from './histories.ts';
import { liveInvoices } from './invoice-lives.ts';
import type { Lived } from './invoice-lives.ts';
import { median, percentile, rounded, tableOf } from './report.ts';
import { startRig } from './rig.ts';
import type { Cpu, Rig } from './rig.ts';
import { measureSleeping } from './sleeping.ts';

/** How much is measured. */
interface Extent {
  readonly dayRealMs: number;
  readonly steps: number;
  readonly pairs: number;
  readonly lives: number;
  readonly burst: number;
  readonly sleeping: number;
  readonly facts: number;
  readonly idleMs: number;
}

const whole: Extent = {
  dayRealMs: 4_000,
  steps: 5,
  pairs: 3,
  lives: 80,
  burst: 150,
  sleeping: 300,
  facts: 100,
  idleMs: 8_000,
};
const quick: Extent = {
  dayRealMs: 1_500,
  steps: 2,
  pairs: 1,
  lives: 10,
  burst: 10,
  sleeping: 10,
  facts: 3,
  idleMs: 2_000,
};

/** What one round has used, per step, once the idle consumption of its duration is taken off. */
interface Round {
  readonly steps: number;
  readonly seconds: number;
  /** CPU milliseconds per step of the Temporal server and of the worker. */
  readonly server: number;
  readonly worker: number;
  readonly both: number;
  readonly postgres: number;
  /** The same as `both`, with nothing taken off. */
  readonly raw: number;
}

/**
 * The life of invoices against bare workflows, on the same servers, in the same run, by turns.
 *
 * `ratio`: the CPU of Temporal's server and the workers per step of our lives, against a workflow that has per step one
 * timer, two empty activities and one signal. `stepCost`: the same of our lives against the leanest workflow that sends as
 * often. The driver, which registers, pays and signals, counts for nobody. Postgres is reported beside: a bare workflow has
 * none.
 */
export async function benchLifecycle(
  options: readonly string[],
  say: (line: string) => void,
): Promise<object> {
  const extent = options.includes('--quick') ? quick : whole;
  const rig = await startRig({ ...extent, say });
  try {
    return await measure(rig, extent, say);
  } finally {
    await rig.stop();
  }
}

async function measure(rig: Rig, extent: Extent, say: (line: string) => void): Promise<object> {
  const { lives, steps, pairs } = extent;
  // First, while the worker's memory holds nothing that has ended; and it warms everybody up.
  say('Sleeping invoices …');
  const sleeping = await measureSleeping(rig, extent.sleeping, extent.facts);
  say('More due than can be taken …');
  const burst = await liveInvoices(rig, extent.burst, 1);
  await liveBarely({ ...rig, steps: 1 }, 'bareLife', Math.ceil(lives / 4));
  const stepsPerSecond = await throughputOf(rig, burst);
  const idle = await idleOf(rig, extent.idleMs);

  const rounds = { bare: [] as Round[], lean: [] as Round[], one: [] as Round[], ten: [] as Round[] };
  let bareIds: readonly string[] = [];
  let lived: Lived | undefined;
  let messagesOfTen = 0;
  for (let pair = 1; pair <= pairs; pair += 1) {
    say(`Round ${pair} of ${pairs} …`);
    rounds.bare.push(
      await roundOf(rig, idle, 'bareWorker', async () => {
        bareIds = await liveBarely(rig, 'bareLife', lives);
        return lives * steps;
      }),
    );
    rounds.one.push(
      await roundOf(rig, idle, 'worker', async () => {
        lived = await liveInvoices(rig, lives, 1);
        return lived.invoiceSteps;
      }),
    );
    rounds.lean.push(
      await roundOf(rig, idle, 'bareWorker', async () => {
        await liveBarely(rig, 'leanLife', lives);
        return lives * steps;
      }),
    );
    rounds.ten.push(
      await roundOf(rig, idle, 'worker', async () => {
        const { invoiceSteps, messages } = await liveInvoices(rig, lives, 10);
        messagesOfTen += messages;
        return invoiceSteps;
      }),
    );
  }
  const histories = await historiesOf(rig, lived, bareIds);
  const ratios = quotients(rounds.one, rounds.bare);
  const stepCosts = quotients(rounds.one, rounds.lean);
  const stepCostsTen = quotients(rounds.ten, rounds.lean);
  const perMessage = (lives * steps * pairs) / messagesOfTen;
  const figures = {
    ratio: rounded(median(ratios)),
    ratioSpread: spreadOf(ratios),
    ratioWithPostgres: rounded(median(quotients(rounds.one, rounds.bare, true))),
    stepCost: rounded(median(stepCosts)),
    stepCostSpread: spreadOf(stepCosts),
    stepCostWithPostgres: rounded(median(quotients(rounds.one, rounds.lean, true))),
    stepCostTen: rounded(median(stepCostsTen)),
    stepCostTenSpread: spreadOf(stepCostsTen),
    stepCostTenWithPostgres: rounded(median(quotients(rounds.ten, rounds.lean, true))),
    stepCostTenPerMessage: rounded(median(stepCostsTen) * perMessage),
    invoicesPerMessage: rounded(perMessage),
    cpuMsPerStep: {
      bare: middleOf(rounds.bare),
      lean: middleOf(rounds.lean),
      one: middleOf(rounds.one),
      ten: middleOf(rounds.ten),
    },
    idleCpuMsPerSecond: mapped(idle, rounded),
    stepsPerSecond: rounded(stepsPerSecond),
    ...histories,
    bytesPerSleepingInvoice: Math.round(sleeping.bytesPerInvoice),
    factToWorkflowMs: {
      median: rounded(median(sleeping.latenciesMs)),
      p99: rounded(percentile(sleeping.latenciesMs, 0.99)),
    },
  };
  say(shown(figures));
  return figures;
}

async function roundOf(
  rig: Rig,
  idle: Cpu,
  worker: 'worker' | 'bareWorker',
  live: () => Promise<number>,
): Promise<Round> {
  const [before, began] = [rig.cpu(), performance.now()];
  const steps = await live();
  const [after, seconds] = [rig.cpu(), (performance.now() - began) / 1_000];
  const net = (part: keyof Cpu): number => (after[part] - before[part] - idle[part] * seconds) / steps;
  const raw = (part: keyof Cpu): number => (after[part] - before[part]) / steps;
  return {
    steps,
    seconds,
    server: net('server'),
    worker: net(worker),
    both: net('server') + net(worker),
    postgres: net('postgres'),
    raw: raw('server') + raw(worker),
  };
}

/** What everybody uses in a second in which nothing happens: polling, timers, housekeeping. */
async function idleOf(rig: Rig, ms: number): Promise<Cpu> {
  await pause(2_000);
  const [before, began] = [rig.cpu(), performance.now()];
  await pause(ms);
  const [after, seconds] = [rig.cpu(), (performance.now() - began) / 1_000];
  return mapped(after, (used, part) => (used - before[part]) / seconds);
}

/** Steps a second while more are due than can be taken: the burst without its edges, whichever day its steps are of. */
async function throughputOf({ house }: Rig, { batch }: Lived): Promise<number> {
  const { rows } = await sql<{ at: number }>`
    select extract(epoch from message.touched_at)::float8 as at
    from message join message_line line on line.message_id = message.id
    where message.creditor_id = ${batch.creditorId} and message.state = 'delivered' and line.request_id is not null
    order by 1`.execute(house.db);
  const at = rows.map((row) => row.at);
  return (at.length * 0.8) / (percentile(at, 0.9) - percentile(at, 0.1));
}

/** Events and bytes of one life and of one of its steps: our invoice with its share of the door, and the bare one. */
async function historiesOf(rig: Rig, lived: Lived | undefined, bareIds: readonly string[]): Promise<object> {
  const sample = lived?.batch.invoices.slice(0, 5) ?? [];
  const ours = await historySizeOf(
    rig,
    sample.flatMap(({ id, debtorId }) => [`invoice/${id}`, `debtor/${debtorId}`]),
  );
  const bare = await historySizeOf(rig, bareIds.slice(0, sample.length));
  const share = (sum: number, parts: number): number => rounded(sum / parts);
  const [invoices, steps] = [sample.length, sample.length * rig.steps];
  return {
    eventsPerInvoice: share(ours.events, invoices),
    bytesPerInvoice: share(ours.bytes, invoices),
    eventsPerStep: share(ours.events, steps),
    bytesPerStep: share(ours.bytes, steps),
    bareEventsPerStep: share(bare.events, steps),
    bareBytesPerStep: share(bare.bytes, steps),
  };
}

/** Round by round: what ran one after the other is compared, so that a machine that slows down slows both. */
function quotients(
  ours: readonly Round[],
  theirs: readonly Round[],
  withPostgres = false,
): readonly number[] {
  return ours.map((round, index) => {
    const other = theirs[index];
    if (!other) throw new Error('a round has no pair');
    return (round.both + (withPostgres ? round.postgres : 0)) / other.both;
  });
}

function spreadOf(figures: readonly number[]): readonly [number, number] {
  return [rounded(Math.min(...figures)), rounded(Math.max(...figures))];
}

type PerStep = Readonly<Record<'server' | 'worker' | 'both' | 'postgres' | 'raw', number>>;

function middleOf(rounds: readonly Round[]): PerStep {
  const middle = (part: keyof PerStep): number => rounded(median(rounds.map((round) => round[part])));
  return {
    server: middle('server'),
    worker: middle('worker'),
    both: middle('both'),
    postgres: middle('postgres'),
    raw: middle('raw'),
  };
}

function mapped(cpu: Cpu, change: (ms: number, part: keyof Cpu) => number): Cpu {
  return {
    server: change(cpu.server, 'server'),
    worker: change(cpu.worker, 'worker'),
    bareWorker: change(cpu.bareWorker, 'bareWorker'),
    postgres: change(cpu.postgres, 'postgres'),
    driver: change(cpu.driver, 'driver'),
  };
}

function shown(figures: Record<string, unknown> & { cpuMsPerStep: Record<string, PerStep> }): string {
  const { cpuMsPerStep, ...others } = figures;
  const names: Readonly<Record<string, string>> = {
    bare: 'bare: timer, two activities, signal',
    lean: 'leanest: timer, activity',
    one: 'ours, one invoice per debtor',
    ten: 'ours, ten invoices per debtor',
  };
  const cpu = Object.entries(cpuMsPerStep).map(([name, { server, worker, both, postgres, raw }]) => [
    names[name] ?? name,
    server,
    worker,
    both,
    raw,
    postgres,
  ]);
  const head = ['CPU ms per step', 'server', 'worker', 'both', 'with idle', 'Postgres'];
  const lines = Object.entries(others).map(([name, value]) => [name, JSON.stringify(value)]);
  return `\n${tableOf([head, ...cpu])}\n${legend}\n\n${tableOf(lines)}\n`;
}

const legend = `
Server: Temporal's. Worker: ours with its relay, or the bare one. Idle consumption is taken off, except from "with idle".
Postgres stands beside: ratio, stepCost and stepCostTen are without it. Ours is counted from the start of an invoice's
workflow to its payment, for each step of each invoice; the bench itself, which registers, pays and signals, for nobody.`;
