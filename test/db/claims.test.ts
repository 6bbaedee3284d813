import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimOf } from '../../db/claims.ts';
import { collectionFrom } from '../../db/journal.ts';
import { balancesOf, unallocatedOf } from '../../db/ledger.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { MissingLawValue } from '../../domain/law/law-value.ts';
import type { Collection } from '../../domain/collection.ts';
import { addDays } from '../../domain/time.ts';
import type { CivilDate } from '../../domain/time.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;

beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

/** An invoice whose day of issue is told, for insolvency dates claims by it. */
async function issued(invoiceId: string, on: CivilDate): Promise<void> {
  await office.house.db.updateTable('invoice').set({ issue_date: on }).where('id', '=', invoiceId).execute();
}

async function fileOf(invoiceId: string): Promise<Collection> {
  const { collection } = await office.house.db
    .selectFrom('invoice')
    .select('collection')
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  return collectionFrom(office.house.db, office.house.rules, collection);
}

describe('the claim of an invoice', () => {
  it('is worked out from the ledger, and knows the fixed sum that is owed beside', async () => {
    const { id } = await office.invoice({ amountCents: 1_000_000, dueDate: '2026-04-30' });

    const claim = await claimOf(office.house.db, id, '2026-09-01');

    expect(claim).toMatchObject({ regime: 'business', dueDate: '2026-04-30', insolvency: null });
    expect(claim.penalties).toMatchObject({
      interestCents: 41_708,
      lumpSum: { cents: 4_000, reason: 'owed' },
      totalCents: 1_000_000 + 41_708 + 4_000,
    });
  });

  it.each([
    ['V02', 1_000_000, '2026-04-30', '2026-09-01', 41_708],
    ['V03', 1_234_567, '2024-11-30', '2025-08-15', 114_351],
    ['V10', 25_000_000, '2021-06-30', '2021-12-31', 1_260_274],
    ['V11', 10_000, '2026-06-30', '2026-07-01', 3],
    ['V12', 10_000, '2026-06-30', '2026-06-30', 0],
    ['V15', 999_999_999, '2022-12-31', '2026-06-30', 463_408_219],
  ] as const)('is told by the API as the law page has it: %s', async (_, amountCents, dueDate, on, cents) => {
    const { id } = await office.invoice({ amountCents, dueDate });

    const { body } = await office.ask('GET', `/v1/invoices/${id}/claim?on=${on}`);

    const lumpSum = on > dueDate ? 4_000 : 0;
    expect(body).toMatchObject({
      interest: { amount: { amount: cents } },
      lumpSum: { amount: { amount: lumpSum } },
      total: { amount: amountCents + cents + lumpSum },
    });
  });

  it('of a public buyer keeps the rate of the day on which it began to run (V07)', async () => {
    const debtorId = await office.debtor({ kind: 'public' });
    const { id } = await office.invoice({ debtorId, amountCents: 2_000_000, dueDate: '2026-06-20' });

    const { body } = await office.ask('GET', `/v1/invoices/${id}/claim?on=2026-07-20`);

    expect(body).toMatchObject({ regime: 'public', interest: { amount: { amount: 16_685 } } });
  });

  it('stops bearing interest the day before an insolvency when it is earlier, and goes on when it is later', async () => {
    const debtorId = await office.debtor();
    const earlier = await office.invoice({ debtorId, amountCents: 750_000, dueDate: '2026-03-31' });
    const later = await office.invoice({ debtorId, amountCents: 750_000, dueDate: '2026-03-31' });
    await issued(earlier.id, '2026-03-01');
    await issued(later.id, '2026-05-12');
    await office.house.db
      .updateTable('debtor')
      .set({ insolvent_on: '2026-05-12' })
      .where('id', '=', debtorId)
      .execute();

    const [first, second] = [
      await claimOf(office.house.db, earlier.id, '2026-06-30'),
      await claimOf(office.house.db, later.id, '2026-06-30'),
    ];

    expect(first.insolvency).toEqual({ judgmentOn: '2026-05-12', side: 'earlier', because: 'invoiced' });
    expect(first.penalties).toMatchObject({ interestCents: 10_236, interest: 'insolvency' });
    expect(second.insolvency).toMatchObject({ side: 'later' });
    expect(second.penalties).toMatchObject({ interest: 'runs' });
    expect(second.penalties.interestCents).toBeGreaterThan(first.penalties.interestCents);
  });

  it('lies where its file has it: a judgment of before claims were split silences, stops interest and is declared', async () => {
    const invoice = await office.invoice({ dueDate: '2026-01-31' });
    const { id, debtorId } = invoice;
    await issued(id, '2026-02-20');
    await office.house.db
      .updateTable('debtor')
      .set({ insolvent_on: '2026-02-10' })
      .where('id', '=', debtorId)
      .execute();
    await office.state(id, { type: 'debtorInsolvent', judgmentOn: '2026-02-10' });
    await office.house.db
      .insertInto('insolvency')
      .values({
        ...{ id: uuidv7(), debtor_id: debtorId, judgment_on: '2026-02-10' },
        ...{ recorded_at: new Date(0), recorded_by: 'x' },
      })
      .execute();

    const claim = await claimOf(office.house.db, id, '2026-03-02');
    const { insolvency } = (await office.ask('GET', `/v1/debtors/${debtorId}/insolvency`)).body;

    expect(claim.insolvency).toMatchObject({ side: 'earlier', because: 'not_split' });
    expect(claim.penalties.lines.at(-1)?.to).toBe('2026-02-09');
    expect(insolvency.declarations).toMatchObject([{ claims: [{ invoiceId: id, because: 'not_split' }] }]);
  });

  it('bears interest for a consumer from the day on which his notice is known to have reached him, by mail too', async () => {
    const { id } = await office.invoice({
      debtorId: await office.debtor({ kind: 'consumer' }),
      dueDate: '2026-01-31',
    });
    const [notice] = (await fileOf(id)).scenario.steps.filter(({ level }) => level === 'formal_notice');
    const sent = { step: notice?.key, state: 'sent', channel: 'email', on: '2026-02-10' };
    const steps = JSON.stringify([
      { ...sent, at: Date.parse('2026-02-10T10:00:00Z'), takenBefore: null, failures: [] },
    ]);
    await office.house.db
      .updateTable('invoice')
      .set({ collection: sql`jsonb_set(collection, '{steps}', ${steps}::jsonb)` })
      .where('id', '=', id)
      .execute();
    const on = async (day: CivilDate) => (await claimOf(office.house.db, id, day)).penalties;

    expect(await on('2026-02-11')).toMatchObject({ interest: 'no_notice', lines: [] });
    expect(await on('2026-02-20')).toMatchObject({
      interest: 'runs',
      lines: [{ from: '2026-02-11', days: 10 }],
    });
  });

  it('is not guessed for a semester that nobody has entered, and is there once an admin has', async () => {
    const { id } = await office.invoice({ amountCents: 150_000, dueDate: '2026-12-10' });
    await expect(claimOf(office.house.db, id, '2027-01-01')).rejects.toThrow(MissingLawValue);

    for (const [code, value] of [
      ['ecb_refinancing_rate', 265],
      ['legal_rate_business', 280],
    ] as const) {
      const body = { code, from: '2027-01-01', to: '2027-06-30', value, source: 'A table of the test' };
      expect((await office.ask('POST', '/v1/law-values', body)).status).toBe(403);
      const added = await office.ask('POST', '/v1/law-values', body, { as: 'admin' });
      expect(added).toMatchObject({ status: 201, body: { code, value, addedBy: office.users.admin } });
    }

    const { penalties } = await claimOf(office.house.db, id, '2027-01-01');
    expect(penalties.lines.map(({ days, rate }) => [days, rate.hundredths])).toEqual([
      [21, 1_240],
      [1, 1_265],
    ]);
  });
});

