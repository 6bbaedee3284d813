import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attend } from '../../activities/attend.ts';
import { attendToInsolvency } from '../../activities/attend-to-insolvency.ts';
import { attendToLitigation } from '../../activities/attend-to-litigation.ts';
import { followDiscount } from '../../activities/follow-discount.ts';
import type { Workshop } from '../../activities/workshop.ts';
import { atTheDesk } from '../../db/desk.ts';
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

  it('stay paid when money of another currency comes back, that paid nothing of them', async () => {
    const euros = await claimedInvoice(office);
    const dollars = await claimedInvoice(office, euros, 'USD');
    const inDollars = (amount: number) => ({ amount: { amount, currency: 'USD' } });
    const end = (one: Parties) =>
      office.ask('POST', `/v1/invoices/${one.id}/accessories/end`, { outcome: 'paid' });
    const price = [{ invoiceId: dollars.id, amount: 100_000 }];
    await pays(office, dollars, 0, { ...inDollars(100_000), allocations: price });
    const interest = await pays(office, dollars, 0, { ...inDollars(5_000), allocations: [] });
    await pays(office, dollars, 4_000, { allocations: [] });
    const first = await end(dollars);
    office.clock.set('2026-03-03');
    await pays(office, euros, 100_000, { allocations: [{ invoiceId: euros.id, amount: 100_000 }] });
    await pays(office, euros, 10_000, { allocations: [] });
    const second = await end(euros);

    await office.ask('POST', `/v1/payments/${interest.body.id}/return`, { reason: 'rejected' });
    const states = (await told(office, euros)).map(({ interest: { currency }, state }) => [currency, state]);
    office.clock.set('2026-03-02');

    expect([first.status, second.status]).toEqual([201, 201]);
    expect(Object.fromEntries(states)).toEqual({ USD: 'open', EUR: 'paid' });
  });

  it('go with the price where a discount settles the invoice, and are owed again once its money comes back', async () => {
    const a = await claimedInvoice(office);
    await office.ask('POST', `/v1/invoices/${a.id}/discount`, {
      amount: { amount: 10_000, currency: 'EUR' },
      payBy: '2026-03-10',
    });
    const { body } = await office.ask('GET', `/v1/invoices/${a.id}`);
    const { id } = body.discounts[0] as { id: string };
    const paid = await pays(office, a, 90_000, { allocations: [{ invoiceId: a.id, amount: 90_000 }] });
    await atTheDesk(office.house, [a.debtorId], (desk) => followDiscount(desk, id));
    const claimed = async () => (await office.ask('GET', `/v1/invoices/${a.id}/claim`)).body;

    expect((await told(office, a)).map(({ state }) => state)).toEqual(['waived']);
    expect((await claimed()).total.amount).toBe(0);
    await office.ask('POST', `/v1/payments/${paid.body.id}/return`, { reason: 'rejected' });
    expect((await told(office, a)).map(({ state }) => state)).toEqual(['reopened']);
    expect((await claimed()).total.amount).toBeGreaterThan(104_000);
  });

  it('are waived by two, whoever asks, and the question is moot once they are paid', async () => {
    await fourEyes(office, true);
    const [a, b] = [await claimedInvoice(office), await claimedInvoice(office)];
    await pays(office, a, 100_000, { allocations: [{ invoiceId: a.id, amount: 100_000 }] });
    await pays(office, b, 100_000, { allocations: [{ invoiceId: b.id, amount: 100_000 }] });
    await pays(office, b, 10_000, { allocations: [] });
    const asked = await waive(office, a);
    const other = await waive(office, b);
    const { approvalId } = asked.body as { approvalId: string };
    const [question] = (await office.ask('GET', `/v1/approvals?invoice=${a.id}`, undefined, { as: 'admin' }))
      .body.items;

    expect([asked.body.state, (await waive(office, a)).body.code]).toEqual(['open', 'approval-asked']);
    expect(question).toMatchObject({
      ...{ id: approvalId, text: 'waiver of penalties', mayDecide: true },
      accessories: { interest: asked.body.interest, lumpSum: { amount: 4000, currency: 'EUR' } },
    });

    await office.ask('POST', `/v1/invoices/${b.id}/accessories/end`, { outcome: 'paid' });
    const paid = await decide(office, other.body.approvalId as string);
    const yes = await decide(office, approvalId);
    await fourEyes(office, false);

    expect([paid.body.code, yes.status]).toEqual(['approval-unknown', 201]);
    expect((await claim(office, b)).accessory).toMatchObject({ state: 'paid', lumpSum: { amount: 4000 } });
    expect((await told(office, a)).map(({ state }) => state)).toEqual(['waived']);
  });

  it('stay owed when nobody says yes in five days: their question has a clock of its own, wherever its debtor went', async () => {
    await fourEyes(office, true);
    const a = await claimedInvoice(office);
    await pays(office, a, 100_000, { allocations: [{ invoiceId: a.id, amount: 100_000 }] });
    const { approvalId } = (await waive(office, a)).body as { approvalId: string };
    const { look_at: lookAt } = await office.house.db
      .selectFrom('matter')
      .select('look_at')
      .where('id', '=', approvalId)
      .executeTakeFirstOrThrow();
    const intoId = await office.debtor();
    await office.ask('POST', '/v1/merges', { goneId: a.debtorId, intoId }, { as: 'admin' });
    const workshop = { house: office.house } as Workshop;
    const attendNow = async () => (await attend(workshop, approvalId)).lookAt;

    expect(lookAt).toBe(await office.clock.now());
    const remindAt = await attendNow();
    office.clock.set(remindAt ?? 0);
    const expiresAt = await attendNow();
    expect(await attendNow()).toBe(expiresAt);
    office.clock.set(expiresAt ?? 0);
    expect(await attendNow()).toBeNull();
    await fourEyes(office, false);

    const list = await office.ask('GET', `/v1/approvals?invoice=${a.id}&state=any`);
    expect(list.body.items).toMatchObject([{ state: 'expired', decidedBy: null }]);
    expect((await told(office, { ...a, debtorId: intoId })).map(({ state }) => state)).toEqual(['open']);
    office.clock.set('2026-03-02');
  });

  it('are kept when the file had ended with its hand-over, and its litigation says that they are left', async () => {
    const a = await claimedInvoice(office);
    await office.state(a.id, { type: 'handedOver', packId: 'x' });
    const [file] = (await office.ask('GET', `/v1/litigation?debtor=${a.debtorId}`)).body.items;
    const allocations = [{ invoiceId: a.id, amount: 100_000 }];
    const first = await pays(office, a, 100_000, { allocations });
    await atTheDesk(office.house, [a.debtorId], (desk) => attendToLitigation(desk, file.id as string));

    const [kept] = await told(office, a);
    expect(kept).toMatchObject({ state: 'open', lumpSum: { amount: 4000 } });
    expect(await claim(office, a)).toMatchObject({
      ...{ principal: { amount: 0 }, accessory: { state: 'open' } },
      total: { amount: (kept?.interest.amount ?? 0) + 4000 },
    });
    expect((await office.ask('GET', `/v1/litigation/${file.id}`)).body).toMatchObject({
      ...{ state: 'closed', outcome: 'recovered' },
    });
    const headers = { cookie: await office.cookie('credit_manager'), accept: 'text/html' };
    const page = await office.ask('GET', `/i/${a.number}?lang=en`, undefined, { as: null, headers });
    expect(page.text).toContain('recovered. The penalties that were claimed are still owed.');

    await office.ask('POST', `/v1/payments/${first.body.id}/return`, { reason: 'rejected' });
    expect((await told(office, a)).map(({ state }) => state)).toEqual(['reopened']);
    expect(await claim(office, a)).toMatchObject({ principal: { amount: 100_000 }, accessory: null });
    // Its file is closed: what is owed again is in a new one, and nobody's silence.
    const files = (await office.ask('GET', `/v1/litigation?debtor=${a.debtorId}`)).body.items;
    expect(files.map(({ state }: { state: string }) => state).sort()).toEqual(['closed', 'preparing']);
  });

  it('given up by the setting alone, for the price was paid, are owed again when the cheque bounces', async () => {
    const a = await claimedInvoice(office);
    await office.ask('PATCH', `/v1/creditors/${a.creditorId}`, { accessories: 'waived' });
    const before = await claim(office, a);
    const first = await pays(office, a, 100_000, { allocations: [{ invoiceId: a.id, amount: 100_000 }] });
    expect((await told(office, a)).map(({ state }) => state)).toEqual(['waived']);

    await office.ask('POST', `/v1/payments/${first.body.id}/return`, { reason: 'rejected' });

    expect((await told(office, a)).map(({ state }) => state)).toEqual(['reopened']);
    expect((await claim(office, a)).total).toEqual(before.total);
    expect(before.total.amount).toBeGreaterThan(104_000);
  });

  it('and waived are not claimed once more when the money comes back', async () => {
    const a = await claimedInvoice(office);
    const allocations = [{ invoiceId: a.id, amount: 100_000 }];
    const first = await pays(office, a, 100_000, { allocations });
    const { interest } = (await waive(office, a)).body as { interest: { amount: number } };
    await office.ask('POST', `/v1/payments/${first.body.id}/return`, { reason: 'rejected' });
    const { body } = await office.ask('GET', `/v1/invoices/${a.id}/claim`);

    expect(interest.amount).toBeGreaterThan(0);
    expect(body).toMatchObject({
      interest: { amount: interest, due: { amount: 0 } },
      lumpSum: { amount: { amount: 0 }, because: 'waived' },
      total: { amount: 100_000 },
    });
    await pays(office, a, 100_000, { allocations });
    expect((await told(office, a)).map(({ state }) => state)).toEqual(['waived']);
  });
});

