import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

/** With four eyes on, what gives money up or hands a file over is never the act of one person. */
describe('with four eyes, one person', () => {
  let office: Office;

  beforeAll(async () => {
    office = await openOffice({ fourEyes: true });
  });

  afterAll(async () => {
    await office.close();
  });

  const decide = (approvalId: string, how: { as?: 'admin'; key?: string }) =>
    office.ask('POST', `/v1/approvals/${approvalId}/decision`, { decision: 'approve' }, how);

  it('is not two by a key that he issued to another, nor by one issued with that key', async () => {
    const { id } = await office.invoice();
    const manager = office.users.credit_manager;
    const asked = await office.ask(
      'POST',
      `/v1/invoices/${id}/write-off`,
      { reason: 'lost' },
      { as: 'admin' },
    );
    const key = await office.ask('POST', `/v1/users/${manager}/keys`, {}, { as: 'admin' });
    const fresh = { name: 'Second', role: 'admin', key: {} };
    const second = await office.ask('POST', '/v1/users', fresh, { as: 'admin' });
    const third = await office.ask('POST', `/v1/users/${manager}/keys`, {}, { key: second.body.key });
    const { approvalId } = asked.body as { approvalId: string };
    const answers = [];
    for (const one of [key, second, third]) answers.push(await decide(approvalId, { key: one.body.key }));
    const list = await office.ask('GET', `/v1/approvals?invoice=${id}`, undefined, { key: key.body.key });

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [409, 'approval-own'],
      [409, 'approval-own'],
      [409, 'approval-own'],
    ]);
    expect(list.body.items[0].mayDecide).toBe(false);
    expect((await decide(approvalId, {})).status).toBe(201);
  });

  it('does not say yes to what was asked by a key that he issued', async () => {
    const { id } = await office.invoice();
    const key = await office.ask(
      'POST',
      `/v1/users/${office.users.credit_manager}/keys`,
      {},
      { as: 'admin' },
    );
    const asked = await office.ask(
      'POST',
      `/v1/invoices/${id}/write-off`,
      { reason: 'lost' },
      { key: key.body.key },
    );
    const { approvalId } = asked.body as { approvalId: string };

    expect((await decide(approvalId, { as: 'admin' })).body.code).toBe('approval-own');
  });

  it('is asked in vain for goodwill that a credit note has made good already', async () => {
    const { id, creditorId, debtorId } = await office.invoice();
    const amount = { amount: 30_000, currency: 'EUR' };
    const dispute = await office.ask('POST', `/v1/invoices/${id}/disputes`, { reason: 'price', amount });
    await office.ask('POST', `/v1/disputes/${dispute.body.disputeId as string}/resolution`, {
      ...{ outcome: 'goodwill', granted: amount },
    });
    const { items } = (await office.ask('GET', `/v1/approvals?invoice=${id}`)).body;
    await office.ask('POST', '/v1/credit-notes', {
      ...{ creditorId, debtorId, number: 'A-1', issueDate: '2026-03-02', amount },
      allocations: [{ invoiceId: id, amount: 30_000 }],
    });
    const yes = await decide(items[0].id as string, { as: 'admin' });
    const { balance } = (await office.ask('GET', `/v1/invoices/${id}`)).body;

    expect([yes.status, balance.amount]).toEqual([409, 90_000]);
  });

  it('shows the other what he says yes to: the firm, the day of a discount', async () => {
    const [handed, reduced] = [await office.invoice(), await office.invoice()];
    const firmId = office.users.external_firm;
    await office.ask('POST', `/v1/invoices/${handed.id}/hand-over`, { firmId, incompleteBecause: 'Urgent.' });
    await office.ask('POST', `/v1/invoices/${reduced.id}/discount`, { percent: 5, payBy: '2026-03-20' });
    const shown = async (id: string) =>
      (await office.ask('GET', `/v1/approvals?invoice=${id}`, undefined, { as: 'admin' })).body.items[0];

    expect(await shown(handed.id)).toMatchObject({
      firm: { id: firmId, name: 'external_firm' },
      payBy: null,
    });
    expect(await shown(reduced.id)).toMatchObject({
      ...{ text: 'discount for early settlement', firm: null, payBy: '2026-03-20' },
    });
  });
});
