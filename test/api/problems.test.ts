import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { advisoryLocks } from '../../db/advisory-locks.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

describe('a bad request', () => {
  it('is answered with each field, what is wrong and what would be right', async () => {
    const answer = await office.ask('GET', '/v1/invoices?limit=9000&dueBefore=2026-02-30&colour=red');

    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error: { field: string }) => error.field).sort()).toEqual([
      'colour',
      'dueBefore',
      'limit',
    ]);
    expect(
      answer.body.errors.find((error: { field: string }) => error.field === 'dueBefore').remedy,
    ).toContain('YYYY-MM-DD');
  });

  it('is refused when it sets what is not known: nobody sets a column by its name', async () => {
    const creditorId = await office.creditor();

    const answer = await office.ask('PATCH', `/v1/creditors/${creditorId}`, {
      demonstration: true,
      legalName: 'X',
    });

    expect(answer).toMatchObject({ status: 400, body: { field: 'demonstration' } });
  });

  it('that is no JSON is answered 400', async () => {
    const response = await office.app.inject({
      method: 'POST',
      url: '/v1/stops',
      headers: { authorization: `Bearer ${office.keys.admin}`, 'content-type': 'application/json' },
      payload: '{"scope":',
    });

    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ status: 400, remedy: expect.stringContaining('JSON') as string });
  });

  it('that is too large is answered 413', async () => {
    const answer = await office.ask('POST', '/v1/stops', {
      scope: 'everything',
      reason: 'x'.repeat(300_000),
    });

    expect(answer.status).toBe(413);
  });

  it('for what is not there is answered 404, naming it', async () => {
    const id = '01890000-0000-7000-8000-000000000000';
    const urls = [
      `/v1/invoices/${id}`,
      `/v1/invoices/${id}/why`,
      `/v1/invoices/${id}/timeline`,
      `/v1/invoices/${id}/facts`,
      `/v1/invoices/${id}/history`,
      `/v1/debtors/${id}`,
      `/v1/messages/${id}`,
      `/v1/documents/${id}`,
      `/v1/creditors/${id}`,
      '/v1/nothing',
    ];

    const answers = await Promise.all(urls.map((url) => office.ask('GET', url)));

    expect(answers.map((answer) => answer.status)).toEqual(urls.map(() => 404));
    expect(answers[0]?.body.detail).toContain(id);
  });
});

describe('a cursor', () => {
  it('that belongs to another order, or is made up, is answered 400', async () => {
    const made = Buffer.from(JSON.stringify(['balance', 1, 'x'])).toString('base64url');

    const answers = await Promise.all([
      office.ask('GET', `/v1/invoices?sort=dueDate&cursor=${made}`),
      office.ask('GET', '/v1/invoices?cursor=zzz'),
    ]);

    expect(answers.map(({ status, body }) => [status, body.field])).toEqual([
      [400, 'cursor'],
      [400, 'cursor'],
    ]);
  });
});

describe('a fault of ours', () => {
  it('is answered 500 with the number of the request and nothing of what happened', async () => {
    const other = await openOffice();
    await other.house.db.destroy();

    const answer = await other.ask('GET', '/v1/me');

    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.text).not.toMatch(/driver|destroyed|select/i);
    await other.app.close();
    await other.database.drop();
  });
});

describe('waiting too long for a lock', () => {
  it('is answered 503 with the time to come back', { timeout: 20_000 }, async () => {
    let letGo = (): void => {};
    const held = office.house.db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(${advisoryLocks.stops})`.execute(tx);
      await new Promise<void>((resolve) => (letGo = resolve));
    });

    const answer = await office.ask('POST', '/v1/stops', { scope: 'everything', reason: 'test' });
    letGo();
    await held;

    expect(answer).toMatchObject({ status: 503, body: { code: 'busy' } });
    expect(answer.headers['retry-after']).toBe('2');
  });
});
