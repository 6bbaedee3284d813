import { z } from 'zod';
import { accountsFor } from '../../activities/carriers/accounts.ts';
import type { Accounts } from '../../activities/carriers/accounts.ts';
import { creditorRateAfter } from '../../db/agreed-rates.ts';
import { addCreditor, changeCreditor, listCreditors, readCreditor } from '../../db/creditors.ts';
import type { Creditor } from '../../db/creditors.ts';
import { toldTo } from '../../db/visible.ts';
import type { Eyes } from '../../db/visible.ts';
import { creditorNeeds, missingOf } from '../../domain/creditor.ts';
import { languages } from '../../domain/message.ts';
import type { Routes } from '../route-parts.ts';
import {
  claimSettings,
  claimSettingsOf,
  earlierRates,
  givesItsRate,
  rateFrom,
  rateOfNoDay,
} from '../claim-settings.ts';
import { creditorColumns, creditorFields } from '../creditor-fields.ts';
import { inTransactionOnce } from '../idempotency.ts';
import { Problem } from '../problem.ts';
import { instant, instantOf, line, problems, uuid } from '../shapes.ts';

/**
 * Creditors: who we write for, and what each still has to say before anything leaves in its name.
 *
 * `missing` names the fields that hold everything back; once it is empty, what waits at the door looks again by itself.
 */
const creditor = z
  .object({
    id: z.string(),
    key: z.string().describe('How files name it.'),
    legalName: z.string().nullable(),
    siren: z.string().nullable(),
    vatNumber: z.string().nullable(),
    registration: z.string().nullable().describe('As on its letters: register, legal form, capital.'),
    address: z.array(z.string()),
    country: z.string(),
    iban: z.string().nullable(),
    bic: z.string().nullable(),
    senderName: z.string().nullable(),
    replyTo: z.string().nullable(),
    phone: z.string().nullable(),
    language: z.enum(languages),
    zone: z.string(),
    currency: z.string(),
    mailAccount: z
      .string()
      .nullable()
      .describe("The account that carries its mails; null: the installation's default."),
    smsAccount: z.string().nullable().describe('The same for its text messages.'),
    promiseGraceDays: z.int().nullable(),
    promiseToleranceCents: z.int(),
    bankDataDaysMax: z.int().nullable(),
    ...claimSettings.shape,
    earlierPenaltyRates: earlierRates,
    demonstration: z.boolean(),
    createdAt: instant,
    missing: z.array(z.enum(creditorNeeds)).describe('What keeps it from sending.'),
  })
  .meta({ id: 'Creditor' });

const params = z.object({ creditorId: uuid });

