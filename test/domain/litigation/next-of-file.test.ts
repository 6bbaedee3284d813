import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarCovering } from '../../../db/calendars.ts';
import { instantAt } from '../../../domain/calendar.ts';
import { nextOfFile } from '../../../domain/litigation/next-of-file.ts';
import type { LitigationView } from '../../../domain/litigation/next-of-file.ts';
import { remitBy, stillHeld } from '../../../domain/litigation/remittance.ts';
import { hourMs } from '../../../domain/time.ts';

const calendar = calendarCovering('FR', 'Europe/Paris', 2026);
const at = (day: string, hour = 10) => instantAt(calendar, day, hour * hourMs);
const handed: LitigationView = {
  state: 'handed',
  openedAt: at('2026-06-01'),
  handedAt: at('2026-06-03'),
  heardAt: null,
  toldAt: null,
  hasPack: true,
  openCents: 100_000,
  untold: 0,
  recoveries: [],
  remittedCents: 0,
  dates: [],
  lapsed: [],
  reviewOn: null,
  calendar,
};

describe('what is due about a litigation file', () => {
  it('is its pack first, then what the partner has to be told, before anything that can wait', () => {
    const untold = { ...handed, untold: 1, openCents: 0 };

    expect(nextOfFile({ ...untold, hasPack: false }, at('2026-06-03'))).toEqual({ do: 'drawUpPack' });
    expect(nextOfFile(untold, at('2026-06-03'))).toEqual({ do: 'tellPartner' });
    expect(nextOfFile({ ...untold, untold: 0 }, at('2026-06-03'))).toEqual({ do: 'finish' });
  });

  it('is not its end while the partner holds what he received', () => {
    const recoveries = [{ id: 'r', amountCents: 100_000, remitBy: '2026-07-10', chased: false }];
    const held = { ...handed, openCents: 0, recoveries, heardAt: at('2026-06-20') };

    expect(nextOfFile(held, at('2026-07-10', 23))).toEqual({ do: 'wait', until: at('2026-07-11', 9) });
    expect(nextOfFile(held, at('2026-07-11', 9))).toMatchObject({
      do: 'chaseRemittance',
      heldCents: 100_000,
    });
    expect(nextOfFile({ ...held, remittedCents: 100_000 }, at('2026-07-11'))).toEqual({ do: 'finish' });

    // Taken back from him meanwhile: what he holds is ours all the same.
    const closed = { ...held, state: 'closed' as const };
    expect(nextOfFile(closed, at('2026-07-10', 23))).toEqual({ do: 'wait', until: at('2026-07-11', 9) });
    expect(nextOfFile(closed, at('2026-07-11', 9))).toMatchObject({ do: 'chaseRemittance' });
    expect(nextOfFile({ ...closed, remittedCents: 100_000 }, at('2026-07-11'))).toEqual({
      do: 'wait',
      until: null,
    });
  });

  it('is silence of thirty days, told once and again after thirty more', () => {
    expect(nextOfFile(handed, at('2026-07-02'))).toEqual({ do: 'wait', until: at('2026-07-03', 9) });
    expect(nextOfFile(handed, at('2026-07-03', 9))).toEqual({ do: 'tellOwner', why: 'silent' });
    expect(nextOfFile({ ...handed, toldAt: at('2026-07-03', 9) }, at('2026-07-03', 9))).toEqual({
      do: 'wait',
      until: at('2026-08-02', 9),
    });
  });

  it('is the day on which claims lapse: warned of ahead for all that lapse with it, then a question, each once', () => {
    const limit = (invoiceId: string, on: string, givenFor: string | null) =>
      ({ invoiceId, date: { clock: 'limitation', on, from: '2026-02-14' }, givenFor }) as const;
    const dates = [
      limit('a', '2027-02-14', null),
      limit('b', '2027-02-14', null),
      limit('c', '2031-02-14', null),
    ];
    const heard = { ...handed, heardAt: at('2026-08-13'), dates };

    expect(nextOfFile(heard, at('2026-08-14', 8))).toEqual({ do: 'wait', until: at('2026-08-14', 9) });
    expect(nextOfFile(heard, at('2026-08-14', 9))).toEqual({
      do: 'warnOfDate',
      invoiceIds: ['a', 'b'],
      clock: 'limitation',
      on: '2027-02-14',
      for: '2026-08-14',
    });

    const given = [limit('a', '2027-02-14', '2027-01-14'), limit('b', '2027-02-14', '2027-01-14')];
    const last = { ...handed, heardAt: at('2027-02-13'), dates: given };
    expect(nextOfFile(last, at('2027-02-14'))).toEqual({ do: 'wait', until: at('2027-02-15', 9) });
    const lapsed = [{ invoiceId: 'a', on: '2027-02-14' }];
    expect(nextOfFile({ ...last, lapsed }, at('2027-02-15'))).toEqual({
      do: 'askAboutLapsed',
      invoiceIds: ['a'],
      on: '2027-02-14',
    });
  });

  it('never asks for a moment that has passed, so that no file turns in circles', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('preparing' as const, 'handed' as const, 'closed' as const),
        fc.integer({ min: 0, max: 300 * 24 }),
        fc.integer({ min: 0, max: 100 }),
        (state, hours, openCents) => {
          const now = at('2026-01-05') + hours * hourMs;
          const move = nextOfFile(
            { ...handed, state, openCents, openedAt: at('2026-01-05'), handedAt: at('2026-01-05') },
            now,
          );
          return move.do !== 'wait' || move.until === null || move.until > now;
        },
      ),
    );
  });
});

describe('the day by which a partner passes on what he received', () => {
  it.each([
    ['2026-01-31', null, '2026-02-28'],
    ['2026-12-15', null, '2027-01-15'],
    ['2026-06-10', 8, '2026-06-18'],
    ['2026-02-01', 31, '2026-03-01'],
  ])('received on %s with %s days agreed is %s', (on, agreed, by) => {
    expect(remitBy(on, agreed)).toBe(by);
  });

  it('counts for the oldest sum first, and no cent of it is lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1_000_000 })),
        fc.integer({ min: 0, max: 2_000_000 }),
        (sums, remitted) => {
          const all = sums.map((amountCents, n) => ({
            id: `${n}`,
            amountCents,
            remitBy: '2026-01-01',
            chased: false,
          }));
          const total = sums.reduce((sum, one) => sum + one, 0);
          const held = stillHeld(all, remitted).reduce((sum, { heldCents }) => sum + heldCents, 0);
          return held === Math.max(0, total - remitted);
        },
      ),
    );
  });
});
