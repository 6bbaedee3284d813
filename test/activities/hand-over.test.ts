import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onlyThrough } from '../../activities/carriers/carriers.ts';
import { outboxCarrier } from '../../activities/carriers/outbox.ts';
import { deliver } from '../../activities/deliver.ts';
import { preparePack } from '../../activities/hand-over.ts';
import type { Workshop } from '../../activities/workshop.ts';
import { collectionFrom } from '../../db/journal.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const shop = (): Workshop => ({
  house: office.house,
  carriers: onlyThrough(outboxCarrier),
  tell: () => undefined,
});

async function packOf(invoiceId: string) {
  const { collection } = await office.house.db
    .selectFrom('invoice')
    .select('collection')
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  const file = await collectionFrom(office.house.db, office.house.rules, collection);
  return JSON.parse((await preparePack(office.house, file)).json) as {
    readonly promises: readonly { readonly outcome: string }[];
    readonly formalNotice?: { readonly composedOn: string };
  };
}

describe('the pack for litigation', () => {
  it('says of each promise what became of it', async () => {
    const { id } = await office.invoice();
    const promises = async (amount: number) => {
      // Beyond two of them somebody must answer for it.
      const promise = { date: '2026-03-10', amount: eur(amount), override: { reason: 'agreed' } };
      const { body } = await office.ask('POST', `/v1/invoices/${id}/promises`, promise, { as: 'admin' });
      return body.promiseId as string;
    };

    await promises(100);
    await office.ask('POST', `/v1/invoices/${id}/payments`, { amount: eur(100) });
    await promises(200);
    const withdrawn = await promises(300);
    await office.ask('POST', `/v1/promises/${withdrawn}/withdrawal`, {});
    await promises(400);

    expect((await packOf(id)).promises.map(({ outcome }) => outcome)).toEqual([
      'kept',
      'replaced',
      'withdrawn',
      'open',
    ]);
  });

  it('dates the formal notice by the clock of the creditor', async () => {
    const { id, debtorId, creditorId } = await office.invoice();
    const [messageId, requestId] = [uuidv7(), uuidv7()];
    // Half past midnight in Paris.
    const at = new Date('2026-03-04T23:30:00Z');
    await office.house.db
      .insertInto('contact_request')
      .values({
        id: requestId,
        invoice_id: id,
        debtor_id: debtorId,
        creditor_id: creditorId,
        step: 'formal-notice',
        occurrence: 1,
        level: 'formal_notice',
        channel: 'registered_letter',
        mode: 'review',
        template: 'formal_notice',
        recipient: 'billing',
        state: 'done',
        asked_at: at,
      })
      .execute();
    await office.house.db
      .insertInto('message')
      .values({
        id: messageId,
        key: messageId,
        purpose: 'contact',
        creditor_id: creditorId,
        debtor_id: debtorId,
        channel: 'registered_letter',
        language: 'fr',
        level: 'formal_notice',
        template: 'formal_notice',
        state: 'delivered',
        planned_at: at,
        claimed_at: at,
        state_at: at,
        figures: '{}',
        recipient: '3 place du Marché',
        sha256: 'a'.repeat(64),
      })
      .execute();
    await office.house.db
      .insertInto('message_line')
      .values({
        message_id: messageId,
        invoice_id: id,
        request_id: requestId,
        fact: 1,
        balance_cents: 120_000,
        asked_cents: 120_000,
        open: true,
      })
      .execute();

    expect((await packOf(id)).formalNotice?.composedOn).toBe('2026-03-05');
  });
});

describe('a letter', () => {
  it('is named by the day that stands on it, which is the creditor’s', async () => {
    const { id, debtorId, creditorId } = await office.invoice({ dueDate: '2026-02-01' });
    await office.house.db
      .updateTable('creditor')
      .set({ zone: 'Pacific/Auckland' })
      .where('id', '=', creditorId)
      .execute();
    // Half past one in the afternoon UTC, in the hours of the debtor, is after midnight in Auckland.
    office.clock.set(Date.parse('2026-03-09T13:30:00Z'));
    const { body } = await office.ask('GET', `/v1/invoices/${id}`);
    const step = body.next.step as string;

    await office.state(id, { type: 'stepRequested', step, occurrence: 1, channel: 'letter' });
    await deliver(shop(), debtorId);

    const { name } = await office.house.db
      .selectFrom('document')
      .select('name')
      .where('kind', '=', 'letter')
      .executeTakeFirstOrThrow();
    expect(name).toBe('lettre-2026-03-10.pdf');
  });
});
