import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
      /325,00.€ réglés au plus tard le 20 mars 2026 soldent la facture : 8,33.€ de remise/,
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
});
