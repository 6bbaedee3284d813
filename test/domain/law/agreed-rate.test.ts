import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreedFrom, agreedOn, firstOf, isOtherRate } from '../../../domain/law/agreed-rate.ts';
import type { AgreedRate } from '../../../domain/law/agreed-rate.ts';
import { addDays } from '../../../domain/time.ts';

const someDay = fc.integer({ min: 0, max: 40 }).map((days) => addDays('2026-01-01', days));
const someHundredths = fc.option(fc.constantFrom(0, 500, 1_000));
const agreement = fc.tuple(someHundredths, fc.option(someDay, { freq: 9 }));
const rateAfter = (agreements: readonly (readonly [number | null, string | null])[]): AgreedRate =>
  agreements.reduce<AgreedRate>((rate, [hundredths, from]) => agreedFrom(rate, hundredths, from), {
    hundredths: null,
    before: [],
  });
const someRate = fc.array(agreement, { maxLength: 5 }).map(rateAfter);

describe('a rate that is agreed anew', () => {
  it('holds from its day on, and leaves every day before as it was', () => {
    fc.assert(
      fc.property(someRate, someHundredths, someDay, someDay, (rate, hundredths, from, day) => {
        const after = agreedFrom(rate, hundredths, from);

        expect(agreedOn(after, day)).toBe(day < from ? agreedOn(rate, day) : hundredths);
        // Each stretch is another than the next, the oldest first: whoever reads them sees what was agreed.
        const all = [...after.before.map((one) => one.hundredths), after.hundredths];
        expect(all.some((one, index) => index > 0 && one === all[index - 1])).toBe(false);
        expect(after.before.map(({ before }) => before)).toEqual(
          after.before.map((one) => one.before).sort(),
        );
      }),
    );
  });

  it('comes with a debtor before that with all, on each day', () => {
    fc.assert(
      fc.property(someRate, someRate, someDay, (debtor, all, day) => {
        expect(agreedOn(firstOf(debtor, all), day)).toBe(agreedOn(debtor, day) ?? agreedOn(all, day));
        expect(isOtherRate(debtor, all)).toBe(JSON.stringify(debtor) !== JSON.stringify(all));
      }),
    );
  });
});
