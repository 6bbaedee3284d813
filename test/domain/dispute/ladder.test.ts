import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addWorkingDays, dayAt, instantAt, isWorkingDay, timeOfDayAt } from '../../../domain/calendar.ts';
import { nextOnLadder, stageDays, stages, termOf } from '../../../domain/dispute/ladder.ts';
import type { Climb } from '../../../domain/dispute/ladder.ts';
import { addDays, dayMs, hourMs } from '../../../domain/time.ts';
import type { Instant } from '../../../domain/time.ts';
import { auckland, newYork, paris } from '../calendars.ts';

const someClimb = fc.record({
  calendar: fc.constantFrom(paris, newYork, auckland),
  stage: fc.constantFrom(...stages),
  since: fc.integer({ min: 0, max: 900 }).map((days) => addDays('2026-01-01', days)),
});

interface Told {
  readonly at: Instant;
  readonly rung: number;
  readonly managers: boolean;
}

/** Looks whenever the ladder says so, and so many milliseconds late; each telling with its moment. */
function climbing(
  { calendar, ...start }: { calendar: typeof paris } & Omit<Climb, 'rungs'>,
  lateMs: readonly number[],
): readonly Told[] {
  let climb: Climb = { ...start, rungs: 0 };
  let at = instantAt(calendar, start.since, 10 * hourMs);
  const told: Told[] = [];
  for (const late of lateMs) {
    const { due, lookAt } = nextOnLadder(calendar, climb, at);
    if (due) {
      told.push({ at, ...due });
      climb = { ...climb, rungs: due.rung + 1 };
    }
    at = lookAt + late;
  }
  return told;
}

const onTime = Array<number>(12).fill(0);

describe('the ladder of a dispute', () => {
  it('tells whoever has the stage after two and four working days, then the managers too, every five', () => {
    const told = climbing({ calendar: paris, stage: 'answer', since: '2026-03-02' }, onTime);

    expect(
      told.slice(0, 5).map(({ at, managers }) => [dayAt(paris, at), managers ? 'managers too' : 'alone']),
    ).toEqual([
      ['2026-03-04', 'alone'],
      ['2026-03-06', 'alone'],
      ['2026-03-10', 'managers too'],
      ['2026-03-17', 'managers too'],
      ['2026-03-24', 'managers too'],
    ]);
    expect(termOf(paris, '2026-03-02')).toBe('2026-03-09');
  });

  it('tells at nine in the morning of working days, each rung once', () => {
    fc.assert(
      fc.property(someClimb, (start) => {
        const told = climbing(start, onTime);
        const days = told.map(({ at }) => dayAt(start.calendar, at));
        expect(new Set(days).size).toBe(days.length);
        for (const { at } of told) {
          expect(timeOfDayAt(start.calendar, at)).toBe(9 * hourMs);
          expect(isWorkingDay(start.calendar, dayAt(start.calendar, at))).toBe(true);
        }
      }),
    );
  });

  it('tells the managers on the working day after the term, and on none before', () => {
    fc.assert(
      fc.property(someClimb, (start) => {
        const first = climbing(start, onTime).find(({ managers }) => managers);
        const day = first && dayAt(start.calendar, first.at);
        expect(day).toBe(addWorkingDays(start.calendar, start.since, stageDays + 1));
      }),
    );
  });

  // After an outage nobody gets the mails of a month in one morning.
  it('tells once, however late it looks, and never of what is behind', () => {
    const late = fc.array(fc.integer({ min: 0, max: 40 * dayMs }), { minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(someClimb, late, (start, lateMs) => {
        const told = climbing(start, lateMs);
        const rungs = told.map(({ rung }) => rung);
        expect(rungs).toEqual([...new Set(rungs)].sort((a, b) => a - b));
        expect(new Set(told.map(({ at }) => at)).size).toBe(told.length);
        const overTerm = addWorkingDays(start.calendar, start.since, stageDays + 1);
        for (const { at, managers } of told)
          expect(managers).toBe(at >= instantAt(start.calendar, overTerm, 9 * hourMs));
      }),
    );
  });

  it('always says when to look again, later than now', () => {
    fc.assert(
      fc.property(someClimb, fc.nat({ max: 20 }), fc.nat({ max: 400 }), (start, rungs, days) => {
        const now = instantAt(start.calendar, start.since, 10 * hourMs) + days * dayMs;
        expect(nextOnLadder(start.calendar, { ...start, rungs }, now).lookAt).toBeGreaterThan(now);
      }),
    );
  });
});
