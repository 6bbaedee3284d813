import { describe, expect, it } from 'vitest';
import { exactInterest, centsOf } from '../../../domain/law/exact-interest.ts';
import { judgmentInterest } from '../../../domain/law/judgment-interest.ts';
import { MissingLawValue } from '../../../domain/law/law-value.ts';
import { penaltiesOf } from '../../../domain/law/penalties.ts';
import type { Penalties } from '../../../domain/law/penalties.ts';
import { lawWith, shippedLaw } from '../../../domain/law/shipped-law.ts';
import { credited, debt, paid } from './a-debt.ts';

/** What a line shows: days, base, rate in hundredths of a percent, cents. */
function shown({ lines }: Penalties): readonly (readonly number[])[] {
  return lines.map(({ days, baseCents, rate, cents }) => [days, baseCents, rate.hundredths, cents]);
}

const lumpSum = 4_000;

describe('the vectors of the law page', () => {
  it('V01: 30 days of one semester at the rate of the law', () => {
    const penalties = penaltiesOf(
      shippedLaw,
      debt(100_000, '2026-03-31', '2026-04-30', { movements: [paid('2026-04-30', 100_000)] }),
    );

    expect(shown(penalties)).toEqual([[30, 100_000, 1_215, 999]]);
    expect(penalties).toMatchObject({ interestCents: 999, principalCents: 0, totalCents: 999 + lumpSum });
  });

  it('V02: each semester with its rate', () => {
    const penalties = penaltiesOf(shippedLaw, debt(1_000_000, '2026-04-30', '2026-09-01'));

    expect(shown(penalties)).toEqual([
      [61, 1_000_000, 1_215, 20_305],
      [63, 1_000_000, 1_240, 21_403],
    ]);
    expect(penalties.interestCents).toBe(41_708);
  });

  it('V03: lines add up to a sum that was rounded once', () => {
    const penalties = penaltiesOf(shippedLaw, debt(1_234_567, '2024-11-30', '2025-08-15'));

    expect(shown(penalties).map(([days, , rate]) => [days, rate])).toEqual([
      [31, 1_425],
      [181, 1_315],
      [46, 1_215],
    ]);
    expect(penalties.interestCents).toBe(114_351);
    expect(penalties.lines.reduce((sum, { cents }) => sum + cents, 0)).toBe(114_351);
    // Rounded alone they would be 149.42, 805.06 and 189.04; the one with the least remainder above half gives up its cent.
    expect(penalties.lines.map(({ cents }) => cents)).toEqual([14_942, 80_505, 18_904]);
  });

  it('V04: an agreed rate below its floor is claimed as agreed, and said', () => {
    const at = (contractHundredths: number | null): Penalties =>
      penaltiesOf(shippedLaw, debt(500_000, '2026-07-31', '2026-09-14', { contractHundredths }));

    expect(at(500)).toMatchObject({
      interestCents: 3_082,
      notices: [{ code: 'below_floor', semester: '2026-H2', hundredths: 500, floorHundredths: 825 }],
    });
    expect(at(825)).toMatchObject({ interestCents: 5_086, notices: [] });
    expect(at(null)).toMatchObject({ interestCents: 7_644, notices: [] });
  });

  const part = { movements: [paid('2026-02-14', 200_000)] };

  it('V05a: payments settle principal first', () => {
    const penalties = penaltiesOf(shippedLaw, debt(500_000, '2026-01-15', '2026-03-16', part));

    expect(shown(penalties)).toEqual([
      [30, 500_000, 1_215, 4_993],
      [30, 300_000, 1_215, 2_996],
    ]);
    expect(penalties).toMatchObject({ interestCents: 7_989, principalAndInterestCents: 307_989 });
  });

  it('V05b: payments settle interest first where the creditor says so', () => {
    const penalties = penaltiesOf(
      shippedLaw,
      debt(500_000, '2026-01-15', '2026-03-16', { ...part, settings: { paymentsGoTo: 'interest' } }),
    );

    expect(penalties.imputations).toEqual([
      { day: '2026-02-14', paymentId: null, interestCents: 4_993, principalCents: 195_007 },
    ]);
    expect(shown(penalties)).toEqual([
      [30, 500_000, 1_215, 4_993],
      [30, 304_993, 1_215, 3_046],
    ]);
    expect(penalties).toMatchObject({ principalCents: 304_993, principalAndInterestCents: 308_039 });
  });

  it('V06: a credit note says that the price was never owed, unless it counts from its day', () => {
    const movements = [credited('2026-03-20', 100_000), paid('2026-04-29', 300_000)];
    const by = (creditNotes: 'from_start' | 'from_day'): number =>
      penaltiesOf(
        shippedLaw,
        debt(400_000, '2026-02-28', '2026-04-29', { movements, settings: { creditNotes } }),
      ).interestCents;

    expect([by('from_start'), by('from_day')]).toEqual([5_992, 6_658]);
  });

  it('V07: a public buyer owes the rate of the semester in which interest began, and 40 €', () => {
    const penalties = penaltiesOf(
      shippedLaw,
      debt(2_000_000, '2026-06-20', '2026-07-20', { regime: 'public' }),
    );

    expect(shown(penalties)).toEqual([[30, 2_000_000, 1_015, 16_685]]);
    expect(penalties.lumpSum).toMatchObject({ cents: lumpSum, reason: 'owed' });
  });

  it('V08: a consumer owes the legal rate from the formal notice, and no 40 €', () => {
    const to = (creditorIsIndividual: boolean): Penalties =>
      penaltiesOf(
        shippedLaw,
        debt(80_000, '2026-05-31', '2026-08-24', {
          regime: 'consumer',
          noticeReceivedOn: '2026-07-10',
          creditorIsIndividual,
        }),
      );

    expect(shown(to(false))).toEqual([[45, 80_000, 275, 271]]);
    expect(to(false).lumpSum).toMatchObject({ cents: 0, reason: 'consumer' });
    expect(to(true).interestCents).toBe(675);
  });

  it('V09: a leap year has 365 days, unless its own are asked for', () => {
    const by = (dayBase: 'act_365' | 'act_act'): number =>
      penaltiesOf(shippedLaw, debt(100_000, '2024-02-15', '2024-03-15', { settings: { dayBase } }))
        .interestCents;

    expect([by('act_365'), by('act_act')]).toEqual([1_152, 1_149]);
  });

  it('V10: an ECB rate of zero still leaves ten points', () => {
    expect(penaltiesOf(shippedLaw, debt(25_000_000, '2021-06-30', '2021-12-31')).interestCents).toBe(
      1_260_274,
    );
  });

  it('V11: one day late at the edge of a semester costs that day at the new rate, and 40 €', () => {
    const penalties = penaltiesOf(
      shippedLaw,
      debt(10_000, '2026-06-30', '2026-07-01', { movements: [paid('2026-07-01', 10_000)] }),
    );

    expect(shown(penalties)).toEqual([[1, 10_000, 1_240, 3]]);
    expect(penalties.lumpSum).toMatchObject({ cents: lumpSum, lateOn: '2026-07-01' });
  });

  it('V12: paid on the due date costs nothing', () => {
    const penalties = penaltiesOf(
      shippedLaw,
      debt(10_000, '2026-06-30', '2026-09-30', { movements: [paid('2026-06-30', 10_000)] }),
    );

    expect(penalties).toMatchObject({ lines: [], interest: 'not_late', totalCents: 0 });
    expect(penalties.lumpSum).toMatchObject({ cents: 0, reason: 'not_late' });
  });

  it('V13: interest stops the day before an insolvency judgment', () => {
    const penalties = penaltiesOf(
      shippedLaw,
      debt(750_000, '2026-03-31', '2026-06-30', { insolventOn: '2026-05-12' }),
    );

    expect(shown(penalties)).toEqual([[41, 750_000, 1_215, 10_236]]);
    expect(penalties).toMatchObject({ interest: 'insolvency', perDayCents: 0 });
  });

  it('V14: the legal rate is raised once a judgment has been enforceable for two months', () => {
    const run = judgmentInterest(shippedLaw, {
      movements: [{ kind: 'invoice', day: '2026-05-01', cents: 1_000_000 }],
      from: '2026-08-01',
      until: '2026-08-30',
      enforceableOn: '2026-05-31',
      creditorIsIndividual: false,
      dayBase: 'act_365',
    });

    expect(run.lines).toMatchObject([{ days: 30, cents: 6_370, rate: { hundredths: 775 } }]);
  });

  it('V15: no amount and no time is too large to be exact', () => {
    const penalties = penaltiesOf(shippedLaw, debt(999_999_999, '2022-12-31', '2026-06-30'));

    expect(penalties.lines).toHaveLength(7);
    expect(penalties.interestCents).toBe(463_408_219);
  });

  it('V16: elsewhere in the Union the rate of the directive holds, and 40 €', () => {
    const penalties = penaltiesOf(shippedLaw, debt(300_000, '2026-07-15', '2026-08-14', { regime: 'eu' }));

    expect(shown(penalties)).toEqual([[30, 300_000, 1_040, 2_564]]);
    expect(penalties.lumpSum.cents).toBe(lumpSum);
  });

  it('V17: a semester without a rate is an error that names it', () => {
    expect(penaltiesOf(shippedLaw, debt(150_000, '2026-12-10', '2026-12-31')).interestCents).toBe(1_070);

    const further = () => penaltiesOf(shippedLaw, debt(150_000, '2026-12-10', '2027-01-01'));
    expect(further).toThrow(MissingLawValue);
    expect(further).toThrow(/of 2027-H1 is not known: an administrator adds it/);
  });

  it('V18: the day after the due date is the first and the day of payment the last', () => {
    expect(penaltiesOf(shippedLaw, debt(1_000_000, '2026-05-01', '2026-09-01')).interestCents).toBe(41_375);

    // The convention that we don't follow has as many days, and another sum.
    const other = [
      { days: 61, hundredths: 1_215 },
      { days: 62, hundredths: 1_240 },
    ].map((line) => exactInterest({ ...line, baseCents: 1_000_000, yearDays: 365 }));
    expect(centsOf(other.reduce((sum, part) => sum + part, 0n))).toBe(41_368);
  });
});

