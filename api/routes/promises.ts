import { z } from 'zod';
import { makePromise, partsOfPromise, withdrawPromise } from '../../db/promises.ts';
import type { PromiseAnswer } from '../../db/promises.ts';
import { addNote } from '../../db/notes.ts';
import { debtorsOfInvoices } from '../../db/payments.ts';
import { askedCentsOf } from '../../domain/collection.ts';
import { splitPromise } from '../../domain/promise/split-promise.ts';
import type { InvoiceFile } from '../../db/desk.ts';
import { centsMax } from '../../domain/cents-max.ts';
import type { Routes } from '../route-parts.ts';
import { centsFor, comment, onInvoice, reasonCode, said, unlessRefused } from '../at-the-counter.ts';
import { atTheDeskOnce } from '../idempotency.ts';
import { mustSee } from '../policing.ts';
import { Problem } from '../problem.ts';
import {
  civilDate,
  invoiceParams,
  money,
  moneyOf,
  positiveMoney,
  problems,
  recorded,
  uuid,
} from '../shapes.ts';

/** Invoices in one promise: as many as a person can have in mind, and as one transaction should hold. */
const invoicesMax = 100;

const override = z
  .strictObject({ reason: reasonCode })
  .optional()
  .describe(
    'Lets the promise go beyond the bounds of the scenario (two on an invoice, 30 days each, unless it says otherwise). For credit managers and admins; the reason is recorded.',
  );

const onSeveral = z.object({
  promiseId: z.string(),
  amount: money.describe('The whole promise.'),
  invoices: z.array(recorded.extend({ promised: money })),
});

/**
 * What a debtor says that he will pay: on one invoice, or one word over several.
 *
 * The route checks the shape and records the facts; whether they make sense is a rule of the domain, asked under the
 * lock of the debtor. The answer already holds what the workflows will do next.
 */
