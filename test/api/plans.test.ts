import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followPlan } from '../../activities/follow-plan.ts';
import { atTheDesk } from '../../db/desk.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

async function proposed(more: { debtorId?: string; creditorId?: string } = {}) {
  const invoice = await office.invoice({ amountCents: 90_000, ...more });
  const plan = await office.ask('POST', '/v1/plans', {
    invoiceIds: [invoice.id],
    equal: { count: 3, firstOn: '2026-04-01' },
  });
  return { ...invoice, planId: plan.body.id as string };
}

const idsOf = (answer: { body: { items: { id: string }[] } }) => answer.body.items.map(({ id }) => id);

describe('the list of plans', () => {
  it('is by the latest proposal, page after page, and cut by state, lateness, debtor, creditor and invoice', async () => {
    const [one, two, three] = [await proposed(), await proposed(), await proposed()];
    await office.ask('POST', `/v1/plans/${two.planId}/acceptance`, { how: 'signed' });
    await office.house.db
      .updateTable('plan')
      .set({ late_since: '2026-04-01' })
      .where('id', '=', two.planId)
      .execute();
    const list = (query: string) => office.ask('GET', `/v1/plans?${query}`);

    const first = await list('limit=2');
    const next = await list(`limit=2&cursor=${first.body.nextCursor}`);

    expect(idsOf(first)).toEqual([three.planId, two.planId]);
    expect(idsOf(next)).toEqual([one.planId]);
    expect(idsOf(await list('state=running'))).toEqual([two.planId]);
    expect(idsOf(await list('late=true'))).toEqual([two.planId]);
    expect(idsOf(await list('late=false'))).toEqual([three.planId, one.planId]);
    expect(idsOf(await list(`debtor=${one.debtorId}`))).toEqual([one.planId]);
    expect(idsOf(await list(`creditor=${three.creditorId}`))).toEqual([three.planId]);
    expect(idsOf(await list(`invoice=${two.id}`))).toEqual([two.planId]);
    expect(first.body.items[1]).toMatchObject({
      state: 'running',
      late: true,
      debtorName: expect.stringContaining('Débiteur') as string,
      reference: expect.stringMatching(/^PLAN-/) as string,
      amount: { amount: 90_000 },
      open: { amount: 90_000 },
    });
  });
});

describe('what came of a plan', () => {
  it('is what payments settled of the price: all of them while it runs, also where they settle interest first', async () => {
    const invoice = await proposed();
    const pays = (cents: number) =>
      office.ask('POST', `/v1/invoices/${invoice.id}/payments`, {
        amount: { amount: cents, currency: 'EUR' },
      });
    const stands = async (): Promise<readonly [number, number, number]> => {
      const { items } = (await office.ask('GET', `/v1/plans?invoice=${invoice.id}`)).body;
      const { balance } = (await office.ask('GET', `/v1/invoices/${invoice.id}`)).body;
      const { principal } = (await office.ask('GET', `/v1/invoices/${invoice.id}/claim`)).body;
      return [items[0].open.amount, balance.amount, principal.amount];
    };
    await office.ask('PATCH', `/v1/creditors/${invoice.creditorId}`, { paymentsGoTo: 'interest' });
    await office.ask('POST', `/v1/plans/${invoice.planId}/acceptance`, { how: 'signed' });

    // On the day of the acceptance the agreement does not count yet: what is paid settles interest too.
    await pays(30_000);
    const [open, ...asLedger] = await stands();
    expect(open).toBeGreaterThan(60_000);
    expect(asLedger).toEqual([open, open]);

    office.clock.set('2026-03-03');
    await pays(30_000);
    expect(await stands()).toEqual([open - 30_000, open - 30_000, open - 30_000]);
    office.clock.set('2026-03-02');
  });
});

describe('a credit note for what was contested', () => {
  it('leaves the plan on the rest as it was agreed', async () => {
    const invoice = await office.invoice({ amountCents: 100_000 });
    const contested = await office.ask('POST', `/v1/invoices/${invoice.id}/disputes`, {
      reason: 'quality',
      amount: { amount: 30_000, currency: 'EUR' },
    });
    const { body } = await office.ask('POST', '/v1/plans', {
      invoiceIds: [invoice.id],
      equal: { count: 2, firstOn: '2026-04-01' },
    });
    await office.ask('POST', `/v1/plans/${body.id}/acceptance`, { how: 'signed' });
    await office.ask('POST', '/v1/credit-notes', {
      creditorId: invoice.creditorId,
      debtorId: invoice.debtorId,
      number: 'AV-1',
      amount: { amount: 30_000, currency: 'EUR' },
      issueDate: '2026-03-02',
      allocations: [{ invoiceId: invoice.id, amount: 30_000 }],
    });
    const { balance } = (await office.ask('GET', `/v1/invoices/${invoice.id}`)).body;
    const plan = (await office.ask('GET', `/v1/plans/${body.id}`)).body;

    expect([contested.status, balance.amount]).toEqual([201, 70_000]);
    expect(plan).toMatchObject({ amount: { amount: 70_000 }, open: { amount: 70_000 } });
  });
});

