import { describe, expect, it } from 'vitest';
import { begin } from './world.ts';

interface Clocks {
  readonly clocks: readonly {
    readonly clock: string;
    readonly on: string;
    readonly warnings: readonly { readonly on: string; readonly given: boolean }[];
  }[];
  readonly limitation: {
    readonly on: string | null;
    readonly sector: string | null;
    readonly interruptedBy: {
      readonly text: string;
      readonly evidence: { readonly reference: string | null };
    } | null;
  };
  readonly litigation: { readonly possible: boolean; readonly because: string | null };
}

describe('the limitation of an invoice', () => {
  it('is warned of, interrupted with its proof, and past it nothing leaves while a task stands open', async () => {
    const story = await begin({ day: '2026-03-02' });
    await story.people.ask('PATCH', `/creditors/${story.creditor}`, { sector: 'transport' });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'T-1', amount: 800, due: '2026-03-16' });
    await invoice.isHeld(null);
    const clocks = async () =>
      (await story.people.ask('GET', `/invoices/${invoice.id}/clocks`)) as unknown as Clocks;
    expect((await clocks()).limitation).toMatchObject({ on: '2027-02-14', sector: 'transport' });
    expect((await clocks()).litigation).toMatchObject({ possible: false, because: 'no_notice' });

    await story.until('2026-11-14');
    expect((await clocks()).clocks.find(({ clock }) => clock === 'limitation')?.warnings).toEqual([
      { on: '2026-08-14', given: true },
      { on: '2026-11-14', given: true },
      { on: '2027-01-14', given: false },
    ]);
    expect((await story.toldOurPeople()).filter((mail) => mail.includes('legal_clock'))).toEqual([
      '2026-08-14 Chloé internal_legal_clock',
      '2026-08-14 Marc internal_legal_clock',
      '2026-11-14 Chloé internal_legal_clock',
      '2026-11-14 Marc internal_legal_clock',
    ]);

    await story.people.ask('POST', `/invoices/${invoice.id}/limitation-events`, {
      kind: 'acknowledgement',
      by: 'written_promise',
      on: '2026-11-10',
      reference: 'mail of 10 November, folder T',
    });
    expect((await clocks()).limitation).toMatchObject({
      on: '2027-11-10',
      interruptedBy: { evidence: { reference: 'mail of 10 November, folder T' } },
    });

    await story.until('2027-11-12');
    const posted = (await debtor.post()).length;
    expect(await invoice.tasks()).toEqual(['limitation']);
    expect(await invoice.reasons()).toContain('limited');
    await story.until('2027-12-31');
    expect((await debtor.post()).length).toBe(posted);

    // What limits it was said wrongly: the file goes on by itself.
    await story.people.ask('PATCH', `/creditors/${story.creditor}`, { sector: 'general' });
    await story.until('2028-01-03');
    expect(await invoice.tasks()).toEqual([]);
    expect(await invoice.reasons()).not.toContain('limited');
    expect(
      (await invoice.told()).filter((line) => /limitationMoved|clockWarned/.test(line)).length,
    ).toBeGreaterThan(4);
  });
});

describe('the phases of a file', () => {
  it('end with a word ahead to whoever works it, one for all invoices whose phase ends that day, and then a task', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const a = await debtor.owes({ number: 'A-1', amount: 800, due: '2026-03-16' });
    const b = await debtor.owes({ number: 'B-1', amount: 300, due: '2026-03-16' });

    await story.until('2026-05-18');

    const phases = (mail: string) => mail.includes('phase_ends');
    expect((await story.toldOurPeople()).filter(phases)).toEqual(['2026-05-11 Chloé internal_phase_ends']);
    for (const invoice of [a, b]) {
      expect((await invoice.told()).filter((line) => line.includes('clockWarned'))).toHaveLength(1);
      expect(await invoice.tasks()).toContain('escalation');
    }
    const posted = (await debtor.post()).length;
    await story.until('2026-06-30');
    expect((await debtor.post()).length).toBe(posted);
  });
});

describe('the terms of a credit insurer', () => {
  it('are watched until he has been told, with the proof of it', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'A-1', amount: 800, due: '2026-03-16' });
    await invoice.isHeld(null);
    const notice = { notice: 'overdue', on: '2026-04-02', reference: 'portal of the insurer, 2 April' };
    const tell = () => story.people.ask('POST', `/invoices/${invoice.id}/insurer-notices`, notice);
    await story.until('2026-04-02');
    await expect(tell()).rejects.toThrow('not-insured');
    await story.people.ask('POST', `/creditors/${story.creditor}/insurance-policy`, {
      policy: { number: 'P-1', overdueNoticeDays: 30, interventionDays: 90, indemnityDays: 60 },
    });
    await story.until('2026-04-03');
    const clocks = async () => {
      const read = await story.people.ask('GET', `/invoices/${invoice.id}/clocks`);
      return (read as unknown as Clocks).clocks.map(({ clock, on }) => `${clock} ${on}`);
    };
    expect(await clocks()).toContain('insurer_overdue_notice 2026-04-15');

    await tell();
    await story.until('2026-05-04');

    expect(await clocks()).not.toContain('insurer_overdue_notice 2026-04-15');
    expect(await clocks()).toContain('insurer_intervention 2026-06-14');
    expect(await story.people.ask('GET', `/invoices/${invoice.id}/clocks`)).toMatchObject({
      insurer: [notice],
    });
    const warned = (await invoice.facts()).flatMap((fact) =>
      fact.type === 'clockWarned' ? [`${fact.clock} ${fact.for}`] : [],
    );
    expect(warned).toEqual(['insurer_overdue_notice 2026-03-31']);
  });
});
