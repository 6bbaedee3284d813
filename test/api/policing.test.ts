import Fastify from 'fastify';
import type { FastifyInstance, RouteHandlerMethod } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../api/authentication.ts';
import { inTransactionOnce } from '../../api/idempotency.ts';
import { Police } from '../../api/policing.ts';
import { fieldPolicy, policy } from '../../api/policy.ts';
import type { Line } from '../../api/policy.ts';
import { answerWithProblem } from '../../api/problem.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

/** What the police does with a route that was written wrongly: the real ones are asked by the matrix. */
let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
const apps: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});
afterAll(() => office.close());

/** One route with its line, for an admin. */
function guarded(route: string, line: Line, handler: RouteHandlerMethod = async () => ['everything']) {
  const app = Fastify();
  apps.push(app);
  app.setErrorHandler(answerWithProblem);
  app.decorateRequest('caller', null as unknown as Caller);
  app.decorateRequest('once', undefined);
  app.addHook('onRequest', async (request) => {
    request.caller = {
      userId: office.users.admin,
      name: 'admin',
      role: 'admin',
      email: null,
      language: 'en',
      portfolio: 'all',
      areas: null,
      author: { kind: 'user', id: office.users.admin },
      hands: [],
      by: { kind: 'key', prefix: 'rlk_test' },
    };
  });
  new Police({ Test: { [route]: line } }).keep(app, office.house.db);
  const [method = '', url = ''] = route.split(' ');
  app.route({ method, url, handler });
  return app;
}

describe('a route that is bound to rows', () => {
  // A query that forgets whose rows they are would answer everything to everybody.
  it('sends no answer when nobody asked what the caller sees', async () => {
    const bound = await guarded('GET /v1/invoices', [['admin'], 'read', 'invoice']).inject('/v1/invoices');
    const free = await guarded('GET /v1/scenarios', [['admin'], 'read', 'none']).inject('/v1/scenarios');

    expect([bound.statusCode, free.statusCode]).toEqual([500, 200]);
    expect(bound.body).not.toContain('everything');
  });

  it('does nothing when its body names a row that nobody looked for', async () => {
    let acts = 0;
    const app = guarded('POST /v1/payments', [['admin'], 'money', 'debtor'], async (request) =>
      inTransactionOnce(request, office.house, async () => (acts += 1)),
    );

    const answer = await app.inject({ method: 'POST', url: '/v1/payments', payload: {} });

    expect([answer.statusCode, acts]).toEqual([500, 0]);
  });

  it('is at fault when it acts without asking again where it acts', async () => {
    const line: Line = [['admin'], 'files', 'invoice'];
    const id = '01890000-0000-7000-8000-000000000000';
    const ask = (handler: RouteHandlerMethod) =>
      guarded('POST /v1/invoices/:invoiceId/notes', line, handler).inject({
        method: 'POST',
        url: `/v1/invoices/${id}/notes`,
      });

    const blind = await ask(async () => 'done');
    const careful = await ask((request) => inTransactionOnce(request, office.house, async () => 'done'));

    expect([blind.statusCode, careful.statusCode]).toEqual([500, 200]);
  });

  it.each([
    ['GET /v1/invoices/:id', 'invoice', ':invoiceId'],
    ['POST /v1/disputes/:invoiceId/resolution', 'dispute', ':disputeId'],
    ['GET /v1/promises/:number', 'promise', ':promiseId'],
  ] as const)('does not start as %s when its rows are those of "%s"', (route, rows, wanted) => {
    expect(() => guarded(route, [['admin'], 'read', rows])).toThrow(`names none: call it ${wanted}`);
  });
});

describe('a field that fewer may send', () => {
  const bodies: Readonly<Record<string, (invoiceId: string) => object>> = {
    'PATCH /v1/settings fourEyes': () => ({ fourEyes: false }),
    'PATCH /v1/debtors/:debtorId penaltyRateHundredths': () => ({ penaltyRateHundredths: 900 }),
    'PATCH /v1/debtors/:debtorId kind': () => ({ kind: 'internal' }),
    'POST /v1/promises override': (invoiceId) => ({
      date: '2026-04-16',
      invoices: [{ invoiceId }],
      override: { reason: 'other' },
    }),
    'POST /v1/plans override': (invoiceId) => ({
      invoiceIds: [invoiceId],
      equal: { count: 2, firstOn: '2026-09-01' },
      override: { reason: 'other' },
    }),
    'POST /v1/invoices/:invoiceId/promises override': () => ({
      date: '2026-04-16',
      override: { reason: 'other' },
    }),
  };

  it('is refused with its name to everybody else who may use the route, and nothing is done', async () => {
    for (const [route, fields] of Object.entries(fieldPolicy))
      for (const [field, may] of Object.entries(fields)) {
        const line = Object.values(policy).find((lines) => route in lines)?.[route];
        const [method = '', path = ''] = route.split(' ');
        for (const role of line?.[0] ?? []) {
          if (role === 'sales' || role === 'external_firm' || role === 'resolver') continue;
          const { id, debtorId } = await office.invoice();
          const body = bodies[`${route} ${field}`]?.(id);
          const url = path.replace(':invoiceId', id).replace(':debtorId', debtorId);
          const answer = await office.ask(method as 'POST', url, body, { as: role });
          const facts = await office.house.db
            .selectFrom('promise')
            .select('id')
            .where('invoice_id', '=', id)
            .execute();

          if (may.includes(role))
            expect([route, role, answer.status]).toEqual([route, role, method === 'POST' ? 201 : 200]);
          else {
            expect(answer).toMatchObject({ status: 403, body: { code: 'role-forbidden', field } });
            expect(facts).toEqual([]);
          }
        }
      }
  });

  it('of a route that is gone keeps the API from starting', () => {
    const police = new Police({}, { 'PATCH /v1/nothing': { field: ['admin'] } });

    expect(() => police.everyLineHasItsRoute()).toThrow('PATCH /v1/nothing');
  });
});
