import { z } from 'zod';
import { DebtorUnseen, registerAll } from '../../db/registration.ts';
import type { IncomingInvoice } from '../../db/registration.ts';
import { SellerUnknown } from '../../db/sellers.ts';
import { retrying } from '../../db/retrying.ts';
import { sees } from '../../db/visible.ts';
import type { Routes } from '../route-parts.ts';
import { happenedBy } from '../at-the-counter.ts';
import { inTransactionOnce } from '../idempotency.ts';
import { countryCodeOf } from '../import/iso-country.ts';
import { currencyOf } from '../import/iso-currency.ts';
import { readSiren, readVat } from '../import/identifiers.ts';
import { known } from '../known.ts';
import { mayUse, mustSee } from '../policing.ts';
import { policy } from '../policy.ts';
import { Problem } from '../problem.ts';
import { nextOf, shortOf } from '../recorded.ts';
import { centsMax } from '../../domain/cents-max.ts';
import { civilDate, line, mailAddress, problems, recorded, uuid } from '../shapes.ts';
import { paidBy } from './corrections.ts';

const text = line(500);
const siren = line(40)
  .refine((value) => readSiren(value).kind === 'identifier', 'give the nine digits of a SIREN')
  .meta({ examples: ['732829320'] });
const vat = line(40)
  .refine(
    (value) => readVat(value).kind === 'identifier',
    'give a VAT number with its country, such as FR83404833048',
  )
  .meta({ examples: ['FR83404833048'] });

const newInvoice = z.strictObject({
  creditorId: uuid
    .optional()
    .describe(
      'Whose invoice it is; found by `seller` when absent, else the only creditor. Who may add creditors adds an unknown seller by it.',
    ),
  seller: z.strictObject({ name: text.optional(), siren: siren.optional(), vat: vat.optional() }).optional(),
  debtor: z.strictObject({
    name: text,
    reference: text.optional().describe("The seller's own number for him."),
    siren: siren.optional(),
    vat: vat.optional(),
    kind: z.enum(['company', 'public', 'consumer', 'internal']).optional(),
    country: z
      .string()
      .max(2)
      .refine((code) => countryCodeOf(code) === code, 'give a code of ISO 3166 such as FR')
      .meta({ examples: ['FR'] })
      .optional(),
    language: z
      .string()
      .max(2)
      .regex(/^[a-z]{2}$/, 'give a code of ISO 639-1 such as fr')
      .optional(),
  }),
  contact: z
    .strictObject({
      name: text.optional(),
      email: mailAddress.optional(),
      phone: line(40, 0).optional(),
      mobile: line(40, 0).optional(),
      addressLines: z.array(text).max(6).optional(),
      postcode: line(20, 0).optional(),
      city: line(100, 0).optional(),
    })
    .default({}),
  number: line(100),
  term: z.int().min(1).max(999).default(1).describe('Which due date of the invoice.'),
  issueDate: civilDate.optional(),
  performedOn: civilDate
    .optional()
    .describe('When what is invoiced was delivered or done: the law dates the claim by it.'),
  dueDate: civilDate,
  amount: z.strictObject({
    amount: z.int().positive('give integer cents above 0').max(centsMax),
    currency: z
      .string()
      .max(3)
      .refine((code) => currencyOf(code) === code, 'give an ISO 4217 code such as EUR')
      .meta({ examples: ['EUR'] }),
  }),
  paid: z.int().min(0).optional().describe('Integer cents paid already.'),
  settledDate: civilDate.optional().describe('The day of that payment.'),
  disputed: z.boolean().optional(),
  orderNumber: text.optional(),
  paymentMethod: paidBy.optional(),
  factored: z.boolean().optional().describe('Assigned to a factor: not chased.'),
  collector: text.optional(),
  salesOwner: text.optional(),
});

