import type { PenaltyCase } from '../../../domain/law/penalties.ts';
import { hundredthsOf, publishedRates } from './published-rates.ts';

/**
 * The same law read a second time, one day after the other.
 *
 * It shares nothing with the product but the shape of a case: own calendar, rates as published, one addition per day in
 * integers, two sums for the two lengths of a year. Slow and plain on purpose.
 */
export interface OracleAnswer {
  readonly interestCents: number;
  readonly interestPaidCents: number;
  readonly principalCents: number;
  readonly lumpSumCents: number;
}

/** Every day that has a rate, in order. */
export const days: readonly string[] = Array.from({ length: 2922 }, (_, index) =>
  new Date(Date.UTC(2019, 0, 1 + index)).toISOString().slice(0, 10),
);

const rateOfDay = new Map(
  days.map((day) => {
    const semester = `${day.slice(0, 4)}-${Number(day.slice(5, 7)) <= 6 ? 'H1' : 'H2'}`;
    return [day, publishedRates.find((row) => row.semester === semester)!];
  }),
);

export function oracle(given: PenaltyCase): OracleAnswer {
  const { settings, movements } = given;
  const price = movements.filter(
    ({ kind }) =>
      kind === 'invoice' ||
      kind === 'correction' ||
      kind === 'cancellation' ||
      (kind === 'credit_note' && settings.creditNotes === 'from_start'),
  );
  const later = movements.filter((movement) => !price.includes(movement));
  const invoiced = movements
    .filter(({ kind }) => kind === 'invoice')
    .reduce((sum, { cents }) => sum + cents, 0);

  let principal = price.reduce((sum, { cents }) => sum + cents, 0);
  const settledBy = new Map<string, readonly [interest: number, principal: number]>();
  let [sum365, sum366] = [0n, 0n];
  let interestPaid = 0;
  let lateEver = false;
  let startRate: string | undefined;

  const due = (): number => {
    if (principal > 0 && principal < settings.smallDifferenceCents && principal < invoiced) return 0;
    return principal > given.contestedCents ? principal - given.contestedCents : 0;
  };
  const rounded = (): number => {
    const [top, bottom] = [sum365 * 366n + sum366 * 365n, 10_000n * 365n * 366n];
    const [whole, rest] = [top / bottom, top % bottom];
    return Number(rest * 2n >= bottom ? whole + 1n : whole);
  };

  for (const day of days) {
    if (day > given.until) break;
    const published = rateOfDay.get(day)!;
    const late = day > given.dueDate;
    if (late && due() > 0) lateEver = true;
    const told = given.noticeReceivedOn !== null && day > given.noticeReceivedOn;
    const bears = late && given.regime !== 'none' && (given.regime !== 'consumer' || told);
    // The rate of a public buyer is that of the first day on which interest may run, whatever is owed then.
    if (bears) startRate ??= published.publicBuyer;
    const stopped = given.insolventOn !== null && day >= given.insolventOn;
    if (bears && !stopped) {
      const percent =
        given.regime === 'public'
          ? startRate!
          : given.regime === 'consumer'
            ? given.creditorIsIndividual
              ? published.individual
              : published.legal
            : given.regime === 'eu'
              ? published.publicBuyer // ECB + 8, as for public buyers, but of each day.
              : published.business;
      const held = given.contractBefore?.find(({ before }) => day < before) ?? null;
      const ofDay = held ? held.hundredths : given.contractHundredths;
      const agreed = given.regime === 'business' || given.regime === 'eu' ? ofDay : null;
      const bearsOfDay = BigInt(due()) * BigInt(agreed ?? hundredthsOf(percent));
      const leap = ['2020', '2024'].includes(day.slice(0, 4));
      if (settings.dayBase === 'act_act' && leap) sum366 += bearsOfDay;
      else sum365 += bearsOfDay;
    }

    for (const { kind, day: on, cents, paymentId } of later) {
      if (on !== day) continue;
      if (kind === 'payment') {
        const open = settings.paymentsGoTo === 'interest' ? Math.max(0, rounded() - interestPaid) : 0;
        const toInterest = Math.min(open, -cents);
        settledBy.set(paymentId!, [toInterest, -cents - toInterest]);
        interestPaid += toInterest;
        principal -= -cents - toInterest;
      } else if (kind === 'payment_return') {
        const [toInterest, toPrincipal] = settledBy.get(paymentId!)!;
        interestPaid -= toInterest;
        principal += toPrincipal;
      } else principal += cents;
    }
  }

  const forbidden = given.insolventOn !== null && given.dueDate >= given.insolventOn;
  const professional = given.regime === 'business' || given.regime === 'public' || given.regime === 'eu';
  return {
    interestCents: rounded(),
    interestPaidCents: interestPaid,
    principalCents: due(),
    lumpSumCents: professional && lateEver && !forbidden ? 4_000 : 0,
  };
}
