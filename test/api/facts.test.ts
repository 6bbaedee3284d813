import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { atTheDesk, ourselves } from '../../db/desk.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;

beforeAll(async () => {
  office = await openOffice();
});

afterAll(() => office.close());

afterEach(async () => {
  const { rows: views } = await sql<{
    name: string;
  }>`select viewname as name from pg_views where schemaname = 'public' and viewname ~ '^inv_(04|05|09|17|18)'`.execute(
    office.house.db,
  );
  const findings = await Promise.all(
    views.map(
      async ({ name }) =>
        (await sql`select ${name} as view, subject, what from ${sql.id(name)}`.execute(office.house.db)).rows,
    ),
  );
  expect([views.length > 2, findings.flat()]).toEqual([true, []]);
});

const eur = (amount: number) => ({ amount, currency: 'EUR' });

describe('a payment', () => {
  it('settles one invoice and says at once that it is paid', async () => {
    const invoice = await office.invoice();

    const answer = await office.ask('POST', `/v1/invoices/${invoice.id}/payments`, { amount: eur(120_000) });

    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      allocations: [{ invoiceId: invoice.id, amount: eur(120_000) }],
      unallocated: eur(0),
      invoices: [{ invoice: { state: 'paid', balance: eur(0) }, fact: { type: 'paymentRecorded' } }],
    });
  });

  it('is spread over several invoices of several debtors as the payer says, and the rest is his credit', async () => {
    const first = await office.invoice();
    const second = await office.invoice({ creditorId: first.creditorId });

    const answer = await office.ask('POST', '/v1/payments', {
      amount: eur(100_000),
      valueDate: '2026-03-02',
      debtorId: first.debtorId,
      allocations: [
        { invoiceId: first.id, amount: 30_000 },
        { invoiceId: second.id, amount: 50_000 },
      ],
    });

    expect(answer.body.invoices.map((one: { invoice: { balance: object } }) => one.invoice.balance)).toEqual([
      eur(90_000),
      eur(70_000),
    ]);
    expect(answer.body.unallocated).toEqual(eur(20_000));
  });

  it('that is more than what is owed leaves a credit, which is allocated later', async () => {
    const first = await office.invoice();
    const paid = await office.ask('POST', `/v1/invoices/${first.id}/payments`, { amount: eur(150_000) });
    const second = await office.invoice({ creditorId: first.creditorId, debtorId: first.debtorId });

    const answer = await office.ask('POST', `/v1/payments/${paid.body.id}/allocations`, {});
    const again = await office.ask('POST', `/v1/payments/${paid.body.id}/allocations`, {});

    expect(paid.body.unallocated).toEqual(eur(30_000));
    expect(answer.body).toMatchObject({
      allocations: [{ invoiceId: second.id, amount: eur(30_000) }],
      unallocated: eur(0),
    });
    expect([again.status, again.body.code]).toEqual([409, 'nothing-to-allocate']);
  });

  it('that comes back opens again what it had settled, once', async () => {
    const invoice = await office.invoice();
    const paid = await office.ask('POST', `/v1/invoices/${invoice.id}/payments`, { amount: eur(120_000) });

    const back = await office.ask('POST', `/v1/payments/${paid.body.id}/return`, {
      reason: 'insufficient_funds',
    });
    const again = await office.ask('POST', `/v1/payments/${paid.body.id}/return`, {
      reason: 'insufficient_funds',
    });

    expect(back.body.invoices[0]).toMatchObject({
      invoice: { balance: eur(120_000), state: 'waiting' },
      fact: { type: 'paymentReturned' },
    });
    expect([again.status, again.body.code]).toEqual([409, 'payment-returned']);
  });

  it('that comes back opens an invoice that knows what became of its debtor meanwhile', async () => {
    const { id, debtorId } = await office.invoice();
    const paid = await office.ask('POST', `/v1/invoices/${id}/payments`, {
      amount: { amount: 120_000, currency: 'EUR' },
    });
    await office.ask('POST', `/v1/debtors/${debtorId}/insolvency`, { judgmentOn: '2026-03-01' });

    await office.ask('POST', `/v1/payments/${paid.body.id}/return`, { reason: 'insufficient_funds' });

    const { body } = await office.ask('GET', `/v1/invoices/${id}/why`);
    expect(body.next.reasons).toContainEqual(expect.objectContaining({ code: 'insolvent' }));
  });

  it('keeps the credit of a cancelled invoice for its payer', async () => {
    const first = await office.invoice();
    await office.ask('POST', `/v1/invoices/${first.id}/payments`, { amount: eur(50_000) });

    const answer = await office.ask('POST', `/v1/invoices/${first.id}/cancellation`, {
      reason: 'issued_by_mistake',
    });

    expect(answer.body.invoice).toMatchObject({ state: 'cancelled', balance: eur(0) });
    const credit = await office.house.db
      .selectFrom('ledger_entry')
      .select(({ fn }) => fn.sum<string>('amount_cents').as('cents'))
      .where('debtor_id', '=', first.debtorId)
      .where('invoice_id', 'is', null)
      .executeTakeFirstOrThrow();
    expect(Number(credit.cents)).toBe(-50_000);
  });

  it('is recorded once however often it is asked with one key', async () => {
    const invoice = await office.invoice();
    const ask = () =>
      office.ask(
        'POST',
        `/v1/invoices/${invoice.id}/payments`,
        { amount: eur(10_000) },
        { headers: { 'idempotency-key': 'bank-42' } },
      );

    const answers = await Promise.all([ask(), ask(), ask()]);

    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(answers[0].body.invoices[0].invoice.balance).toEqual(eur(110_000));
  });

  it('names what is wrong with it', async () => {
    const invoice = await office.invoice({ currency: 'USD' });

    const wrong = await office.ask('POST', '/v1/payments', {
      amount: eur(100),
      valueDate: '2026-03-02',
      allocations: [{ invoiceId: invoice.id, amount: 100 }],
    });
    const none = await office.ask('POST', '/v1/payments', { amount: eur(0), valueDate: '2026-02-30' });

    expect(wrong).toMatchObject({
      status: 409,
      body: { code: 'allocation-impossible', field: 'allocations.0.invoiceId' },
    });
    expect(none.status).toBe(400);
    expect(none.body.errors.map(({ field }: { field: string }) => field)).toEqual([
      'amount.amount',
      'valueDate',
    ]);
  });
});

