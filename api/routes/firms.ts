import { z } from 'zod';
import { addFirm, addMandate, changeFirm, dutiesOf, listFirms } from '../../db/firms.ts';
import type { FirmRow, MandateRow } from '../../db/firms.ts';
import { firmKinds, gapsOfMandate } from '../../domain/litigation/mandate.ts';
import { lawDay } from '../../db/calendars.ts';
import type { CivilDate } from '../../domain/time.ts';
import { happenedBy } from '../at-the-counter.ts';
import { inTransaction, inTransactionOnce } from '../idempotency.ts';
import { known } from '../known.ts';
import { Problem } from '../problem.ts';
import type { Routes } from '../route-parts.ts';
import { civilDate, instant, instantOf, line, lines, mailAddress, problems, uuid } from '../shapes.ts';

const words = lines(2_000);

/** What may be said of a firm. */
const fields = z.strictObject({
  name: line(200),
  kind: z.enum(firmKinds),
  email: mailAddress.nullable().optional(),
  address: z.array(line(100)).max(6).optional(),
  insurer: line(200).nullable().optional(),
  insurancePolicy: line(100).nullable().optional(),
  insuredUntil: civilDate.nullable().optional(),
  fundsIban: line(42).nullable().optional().describe('The account for the funds of its customers alone.'),
  declaredOn: civilDate.nullable().optional().describe('When it declared itself to the public prosecutor.'),
});

const gaps = z
  .array(z.string())
  .describe('What is missing before it may collect for others (L124-1 and R124-1 to R124-7 CPCE).');

const mandate = z.object({
  id: z.string(),
  creditorId: z.string().nullable().describe('Null: of every creditor of the house.'),
  signedOn: z.string(),
  mayReceive: z.boolean(),
  basis: z.string().nullable(),
  guarantee: z.string().nullable(),
  fee: z.string().nullable(),
  remittance: z.string().nullable(),
  remitWithinDays: z.int().nullable(),
  endedOn: z.string().nullable(),
  gaps,
});

const firm = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(firmKinds),
    email: z.string().nullable(),
    address: z.array(z.string()),
    insurer: z.string().nullable(),
    insurancePolicy: z.string().nullable(),
    insuredUntil: z.string().nullable(),
    fundsIban: z.string().nullable(),
    declaredOn: z.string().nullable(),
    endedAt: instant.nullable(),
    gaps,
    mandates: z.array(mandate),
  })
  .meta({ id: 'Firm' });

/**
 * Firms outside the house, and what was agreed with them in writing.
 *
 * Who collects for others by profession gets no file before his mandate has every field that the law asks for.
 */
export const firmRoutes: Routes = async (app, { house }) => {
  const one = async (db: Parameters<typeof listFirms>[0], firmId: string) => {
    const found = (await listFirms(db)).find(({ id }) => id === firmId);
    if (!found) throw Problem.notFound('firm', firmId);
    return firmOf(found, await today());
  };
  const today = async () => lawDay(await house.clock.now());

  app.get(
    '/firms',
    {
      schema: {
        summary: 'The firms to whom files are handed, with their mandates and what is missing of them',
        tags: ['users'],
        response: { 200: z.object({ items: z.array(firm) }) },
      },
    },
    async () => {
      const on = await today();
      return { items: (await listFirms(house.db)).map((row) => firmOf(row, on)) };
    },
  );

  app.post(
    '/firms',
    {
      schema: {
        summary: 'Add a firm to whom files can be handed',
        description: 'Users come in for it by `firmId` of POST /v1/users or POST /v1/invitations.',
        tags: ['users'],
        body: fields,
        response: { 201: firm, ...problems(409) },
      },
    },
    async (request, reply) => {
      const answer = await inTransactionOnce(request, house, async (tx, now) => {
        const { name, kind, ...more } = request.body;
        return one(tx, await addFirm(tx, now, { name, kind, ...known(more) }, request.caller.userId));
      });
      return reply.code(201).send(answer);
    },
  );

  app.patch(
    '/firms/:firmId',
    {
      schema: {
        summary: 'Say what is new of a firm, or that it gets no files any more',
        tags: ['users'],
        params: z.object({ firmId: uuid }),
        body: fields.partial().extend({ ended: z.boolean().optional() }),
        response: { 200: firm, ...problems(404) },
      },
    },
    (request) =>
      inTransaction(house, async (tx, now) => {
        const { firmId } = request.params;
        if (!(await changeFirm(tx, now, firmId, known(request.body), request.caller.userId)))
          throw Problem.notFound('firm', firmId);
        return one(tx, firmId);
      }),
  );

  app.post(
    '/firms/:firmId/mandates',
    {
      schema: {
        summary: 'Record the mandate that a firm was given in writing',
        description: 'It takes the place of the one before it for the same creditor, or for all of them.',
        tags: ['users'],
        params: z.object({ firmId: uuid }),
        body: z.strictObject({
          creditorId: uuid.nullable().default(null).describe('Null: for every creditor of the house.'),
          signedOn: civilDate,
          mayReceive: z.boolean().describe('The power to receive money for the creditor.'),
          basis: words.optional().describe('What is owed and why, each kind of sum apart.'),
          guarantee: words.optional(),
          fee: words.optional(),
          remittance: words.optional().describe('How and when funds are passed on.'),
          remitWithinDays: z
            .int()
            .min(1)
            .max(31)
            .optional()
            .describe('Where less than the month of the law was agreed.'),
        }),
        response: { 201: firm, ...problems(404) },
      },
    },
    async (request, reply) => {
      const { firmId } = request.params;
      const { creditorId, signedOn, mayReceive, remitWithinDays, ...texts } = request.body;
      const answer = await inTransactionOnce(request, house, async (tx, now) => {
        happenedBy('signedOn', signedOn, now);
        await one(tx, firmId);
        if (creditorId !== null) {
          const here = await tx
            .selectFrom('creditor')
            .select('id')
            .where('id', '=', creditorId)
            .executeTakeFirst();
          if (!here) throw Problem.notFound('creditor', creditorId);
        }
        const { basis = null, guarantee = null, fee = null, remittance = null } = texts;
        const agreed = { basis, guarantee, fee, remittance, remitWithinDays: remitWithinDays ?? null };
        await addMandate(
          tx,
          now,
          { firmId, creditorId, signedOn, mayReceive, ...agreed },
          request.caller.userId,
        );
        return one(tx, firmId);
      });
      return reply.code(201).send(answer);
    },
  );
};

function firmOf(
  row: FirmRow & { readonly mandates: readonly MandateRow[] },
  on: CivilDate,
): z.infer<typeof firm> {
  const duties = dutiesOf(row);
  const mandates = row.mandates.map((one) => ({
    id: one.id,
    creditorId: one.creditor_id,
    signedOn: one.signed_on,
    mayReceive: one.may_receive,
    basis: one.basis,
    guarantee: one.guarantee,
    fee: one.fee,
    remittance: one.remittance,
    remitWithinDays: one.remit_within_days,
    endedOn: one.ended_on,
    gaps: [...gapsOfMandate(duties, { ...one, signedOn: one.signed_on, mayReceive: one.may_receive }, on)],
  }));
  return {
    id: row.id,
    name: row.name,
    ...duties,
    email: row.email,
    address: row.address,
    endedAt: instantOf(row.ended_at),
    gaps: [...(mandates.find(({ endedOn }) => endedOn === null)?.gaps ?? gapsOfMandate(duties, null, on))],
    mandates,
  };
}
