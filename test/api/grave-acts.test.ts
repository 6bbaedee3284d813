import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

/** With four eyes on, what gives money up or hands a file over is never the act of one person. */
describe('with four eyes, one person', () => {
  let office: Office;

  beforeAll(async () => {
    office = await openOffice({ fourEyes: true });
  });

  afterAll(async () => {
    await office.close();
  });

  const decide = (approvalId: string, how: { as?: 'admin'; key?: string }) =>
    office.ask('POST', `/v1/approvals/${approvalId}/decision`, { decision: 'approve' }, how);

  it('is not two by a key that he issued to another, nor by one issued with that key', async () => {
    const { id } = await office.invoice();
    const manager = office.users.credit_manager;
    const asked = await office.ask(
      'POST',
      `/v1/invoices/${id}/write-off`,
      { reason: 'lost' },
      { as: 'admin' },
    );
    const key = await office.ask('POST', `/v1/users/${manager}/keys`, {}, { as: 'admin' });
    const fresh = { name: 'Second', role: 'admin', key: {} };
    const second = await office.ask('POST', '/v1/users', fresh, { as: 'admin' });
    const third = await office.ask('POST', `/v1/users/${manager}/keys`, {}, { key: second.body.key });
    const { approvalId } = asked.body as { approvalId: string };
    const answers = [];
    for (const one of [key, second, third]) answers.push(await decide(approvalId, { key: one.body.key }));
    const list = await office.ask('GET', `/v1/approvals?invoice=${id}`, undefined, { key: key.body.key });

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [409, 'approval-own'],
      [409, 'approval-own'],
      [409, 'approval-own'],
    ]);
    expect(list.body.items[0].mayDecide).toBe(false);
    expect((await decide(approvalId, {})).status).toBe(201);
  });

  it('makes no money vanish by a paper or a rate without the story saying that nobody else was asked', async () => {
    const invoices = [];
    for (let made = 0; made < 4; made += 1) invoices.push(await office.invoice());
    const [bank, other, credited, cheap] = invoices.map(({ id }) => id);
    const { creditorId, debtorId } = invoices[2]!;
    const eur = (amount: number) => ({ amount, currency: 'EUR' });
    const alone = async (id = '') => {
      const { body } = await office.ask('GET', `/v1/invoices/${id}/timeline`);
      const items = body.items as readonly { type: string; text: string }[];
      return items.flatMap(({ type, text }) => (type === 'doneAlone' ? text : []));
    };

    await office.ask('POST', `/v1/invoices/${bank}/correction`, { paymentMethod: 'direct_debit' });
    await office.ask('PATCH', `/v1/debtors/${invoices[1]!.debtorId}`, { kind: 'internal' });
    await office.ask('POST', '/v1/credit-notes', {
      ...{ creditorId, debtorId, number: 'AV-9', amount: eur(120_000), issueDate: '2026-03-01' },
      allocations: [{ invoiceId: credited, amount: 120_000 }],
    });
    const rate = { penaltyRateHundredths: 0 };
    await office.ask('PATCH', `/v1/debtors/${invoices[3]!.debtorId}`, rate);

    expect([await alone(bank), await alone(other), await alone(credited), await alone(cheap)]).toEqual([
      [
        'Done alone, with no second person: claim taken out of dunning (factored, direct debit, bill or due much later).',
      ],
      ['Done alone, with no second person: kind of the debtor changed.'],
      ['Done alone, with no second person: credit note.'],
      ['Done alone, with no second person: rate of late payment lowered.'],
    ]);
  });

  // A write-off of ten euros needs two people: so does making a thousand vanish by saying that they were never invoiced.
  it('lowers no amount, moves no due date and cancels no invoice: what that gives up is asked for', async () => {
    const { id } = await office.invoice();
    const eur = (amount: number) => ({ amount, currency: 'EUR' });
    const due = async () => {
      const { body } = await office.ask('GET', `/v1/invoices/${id}/claim`);
      return [body.principal.amount as number, body.total.amount as number] as const;
    };
    const correct = (change: object) => office.ask('POST', `/v1/invoices/${id}/correction`, change);
    const shown = async () =>
      (await office.ask('GET', `/v1/approvals?invoice=${id}`, undefined, { as: 'admin' })).body.items[0];
    const [principal, total] = await due();

    const later = await correct({ dueDate: '2027-01-31' });
    expect(await shown()).toMatchObject({
      ...{ text: 'amount corrected downwards or due date moved', amount: eur(total - principal) },
      correction: { amount: null, dueDate: '2027-01-31' },
    });
    const no = { decision: 'refuse', reason: 'other' };
    await office.ask('POST', `/v1/approvals/${later.body.approvalId}/decision`, no, { as: 'admin' });

    const low = await correct({ amount: eur(20_000) });
    expect([low.status, await due()]).toEqual([201, [principal, total]]);
    expect(await shown()).toMatchObject({ amount: eur(100_000), correction: { amount: eur(20_000) } });
    await decide(low.body.approvalId as string, { as: 'admin' });
    expect((await due())[0]).toBe(20_000);

    const gone = await office.ask('POST', `/v1/invoices/${id}/cancellation`, { reason: 'duplicate' });
    expect([(await shown()).text, (await due())[0]]).toEqual(['invoice cancelled', 20_000]);
    await decide(gone.body.approvalId as string, { as: 'admin' });
    expect((await office.ask('GET', `/v1/invoices/${id}`)).body.balance.amount).toBe(0);

    // Where nothing has run yet, nothing is given up; but whoever lets him wait for years has a name.
    const fresh = await office.invoice({ dueDate: '2026-03-02' });
    await office.ask('POST', `/v1/invoices/${fresh.id}/correction`, { dueDate: '9999-12-31' });
    const { items } = (await office.ask('GET', `/v1/invoices/${fresh.id}/timeline`)).body;
    expect(JSON.stringify(items)).toContain('due much later');

    // More is no gift, and a day of before it was late would give up what runs since, which nobody is shown.
    const more = await office.invoice();
    const raised = await office.ask('POST', `/v1/invoices/${more.id}/correction`, { amount: eur(130_000) });
    const waived = { reason: 'goodwill', amount: eur(119_900), on: '2020-01-01' };
    const early = await office.ask('POST', `/v1/invoices/${more.id}/waiver`, waived);
    expect([raised.body.approvalId, early.status, early.body.field]).toEqual([undefined, 400, 'on']);
  });

  it('gives up no interest that has run by a rate that is said to have held: the other is shown how much', async () => {
    const { id, debtorId, creditorId } = await office.invoice();
    const interest = async () =>
      (await office.ask('GET', `/v1/invoices/${id}/claim`)).body.interest.due.amount;
    const rate = { penaltyRateHundredths: 0, penaltyRateFrom: '2026-01-01' };
    const ran = await interest();
    expect(ran).toBeGreaterThan(1_000);

    const asked = await office.ask('PATCH', `/v1/debtors/${debtorId}`, { ...rate, grade: 'B' });
    const ofAll = await office.ask('PATCH', `/v1/creditors/${creditorId}`, rate);
    const { items } = (await office.ask('GET', `/v1/approvals?invoice=${id}`, undefined, { as: 'admin' }))
      .body;
    expect([asked.status, ofAll.body.code, await interest()]).toEqual([200, 'rate-looks-back', ran]);
    expect(items).toMatchObject([
      {
        ...{ id: asked.body.approvalId, act: 'waiver', amount: { amount: ran } },
        ...{ rate: { hundredths: 0, from: '2026-01-01' }, mayDecide: true },
      },
    ]);
    const debtor = (await office.ask('GET', `/v1/debtors/${debtorId}`)).body;
    expect(debtor).toMatchObject({ penaltyRateHundredths: null, grade: 'B' });

    expect((await decide(asked.body.approvalId as string, { as: 'admin' })).status).toBe(201);
    expect(await interest()).toBe(0);
    // What gives nothing up needs nobody else.
    const more = { penaltyRateHundredths: 1500, penaltyRateFrom: '2026-01-01' };
    expect((await office.ask('PATCH', `/v1/debtors/${debtorId}`, more)).body.approvalId).toBeUndefined();
    expect(await interest()).toBeGreaterThan(ran as number);
  });

  it('does not say yes to what was asked by a key that he issued', async () => {
    const { id } = await office.invoice();
    const key = await office.ask(
      'POST',
      `/v1/users/${office.users.credit_manager}/keys`,
      {},
      { as: 'admin' },
    );
    const asked = await office.ask(
      'POST',
      `/v1/invoices/${id}/write-off`,
      { reason: 'lost' },
      { key: key.body.key },
    );
    const { approvalId } = asked.body as { approvalId: string };

    expect((await decide(approvalId, { as: 'admin' })).body.code).toBe('approval-own');
  });

  it('is asked in vain for goodwill that a credit note has made good already', async () => {
    const { id, creditorId, debtorId } = await office.invoice();
    const amount = { amount: 30_000, currency: 'EUR' };
    const dispute = await office.ask('POST', `/v1/invoices/${id}/disputes`, { reason: 'price', amount });
    await office.ask('POST', `/v1/disputes/${dispute.body.disputeId as string}/resolution`, {
      ...{ outcome: 'goodwill', granted: amount },
    });
    const { items } = (await office.ask('GET', `/v1/approvals?invoice=${id}`)).body;
    await office.ask('POST', '/v1/credit-notes', {
      ...{ creditorId, debtorId, number: 'A-1', issueDate: '2026-03-02', amount },
      allocations: [{ invoiceId: id, amount: 30_000 }],
    });
    const yes = await decide(items[0].id as string, { as: 'admin' });
    const { balance } = (await office.ask('GET', `/v1/invoices/${id}`)).body;

    expect([yes.status, balance.amount]).toEqual([409, 90_000]);
  });

  it('shows the other what he says yes to: the firm, the day of a discount', async () => {
    const [handed, reduced] = [await office.invoice(), await office.invoice()];
    const firmId = office.users.external_firm;
    await office.ask('POST', `/v1/invoices/${handed.id}/hand-over`, { firmId, incompleteBecause: 'Urgent.' });
    await office.ask('POST', `/v1/invoices/${reduced.id}/discount`, { percent: 5, payBy: '2026-03-20' });
    const shown = async (id: string) =>
      (await office.ask('GET', `/v1/approvals?invoice=${id}`, undefined, { as: 'admin' })).body.items[0];

    expect(await shown(handed.id)).toMatchObject({
      firm: { id: firmId, name: 'external_firm' },
      payBy: null,
    });
    expect(await shown(reduced.id)).toMatchObject({
      ...{ text: 'discount for early settlement', firm: null, payBy: '2026-03-20' },
    });
  });
});

