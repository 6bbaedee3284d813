import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalInstalments, problemOfDelay, problemOfInstalments } from '../../domain/plan/instalments.ts';
import { nextOfPlan } from '../../domain/plan/next-of-plan.ts';
import { missingOf, progressOf } from '../../domain/plan/plan-progress.ts';
import { AFile } from './a-file.ts';
import { paris } from './calendars.ts';

describe('equal instalments', () => {
  it('make up the debt to the cent, with what does not divide in the last', () => {
    expect(equalInstalments(100_000, 3, '2026-04-01').map((one) => one.amountCents)).toEqual([
      33_333, 33_333, 33_334,
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 36, max: 1e9 }), fc.integer({ min: 1, max: 36 }), (debt, count) => {
        const all = equalInstalments(debt, count, '2026-04-30');
        expect(all.reduce((sum, one) => sum + one.amountCents, 0)).toBe(debt);
        expect(problemOfInstalments(all, debt, '2026-04-30')).toBeNull();
      }),
    );
  });

  it('fall due on the last day of months that are too short', () => {
    expect(equalInstalments(40_000, 4, '2027-12-31').map((one) => one.dueOn)).toEqual([
      '2027-12-31',
      '2028-01-31',
      '2028-02-29',
      '2028-03-31',
    ]);
  });

  it('are refused when they do not make up the debt, begin in the past or go backwards', () => {
    const given = (...days: string[]) =>
      days.map((dueOn, place) => ({ number: place + 1, dueOn, amountCents: 500 }));

    expect(problemOfInstalments(given('2026-04-01'), 501, '2026-03-01')?.message).toContain('500');
    expect(problemOfInstalments(given('2026-02-01'), 500, '2026-03-01')).not.toBeNull();
    expect(problemOfInstalments(given('2026-04-01', '2026-04-01'), 1000, '2026-03-01')).not.toBeNull();
    const ofOneCent = equalInstalments(1, 2, '2026-04-01');
    expect(problemOfInstalments(ofOneCent, 1, '2026-03-01')?.message).toContain('about nothing');
  });
});

describe('the time that a plan gives', () => {
  const on = (...days: string[]) =>
    days.map((dueOn, place) => ({ number: place + 1, dueOn, amountCents: 1 }));

  it('is a quarter between two payments, unless somebody who may decide lets it be more', () => {
    expect(problemOfDelay(on('2026-06-01', '2026-09-01'), '2026-03-01', false)).toBeNull();
    expect(problemOfDelay(on('2026-06-02'), '2026-03-01', false)).toContain('Number 1 is due on 2026-06-02');
    expect(problemOfDelay(on('2026-04-01', '2026-07-03'), '2026-03-01', false)).toContain('Number 2');
    expect(problemOfDelay(on('2026-04-01', '2026-07-03'), '2026-03-01', true)).toBeNull();
  });

  it('is three years in all, whoever decides', () => {
    expect(problemOfDelay(equalInstalments(36, 36, '2026-03-31'), '2026-03-01', false)).toBeNull();
    expect(problemOfDelay(on('9999-12-31'), '2026-03-01', true)).toContain('9999-12-31');
  });
});

describe('the money of a plan', () => {
  const three = equalInstalments(90_000, 3, '2026-04-01');

  it('settles the instalments in their order', () => {
    expect(progressOf(three, 40_000, 0).map((one) => one.paidCents)).toEqual([30_000, 10_000, 0]);
  });

  it('that is credited lowers the last one first', () => {
    expect(progressOf(three, 30_000, 35_000).map((one) => [one.askedCents, missingOf(one)])).toEqual([
      [30_000, 0],
      [25_000, 25_000],
      [0, 0],
    ]);
  });

  it('that goes back opens them again', () => {
    expect(progressOf(three, -5_000, 0).map(missingOf)).toEqual([30_000, 30_000, 30_000]);
  });
});

describe('a plan of which less is missing than may be', () => {
  it('ends after its last day, and not before', () => {
    const view = {
      instalments: [{ number: 1, dueOn: '2026-03-10', amountCents: 100_000, missedOn: null }],
      ...{
        paidCents: 99_950,
        creditedCents: 0,
        openCents: 50,
        graceDays: 5,
        toleranceCents: 100,
        missedMax: 2,
      },
      ...{ isLate: false, bank: { knownTo: null, daysMax: null }, calendar: paris },
    };
    const before = nextOfPlan(view, Date.parse('2026-03-09T10:00:00Z'));

    expect(before).toEqual({ do: 'wait', until: Date.parse('2026-03-11T08:00:00Z') });
    expect(nextOfPlan(view, Date.parse('2026-03-11T08:00:00Z'))).toEqual({ do: 'finish' });
  });
});

describe('an invoice in a plan', () => {
  it('is silent, and its days do not count against the amicable time', () => {
    const file = new AFile().reach('2026-03-06');
    const plan = { planId: 'p', amountCents: 100_000, instalments: 6, endsOn: '2026-09-01' };
    file.ask({ type: 'planStarted', ...plan });

    file.liveThrough('2026-07-10');
    expect(file.decision).toMatchObject({ state: 'in_plan', kind: 'wait', until: null });
    file.record({ type: 'planEnded', planId: 'p', outcome: 'broken' });
    file.liveThrough('2026-07-31');

    expect(file.diary.slice(2)).toEqual([
      '2026-07-10 second-reminder by email',
      '2026-07-20 firm-reminder by email',
      '2026-07-27 call by call',
    ]);
  });

  it('takes no promise and no other plan', () => {
    const file = new AFile().reach('2026-03-06');
    const plan = { planId: 'p', amountCents: 100_000, instalments: 6, endsOn: '2026-09-01' };
    file.ask({ type: 'planStarted', ...plan });

    expect(file.promise('2026-03-20')?.code).toBe('in-plan');
    expect(file.ask({ type: 'planStarted', ...plan, planId: 'q' })?.code).toBe('in-plan');
  });
});
