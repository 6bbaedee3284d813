import { describe, expect, it } from 'vitest';
import type { Invoice } from './invoice.ts';
import type { Debtor, Story } from './world.ts';
import { begin } from './world.ts';

interface Plan {
  readonly id: string;
  readonly state: string;
  readonly late: boolean;
  readonly instalments: readonly {
    readonly number: number;
    readonly dueOn: string;
    readonly amount: { readonly amount: number };
    readonly paid: { readonly amount: number };
    readonly missedOn: string | null;
  }[];
}

// Due on Monday 2026-03-16; the first reminder leaves on 03-19. Three instalments of 400: 04-01, 05-01 (a holiday), 06-01.
describe('an instalment plan', () => {
  it('of three of which one is paid and one missed: the right one is late, the owner is told, then it breaks and the scenario resumes once', async () => {
    const { story, debtor, a, b, plan } = await agreed();

    await pays(story, debtor, '2026-04-01', 40_000);
    await story.until('2026-04-30');
    expect(await a.state()).toBe('in_plan');
    expect(await plan()).toMatchObject({ state: 'running', late: false });

    // Friday 1 May is a holiday: the bank books on Monday the 4th, so on Tuesday the 5th the money has not come.
    await story.until('2026-05-04');
    expect(await plan()).toMatchObject({ late: false });
    await story.until('2026-05-05');
    const late = await plan();
    expect(late).toMatchObject({ state: 'running', late: true });
    expect(late.instalments.map(({ paid, missedOn }) => [paid.amount, missedOn])).toEqual([
      [40_000, null],
      [0, '2026-05-05'],
      [0, null],
    ]);
    expect(await b.reasons()).toEqual(['plan_running', 'plan_late']);
    expect((await debtor.post()).slice(2)).toEqual([]);

    await story.until('2026-05-13');

    expect(await plan()).toMatchObject({ state: 'broken' });
    expect((await story.people.ask('GET', `/debtors/${debtor.id}`)) as unknown).toMatchObject({
      promises: [{ due: 1, kept: 0, rate: 0 }],
    });
    expect(await factsOf(b)).toEqual(['planStarted', 'instalmentMissed', 'planEnded']);
    expect((await story.toldOurPeople()).filter((mail) => /instalment|plan/.test(mail))).toEqual([
      '2026-05-05 Chloé internal_instalment_missed',
      '2026-05-13 Chloé internal_plan_broken',
    ]);
    // Where it was left: the second reminder, and none of the courtesies again.
    expect((await debtor.post()).slice(2)).toEqual(['2026-05-13 email second-reminder A-1+B-1 800.00 EUR']);
  });

  it('that is kept ends with its last payment, and nothing more is said', async () => {
    const { story, debtor, a, b, plan } = await agreed();

    for (const day of ['2026-04-01', '2026-05-04', '2026-06-01']) await pays(story, debtor, day, 40_000);
    await story.until('2026-06-30');

    expect(await plan()).toMatchObject({ state: 'finished', late: false });
    expect([await a.state(), await b.state()]).toEqual(['paid', 'paid']);
    expect((await debtor.post()).slice(2)).toEqual([]);
    expect((await story.toldOurPeople()).filter((mail) => /instalment|plan/.test(mail))).toEqual([]);
  });

  it('gets the money that names it, though an older invoice is open', async () => {
    const { story, debtor, planId, plan } = await agreed();
    const older = await debtor.owes({ number: 'Z-1', amount: 400, due: '2026-02-16' });

    await story.morning('2026-04-01');
    await story.people.ask('POST', '/payments', {
      creditorId: story.creditor,
      debtorId: debtor.id,
      amount: { amount: 40_000, currency: 'EUR' },
      valueDate: '2026-04-01',
      reference: `virement plan ${planId.slice(-8)}`,
    });

    expect((await plan()).instalments[0]?.paid.amount).toBe(40_000);
    expect((await older.file()).balanceCents).toBe(40_000);
  });

  it('that catches up within its days of grace is late no longer', async () => {
    const { story, debtor, b, plan } = await agreed();

    await story.until('2026-04-02');
    expect(await plan()).toMatchObject({ late: true });
    await pays(story, debtor, '2026-04-07', 40_000);
    await story.until('2026-04-20');

    expect(await plan()).toMatchObject({ state: 'running', late: false });
    expect(await factsOf(b)).toEqual(['planStarted', 'instalmentMissed', 'planCaughtUp']);
  });

  it('is broken at once with the second instalment missed, though the first was made good', async () => {
    const { story, debtor, plan } = await agreed();

    await story.until('2026-04-02');
    await pays(story, debtor, '2026-04-07', 40_000);
    await story.until('2026-05-05');

    expect(await plan()).toMatchObject({ state: 'broken' });
  });

  it('that is withdrawn lets its invoices go on the next working day', async () => {
    const { story, debtor, planId } = await agreed();

    await story.morning('2026-04-01');
    await story.people.ask('POST', `/plans/${planId}/withdrawal`, { reason: 'debtor_asked' });
    await story.until('2026-04-02');

    expect((await debtor.post()).slice(2)).toEqual(['2026-04-02 email second-reminder A-1+B-1 1200.00 EUR']);
  });

  it('is not judged on old bank data, and at once when they come', async () => {
    const story = await begin({ day: '2026-03-02' });
    await story.people.ask('PATCH', `/creditors/${story.creditor}`, { bankDataDaysMax: 2 });
    await story.people.ask('POST', `/creditors/${story.creditor}/bank-data`, { completeTo: '2026-03-01' });
    const { plan } = await agreed(story);

    await story.until('2026-04-10');
    expect(await plan()).toMatchObject({ state: 'running', late: false });
    expect((await story.toldOurPeople()).filter((mail) => mail.includes('bank_data'))).toHaveLength(1);

    await story.morning('2026-04-13');
    await story.people.ask('POST', `/creditors/${story.creditor}/bank-data`, { completeTo: '2026-04-12' });
    await story.until('2026-04-13');

    expect(await plan()).toMatchObject({ state: 'broken' });
  });

  it('is over with the judgment that forbids to pay it: nobody misses an instalment, and none is proposed any more', async () => {
    const { story, debtor, a, b, plan } = await agreed();

    await story.people.ask('POST', `/debtors/${debtor.id}/insolvency`, { judgmentOn: '2026-03-23' });
    await story.until('2026-06-02');

    expect(await plan()).toMatchObject({ state: 'withdrawn', late: false });
    expect(await factsOf(b)).toEqual(['planStarted', 'planEnded']);
    expect(await a.tasks()).toEqual(['insolvency']);
    expect((await story.toldOurPeople()).filter((mail) => /instalment|plan/.test(mail))).toEqual([]);
    const again = { invoiceIds: [a.id], equal: { count: 3, firstOn: '2026-07-01' } };
    await expect(story.people.ask('POST', '/plans', again)).rejects.toThrow('claim-insolvent');
  });

  it('that was only proposed silences nobody, and is not accepted for a debt that has changed', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const a = await debtor.owes({ number: 'A-1', amount: 1200, due: '2026-03-16' });
    await story.morning('2026-03-17');
    const { id } = await story.people.ask('POST', '/plans', {
      invoiceIds: [a.id],
      equal: { count: 3, firstOn: '2026-04-01' },
    });

    await story.until('2026-03-19');
    expect((await debtor.post()).at(-1)).toBe('2026-03-19 email reminder A-1 1200.00 EUR');
    await a.pays(100);

    await expect(
      story.people.ask('POST', `/plans/${id}/acceptance`, { on: '2026-03-19', how: 'email' }),
    ).rejects.toThrow('plan-outdated');
  });
});

