import { daysInMonth } from './months.ts';
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
