import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

describe('the stop switch', () => {
  it('says what it silences, and stands until it is lifted', async () => {
    const invoice = await office.invoice();

    const pulled = await office.ask('POST', '/v1/stops', { scope: 'creditor', subjectId: invoice.creditorId, reason: 'wrong bank details' });
    const listed = await office.ask('GET', '/v1/stops', undefined, { as: 'auditor' });
    const lifted = await office.ask('POST', `/v1/stops/${pulled.body.id}/lift`);
    const after = await office.ask('GET', '/v1/stops');

    expect(pulled.status).toBe(201);
    expect(pulled.body).toMatchObject({ scope: 'creditor', silences: { invoices: 1, debtors: 1, requests: 0 } });
    expect(listed.body.items).toHaveLength(1);
    expect(lifted).toMatchObject({ status: 200, body: { restarting: 0 } });
    expect(after.body.items).toEqual([]);
  });
});