describe('a payment of before that goes back', () => {
  const paidThenBack = async (agree: (invoices: { id: string }[]) => Promise<() => Promise<unknown>>) => {
    office.clock.set('2026-03-02');
    const one = await office.invoice({ amountCents: 100_000 });
    const two = await office.invoice({
      creditorId: one.creditorId,
      debtorId: one.debtorId,
      amountCents: 30_000,
    });
    const pays = (id: string, amount: number) =>
      office.ask('POST', `/v1/invoices/${id}/payments`, { amount: { amount, currency: 'EUR' } });
    const before = await pays(one.id, 50_000);
    office.clock.set('2026-03-03');
    const read = await agree([one, two]);
    office.clock.set('2026-03-04');
    await pays(one.id, 25_000);
    await office.ask('POST', `/v1/payments/${before.body.id}/return`, { reason: 'cheque_bounced' });
    const agreed = await read();
    await pays(one.id, 25_000);
    await pays(two.id, 10_000);
    office.clock.set('2026-03-02');
    return [agreed, await read()];
  };

  it('takes nothing of a plan that was made after it: what was paid of that stays paid', async () => {
    const [plan] = await paidThenBack(async ([one]) => {
      const equal = { count: 2, firstOn: '2026-04-01' };
      const { body } = await office.ask('POST', '/v1/plans', { invoiceIds: [one!.id], equal });
      await office.ask('POST', `/v1/plans/${body.id}/acceptance`, { how: 'signed' });
      return async () => (await office.ask('GET', `/v1/plans/${body.id}`)).body;
    });

    expect(plan).toMatchObject({
      state: 'running',
      open: { amount: 25_000 },
      instalments: [{ paid: { amount: 25_000 } }, { paid: { amount: 0 } }],
    });
  });

  it('takes nothing of a promise over several invoices either: the rest of its sum keeps it', async () => {
    const [, states] = await paidThenBack(async (both) => {
      const { body } = await office.ask('POST', '/v1/promises', {
        invoices: both.map(({ id }) => ({ invoiceId: id })),
        amount: { amount: 60_000, currency: 'EUR' },
        date: '2026-03-20',
      });
      return async () =>
        (
          await office.house.db
            .selectFrom('promise')
            .select('state')
            .where('id', '=', body.promiseId as string)
            .execute()
        ).map(({ state }) => state);
    });

    expect(states).toEqual(['kept', 'kept']);
  });
});

describe('a plan that was paid', () => {
  it('was not kept when its money goes back', async () => {
    const invoice = await proposed();
    await office.ask('POST', `/v1/plans/${invoice.planId}/acceptance`, { how: 'signed' });
    const paid = await office.ask('POST', `/v1/invoices/${invoice.id}/payments`, {
      amount: { amount: 90_000, currency: 'EUR' },
    });
    await atTheDesk(office.house, [invoice.debtorId], (desk) => followPlan(desk, invoice.planId));
    const read = async () => (await office.ask('GET', `/v1/plans/${invoice.planId}`)).body.state as string;
    const finished = await read();
    await office.ask('POST', `/v1/payments/${paid.body.id}/return`, { reason: 'cheque_bounced' });
    const debtor = (await office.ask('GET', `/v1/debtors/${invoice.debtorId}`)).body;
    const { items } = (await office.ask('GET', `/v1/invoices/${invoice.id}/timeline`)).body;

    expect([finished, await read()]).toEqual(['finished', 'broken']);
    expect(debtor.promises).toMatchObject([{ due: 1, kept: 0 }]);
    expect(items.map(({ type }: { type: string }) => type)).toContain('planUnkept');
  });
});

describe('the page of an invoice', () => {
  it('shows its plan: what is left, the other invoices, and what became of each instalment', async () => {
    const invoice = await proposed();
    const page = async (language: string) =>
      (await office.ask('GET', `/i/${invoice.number}?lang=${language}`)).text;
    const before = await page('fr');
    await office.ask('POST', `/v1/plans/${invoice.planId}/acceptance`, { how: 'signed' });
    await office.ask('POST', `/v1/invoices/${invoice.id}/payments`, {
      amount: { amount: 30_000, currency: 'EUR' },
    });
    const [fr, en] = [await page('fr'), await page('en')];

    expect(before).toMatch(/Échéancier <span class="badge ">proposé/);
    expect(fr).toMatch(/Échéancier <span class="badge brand">en cours/);
    expect(fr).toMatch(/Reste 600,00.€ sur 900,00.€/);
    expect(fr).toMatch(/réglée.*à venir.*à venir/s);
    expect(en).toMatch(/Instalment plan <span class="badge brand">running/);
    expect(en).toContain(`/v1/plans/${invoice.planId}/agreement?language=en`);
  });

  it('says nothing of plans where there is none', async () => {
    const { number } = await office.invoice();

    expect((await office.ask('GET', `/i/${number}?lang=fr`)).text).not.toContain('Échéancier');
  });
});