describe('a credit note', () => {
  it('lowers what it is about, and what is more stands to the credit of the debtor', async () => {
    const invoice = await office.invoice();
    const body = {
      number: 'AV-1',
      amount: eur(200_000),
      issueDate: '2026-03-01',
      allocations: [{ invoiceId: invoice.id, amount: 200_000 }],
    };

    const answer = await office.ask('POST', '/v1/credit-notes', body);
    const again = await office.ask('POST', '/v1/credit-notes', body);

    expect(answer.body).toMatchObject({
      unallocated: eur(80_000),
      invoices: [{ invoice: { state: 'paid' }, fact: { type: 'creditNoteRecorded' } }],
    });
    expect([again.status, again.body.code]).toEqual([409, 'credit-note-known']);
  });
});

describe('a correction', () => {
  it('below what was paid leaves the excess to the payer', async () => {
    const invoice = await office.invoice();
    await office.ask('POST', `/v1/invoices/${invoice.id}/payments`, { amount: eur(100_000) });

    const answer = await office.ask('POST', `/v1/invoices/${invoice.id}/correction`, { amount: eur(70_000) });

    expect(answer.body.invoice).toMatchObject({ state: 'paid', balance: eur(0) });
    const credit = await office.house.db
      .selectFrom('ledger_entry')
      .select(({ fn }) => fn.sum<string>('amount_cents').as('cents'))
      .where('debtor_id', '=', invoice.debtorId)
      .where('invoice_id', 'is', null)
      .executeTakeFirstOrThrow();
    expect(Number(credit.cents)).toBe(-30_000);
  });

  it('writes off no more than what is owed', async () => {
    const invoice = await office.invoice();

    const much = await office.ask('POST', `/v1/invoices/${invoice.id}/write-off`, {
      reason: 'small_balance',
      amount: eur(120_001),
    });
    const part = await office.ask('POST', `/v1/invoices/${invoice.id}/write-off`, {
      reason: 'small_balance',
      amount: eur(20_000),
    });
    const rest = await office.ask('POST', `/v1/invoices/${invoice.id}/write-off`, {
      reason: 'uncollectable',
    });

    expect([much.status, much.body.code]).toEqual([409, 'write-off-too-large']);
    expect(part.body.invoice).toMatchObject({ balance: eur(100_000), state: 'waiting' });
    expect(rest.body.invoice).toMatchObject({ balance: eur(0), state: 'written_off' });
  });
});