describe('The claim of an invoice that is paid', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice();
  });
  afterAll(() => office.close());

  it('is what was claimed and is kept, nothing once that is waived, and never what nobody had claimed', async () => {
    const [kept, never] = [await claimedInvoice(office), await office.invoice({ amountCents: 100_000 })];
    for (const one of [kept, never])
      await pays(office, one, 100_000, { allocations: [{ invoiceId: one.id, amount: 100_000 }] });
    const open = await claim(office, kept);
    const page = async () => {
      const headers = { cookie: await office.cookie('credit_manager'), accept: 'text/html' };
      return (await office.ask('GET', `/i/${kept.number}?lang=en`, undefined, { as: null, headers })).text;
    };

    expect(open).toMatchObject({
      ...{ principal: { amount: 0 }, lumpSum: { amount: { amount: 4000 } }, accessory: { state: 'open' } },
      interest: { because: 'closed', lines: [] },
    });
    expect(open.total.amount).toBe((open.interest.due.amount as number) + 4000);
    expect(await page()).toContain('They stay owed by the debtor');
    expect(await claim(office, never)).toMatchObject({ total: { amount: 0 }, accessory: null });
    const before = await claim(office, never, '2026-03-01');
    expect(before.total.amount).toBeGreaterThan(104_000);

    await waive(office, kept);
    expect(await claim(office, kept)).toMatchObject({
      ...{ total: { amount: 0 }, accessory: { state: 'waived', lumpSum: { amount: 4000 } } },
    });
    expect(await page()).toContain('They are waived');
  });
});

