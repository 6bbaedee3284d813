import { describe, expect, it } from 'vitest';
import type { Invoice } from './invoice.ts';
import { begin } from './world.ts';

interface Read {
  readonly insolvency: {
    readonly declarations: readonly {
      readonly sentOn: string | null;
      readonly taskId: string | null;
      readonly lastDay: { readonly on: string; readonly because: string } | null;
      readonly relief: { readonly on: string } | null;
      readonly claims: readonly {
        readonly number: string;
        readonly principal: { readonly amount: number };
      }[];
      readonly totals: readonly { readonly amount: number }[];
    }[];
    readonly later: readonly { readonly number: string }[];
  };
}

describe('a judgment against a debtor', () => {
  it('silences the claims of before it at once, by the day of performance or of the invoice, and lets later ones go on', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const earlier = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    const second = await debtor.owes({ number: 'F-2', amount: 300, due: '2026-06-15' });
    await story.until('2026-04-15');
    expect(await earlier.tasks()).toEqual(['call']);

    await story.people.ask('POST', `/debtors/${debtor.id}/insolvency`, {
      judgmentOn: '2026-04-14',
      kind: 'receivership',
    });
    // Invoiced before the judgment, but performed after it; and the other way round.
    const later = await debtor.owes({ number: 'F-3', amount: 500, due: '2026-05-20' });
    const performedBefore = await debtor.owes({ number: 'F-4', amount: 700, due: '2026-05-20' });
    await performed(performedBefore, '2026-03-30');
    // Due long after, performed before: the due date says nothing.
    await performed(second, '2026-04-13');

    expect(await earlier.tasks()).toEqual(['insolvency']);
    expect(await second.tasks()).toEqual(['insolvency']);
    expect(await performedBefore.tasks()).toEqual(['insolvency']);
    expect(await later.tasks()).toEqual([]);
    const posted = (await debtor.post()).length;
    await story.until('2026-06-30');
    const since = (await debtor.post()).slice(posted);
    expect(since.length).toBeGreaterThan(1);
    expect(since.every((line) => line.includes('F-3 500.00 EUR'))).toBe(true);

    const { insolvency } = await read(story.people, debtor.id);
    expect(insolvency.declarations).toMatchObject([
      {
        claims: [
          { number: 'F-1', interest: { amount: 1_118 }, lumpSum: { amount: 4_000 } },
          { number: 'F-4' },
          { number: 'F-2' },
        ],
        totals: [{ amount: 225_118 }],
        lastDay: null,
      },
    ]);
    expect(insolvency.later).toMatchObject([{ number: 'F-3' }]);
    expect((await earlier.told()).filter((line) => line.includes('debtorInsolvent'))).toHaveLength(1);
  });

  it('is declared by its last day: one task for all claims, warnings a month and a week ahead, then of relief', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const first = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    const second = await debtor.owes({ number: 'F-2', amount: 300, due: '2026-03-20' });
    await story.morning('2026-03-24');
    await story.people.ask('POST', `/debtors/${debtor.id}/insolvency`, { judgmentOn: '2026-03-20' });
    await story.people.ask('POST', `/debtors/${debtor.id}/insolvency`, {
      judgmentOn: '2026-03-20',
      publishedOn: '2026-03-24',
    });

    const taskOf = async (invoice: Invoice) => (await invoice.file()).tasks[0]?.taskId;
    const { insolvency } = await read(story.people, debtor.id);
    expect(insolvency.declarations).toMatchObject([
      {
        lastDay: { on: '2026-05-26', because: 'published' },
        relief: { on: '2026-09-24' },
        taskId: await taskOf(first),
      },
    ]);
    expect(await taskOf(second)).toBe(await taskOf(first));

    await story.until('2026-05-27');
    expect(await warnings(first)).toEqual([
      '2026-04-26 claim_declaration 2026-05-26',
      '2026-05-19 claim_declaration 2026-05-26',
      '2026-05-27 declaration_relief 2026-09-24',
    ]);
    const mails = (await story.toldOurPeople()).filter((mail) => mail.includes('internal_legal_clock'));
    expect(mails).toHaveLength(6);

    await first.task('insolvency', 'done');
    await story.until('2026-10-01');
    expect(await warnings(second)).toHaveLength(3);
    expect(await second.tasks()).toEqual([]);
    expect((await read(story.people, debtor.id)).insolvency.declarations).toMatchObject([
      { sentOn: '2026-05-27', taskId: null },
    ]);
  });
});

