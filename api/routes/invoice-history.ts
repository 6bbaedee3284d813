import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { readInvoice } from '../../db/invoice-reads.ts';
import type { Routes } from '../route-parts.ts';
import { Problem } from '../problem.ts';
import { instant, invoiceParams, problems } from '../shapes.ts';
import { eventIn } from '../temporal-event.ts';

/**
 * What Temporal did for an invoice: its runs, oldest first, event by event.
 *
 * A workflow begins a new run every thirty days, so one history is many runs; they are joined here. It is kept only as
 * long as Temporal keeps it: the journal is the record, this is the machine at work.
 */
const history = z.object({
  workflowId: z.string(),
  runs: z.array(
    z.object({
      runId: z.string(),
      status: z.string(),
      startedAt: instant,
      closedAt: instant.nullable(),
      events: z.array(
        z.object({
          id: z.int(),
          type: z.string(),
          at: instant,
          name: z.string().nullable().describe('The signal, activity or timer.'),
        }),
      ),
    }),
  ),
});

const patienceMs = 10_000;
const runsMax = 50;

export const invoiceHistoryRoutes: Routes = async (app, { house, temporal }) => {
  app.get(
    '/invoices/:invoiceId/history',
    {
      schema: {
        summary: 'The Temporal runs of the invoice, joined',
        tags: ['invoices'],
        params: invoiceParams,
        response: { 200: history, ...problems(404, 503) },
      },
    },
    async ({ params: { invoiceId }, eyes }) => {
      if (!(await readInvoice(eyes, house.db, house, invoiceId)))
        throw Problem.notFound('invoice', invoiceId);
      if (!temporal) throw down();
      try {
        return await temporal.connection.withAbortSignal(AbortSignal.timeout(patienceMs), () =>
          readRuns(temporal, `invoice/${invoiceId}`),
        );
      } catch (fault) {
        app.log.warn({ err: fault }, 'Temporal does not answer');
        throw down();
      }
    },
  );
};

async function readRuns(temporal: Client, workflowId: string): Promise<z.infer<typeof history>> {
  const found = [];
  // An id of ours holds no quote, and was found in our own database.
  for await (const run of temporal.workflow.list({
    query: `WorkflowId = '${workflowId}'`,
    pageSize: runsMax,
  })) {
    found.push(run);
    if (found.length === runsMax) break;
  }
  found.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
  const runs = found.map(async (run) => {
    const { events } = await temporal.workflow.getHandle(workflowId, run.runId).fetchHistory();
    return {
      runId: run.runId,
      status: run.status.name,
      startedAt: run.startTime.toISOString(),
      closedAt: run.closeTime?.toISOString() ?? null,
      events: (events ?? []).map(eventIn),
    };
  });
  return { workflowId, runs: await Promise.all(runs) };
}

function down(): Problem {
  return Problem.unavailable(
    'temporal-unavailable',
    'Temporal does not answer, and the history of a workflow is kept there.',
    'Ask again once Temporal runs; /timeline and /facts answer without it.',
  );
}