describe('a value of the law', () => {
  it('is refused with the field and the remedy when it cannot be right', async () => {
    const body = { code: 'ecb_refinancing_rate', from: '2027-02-01', value: 265, source: 'ECB' };

    const answer = await office.ask('POST', '/v1/law-values', body, { as: 'admin' });

    expect(answer).toMatchObject({
      status: 400,
      body: { field: 'from', remedy: expect.stringContaining('from 2027-01-01 to 2027-06-30') as string },
    });
  });

  it('can be read by whoever works here, the shipped ones first', async () => {
    const { body } = await office.ask('GET', '/v1/law-values?code=lump_sum', undefined, { as: 'sales' });

    expect(body.items).toMatchObject([{ code: 'lump_sum', value: 4_000, unit: 'cents', addedAt: null }]);
  });
});

describe('a value of the law that is added', () => {
  it('has insolvencies and litigation files looked at again: they may have waited for it', async () => {
    const { id, debtorId } = await office.invoice();
    await office.ask('POST', `/v1/debtors/${debtorId}/insolvency`, { judgmentOn: '2026-02-20' });
    const other = await office.invoice();
    const opened = await office.ask('POST', '/v1/litigation', { invoiceIds: [other.id] });
    const { body } = await office.ask('GET', `/v1/debtors/${debtorId}/insolvency`);
    await office.house.db.deleteFrom('outbox').execute();
    expect([opened.status, body.insolvency.declarations[0].claims[0].invoiceId]).toEqual([201, id]);

    const value = {
      code: 'declaration_months',
      from: '2027-01-01',
      value: 3,
      source: 'A decree of the test',
    };
    await office.ask('POST', '/v1/law-values', value, { as: 'admin' });

    const words = await office.house.db.selectFrom('outbox').select(['workflow', 'type']).execute();
    expect(words).toContainEqual({ workflow: `insolvency/${body.insolvency.id}`, type: 'lookAgain' });
    expect(words).toContainEqual({ workflow: `litigation/${opened.body.id}`, type: 'lookAgain' });
  });
});