/** Invoices one by one, from an ERP. Files come in by `/imports`. */
export const registrationRoutes: Routes = async (app, { house }) => {
  app.post(
    '/invoices',
    {
      schema: {
        summary: 'Register an invoice; its life begins at once',
        tags: ['facts'],
        body: newInvoice,
        response: { 201: recorded, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { creditorId = null } = request.body;
      const { eyes } = request;
      if (creditorId !== null) await mustSee(house.db, request, 'creditor', creditorId);
      const arrival = arrivalOf(request.body);
      if (arrival.settledDate !== undefined)
        happenedBy('settledDate', arrival.settledDate, await house.clock.now());
      const context = {
        by: request.caller.author,
        importId: null,
        held: false,
        fallbackCreditorId: creditorId,
        lane: 'people',
        eyes,
        sellers: mayUse(policy, request.caller, 'POST /v1/creditors') ? 'makes' : 'finds',
      } as const;
      const register = () =>
        inTransactionOnce(request, house, async (tx) => {
          const { desk, fates } = await registerAll(house, tx, [arrival], context);
          const fate = fates[0];
          if (fate?.kind !== 'created') {
            const known = fate?.invoiceId ?? '';
            throw alreadyKnown(arrival, (await sees(tx, eyes, 'invoice', known)) ? known : undefined);
          }
          await desk.write();
          const { file } = fate;
          return {
            invoice: shortOf(file, desk.now),
            fact: { number: file.collection.fact, type: 'invoiceRegistered' },
            next: nextOf(file.collection, file.decision, request.caller.language),
          };
        });
      const answer = await retrying(register).catch((fault: unknown) => {
        if (fault instanceof DebtorUnseen) throw debtorUnseen();
        throw fault instanceof SellerUnknown ? sellerUnknown() : fault;
      });
      return reply.code(201).header('location', `/v1/invoices/${answer.invoice.id}`).send(answer);
    },
  );
};

function arrivalOf({
  creditorId,
  seller,
  amount,
  paid,
  settledDate,
  ...rest
}: z.infer<typeof newInvoice>): IncomingInvoice {
  return {
    ...(known(rest) as Omit<typeof rest, never>),
    seller: creditorId === undefined ? known(seller ?? {}) : {},
    debtor: known(rest.debtor) as IncomingInvoice['debtor'],
    contact: known(rest.contact),
    amountCents: amount.amount,
    currency: amount.currency,
    ...known({ settledDate, paidCents: paid ?? (settledDate === undefined ? undefined : amount.amount) }),
    flags: [],
  } as IncomingInvoice;
}

/** Which of his marks is known stays untold: the same for a SIREN, a number of ours and a name. */
function debtorUnseen(): Problem {
  return new Problem({
    status: 403,
    code: 'debtor-unseen',
    title: 'The debtor is not in your part of the files.',
    detail: 'Whoever the invoice names as its debtor is known here, and the caller sees no invoice of his.',
    remedy: 'Ask somebody who sees all files to register it.',
    field: 'debtor',
  });
}

/** In whose name is written and where he is paid is for those who set up the house. */
function sellerUnknown(): Problem {
  return Problem.conflict(
    'seller-unknown',
    'The seller is no creditor here.',
    'Nobody here is the seller whom the invoice names, or it names none and there are several.',
    'Give the `creditorId` of one that GET /v1/creditors lists, or have an admin or credit_manager add him first.',
    'seller',
  );
}

/** Whose it is stays untold to him who may not know of it; that the number is taken cannot. */
function alreadyKnown(arrival: IncomingInvoice, invoiceId: string | undefined): Problem {
  const which = `Invoice ${arrival.number}, term ${arrival.term}, of this creditor is known`;
  return Problem.refused({
    code: 'invoice-known',
    message:
      invoiceId === undefined
        ? `${which}: give another number.`
        : `${which} as ${invoiceId}: correct it with POST /v1/invoices/${invoiceId}/correction, or import the file that holds it.`,
    field: 'number',
  });
}