describe('what a debtor says', () => {
  it('a promise silences the invoice, and is refused with its reason when it makes no sense', async () => {
    const invoice = await office.invoice();

    const promised = await office.ask('POST', `/v1/invoices/${invoice.id}/promises`, {
      date: '2026-03-20',
      comment: 'Mme Petit, au téléphone',
    });
    const far = await office.ask('POST', `/v1/invoices/${invoice.id}/promises`, { date: '2027-03-20' });
    const withdrawn = await office.ask('POST', `/v1/promises/${promised.body.promiseId}/withdrawal`);

    expect(promised.body).toMatchObject({ invoice: { state: 'promised' }, fact: { type: 'promiseMade' } });
    expect(far).toMatchObject({ status: 409, body: { code: 'promise-too-far', field: 'date' } });
    expect(withdrawn.body.invoice.state).toBe('waiting');
  });

  it('a dispute over a part stops that part alone, until it is resolved', async () => {
    const invoice = await office.invoice({ salesOwner: 'sales' });

    const opened = await office.ask(
      'POST',
      `/v1/invoices/${invoice.id}/disputes`,
      { reason: 'quality', amount: eur(20_000), description: 'Trois palettes abîmées' },
      { as: 'sales' },
    );
    const resolved = await office.ask('POST', `/v1/disputes/${opened.body.disputeId}/resolution`, {
      outcome: 'unjustified',
    });
    const again = await office.ask('POST', `/v1/disputes/${opened.body.disputeId}/resolution`, {
      outcome: 'unjustified',
    });

    expect(opened.body.invoice).toMatchObject({ balance: eur(120_000), asked: eur(100_000) });
    expect(resolved.body.invoice.asked).toEqual(eur(120_000));
    expect([again.status, again.body.code]).toEqual([409, 'dispute-unknown']);
  });

  it('keeps the words of people out of the journal', async () => {
    const invoice = await office.invoice();
    await office.ask('POST', `/v1/invoices/${invoice.id}/notes`, { text: 'La fille du patron se marie.' });
    await office.ask('POST', `/v1/invoices/${invoice.id}/disputes`, {
      reason: 'price',
      description: 'Le patron est furieux.',
    });

    const entries = await office.house.db
      .selectFrom('journal')
      .select(['type', 'body'])
      .where('subject', '=', `invoice/${invoice.id}`)
      .orderBy('seq')
      .execute();
    const texts = await office.house.db
      .selectFrom('private_text')
      .select('content')
      .where('subject', '=', `invoice/${invoice.id}`)
      .orderBy('id')
      .execute();

    expect(entries.map(({ type }) => type)).toEqual([
      'invoiceRegistered',
      'noteAdded',
      'disputeOpened',
      'disputeNote',
    ]);
    expect(entries.map(({ body }) => body).join()).not.toMatch(/patron/);
    expect(texts.map(({ content }) => content)).toEqual([
      'La fille du patron se marie.',
      'Le patron est furieux.',
    ]);
  });
});

describe('a hold', () => {
  it('on one invoice is placed and lifted', async () => {
    const invoice = await office.invoice();

    const held = await office.ask('POST', `/v1/invoices/${invoice.id}/holds`, {
      reason: 'commercial',
      until: '2026-03-31',
    });
    const lifted = await office.ask('POST', `/v1/invoices/${invoice.id}/holds/${held.body.holdId}/lift`);

    expect(held.body.invoice.state).toBe('held');
    expect(lifted.body.invoice.state).toBe('waiting');
  });

  it('on a debtor reaches all his open invoices, and those that come later', async () => {
    const first = await office.invoice();
    const second = await office.invoice({ creditorId: first.creditorId, debtorId: first.debtorId });

    const held = await office.ask('POST', `/v1/debtors/${first.debtorId}/holds`, { reason: 'commercial' });
    const lifted = await office.ask('POST', `/v1/debtors/${first.debtorId}/holds/${held.body.holdId}/lift`);
    const again = await office.ask('POST', `/v1/debtors/${first.debtorId}/holds/${held.body.holdId}/lift`);

    expect(
      held.body.invoices.map((one: { invoice: { id: string; state: string } }) => [
        one.invoice.id,
        one.invoice.state,
      ]),
    ).toEqual([
      [first.id, 'held'],
      [second.id, 'held'],
    ]);
    expect(lifted.body.invoices).toHaveLength(2);
    expect([again.status, again.body.code]).toEqual([409, 'hold-unknown']);
  });
});

