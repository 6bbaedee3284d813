import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFrenchHoliday } from '../../../domain/law/french-holiday.ts';
import { claimSideOf } from '../../../domain/law/claim-side.ts';
import { insolvencyDates } from '../../../domain/law/insolvency.ts';
import { insurerDates } from '../../../domain/law/insurer-dates.ts';
import { openToCourts } from '../../../domain/law/open-to-courts.ts';
import { endOf } from '../../../domain/law/legal-term.ts';
import { limitationOf } from '../../../domain/law/limitation.ts';
import type { LimitationEvent, LimitedClaim } from '../../../domain/law/limitation-term.ts';
import { noticeAnswerOf } from '../../../domain/law/notice-answer.ts';
import { procedureDate, publicDueDate } from '../../../domain/law/procedure-date.ts';
import { shippedLaw } from '../../../domain/law/shipped-law.ts';
import { warningDaysOf } from '../../../domain/law/warning-days.ts';
import { addDays, isCivilDate, weekdayOf } from '../../../domain/time.ts';
import { frenchHolidays } from '../calendars.ts';

describe('a term', () => {
  it.each([
    ['9998-06-30', 24, '9999-12-31'],
    ['2026-01-31', 1, '2026-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2026-09-10', 3, '2026-12-10'],
    ['2026-08-20', 6, '2027-02-20'],
    ['2026-10-30', 4, '2027-02-28'],
    ['2026-11-30', 1, '2026-12-30'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2024-02-29', 12, '2025-02-28'],
  ])('from %s of %i months ends on %s', (from, count, end) => {
    expect(endOf(from, { count, unit: 'months' })).toBe(end);
  });

  it('ends on a day of the right month that exists, whatever it began with', () => {
    fc.assert(
      fc.property(fc.nat(60_000), fc.integer({ min: -120, max: 240 }), (number, count) => {
        const from = addDays('1970-01-01', number);
        const end = endOf(from, { count, unit: 'months' });
        const monthsOf = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));

        expect(isCivilDate(end)).toBe(true);
        expect(monthsOf(end) - monthsOf(from)).toBe(count);
        if (end.slice(8) !== from.slice(8)) expect(addDays(end, 1).slice(8)).toBe('01');
      }),
    );
  });

  it.each([
    ['2026-02-28', '2026-03-02'],
    ['2027-02-20', '2027-02-22'],
    ['2026-12-10', '2026-12-10'],
    ['2026-12-25', '2026-12-28'],
    ['2026-05-14', '2026-05-15'],
  ])('of procedure that ends on %s is kept until %s', (end, open) => {
    expect(openToCourts(end)).toBe(open);
  });

  it('knows the holidays of France', () => {
    for (let day = '2023-01-01'; day <= '2030-12-31'; day = addDays(day, 1))
      expect([day, isFrenchHoliday(day)]).toEqual([day, frenchHolidays.includes(day)]);
  });
});

describe('an order to pay', () => {
  it('is served within the months of the law of its day', () => {
    expect(procedureDate(shippedLaw, 'order_service', '2026-09-10')).toMatchObject({
      on: '2026-12-10',
      movedFrom: null,
      term: { count: 3, unit: 'months' },
    });
    expect(procedureDate(shippedLaw, 'order_service', '2026-08-20')).toMatchObject({
      on: '2027-02-22',
      movedFrom: '2027-02-20',
      term: { count: 6, unit: 'months' },
      source: 'art. 1411 CPC',
    });
  });

  it('may be opposed for a month from its service', () => {
    expect(procedureDate(shippedLaw, 'order_opposition', '2026-01-31')).toMatchObject({
      on: '2026-03-02',
      movedFrom: '2026-02-28',
      because: 'order_served',
    });
  });
});

describe('a public buyer', () => {
  it('has thirty days from the request, or from the performance if that came later', () => {
    expect(publicDueDate(shippedLaw, 'ordinary', '2026-05-01', null)).toMatchObject({
      on: '2026-05-31',
      because: 'request_received',
    });
    expect(publicDueDate(shippedLaw, 'hospital', '2026-05-01', '2026-05-11')).toMatchObject({
      on: '2026-06-30',
      because: 'performed',
    });
  });
});

const proof = { kind: 'fact', id: '12' } as const;

const claim: LimitedClaim = {
  debtor: 'company',
  sector: 'general',
  performedOn: '2021-03-15',
  invoicedOn: '2021-03-31',
  dueDate: '2021-05-30',
  titleOn: null,
};
const asOf = '2026-01-01';

