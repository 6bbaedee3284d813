import { parseArgs } from 'node:util';
import { decideAgain, decideOtherwise } from '../../../db/audit/decisions.ts';
import type { Decisions } from '../../../db/audit/decisions.ts';
import { readClock } from '../../../db/clock.ts';
import type { Db } from '../../../db/database.ts';
import { Rules } from '../../../db/rules.ts';
import type { Departure } from '../../../domain/audit/decided-again.ts';
import type { AskedOnce } from '../../../domain/audit/other-scenario.ts';
import { isReachable } from '../../connection.ts';
import { lookingAt, whereOptions } from '../../whereabouts.ts';
import type { Looked } from '../../whereabouts.ts';
import { openArchive } from '../archive/archive.ts';
import type { AuditCommand } from '../command.ts';
import type { HistorySource, RunHistory } from '../histories.ts';
import { progress } from './progress.ts';
import { replayInProcesses } from './replay-in-processes.ts';
import type { Replayed, ToReplay } from './replay-in-processes.ts';
import {
  countSince,
  invoicesNumbered,
  invoicesTouchedSince,
  runsOfInvoices,
  runsSince,
} from './which-runs.ts';
import type { InvoiceSince } from './which-runs.ts';

/** `audit replay`: every history through the workflows of today, and every decision of an invoice made again. */
export const replayCommand: AuditCommand = {
  usage: `  replay              has the workflows of today live every history again, running, over or archived, and says where they do
                      something else than they did; then decides each of these invoices again from its journal
    --invoice NUMBER  the invoices of this number
    --since DAY       what was running on that day of the machine's clock (UTC) or later
    --all             everything
    --scenario ID     says beside each invoice what another version of a scenario would have asked for, such as risky@1
    --processes N     how many processes replay at once (default: as many as there are cores)`,

  async run(args, say) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...whereOptions,
        invoice: { type: 'string' },
        since: { type: 'string' },
        all: { type: 'boolean', default: false },
        scenario: { type: 'string' },
        processes: { type: 'string' },
      },
    });
    const { invoice: number, since, all } = values;
    if ([number, since, all || undefined].filter((given) => given !== undefined).length !== 1)
      throw new Error('Say what to replay: --invoice NUMBER, --since DAY or --all, one of them.');
    const processes = values.processes === undefined ? undefined : Number(values.processes);
    if (processes !== undefined && !(Number.isInteger(processes) && processes > 0))
      throw new Error(`--processes ${values.processes ?? ''} is no number of processes: give 1 or more.`);
    const sinceAt = since === undefined ? null : dayIn(since);

    return lookingAt(values.data, async (looked) => {
      if (values.scenario !== undefined) await new Rules().scenario(looked.db, values.scenario);
      const source = await sourceOf(looked, say);
      const ids = number === undefined ? null : await invoicesNumbered(looked.db, number);
      if (ids?.length === 0) throw new Error(`There is no invoice ${number ?? ''}.`);
      const runs = ids
        ? runsOfInvoices(
            source,
            ids.map(({ id }) => id),
          )
        : runsSince(source, sinceAt);
      const total = ids ? null : await countSince(source, sinceAt);
      const replayed = await replayAll(runs, total, processes, say);
      const invoices = ids ?? (await invoicesTouchedSince(looked.db, sinceAt));
      sayUnseen(invoices.filter(({ started, id }) => started && !replayed.invoices.has(id)).length, say);
      const decided = await decideAll(looked.db, invoices, say);
      if (values.scenario !== undefined) await compareLives(looked.db, invoices, values.scenario, say);
      return replayed.departed + decided === 0 ? 0 : 1;
    });
  },
};

async function sourceOf(
  { db, client, settings }: Looked,
  say: (line: string) => void,
): Promise<HistorySource> {
  const archive = openArchive(db, settings);
  if (await isReachable(client)) return { archive, client };
  say('Temporal does not answer: only what is archived is replayed.');
  return { archive, client: null };
}

async function replayAll(
  runs: AsyncIterable<RunHistory>,
  total: number | null,
  processes: number | undefined,
  say: (line: string) => void,
): Promise<{ departed: number; invoices: ReadonlySet<string> }> {
  const bundlePath = process.env['RELANCE_WORKFLOW_BUNDLE'];
  const shown = progress(total);
  const invoices = new Set<string>();
  let [count, departed] = [0, 0];
  const whole = async function* (): AsyncGenerator<ToReplay> {
    for await (const { workflowId, runId, history, wrong } of runs) {
      if (workflowId.startsWith('invoice/')) invoices.add(workflowId.slice('invoice/'.length));
      if (wrong !== null) {
        departed += 1;
        say(`${workflowId} run ${runId}: ${wrong}`);
      }
      if (history) yield { workflowId, runId, history };
    }
  };
  const began = performance.now();
  for await (const one of replayInProcesses(whole(), { bundlePath, ...(processes ? { processes } : {}) })) {
    count += 1;
    if (one.departure) departed += 1;
    shown.show(count);
    for (const line of linesOf(one)) say(line);
  }
  shown.end();
  const seconds = Math.max(0.001, (performance.now() - began) / 1_000);
  const speed = `in ${seconds.toFixed(1)} s, ${Math.round(count / seconds)} a second`;
  say(
    departed === 0
      ? `${historiesIn(count)} replayed ${speed}: the workflows of today do what was done.`
      : `${historiesIn(count)} replayed ${speed}: ${departed} depart or can't be read.`,
  );
  return { departed, invoices };
}