describe('what is learnt of a debtor', () => {
  it('an insolvency stops all contact at once, and can be taken back', async () => {
    const invoice = await office.invoice();

    const insolvent = await office.ask('POST', `/v1/debtors/${invoice.debtorId}/insolvency`, {
      judgmentOn: '2026-02-27',
    });
    const mistaken = await office.ask('PATCH', `/v1/debtors/${invoice.debtorId}`, { insolventOn: null });

    expect(insolvent.body.invoices[0]).toMatchObject({ fact: { type: 'debtorInsolvent' } });
    expect(insolvent.body.invoices[0].next.reasons[0].code).toBe('insolvent');
    expect(mistaken.body.invoices[0].invoice.state).not.toBe('held');
  });

  it('a consumer is not chased any more', async () => {
    const invoice = await office.invoice();

    const { body } = await office.ask('PATCH', `/v1/debtors/${invoice.debtorId}`, { kind: 'consumer' });

    expect(body.invoices[0].next.reasons[0]).toMatchObject({ code: 'not_chased', detail: 'consumer' });
  });

  it('an address that does not work is counted no more, and a corrected one is counted again', async () => {
    const invoice = await office.invoice();
    const { id: contactId, email } = await office.house.db
      .selectFrom('contact')
      .select(['id', 'email'])
      .where('debtor_id', '=', invoice.debtorId)
      .executeTakeFirstOrThrow();
    const reach = async () => {
      const row = await office.house.db
        .selectFrom('invoice')
        .select('collection')
        .where('id', '=', invoice.id)
        .executeTakeFirstOrThrow();
      return (row.collection as { debtor: { reach: Record<string, number> } }).debtor.reach['email'];
    };

    await office.ask('PATCH', `/v1/contacts/${contactId}`, { invalid: { email: 'bounced' } });
    const afterBounce = await reach();
    await office.ask('PATCH', `/v1/contacts/${contactId}`, { email, name: 'Paul Roux' });
    const asItStood = await reach();
    await office.ask('PATCH', `/v1/contacts/${contactId}`, { email: 'nouvelle@debiteur.example' });
    const added = await office.ask('POST', `/v1/debtors/${invoice.debtorId}/contacts`, {
      email: 'direction@debiteur.example',
      role: 'escalation',
    });

    expect([email === null, afterBounce, asItStood]).toEqual([false, 0, 0]);
    expect([added.status, await reach()]).toEqual([201, 2]);
  });
});

