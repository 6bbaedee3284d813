import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Movement } from '../../../domain/law/movement.ts';
import { penaltiesOf } from '../../../domain/law/penalties.ts';
import type { PenaltyCase } from '../../../domain/law/penalties.ts';
import { shippedLaw } from '../../../domain/law/shipped-law.ts';
import { addDays, daysBetween } from '../../../domain/time.ts';
import { debt } from './a-debt.ts';
import { days, oracle } from './oracle.ts';

const someDay = fc.noBias(fc.nat(days.length - 1)).map((index) => days[index]!);
const someCents = fc.oneof(fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: 1, max: 1_999_999_999 }));

/** What happens to the debt in the three years around its due date: parts of it, as payments often are. */
const someMovement = fc.record({
  kind: fc.constantFrom(
    'payment',
    'payment',
    'payment',
    'credit_note',
    'correction',
    'write_off',
    'returned',
  ),
  after: fc.integer({ min: -60, max: 900 }),
  part: fc.integer({ min: 1, max: 110 }),
  returnedAfter: fc.integer({ min: 0, max: 60 }),
});

const someCase: fc.Arbitrary<PenaltyCase> = fc
  .record({
    regime: fc.constantFrom('business', 'business', 'public', 'consumer', 'eu', 'none'),
    dueDate: someDay,
    lateDays: fc.noBias(fc.integer({ min: -10, max: 1_500 })),
    amountCents: someCents,
    happened: fc.array(someMovement, { maxLength: 6 }),
    contractHundredths: fc.option(fc.integer({ min: 0, max: 3_000 })),
    otherwiseBefore: fc.array(
      fc.record({
        after: fc.integer({ min: -30, max: 900 }),
        hundredths: fc.option(fc.integer({ min: 0, max: 3_000 })),
      }),
      { maxLength: 2 },
    ),
    creditorIsIndividual: fc.boolean(),
    noticeAfter: fc.option(fc.integer({ min: -30, max: 400 }), { freq: 5 }),
    insolventAfter: fc.oneof(
      { weight: 4, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.integer({ min: -5, max: 900 }) },
    ),
    contestedPart: fc.constantFrom(0, 0, 0, 10, 50),
    dayBase: fc.constantFrom('act_365', 'act_act'),
    creditNotes: fc.constantFrom('from_start', 'from_day'),
    paymentsGoTo: fc.constantFrom('principal', 'interest'),
    smallDifferenceCents: fc.constantFrom(0, 0, 100, 1_000),
  } as const)
  .map(({ lateDays, amountCents, happened, noticeAfter, insolventAfter, contestedPart, ...given }) => {
    const { regime, dueDate, contractHundredths, otherwiseBefore, creditorIsIndividual, ...settings } = given;
    const until = [addDays(dueDate, lateDays), days.at(-1)!].sort()[0]!;
    return debt(amountCents, dueDate, until < days[0]! ? days[0]! : until, {
      regime,
      contractHundredths,
      contractBefore: otherwiseBefore
        .toSorted((one, other) => one.after - other.after)
        .map(({ after, hundredths }) => ({ before: addDays(dueDate, after), hundredths })),
      creditorIsIndividual,
      noticeReceivedOn: noticeAfter === null ? null : addDays(dueDate, noticeAfter),
      insolventOn: insolventAfter === null ? null : addDays(dueDate, insolventAfter),
      contestedCents: Math.floor((amountCents * contestedPart) / 100),
      settings,
      movements: happened.flatMap((one, index): readonly Movement[] => {
        const day = [addDays(dueDate, one.after), days[0]!].sort()[1]!;
        const cents = Math.floor((amountCents * one.part) / 100);
        const [paymentId, sign] = [`p${index}`, one.kind === 'correction' && one.part % 2 === 0 ? 1 : -1];
        if (one.kind !== 'returned')
          return [
            {
              kind: one.kind,
              day,
              cents: sign * cents,
              paymentId: one.kind === 'payment' ? paymentId : null,
            },
          ];
        return [
          { kind: 'payment', day, cents: -cents, paymentId },
          { kind: 'payment_return', day: addDays(day, one.returnedAfter), cents, paymentId },
        ];
      }),
    });
  });

describe('penalties', () => {
  it('are to the cent those of somebody who adds up day after day', () => {
    let [withInterest, imputed] = [0, 0];
    fc.assert(
      fc.property(someCase, (given) => {
        const ours = penaltiesOf(shippedLaw, given);

        expect({
          interestCents: ours.interestCents,
          interestPaidCents: ours.interestPaidCents,
          principalCents: ours.principalCents,
          lumpSumCents: ours.lumpSum.cents,
        }).toEqual(oracle(given));
        withInterest += ours.lines.length > 1 ? 1 : 0;
        imputed += ours.interestPaidCents > 0 ? 1 : 0;
      }),
      { numRuns: 5_000, seed: 20_261_122 },
    );
    // The cases are worth the name only if many have several lines, and many payments settled interest.
    expect(withInterest).toBeGreaterThan(2_000);
    expect(imputed).toBeGreaterThan(200);
  }, 120_000);

  it('are the sum of their lines, each of which is its own formula to less than a cent', () => {
    fc.assert(
      fc.property(someCase, (given) => {
        const { lines, interestCents } = penaltiesOf(shippedLaw, given);

        expect(lines.reduce((sum, { cents }) => sum + cents, 0)).toBe(interestCents);
        for (const { from, to, days: count, baseCents, rate, yearDays, cents } of lines) {
          expect(count).toBe(daysBetween(from, to) + 1);
          const exact = (baseCents * rate.hundredths * count) / (10_000 * yearDays);
          expect(Math.abs(cents - exact)).toBeLessThan(1.000_001);
        }
        for (const [index, line] of lines.entries())
          if (index > 0) expect(line.from > lines[index - 1]!.to).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never fall from one day to the next', () => {
    fc.assert(
      fc.property(someCase, (given) => {
        if (given.until >= days.at(-1)!) return;
        const today = penaltiesOf(shippedLaw, given).interestCents;
        const tomorrow = penaltiesOf(shippedLaw, { ...given, until: addDays(given.until, 1) }).interestCents;

        expect(tomorrow).toBeGreaterThanOrEqual(today);
      }),
      { numRuns: 1_000 },
    );
  });

  it('are nothing where nothing was ever owed', () => {
    fc.assert(
      fc.property(someCase, (given) => {
        const movements = given.movements.filter(({ kind }) => kind === 'invoice');
        const cents = -movements.reduce((sum, movement) => sum + movement.cents, 0);
        const never = {
          ...given,
          movements: [...movements, { kind: 'cancellation', day: given.until, cents } as const],
        };

        expect(penaltiesOf(shippedLaw, never)).toMatchObject({ lines: [], totalCents: 0, perDayCents: 0 });
      }),
      { numRuns: 500 },
    );
  });

  it('may be cut anywhere: both parts make the whole, but for the cent of a rounding', () => {
    fc.assert(
      fc.property(someCents, someDay, someDay, someDay, (cents, ...three) => {
        const [due, cut, end] = three.sort();
        const between = (from: string, to: string): number =>
          penaltiesOf(shippedLaw, debt(cents, from, to)).interestCents;

        expect(Math.abs(between(due, end) - between(due, cut) - between(cut, end))).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1_000 },
    );
  });
});
