import { describe, expect, it } from 'vitest';
import { atTheDesk } from '../../db/desk.ts';
import { recordPayment } from '../../db/payments.ts';
import type { CivilDate } from '../../domain/time.ts';
import type { Invoice } from './invoice.ts';
import type { Debtor, Story } from './world.ts';
import { begin } from './world.ts';

// Due on Monday 2026-03-16; the first reminder leaves on 03-19, the second on 03-30; grace of two working days.
describe('one promise over several invoices', () => {
  it('of 1,000 of which 600 come: the rest is broken the next working day, the owner is told once, and each resumes once', async () => {
    const { story, debtor, a, b } = await promised();

    await debtor.paysOn('2026-03-26', 600);
    await story.until('2026-04-20');

    expect(await factsOf(a)).toEqual(['promiseMade 600.00', 'paymentRecorded 600.00']);
    expect(await factsOf(b)).toEqual(['promiseMade 400.00', 'promiseBroken 0.00']);
    expect([...(await statesOf(story))].sort()).toEqual(['broken', 'kept']);
    expect((await debtor.post()).slice(1)).toEqual([
      '2026-03-19 email reminder A-1+B-1 1000.00 EUR',
      '2026-04-01 email second-reminder B-1 400.00 EUR',
      '2026-04-10 email firm-reminder B-1 400.00 EUR',
      '2026-04-17 call call B-1 400.00 EUR',
    ]);
    const broken = (await story.toldOurPeople()).filter((mail) => mail.includes('promise_broken'));
    expect(broken).toEqual(['2026-04-01 Chloé internal_promise_broken']);
    expect(await keptRateOf(story, debtor)).toMatchObject([
      { due: 1, kept: 0, rate: 0, dueAmount: { amount: 100_000 }, keptAmount: { amount: 0 } },
    ]);
  });

  it('breaks on all its invoices in one moment, and the mail about it says so once', async () => {
    const { story, a, b } = await promised();

    await story.until('2026-04-01');

    expect(await factsOf(a)).toEqual(['promiseMade 600.00', 'promiseBroken 0.00']);
    expect(await factsOf(b)).toEqual(['promiseMade 400.00', 'promiseBroken 0.00']);
    expect((await story.toldOurPeople()).filter((mail) => mail.includes('promise_broken'))).toHaveLength(1);
  });

  it('is kept when the whole sum is in, though it was booked on one invoice more than was meant', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const a = await debtor.owes({ number: 'A-1', amount: 900, due: '2026-03-16' });
    const b = await debtor.owes({ number: 'B-1', amount: 400, due: '2026-03-18' });
    await story.morning('2026-03-23');
    await promise(story, '2026-03-27', [
      { invoice: a, amount: 600 },
      { invoice: b, amount: 400 },
    ]);

    await story.morning('2026-03-26');
    await a.pays(900);
    await b.pays(100);
    await story.until('2026-04-10');

    expect(await factsOf(b)).toEqual(['promiseMade 400.00', 'paymentRecorded 100.00', 'promiseKept 100.00']);
    expect(await statesOf(story)).toEqual(['kept', 'kept']);
    expect(await keptRateOf(story, debtor)).toMatchObject([{ due: 1, kept: 1, rate: 1 }]);
    expect((await debtor.post()).filter((letter) => letter.includes('B-1')).slice(1)).toEqual([
      '2026-03-27 email reminder B-1 300.00 EUR',
      '2026-04-07 email second-reminder B-1 300.00 EUR',
    ]);
  });

  it('is kept when less is missing than the creditor lets pass', async () => {
    const story = await begin({ day: '2026-03-02' });
    await story.people.ask('PATCH', `/creditors/${story.creditor}`, { promiseToleranceCents: 500 });
    const { debtor, b } = await promised(story);

    await debtor.paysOn('2026-03-26', 995.5);
    await story.until('2026-03-27');

    expect(await factsOf(b)).toEqual(['promiseMade 400.00', 'paymentRecorded 395.50', 'promiseKept 395.50']);
  });

  it('is taken back on all its invoices, which go on the next working day', async () => {
    const { story, debtor, promiseId } = await promised();

    await story.people.ask('POST', `/promises/${promiseId}/withdrawal`, {});
    await story.until('2026-03-30');

    expect((await debtor.post()).slice(2)).toEqual(['2026-03-30 email second-reminder A-1+B-1 1000.00 EUR']);
    expect(await keptRateOf(story, debtor)).toEqual([]);
  });
});

