import { dayAt, instantAt, isWorkingDay, timeOfDayAt, workingDayAfter, workingDayFrom } from './calendar.ts';
import type { Calendar } from './calendar.ts';
import { contactFor, reachOf } from './contact.ts';
import type { Contact } from './contact.ts';
import { rankOf } from './level.ts';
import type { Level } from './level.ts';
import type { Channel, Language } from './message.ts';
import type { Scenario } from './scenario.ts';
import { timeOfDayFor } from './schedule.ts';
import { addDays, dayMs, latestDay, minuteMs } from './time.ts';
import type { CivilDate, Instant } from './time.ts';

/**
 * What may leave the door of one debtor next, and what must wait.
 *
 * Invoices ask to speak one by one; the door speaks once. It gathers what is due into one message per contact,
 * creditor, channel and language, in the tone of the highest level among it; it keeps the caps over all channels and
 * creditors (C9, F61), the window and the stops; and it defers with a reason, never drops (C22).
 */
export interface DoorView {
  readonly now: Instant;
  readonly debtorId: string;
  readonly language: Language;
  readonly calendar: Calendar;
  /** Requests that `decide` still wants, no others. */
  readonly requests: readonly DoorRequest[];
  readonly contacts: readonly Contact[];
  /** What left in the last eight days or may have left. */
  readonly past: readonly { readonly at: Instant; readonly level: Level }[];
  readonly creditors: readonly { readonly creditorId: string; readonly missing: readonly string[] }[];
  /** Scopes that are stopped and concern this debtor. */
  readonly stops: readonly {
    readonly scope: 'everything' | 'creditor' | 'debtor' | 'invoice';
    readonly subjectId: string | null;
    /** When it is to be lifted; null: until somebody does. */
    readonly endsAt: Instant | null;
  }[];
  /** Money of the debtor that no invoice has absorbed, against what the requests ask of him in the same currency. */
  readonly credits: readonly {
    readonly creditorId: string;
    readonly currency: string;
    readonly creditCents: number;
    readonly askedCents: number;
  }[];
  readonly caps: Caps;
}

export interface Caps {
  readonly perDay: number;
  readonly perWeek: number;
  /** Days from one message to the next, at least. */
  readonly gapDaysMin: number;
}

export interface DoorRequest {
  readonly requestId: string;
  readonly invoiceId: string;
  readonly creditorId: string;
  readonly currency: string;
  readonly level: Level;
  readonly channel: Exclude<Channel, 'internal'>;
  readonly mode: 'automatic' | 'review' | 'manual';
  readonly template: string;
  readonly recipient: string;
  readonly window: Scenario['window'];
  /** What a formal notice about this invoice would have to state and cannot: it does not leave without. */
  readonly missing: readonly string[];
  /** It asks for penalties that cannot be worked out, for a value of the law is not known. */
  readonly lawMissing?: boolean;
  /** What a person said yes to; null while nobody has. */
  readonly approvedDigest: string | null;
  /** Its turn in the restart after a stop. */
  readonly restartAt: Instant | null;
  /** Its message could not be composed: not tried again before then. */
  readonly asideUntil: Instant | null;
}

/** One message that may be made: its addressee, its tone, and the requests that take their step with it. */
export interface Group {
  readonly creditorId: string;
  readonly contactId: string;
  readonly channel: Exclude<Channel, 'internal'>;
  readonly language: Language;
  readonly level: Level;
  readonly mode: DoorRequest['mode'];
  readonly template: string;
  readonly requests: readonly DoorRequest[];
}

export interface Deferral {
  readonly requestId: string;
  /** Null: until somebody acts. */
  readonly until: Instant | null;
  readonly reason: DeferralReason;
}

export type DeferralReason =
  | 'stopped'
  | 'creditor_incomplete'
  | 'notice_incomplete'
  | 'law_value_missing'
  | 'restarting'
  | 'cannot_be_composed'
  | 'no_address'
  | 'unallocated_credit'
  | 'awaiting_approval'
  | 'window'
  | 'cap'
  | 'formal_notice_today'
  | 'message_today';

export interface ContactPlan {
  /** What may leave now, hardest level first; after one of them has left, the door plans again. */
  readonly ready: readonly Group[];
  /** Steps that wait for a person's word, as the drafts that show them. */
  readonly drafts: readonly Group[];
  readonly deferrals: readonly Deferral[];
}

/** Plans the door as it is at `view.now`. Pure: called before composing, and again under the lock at the claim. */
export function planContacts(view: DoorView): ContactPlan {
  const deferrals: Deferral[] = [];
  const open: DoorRequest[] = [];
  for (const request of view.requests) {
    const obstacle = obstacleOf(view, request);
    if (obstacle) deferrals.push({ requestId: request.requestId, ...obstacle });
    else open.push(request);
  }

  const [drafted, sendable] = [open.filter(awaitsWord), open.filter((request) => !awaitsWord(request))];
  for (const request of drafted)
    deferrals.push({ requestId: request.requestId, until: null, reason: 'awaiting_approval' });

  const ready: Group[] = [];
  for (const group of groupsOf(view, sendable)) {
    const { at, reason } = nextAllowed(view, group, ready[0]);
    if (at <= view.now) ready.push(group);
    else
      for (const request of group.requests)
        deferrals.push({ requestId: request.requestId, until: at, reason });
  }
  return { ready, drafts: groupsOf(view, drafted), deferrals };
}

