import { dayAt, instantAt, isWorkingDay, timeOfDayAt, workingDayAfter, workingDayFrom } from './calendar.ts';
import type { Calendar } from './calendar.ts';
import type { Level } from './level.ts';
import type { Channel } from './message.ts';
import type { Scenario } from './scenario.ts';
import { timeOfDayFor } from './schedule.ts';
import { addDays, dayMs, latestDay, minuteMs } from './time.ts';
import type { CivilDate, Instant } from './time.ts';

/**
 * When something may leave the door of a debtor: the caps over all channels and creditors (C9, F61) and the hours of
 * sending.
 */
export interface DoorHours {
  readonly now: Instant;
  readonly debtorId: string;
  readonly calendar: Calendar;
  /** What left in the last eight days or may have left. */
  readonly past: readonly { readonly at: Instant; readonly level: Level }[];
  readonly caps: Caps;
}

export interface Caps {
  readonly perDay: number;
  readonly perWeek: number;
  /** Days from one message to the next, at least. */
  readonly gapDaysMin: number;
}

export type DeferralReason =
  | 'stopped'
  | 'creditor_incomplete'
  | 'notice_incomplete'
  | 'law_value_missing'
  | 'restarting'
  | 'cannot_be_composed'
  | 'muted'
  | 'no_address'
  | 'unallocated_credit'
  | 'awaiting_approval'
  | 'window'
  | 'cap'
  | 'formal_notice_today'
  | 'message_today';

/** What the caps and the window look at. */
export interface Leaving {
  readonly channel: Exclude<Channel, 'internal'>;
  readonly level: Level;
  readonly window: Scenario['window'];
}

/** The first moment from now on at which it may leave, and what it waits for. `going` leaves before it, now. */
export function nextAllowed(
  view: DoorHours,
  leaving: Leaving,
  going: Pick<Leaving, 'level'> | undefined,
): { at: Instant; reason: DeferralReason } {
  const { calendar, now } = view;
  const window = windowOf(leaving);
  const past = going ? [...view.past, { at: now, level: going.level }] : view.past;
  const today = dayAt(calendar, now);

  const floor =
    leaving.level === 'formal_notice' ? noticeDay(view, past, today) : cappedDay(view, past, today);
  const day = workingDayFrom(calendar, floor.day);
  if (day > today)
    return {
      at: instantAt(calendar, day, openingTime(view.debtorId, window)),
      reason: floor.day > today ? floor.reason : 'window',
    };

  const time = timeOfDayAt(calendar, now);
  if (time < window.fromMinute * minuteMs)
    return { at: instantAt(calendar, today, openingTime(view.debtorId, window)), reason: 'window' };
  if (time >= window.toMinute * minuteMs || !isWorkingDay(calendar, today))
    return {
      at: instantAt(calendar, workingDayAfter(calendar, today), openingTime(view.debtorId, window)),
      reason: 'window',
    };
  return { at: now, reason: 'window' };
}

/** A formal notice passes the caps, but stands alone on its day: not with another message before it either. */
function noticeDay({ calendar }: DoorHours, past: DoorHours['past'], today: CivilDate): Floor {
  const spoken = past.some(({ at, level }) => level !== 'formal_notice' && dayAt(calendar, at) === today);
  return spoken ? { day: addDays(today, 1), reason: 'message_today' } : { day: today, reason: 'window' };
}

interface Floor {
  readonly day: CivilDate;
  readonly reason: DeferralReason;
}

/** The first day from `today` on that keeps all caps. */
function cappedDay(view: DoorHours, past: DoorHours['past'], today: CivilDate): Floor {
  const days = past.map((contact) => ({
    day: dayAt(view.calendar, contact.at),
    notice: contact.level === 'formal_notice',
  }));
  if (days.some((contact) => contact.notice && contact.day === today))
    return { day: addDays(today, 1), reason: 'formal_notice_today' };

  const last = days.reduce<CivilDate | null>(
    (latest, contact) => (latest === null ? contact.day : latestDay(latest, contact.day)),
    null,
  );
  let day = last === null ? today : latestDay(today, addDays(last, view.caps.gapDaysMin));
  const within = (count: number): number =>
    days.filter((contact) => contact.day > addDays(day, -count) && contact.day <= day).length;
  // Every past contact falls out of a week that moves on, so this ends.
  while (within(1) >= view.caps.perDay || within(7) >= view.caps.perWeek) day = addDays(day, 1);
  return { day, reason: 'cap' };
}

/** Text messages and calls keep tighter hours than mail, whatever the scenario says (law-fr §13). */
function windowOf({ channel, window }: Leaving): Scenario['window'] {
  if (channel !== 'sms') return window;
  return {
    fromMinute: Math.max(window.fromMinute, 9 * 60),
    toMinute: Math.min(window.toMinute, 19 * 60),
  };
}

/** When a window that was missed opens again: its first hour, spread by debtor. */
function openingTime(debtorId: string, { fromMinute, toMinute }: Scenario['window']): number {
  return timeOfDayFor(debtorId, { fromMinute, toMinute: Math.min(toMinute, fromMinute + 120) });
}

/** How far back messages count: for the cap of a week, and for a gap that may be set longer than that. */
export function capsLookBackMs({ gapDaysMin }: Pick<Caps, 'gapDaysMin'>): number {
  return (Math.max(7, gapDaysMin) + 1) * dayMs;
}
