import { addDays } from '../time.ts';
import type { CivilDate } from '../time.ts';
import type { LegalDate } from './legal-date.ts';
import { warningDaysOf } from './warning-days.ts';

/**
 * Which warning of a legal date is due on a day, and when the next one is.
 *
 * Of several that have passed, as when an old claim comes in, the last alone is given: people are told how it stands, not
 * how it stood. Once the date itself has passed there is nothing to warn of.
 */
export interface WarningPlan {
  /** The day of the warning that is to be given now; null when none is. */
  readonly due: CivilDate | null;
  /** The day of the one after; null when there is none. */
  readonly next: CivilDate | null;
}

/** `givenFor` is the day of the last warning that was given; null when none was. */
export function warningPlanOf(
  date: Pick<LegalDate, 'clock' | 'on'>,
  givenFor: CivilDate | null,
  today: CivilDate,
): WarningPlan {
  if (today > date.on) return { due: null, next: null };
  const days = warningDaysOf(date);
  const last = days.filter((day) => day <= today).at(-1) ?? null;
  const due = last !== null && (givenFor === null || last > givenFor) ? last : null;
  return { due, next: days.find((day) => day > today) ?? null };
}

/** The first day on which a legal date has passed. */
export function dayAfter({ on }: Pick<LegalDate, 'on'>): CivilDate {
  return addDays(on, 1);
}