describe('interest', () => {
  it('runs at an administrator’s rate from the day that he has added it', () => {
    const added = (code: 'ecb_refinancing_rate' | 'legal_rate_business', value: number) => ({
      code,
      from: '2027-01-01',
      to: '2027-06-30',
      value,
      source: 'ECB, 1 January 2027',
      sourced: true,
      lawyerValidated: true,
    });
    const law = lawWith([added('ecb_refinancing_rate', 265), added('legal_rate_business', 290)]);

    const { lines } = penaltiesOf(law, debt(150_000, '2026-12-10', '2027-01-10'));

    expect(lines.map(({ rate }) => [rate.semester, rate.hundredths, rate.floorHundredths])).toEqual([
      ['2026-H2', 1_240, 825],
      ['2027-H1', 1_265, 870],
    ]);
  });

  it('asks for no rate of days on which nothing was owed', () => {
    const settled = debt(100_000, '2026-12-01', '2028-03-01', { movements: [paid('2026-12-20', 100_000)] });

    expect(penaltiesOf(shippedLaw, settled)).toMatchObject({ principalCents: 0, perDayCents: 0 });
  });

  it('does not run against a consumer without a formal notice, nor where we know no rule', () => {
    expect(
      penaltiesOf(shippedLaw, debt(80_000, '2026-05-31', '2026-08-24', { regime: 'consumer' })),
    ).toMatchObject({ interest: 'no_notice', totalCents: 80_000 });
    expect(
      penaltiesOf(shippedLaw, debt(80_000, '2026-05-31', '2026-08-24', { regime: 'none' })),
    ).toMatchObject({ interest: 'no_rule', totalCents: 80_000 });
  });

  it('does not run on what is contested', () => {
    const penalties = penaltiesOf(
      shippedLaw,
      debt(100_000, '2026-03-31', '2026-04-30', { contestedCents: 20_000 }),
    );

    expect(shown(penalties)).toEqual([[30, 80_000, 1_215, 799]]);
    expect(penalties.principalCents).toBe(80_000);
  });

  it('runs again when a payment comes back, on all that it had settled', () => {
    const movements = [
      paid('2026-02-14', 200_000, 'p1'),
      { kind: 'payment_return', day: '2026-02-24', cents: 200_000, paymentId: 'p1' },
    ] as const;
    const by = (paymentsGoTo: 'principal' | 'interest'): Penalties =>
      penaltiesOf(
        shippedLaw,
        debt(500_000, '2026-01-15', '2026-03-16', { movements, settings: { paymentsGoTo } }),
      );

    expect(by('principal')).toMatchObject({ principalCents: 500_000, interestPaidCents: 0 });
    expect(by('interest')).toMatchObject({ principalCents: 500_000, interestPaidCents: 0 });
    expect(by('interest').imputations).toHaveLength(2);
  });

  it('says what each further day adds', () => {
    expect(penaltiesOf(shippedLaw, debt(500_000, '2026-01-15', '2026-03-16')).perDayCents).toBe(166);
  });

  it('shows the rate of the law that is under its own floor, and stays with it', () => {
    const { lines, notices } = penaltiesOf(shippedLaw, debt(100_000, '2024-03-31', '2024-04-30'));

    expect(lines[0]?.rate.hundredths).toBe(1_450);
    expect(notices).toEqual([
      { code: 'default_below_floor', semester: '2024-H1', hundredths: 1_450, floorHundredths: 1_521 },
    ]);
  });

  it('ignores an agreed rate where the law fixes it, and says so', () => {
    const { lines, notices } = penaltiesOf(
      shippedLaw,
      debt(100_000, '2026-03-31', '2026-04-30', { regime: 'public', contractHundredths: 2_000 }),
    );

    expect(lines[0]?.rate.hundredths).toBe(1_015);
    expect(notices).toEqual([{ code: 'contract_rate_without_effect' }]);
  });
});

