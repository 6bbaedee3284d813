import { creditorFields } from '../creditor-fields.ts';
import { isDeepStrictEqual } from 'node:util';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { agreeRate } from '../../db/agree-rate.ts';
import type { RateGiven } from '../../db/agreed-rates.ts';
import { isZone } from '../../db/calendars.ts';
import { tellOwners } from '../../activities/tell-owners.ts';
import { changeDebtor, liftDebtorHold, placeDebtorHold } from '../../db/debtors.ts';
import type { ContactColumns, DebtorChanged } from '../../db/debtors.ts';
import type { Desk } from '../../db/desk.ts';
import type { House } from '../../db/house.ts';
import { addDebtorNote } from '../../db/notes.ts';
import { erasedWith, knowAgain } from '../../db/erasure/erased-marks.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { debtorOfContact } from '../../db/whose.ts';
import { seenOf } from '../../db/visible.ts';
import type { Routes } from '../route-parts.ts';
import { comment, reasonCode, said, unlessRefused } from '../at-the-counter.ts';
import { atTheDeskOnce } from '../idempotency.ts';
import { countryCodeOf } from '../import/iso-country.ts';
import { givesItsRate, penaltyRate, rateFrom, rateOfNoDay } from '../claim-settings.ts';
import { noteAlone } from '../gravely.ts';
import { known } from '../known.ts';
import { mustSee } from '../policing.ts';
import { Problem } from '../problem.ts';
import { civilDate, line, mailAddress, problems, recorded, uuid } from '../shapes.ts';

export const debtorParams = z.object({ debtorId: uuid });
export const changed = z.object({
  debtorId: z.string(),
  invoices: z.array(recorded).describe('The open invoices that heard of it.'),
});
const language = z.enum(['fr', 'en']);
const country = z
  .string()
  .max(2)
  .regex(/^[A-Z]{2}$/, 'give a code of ISO 3166 such as FR')
  .refine((code) => countryCodeOf(code) === code, 'give a code of ISO 3166 such as FR')
  .meta({ examples: ['FR'] });
const telephone = z
  .string()
  .trim()
  .max(25)
  .regex(/^[+\d][\d\s().\-/]{5,24}$/, 'write it as +33 1 23 45 67 89');
const text = line(200);

const contactFields = {
  name: text.nullish(),
  role: z.enum(['billing', 'escalation', 'legal']).optional(),
  email: mailAddress.nullish(),
  mobile: telephone.nullish(),
  phone: telephone.nullish(),
  address: z.array(text).max(8).optional(),
  language: language.nullish(),
};

const invalidity = z.strictObject({
  email: reasonCode.nullish(),
  mobile: reasonCode.nullish(),
  phone: reasonCode.nullish(),
  address: reasonCode.nullish(),
});

/**
 * What is learnt of a debtor. Whatever decisions read of him reaches each of his open invoices as a fact, in the same
 * transaction: an insolvency silences all of them at once.
 */
