import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { hourMs } from '../../domain/time.ts';
import { begin } from './world.ts';

describe('the stop switch', () => {
  it('lets nothing leave, and afterwards lets the debtors out one after the other', async () => {
    const story = await begin({ day: '2026-03-16' });
    await story.people.setsDoor({ restartPerHour: 1 });
    const debtors = await Promise.all([story.debtor(), story.debtor(), story.debtor(), story.debtor()]);
    for (const debtor of debtors) {
      await debtor.owes({ number: `F-1 ${debtor.id}`, amount: 1200, due: '2026-03-16' });
      await debtor.owes({ number: `F-2 ${debtor.id}`, amount: 300, due: '2026-03-18' });
    }
    await story.morning('2026-03-19');
    const stop = await story.people.stops('everything');

    await story.hour('2026-03-24', 11);
    for (const debtor of debtors) expect(await debtor.post()).toEqual([]);
    await story.people.lifts(stop);
    await story.until('2026-03-24');

    const letters = (await Promise.all(debtors.map((debtor) => debtor.letters()))).flat();
    expect(letters.map(({ day, invoices }) => [day, invoices.length])).toEqual(
      debtors.map(() => ['2026-03-24', 2]),
    );
    const moments = letters.map(({ at }) => at).sort((a, b) => a - b);
    const gaps = moments.slice(1).map((at, place) => Math.round((at - (moments[place] ?? 0)) / hourMs));
    expect(gaps).toEqual([1, 1, 1]);
  });

  it('over one creditor leaves the others alone', async () => {
    const story = await begin({ day: '2026-03-16' });
    const other = await story.creditorNamed('Fonderies Durand');
    const [ours, theirs] = [await story.debtor(), await story.debtor()];
    const stopped = await ours.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    await theirs.owes({ number: 'F-1', amount: 500, due: '2026-03-16', creditor: other });
    await story.people.stops('creditor', story.creditor);

    await story.until('2026-03-20');

    expect(await stopped.heldAtTheDoorBy()).toBe('stopped');
    expect(await ours.post()).toEqual([]);
    expect(await theirs.post()).toEqual(['2026-03-19 email reminder F-1 500.00 EUR']);
  });

  it('over one invoice leaves the others of its debtor alone', async () => {
    const story = await begin({ day: '2026-03-16' });
    const debtor = await story.debtor();
    const stopped = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    await debtor.owes({ number: 'F-2', amount: 300, due: '2026-03-16' });
    await story.people.stops('invoice', stopped.id);

    await story.until('2026-03-20');

    expect(await debtor.post()).toEqual(['2026-03-19 email reminder F-2 300.00 EUR']);
  });

  it('does not make a file forget what came meanwhile', async () => {
    const story = await begin({ day: '2026-03-16' });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    const stop = await story.people.stops('everything');
    await story.until('2026-03-19');
    await invoice.pays(900);

    await story.morning('2026-03-24');
    await story.people.lifts(stop);
    await story.until('2026-03-24');

    expect(await debtor.post()).toEqual(['2026-03-24 email reminder F-1 300.00 EUR']);
  });

  // The end lies in the night: what was kept back leaves in working hours, at the rate that is set.
  it('with a last day is lifted when that day is over, by itself, and lets the debtors out at the rate that is set', async () => {
    const story = await begin({ day: '2026-03-16' });
    await story.people.setsDoor({ restartPerHour: 1 });
    const debtors = await Promise.all([story.debtor(), story.debtor(), story.debtor()]);
    for (const debtor of debtors)
      await debtor.owes({ number: `F-${debtor.id}`, amount: 1200, due: '2026-03-16' });
    await story.people.stops('creditor', story.creditor, { until: '2026-03-27' });

    await story.until('2026-03-27');
    for (const debtor of debtors) expect(await debtor.post()).toEqual([]);
    expect(await story.people.stopsInForce()).toHaveLength(1);
    await story.until('2026-03-30');

    expect(await story.people.stopsInForce()).toEqual([]);
    const letters = (await Promise.all(debtors.map((debtor) => debtor.letters()))).flat();
    expect(letters.map(({ day }) => day)).toEqual(debtors.map(() => '2026-03-30'));
    const moments = letters.map(({ at }) => at).sort((a, b) => a - b);
    expect(moments.slice(1).map((at, place) => Math.round((at - (moments[place] ?? 0)) / hourMs))).toEqual([
      1, 1,
    ]);
    const entries = await story.engine.house.db
      .selectFrom('journal')
      .select(['type', sql<string>`body::jsonb ->> 'by'`.as('by')])
      .where('subject', '=', 'stop')
      .orderBy('seq')
      .execute();
    expect(entries.map(({ type }) => type)).toEqual(['stopPulled', 'stopLifted']);
    expect(entries.at(-1)?.by).toBe('relance');
  });

  it('that is lifted before its last day is over does nothing more', async () => {
    const story = await begin({ day: '2026-03-16' });
    const debtor = await story.debtor();
    await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    const stop = await story.people.stops('everything', undefined, { until: '2026-03-27' });
    await story.morning('2026-03-24');

    await story.people.lifts(stop);
    await story.people.stops('everything');
    await story.until('2026-03-31');

    expect(await debtor.post()).toEqual([]);
    expect(await story.people.stopsInForce()).toHaveLength(1);
  });
});
