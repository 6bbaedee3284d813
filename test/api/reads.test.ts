import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

it('smoke', async () => {
  const invoice = await office.invoice();
  for (const url of ['/v1/invoices', `/v1/invoices/${invoice.id}`, `/v1/invoices/${invoice.id}/timeline`, `/v1/invoices/${invoice.id}/why`, `/v1/invoices/${invoice.id}/facts`, `/v1/invoices/${invoice.id}/history`, '/v1/debtors', `/v1/debtors/${invoice.debtorId}`, '/v1/messages', '/v1/drafts', '/v1/tasks', '/v1/promises', '/v1/disputes', '/v1/scenarios', '/v1/users', '/v1/me', '/v1/creditors', `/v1/creditors/${invoice.creditorId}`, '/v1/settings', '/v1/stops', '/healthz', '/readyz', '/metrics', '/openapi.json', '/docs/', '/nowhere', '/v1/invoices?limit=x&foo=1'])
    { const answer = await office.ask('GET', url); console.log(url, answer.status, answer.text.slice(0, 700)); }
});
