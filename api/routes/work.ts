import { z } from 'zod';
import { listDisputes, listPromises, listTasks } from '../../db/work-reads.ts';
import type { WorkPlace } from '../../db/work-reads.ts';
import { outcomeNow } from '../../domain/dispute/outcome.ts';
import { outcomesOf } from '../../domain/task.ts';
import type { TaskKind } from '../../domain/fact.ts';
import type { Routes } from '../route-parts.ts';
import { cursorAfter, pageOf, readCursor } from '../cursor.ts';
import { outcomeSaid, stage } from '../dispute-shapes.ts';
import { known } from '../known.ts';
import { instant, instantOf, money, moneyOf, named, page, paging, uuid } from '../shapes.ts';
import { namesOfSteps } from '../step-names.ts';
import { taskFilter, taskFilterFrom } from '../task-filter.ts';
import { taskInWords } from '../words.ts';

/** What people have to do and to watch: tasks by their due day, promises by theirs, disputes by their age. */
const party = z.object({ id: z.string(), name: z.string() });

const task = z
  .object({
    id: z.string(),
    kind: z.string(),
    text: z.string().describe('What is asked, in words.'),
    about: z.string().nullable(),
    debtor: party,
    creditor: party,
    dueOn: z.string(),
    state: z.enum(['open', 'done', 'withdrawn']),
    outcome: z.string().nullable(),
    outcomes: z.array(z.string()).describe('How it may end.'),
    owner: z.string().nullable(),
    reminders: z.int(),
    messageId: z.string().nullable(),
    openedAt: instant,
    doneAt: instant.nullable(),
    invoices: z.array(
      z.object({
        id: z.string(),
        number: z.string(),
        term: z.int(),
        step: z.string().nullable(),
        stepName: named.nullable(),
        open: z.boolean(),
        balance: money,
      }),
    ),
  })
  .meta({ id: 'Task' });

const promise = z
  .object({
    id: z.string(),
    invoice: z.object({ id: z.string(), number: z.string() }),
    debtor: party,
    amount: money,
    received: money,
    invoices: z.int().describe('On how many invoices the promise is; each has its own line here.'),
    promisedOn: z.string(),
    state: z.string(),
    madeAt: instant,
  })
  .meta({ id: 'Promise' });

const dispute = z
  .object({
    id: z.string(),
    invoice: z.object({ id: z.string(), number: z.string() }),
    debtor: party,
    contested: money,
    reason: z.string(),
    state: z.enum(['open', 'resolved']),
    outcome: outcomeSaid.nullable(),
    department: z.string(),
    stage: stage.nullable(),
    openedAt: instant,
    resolvedAt: instant.nullable(),
  })
  .meta({ id: 'Dispute' });

const parties = { debtor: uuid.optional(), invoice: uuid.optional() };

export const workRoutes: Routes = async (app, { house }) => {
  app.get(
    '/tasks',
    {
      schema: {
        summary: 'Tasks by due day',
        tags: ['work'],
        querystring: z.strictObject({
          ...paging,
          ...taskFilter,
        }),
        response: { 200: page(task) },
      },
    },
    async ({ query: { limit, cursor, ...asked }, caller, eyes }) => {
      const rows = await listTasks(eyes, house.db, taskFilterFrom(asked), limit, placeFrom('tasks', cursor));
      const nameOf = await namesOfSteps(
        house,
        rows.flatMap(({ invoices }) => invoices),
        caller.language,
      );
      return pageOf(
        rows,
        limit,
        (row) => ({
          id: row.id,
          kind: row.kind,
          text: taskInWords(row.kind, caller.language, row),
          about: row.about,
          debtor: { id: row.debtor_id, name: row.debtorName },
          creditor: { id: row.creditor_id, name: row.creditorName },
          dueOn: row.due_on,
          state: row.state,
          outcome: row.outcome,
          outcomes: row.state === 'open' ? [...outcomesOf(row.kind as TaskKind)] : [],
          owner: row.owner,
          reminders: row.reminders,
          messageId: row.message_id,
          openedAt: instantOf(row.opened_at),
          doneAt: instantOf(row.done_at),
          invoices: row.invoices.map(({ balanceCents, currency, scenarioId, ...one }) => ({
            ...one,
            stepName: nameOf({ scenarioId, step: one.step }),
            balance: moneyOf(balanceCents, currency),
          })),
        }),
        (row) => cursorAfter('tasks', [row.due_on, row.id]),
      );
    },
  );

  app.get(
    '/promises',
    {
      schema: {
        summary: 'Promises by promised day',
        tags: ['work'],
        querystring: z.strictObject({
          ...paging,
          ...parties,
          state: z.enum(['active', 'kept', 'partly_kept', 'broken', 'withdrawn', 'replaced']).optional(),
        }),
        response: { 200: page(promise) },
      },
    },
    async ({ query: { limit, cursor, debtor, invoice, state }, eyes }) => {
      const rows = await listPromises(
        eyes,
        house.db,
        known({ state, debtorId: debtor, invoiceId: invoice }),
        limit,
        placeFrom('promises', cursor),
      );
      return pageOf(
        rows,
        limit,
        (row) => ({
          ...about(row),
          amount: moneyOf(row.amount_cents, row.currency),
          received: moneyOf(row.received_cents, row.currency),
          invoices: row.invoicesPromised,
          promisedOn: row.promised_on,
          state: row.state,
          madeAt: instantOf(row.made_at),
        }),
        (row) => cursorAfter('promises', [row.promised_on, row.id, row.invoice_id]),
      );
    },
  );

  app.get(
    '/disputes',
    {
      schema: {
        summary: 'Disputes by age',
        tags: ['work'],
        querystring: z.strictObject({
          ...paging,
          ...parties,
          state: z.enum(['open', 'resolved']).optional(),
        }),
        response: { 200: page(dispute) },
      },
    },
    async ({ query: { limit, cursor, debtor, invoice, state }, eyes }) => {
      const rows = await listDisputes(
        eyes,
        house.db,
        known({ state, debtorId: debtor, invoiceId: invoice }),
        limit,
        placeFrom('disputes', cursor),
      );
      return pageOf(
        rows,
        limit,
        (row) => ({
          ...about(row),
          contested: moneyOf(row.contested_cents, row.currency),
          reason: row.reason,
          state: row.state,
          outcome: row.outcome && outcomeNow(row.outcome),
          department: row.department,
          stage: row.stage,
          openedAt: instantOf(row.opened_at),
          resolvedAt: instantOf(row.resolved_at),
        }),
        (row) => cursorAfter('disputes', [row.opened_at, row.id]),
      );
    },
  );
};

function about(row: {
  id: string;
  invoice_id: string;
  number: string;
  debtorId: string;
  debtorName: string;
}) {
  return {
    id: row.id,
    invoice: { id: row.invoice_id, number: row.number },
    debtor: { id: row.debtorId, name: row.debtorName },
  };
}

function placeFrom(order: string, cursor: string | undefined): WorkPlace | undefined {
  return readCursor(order, cursor) as WorkPlace | undefined;
}