describe('a small difference', () => {
  const settings = { smallDifferenceCents: 500 };

  it('is shown and not asked, and costs nothing', () => {
    const movements = [paid('2026-03-31', 99_600)];

    expect(
      penaltiesOf(shippedLaw, debt(100_000, '2026-03-31', '2026-06-30', { movements, settings })),
    ).toMatchObject({ smallDifferenceCents: 400, principalCents: 0, totalCents: 0, lines: [] });
  });

  it('leaves what was owed before it', () => {
    const movements = [paid('2026-04-30', 99_600)];

    expect(
      penaltiesOf(shippedLaw, debt(100_000, '2026-03-31', '2026-06-30', { movements, settings })),
    ).toMatchObject({ smallDifferenceCents: 400, interestCents: 999, totalCents: 999 + lumpSum });
  });

  it('is never a whole invoice', () => {
    expect(penaltiesOf(shippedLaw, debt(400, '2026-03-31', '2026-06-30', { settings })).principalCents).toBe(
      400,
    );
  });
});

describe('the fixed indemnity', () => {
  const reasonOf = (given: Parameters<typeof debt>[3]): string =>
    penaltiesOf(shippedLaw, debt(100_000, '2026-03-31', '2026-06-30', given)).lumpSum.reason;

  it('is owed once, whatever is paid in parts', () => {
    const movements = [paid('2026-03-20', 50_000), paid('2026-04-10', 20_000), paid('2026-05-10', 30_000)];

    expect(penaltiesOf(shippedLaw, debt(100_000, '2026-03-31', '2026-06-30', { movements })).lumpSum).toEqual(
      {
        cents: lumpSum,
        reason: 'owed',
        lateOn: '2026-04-01',
        source: 'art. L441-10 II et D441-5 C. com.',
        lawyerValidated: false,
      },
    );
  });

  it('is not owed for a price that was never owed', () => {
    expect(reasonOf({ movements: [credited('2026-05-05', 100_000)] })).toBe('not_late');
    expect(reasonOf({ movements: [{ kind: 'cancellation', day: '2026-05-05', cents: -100_000 }] })).toBe(
      'not_late',
    );
  });

  it('is not owed for what fell due once an insolvency was open, and is for what fell due before', () => {
    expect(reasonOf({ insolventOn: '2026-03-31' })).toBe('insolvency');
    expect(reasonOf({ insolventOn: '2026-04-01' })).toBe('owed');
  });

  it('becomes owed when a payment made in time comes back', () => {
    const movements = [
      paid('2026-03-31', 100_000, 'p1'),
      { kind: 'payment_return', day: '2026-04-09', cents: 100_000, paymentId: 'p1' },
    ] as const;

    expect(
      penaltiesOf(shippedLaw, debt(100_000, '2026-03-31', '2026-06-30', { movements })).lumpSum,
    ).toMatchObject({ reason: 'owed', lateOn: '2026-04-10' });
  });
});