/** When the door should be looked at again; null when only an act of somebody can change its answer. */
export function nextLook(plan: ContactPlan, now: Instant): Instant | null {
  if (plan.ready.length > 0) return now;
  const moments = plan.deferrals.flatMap((deferral) => deferral.until ?? []);
  return moments.length > 0 ? Math.min(...moments) : null;
}

function awaitsWord(request: DoorRequest): boolean {
  return request.mode === 'review' && request.approvedDigest === null;
}

function obstacleOf(
  view: DoorView,
  request: DoorRequest,
): { until: Instant | null; reason: DeferralReason } | null {
  const subjects: Readonly<Record<string, string | null>> = {
    everything: null,
    creditor: request.creditorId,
    debtor: view.debtorId,
    invoice: request.invoiceId,
  };
  const stops = view.stops.filter((stop) => stop.subjectId === subjects[stop.scope]);
  if (stops.length > 0) return { until: endOf(stops, view.now), reason: 'stopped' };

  const creditor = view.creditors.find((candidate) => candidate.creditorId === request.creditorId);
  if (!creditor || creditor.missing.length > 0) return { until: null, reason: 'creditor_incomplete' };
  if (request.restartAt !== null && request.restartAt > view.now)
    return { until: request.restartAt, reason: 'restarting' };
  if (request.asideUntil !== null && request.asideUntil > view.now)
    return { until: request.asideUntil, reason: 'cannot_be_composed' };
  if (!contactFor(view.contacts, reachOf(request.channel), request.recipient))
    return { until: null, reason: 'no_address' };

  if (request.missing.length > 0) return { until: null, reason: 'notice_incomplete' };
  if (request.lawMissing === true) return { until: null, reason: 'law_value_missing' };

  // Whoever has paid what would be asked now is not reminded; a person allocates his money first (C8).
  const account = view.credits.find(
    (credit) => credit.creditorId === request.creditorId && credit.currency === request.currency,
  );
  if (account && account.creditCents > 0 && account.creditCents >= account.askedCents)
    return { until: null, reason: 'unallocated_credit' };
  return null;
}

/** When the last of the stops is to be lifted; null when one of them waits for a person, or should have been by now. */
function endOf(stops: DoorView['stops'], now: Instant): Instant | null {
  const last = Math.max(...stops.map(({ endsAt }) => endsAt ?? Infinity));
  return Number.isFinite(last) && last > now ? last : null;
}

/** Gathers requests that can share a message, hardest level first. */
function groupsOf(view: DoorView, requests: readonly DoorRequest[]): readonly Group[] {
  const groups = new Map<string, DoorRequest[]>();
  for (const request of requests) {
    const contact = contactFor(view.contacts, reachOf(request.channel), request.recipient);
    // A formal notice names only what it is about, and an approved text only what was approved.
    const apart = request.level === 'formal_notice' ? 'notice' : request.mode;
    const key = [request.creditorId, contact?.contactId, request.channel, apart, request.approvedDigest].join(
      '|',
    );
    groups.set(key, [...(groups.get(key) ?? []), request]);
  }
  return [...groups.values()]
    .map((together) => groupFrom(view, together))
    .sort((a, b) => rankOf(b.level) - rankOf(a.level));
}

function groupFrom(view: DoorView, requests: readonly DoorRequest[]): Group {
  const hardest = requests.reduce((top, request) =>
    rankOf(request.level) > rankOf(top.level) ? request : top,
  );
  const contact = contactFor(view.contacts, reachOf(hardest.channel), hardest.recipient);
  if (!contact) throw new Error('a group was made of requests without a contact');
  const { creditorId, channel, level, mode, template } = hardest;
  return {
    creditorId,
    contactId: contact.contactId,
    channel,
    language: contact.language ?? view.language,
    level,
    mode,
    template,
    requests,
  };
}

/** The first moment from now on at which the group may leave, and what it waits for. `going` leaves before it, now. */
function nextAllowed(
  view: DoorView,
  group: Group,
  going: Group | undefined,
): { at: Instant; reason: DeferralReason } {
  const { calendar, now } = view;
  const window = windowOf(group);
  const past = going ? [...view.past, { at: now, level: going.level }] : view.past;
  const today = dayAt(calendar, now);

  const floor = group.level === 'formal_notice' ? noticeDay(view, past, today) : cappedDay(view, past, today);
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
function noticeDay({ calendar }: DoorView, past: DoorView['past'], today: CivilDate): Floor {
  const spoken = past.some(({ at, level }) => level !== 'formal_notice' && dayAt(calendar, at) === today);
  return spoken ? { day: addDays(today, 1), reason: 'message_today' } : { day: today, reason: 'window' };
}

interface Floor {
  readonly day: CivilDate;
  readonly reason: DeferralReason;
}

/** The first day from `today` on that keeps all caps. */
function cappedDay(view: DoorView, past: DoorView['past'], today: CivilDate): Floor {
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
function windowOf(group: Group): Scenario['window'] {
  const scenario = group.requests[0]?.window ?? { fromMinute: 9 * 60, toMinute: 17 * 60 };
  if (group.channel !== 'sms') return scenario;
  return {
    fromMinute: Math.max(scenario.fromMinute, 9 * 60),
    toMinute: Math.min(scenario.toMinute, 19 * 60),
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