describe('a task', () => {
  /** A call or letter in the hands of a person, as the door hands it over. */
  async function handed(
    channel: 'call' | 'registered_letter' | 'letter',
    step: string,
    known?: Awaited<ReturnType<typeof office.invoice>>,
  ) {
    const invoice = known ?? (await office.invoice());
    const { id: contactId } = await office.house.db
      .selectFrom('contact')
      .select('id')
      .where('debtor_id', '=', invoice.debtorId)
      .executeTakeFirstOrThrow();
    const [taskId, messageId] = [uuidv7(), uuidv7()];
    const kind = channel === 'call' ? 'call' : 'post';
    const at = new Date(await office.clock.now());
    await atTheDesk(office.house, [invoice.debtorId], async (desk) => {
      await desk.state(invoice.id, { type: 'stepRequested', step, occurrence: 1, channel }, ourselves);
      const message = {
        id: messageId,
        key: messageId,
        purpose: 'contact' as const,
        creditor_id: invoice.creditorId,
        debtor_id: invoice.debtorId,
        contact_id: contactId,
        channel,
        language: 'fr',
        template: 't',
        state: 'accepted' as const,
        planned_at: at,
        state_at: at,
        figures: '{}',
        recipient: '',
        sha256: '',
      };
      await desk.tx.insertInto('message').values(message).execute();
      await desk.tx
        .insertInto('task')
        .values({
          id: taskId,
          kind,
          debtor_id: invoice.debtorId,
          creditor_id: invoice.creditorId,
          due_on: '2026-03-03',
          state: 'open',
          message_id: messageId,
          opened_at: at,
        })
        .execute();
      await desk.tx
        .insertInto('task_invoice')
        .values({ task_id: taskId, invoice_id: invoice.id, step, occurrence: 1 })
        .execute();
      await desk.state(
        invoice.id,
        { type: 'stepHanded', step, occurrence: 1, messageId, taskId, task: kind, dueOn: '2026-03-03' },
        ourselves,
      );
    });
    return { ...invoice, taskId, contactId, messageId };
  }

  const taskRow = (id: string) =>
    office.house.db
      .selectFrom('task')
      .select(['state', 'outcome', 'kind'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
  const factTypes = async (invoiceId: string) =>
    (
      await office.house.db
        .selectFrom('journal')
        .select('type')
        .where('subject', '=', `invoice/${invoiceId}`)
        .orderBy('seq')
        .execute()
    ).map(({ type }) => type);

  it('is listed with the name of the step that it is about', async () => {
    const call = await handed('call', 'call');

    const { body } = await office.ask('GET', `/v1/tasks?invoice=${call.id}`);

    expect(body.items[0].invoices).toMatchObject([{ number: call.number, step: 'call', stepName: 'Call' }]);
    expect(body.items[0].text).not.toContain('silent');
  });

  it('that is a call says that it is not to be made while its file is silent', async () => {
    const call = await handed('call', 'call');
    const text = async () =>
      (await office.ask('GET', `/v1/tasks?invoice=${call.id}&kind=call`)).body.items[0].text as string;
    await office.ask('POST', `/v1/invoices/${call.id}/holds`, { reason: 'legal_only' });
    const held = await text();
    await office.ask('POST', '/v1/stops', { scope: 'invoice', subjectId: call.id, reason: 'test' });

    expect(held).toContain('(not now: we keep silent towards the debtor)');
    expect(await text()).toContain('(not before sending starts again)');
  });

  it('that is a call proves its step when the debtor was reached', async () => {
    const call = await handed('call', 'call');

    const answer = await office.ask('POST', `/v1/tasks/${call.taskId}/outcome`, {
      outcome: 'reached',
      comment: 'Rappelle demain',
    });
    const again = await office.ask('POST', `/v1/tasks/${call.taskId}/outcome`, { outcome: 'reached' });

    expect(answer.body.invoices[0]).toMatchObject({
      invoice: { level: 'firm' },
      fact: { type: 'stepDelivered' },
    });
    expect(await taskRow(call.taskId)).toEqual({ state: 'done', outcome: 'reached', kind: 'call' });
    expect([again.status, again.body.code]).toEqual([409, 'task-unknown']);
  });

  it('that is a call to a wrong number fails its step and marks the number', async () => {
    const call = await handed('call', 'call');

    const answer = await office.ask('POST', `/v1/tasks/${call.taskId}/outcome`, { outcome: 'wrong_number' });

    expect(answer.status).toBe(201);
    expect((await factTypes(call.id)).slice(-2)).toEqual(['stepFailed', 'debtorChanged']);
    const contact = await office.house.db
      .selectFrom('contact')
      .select('phone_invalid')
      .where('id', '=', call.contactId)
      .executeTakeFirstOrThrow();
    expect(contact.phone_invalid).toBe('wrong_number');
  });

  it('that is a registered letter asks for its tracking number, then for its presentation', async () => {
    const letter = await handed('registered_letter', 'formal-notice');

    const bare = await office.ask('POST', `/v1/tasks/${letter.taskId}/outcome`, { outcome: 'done' });
    const posted = await office.ask('POST', `/v1/tasks/${letter.taskId}/outcome`, {
      outcome: 'done',
      postedOn: '2026-03-02',
      trackingNumber: '1A 123 456 789 0',
    });
    const early = await office.ask('POST', `/v1/tasks/${posted.body.nextTaskId}/outcome`, {
      outcome: 'done',
      presentedOn: '2026-02-01',
    });
    office.clock.set('2026-03-05');
    const presented = await office.ask('POST', `/v1/tasks/${posted.body.nextTaskId}/outcome`, {
      outcome: 'done',
      presentedOn: '2026-03-04',
    });
    office.clock.set('2026-03-02');

    expect(bare).toMatchObject({
      status: 409,
      body: { code: 'tracking-number-missing', field: 'trackingNumber' },
    });
    expect(posted.body.invoices[0]).toMatchObject({
      fact: { type: 'stepPosted' },
      invoice: { state: 'on_its_way' },
    });
    expect(early).toMatchObject({ status: 409, body: { code: 'day-not-possible' } });
    expect(presented.body.invoices[0]).toMatchObject({
      invoice: { level: 'formal_notice' },
      fact: { type: 'stepDelivered' },
    });
    expect(await taskRow(posted.body.nextTaskId)).toEqual({
      state: 'done',
      outcome: 'done',
      kind: 'presentation',
    });
  });

  // Posted in the morning, a payment at noon, recorded in the evening: else the debtor would get two notices.
  it.each(['asked for anew', 'on a desk anew'])(
    'that is a letter which was posted before it was taken back is recorded as posted, though it is %s',
    async (how) => {
      const letter = await handed('registered_letter', 'formal-notice');
      const ask = (more: object) =>
        office.ask('POST', `/v1/tasks/${letter.taskId}/outcome`, {
          outcome: 'done',
          trackingNumber: '1A 123 456 789 0',
          ...more,
        });
      await office.ask('POST', `/v1/invoices/${letter.id}/payments`, { amount: eur(100) });
      expect(await taskRow(letter.taskId)).toMatchObject({ state: 'withdrawn' });
      const anew =
        how === 'on a desk anew' ? await handed('registered_letter', 'formal-notice', letter) : null;
      if (!anew)
        await office.state(letter.id, {
          type: 'stepRequested',
          step: 'formal-notice',
          occurrence: 1,
          channel: 'registered_letter',
        });
      office.clock.set('2026-03-04');

      const bare = await ask({});
      const late = await ask({ postedOn: '2026-03-03' });
      const posted = await ask({ postedOn: '2026-03-02' });
      const twice = await ask({ postedOn: '2026-03-02' });
      office.clock.set('2026-03-02');

      expect([bare.status, bare.body.code]).toEqual([409, 'task-unknown']);
      expect([late.status, late.body.code]).toEqual([409, 'day-not-possible']);
      expect(posted.body.invoices[0]).toMatchObject({
        fact: { type: 'stepPosted' },
        invoice: { state: 'on_its_way' },
      });
      expect(await taskRow(letter.taskId)).toEqual({ state: 'done', outcome: 'done', kind: 'post' });
      expect(await taskRow(posted.body.nextTaskId)).toMatchObject({ state: 'open', kind: 'presentation' });
      expect(twice.status).toBe(409);
      if (anew) expect(await taskRow(anew.taskId)).toMatchObject({ state: 'withdrawn' });
      const messages = await office.house.db
        .selectFrom('message')
        .select(['id', 'state'])
        .where('id', 'in', [letter.messageId, anew?.messageId ?? letter.messageId])
        .execute();
      for (const { id, state } of messages)
        expect(state).toBe(id === letter.messageId ? 'accepted' : 'cancelled');
      const tasks = await office.ask('GET', `/v1/invoices/${letter.id}`);
      expect(tasks.body.tasks.map(({ kind }: { kind: string }) => kind)).toEqual(['presentation']);
    },
  );

  it('that is a letter which comes back marks the address', async () => {
    const letter = await handed('registered_letter', 'formal-notice');
    const posted = await office.ask('POST', `/v1/tasks/${letter.taskId}/outcome`, {
      outcome: 'done',
      trackingNumber: '1A',
    });

    await office.ask('POST', `/v1/tasks/${posted.body.nextTaskId}/outcome`, {
      outcome: 'cannot_be_done',
      reason: 'unknown_address',
    });

    expect((await factTypes(letter.id)).slice(-2)).toEqual(['stepFailed', 'debtorChanged']);
  });

  it('ends as its kind allows and in no other way', async () => {
    const call = await handed('call', 'call');

    const answer = await office.ask('POST', `/v1/tasks/${call.taskId}/outcome`, { outcome: 'approved' });

    expect(answer).toMatchObject({ status: 409, body: { code: 'outcome-unknown', field: 'outcome' } });
    expect((await taskRow(call.taskId)).state).toBe('open');
  });

  it('about an end of the amicable phase takes the answer as a fact', async () => {
    const invoice = await office.invoice();
    const taskId = uuidv7();
    await office.state(invoice.id, {
      type: 'taskOpened',
      taskId,
      task: 'escalation',
      about: null,
      dueOn: '2026-03-05',
    });

    const answer = await office.ask('POST', `/v1/tasks/${taskId}/outcome`, { outcome: 'extend' });

    expect(answer.body.invoices[0]).toMatchObject({ fact: { type: 'taskDone' }, invoice: { state: 'held' } });
    expect(await taskRow(taskId)).toEqual({ state: 'done', outcome: 'extend', kind: 'escalation' });
  });

  it('about a debtor whom nothing reaches is answered by one fact; what follows is for the rules', async () => {
    const invoice = await office.invoice();
    const taskId = uuidv7();
    await office.state(invoice.id, {
      type: 'taskOpened',
      taskId,
      task: 'unreachable',
      about: 'reminder',
      dueOn: '2026-03-05',
    });

    await office.ask('POST', `/v1/tasks/${taskId}/outcome`, { outcome: 'cannot_be_done' });

    expect((await factTypes(invoice.id)).slice(-2)).toEqual(['taskOpened', 'taskDone']);
  });
});

describe('a draft', () => {
  async function drafted(digest: string) {
    const invoice = await office.invoice();
    const at = new Date(await office.clock.now());
    const messageId = uuidv7();
    await atTheDesk(office.house, [invoice.debtorId], async (desk) => {
      await desk.state(
        invoice.id,
        { type: 'stepRequested', step: 'formal-notice', occurrence: 1, channel: 'registered_letter' },
        ourselves,
      );
      const request = await desk.tx
        .selectFrom('contact_request')
        .select('id')
        .where('invoice_id', '=', invoice.id)
        .executeTakeFirstOrThrow();
      const message = {
        id: messageId,
        key: messageId,
        purpose: 'contact' as const,
        creditor_id: invoice.creditorId,
        debtor_id: invoice.debtorId,
        channel: 'registered_letter' as const,
        language: 'fr',
        template: 't',
        state: 'planned' as const,
        planned_at: at,
        state_at: at,
        figures: '{}',
        recipient: '',
        sha256: digest,
      };
      await desk.tx.insertInto('message').values(message).execute();
      await desk.tx
        .insertInto('message_line')
        .values({
          message_id: messageId,
          invoice_id: invoice.id,
          request_id: request.id,
          fact: 2,
          balance_cents: 120_000,
          asked_cents: 120_000,
          open: true,
        })
        .execute();
    });
    return { ...invoice, messageId };
  }

  it('is approved as it was shown, with the words of a person in place of the template', async () => {
    const draft = await drafted('figures-1');

    const answer = await office.ask('POST', `/v1/drafts/${draft.messageId}/approval`, {
      digest: 'figures-1',
      freeText: 'Dernier avis.',
    });

    expect(answer.body.invoices[0]).toMatchObject({ fact: { type: 'stepApproved' } });
    const request = await office.house.db
      .selectFrom('contact_request')
      .select(['approved_by', 'approved_digest', 'free_text'])
      .where('invoice_id', '=', draft.id)
      .executeTakeFirstOrThrow();
    expect(request).toEqual({
      approved_by: office.users.credit_manager,
      approved_digest: 'figures-1',
      free_text: 'Dernier avis.',
    });
    const poked = await office.house.db
      .selectFrom('outbox')
      .select('id')
      .where('workflow', '=', `debtor/${draft.debtorId}`)
      .execute();
    expect(poked.length).toBeGreaterThan(0);
  });

  it('is not approved any more once its figures have changed', async () => {
    const draft = await drafted('figures-2');

    const answer = await office.ask('POST', `/v1/drafts/${draft.messageId}/approval`, {
      digest: 'figures-1',
    });

    expect(answer).toMatchObject({ status: 409, body: { code: 'draft-changed' } });
  });

  it('can be seen beforehand as a sample, sent to oneself', async () => {
    const invoice = await office.invoice();

    const planned = await office.ask(
      'POST',
      `/v1/invoices/${invoice.id}/samples`,
      { step: 'reminder' },
      { as: 'collector' },
    );
    const unknown = await office.ask('POST', `/v1/invoices/${invoice.id}/samples`, { step: 'hand-over' });

    expect(planned).toMatchObject({ status: 202, body: { recipient: 'collector@relance.example' } });
    const message = await office.house.db
      .selectFrom('message')
      .select(['purpose', 'state', 'channel', 'level'])
      .where('id', '=', planned.body.messageId)
      .executeTakeFirstOrThrow();
    expect(message).toEqual({ purpose: 'sample', state: 'planned', channel: 'email', level: 'reminder' });
    expect([unknown.status, unknown.body.code]).toEqual([409, 'step-unknown']);
  });

  it('of a step can be skipped with a reason', async () => {
    const draft = await drafted('figures-3');

    const answer = await office.ask('POST', `/v1/invoices/${draft.id}/steps/formal-notice/skip`, {
      reason: 'agreed_with_debtor',
    });

    expect(answer.body.fact.type).toBe('stepSkipped');
    const request = await office.house.db
      .selectFrom('contact_request')
      .select(['state', 'reason'])
      .where('invoice_id', '=', draft.id)
      .executeTakeFirstOrThrow();
    expect(request).toEqual({ state: 'withdrawn', reason: 'skipped' });
  });
});

describe('registering an invoice', () => {
  const body = {
    seller: { name: 'Ateliers Martin' },
    debtor: { name: 'Nouveau Client', country: 'BE' },
    contact: { email: 'n@client.example' },
    number: 'R-1',
    dueDate: '2026-04-01',
    issueDate: '2026-03-01',
    amount: eur(50_000),
  };

  it('begins its life at once, with the debtor, the contact and the ledger that belong to it', async () => {
    const answer = await office.ask('POST', '/v1/invoices', body);

    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      invoice: { number: 'R-1', state: 'waiting', balance: eur(50_000) },
      fact: { number: 1, type: 'invoiceRegistered' },
    });
    const row = await office.house.db
      .selectFrom('invoice')
      .innerJoin('debtor', 'debtor.id', 'invoice.debtor_id')
      .select(['collection', 'zone'])
      .where('invoice.id', '=', answer.body.invoice.id)
      .executeTakeFirstOrThrow();
    expect(row.zone).toBe('Europe/Brussels');
    expect((row.collection as { scenario: { id: string } }).scenario.id).toBe('abroad@1');
  });

  it('is refused for a key that is known', async () => {
    const again = await office.ask('POST', '/v1/invoices', body);

    expect([again.status, again.body.code]).toEqual([409, 'invoice-known']);
  });

  it('records one that is settled as closed, and starts nothing', async () => {
    const answer = await office.ask('POST', '/v1/invoices', {
      ...body,
      number: 'R-2',
      settledDate: '2026-03-01',
    });

    expect(answer.body.invoice).toMatchObject({ state: 'paid', balance: eur(0) });
    const words = await office.house.db
      .selectFrom('outbox')
      .select('delivered_at')
      .where('workflow', '=', `invoice/${answer.body.invoice.id}`)
      .execute();
    expect(words.every((word) => word.delivered_at !== null)).toBe(true);
  });

  it('makes one invoice of twenty that come at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        office.ask('POST', '/v1/invoices', { ...body, number: 'R-3', debtor: { name: 'Encore Un' } }),
      ),
    );

    expect(answers.map((answer) => answer.status).sort()).toEqual([
      201,
      ...Array.from({ length: 19 }, () => 409),
    ]);
    expect(
      await office.house.db.selectFrom('debtor').select('id').where('name', '=', 'Encore Un').execute(),
    ).toHaveLength(1);
  });
});
