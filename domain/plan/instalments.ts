import { daysInMonth } from './months.ts';
import { daysBetween } from '../time.ts';
import type { CivilDate } from '../time.ts';

/** One dated amount of a plan; the first has number 1. */
export interface Instalment {
  readonly number: number;
  readonly dueOn: CivilDate;
  /** Integer cents, above zero. */
  readonly amountCents: number;
}

/** As many as anybody agrees on: three years of months. */
export const instalmentsMax = 36;

/** A quarter: who pays less often than that, or begins later, is given time and no plan. */
const pauseDaysMax = 92;
/** The years of `instalmentsMax`; what takes longer is lent, not collected. */
const planDaysMax = 1_096;

/**
 * Equal instalments, a month apart, that make up the debt to the cent: what does not divide stands in the last.
 *
 * A plan that begins on the 31st falls due on the last day of shorter months.
 */
export function equalInstalments(
  amountCents: number,
  count: number,
  firstOn: CivilDate,
): readonly Instalment[] {
  const each = Math.floor(amountCents / count);
  return Array.from({ length: count }, (_, place) => ({
    number: place + 1,
    dueOn: monthsLater(firstOn, place),
    amountCents: place === count - 1 ? amountCents - each * (count - 1) : each,
  }));
}

/** The same day so many months later, or the last of a month that has no such day. */
function monthsLater(day: CivilDate, months: number): CivilDate {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const place = year * 12 + (month - 1) + months;
  const [inYear, inMonth] = [Math.floor(place / 12), (place % 12) + 1];
  const inDay = Math.min(date, daysInMonth(inYear, inMonth));
  return `${inYear}-${String(inMonth).padStart(2, '0')}-${String(inDay).padStart(2, '0')}`;
}

/** Why these instalments are no plan of that debt, as a field and a sentence with the remedy; null when they are. */
export function problemOfInstalments(
  instalments: readonly Instalment[],
  amountCents: number,
  today: CivilDate,
): { readonly field: string; readonly message: string } | null {
  const sum = instalments.reduce((total, one) => total + one.amountCents, 0);
  if (sum !== amountCents)
    return {
      field: 'instalments',
      message: `The instalments come to ${sum} cents, the debt to ${amountCents}: let them agree.`,
    };
  const nothing = instalments.find((one) => one.amountCents <= 0);
  if (nothing)
    return {
      field: 'instalments',
      message: `Number ${nothing.number} of ${instalments.length} is about nothing: give fewer for ${amountCents} cents.`,
    };
  const [first] = instalments;
  if (first && first.dueOn < today)
    return { field: 'instalments', message: `The first is due on ${first.dueOn}: give ${today} or later.` };
  const early = instalments.find((one, place) => one.dueOn <= (instalments[place - 1]?.dueOn ?? ''));
  return early
    ? { field: 'instalments', message: `Number ${early.number} is not later than the one before it.` }
    : null;
}

/**
 * Why a plan gives more time than anybody may give alone, as a sentence with the remedy; null when it does not. The
 * instalments are in their order. Of the length of the whole nobody's word makes more.
 */
export function problemOfDelay(
  instalments: readonly Instalment[],
  today: CivilDate,
  mayExceed: boolean,
): string | null {
  const last = instalments.at(-1);
  if (last && daysBetween(today, last.dueOn) > planDaysMax)
    return `The last is due on ${last.dueOn}: a plan is over within ${planDaysMax} days.`;
  const late = instalments.find(
    ({ dueOn }, place) => daysBetween(instalments[place - 1]?.dueOn ?? today, dueOn) > pauseDaysMax,
  );
  if (!late || mayExceed) return null;
  return `Number ${late.number} is due on ${late.dueOn}, more than ${pauseDaysMax} days after the one before it, or after today: bring it forward, or have a person who may decide say why not (override).`;
}