describe('A claim that is older than the judgment', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice();
  });
  afterAll(() => office.close());

  const judged = ({ debtorId }: Parties) =>
    office.ask('POST', `/v1/debtors/${debtorId}/insolvency`, { judgmentOn: '2026-02-20' });
  const balance = async ({ id }: Parties) =>
    (await office.ask('GET', `/v1/invoices/${id}`)).body.balance.amount as number;

  it('is paid by no rule, also when it had ended as handed over and has not heard of the judgment', async () => {
    const earlier = await office.invoice({ amountCents: 50_000 });
    await office.ask('POST', `/v1/invoices/${earlier.id}/correction`, { issueDate: '2026-01-02' });
    await office.state(earlier.id, { type: 'handedOver', packId: 'x' });
    const { creditorId, debtorId } = earlier;
    const later = await office.invoice({ creditorId, debtorId, amountCents: 70_000, dueDate: '2026-03-01' });
    const performedOn = { performedOn: '2026-02-25', issueDate: '2026-02-25' };
    await office.ask('POST', `/v1/invoices/${later.id}/correction`, performedOn);
    await judged(earlier);

    await pays(office, earlier, 60_000, {});

    expect([await balance(earlier), await balance(later)]).toEqual([50_000, 10_000]);
  });

  it('has no penalties paid, neither from the credit of the debtor nor by what he paid too much', async () => {
    const [a, b] = [await claimedInvoice(office), await claimedInvoice(office)];
    for (const { id } of [a, b])
      await office.ask('POST', `/v1/invoices/${id}/correction`, { issueDate: '2026-01-02' });
    await pays(office, a, 100_000, { allocations: [{ invoiceId: a.id, amount: 100_000 }] });
    await pays(office, a, 10_000, { allocations: [] });
    for (const one of [a, b]) await judged(one);

    const end = await office.ask('POST', `/v1/invoices/${a.id}/accessories/end`, { outcome: 'paid' });
    await pays(office, b, 104_900, { reference: b.number });

    expect([end.status, end.body.code]).toEqual([409, 'claim-insolvent']);
    expect((await told(office, a)).map(({ state }) => state)).toEqual(['open']);
    expect((await told(office, b)).map(({ state }) => state)).toEqual(['open']);
    expect(await credit(office, b)).toBe(4900);
  });
});