function linesOf({ workflowId, runId, events, departure }: Replayed): readonly string[] {
  const name = `${workflowId} run ${runId}, ${events === 1 ? '1 event' : `${events} events`}:`;
  if (!departure) return [`${name} replays`];
  const { eventId, eventType, expected, found, message } = departure;
  return [
    `${name} departs${eventId === null ? '' : ` at event ${eventId}${eventType === null ? '' : ` (${eventType})`}`}`,
    `  expected, as it was done: ${expected}`,
    `  found, as it would be done today: ${found}`,
    `  ${message}`,
  ];
}

/** What ran once and has no history now is no departure: what was over before there was an archive may be forgotten. */
function sayUnseen(count: number, say: (line: string) => void): void {
  if (count > 0)
    say(
      `${count === 1 ? '1 invoice has' : `${count} invoices have`} run and no history was found: \`audit verify\` says which should have one.`,
    );
}

/** Decides the invoices again; how many decisions depart. One that came late is told, and is no wrong decision. */
async function decideAll(
  db: Db,
  invoices: readonly InvoiceSince[],
  say: (line: string) => void,
): Promise<number> {
  const how = await decisionsIn(db);
  let [facts, departed] = [0, 0];
  for (const { id, number } of invoices) {
    try {
      const again = await decideAgain(how, id);
      facts += again.facts;
      departed += again.departures.filter(({ kind }) => kind !== 'late').length;
      for (const departure of again.departures) say(`${nameOf(id, number)}: ${wordsOf(departure)}`);
    } catch (failure) {
      // A log that was cut is one finding, and no end of the audit.
      departed += 1;
      say(`${nameOf(id, number)} can't be decided again: ${String(failure)}`);
    }
  }
  say(
    `${invoices.length === 1 ? '1 invoice' : `${invoices.length} invoices`} decided again from ${facts} facts: ${departed === 0 ? 'what was done is what the rules answer.' : `${departed} times something else was done.`}`,
  );
  return departed;
}

/** Says of each invoice which steps it was asked for, and which it would have been asked for by that version. */
async function compareLives(
  db: Db,
  invoices: readonly InvoiceSince[],
  scenarioId: string,
  say: (line: string) => void,
): Promise<void> {
  const how = await decisionsIn(db);
  for (const { id, number } of invoices) {
    const { steps, actual, other } = await decideOtherwise(how, id, scenarioId);
    say(`${nameOf(id, number)} is ${actual.state}; by ${scenarioId} it would be ${other.state}`);
    for (const { step, level, actual: was, other: would } of steps)
      say(`  ${step} (${level}): ${askedIn(was)}; by ${scenarioId} ${askedIn(would)}`);
  }
}

/** People know an invoice by its number; the journal and Temporal by its id. */
function nameOf(id: string, number: string): string {
  return `invoice/${id} (${number})`;
}

function askedIn(asked: AskedOnce | null): string {
  return asked ? `${new Date(asked.at).toISOString()} by ${asked.channel}` : 'not asked for';
}

async function decisionsIn(db: Db): Promise<Decisions> {
  const clock = await readClock(db);
  return { db, rules: new Rules(), now: await clock.now(), speed: clock.settings.speed };
}

function wordsOf({ kind, n, at, expected, found, refusal }: Departure): string {
  const when = new Date(at).toISOString();
  const decision = JSON.stringify(expected);
  if (kind === 'late') return `fact ${n} came late: ${decision} held since ${when}`;
  if (kind === 'left_undone')
    return `after fact ${n} at ${when} the rules answered, and nothing came of it: ${decision}`;
  if (kind === 'refused')
    return `fact ${n} at ${when} is ${found?.type ?? 'nothing'}, which people may not ask of the file as it was: ${refusal ?? ''}`;
  return `fact ${n} at ${when} is ${found?.type ?? 'nothing'}, and the rules answered: ${decision}`;
}

/** The beginning of a civil day by UTC, in which the machine's times are told. */
function dayIn(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  if (Number.isNaN(at)) throw new Error(`--since ${text} is no day: give one such as 2026-11-01.`);
  return at;
}

function historiesIn(count: number): string {
  return count === 1 ? '1 history' : `${count} histories`;
}
