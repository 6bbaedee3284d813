import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWorkingDay, dayAt, timeOfDayAt } from '../../domain/calendar.ts';
import { restartTurns } from '../../domain/restart-turns.ts';
import { hourMs } from '../../domain/time.ts';
import { paris } from './calendars.ts';

describe('the restart after a stop', () => {
  it('of 10,000 debtors lets no more leave in any hour than is set, and none outside working hours', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2026-12-01') }),
        fc.constantFrom(60, 100, 333, 2_000),
        (from, perHour) => {
          const turns = restartTurns(paris, from, 10_000, perHour);

          expect(turns).toHaveLength(10_000);
          expect(turns[0]).toBeGreaterThanOrEqual(from);
          for (const [place, at] of turns.entries()) {
            const hourLater = turns[place + perHour];
            // A turn is rounded to the millisecond.
            if (hourLater !== undefined) expect(hourLater - at).toBeGreaterThanOrEqual(hourMs - 1);
          }
          for (const at of [...turns.filter((_, place) => place % 97 === 0), turns.at(-1) ?? from]) {
            expect(isWorkingDay(paris, dayAt(paris, at))).toBe(true);
            expect(timeOfDayAt(paris, at)).toBeGreaterThanOrEqual(9 * hourMs);
            expect(timeOfDayAt(paris, at)).toBeLessThan(17 * hourMs);
          }
        },
      ),
      { numRuns: 8 },
    );
  });

  it('goes on at nine the next working day with whoever did not get his turn', () => {
    const friday = Date.parse('2026-03-27T15:30:00Z');

    const turns = restartTurns(paris, friday, 3, 2);

    expect(turns.map((at) => new Date(at).toISOString())).toEqual([
      '2026-03-27T15:30:00.000Z',
      '2026-03-30T07:00:00.000Z',
      '2026-03-30T07:30:00.000Z',
    ]);
  });
});
