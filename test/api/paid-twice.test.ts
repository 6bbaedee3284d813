import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;

beforeEach(async () => {
  office = await openOffice();
});

afterEach(() => office.close());

describe('a transfer whose reference names an invoice that is paid already', () => {
  // A customer who pays 001 twice has not paid 002, though both are of the same amount.
  it.each(['FA-2026-001', 'VIR FA 2026 001', 'fa2026001 solde'])(
    'settles no other and stays to his credit: %s',
    async (reference) => {
      const first = await office.invoice({ number: 'FA-2026-001', amountCents: 120_000 });
      const second = await office.invoice({ ...first, number: 'FA-2026-002', amountCents: 120_000 });
      const { debtorId, creditorId } = first;
      const valueDate = '2026-03-01';
      const amount = { amount: 120_000, currency: 'EUR' };
      const pay = () =>
        office.ask('POST', '/v1/payments', { debtorId, creditorId, amount, reference, valueDate });

      const [once, twice] = [await pay(), await pay()];

      expect(once.body).toMatchObject({ unallocated: { amount: 0 } });
      expect(twice.body).toMatchObject({ invoices: [], unallocated: { amount: 120_000 } });
      const { body } = await office.ask('GET', `/v1/invoices/${second.id}`);
      expect(body.balance.amount).toBe(120_000);
    },
  );
});