function limitation(given: Partial<LimitedClaim>, events: readonly LimitationEvent[] = []) {
  return limitationOf(shippedLaw, { ...claim, ...given }, events, asOf);
}

function promised(on: string): LimitationEvent {
  return { kind: 'acknowledgement', by: 'written_promise', on, evidence: proof };
}

function demanded(on: string): LimitationEvent {
  return { kind: 'written_demand', on, evidence: { kind: 'message', id: 'm1' } };
}

function mediated(on: string, until: string | null): LimitationEvent {
  return { kind: 'suspension', by: 'mediation', on, until, evidence: proof };
}

describe('a limitation', () => {
  it('runs for five years from performance, and shows what the due date alone would give', () => {
    expect(limitation({})).toMatchObject({
      on: '2026-03-15',
      from: '2021-03-15',
      because: 'performed',
      byDueDate: '2026-05-30',
      source: 'art. L110-4 C. com. et 2224 C. civ.',
    });
  });

  it('never begins after the due date, and ends on no other day because it is a Sunday', () => {
    expect(limitation({ performedOn: null })).toMatchObject({ on: '2026-03-31', because: 'invoiced' });
    expect(limitation({ performedOn: '2021-06-15' })).toMatchObject({
      on: '2026-05-30',
      because: 'fell_due',
    });
    expect(weekdayOf('2026-03-15')).toBe(6);
  });

  it.each([
    [{ debtor: 'consumer' }, '2023-03-15'],
    [{ sector: 'transport' }, '2022-03-15'],
    [{ sector: 'telecom' }, '2022-03-15'],
    [{ sector: null }, '2026-03-15'],
    [{ debtor: 'consumer', sector: null }, '2023-03-15'],
    [{ titleOn: '2022-01-10' }, '2032-01-10'],
  ] as const)('of %o ends on %s', (given, on) => {
    expect(limitation(given).on).toBe(on);
  });

  it('begins anew with each acknowledgement that comes in time', () => {
    const second = promised('2026-03-15');

    expect(limitation({}, [second, promised('2024-02-29')])).toMatchObject({
      on: '2031-03-15',
      because: 'interrupted',
      interruptedBy: second,
      without: [],
    });
    expect(limitation({}, [promised('2026-03-16')])).toMatchObject({
      on: '2026-03-15',
      interruptedBy: null,
      without: [{ why: 'too_late' }],
    });
  });

  it('is not interrupted by reminders and formal notices, and says so', () => {
    const reminder = demanded('2024-06-01');

    expect(limitation({}, [reminder])).toMatchObject({
      on: '2026-03-15',
      without: [{ event: reminder, why: 'no_effect' }],
    });
  });

  it('of a public body’s debt lapses with the fourth year after, and any written demand begins it anew', () => {
    const given = { debtor: 'public', performedOn: '2026-05-10', dueDate: '2026-06-10' } as const;

    expect(limitation(given).on).toBe('2030-12-31');
    expect(limitation(given, [demanded('2027-03-01')]).on).toBe('2031-12-31');
  });

  it('stands still during a mediation, until today while it lasts, and each day once', () => {
    expect(limitation({}, [mediated('2025-01-01', '2025-01-10')])).toMatchObject({
      on: '2026-03-25',
      suspendedDays: 10,
    });
    expect(
      limitation({}, [mediated('2025-01-01', '2025-01-10'), mediated('2025-01-06', '2025-01-15')]).on,
    ).toBe('2026-03-30');
    expect(limitation({}, [mediated('2025-12-31', null)]).on).toBe('2026-03-17');
  });

  it('that begins anew during a mediation counts the days that are left of it', () => {
    expect(limitation({}, [mediated('2025-01-01', '2025-01-10'), promised('2025-01-04')])).toMatchObject({
      on: '2030-01-10',
      suspendedDays: 6,
    });
  });

  it('that a mediation has moved can be interrupted in the days won', () => {
    const events = [mediated('2025-01-01', '2025-01-10'), promised('2026-03-20')];

    expect(limitation({}, events)).toMatchObject({ on: '2031-03-20', without: [] });
  });

  it('is announced a year, six, three and one months ahead', () => {
    expect(warningDaysOf(limitation({}))).toEqual(['2025-03-15', '2025-09-15', '2025-12-15', '2026-02-15']);
  });
});

