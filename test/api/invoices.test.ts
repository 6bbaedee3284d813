import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashOf } from '../../db/journal.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const numbersOf = (body: { items: { number: string }[] }) => body.items.map(({ number }) => number);

describe('the list of invoices', () => {
  let creditorId: string;
  let debtorId: string;
  beforeAll(async () => {
    creditorId = await office.creditor();
    debtorId = await office.debtor({ name: 'Boulangerie 100 % Levain' });
    const known = { creditorId, debtorId };
    await office.invoice({ ...known, number: 'L-1', dueDate: '2026-02-10', amountCents: 30_000 });
    await office.invoice({ ...known, number: 'L-2', dueDate: '2026-02-10', amountCents: 10_000 });
    await office.invoice({ ...known, number: 'L-3', dueDate: '2026-04-10', amountCents: 20_000 });
    const paid = await office.invoice({
      ...known,
      number: 'L-4',
      dueDate: '2026-01-10',
      amountCents: 50_000,
    });
    await office.state(paid.id, {
      type: 'paymentRecorded',
      paymentId: uuidv7(),
      amountCents: 50_000,
      balanceCents: 0,
      on: '2026-03-01',
    });
  });

  it.each([
    ['open=true', ['L-1', 'L-2', 'L-3']],
    ['open=false', ['L-4']],
    ['state=paid,waiting', ['L-4', 'L-1', 'L-2', 'L-3']],
    ['late=true', ['L-1', 'L-2']],
    ['dueAfter=2026-02-10', ['L-3']],
    ['dueBefore=2026-02-10', ['L-4']],
    ['number=L-2', ['L-2']],
    ['q=l-3', ['L-3']],
    ['q=100%20%25', ['L-4', 'L-1', 'L-2', 'L-3']],
    ['q=100%25%25', []],
    ['sort=-balance&open=true', ['L-1', 'L-3', 'L-2']],
  ])('with %s holds %j', async (filter, numbers) => {
    const answer = await office.ask('GET', `/v1/invoices?creditor=${creditorId}&${filter}`);

    expect(numbersOf(answer.body)).toEqual(numbers);
  });

  it.each(['dueDate', '-dueDate', 'balance', '-balance', 'wakeAt'])(
    'goes page by page in the order of %s, each invoice once',
    async (sort) => {
      const seen: string[] = [];
      let cursor = '';
      do {
        const { body } = await office.ask(
          'GET',
          `/v1/invoices?debtor=${debtorId}&sort=${sort}&limit=1${cursor && `&cursor=${cursor}`}`,
        );
        seen.push(...numbersOf(body));
        cursor = body.nextCursor;
      } while (cursor);

      expect([...seen].sort()).toEqual(['L-1', 'L-2', 'L-3', 'L-4']);
      expect(seen).toEqual(
        numbersOf((await office.ask('GET', `/v1/invoices?debtor=${debtorId}&sort=${sort}`)).body),
      );
    },
  );
});

describe('one invoice', () => {
  it('is told with its amounts, its holds, disputes and promises, and what comes next', async () => {
    const invoice = await office.invoice({ amountCents: 120_000 });
    await office.state(invoice.id, {
      type: 'disputeOpened',
      disputeId: uuidv7(),
      contestedCents: 20_000,
      reason: 'price',
    });
    await office.state(invoice.id, {
      type: 'promiseMade',
      promiseId: uuidv7(),
      amountCents: 50_000,
      promisedOn: '2026-03-20',
    });
    await office.state(invoice.id, {
      type: 'holdPlaced',
      holdId: uuidv7(),
      reason: 'commercial',
      until: '2026-03-09',
    });

    const { body } = await office.ask('GET', `/v1/invoices/${invoice.id}`);

    expect(body).toMatchObject({
      balance: { amount: 120_000, currency: 'EUR' },
      contested: { amount: 20_000 },
      asked: { amount: 100_000 },
      disputes: [{ reason: 'price', state: 'open' }],
      promises: [{ promisedOn: '2026-03-20', state: 'active' }],
      holds: [{ reason: 'commercial', inForce: true }],
      next: { state: 'disputed' },
    });
  });

  it('shows the hold that it came with, so that it can be lifted', async () => {
    const invoice = await office.invoice({ heldBecause: 'import' });

    const { body } = await office.ask('GET', `/v1/invoices/${invoice.id}`);

    expect(body).toMatchObject({ state: 'held', holds: [{ reason: 'import', inForce: true, until: null }] });
  });
});

