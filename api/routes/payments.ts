import { z } from 'zod';
import type { Desk } from '../../db/desk.ts';
import { todayOf } from '../../db/debtors.ts';
import { addNote } from '../../db/notes.ts';
import {
  allocateCreditNote,
  allocatePayment,
  debtorsOfInvoices,
  debtorsOfPayment,
  recordCreditNote,
  recordPayment,
  returnPayment,
} from '../../db/payments.ts';
import type { MoneyAnswer } from '../../db/payments.ts';
import { moneyOfId, onlyCreditorOf, partiesOfInvoice } from '../../db/whose.ts';
import type { MoneyHere } from '../../db/whose.ts';
import { seenOf } from '../../db/visible.ts';
import { centsMax } from '../../domain/cents-max.ts';
import { dayAt } from '../../domain/calendar.ts';
import { latestDay } from '../../domain/time.ts';
import type { House } from '../../db/house.ts';
import type { FastifyRequest } from 'fastify';
import type { Routes } from '../route-parts.ts';
import {
  centsFor,
  comment,
  happenedBy,
  onInvoice,
  reasonCode,
  said,
  unlessRefused,
} from '../at-the-counter.ts';
import { noteAlone } from '../gravely.ts';
import { atTheDeskOnce } from '../idempotency.ts';
import { known } from '../known.ts';
import { mustNotBeMerged } from '../merged-debtors.ts';
import { mustSee } from '../policing.ts';
import { Problem } from '../problem.ts';
import {
  civilDate,
  invoiceParams,
  line,
  money,
  moneyOf,
  positiveMoney,
  problems,
  recorded,
  uuid,
} from '../shapes.ts';

const allocation = z.strictObject({
  invoiceId: uuid,
  amount: z.int().positive('give integer cents above 0').max(centsMax),
});
const allocations = z
  .array(allocation)
  .max(500)
  .optional()
  .describe(
    'What it settles, in cents of its own currency; absent: what its reference names, else an invoice of exactly that amount, else the oldest due; empty: nothing for now.',
  );

/** What money did. */
const settled = z.object({
  id: z.string(),
  rule: z
    .enum(['wished', 'reference', 'exact_amount', 'oldest_due', 'nothing_open'])
    .describe('What decided which invoices it settles.'),
  allocations: z.array(z.object({ invoiceId: z.string(), amount: money })),
  unallocated: money.describe('What settles nothing and stands to the credit of the debtor.'),
  invoices: z.array(recorded),
});

const party = {
  creditorId: uuid
    .optional()
    .describe('That of the first allocated invoice, else the only creditor, when absent.'),
  debtorId: uuid.optional().describe('Who paid; that of the first allocated invoice when absent.'),
};