describe('a promise', () => {
  // F33: whoever has the lock of the debtor first is right, and what he did is what the other one finds.
  it.each([0, 1, 2, 5, 10, 20])(
    'that falls due as the payment lands (%i ms apart) is kept, or was broken before it, and never both',
    async (apart) => {
      const story = await begin({ day: '2026-03-02' });
      const debtor = await story.debtor();
      const invoice = await debtor.owes({ number: 'A-1', amount: 600, due: '2026-03-16' });
      await story.morning('2026-03-23');
      await invoice.promises({ by: '2026-03-27' });
      await story.until('2026-03-31');

      const { house } = story.engine;
      const lands = async () => {
        await new Promise((resolve) => setTimeout(resolve, apart));
        await atTheDesk(house, [debtor.id], (desk) =>
          recordPayment(
            desk,
            {
              creditorId: story.creditor,
              debtorId: debtor.id,
              currency: 'EUR',
              amountCents: 60_000,
              valueDate: '2026-03-31',
              reference: 'A-1',
            },
            { kind: 'bank', id: 'bank' },
          ),
        );
      };
      await Promise.all([story.hour('2026-04-01', 0), lands()]);
      await story.until('2026-04-02');

      const facts = await factsOf(invoice);
      expect(facts).toEqual(['promiseMade 600.00', 'paymentRecorded 600.00']);
      expect(await statesOf(story)).toEqual(['kept']);
      expect((await story.toldOurPeople()).filter((mail) => mail.includes('promise_broken'))).toEqual([]);
    },
  );

  it('that was kept with money that went back was not kept', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'A-1', amount: 600, due: '2026-03-16' });
    await story.morning('2026-03-23');
    await invoice.promises({ by: '2026-03-27' });
    const payment = await invoice.pays();
    expect(await statesOf(story)).toEqual(['kept']);

    await invoice.comesBack(payment);

    expect(await statesOf(story)).toEqual(['broken']);
    expect(await keptRateOf(story, debtor)).toMatchObject([{ due: 1, kept: 0 }]);
  });

  it('beyond the bounds needs somebody who may, with his reason', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'A-1', amount: 600, due: '2026-03-16' });
    await story.morning('2026-03-23');

    await expect(invoice.promises({ by: '2026-05-04' })).rejects.toThrow('promise-too-far');
    await story.people.ask('POST', `/invoices/${invoice.id}/promises`, {
      date: '2026-05-04',
      override: { reason: 'seasonal_trade' },
    });

    expect(await factsOf(invoice)).toEqual(['promiseMade 600.00']);
  });
});

describe('bank data that are too old', () => {
  it('keep a promise from being called broken, the owner is told once, and it is judged when they come', async () => {
    const story = await begin({ day: '2026-03-02' });
    await watched(story, '2026-03-24');
    const { debtor, a, b } = await promised(story);

    await story.until('2026-04-08');
    expect(await factsOf(a)).toEqual(['promiseMade 600.00', 'bankDataAwaited']);
    expect(await a.reasons()).toContain('bank_data_old');
    expect((await story.toldOurPeople()).filter((mail) => mail.includes('bank_data'))).toEqual([
      '2026-04-01 Chloé internal_bank_data_old',
    ]);
    expect((await debtor.post()).slice(2)).toEqual([]);

    await story.morning('2026-04-09');
    await story.people.ask('POST', `/creditors/${story.creditor}/bank-data`, { completeTo: '2026-04-08' });
    await story.until('2026-04-09');
    expect((await factsOf(a)).at(-1)).toBe('promiseBroken 0.00');
    expect((await factsOf(b)).at(-1)).toBe('promiseBroken 0.00');

    expect((await debtor.post()).slice(2)).toEqual(['2026-04-09 email second-reminder A-1+B-1 1000.00 EUR']);
  });

  it('that bring the money make the promise kept', async () => {
    const story = await begin({ day: '2026-03-02' });
    await watched(story, '2026-03-24');
    const { debtor, a } = await promised(story);
    await story.until('2026-04-08');

    await debtor.paysByBank(1000, '2026-03-27');
    await story.until('2026-04-20');

    expect((await factsOf(a)).slice(1)).toEqual(['bankDataAwaited', 'paymentRecorded 600.00']);
    expect(await statesOf(story)).toEqual(['kept', 'kept']);
    expect((await story.toldOurPeople()).filter((mail) => mail.includes('promise_broken'))).toEqual([]);
  });

  it('are not watched where payments are recorded by hand', async () => {
    const { story, a } = await promised();

    await story.until('2026-04-01');

    expect((await factsOf(a)).at(-1)).toBe('promiseBroken 0.00');
  });
});