describe('a claim of before the judgment that comes in after the declaration was sent', () => {
  it('has a line, a task and warnings of its own; what was declared keeps its day', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const first = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    await story.people.ask('POST', `/debtors/${debtor.id}/insolvency`, {
      judgmentOn: '2026-03-02',
      publishedOn: '2026-03-02',
    });
    await performed(first, '2026-02-10');
    await story.morning('2026-04-07');
    // Known on the day after the declaration was sent, so it cannot be in it.
    const second = await debtor.owes({ number: 'F-2', amount: 300, due: '2026-05-20' });
    await performed(second, '2026-02-20');
    const [task] = (await first.file()).tasks;
    await story.people.ask('POST', `/tasks/${task!.taskId}/outcome`, {
      outcome: 'done',
      declaredOn: '2026-04-06',
    });

    const declarations = async () => (await read(story.people, debtor.id)).insolvency.declarations;
    expect(await first.tasks()).toEqual([]);
    expect(await second.tasks()).toEqual(['insolvency']);
    expect(await declarations()).toMatchObject([
      { sentOn: '2026-04-06', claims: [{ number: 'F-1' }], taskId: null },
      {
        sentOn: null,
        claims: [{ number: 'F-2' }],
        taskId: (await second.file()).tasks[0]?.taskId,
        lastDay: { on: '2026-05-04' },
        relief: { on: '2026-09-02' },
      },
    ]);

    await story.until('2026-05-06');
    expect(await warnings(second)).toEqual([
      '2026-04-07 claim_declaration 2026-05-04',
      '2026-04-27 claim_declaration 2026-05-04',
      '2026-05-05 declaration_relief 2026-09-02',
    ]);
    expect(await warnings(first)).toEqual(['2026-04-04 claim_declaration 2026-05-04']);
    await second.task('insolvency', 'done');
    expect((await declarations()).map(({ sentOn }) => sentOn)).toEqual(['2026-04-06', '2026-05-06']);
    await story.until('2026-10-01');
    expect(await warnings(second)).toHaveLength(3);
  });
});

describe('what comes to be owed of a claim after it was declared', () => {
  // It is lost with the last day (L622-26 C. com.), and its invoice has asked for its declaration already.
  it('has a line, a task and warnings of its own; what was declared keeps its day and its sums, also once the file is over', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 1000, due: '2026-03-16' });
    const payment = await invoice.pays(600);
    await story.morning('2026-03-04');
    await story.people.ask('POST', `/debtors/${debtor.id}/insolvency`, {
      judgmentOn: '2026-03-03',
      publishedOn: '2026-03-04',
    });
    await invoice.task('insolvency', 'done');

    await story.morning('2026-03-09');
    // A dividend makes the claim no smaller: it is a part of what was declared.
    await invoice.pays(100);
    await invoice.comesBack(payment);
    await story.until('2026-04-05');

    const lines = async () =>
      (await read(story.people, debtor.id)).insolvency.declarations.map(({ sentOn, claims }) => [
        sentOn,
        ...claims.map(({ principal }) => principal.amount),
      ]);
    expect(await lines()).toEqual([
      ['2026-03-04', 40_000],
      [null, 60_000],
    ]);
    expect(await invoice.tasks()).toEqual(['insolvency']);
    expect(await warnings(invoice)).toEqual(['2026-04-04 claim_declaration 2026-05-04']);

    await invoice.task('insolvency', 'done');
    await invoice.writtenOff();
    await story.until('2026-06-01');
    expect(await lines()).toEqual([
      ['2026-03-04', 40_000],
      ['2026-04-05', 60_000],
    ]);
    expect(await warnings(invoice)).toHaveLength(1);
  });
});

async function performed(invoice: Invoice, performedOn: string): Promise<void> {
  await invoice.story.people.ask('POST', `/invoices/${invoice.id}/correction`, { performedOn });
}

async function read(people: Invoice['story']['people'], debtorId: string): Promise<Read> {
  return (await people.ask('GET', `/debtors/${debtorId}/insolvency`)) as unknown as Read;
}

/** The warnings of its journal, as `day clock last-day`. */
async function warnings(invoice: Invoice): Promise<readonly string[]> {
  return (await invoice.facts()).flatMap((fact) =>
    fact.type === 'clockWarned' ? [`${fact.day} ${fact.clock} ${fact.on}`] : [],
  );
}