/** Money in, credit notes, and money that comes back. What a bank or an ERP reports is recorded, never argued with. */
export const paymentRoutes: Routes = async (app, { house }) => {
  app.post(
    '/payments',
    {
      schema: {
        summary: 'Record a payment over any number of invoices',
        tags: ['facts'],
        body: z.strictObject({
          ...party,
          amount: positiveMoney,
          valueDate: civilDate,
          reference: line(200, 0).optional(),
          allocations,
        }),
        response: { 201: settled, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { amount, valueDate, reference = null, allocations: wished } = request.body;
      const { creditorId, debtorId, debtorIds } = await partiesOf(request, house, request.body);
      const answer = await atTheDeskOnce(request, house, debtorIds, async (desk) => {
        happenedBy('valueDate', valueDate, desk.now);
        const payment = {
          creditorId,
          debtorId,
          currency: amount.currency,
          amountCents: amount.amount,
          valueDate,
          reference,
          isPayersWord: true as const,
          ...wish(wished),
          eyes: request.eyes,
        };
        return settledAnswer(
          request,
          desk,
          amount.currency,
          await recordPayment(desk, payment, request.caller.author),
        );
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/invoices/:invoiceId/payments',
    {
      schema: {
        summary:
          'Record a payment of one invoice; what is more than its balance becomes credit of the debtor',
        tags: ['facts'],
        params: invoiceParams,
        body: z.strictObject({
          amount: positiveMoney,
          valueDate: civilDate.optional().describe('Today when absent.'),
          reference: line(200, 0).optional(),
        }),
        response: { 201: settled, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const answer = await onInvoice(request, house, request.params.invoiceId, async (desk, file) => {
        const { creditorId, currency, calendar, balanceCents } = file.collection;
        const amountCents = centsFor(file, request.body.amount) ?? 0;
        const valueDate = request.body.valueDate ?? dayAt(calendar, desk.now);
        happenedBy('valueDate', valueDate, desk.now);
        const wished = balanceCents > 0 ? [{ invoiceId: file.id, amountCents }] : [];
        const payment = {
          creditorId,
          debtorId: file.debtorId,
          currency,
          amountCents,
          valueDate,
          reference: request.body.reference ?? null,
          isPayersWord: true as const,
          allocations: wished,
        };
        return settledAnswer(
          request,
          desk,
          currency,
          await recordPayment(desk, payment, request.caller.author),
        );
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/payments/:paymentId/return',
    {
      schema: {
        summary: 'Record that a payment came back: what it settled is owed again',
        tags: ['facts'],
        params: z.object({ paymentId: uuid }),
        body: z.strictObject({
          reason: reasonCode.describe(
            'insufficient_funds, account_closed, refused_by_debtor, cheque_bounced, other …; entered_in_error for a payment that never was: it leaves a direct debit as it is.',
          ),
          on: civilDate.optional(),
          comment,
        }),
        response: { 201: settled, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { paymentId } = request.params;
      const answer = await onMoney(request, house, 'payment', paymentId, [], async (desk, payment) => {
        const today = await todayOf(desk, payment.debtorId);
        const on = request.body.on ?? latestDay(today, payment.day);
        happenedBy('on', on, desk.now);
        if (on < payment.day)
          throw Problem.invalid(
            'on',
            `The payment itself is of ${payment.day}.`,
            `Give ${payment.day} or a later day.`,
          );
        const back = await returnPayment(
          desk,
          paymentId,
          { on, reason: request.body.reason },
          request.caller.author,
        );
        if (back?.kind === 'recorded')
          for (const { invoiceId } of back.shares)
            await addNote(
              desk,
              invoiceId,
              'paymentNote',
              request.body.comment,
              { paymentId },
              request.caller.author,
            );
        return back && settledAnswer(request, desk, payment.currency, back);
      });
      return reply.code(201).send(answer);
    },
  );

  const allocateRest = async (
    request: FastifyRequest,
    kind: 'payment' | 'credit-note',
    id: string,
    wished: z.infer<typeof allocations>,
  ) => {
    const allocate = kind === 'payment' ? allocatePayment : allocateCreditNote;
    const invoiceIds = wished?.map(({ invoiceId }) => invoiceId) ?? [];
    return onMoney(request, house, kind, id, invoiceIds, async (desk, { currency }) => {
      const done = await allocate(desk, id, wish(wished).allocations, request.caller.author, request.eyes);
      if (kind === 'credit-note' && done?.kind === 'recorded')
        await noteAlone(
          desk,
          'credit_note',
          done.shares.map(({ invoiceId }) => invoiceId),
          request,
        );
      return done && settledAnswer(request, desk, currency, done);
    });
  };

  app.post(
    '/payments/:paymentId/allocations',
    {
      schema: {
        summary: 'Allocate what a payment has left unallocated',
        tags: ['facts'],
        params: z.object({ paymentId: uuid }),
        body: z.strictObject({ allocations }),
        response: { 201: settled, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      return reply.code(201).send(await allocateRest(request, 'payment', params.paymentId, body.allocations));
    },
  );

  app.post(
    '/credit-notes/:creditNoteId/allocations',
    {
      schema: {
        summary: 'Allocate what a credit note has left unallocated',
        tags: ['facts'],
        params: z.object({ creditNoteId: uuid }),
        body: z.strictObject({ allocations }),
        response: { 201: settled, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      return reply
        .code(201)
        .send(await allocateRest(request, 'credit-note', params.creditNoteId, body.allocations));
    },
  );

  app.post(
    '/credit-notes',
    {
      schema: {
        summary: 'Record a credit note; what is more than the balances becomes credit of the debtor',
        tags: ['facts'],
        body: z.strictObject({
          ...party,
          number: line(100),
          amount: positiveMoney,
          issueDate: civilDate,
          reference: line(200, 0).optional(),
          allocations,
        }),
        response: { 201: settled, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { amount, issueDate, number, reference = null, allocations: wished } = request.body;
      const { creditorId, debtorId, debtorIds } = await partiesOf(request, house, request.body);
      const answer = await atTheDeskOnce(request, house, debtorIds, async (desk) => {
        const done = await recordCreditNote(
          desk,
          {
            creditorId,
            debtorId,
            number,
            currency: amount.currency,
            amountCents: amount.amount,
            issueDate,
            reference,
            ...wish(wished),
            eyes: request.eyes,
          },
          request.caller.author,
        );
        const settles = done.kind === 'recorded' ? done.shares.map(({ invoiceId }) => invoiceId) : [];
        await noteAlone(desk, 'credit_note', settles, request);
        return settledAnswer(request, desk, amount.currency, done);
      });
      return reply.code(201).send(answer);
    },
  );
};

function wish(allocated: readonly { invoiceId: string; amount: number }[] | undefined) {
  return known({
    allocations: allocated?.map(({ invoiceId, amount }) => ({ invoiceId, amountCents: amount })),
  });
}

/** What the money did, as far as the caller may know of it: a repeat may answer for who sees otherwise by now. */
async function settledAnswer(
  request: FastifyRequest,
  desk: Desk,
  currency: string,
  answer: MoneyAnswer,
): Promise<z.infer<typeof settled>> {
  const { id, rule, shares: all, unallocatedCents } = unlessRefused(answer);
  const shares = await seenOf(desk.tx, request.eyes, all, ({ invoiceId }) => invoiceId);
  return {
    id,
    rule,
    allocations: shares.map(({ invoiceId, amountCents }) => ({
      invoiceId,
      amount: moneyOf(amountCents, currency),
    })),
    unallocated: moneyOf(unallocatedCents, currency),
    invoices: shares.map((share) => said(request, desk, share)),
  };
}

/** Works on money that is here, with everybody locked whom it concerns; 404 when it is not. */
async function onMoney<T>(
  request: FastifyRequest,
  house: House,
  kind: 'payment' | 'credit-note',
  id: string,
  invoiceIds: readonly string[],
  work: (desk: Desk, money: MoneyHere) => Promise<T | undefined>,
): Promise<T> {
  const row = await moneyOfId(house.db, kind === 'payment' ? 'payment' : 'credit_note', id);
  if (!row) throw Problem.notFound(kind.replace('-', ' '), id);
  const concerned = [
    row.debtorId,
    ...(await debtorsOfPayment(house.db, id)),
    ...(await debtorsOfInvoices(house.db, invoiceIds)),
  ];
  return atTheDeskOnce(request, house, concerned, async (desk) => {
    const answer = await work(desk, row);
    if (answer === undefined) throw Problem.notFound(kind.replace('-', ' '), id);
    return answer;
  });
}

/** Whose money it is and for whom, as said or as the first allocated invoice tells. */
async function partiesOf(
  request: FastifyRequest,
  house: House,
  given: {
    creditorId?: string | undefined;
    debtorId?: string | undefined;
    allocations?: readonly { invoiceId: string }[] | undefined;
  },
) {
  const invoiceIds = given.allocations?.map(({ invoiceId }) => invoiceId) ?? [];
  const first =
    invoiceIds[0] === undefined ? undefined : await partiesOfInvoice(request.eyes, house.db, invoiceIds[0]);
  const debtorId = given.debtorId ?? first?.debtorId;
  if (debtorId === undefined)
    throw Problem.invalid(
      'debtorId',
      'Nobody says who paid.',
      'Give the id of the debtor, or allocate to an invoice of his.',
    );
  await mustNotBeMerged(house.db, debtorId);
  await mustSee(house.db, request, 'debtor', debtorId);
  const creditorId = given.creditorId ?? first?.creditorId ?? (await onlyCreditorOf(house.db, debtorId));
  if (creditorId === undefined)
    throw Problem.invalid(
      'creditorId',
      'The debtor owes to several creditors, or to none.',
      'Give the id of the one who was paid.',
    );
  await mustSee(house.db, request, 'creditor', creditorId);
  return { creditorId, debtorId, debtorIds: [debtorId, ...(await debtorsOfInvoices(house.db, invoiceIds))] };
}