interface Agreed {
  readonly story: Story;
  readonly debtor: Debtor;
  readonly a: Invoice;
  readonly b: Invoice;
  readonly planId: string;
  readonly plan: () => Promise<Plan>;
}

/** A debtor who owes 700 and 500 and, after a first reminder, pays them in three instalments. */
async function agreed(given?: Story): Promise<Agreed> {
  const story = given ?? (await begin({ day: '2026-03-02' }));
  const debtor = await story.debtor();
  const a = await debtor.owes({ number: 'A-1', amount: 700, due: '2026-03-16' });
  const b = await debtor.owes({ number: 'B-1', amount: 500, due: '2026-03-16' });
  await story.morning('2026-03-23');
  const { id: planId } = await story.people.ask('POST', '/plans', {
    invoiceIds: [a.id, b.id],
    equal: { count: 3, firstOn: '2026-04-01' },
  });
  await story.people.ask('POST', `/plans/${planId}/acceptance`, { on: '2026-03-23', how: 'signed' });
  return {
    story,
    debtor,
    a,
    b,
    planId,
    plan: async () => (await story.people.ask('GET', `/plans/${planId}`)) as unknown as Plan,
  };
}

/** A transfer that names nothing: the oldest due is settled first. */
async function pays(story: Story, debtor: Debtor, day: string, cents: number): Promise<void> {
  await story.morning(day);
  await story.people.ask('POST', '/payments', {
    creditorId: story.creditor,
    debtorId: debtor.id,
    amount: { amount: cents, currency: 'EUR' },
    valueDate: day,
  });
}

async function factsOf(invoice: Invoice): Promise<readonly string[]> {
  const facts = await invoice.facts();
  return facts.flatMap(({ type }) => (/^(plan|instalment)/.test(type) ? [type] : []));
}