export const promiseRoutes: Routes = async (app, { house }) => {
  app.post(
    '/invoices/:invoiceId/promises',
    {
      schema: {
        summary: 'Record a promise to pay',
        tags: ['facts'],
        params: invoiceParams,
        body: z.strictObject({
          date: civilDate,
          amount: positiveMoney.optional().describe('All that is asked when absent.'),
          override,
          comment,
        }),
        response: { 201: recorded.extend({ promiseId: z.string() }), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { date, amount, override: word, comment: text } = request.body;
      const { author } = request.caller;
      const answer = await onInvoice(request, house, request.params.invoiceId, async (desk, file) => {
        const amountCents = centsFor(file, amount) ?? askedCentsOf(file.collection);
        const made = made201(
          await makePromise(
            desk,
            { parts: [{ invoiceId: file.id, amountCents }], promisedOn: date, ...exceeding(word) },
            author,
          ),
        );
        const [only] = made.recorded;
        if (!only) throw new Error(`promise ${made.promiseId} is on no invoice`);
        await addNote(desk, file.id, 'promiseNote', text, { promiseId: made.promiseId }, author);
        return { ...said(request, desk, only), promiseId: made.promiseId };
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/promises',
    {
      schema: {
        summary: 'Record one promise over several invoices of a debtor towards one creditor',
        tags: ['facts'],
        body: z.strictObject({
          date: civilDate,
          invoices: z
            .array(
              z.strictObject({
                invoiceId: uuid,
                amount: z.int().positive('give integer cents above 0').max(centsMax).optional(),
              }),
            )
            .min(1)
            .max(invoicesMax)
            .refine((named) => new Set(named.map(({ invoiceId }) => invoiceId)).size === named.length, {
              error: 'name each invoice once',
            })
            .refine(
              (named) =>
                named.every(({ amount }) => amount === undefined) ||
                named.every(({ amount }) => amount !== undefined),
              { error: 'give an amount for each invoice, or for none' },
            )
            .describe('With an amount of its own each, in cents, or none: then the oldest due come first.'),
          amount: positiveMoney
            .optional()
            .describe('The whole promise; that of the invoices together, or all that is asked, when absent.'),
          override,
          comment,
        }),
        response: { 201: onSeveral, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { date, invoices: named, amount, override: word, comment: text } = request.body;
      const { author } = request.caller;
      const ids = named.map(({ invoiceId }) => invoiceId);
      for (const id of ids) await mustSee(house.db, request, 'invoice', id);
      const debtorIds = await debtorsOfInvoices(house.db, ids);
      const answer = await atTheDeskOnce(request, house, debtorIds, async (desk) => {
        const files = await desk.files(ids);
        for (const id of ids)
          if (!files.some((file) => file.id === id)) throw Problem.notFound('invoice', id);
        const currency = ofOneAccount(files);
        const whole = amount && files[0] ? centsFor(files[0], amount) : undefined;
        const given = named.flatMap(({ invoiceId, amount: cents }) =>
          cents === undefined ? [] : [{ invoiceId, amountCents: cents }],
        );
        const sum = given.reduce((total, part) => total + part.amountCents, 0);
        if (given.length > 0 && whole !== undefined && whole !== sum)
          throw Problem.invalid(
            'amount.amount',
            `The invoices come to ${sum} cents, the promise to ${whole}.`,
            'Give one of the two, or amounts that agree.',
          );
        const parts =
          given.length > 0
            ? given
            : splitPromise(
                files.map((file) => ({
                  invoiceId: file.id,
                  dueDate: file.collection.dueDate,
                  freeCents: askedCentsOf(file.collection),
                })),
                whole,
              );
        if (parts.length === 0)
          throw Problem.refused({
            code: 'amount-not-positive',
            message: 'Nothing is owed on these invoices that is not contested.',
          });
        const made = made201(
          await makePromise(desk, { parts, promisedOn: date, ...exceeding(word) }, author),
        );
        for (const { file } of made.recorded)
          await addNote(desk, file.id, 'promiseNote', text, { promiseId: made.promiseId }, author);
        const cents = new Map(parts.map((part) => [part.invoiceId, part.amountCents]));
        return {
          promiseId: made.promiseId,
          amount: moneyOf(
            parts.reduce((total, part) => total + part.amountCents, 0),
            currency,
          ),
          invoices: made.recorded.map((one) => ({
            ...said(request, desk, one),
            promised: moneyOf(cents.get(one.file.id) ?? 0, currency),
          })),
        };
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/promises/:promiseId/withdrawal',
    {
      schema: {
        summary: 'Take back a promise, on all its invoices',
        tags: ['facts'],
        params: z.object({ promiseId: uuid }),
        body: z.strictObject({ comment }).nullish(),
        response: { 201: recorded.extend({ invoices: z.array(recorded) }), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { promiseId } = request.params;
      const { author } = request.caller;
      const [part] = await partsOfPromise(house.db, promiseId);
      if (!part) throw Problem.notFound('promise', promiseId);
      const answer = await onInvoice(request, house, part.invoice_id, async (desk) => {
        const { recorded: heard } = made201(await withdrawPromise(desk, promiseId, author));
        for (const { file } of heard)
          await addNote(desk, file.id, 'promiseNote', request.body?.comment, { promiseId }, author);
        const invoices = heard.map((one) => said(request, desk, one));
        const [first] = invoices;
        if (!first) throw new Error(`promise ${promiseId} ran on no invoice`);
        return { ...first, invoices };
      });
      return reply.code(201).send(answer);
    },
  );
};

function made201(answer: PromiseAnswer): Extract<PromiseAnswer, { kind: 'recorded' }> {
  return unlessRefused(answer);
}

function exceeding(word: { reason: string } | undefined): { exceeding?: string } {
  return word === undefined ? {} : { exceeding: word.reason };
}

/** The one currency of invoices of one debtor and creditor; a mixture is a mistake of the caller. */
export function ofOneAccount(files: readonly InvoiceFile[]): string {
  const accounts = new Set(
    files.map(({ debtorId, collection }) => `${debtorId} ${collection.creditorId} ${collection.currency}`),
  );
  const [first] = files;
  if (first && accounts.size === 1) return first.collection.currency;
  throw Problem.invalid(
    'invoices',
    'The invoices are of several debtors, creditors or currencies.',
    'Name invoices of one debtor towards one creditor in one currency.',
  );
}