describe('money of a day that has not come in Paris yet', () => {
  it('is asked for no more once it is booked: the claim is that of the letters', async () => {
    office.clock.set('2026-03-02');
    const { id } = await office.invoice({ amountCents: 100_000, dueDate: '2026-01-31' });

    const amount = { amount: 50_000, currency: 'EUR' };
    const paid = { amount, valueDate: '2026-03-03' };
    expect((await office.ask('POST', `/v1/invoices/${id}/payments`, paid)).status).toBe(201);

    expect((await office.ask('GET', `/v1/invoices/${id}/claim`)).body.principal.amount).toBe(50_000);
  });
});

describe('the settings of a creditor', () => {
  it('change what is claimed in its name', async () => {
    const { id, creditorId } = await office.invoice({ amountCents: 500_000, dueDate: '2026-07-31' });

    const changed = await office.ask('PATCH', `/v1/creditors/${creditorId}`, {
      penaltyRateHundredths: 500,
      penaltyRateFrom: '2026-01-01',
      dayBase: 'act_act',
      creditNotesCount: 'from_day',
      smallDifferenceCents: 500,
      accessories: 'waived',
      sector: 'transport',
      establishedAbroad: true,
    });

    expect(changed).toMatchObject({ status: 200, body: { penaltyRateHundredths: 500, isIndividual: false } });
    const { penalties } = await claimOf(office.house.db, id, '2026-09-14');
    expect(penalties).toMatchObject({ interestCents: 3_082, notices: [{ code: 'below_floor' }] });
  });
});

