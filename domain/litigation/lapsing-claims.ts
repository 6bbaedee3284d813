import { tellingTime } from '../calendar.ts';
import type { Calendar } from '../calendar.ts';
import { dayAfter, warningPlanOf } from '../law/due-warning.ts';
import type { LegalClock, LegalDate } from '../law/legal-date.ts';
import type { CivilDate, Instant } from '../time.ts';

/** A legal date of an invoice that watches over none itself, and the day of the last warning of it; null: none yet. */
export interface DateOutside {
  readonly invoiceId: string;
  readonly date: Pick<LegalDate, 'clock' | 'on' | 'from'>;
  readonly givenFor: CivilDate | null;
}

/** An invoice that can be brought to court no more since that day, and of which nobody was asked what becomes of it. */
export interface Lapsed {
  readonly invoiceId: string;
  readonly on: CivilDate;
}

export type LapsingMove =
  | { readonly do: 'askAboutLapsed'; readonly invoiceIds: readonly string[]; readonly on: CivilDate }
  | {
      readonly do: 'warnOfDate';
      readonly invoiceIds: readonly string[];
      readonly clock: LegalClock;
      readonly on: CivilDate;
      /** The day of the warning, which is not given twice. */
      readonly for: CivilDate;
    };

/**
 * What is due about the legal dates of claims that lie with others, as an invoice would do it that is not over: warnings
 * ahead, and a task once its limitation has passed; and the days on which to look again.
 *
 * Of all invoices with the same date people are told at once.
 */
export function lapsingOf(
  { dates, lapsed }: { readonly dates: readonly DateOutside[]; readonly lapsed: readonly Lapsed[] },
  calendar: Calendar,
  today: CivilDate,
  now: Instant,
): { readonly due: LapsingMove | null; readonly lookOn: readonly CivilDate[] } {
  const [gone] = lapsed;
  if (gone) {
    const invoiceIds = lapsed.filter(({ on }) => on === gone.on).map(({ invoiceId }) => invoiceId);
    return { due: { do: 'askAboutLapsed', invoiceIds, on: gone.on }, lookOn: [] };
  }
  const plans = dates.map((one) => ({ ...one, ...warningPlanOf(one.date, one.givenFor, today) }));
  const near = plans.filter(({ due, date }) => due !== null && due > date.from);
  const [first] = near;
  if (first?.due && now >= tellingTime(calendar, today)) {
    const { clock, on } = first.date;
    const same = near.filter(({ date }) => date.clock === clock && date.on === on);
    const invoiceIds = same.map(({ invoiceId }) => invoiceId);
    return { due: { do: 'warnOfDate', invoiceIds, clock, on, for: first.due }, lookOn: [] };
  }
  const ends = dates.filter(({ date }) => date.clock === 'limitation' && today <= date.on);
  const lookOn = [
    ...(near.length > 0 ? [today] : []),
    ...plans.flatMap(({ next }) => next ?? []),
    ...ends.map(({ date }) => dayAfter(date)),
  ];
  return { due: null, lookOn };
}