export const creditorRoutes: Routes = async (app, { house, accounts }) => {
  app.get(
    '/creditors',
    {
      schema: {
        summary: 'All creditors',
        tags: ['creditors'],
        response: { 200: z.object({ items: z.array(creditor) }) },
      },
    },
    async ({ eyes }) => ({
      items: (await listCreditors(eyes, house.db)).map((row) => asToldTo(eyes, creditorOf(row))),
    }),
  );

  app.get(
    '/creditors/:creditorId',
    {
      schema: {
        summary: 'One creditor',
        tags: ['creditors'],
        params,
        response: { 200: creditor, ...problems(404) },
      },
    },
    async ({ params: { creditorId }, eyes }) =>
      asToldTo(eyes, found(await readCreditor(eyes, house.db, creditorId), creditorId)),
  );

  app.post(
    '/creditors',
    {
      schema: {
        summary: 'Add a creditor',
        tags: ['creditors'],
        body: creditorFields.extend({
          legalName: line(200),
          key: line(200).optional().describe('How files name it; its VAT number, SIREN or name when absent.'),
        }),
        response: { 201: creditor, ...problems(409) },
      },
    },
    async (request, reply) => {
      const { key: given, ...fields } = request.body;
      mustBeConfigured(accounts, fields);
      const key = given ?? fields.vatNumber ?? fields.siren ?? fields.legalName;
      const answer = await inTransactionOnce(request, house, async (tx, now) => {
        const added = await addCreditor(tx, now, key, creditorColumns(fields), request.caller.userId);
        if (!added) throw keyTaken(key);
        return creditorOf(added);
      });
      return reply.code(201).send(answer);
    },
  );

  app.patch(
    '/creditors/:creditorId',
    {
      schema: {
        summary: 'Set what a creditor says about itself',
        tags: ['creditors'],
        params,
        body: creditorFields
          .extend({ penaltyRateFrom: rateFrom.optional() })
          .refine(givesItsRate, { path: ['penaltyRateFrom'], error: rateOfNoDay }),
        response: { 200: creditor, ...problems(404, 409) },
      },
    },
    async (request) => {
      const {
        params: { creditorId },
        body: { penaltyRateFrom: from, ...body },
        caller,
      } = request;
      const { penaltyRateHundredths: hundredths } = body;
      mustBeConfigured(accounts, body);
      return found(
        await inTransactionOnce(request, house, async (tx, now) => {
          const rate = hundredths === undefined ? null : { hundredths, from };
          const said = rate && (await creditorRateAfter(tx, now, creditorId, rate));
          if (said?.kind === 'refused') throw Problem.refused(said.refusal);
          return changeCreditor(tx, now, creditorId, creditorColumns(body), caller.userId, said?.rate.before);
        }),
        creditorId,
      );
    },
  );
};

function found(row: Creditor | undefined, id: string): z.infer<typeof creditor> {
  if (!row) throw Problem.notFound('creditor', id);
  return creditorOf(row);
}

function creditorOf(row: Creditor): z.infer<typeof creditor> {
  return {
    id: row.id,
    key: row.key,
    legalName: row.legal_name,
    siren: row.siren,
    vatNumber: row.vat_number,
    registration: row.registration,
    address: row.address,
    country: row.country,
    iban: row.iban,
    bic: row.bic,
    senderName: row.sender_name,
    replyTo: row.reply_to,
    phone: row.phone,
    language: row.language === 'en' ? 'en' : 'fr',
    zone: row.zone,
    currency: row.currency,
    mailAccount: row.mail_account,
    smsAccount: row.sms_account,
    promiseGraceDays: row.promise_grace_days,
    promiseToleranceCents: row.promise_tolerance_cents,
    bankDataDaysMax: row.bank_data_days_max,
    ...claimSettingsOf(row),
    earlierPenaltyRates: [...row.penalty_rates_before],
    demonstration: row.demonstration,
    createdAt: instantOf(row.created_at),
    missing: [...missingOf(row)],
  };
}

/** Where a creditor is paid is not for everybody's eyes. */
function asToldTo(eyes: Eyes, one: z.infer<typeof creditor>): z.infer<typeof creditor> {
  return toldTo(eyes).bank ? one : { ...one, iban: null, bic: null };
}

/** A name with a slip in it would hold everything back that leaves in the creditor's name. */
function mustBeConfigured(accounts: Accounts, given: z.infer<typeof creditorFields>): void {
  for (const [field, use, what] of [
    ['mailAccount', 'mail', 'mails'],
    ['smsAccount', 'sms', 'text messages'],
  ] as const) {
    const name = given[field] ?? null;
    const names = accountsFor(accounts, use);
    if (name !== null && !names.includes(name))
      throw Problem.invalid(
        field,
        `No account that carries ${what} is called "${name}".`,
        `Give one of ${names.join(', ')}, or null for the installation's default.`,
      );
  }
}

function keyTaken(key: string): Problem {
  return Problem.conflict(
    'creditor-known',
    'This creditor is known.',
    `A creditor with the key "${key}" is here already.`,
    'Change that one with PATCH, or give another key.',
    'key',
  );
}
