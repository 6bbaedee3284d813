import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addWorkingDays,
  dayAt,
  instantAt,
  isWorkingDay,
  timeOfDayAt,
  workingDayAfter,
  workingDayFrom,
} from '../../domain/calendar.ts';
import { addDays, daysBetween, hourMs, isCivilDate, minuteMs, weekdayOf } from '../../domain/time.ts';
import { auckland, newYork, paris, wallAt } from './calendars.ts';

describe('a calendar', () => {
  // Every day on which the Paris day and the UTC day can differ, and those around clock changes, leap days and year ends.
  it.each([
    ['2026-03-28T22:59:59Z', '2026-03-28', '23:59'],
    ['2026-03-28T23:00:00Z', '2026-03-29', '00:00'],
    ['2026-03-29T00:59:59Z', '2026-03-29', '01:59'],
    ['2026-03-29T01:00:00Z', '2026-03-29', '03:00'],
    ['2026-03-29T21:59:59Z', '2026-03-29', '23:59'],
    ['2026-03-29T22:00:00Z', '2026-03-30', '00:00'],
    ['2026-10-24T21:59:59Z', '2026-10-24', '23:59'],
    ['2026-10-24T22:00:00Z', '2026-10-25', '00:00'],
    ['2026-10-25T00:30:00Z', '2026-10-25', '02:30'],
    ['2026-10-25T01:30:00Z', '2026-10-25', '02:30'],
    ['2026-10-25T22:59:59Z', '2026-10-25', '23:59'],
    ['2026-10-25T23:00:00Z', '2026-10-26', '00:00'],
    ['2027-03-28T00:59:59Z', '2027-03-28', '01:59'],
    ['2027-03-28T01:00:00Z', '2027-03-28', '03:00'],
    ['2027-10-31T00:59:59Z', '2027-10-31', '02:59'],
    ['2027-10-31T01:00:00Z', '2027-10-31', '02:00'],
    ['2028-02-28T22:59:59Z', '2028-02-28', '23:59'],
    ['2028-02-28T23:00:00Z', '2028-02-29', '00:00'],
    ['2028-02-29T22:59:59Z', '2028-02-29', '23:59'],
    ['2028-02-29T23:00:00Z', '2028-03-01', '00:00'],
    ['2027-02-28T23:00:00Z', '2027-03-01', '00:00'],
    ['2026-12-31T22:59:59Z', '2026-12-31', '23:59'],
    ['2026-12-31T23:00:00Z', '2027-01-01', '00:00'],
    ['2027-12-31T22:59:59Z', '2027-12-31', '23:59'],
    ['2027-12-31T23:00:00Z', '2028-01-01', '00:00'],
    ['2026-06-30T21:59:59Z', '2026-06-30', '23:59'],
    ['2026-06-30T22:00:00Z', '2026-07-01', '00:00'],
    ['2027-06-30T21:59:59Z', '2027-06-30', '23:59'],
    ['2027-06-30T22:00:00Z', '2027-07-01', '00:00'],
    ['2026-07-13T22:00:00Z', '2026-07-14', '00:00'],
    ['2024-02-29T12:00:00Z', '2024-02-29', '13:00'],
    ['2024-03-31T00:59:59Z', '2024-03-31', '01:59'],
    ['2024-03-31T01:00:00Z', '2024-03-31', '03:00'],
    ['2024-10-27T00:59:59Z', '2024-10-27', '02:59'],
    ['2024-10-27T01:00:00Z', '2024-10-27', '02:00'],
    ['2025-03-30T01:00:00Z', '2025-03-30', '03:00'],
    ['2025-10-26T01:00:00Z', '2025-10-26', '02:00'],
    ['2029-03-25T01:00:00Z', '2029-03-25', '03:00'],
    ['2029-10-28T01:00:00Z', '2029-10-28', '02:00'],
    ['2030-12-31T23:00:00Z', '2031-01-01', '00:00'],
  ])('shows %s in Paris as %s %s', (utc, day, clock) => {
    const at = Date.parse(utc);

    expect(dayAt(paris, at)).toBe(day);
    expect(new Date(timeOfDayAt(paris, at)).toISOString().slice(11, 16)).toBe(clock);
  });

  it.each([
    ['Europe/Paris', paris],
    ['America/New_York', newYork],
    ['Pacific/Auckland', auckland],
  ])('shows the same wall as Intl at every moment in %s', (zone, calendar) => {
    const moments = fc.integer({
      min: Date.UTC(2023, 0, 1) / minuteMs,
      max: Date.UTC(2031, 0, 1) / minuteMs,
    });

    fc.assert(
      fc.property(moments, (minutes) => {
        const at = minutes * minuteMs;
        const { day, minuteOfDay } = wallAt(zone, at);
        expect(dayAt(calendar, at)).toBe(day);
        expect(timeOfDayAt(calendar, at)).toBe(minuteOfDay * minuteMs);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['Europe/Paris', paris],
    ['America/New_York', newYork],
    ['Pacific/Auckland', auckland],
  ])('finds the moment of every wall time in %s', (zone, calendar) => {
    const days = fc.integer({ min: 0, max: 2900 }).map((days) => addDays('2023-01-02', days));

    fc.assert(
      // Clock changes happen at night: from 04:00 on, every wall time exists once.
      fc.property(days, fc.integer({ min: 4 * 60, max: 24 * 60 - 1 }), (day, minuteOfDay) => {
        expect(wallAt(zone, instantAt(calendar, day, minuteOfDay * minuteMs))).toEqual({ day, minuteOfDay });
      }),
      { numRuns: 300 },
    );
  });

  it('takes a time that a clock change skips as the moment of the change', () => {
    expect(instantAt(paris, '2026-03-29', 2.5 * hourMs)).toBe(Date.parse('2026-03-29T01:00:00Z'));
  });

  it('takes a time that comes twice as its first coming', () => {
    expect(instantAt(paris, '2026-10-25', 2.5 * hourMs)).toBe(Date.parse('2026-10-25T00:30:00Z'));
  });

  it('begins a day of 23 or 25 hours at its midnight', () => {
    expect(instantAt(paris, '2026-03-30', 0) - instantAt(paris, '2026-03-29', 0)).toBe(23 * hourMs);
    expect(instantAt(paris, '2026-10-26', 0) - instantAt(paris, '2026-10-25', 0)).toBe(25 * hourMs);
  });
});

describe('a working day', () => {
  it.each([
    ['2026-04-03', true, 'Good Friday, which is worked in France'],
    ['2026-04-04', false, 'a Saturday'],
    ['2026-04-06', false, 'Easter Monday'],
    ['2026-05-01', false, 'Labour Day'],
    ['2026-05-14', false, 'Ascension'],
    ['2026-05-15', true, 'the Friday after'],
    ['2026-05-25', false, 'Whit Monday'],
    ['2026-12-25', false, 'Christmas'],
    ['2026-12-31', true, 'the last day of the year'],
    ['2027-01-01', false, 'New Year'],
  ])('%s is one: %s (%s)', (day, works) => {
    expect(isWorkingDay(paris, day)).toBe(works);
  });

  it('is the day itself or the next one', () => {
    expect(workingDayFrom(paris, '2026-04-03')).toBe('2026-04-03');
    expect(workingDayFrom(paris, '2026-04-04')).toBe('2026-04-07');
    expect(workingDayAfter(paris, '2026-04-03')).toBe('2026-04-07');
  });

  it('is counted over weekends and holidays', () => {
    expect(addWorkingDays(paris, '2026-04-03', 0)).toBe('2026-04-03');
    expect(addWorkingDays(paris, '2026-04-03', 2)).toBe('2026-04-08');
    expect(addWorkingDays(paris, '2026-12-24', 2)).toBe('2026-12-29');
  });
});

describe('a civil day', () => {
  it.each(['2026-02-30', '2027-02-29', '2026-13-01', '2026-1-01', '01/02/2026', ''])(
    'is not "%s"',
    (text) => {
      expect(isCivilDate(text)).toBe(false);
    },
  );

  it.each(['2028-02-29', '2026-12-31', '9999-12-31', '0001-01-01'])('is %s', (text) => {
    expect(isCivilDate(text)).toBe(true);
  });

  it('is counted over leap days and years', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2027-02-28', 1)).toBe('2027-03-01');
    expect(daysBetween('2026-12-31', '2027-01-01')).toBe(1);
    expect(daysBetween('2028-03-01', '2028-02-28')).toBe(-2);
  });

  it('has the weekday of the wall calendar', () => {
    expect(weekdayOf('2026-11-22')).toBe(6);
    expect(weekdayOf('2028-02-29')).toBe(1);
    expect(weekdayOf('1969-12-31')).toBe(2);
  });

  // "Until 9999-12-31" is how many systems write "for ever".
  it('stays a day that text can order at the end of time', () => {
    expect(addDays('9999-12-31', 1)).toBe('9999-12-31');
    expect(addDays('0000-01-01', -1)).toBe('0000-01-01');
  });
});