describe('the timeline', () => {
  it('tells facts in order with their authors, in the language of the caller', async () => {
    const invoice = await office.invoice({ amountCents: 120_000, dueDate: '2026-02-20' });
    await office.state(invoice.id, {
      type: 'paymentRecorded',
      paymentId: uuidv7(),
      amountCents: 20_000,
      balanceCents: 100_000,
      on: '2026-03-02',
    });

    const { body } = await office.ask('GET', `/v1/invoices/${invoice.id}/timeline`);

    expect(body.items.map((entry: { text: string }) => entry.text)).toEqual([
      'Invoice registered: €1,200.00, due 20 February 2026, scenario "Standard".',
      'Payment of €200.00 dated 2 March 2026; €1,000.00 left.',
    ]);
    expect(body.items[0].author).toEqual({ kind: 'relance', id: 'relance', name: null });
  });

  it('names the person who recorded a fact', async () => {
    const invoice = await office.invoice();
    await office.ask(
      'POST',
      `/v1/invoices/${invoice.id}/promises`,
      { date: '2026-03-10' },
      { as: 'collector' },
    );

    const { body } = await office.ask('GET', `/v1/invoices/${invoice.id}/timeline`);

    expect(body.items.at(-1)).toMatchObject({
      type: 'promiseMade',
      author: { kind: 'user', name: 'collector' },
    });
  });
});

describe('why', () => {
  it('says why nothing happens now, and the dates of the steps to come', async () => {
    const invoice = await office.invoice({ dueDate: '2026-02-27' });

    const { body } = await office.ask('GET', `/v1/invoices/${invoice.id}/why`);

    expect(body.next.reasons).toEqual([expect.objectContaining({ code: 'step_planned', step: 'reminder' })]);
    expect(body.next.reasons[0].text).toMatch(/^Next step: "First reminder", on 5 Mar 2026/);
    expect(body.next).toMatchObject({ step: 'reminder', stepName: 'First reminder' });
    expect(body.lifeAhead.steps.map(({ step }: { step: string }) => step)).toEqual([
      'reminder',
      'second-reminder',
      'firm-reminder',
      'call',
      'last-reminder',
      'formal-notice',
      'hand-over',
    ]);
    expect(body.lifeAhead.then[0].text).toContain('handed over');
  });

  it('says what the creditor still owes when that keeps a message back', async () => {
    const creditorId = await office.creditor({ complete: false });
    const invoice = await office.invoice({ creditorId, dueDate: '2026-02-26' });
    office.clock.set('2026-03-06');
    await office.state(invoice.id, {
      type: 'stepRequested',
      step: 'reminder',
      occurrence: 1,
      channel: 'email',
    });

    const { body } = await office.ask('GET', `/v1/invoices/${invoice.id}/why`);

    expect(body.door[0]).toMatchObject({
      code: 'creditor_incomplete',
      missing: ['legalName', 'siren', 'address', 'iban', 'senderName', 'replyTo'],
    });
    office.clock.set('2026-03-02');
  });

  // What an auditor asks: what did we know, and what followed from it, on that day?
  it('answers for a day that has passed with the facts of that day alone', async () => {
    const invoice = await office.invoice({ amountCents: 120_000 });
    office.clock.set('2026-03-03');
    await office.state(invoice.id, {
      type: 'promiseMade',
      promiseId: uuidv7(),
      amountCents: 120_000,
      promisedOn: '2026-03-20',
    });
    office.clock.set('2026-03-04');
    await office.state(invoice.id, {
      type: 'paymentRecorded',
      paymentId: uuidv7(),
      amountCents: 120_000,
      balanceCents: 0,
      on: '2026-03-04',
    });

    const at = async (instant: string) =>
      (await office.ask('GET', `/v1/invoices/${invoice.id}/why?at=${instant}`)).body;

    expect(await at('2026-03-02T12:00:00Z')).toMatchObject({
      state: 'waiting',
      facts: 1,
      balance: { amount: 120_000 },
    });
    expect(await at('2026-03-03T12:00:00Z')).toMatchObject({ state: 'promised', facts: 2 });
    expect(await at('2026-03-04T10:00:00Z')).toMatchObject({
      state: 'paid',
      facts: 3,
      balance: { amount: 0 },
    });
    office.clock.set('2026-03-02');
  });

  it('refuses a moment before the invoice was known, or one to come', async () => {
    const invoice = await office.invoice();

    const answers = await Promise.all(
      ['2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z', 'yesterday'].map((at) =>
        office.ask('GET', `/v1/invoices/${invoice.id}/why?at=${at}`),
      ),
    );

    expect(answers.map(({ status, body }) => [status, body.field])).toEqual(
      [400, 400, 400].map((status) => [status, 'at']),
    );
  });
});

