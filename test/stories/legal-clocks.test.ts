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