describe('The declaration of claims in an insolvency', () => {
  it('states penalties that outlived their price, for they are lost with its last day', async () => {
    const office = await openOffice();
    const a = await claimedInvoice(office);
    await pays(office, a, 100_000, { allocations: [{ invoiceId: a.id, amount: 100_000 }] });
    const [kept] = await told(office, a);
    await office.ask('POST', `/v1/debtors/${a.debtorId}/insolvency`, { judgmentOn: '2026-03-02' });
    const read = async () => (await office.ask('GET', `/v1/debtors/${a.debtorId}/insolvency`)).body;
    const { insolvency } = await read();
    const attend = () =>
      atTheDesk(office.house, [a.debtorId], (desk) => attendToInsolvency(desk, insolvency.id as string));
    // No open invoice asks for it: the watch over the days does, once.
    for (let looks = 0; looks < 2; looks += 1) await attend();
    const { taskId } = (await read()).insolvency.declarations[0];
    const done = await office.ask('POST', `/v1/tasks/${taskId}/outcome`, { outcome: 'done' });
    await attend();
    const sent = (await read()).insolvency.declarations;
    const tasks = (await office.ask('GET', `/v1/tasks?debtor=${a.debtorId}`)).body.items;
    await office.close();

    expect([done.status, sent, tasks]).toMatchObject([201, [{ sentOn: '2026-03-02', taskId: null }], []]);

    expect(insolvency.declarations).toMatchObject([
      {
        claims: [
          {
            ...{ invoiceId: a.id, principal: { amount: 0 }, interest: kept?.interest },
            lumpSum: { amount: 4000 },
          },
        ],
        totals: [{ amount: (kept?.interest.amount ?? 0) + 4000 }],
      },
    ]);
  });
});

const claim = async (office: Office, { id }: Parties, on?: string) =>
  (await office.ask('GET', `/v1/invoices/${id}/claim${on === undefined ? '' : `?on=${on}`}`)).body;

const fourEyes = (office: Office, four_eyes: boolean) =>
  office.house.db.updateTable('setting').set({ four_eyes }).execute();

const waive = (office: Office, { id }: Parties) =>
  office.ask('POST', `/v1/invoices/${id}/accessories/end`, { outcome: 'waived' }, { as: 'collector' });

const decide = (office: Office, approvalId: string) =>
  office.ask('POST', `/v1/approvals/${approvalId}/decision`, { decision: 'approve' }, { as: 'admin' });

type Parties = Awaited<ReturnType<Office['invoice']>>;

/** An invoice over 1,000 € whose formal notice asked for 9 € of interest and the 40 €. */
async function claimedInvoice(office: Office, like?: Parties, currency = 'EUR'): Promise<Parties> {
  const parties = like ? { creditorId: like.creditorId, debtorId: like.debtorId } : {};
  const invoice = await office.invoice({ amountCents: 100_000, currency, ...parties });
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
  return body.items as readonly { state: string; interest: { amount: number; currency: string } }[];
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
