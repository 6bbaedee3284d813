import { Readable } from 'node:stream';
import { z } from 'zod';
import { graceMsAt } from '../../db/audit/decisions.ts';
import { readInvoice } from '../../db/invoice-reads.ts';
import { readFacts } from '../../db/journal.ts';
import type { House } from '../../db/house.ts';
import { decisionsAgain } from '../../domain/audit/decided-again.ts';
import type { HistorySource, RunHistory } from '../../temporal/audit/histories.ts';
import { replayInProcesses } from '../../temporal/audit/replay/replay-in-processes.ts';
import type { ToReplay } from '../../temporal/audit/replay/replay-in-processes.ts';
import { runsOfInvoices } from '../../temporal/audit/replay/which-runs.ts';
import { isReachable } from '../../temporal/connection.ts';
import { Problem } from '../problem.ts';
import type { Routes } from '../route-parts.ts';
import { invoiceParams, problems } from '../shapes.ts';

const waitingMax = 50;

/**
 * One invoice replayed and decided again, line by line as it is found: `npm run audit -- replay` for whoever has no shell.
 *
 * Each run of its workflow is lived again by the code of today, in a process of its own; then each fact is held against
 * what the rules answer at its moment. Changes nothing. A replay takes a core for seconds, so a process does one at
 * a time, and others wait for their turn.
 */
export const replayRoutes: Routes = async (app, { house, temporal, archive, workflowBundle }) => {
  let turn = Promise.resolve();
  let waiting = 0;

  app.get(
    '/invoices/:invoiceId/replay',
    {
      exposeHeadRoute: false,
      schema: {
        summary: 'Replays the histories of an invoice and decides it again, as a stream',
        description:
          'A line of JSON for each run of its workflow (`run`), for each fact (`fact`, with what the rules answer and whether it is our own doing), for each departure (`departure`), and last the `verdict`. A stream without a verdict broke off.',
        tags: ['audit'],
        params: invoiceParams,
        response: {
          200: {
            description: 'Lines of JSON, each with `kind`.',
            content: { 'application/x-ndjson': { schema: z.any() } },
          },
          ...problems(404, 503),
        },
      },
    },
    async ({ params: { invoiceId }, eyes, log }, reply) => {
      if (!(await readInvoice(eyes, house.db, house, invoiceId)))
        throw Problem.notFound('invoice', invoiceId);
      const client = temporal && (await isReachable(temporal)) ? temporal : null;
      if (waiting >= waitingMax)
        throw Problem.unavailable(
          'replay-busy',
          'Many invoices wait here to be replayed.',
          'Ask again in a minute.',
        );
      const text = async function* (): AsyncGenerator<string> {
        const before = turn;
        let pass = (): void => undefined;
        turn = new Promise((resolve) => {
          pass = resolve;
        });
        waiting += 1;
        await before;
        try {
          for await (const line of linesOf(house, { archive, client }, invoiceId, workflowBundle))
            yield `${JSON.stringify(line)}\n`;
        } catch (fault) {
          log.error({ err: fault }, 'a replay broke off');
          throw fault;
        } finally {
          waiting -= 1;
          pass();
        }
      };
      return reply
        .header('content-type', 'application/x-ndjson; charset=utf-8')
        .send(Readable.from(text(), { highWaterMark: 1 }));
    },
  );
};

async function* linesOf(
  house: House,
  source: HistorySource,
  invoiceId: string,
  bundlePath: string | undefined,
): AsyncGenerator<object> {
  const broken: RunHistory[] = [];
  const readable = async function* (): AsyncGenerator<ToReplay> {
    for await (const run of runsOfInvoices(source, [invoiceId])) {
      if (run.history) yield { workflowId: run.workflowId, runId: run.runId, history: run.history };
      if (run.wrong !== null) broken.push(run);
    }
  };
  let [runs, departures] = [0, 0];
  for await (const { runId, events, departure } of replayInProcesses(readable(), {
    bundlePath,
    processes: 1,
  })) {
    runs += 1;
    departures += departure ? 1 : 0;
    yield { kind: 'run', runId, events, departure };
  }
  for (const { runId, wrong } of broken)
    yield { kind: 'run', runId, events: 0, departure: { message: wrong } };
  departures += broken.length;

  const facts = await readFacts(house.db, house.rules, invoiceId, 0);
  const now = await house.clock.now();
  let late = 0;
  for (const step of decisionsAgain(facts, { graceMs: graceMsAt(house.clock.settings.speed), now })) {
    if ('kind' in step) {
      if (step.kind === 'late') late += 1;
      else departures += 1;
      yield { ...step, kind: 'departure', how: step.kind };
    } else {
      const { fact, decision, isOurs } = step;
      yield { kind: 'fact', n: fact.n, at: fact.at, type: fact.type, by: fact.by.kind, isOurs, decision };
    }
  }
  const temporal = source.client === null ? 'not reached: archived histories alone were replayed' : 'reached';
  yield { kind: 'verdict', holds: departures === 0, runs, facts: facts.length, departures, late, temporal };
}