describe('the rate agreed with one debtor', () => {
  it('counts before that of the creditor, is said where it lies below the floor, and is set by heads alone', async () => {
    const { id, creditorId, debtorId } = await office.invoice({
      amountCents: 500_000,
      dueDate: '2026-01-31',
    });
    const penaltyRateFrom = '2026-01-01';
    const all = { penaltyRateHundredths: 1500, penaltyRateFrom };
    await office.ask('PATCH', `/v1/creditors/${creditorId}`, all);
    const set = (penaltyRateHundredths: number | null, as?: 'collector') =>
      office.ask(
        'PATCH',
        `/v1/debtors/${debtorId}`,
        { penaltyRateHundredths, penaltyRateFrom },
        as && { as },
      );
    const claim = async () => (await office.ask('GET', `/v1/invoices/${id}/claim`)).body;

    expect((await claim()).agreedRate).toEqual({ hundredths: 1500, with: 'all' });
    expect((await set(700, 'collector')).status).toBe(403);
    await set(700);
    expect((await office.ask('GET', `/v1/debtors/${debtorId}`)).body.penaltyRateHundredths).toBe(700);
    expect(await claim()).toMatchObject({
      agreedRate: { hundredths: 700, with: 'debtor' },
      interest: { lines: [{ rate: 'contract', rateHundredths: 700 }] },
      notices: [{ code: 'below_floor', text: expect.stringContaining('7.00%') as string }],
    });
    await set(null);
    expect((await claim()).interest.lines).toMatchObject([{ rateHundredths: 1500 }]);
  });

  // Whoever lowers a rate must not thereby give up what was asked, and perhaps answered, at the other.
  it('holds from tomorrow, whoever agreed it: interest that has run keeps the rate of its days', async () => {
    office.clock.set('2026-03-02');
    const { id, creditorId, debtorId } = await office.invoice({
      amountCents: 500_000,
      dueDate: '2026-01-31',
    });
    const at = async (on: CivilDate) => {
      const { body } = await office.ask('GET', `/v1/invoices/${id}/claim?on=${on}`);
      const lines = body.interest.lines as { rate: string; rateHundredths: number; to: string }[];
      return lines.map(({ rate, rateHundredths, to }) => `${rate} ${rateHundredths} ${to}`);
    };
    const [ran, byLaw] = [await at('2026-03-02'), 'default 1215 2026-03-02'];
    expect(ran).toEqual([byLaw]);

    const { body: debtor } = await office.ask('PATCH', `/v1/debtors/${debtorId}`, {
      penaltyRateHundredths: 0,
    });
    await office.ask('PATCH', `/v1/creditors/${creditorId}`, { penaltyRateHundredths: 2000 });
    expect([debtor.approvalId, await at('2026-03-02')]).toEqual([undefined, ran]);
    expect(await at('2026-03-12')).toEqual([byLaw, 'contract 0 2026-03-12']);

    office.clock.set('2026-03-10');
    await office.ask('PATCH', `/v1/debtors/${debtorId}`, { penaltyRateHundredths: null });
    expect(await at('2026-03-12')).toEqual([byLaw, 'contract 0 2026-03-10', 'contract 2000 2026-03-12']);
    expect((await office.ask('GET', `/v1/debtors/${debtorId}`)).body).toMatchObject({
      penaltyRateHundredths: null,
      earlierPenaltyRates: [
        { before: '2026-03-03', hundredths: null },
        { before: '2026-03-11', hundredths: 0 },
      ],
    });
    const alone = await office.ask('PATCH', `/v1/debtors/${debtorId}`, { penaltyRateFrom: '2026-01-01' });
    expect(alone.body).toMatchObject({ code: 'invalid-request', errors: [{ field: 'penaltyRateFrom' }] });
  });

  it('holds for all days where nothing was late when it was agreed', async () => {
    office.clock.set('2026-03-02');
    const { id, creditorId } = await office.invoice({ amountCents: 500_000, dueDate: '2026-03-31' });
    await office.ask('PATCH', `/v1/creditors/${creditorId}`, { penaltyRateHundredths: 1500 });

    const { body } = await office.ask('GET', `/v1/invoices/${id}/claim?on=2026-04-30`);
    expect(body.interest.lines).toMatchObject([{ rateHundredths: 1500, days: 30 }]);
  });
});