describe('the facts', () => {
  it('come as stored, so that a reader can check the chain himself', async () => {
    const invoice = await office.invoice();
    await office.state(invoice.id, {
      type: 'disputeOpened',
      disputeId: uuidv7(),
      contestedCents: 100,
      reason: 'price',
    });

    const first = (await office.ask('GET', `/v1/invoices/${invoice.id}/facts?limit=1`)).body;
    const second = (await office.ask('GET', `/v1/invoices/${invoice.id}/facts?cursor=${first.nextCursor}`))
      .body;

    const [entry] = second.items;
    expect(entry.previousHash).toBe(first.items[0].hash);
    expect(
      hashOf(entry.previousHash, entry.seq, {
        fact: entry.fact,
        type: entry.type,
        at: Date.parse(entry.at),
        body: entry.body,
      }),
    ).toBe(entry.hash);
    expect(second.nextCursor).toBeNull();
  });
});

describe('debtors', () => {
  it('are listed with what they owe, per currency', async () => {
    const debtorId = await office.debtor({ name: 'Zwei Währungen GmbH' });
    await office.invoice({ debtorId, amountCents: 10_000 });
    await office.invoice({ debtorId, amountCents: 5_000, currency: 'CHF' });

    const { body } = await office.ask('GET', '/v1/debtors?q=währungen');

    expect(body.items[0].open).toEqual([
      { invoices: 1, balance: { amount: 5_000, currency: 'CHF' } },
      { invoices: 1, balance: { amount: 10_000, currency: 'EUR' } },
    ]);
  });

  it('are told with their contacts, open items, credit, and what the door says next', async () => {
    const invoice = await office.invoice({ dueDate: '2026-02-26' });
    const { creditorId, debtorId } = invoice;
    await office.state(invoice.id, {
      type: 'stepRequested',
      step: 'reminder',
      occurrence: 1,
      channel: 'email',
    });
    const at = new Date(await office.clock.now());
    await office.house.db
      .insertInto('ledger_entry')
      .values({
        id: uuidv7(),
        creditor_id: creditorId,
        debtor_id: debtorId,
        currency: 'EUR',
        kind: 'payment',
        amount_cents: -999_900,
        day: '2026-03-01',
        at,
      })
      .execute();

    const { body } = await office.ask('GET', `/v1/debtors/${debtorId}`);

    expect(body).toMatchObject({
      contacts: [{ name: 'Claire Petit' }],
      openItems: [{ number: invoice.number }],
      credits: [{ creditorId, amount: { amount: 999_900, currency: 'EUR' } }],
    });
  });
});
