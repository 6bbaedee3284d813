import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { isClosed } from '../../domain/collection.ts';
import { readInvoice } from '../../db/invoice-reads.ts';
import type { Routes } from '../route-parts.ts';
import { Problem } from '../problem.ts';
import { instant, invoiceParams, problems } from '../shapes.ts';
import type { Archive } from '../../temporal/audit/archive/archive.ts';
import { readHistories } from '../../temporal/audit/histories.ts';
import { within } from '../../temporal/connection.ts';
import { eventIn } from '../../temporal/event-in-short.ts';

/**
 * What Temporal did for an invoice: its runs, oldest first, event by event.
 *
 * A workflow begins a new run every thirty days, so one history is many runs; they are joined here. Runs that are over come
 * from the archive, the others from Temporal. The journal is the record, this is the machine at work.
 */
const history = z.object({
  workflowId: z.string(),
  earlierRuns: z.int().describe('How many runs before those were left out; the newest fifty are shown.'),
  runs: z.array(
    z.object({
      runId: z.string(),
      status: z.string(),
      startedAt: instant,
      closedAt: instant.nullable(),
      keptIn: z
        .enum(['temporal', 'archive'])
        .describe('A run that is over is archived within a day; Temporal forgets it after some weeks.'),
      wrong: z
        .string()
        .nullable()
        .describe('What is wrong with the archived history, such as that it was altered; null: nothing is.'),
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

export const invoiceHistoryRoutes: Routes = async (app, { house, temporal, archive }) => {
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
      const invoice = await readInvoice(eyes, house.db, house, invoiceId);
      if (!invoice) throw Problem.notFound('invoice', invoiceId);
      const workflowId = `invoice/${invoiceId}`;
      try {
        if (!temporal) throw new Error('this API has no Temporal');
        return await within(temporal, patienceMs, () => readRuns(archive, temporal, workflowId));
      } catch (fault) {
        app.log.warn({ err: fault }, 'Temporal does not answer');
        // Of what is over the archive has all.
        const kept = isClosed(invoice.collection) ? await readRuns(archive, null, workflowId) : null;
        if (kept?.runs.at(-1)?.status === 'COMPLETED') return kept;
        throw down();
      }
    },
  );
};

async function readRuns(
  archive: Archive,
  temporal: Client | null,
  workflowId: string,
): Promise<z.infer<typeof history>> {
  const runs = await readHistories({ archive, client: temporal }, workflowId);
  return {
    workflowId,
    earlierRuns: Math.max(0, runs.length - runsMax),
    runs: runs.slice(-runsMax).map((run) => ({
      runId: run.runId,
      status: run.status,
      startedAt: new Date(run.startedAt).toISOString(),
      closedAt: run.closedAt === null ? null : new Date(run.closedAt).toISOString(),
      keptIn: run.from,
      wrong: run.wrong,
      events: (run.history?.events ?? []).map(eventIn),
    })),
  };
}

function down(): Problem {
  return Problem.unavailable(
    'temporal-unavailable',
    'Temporal does not answer, and the history of what is not over is kept there.',
    'Ask again once Temporal runs; /timeline and /facts answer without it.',
  );
}
