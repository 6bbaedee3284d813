import { z } from 'zod';
import type { Desk } from '../../db/desk.ts';
import { recordCost, recordRecovery, recordRemittance, recordStatus } from '../../db/litigation-entries.ts';
import type { Done, LitigationRow } from '../../db/litigation.ts';
import type { Author } from '../../domain/fact.ts';
import { costKinds, partnerStatuses } from '../../domain/litigation/status.ts';
import { comment, happenedBy, unlessRefused } from '../at-the-counter.ts';
import { litigationParams, litigationSaid, onLitigation } from '../litigation-file.ts';
import { litigation } from '../litigation-shapes.ts';
import { Problem } from '../problem.ts';
import type { Routes } from '../route-parts.ts';
import { civilDate, positiveMoney, problems } from '../shapes.ts';

/** What the partner who has a litigation file says of it, himself or by somebody of ours: it is seen here at once. */
export const partnerWordRoutes: Routes = async (app, { house }) => {
  const word = { on: civilDate, comment };
  /** A route by which a partner, or somebody for him, says something. */
  const partnerRoute = <Body extends z.ZodRawShape>(
    path: string,
    summary: string,
    body: Body,
    record: (
      desk: Desk,
      row: LitigationRow,
      given: z.infer<z.ZodObject<Body & typeof word>>,
      by: Author,
    ) => Promise<Done>,
  ): void => {
    app.post(
      `/litigation/:litigationId/${path}`,
      {
        schema: {
          summary,
          tags: ['facts'],
          params: litigationParams,
          body: z.strictObject({ ...word, ...body }),
          response: { 201: litigation, ...problems(404, 409) },
        },
      },
      async (request, reply) => {
        const given = request.body as z.infer<z.ZodObject<Body & typeof word>>;
        const { litigationId } = request.params;
        const answer = await onLitigation(request, house, litigationId, async (desk, row) => {
          happenedBy('on', (given as { on: string }).on, desk.now);
          const { amount } = given as { amount?: { currency: string } };
          if (amount && amount.currency !== row.currency)
            throw Problem.invalid(
              'amount.currency',
              `The file is in ${row.currency}.`,
              `Give the amount in ${row.currency}.`,
            );
          unlessRefused(await record(desk, row, given, request.caller.author));
          return litigationSaid(request, desk, row.id);
        });
        return reply.code(201).send(answer);
      },
    );
  };
  partnerRoute(
    'statuses',
    'Record how far the partner has got',
    { status: z.enum(partnerStatuses) },
    (desk, row, { status, on, comment: text }, by) =>
      recordStatus(desk, row, { status, on, comment: text }, by),
  );
  partnerRoute(
    'costs',
    'Record what the partner charges; it stays with the creditor',
    { amount: positiveMoney, what: z.enum(costKinds) },
    (desk, row, { amount, what, on, comment: text }, by) =>
      recordCost(desk, row, { amountCents: amount.amount, what, on, comment: text }, by),
  );
  partnerRoute(
    'recoveries',
    'Record what the partner received of the debtor: it is a payment, and must be passed on within a month',
    { amount: positiveMoney },
    (desk, row, { amount, on, comment: text }, by) =>
      recordRecovery(desk, row, { amountCents: amount.amount, on, comment: text }, by),
  );
  partnerRoute(
    'remittances',
    'Record what the partner has passed on to us; it is no further payment of the debtor',
    { amount: positiveMoney },
    (desk, row, { amount, on, comment: text }, by) =>
      recordRemittance(desk, row, { amountCents: amount.amount, on, comment: text }, by),
  );
};