describe('the answer to a formal notice', () => {
  const nothing = {
    sentOn: '2026-10-01',
    presentedOn: null,
    receivedOn: null,
    refusedOn: null,
    expiredOn: null,
    returnedOn: null,
  };

  it('is awaited from the first presentation, taken or not', () => {
    const collected = { ...nothing, presentedOn: '2026-10-03', receivedOn: '2026-10-09' };

    expect(noticeAnswerOf(collected, 8)).toMatchObject({
      kind: 'running',
      date: { on: '2026-10-11', from: '2026-10-03', because: 'letter_presented' },
    });
    expect(noticeAnswerOf({ ...nothing, refusedOn: '2026-10-03' }, 15)).toMatchObject({
      date: { on: '2026-10-18', because: 'letter_refused' },
    });
    expect(
      noticeAnswerOf({ ...nothing, presentedOn: '2026-10-03', returnedOn: '2026-10-20' }, 8),
    ).toMatchObject({ kind: 'running' });
  });

  it('is awaited from nobody whom the letter has not found', () => {
    expect(noticeAnswerOf({ ...nothing, returnedOn: '2026-10-06' }, 8)).toEqual({
      kind: 'undelivered',
      on: '2026-10-06',
    });
    expect(noticeAnswerOf(nothing, 8)).toEqual({ kind: 'not_presented' });
  });
});

describe('an insolvency', () => {
  const opened = { judgmentOn: '2026-10-20', publishedOn: '2026-10-30', creditorAbroad: false };

  it('leaves two months from publication to declare a claim, four to creditors abroad', () => {
    expect(insolvencyDates(shippedLaw, opened)).toMatchObject({
      declaration: { on: '2026-12-30', movedFrom: null },
      relief: { on: '2027-04-30' },
      retentionOfTitle: { on: '2027-01-30' },
    });
    expect(insolvencyDates(shippedLaw, { ...opened, creditorAbroad: true })?.declaration).toMatchObject({
      on: '2027-03-01',
      movedFrom: '2027-02-28',
      term: { count: 4, unit: 'months' },
    });
    expect(insolvencyDates(shippedLaw, { ...opened, publishedOn: null })).toBeNull();
  });

  it.each([
    ['2026-10-19', '2026-11-30', 'earlier', 'performed'],
    ['2026-10-20', '2026-10-01', 'later', 'performed'],
    [null, '2026-10-19', 'earlier', 'invoiced'],
    [null, '2026-10-20', 'later', 'invoiced'],
    [null, null, 'earlier', 'day_unknown'],
  ] as const)(
    'splits a claim performed on %s and invoiced on %s: %s',
    (performedOn, invoicedOn, side, because) => {
      expect(claimSideOf({ performedOn, invoicedOn }, opened.judgmentOn)).toEqual({ side, because });
    },
  );
});

describe('the dates of an insurer', () => {
  const policy = {
    number: 'P-1',
    overdueNoticeDays: 60,
    interventionDays: 150,
    extensionDays: null,
    insolvencyNoticeDays: 10,
    indemnityDays: 90,
  };

  it('are those that the policy names and what happened allows, and no others', () => {
    const dates = insurerDates(policy, {
      dueDate: '2026-03-31',
      insolventOn: '2026-05-12',
      told: [],
    });

    expect(dates.map(({ clock, on, source }) => [clock, on, source])).toEqual([
      ['insurer_insolvency_notice', '2026-05-22', 'policy P-1'],
      ['insurer_overdue_notice', '2026-05-30', 'policy P-1'],
      ['insurer_intervention', '2026-08-28', 'policy P-1'],
    ]);
  });

  it('stop with what he was told, from which the days of his indemnity run', () => {
    const told = [
      { notice: 'overdue', on: '2026-05-20' },
      { notice: 'intervention', on: '2026-06-01' },
    ] as const;
    const clocks = (count: number) =>
      insurerDates(policy, { dueDate: '2026-03-31', insolventOn: null, told: told.slice(0, count) }).map(
        ({ clock, on }) => `${clock} ${on}`,
      );

    expect(clocks(1)).toEqual(['insurer_intervention 2026-08-28']);
    expect(clocks(2)).toEqual(['insurer_indemnity 2026-08-30']);
  });

  it('are announced fifteen, five and one days ahead', () => {
    expect(warningDaysOf({ clock: 'insurer_intervention', on: '2026-08-28' })).toEqual([
      '2026-08-13',
      '2026-08-23',
      '2026-08-27',
    ]);
  });
});
