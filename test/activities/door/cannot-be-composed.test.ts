import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Carrier } from '../../../activities/carriers/carrier.ts';
import { onlyThrough } from '../../../activities/carriers/carriers.ts';
import { deliver } from '../../../activities/deliver.ts';
import { performStep } from '../../../activities/perform-step.ts';
import type { Workshop } from '../../../activities/workshop.ts';
import { dayInZone } from '../../../db/calendars.ts';
import { addDays } from '../../../domain/time.ts';
import { openOffice } from '../../setup/office.ts';
import type { Office } from '../../setup/office.ts';

let office: Office;
let workshop: Workshop;
let told: string[];
let sent: string[];

const carrier: Carrier = {
  name: 'test',
  send: ({ recipient }) => {
    sent.push(recipient);
    return Promise.resolve({ kind: 'delivered', ref: 'r' });
  },
  evidence: () => Promise.resolve({ kind: 'absent' }),
};

beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());
beforeEach(() => {
  [told, sent] = [[], []];
  workshop = { house: office.house, carriers: onlyThrough(carrier), tell: (line) => told.push(line) };
});

// One fault of ours, or one set of figures that contradict each other, must not silence a debtor's whole file.
describe('a message that cannot be composed', () => {
  it('is set aside and told, while the other creditors of the debtor speak', async () => {
    const debtorId = await office.debtor();
    const broken = await askedFor(debtorId, await office.creditor());
    const other = await askedFor(debtorId, await office.creditor());
    await office.house.db
      .updateTable('contact_request')
      .set({ template: 'no_such_template' })
      .where('invoice_id', '=', broken)
      .execute();

    await looksUntilRest(debtorId);

    expect(sent).toHaveLength(1);
    expect(told).toEqual(['a message is set aside because it cannot be composed']);
    expect(await requestOf(other)).toMatchObject({ state: 'done' });
    expect(await requestOf(broken)).toMatchObject({ state: 'waiting', reason: 'cannot_be_composed' });
    const { body } = await office.ask('GET', `/v1/invoices/${broken}/why`);
    expect(body.door[0].text).toContain('could not be composed');
  });

  it('leaves once its cause is mended', async () => {
    const debtorId = await office.debtor();
    const invoice = await askedFor(debtorId, await office.creditor());
    const { template } = await requestOf(invoice);
    await templateNow(invoice, 'no_such_template');
    await looksUntilRest(debtorId);
    expect(sent).toEqual([]);

    await templateNow(invoice, template);
    office.clock.set((await office.clock.now()) + 5 * 3_600_000);
    await looksUntilRest(debtorId);

    expect(sent).toHaveLength(1);
  });
});

describe('a sample of a message', () => {
  it('is refused for an invoice that is paid', async () => {
    const { id, debtorId, creditorId } = await office.invoice();
    await paid({ id, debtorId, creditorId });

    const answer = await office.ask('POST', `/v1/invoices/${id}/samples`, { step: 'reminder' });

    expect(answer).toMatchObject({ status: 409, body: { code: 'invoice-closed' } });
  });

  it('whose invoice was paid before it left is given up, and the debtor hears of his other invoice', async () => {
    const debtorId = await office.debtor();
    const creditorId = await office.creditor();
    const { id } = await office.invoice({ debtorId, creditorId });
    const other = await askedFor(debtorId, creditorId);
    const planned = await office.ask('POST', `/v1/invoices/${id}/samples`, { step: 'reminder' });
    await paid({ id, debtorId, creditorId });

    await looksUntilRest(debtorId);

    expect(sent).toHaveLength(1);
    expect(await requestOf(other)).toMatchObject({ state: 'done' });
    const sample = await office.house.db
      .selectFrom('message')
      .select(['state', 'reason'])
      .where('id', '=', planned.body.messageId)
      .executeTakeFirst();
    expect(sample).toEqual({ state: 'cancelled', reason: 'cannot_be_composed' });
  });
});

/** An invoice whose reminder stands at the door at an hour at which it may leave. */
async function askedFor(debtorId: string, creditorId: string): Promise<string> {
  const dueDate = addDays(dayInZone('Europe/Paris', await office.clock.now()), -5);
  const { id } = await office.invoice({ debtorId, creditorId, dueDate });
  office.clock.set((await office.clock.now()) + 7 * 86_400_000);
  await performStep(workshop, id, 1);
  return id;
}

async function looksUntilRest(debtorId: string): Promise<void> {
  for (let look = 0; look < 10; look += 1) {
    const { lookAt } = await deliver(workshop, debtorId);
    if (lookAt === null || lookAt > (await office.clock.now())) return;
  }
  throw new Error('the door of the debtor does not come to rest');
}

async function paid({ id, ...parties }: { id: string; debtorId: string; creditorId: string }): Promise<void> {
  const amount = { amount: 120_000, currency: 'EUR' };
  const { status } = await office.ask('POST', '/v1/payments', {
    ...parties,
    amount,
    valueDate: '2026-03-02',
    allocations: [{ invoiceId: id, amount: 120_000 }],
  });
  expect(status).toBe(201);
}

function requestOf(invoiceId: string) {
  return office.house.db
    .selectFrom('contact_request')
    .selectAll()
    .where('invoice_id', '=', invoiceId)
    .executeTakeFirstOrThrow();
}

async function templateNow(invoiceId: string, template: string): Promise<void> {
  await office.house.db
    .updateTable('contact_request')
    .set({ template })
    .where('invoice_id', '=', invoiceId)
    .execute();
}