export const debtorFactRoutes: Routes = async (app, { house }) => {
  const debtorSiren = creditorFields.shape.siren.unwrap().unwrap();
  app.patch(
    '/debtors/:debtorId',
    {
      schema: {
        summary: 'Change what is known of a debtor',
        tags: ['debtors'],
        params: debtorParams,
        body: z
          .strictObject({
            name: text.optional(),
            siren: debtorSiren.optional(),
            kind: z.enum(['company', 'public', 'consumer', 'internal']).optional(),
            country: country.optional(),
            zone: z
              .string()
              .max(60)
              .refine(isZone, 'give a time zone such as America/Chicago')
              .meta({ examples: ['America/Chicago'] })
              .optional()
              .describe(
                'By whose clock he is written to; that of most of the country when only that changes.',
              ),
            language: language.optional(),
            grade: line(10).nullish(),
            electronicLettersSince: civilDate
              .nullish()
              .describe(
                'Since when he agrees to electronic registered letters: a consumer and a public body must have said so.',
              ),
            depositRequiredSince: civilDate
              .nullish()
              .describe(
                'Since when he pays a deposit before he is served: those who work his files are told.',
              ),
            penaltyRateHundredths: penaltyRate
              .nullish()
              .describe(
                'The rate of late payment agreed with him, in hundredths of a percent per year; null: what his creditors have agreed with all. One below the floor of the law is claimed as agreed, and said so with the claim.',
              ),
            penaltyRateFrom: rateFrom.optional(),
            guarantee: z
              .strictObject({ what: line(200), until: civilDate.nullable().default(null) })
              .nullish()
              .describe(
                'What secures what he owes, such as a bank guarantee, and the last day on which it may be called.',
              ),
            insolventOn: z
              .null()
              .optional()
              .describe('null takes back an insolvency that was recorded by mistake.'),
          })
          .refine(givesItsRate, { path: ['penaltyRateFrom'], error: rateOfNoDay }),
        response: {
          200: changed.extend({
            approvalId: z
              .string()
              .optional()
              .describe(
                'The question that waits for the yes of another person: the rate holds once it is said.',
              ),
          }),
          ...problems(404, 409),
        },
      },
    },
    async (request) => {
      const {
        insolventOn,
        electronicLettersSince,
        depositRequiredSince,
        penaltyRateHundredths,
        penaltyRateFrom,
        guarantee,
        ...set
      } = request.body;
      return onDebtor(request, house, request.params.debtorId, async (desk) => {
        const wasCompany =
          set.kind !== undefined &&
          set.kind !== 'company' &&
          (await isCompany(desk, request.params.debtorId));
        const changes = await changeDebtor(
          desk,
          request.params.debtorId,
          known({
            set: known({
              ...set,
              electronic_letters_since: electronicLettersSince,
              deposit_required_since: depositRequiredSince,
              ...(guarantee === undefined
                ? {}
                : { guarantee: guarantee?.what ?? null, guarantee_until: guarantee?.until ?? null }),
            }),
            insolventOn,
          }),
          request.caller.author,
        );
        // A company owes more for being late than anybody else, and may be asked for it.
        if (wasCompany) await noteOnAll(desk, 'kind', request);
        const rate =
          penaltyRateHundredths === undefined
            ? null
            : { hundredths: penaltyRateHundredths, from: penaltyRateFrom };
        const approvalId = rate && (await ratedAs(desk, request, rate));
        if (depositRequiredSince)
          await tellOwners(desk, await desk.openFiles(request.params.debtorId), {
            key: `deposit/${request.params.debtorId}/${depositRequiredSince}`,
            template: 'internal_deposit_required',
            titles: { fr: 'acompte exigé', en: 'deposit required' },
            dueOn: depositRequiredSince,
          });
        return { ...changes, ...(approvalId ? { approvalId } : {}) };
      });
    },
  );

  app.post(
    '/debtors/:debtorId/holds',
    {
      schema: {
        summary: 'Keep silent towards a debtor for a reason',
        tags: ['debtors'],
        params: debtorParams,
        body: z.strictObject({ reason: reasonCode, until: civilDate.nullish(), comment }),
        response: { 201: changed.extend({ holdId: z.string() }), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { debtorId } = request.params;
      const { reason, until = null, comment: words } = request.body;
      const answer = await onDebtor(
        request,
        house,
        debtorId,
        async (desk) =>
          unlessRefused(await placeDebtorHold(desk, debtorId, { reason, until }, request.caller.author)),
        words,
      );
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/debtors/:debtorId/holds/:holdId/lift',
    {
      schema: {
        summary: 'Lift a hold of a debtor',
        tags: ['debtors'],
        params: debtorParams.extend({ holdId: uuid }),
        response: { 201: changed, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { debtorId, holdId } = request.params;
      const answer = await onDebtor(request, house, debtorId, async (desk) =>
        unlessRefused(await liftDebtorHold(desk, debtorId, holdId, request.caller.author)),
      );
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/debtors/:debtorId/contacts',
    {
      schema: {
        summary: 'Add a contact',
        tags: ['debtors'],
        params: debtorParams,
        body: z
          .strictObject({
            ...contactFields,
            again: z
              .literal(true)
              .optional()
              .describe('Somebody with this mail address was erased here, and is to be known again.'),
          })
          .refine(
            ({ email, mobile, phone, address }) =>
              Boolean(email ?? mobile ?? phone) || (address ?? []).length > 0,
            { error: 'give at least one of email, mobile, phone, address' },
          ),
        response: { 201: changed.extend({ contactId: z.string() }), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { debtorId } = request.params;
      const { again, ...contact } = request.body;
      const answer = await onDebtor(request, house, debtorId, async (desk) => {
        const contactId = uuidv7();
        if (again && contact.email) await knowAgain(desk.tx, debtorId, contact.email);
        await mustNotBeErased(desk, debtorId, contact.email);
        return {
          contactId,
          ...(await changeDebtor(
            desk,
            debtorId,
            { newContacts: [{ contactId, ...known(contact) }] },
            request.caller.author,
          )),
        };
      });
      return reply.code(201).send(answer);
    },
  );

  app.patch(
    '/contacts/:contactId',
    {
      schema: {
        summary: 'Correct a contact, mark an address as not working, or note that it wants no more mail',
        tags: ['debtors'],
        params: z.object({ contactId: uuid }),
        body: z.strictObject({
          ...contactFields,
          invalid: invalidity
            .optional()
            .describe('Why an address does not work, as a code; null when it does.'),
          optedOut: z.boolean().optional(),
        }),
        response: { 200: changed, ...problems(404, 409) },
      },
    },
    async (request) => {
      const { contactId } = request.params;
      const debtorId = await debtorOfContact(house.db, contactId);
      if (!debtorId) throw Problem.notFound('contact', contactId);
      return onDebtor(request, house, debtorId, async (desk) => {
        const here = await addressesOf(desk, contactId);
        if (here.erased_at !== null) throw Problem.refused(erasedAlready);
        await mustNotBeErased(desk, debtorId, request.body.email);
        const change = contactChange(here, request.body, desk.now);
        return changeDebtor(
          desk,
          debtorId,
          { contacts: [{ contactId, set: change }] },
          request.caller.author,
        );
      });
    },
  );
};

type ContactPatch = {
  readonly [Field in keyof typeof contactFields]?: z.infer<(typeof contactFields)[Field]>;
} & {
  readonly invalid?: z.infer<typeof invalidity> | undefined;
  readonly optedOut?: boolean | undefined;
};

const ways = ['email', 'mobile', 'phone', 'address'] as const;

const erasedAlready = {
  code: 'contact-erased',
  message: 'That contact was erased: add a new one in his place.',
} as const;

/** Nobody comes back by mistake who was erased: whoever adds him says that he is to be known again. */
async function mustNotBeErased(
  desk: Desk,
  debtorId: string,
  email: string | null | undefined,
): Promise<void> {
  if (!email) return;
  const wasErased = await erasedWith(desk.tx, [debtorId]);
  if (wasErased(debtorId, email)) throw Problem.refused(erasedWithThatAddress);
}

const erasedWithThatAddress = {
  code: 'contact-erased',
  message:
    'Somebody with this mail address was erased here. If he is to be known again, add him as a new contact with "again": true.',
  field: 'email',
} as const;

type Addresses = Awaited<ReturnType<typeof addressesOf>>;

/** The addresses of a contact whose debtor is locked. */
function addressesOf(desk: Desk, contactId: string) {
  return desk.tx
    .selectFrom('contact')
    .select([...ways, 'erased_at'])
    .where('id', '=', contactId)
    .executeTakeFirstOrThrow();
}

/**
 * A corrected address may work again: what was known against the old one says nothing of the new one. One that is sent
 * again as it stands is no correction: who wants no more mail there, or whose mail came back, stays so.
 */
function contactChange(
  here: Addresses,
  { invalid, optedOut, ...fields }: ContactPatch,
  now: number,
): ContactColumns {
  const corrected = ways.filter(
    (way) => fields[way] !== undefined && !isDeepStrictEqual(fields[way], here[way]),
  );
  const cleared = Object.fromEntries(corrected.map((way) => [`${way}_invalid`, null]));
  const marked = Object.fromEntries(
    Object.entries(known(invalid ?? {})).map(([way, reason]) => [`${way}_invalid`, reason]),
  );
  return {
    ...known(fields),
    ...cleared,
    ...marked,
    ...(optedOut === undefined ? {} : { opted_out_at: optedOut ? new Date(now) : null }),
  };
}

/** Changes a locked debtor and answers with the invoices that heard of it; 404 when he is not here. */
export async function onDebtor<T extends DebtorChanged>(
  request: FastifyRequest,
  house: House,
  debtorId: string,
  work: (desk: Desk) => Promise<T>,
  words?: string,
) {
  await mustSee(house.db, request, 'debtor', debtorId);
  return atTheDeskOnce(request, house, [debtorId], async (desk) => {
    const { view: _view, recorded: heard, ...rest } = await work(desk);
    await addDebtorNote(desk, debtorId, words, request.caller.author);
    const seen = await seenOf(desk.tx, request.eyes, heard, ({ file }) => file.id);
    return { debtorId, invoices: seen.map((one) => said(request, desk, one)), ...rest };
  });
}

/** Agrees a rate with the debtor; answers the question that waits, where a second person must say yes. */
async function ratedAs(desk: Desk, request: FastifyRequest, given: RateGiven): Promise<string | null> {
  const { debtorId } = request.params as z.infer<typeof debtorParams>;
  const said = unlessRefused(await agreeRate(desk, debtorId, given, request.caller.author));
  if (said.kind === 'asked') return said.approvalId;
  if (said.lowers) await noteOnAll(desk, 'penalty_rate', request);
  return null;
}

async function noteOnAll(desk: Desk, act: 'kind' | 'penalty_rate', request: FastifyRequest): Promise<void> {
  const { debtorId } = request.params as z.infer<typeof debtorParams>;
  const open = await desk.openFiles(debtorId);
  await noteAlone(
    desk,
    act,
    open.map(({ id }) => id),
    request,
  );
}

async function isCompany(desk: Desk, debtorId: string): Promise<boolean> {
  const { kind } = await desk.tx
    .selectFrom('debtor')
    .select('kind')
    .where('id', '=', debtorId)
    .executeTakeFirstOrThrow();
  return kind === 'company';
}
