import { describe, expect, it } from 'vitest';
import { rankOf } from '../../domain/level.ts';
import { daysBetween } from '../../domain/time.ts';
import { begin } from './world.ts';
import type { Debtor } from './world.ts';

describe('after an outage of six days', () => {
  it('a debtor of many invoices gets one message, and then each goes on at its own distance', async () => {
    const story = await begin({ day: '2026-03-16', cachedWorkflows: 0 });
    const debtor = await story.debtor();
    await debtor.owes({ number: 'F-1', amount: 100, due: '2026-03-16' });
    await debtor.owes({ number: 'F-2', amount: 200, due: '2026-03-17' });
    await debtor.owes({ number: 'F-3', amount: 300, due: '2026-03-18' });
    // Twenty-five days late: its firm reminder was due on the 19th as well.
    await debtor.owes({ number: 'F-4', amount: 400, due: '2026-02-19' });

    await story.until('2026-03-18');
    await story.outage(6);
    await story.until('2026-04-02');

    expect(await debtor.post()).toEqual([
      '2026-03-24 email reminder+firm-reminder F-1+F-2+F-3+F-4 1000.00 EUR',
      '2026-03-31 call call F-4 400.00 EUR',
      '2026-04-02 email second-reminder F-1+F-2+F-3 600.00 EUR',
    ]);
  });

  it('what was paid, promised or disputed meanwhile is not asked for', async () => {
    const story = await begin({ day: '2026-03-16', cachedWorkflows: 0 });
    const debtor = await story.debtor();
    const [paid, partly, promised, disputed] = [
      await debtor.owes({ number: 'F-1', amount: 100, due: '2026-03-16' }),
      await debtor.owes({ number: 'F-2', amount: 200, due: '2026-03-16' }),
      await debtor.owes({ number: 'F-3', amount: 300, due: '2026-03-16' }),
      await debtor.owes({ number: 'F-4', amount: 400, due: '2026-03-16' }),
    ];
    await story.until('2026-03-18');

    await story.outage(6, async () => {
      await paid.pays();
      await partly.pays(150);
      await promised.promises({ by: '2026-04-10' });
      await disputed.disputes(100);
    });
    await story.until('2026-03-24');

    expect(await debtor.post()).toEqual(['2026-03-24 email reminder F-2+F-4 350.00 EUR']);
  });

  it('nobody gets two messages in a day, nor one invoice two levels, whatever was due meanwhile', async () => {
    const story = await begin({ day: '2026-03-02', cachedWorkflows: 0 });
    const scenarios = ['standard', 'good-payer', 'risky', 'public-body', 'abroad'] as const;
    const debtors: Debtor[] = [];
    for (const [place, scenario] of scenarios.entries()) {
      const debtor = await story.debtor({ scenario });
      debtors.push(debtor);
      for (const day of [3, 9, 13, 17])
        await debtor.owes({
          number: `F-${place}-${day}`,
          amount: 100 * day,
          due: `2026-03-${String(day + (place % 3)).padStart(2, '0')}`,
        });
    }

    await story.until('2026-03-19');
    await story.outage(6);
    const back = await story.today();
    await story.until('2026-04-10');

    for (const debtor of debtors) {
      const letters = await debtor.letters();
      const days = letters.map(({ day }) => day);
      expect(new Set(days).size).toBe(days.length);
      expect(days.filter((day) => day > '2026-03-19' && day < back)).toEqual([]);
      days.slice(1).forEach((day, place) => {
        expect(daysBetween(days[place] ?? '', day)).toBeGreaterThanOrEqual(2);
      });
      for (const number of new Set(letters.flatMap(({ invoices }) => invoices))) {
        const own = letters.filter(({ invoices }) => invoices.includes(number));
        expect(own.length).toBeGreaterThan(0);
        own.slice(1).forEach((letter, place) => {
          const before = own[place];
          expect(rankOf(letter.level)).toBeGreaterThanOrEqual(rankOf(before?.level ?? 'preventive'));
          // The smallest gap that any of the five scenarios plans: from the text message to the call of a risky debtor.
          expect(daysBetween(before?.day ?? '', letter.day)).toBeGreaterThanOrEqual(4);
        });
      }
    }
  });
});