describe('a small difference', () => {
  async function owing(smallDifferenceCents: number) {
    const invoice = await office.invoice({ amountCents: 120_000 });
    await office.ask('PATCH', `/v1/creditors/${invoice.creditorId}`, { smallDifferenceCents });
    return invoice;
  }

  async function pays({ id, creditorId, debtorId }: Owing, cents: number): Promise<string> {
    const { body } = await office.ask('POST', '/v1/payments', {
      ...{ creditorId, debtorId, valueDate: '2026-03-02' },
      amount: { amount: cents, currency: 'EUR' },
      allocations: [{ invoiceId: id, amount: cents }],
    });
    return body.id as string;
  }

  it('is shown and not chased, and may be written off', async () => {
    const invoice = await owing(500);

    await pays(invoice, 119_700);

    const { body } = await office.ask('GET', `/v1/invoices/${invoice.id}`);
    expect(body).toMatchObject({ state: 'small_difference', open: false, balance: { amount: 300 } });
    const claim = await office.ask('GET', `/v1/invoices/${invoice.id}/claim`);
    expect(claim.body).toMatchObject({ principal: { amount: 0 }, smallDifference: { amount: 300 } });
    const promised = await office.ask('POST', `/v1/invoices/${invoice.id}/promises`, { date: '2026-03-10' });
    expect(promised).toMatchObject({ status: 409, body: { code: 'invoice-closed' } });
    await office.ask('POST', `/v1/invoices/${invoice.id}/write-off`, { reason: 'too_small' });
    expect((await office.ask('GET', `/v1/invoices/${invoice.id}`)).body.state).toBe('written_off');
  });

  it('is what the file found it to be, whatever the setting became since: the claim is that of the letters', async () => {
    const [chased, found] = [await owing(300), await owing(500)];
    await pays(chased, 119_700);
    await pays(found, 119_700);
    await office.ask('PATCH', `/v1/creditors/${chased.creditorId}`, { smallDifferenceCents: 500 });
    await office.ask('PATCH', `/v1/creditors/${found.creditorId}`, { smallDifferenceCents: 0 });
    const claims = [chased, found].map(({ id }) => office.ask('GET', `/v1/invoices/${id}/claim`));

    expect((await Promise.all(claims)).map(({ body }) => body)).toMatchObject([
      { principal: { amount: 300 }, smallDifference: { amount: 0 } },
      { principal: { amount: 0 }, smallDifference: { amount: 300 }, total: { amount: 0 } },
    ]);
  });

  it('is none where it is worth a letter, and is chased again once money comes back', async () => {
    const dear = await owing(300);
    await pays(dear, 119_700);
    expect((await office.ask('GET', `/v1/invoices/${dear.id}`)).body.open).toBe(true);

    const small = await owing(301);
    const paymentId = await pays(small, 119_700);
    expect((await office.ask('GET', `/v1/invoices/${small.id}`)).body.open).toBe(false);
    await office.ask('POST', `/v1/payments/${paymentId}/return`, { reason: 'rejected' });

    expect((await office.ask('GET', `/v1/invoices/${small.id}`)).body).toMatchObject({
      open: true,
      balance: { amount: 120_000 },
    });
  });
});

