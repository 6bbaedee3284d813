import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followDiscount } from '../../activities/follow-discount.ts';
import { atTheDesk } from '../../db/desk.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const offer = (id: string, body: object) => office.ask('POST', `/v1/invoices/${id}/discount`, body);

describe('an offer of a discount', () => {
  it('silences the invoice, and is shown with it in figures and on its page', async () => {
    const invoice = await office.invoice({ amountCents: 33_333 });

    const offered = await offer(invoice.id, { percent: 2.5, payBy: '2026-03-20' });

    const { body } = await office.ask('GET', `/v1/invoices/${invoice.id}`);
    const page = async (language: string) =>
      (await office.ask('GET', `/i/${invoice.number}?lang=${language}`)).text;
    expect(offered).toMatchObject({ status: 201, body: { invoice: { state: 'held' } } });
    expect(body.discounts).toEqual([
      expect.objectContaining({
        state: 'open',
        pay: { amount: 32_500, currency: 'EUR' },
        discount: { amount: 833, currency: 'EUR' },
        payBy: '2026-03-20',
      }),
    ]);
    expect(body.holds).toEqual([
      expect.objectContaining({ id: body.discounts[0].id, reason: 'discount_offer', inForce: true }),
    ]);
    expect(await page('fr')).toMatch(
      /325,00.€ réglés au plus tard le 20 mars 2026 soldent la facture.: 8,33.€ de remise/,
    );
    expect(await page('en')).toContain(
      '€325.00 paid by 20 March 2026 settles the invoice: €8.33 of discount.',
    );
  });

  it('is refused, with the field, beyond the days of a promise, for nothing or all, twice, and on what is contested', async () => {
    const [plain, contested] = [await office.invoice(), await office.invoice()];
    await office.ask('POST', `/v1/invoices/${contested.id}/disputes`, {
      reason: 'quality',
      amount: { amount: 100, currency: 'EUR' },
    });
    const whole = { amount: 120_000, currency: 'EUR' };

    const answers = [
      await offer(plain.id, { percent: 5, payBy: '2026-04-02' }),
      await offer(plain.id, { percent: 5, payBy: '2026-03-01' }),
      await offer(plain.id, { amount: whole, payBy: '2026-03-20' }),
      await offer(contested.id, { percent: 5, payBy: '2026-03-20' }),
      await offer(plain.id, { percent: 5, payBy: '2026-03-20' }),
      await offer(plain.id, { percent: 5, payBy: '2026-03-20' }),
    ];
    const malformed = await offer(plain.id, { percent: 5, amount: whole, payBy: '2026-03-20' });

    expect(answers.map(({ status, body }) => [status, body.code, body.field])).toEqual([
      [409, 'discount-impossible', 'payBy'],
      [409, 'discount-impossible', 'payBy'],
      [409, 'discount-impossible', 'amount'],
      [409, 'discount-impossible', undefined],
      [201, undefined, undefined],
      [409, 'discount-open', undefined],
    ]);
    expect(malformed).toMatchObject({ status: 400, body: { field: 'percent' } });
  });

  it('and a plan or a firm are one at a time: whoever comes second is refused', async () => {
    const [inPlan, offered, late, withFirm] = [
      await office.invoice(),
      await office.invoice(),
      await office.invoice(),
      await office.invoice(),
    ];
    const plan = (id: string) =>
      office.ask('POST', '/v1/plans', { invoiceIds: [id], equal: { count: 2, firstOn: '2026-03-20' } });
    const accept = (planId: string) => office.ask('POST', `/v1/plans/${planId}/acceptance`, { how: 'email' });
    const five = { percent: 5, payBy: '2026-03-20' };
    await accept((await plan(inPlan.id)).body.id as string);
    await offer(offered.id, five);
    const proposed = await plan(late.id);
    await offer(late.id, five);
    const handed = await office.ask('POST', `/v1/invoices/${withFirm.id}/hand-over`, {
      firmId: office.users.external_firm,
      incompleteBecause: 'Urgent.',
    });

    const answers = [
      await offer(inPlan.id, five),
      await plan(offered.id),
      await accept(proposed.body.id as string),
      await offer(withFirm.id, five),
    ];

    expect([handed.status, ...answers.map(({ body }) => body.code)]).toEqual([
      201,
      'in-plan',
      'discount-open',
      'discount-open',
      'discount-impossible',
    ]);
  });

  it('says in the journal that nobody else was asked, where four eyes are off', async () => {
    const invoice = await office.invoice();
    await offer(invoice.id, { percent: 5, payBy: '2026-03-20' });

    const { items } = (await office.ask('GET', `/v1/invoices/${invoice.id}/timeline`)).body;

    expect(items.map(({ type }: { type: string }) => type).slice(-3)).toEqual([
      'doneAlone',
      'discountOffered',
      'holdPlaced',
    ]);
  });

  describe('that is paid in time', () => {
    const offered = async (creditor: object = {}) => {
      const invoice = await office.invoice({ amountCents: 100_000 });
      await office.ask('PATCH', `/v1/creditors/${invoice.creditorId}`, creditor);
      const amount = { amount: 10_000, currency: 'EUR' };
      await offer(invoice.id, { amount, payBy: '2026-03-10' });
      const read = async () => (await office.ask('GET', `/v1/invoices/${invoice.id}`)).body;
      const { id } = (await read()).discounts[0] as { id: string };
      const paid = await office.ask('POST', `/v1/invoices/${invoice.id}/payments`, {
        amount: { amount: 90_000, currency: 'EUR' },
      });
      const attend = () => atTheDesk(office.house, [invoice.debtorId], (desk) => followDiscount(desk, id));
      return { ...invoice, attend, read, paymentId: paid.body.id as string };
    };

    it('is lost with the money that comes back: the whole is owed again, once', async () => {
      const invoice = await offered();
      await invoice.attend();
      const settled = await invoice.read();
      const back = `/v1/payments/${invoice.paymentId}/return`;
      const returned = await office.ask('POST', back, { reason: 'rejected' });
      const after = await invoice.read();

      expect([settled.balance.amount, settled.discounts[0].state]).toEqual([0, 'taken']);
      expect(returned.status).toBe(201);
      expect([after.balance.amount, after.discounts[0].state]).toEqual([100_000, 'lapsed']);
    });

    it('is never owed beyond what the invoice asks by then, should its money come back', async () => {
      const invoice = await offered();
      await invoice.attend();
      const amount = { amount: 95_000, currency: 'EUR' };
      await office.ask('POST', `/v1/invoices/${invoice.id}/correction`, { amount });
      await office.ask('POST', `/v1/payments/${invoice.paymentId}/return`, { reason: 'rejected' });

      expect((await invoice.read()).balance.amount).toBe(95_000);
    });

    it('settles the invoice, as it says, though its creditor has payments settle interest first', async () => {
      const invoice = await offered({ paymentsGoTo: 'interest' });
      const paid = await invoice.read();
      await invoice.attend();
      const settled = await invoice.read();
      await office.ask('POST', `/v1/payments/${invoice.paymentId}/return`, { reason: 'rejected' });
      const after = await invoice.read();

      expect(paid.balance.amount).toBeGreaterThan(10_000);
      expect([settled.balance.amount, settled.discounts[0].state]).toEqual([0, 'taken']);
      expect([after.balance.amount, after.discounts[0].state]).toEqual([100_000, 'lapsed']);
    });

    it('asks for less once goods were sent back, by as much as was credited', async () => {
      const invoice = await office.invoice({ amountCents: 100_000 });
      await offer(invoice.id, { amount: { amount: 10_000, currency: 'EUR' }, payBy: '2026-03-10' });
      const read = async () => (await office.ask('GET', `/v1/invoices/${invoice.id}`)).body;
      const { id } = (await read()).discounts[0] as { id: string };
      const noted = await office.ask('POST', '/v1/credit-notes', {
        creditorId: invoice.creditorId,
        debtorId: invoice.debtorId,
        number: `A-${invoice.number}`,
        amount: { amount: 20_000, currency: 'EUR' },
        issueDate: '2026-03-02',
        allocations: [{ invoiceId: invoice.id, amount: 20_000 }],
      });
      expect(noted.status).toBe(201);
      const asked = (await read()).discounts[0].pay.amount;
      await office.ask('POST', `/v1/invoices/${invoice.id}/payments`, {
        amount: { amount: 70_000, currency: 'EUR' },
      });
      await atTheDesk(office.house, [invoice.debtorId], (desk) => followDiscount(desk, id));
      const { balance, discounts } = await read();

      expect([asked, balance.amount, discounts[0].state]).toEqual([70_000, 0, 'taken']);
    });

    it('settles the invoice though a part of it is contested since', async () => {
      const invoice = await offered();
      const back = `/v1/payments/${invoice.paymentId}/return`;
      await office.ask('POST', back, { reason: 'rejected' });
      await office.ask('POST', `/v1/invoices/${invoice.id}/disputes`, {
        reason: 'price',
        amount: { amount: 10_000, currency: 'EUR' },
      });
      await office.ask('POST', `/v1/invoices/${invoice.id}/payments`, {
        amount: { amount: 90_000, currency: 'EUR' },
      });
      await invoice.attend();
      const { balance, discounts } = await invoice.read();

      expect([balance.amount, discounts[0].state]).toEqual([0, 'taken']);
    });
  });
});
