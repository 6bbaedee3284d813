import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice({ config: { RELANCE_WORKFLOW_BUNDLE: inject('workflowBundle') } });
});
afterAll(() => office.close());

async function replayed(invoiceId: string): Promise<readonly { kind: string; [name: string]: unknown }[]> {
  const { statusCode, body, headers } = await office.app.inject({
    method: 'GET',
    url: `/v1/invoices/${invoiceId}/replay`,
    headers: { authorization: `Bearer ${office.keys.auditor}` },
  });
  expect([statusCode, headers['content-type']]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
  return body
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string });
}

describe('the replay of one invoice', () => {
  it('says fact by fact what the rules answer, and ends with its verdict', async () => {
    const { id } = await office.invoice({ dueDate: '2026-04-27' });
    await office.ask('POST', `/v1/invoices/${id}/promises`, {
      date: '2026-03-20',
      amount: { amount: 120_000, currency: 'EUR' },
    });

    const lines = await replayed(id);

    expect(lines.map(({ kind }) => kind)).toEqual(['fact', 'verdict']);
    expect(lines[0]).toMatchObject({ type: 'promiseMade', isOurs: false, decision: { kind: 'wait' } });
    expect(lines.at(-1)).toMatchObject({ holds: true, facts: 2, departures: 0 });
  });

  it('tells what was done against the rules', async () => {
    const { id } = await office.invoice({ dueDate: '2026-04-27' });
    await office.state(id, { type: 'stepRequested', step: 'formal-notice', occurrence: 1, channel: 'email' });

    const lines = await replayed(id);

    expect(lines).toContainEqual(expect.objectContaining({ kind: 'departure', how: 'otherwise' }));
    expect(lines.at(-1)).toMatchObject({ kind: 'verdict', holds: false, departures: 1 });
  });

  it('waits for its turn where others replay, and comes whole', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, async () => (await office.invoice()).id));

    const all = await Promise.all(ids.map(replayed));

    expect(all.map((lines) => lines.at(-1)?.kind)).toEqual(ids.map(() => 'verdict'));
  });

  it('is nobody’s who works the file', async () => {
    const { id } = await office.invoice();

    const { status } = await office.ask('GET', `/v1/invoices/${id}/replay`, undefined, { as: 'collector' });

    expect(status).toBe(403);
  });
});