describe('payments that settle interest first', () => {
  async function owed() {
    const invoice = await office.invoice({ amountCents: 500_000, dueDate: '2026-01-15' });
    await office.ask('PATCH', `/v1/creditors/${invoice.creditorId}`, { paymentsGoTo: 'interest' });
    return invoice;
  }

  async function pays(owing: Owing, valueDate: CivilDate, cents: number) {
    office.clock.set('2026-03-16');
    const { creditorId, debtorId, id } = owing;
    const answer = await office.ask('POST', '/v1/payments', {
      ...{ creditorId, debtorId, valueDate },
      amount: { amount: cents, currency: 'EUR' },
    });
    const balance = (await office.ask('GET', `/v1/invoices/${id}`)).body.balance.amount as number;
    return { paymentId: answer.body.id as string, unallocated: answer.body.unallocated, balance };
  }

  it('leave as much of the price owed, to the cent of the law page (V05b)', async () => {
    const invoice = await owed();

    const { balance } = await pays(invoice, '2026-02-14', 200_000);

    expect(balance).toBe(304_993);
    const { body } = await office.ask('GET', `/v1/invoices/${invoice.id}/claim?on=2026-03-16`);
    expect(body).toMatchObject({
      principal: { amount: 304_993 },
      interest: { amount: { amount: 8_039 }, paid: { amount: 4_993 } },
      imputations: [{ interest: { amount: 4_993 }, principal: { amount: 195_007 } }],
    });
    // 3,080.39 settles it, and the fixed sum beside.
    expect(body.total.amount).toBe(308_039 + 4_000);
  });

  it('are those of the days after it was chosen: the claim stays what the ledger and the letters say', async () => {
    const invoice = await office.invoice({ amountCents: 500_000, dueDate: '2026-01-15' });
    const both = async () => {
      const balance = (await office.ask('GET', `/v1/invoices/${invoice.id}`)).body.balance.amount as number;
      const { body } = await office.ask('GET', `/v1/invoices/${invoice.id}/claim`);
      return [balance, body.principal.amount];
    };
    const chooses = (paymentsGoTo: string) =>
      office.ask('PATCH', `/v1/creditors/${invoice.creditorId}`, { paymentsGoTo });
    await pays(invoice, '2026-02-14', 200_000);

    await chooses('interest');
    expect(await both()).toEqual([300_000, 300_000]);
    await pays(invoice, '2026-03-10', 50_000);
    expect(await both()).toEqual([250_000, 250_000]);

    office.clock.set('2026-03-20');
    const later = { creditorId: invoice.creditorId, debtorId: invoice.debtorId, valueDate: '2026-03-20' };
    const amount = { amount: 50_000, currency: 'EUR' };
    const { body: payment } = await office.ask('POST', '/v1/payments', { ...later, amount });
    const [balance, principal] = await both();
    expect(balance).toBeGreaterThan(200_000);
    expect(principal).toBe(balance);

    // Chosen back, what went to interest stays there, and comes back as interest.
    await chooses('principal');
    expect(await both()).toEqual([balance, balance]);
    await office.ask('POST', `/v1/payments/${payment.id as string}/return`, { reason: 'rejected' });
    expect(await both()).toEqual([250_000, 250_000]);
  });

  it('settle all when all is paid, and give the interest back with the money', async () => {
    const invoice = await owed();

    const { balance, paymentId } = await pays(invoice, '2026-02-14', 504_993);
    expect(balance).toBe(0);

    await office.ask('POST', `/v1/payments/${paymentId}/return`, { reason: 'rejected' });
    const { body } = await office.ask('GET', `/v1/invoices/${invoice.id}`);
    expect(body.balance.amount).toBe(500_000);
  });

  const dispute = async ({ id }: Owing, cents: number) =>
    (
      await office.ask('POST', `/v1/invoices/${id}/disputes`, {
        reason: 'quality',
        amount: { amount: cents, currency: 'EUR' },
      })
    ).body.disputeId as string;
  const reject = (disputeId: string) =>
    office.ask('POST', `/v1/disputes/${disputeId}/resolution`, { outcome: 'rejected' });
  const ledgerOf = async ({ id }: Owing) => (await balancesOf(office.house.db, [id])).get(id) ?? 0;
  const claimed = async ({ id }: Owing) => (await office.ask('GET', `/v1/invoices/${id}/claim`)).body;

  /** The 500.00 of a debt of 1,000.00 that settle 9.99 of interest: 509.99 of the price are left. */
  async function halfPaid() {
    office.clock.set('2026-03-02');
    const invoice = await office.invoice({ amountCents: 100_000, dueDate: '2026-01-31' });
    await office.ask('PATCH', `/v1/creditors/${invoice.creditorId}`, { paymentsGoTo: 'interest' });
    const first = await pays(invoice, '2026-03-02', 50_000);
    expect(first.balance).toBe(50_999);
    return { ...invoice, paymentId: first.paymentId };
  }

  it('stay as they were booked when the debtor contests the rest for a day and pays meanwhile', async () => {
    const invoice = await halfPaid();

    const disputeId = await dispute(invoice, 50_999);
    const { balance } = await pays(invoice, '2026-03-16', 10_000);
    await reject(disputeId);

    expect(balance).toBe(40_999);
    expect(await claimed(invoice)).toMatchObject({
      principal: { amount: 40_999 },
      interest: { paid: { amount: 999 } },
    });
    expect((await pays(invoice, '2026-03-16', 10_000)).balance).toBeGreaterThan(30_999);
    expect((await claimed(invoice)).principal.amount).toBe(await ledgerOf(invoice));
  });

  // Interest first (art. 1343-1) is that which is asked: a debtor who pays while he contests pays the price, and owes
  // the interest of the contested part once it turns out that he was wrong.
  it('settle no interest of what is contested, which is owed all the same when the dispute is rejected', async () => {
    const invoice = await owed();
    const disputeId = await dispute(invoice, 250_000);

    const { balance } = await pays(invoice, '2026-02-14', 100_000);
    await reject(disputeId);

    // 30 days of 2,500.00, and as much again of the half that was contested.
    expect(balance).toBe(400_000 + 2_497);
    expect((await claimed(invoice)).interest).toMatchObject({ paid: { amount: 2_497 } });
    office.clock.set('2026-02-14');
    const { interest } = (await office.ask('GET', `/v1/invoices/${invoice.id}/claim?on=2026-02-14`)).body;
    expect(interest.due.amount).toBe(4_993 - 2_497);
  });

  it('stay as they were booked when another rate is agreed, and come back as they went', async () => {
    const invoice = await halfPaid();

    await office.ask('PATCH', `/v1/debtors/${invoice.debtorId}`, {
      ...{ penaltyRateHundredths: 10_000, penaltyRateFrom: '2026-01-01' },
    });
    expect((await claimed(invoice)).principal.amount).toBe(50_999);
    const { balance } = await pays(invoice, '2026-03-02', 100);
    expect(balance).toBe(50_999);

    await office.ask('POST', `/v1/payments/${invoice.paymentId}/return`, { reason: 'rejected' });
    expect(await ledgerOf(invoice)).toBe(100_000);
    expect((await claimed(invoice)).principal.amount).toBe(100_000);
  });

  it('settled nothing of an interest that was never owed, since the price was not', async () => {
    const [corrected, cancelled] = [await halfPaid(), await halfPaid()];
    const credit = async ({ debtorId }: Owing) =>
      (await unallocatedOf(office.house.db, debtorId)).map(({ cents }) => cents);

    const amount = { amount: 10_000, currency: 'EUR' };
    await office.ask('POST', `/v1/invoices/${corrected.id}/correction`, { amount });
    await office.ask('POST', `/v1/invoices/${cancelled.id}/cancellation`, { reason: 'error' });

    expect([await ledgerOf(corrected), await ledgerOf(cancelled)]).toEqual([0, 0]);
    // 1.00 is the interest of 30 days on 100.00; what was left of the 500.00 after it is his.
    expect([await credit(corrected), await credit(cancelled)]).toEqual([[50_000 - 10_000 - 100], [50_000]]);
  });

  it('count from their own day, though we hear of an earlier one last', async () => {
    const invoice = await owed();

    await pays(invoice, '2026-03-16', 200_000);
    const { balance } = await pays(invoice, '2026-02-14', 200_000);

    // 49.93 of the first thirty days, 30.46 of those after it: as if the earlier one had been told of first (V05b).
    expect(balance).toBe(500_000 - 400_000 + 4_993 + 3_046);
    expect(await claimed(invoice)).toMatchObject({
      principal: { amount: balance },
      imputations: [{ interest: { amount: 4_993 } }, { interest: { amount: 3_046 } }],
    });
  });

  const someEvent = fc.record({
    kind: fc.constantFrom(
      ...(['pay', 'pay', 'pay', 'return', 'contest'] as const),
      ...(['reject', 'rate', 'setting', 'credit', 'correct'] as const),
    ),
    size: fc.integer({ min: 1, max: 99 }),
    daysAgo: fc.integer({ min: 0, max: 40 }),
  });

  // A claim beside the ledger asks for money that is not owed, or forgoes money that is.
  it('leave ledger and claim one, whatever is paid, contested, agreed, chosen, corrected and returned', async () => {
    let imputed = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(someEvent, { minLength: 5, maxLength: 9 }), async (events) => {
        const invoice = await owed();
        const past = { paymentIds: [] as string[], disputeId: undefined as string | undefined };
        for (const [index, event] of events.entries()) {
          const day = addDays('2026-03-02', 9 * index);
          office.clock.set(day);
          const said = await happens(invoice, { ...event, day }, past);
          const { principal, contested, interest } = await claimed(invoice);

          expect([undefined, 200, 201, 409]).toContain(said?.status);
          const ledgerCents = await ledgerOf(invoice);
          expect(principal.amount).toBe(Math.max(0, ledgerCents - (contested.amount as number)));
          imputed += interest.paid.amount > 0 ? 1 : 0;
        }
      }),
      { numRuns: 10, seed: 20_261_123 },
    );

    const { rows } = await sql`select * from inv_04_money_in union all select * from inv_05_balance`.execute(
      office.house.db,
    );
    expect(rows).toEqual([]);
    expect(imputed).toBeGreaterThan(10);
  }, 120_000);

  interface Event {
    readonly kind: 'pay' | 'return' | 'contest' | 'reject' | 'rate' | 'setting' | 'credit' | 'correct';
    readonly size: number;
    readonly daysAgo: number;
    readonly day: CivilDate;
  }

  /** Lets one thing happen to a debt of 5,000.00; undefined when there is nothing that it could happen to. */
  async function happens(
    { id, creditorId, debtorId }: Owing,
    { kind, size, daysAgo, day }: Event,
    past: { readonly paymentIds: string[]; disputeId: string | undefined },
  ) {
    const money = (cents: number) => ({
      amount: { amount: cents, currency: 'EUR' },
      allocations: [{ invoiceId: id, amount: cents }],
    });
    switch (kind) {
      case 'pay': {
        const valueDate = addDays(day, -daysAgo);
        const paid = { creditorId, debtorId, valueDate, ...money(size * 1_500) };
        const said = await office.ask('POST', '/v1/payments', paid);
        if (said.status === 201) past.paymentIds.push(said.body.id as string);
        return said;
      }
      case 'return': {
        const paymentId = past.paymentIds.pop();
        return paymentId === undefined
          ? undefined
          : office.ask('POST', `/v1/payments/${paymentId}/return`, { reason: 'rejected' });
      }
      case 'contest': {
        const { amount } = money(size * 3_000);
        const said = await office.ask('POST', `/v1/invoices/${id}/disputes`, { reason: 'price', amount });
        past.disputeId ??= said.body.disputeId as string | undefined;
        return said;
      }
      case 'reject': {
        const { disputeId } = past;
        past.disputeId = undefined;
        return disputeId === undefined ? undefined : reject(disputeId);
      }
      case 'rate':
        return office.ask('PATCH', `/v1/debtors/${debtorId}`, {
          penaltyRateHundredths: size * 100,
          ...(size % 2 === 0 ? { penaltyRateFrom: addDays(day, -daysAgo) } : {}),
        });
      case 'setting':
        return office.ask('PATCH', `/v1/creditors/${creditorId}`, {
          paymentsGoTo: size % 3 === 0 ? 'principal' : 'interest',
          dayBase: size % 2 === 0 ? 'act_365' : 'act_act',
          creditNotesCount: size % 5 === 0 ? 'from_day' : 'from_start',
        });
      case 'credit': {
        const note = { creditorId, debtorId, number: uuidv7(), issueDate: day, ...money(size * 500) };
        return office.ask('POST', '/v1/credit-notes', note);
      }
      case 'correct': {
        const { amount } = money(500_000 - size * 2_000);
        return office.ask('POST', `/v1/invoices/${id}/correction`, { amount });
      }
    }
  }
});

type Owing = Awaited<ReturnType<Office['invoice']>>;
