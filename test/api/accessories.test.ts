import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '../../db/uuid.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

/** What late payment costs is paid once: neither twice of one payment, nor twice by one debtor. */
describe('Accessories claimed beside the price', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice();
  });
  afterAll(() => office.close());

  it('of two invoices are not both paid by a surplus that is enough for one', async () => {
    const a = await claimedInvoice(office);
    const b = await claimedInvoice(office, a);

    const paid = await pays(office, a, 204_900, { reference: `${a.number} ${b.number}` });

    expect(paid.body.unallocated.amount).toBe(0);
    expect((await told(office, a)).map(({ state }) => state)).toEqual(['open', 'paid']);
    expect(await credit(office, a)).toBe(0);
  });

  it('and paid are given back to the account when the price is owed again, and not owed twice', async () => {
    const a = await claimedInvoice(office);
    const allocations = [{ invoiceId: a.id, amount: 100_000 }];
    const first = await pays(office, a, 100_000, { allocations });
    const [open] = await told(office, a);
    const dueCents = (open?.interest.amount ?? 0) + 4000;
    await pays(office, a, dueCents, { allocations: [] });
    const end = { outcome: 'paid' };
    expect((await office.ask('POST', `/v1/invoices/${a.id}/accessories/end`, end)).status).toBe(201);
    expect(await credit(office, a)).toBe(0);

    await office.ask('POST', `/v1/payments/${first.body.id}/return`, { reason: 'rejected' });
    expect((await told(office, a)).map(({ state }) => state)).toEqual(['reopened']);
    expect(await credit(office, a)).toBe(dueCents);

    await pays(office, a, 100_000, { allocations });
    expect((await told(office, a)).map(({ state }) => state)).toEqual(['open', 'reopened']);
    expect((await office.ask('POST', `/v1/invoices/${a.id}/accessories/end`, end)).status).toBe(201);
    expect(await credit(office, a)).toBe(0);
  });
});

type Parties = Awaited<ReturnType<Office['invoice']>>;

/** An invoice over 1,000 € whose formal notice asked for 9 € of interest and the 40 €. */
async function claimedInvoice(office: Office, like?: Parties): Promise<Parties> {
  const parties = like ? { creditorId: like.creditorId, debtorId: like.debtorId } : {};
  const invoice = await office.invoice({ amountCents: 100_000, ...parties });
  const { db } = office.house;
  const [requestId, messageId, at] = [uuidv7(), uuidv7(), new Date(await office.clock.now())];
  const about = { creditor_id: invoice.creditorId, debtor_id: invoice.debtorId };
  const notice = { channel: 'email', level: 'formal_notice', template: 'formal_notice' } as const;
  await db
    .insertInto('contact_request')
    .values({
      ...{ id: requestId, invoice_id: invoice.id, ...about, ...notice, step: 'formal-notice', occurrence: 1 },
      ...{ mode: 'review', recipient: 'billing', state: 'done', asked_at: at },
    })
    .execute();
  await db
    .insertInto('message')
    .values({
      ...{ id: messageId, key: `k/${messageId}`, purpose: 'contact', ...about, ...notice, language: 'fr' },
      ...{ state: 'accepted', planned_at: at, claimed_at: at, state_at: at, figures: '{}' },
      ...{ recipient: 'x@y.example', sha256: '' },
    })
    .execute();
  await db
    .insertInto('message_line')
    .values({
      ...{ message_id: messageId, invoice_id: invoice.id, request_id: requestId, fact: 1 },
      ...{ balance_cents: 100_000, asked_cents: 100_000, open: false },
      ...{ interest_cents: 900, lump_sum_cents: 4000 },
    })
    .execute();
  return invoice;
}

function pays(office: Office, { creditorId, debtorId }: Parties, cents: number, how: object) {
  const amount = { amount: cents, currency: 'EUR' };
  return office.ask('POST', '/v1/payments', {
    creditorId,
    debtorId,
    valueDate: '2026-03-02',
    amount,
    ...how,
  });
}

async function told(office: Office, { debtorId }: Parties) {
  const { body } = await office.ask('GET', `/v1/debtors/${debtorId}/accessories`);
  return body.items as readonly { state: string; interest: { amount: number } }[];
}

/** What stands to the debtor's credit, in positive cents; negative where the account is overdrawn. */
async function credit(office: Office, { debtorId }: Parties): Promise<number> {
  const { cents } = await office.house.db
    .selectFrom('ledger_entry')
    .select(({ fn }) => fn.sum<string | null>('amount_cents').as('cents'))
    .where('debtor_id', '=', debtorId)
    .where('invoice_id', 'is', null)
    .executeTakeFirstOrThrow();
  return 0 - Number(cents ?? 0);
}