describe('the page of approvals', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ fourEyes: true });
  });
  afterAll(() => office.close());

  const open = async (role: 'admin' | 'credit_manager' | 'collector', url: string) =>
    (await office.ask('GET', url, undefined, { as: null, headers: { cookie: await office.cookie(role) } }))
      .text;
  const answer = async (
    role: 'admin' | 'credit_manager',
    id: string,
    form: Record<string, string>,
    from = 'same-origin',
  ) =>
    office.app.inject({
      method: 'POST',
      url: `/approvals/${id}/decision`,
      headers: {
        cookie: await office.cookie(role),
        'sec-fetch-site': from,
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: new URLSearchParams({ lang: 'fr', ...form }).toString(),
    });
  const balance = async (id: string) => (await office.ask('GET', `/v1/invoices/${id}`)).body.balance.amount;

  it('shows each what waits for him and what he asked, with all that the question says, and counts them in the header', async () => {
    const { id, number } = await office.invoice();
    const waited = `/v1/invoices/${id}/discount`;
    await office.ask('POST', waited, { percent: 5, payBy: '2026-03-20' }, { as: 'admin' });

    const mine = await open('credit_manager', '/approvals?lang=fr');
    const own = await open('admin', '/approvals?lang=fr');
    const asked = await open('admin', '/approvals?view=asked&lang=en');
    const reader = await open('collector', '/approvals?lang=fr');

    expect(mine).toMatch(/Accords <span class="badge warn">1<\/span>/);
    expect(mine).toMatch(
      /Remise pour règlement anticipé, 60,00.€ · .*Offre valable jusqu’au<\/dt><dd>20 mars 2026/s,
    );
    expect(mine).toContain(`>${number}</a>`);
    expect(own).toContain('Rien n’attend votre accord.');
    expect(own).toMatch(/Accords<\/a>/);
    expect(asked).toMatch(/Discount for early settlement, €60\.00/);
    expect(asked).toContain('Take my question back');
    expect(asked).not.toContain('Say yes');
    // Whoever may answer nothing reads what is open, without buttons.
    expect(reader).toContain(number);
    expect(reader).not.toContain('Donner mon accord');
  });

  it('carries out a yes at once, keeps a no with its reason, and takes no answer from another site or from the author', async () => {
    const ask = async () => {
      const { id } = await office.invoice();
      const { body } = await office.ask(
        'POST',
        `/v1/invoices/${id}/write-off`,
        { reason: 'lost' },
        { as: 'admin' },
      );
      return { id, approvalId: String(body.approvalId) };
    };
    const [one, other] = [await ask(), await ask()];

    const foreign = await answer('credit_manager', one.approvalId, { decision: 'approve' }, 'cross-site');
    const author = await answer('admin', one.approvalId, { decision: 'approve' });
    const without = await answer('credit_manager', other.approvalId, { decision: 'refuse' });
    const untouched = await balance(one.id);
    const yes = await answer('credit_manager', one.approvalId, { decision: 'approve', comment: 'Vu.' });
    const no = await answer('credit_manager', other.approvalId, { decision: 'refuse', reason: 'too_early' });
    const twice = await answer('credit_manager', one.approvalId, { decision: 'approve' });
    const asked = await open('admin', '/approvals?view=asked&lang=fr');

    expect([foreign.statusCode, author.statusCode, without.statusCode, untouched]).toEqual([
      403, 409, 400, 120_000,
    ]);
    expect([yes.statusCode, yes.headers.location]).toEqual([
      303,
      '/approvals?view=waiting&lang=fr&done=granted',
    ]);
    expect(no.headers.location).toBe('/approvals?view=waiting&lang=fr&done=refused');
    expect(twice.statusCode).toBe(409);
    expect([await balance(one.id), await balance(other.id)]).toEqual([0, 120_000]);
    expect(asked).toMatch(/refusé<\/span>.*Réponse<\/dt><dd>credit_manager, .*trop tôt/s);
    const { items } = (await office.ask('GET', `/v1/invoices/${one.id}/timeline`)).body;
    expect(JSON.stringify(items)).toContain('Vu.');
  });
});
