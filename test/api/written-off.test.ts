import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const eur = (amount: number) => ({ amount, currency: 'EUR' });

async function writtenOff() {
  const { id } = await office.invoice();
  await office.ask('POST', `/v1/invoices/${id}/write-off`, { reason: 'other' });
  const correct = (body: object) => office.ask('POST', `/v1/invoices/${id}/correction`, body);
  const state = async () => (await office.ask('GET', `/v1/invoices/${id}`)).body as Record<string, unknown>;
  return { id, correct, state };
}

describe('an invoice that is written off', () => {
  it('is not corrected to more: nobody would ask for what that adds', async () => {
    const { correct, state } = await writtenOff();

    const { status, body } = await correct({ amount: eur(200_000) });

    expect([status, body.code, body.field]).toEqual([409, 'invoice-closed', 'amount']);
    expect(await state()).toMatchObject({ state: 'written_off', balance: eur(0), amount: eur(120_000) });
  });

  it('is corrected to less, and in what is no amount', async () => {
    const { correct, state } = await writtenOff();

    const [less, day] = [await correct({ amount: eur(100_000) }), await correct({ dueDate: '2026-02-20' })];

    expect([less.status, day.status]).toEqual([201, 201]);
    expect(await state()).toMatchObject({ state: 'written_off', balance: eur(0), amount: eur(100_000) });
  });

  it('never owes anything: the invariant says so', async () => {
    const { id } = await writtenOff();

    await sql`update invoice set balance_cents = 1 where id = ${id}`.execute(office.house.db);
    const { rows } = await sql<{
      what: string;
    }>`select what from inv_05_balance where subject = ${`invoice/${id}`}`.execute(office.house.db);

    expect(rows.map(({ what }) => what)).toContain('is closed as written_off and owes 1 cents');
  });
});