interface Promised {
  readonly story: Story;
  readonly debtor: Debtor & {
    paysOn(day: CivilDate, amount: number): Promise<void>;
    paysByBank(amount: number, day: CivilDate): Promise<void>;
  };
  readonly a: Invoice;
  readonly b: Invoice;
  readonly promiseId: string;
}

/** A debtor who owes 600 and 400 and, after a first reminder, has promised all of it for Friday 2026-03-27. */
async function promised(given?: Story): Promise<Promised> {
  const story = given ?? (await begin({ day: '2026-03-02' }));
  const debtor = await story.debtor();
  const a = await debtor.owes({ number: 'A-1', amount: 600, due: '2026-03-16' });
  const b = await debtor.owes({ number: 'B-1', amount: 400, due: '2026-03-16' });
  await story.morning('2026-03-23');
  const promiseId = await promise(story, '2026-03-27', [{ invoice: a }, { invoice: b }]);
  const pays = (amount: number, valueDate: CivilDate) => ({
    creditorId: story.creditor,
    debtorId: debtor.id,
    currency: 'EUR',
    amountCents: Math.round(amount * 100),
    valueDate,
    reference: 'A-1 B-1',
  });
  return {
    story,
    a,
    b,
    promiseId,
    debtor: Object.assign(debtor, {
      paysOn: async (day: CivilDate, amount: number) => {
        await story.morning(day);
        await atTheDesk(story.engine.house, [debtor.id], (desk) =>
          recordPayment(desk, pays(amount, day), { kind: 'user', id: 'somebody' }),
        );
        await story.engine.settle();
      },
      paysByBank: async (amount: number, day: CivilDate) => {
        await atTheDesk(story.engine.house, [debtor.id], (desk) =>
          recordPayment(desk, pays(amount, day), { kind: 'bank', id: 'bank' }),
        );
        await story.engine.settle();
      },
    }),
  };
}

async function promise(
  story: Story,
  date: CivilDate,
  invoices: readonly { invoice: Invoice; amount?: number }[],
): Promise<string> {
  const said = await story.people.ask('POST', '/promises', {
    date,
    invoices: invoices.map(({ invoice, amount }) => ({
      invoiceId: invoice.id,
      ...(amount === undefined ? {} : { amount: amount * 100 }),
    })),
  });
  return (said as unknown as { promiseId: string }).promiseId;
}

/** The creditor's bank data may be two working days old, and go to that day. */
async function watched(story: Story, knownTo: CivilDate): Promise<void> {
  await story.people.ask('PATCH', `/creditors/${story.creditor}`, { bankDataDaysMax: 2 });
  await atTheDesk(story.engine.house, [], (desk) =>
    desk.tx
      .insertInto('bank_data')
      .values({ creditor_id: story.creditor, known_to: knownTo, stated_by: 'story', at: new Date(desk.now) })
      .execute(),
  );
}

/** The facts about money and promises, oldest first, with their sums. */
async function factsOf(invoice: Invoice): Promise<readonly string[]> {
  const facts = await invoice.facts();
  return facts.flatMap((fact) => {
    if (!/^(promise|payment|bankData)/.test(fact.type)) return [];
    const cents =
      'receivedCents' in fact ? fact.receivedCents : 'amountCents' in fact ? fact.amountCents : null;
    return [cents === null ? fact.type : `${fact.type} ${(cents / 100).toFixed(2)}`];
  });
}

async function statesOf(story: Story): Promise<readonly string[]> {
  const rows = await story.engine.house.db
    .selectFrom('promise')
    .select('state')
    .orderBy('made_at')
    .orderBy('invoice_id')
    .execute();
  return rows.map(({ state }) => state);
}

async function keptRateOf(story: Story, debtor: Debtor): Promise<unknown> {
  const said = await story.people.ask('GET', `/debtors/${debtor.id}`);
  const listed = await story.people.ask('GET', '/debtors');
  const { promises } = said as unknown as { promises: unknown };
  const inList = (listed.items as unknown as readonly { id: string; promises: unknown }[]).find(
    ({ id }) => id === debtor.id,
  );
  expect(inList?.promises).toEqual(promises);
  return promises;
}
