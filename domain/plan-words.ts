import { addWorkingDays, dayAt, instantAt } from './calendar.ts';
import { contactFor } from './contact.ts';
import type { Contact } from './contact.ts';
import { nextAllowed } from './door-caps.ts';
import type { DeferralReason, DoorHours } from './door-caps.ts';
import type { Language } from './message.ts';
import type { Scenario } from './scenario.ts';
import type { Instant } from './time.ts';
import { stuckDays } from './under-way.ts';

/** What is to be said to the debtor about a dispute or a discount, as it waits at the door. */
export interface DoorWord {
  readonly messageId: string;
  readonly invoiceId: string;
  readonly creditorId: string;
  readonly window: Scenario['window'];
  /** Until when nobody of ours may speak about its invoice; `until` null: until somebody acts. Null: we may. */
  readonly muted: { readonly until: Instant | null } | null;
  /** Whether there is nothing left to say: its invoice or its offer is over. */
  readonly moot: boolean;
  /** Whether it may go as a letter to whoever has no mail address. */
  readonly byLetter: boolean;
  /** A carrier that turned it away, or a fault of ours: not tried again before then. */
  readonly restartAt: Instant | null;
  /** When it was written, or when a person who was asked about it last answered. */
  readonly waitsSince: Instant;
  /** Whether a person is asked already why it does not leave. */
  readonly asked: boolean;
}

/** What the door must know to let one of them leave. */
export interface WordView extends DoorHours {
  readonly language: Language;
  readonly contacts: readonly Contact[];
  readonly creditors: readonly { readonly creditorId: string; readonly missing: readonly string[] }[];
  /** Scopes that are stopped and concern this debtor. */
  readonly stops: readonly {
    readonly scope: 'everything' | 'creditor' | 'debtor' | 'invoice';
    readonly subjectId: string | null;
    /** When it is to be lifted; null: until somebody does. */
    readonly endsAt: Instant | null;
  }[];
  /** What people have to say, oldest first. */
  readonly words: readonly DoorWord[];
}

export interface WordPlan {
  /** The one that may leave now, and to whom. */
  readonly ready: {
    readonly word: DoorWord;
    readonly contactId: string;
    readonly channel: 'email' | 'letter';
    readonly language: Language;
  } | null;
  readonly deferrals: readonly {
    readonly messageId: string;
    readonly until: Instant | null;
    readonly reason: DeferralReason;
  }[];
  /** Those that have waited so long that a person is to be asked about them. */
  readonly overdue: readonly DoorWord[];
  /** When the next one will have; null when none will. */
  readonly askAt: Instant | null;
}

/**
 * Plans the words of a door: one at a time, before any reminder, for a person waits for his answer.
 *
 * They keep the window, the stops and the caps of the debtor as reminders do. What is contested or promised does not
 * silence them: that is what they are about. None waits for good without a person who knows, whatever keeps it.
 */
export function planWords(view: WordView): WordPlan {
  const deferrals: WordPlan['deferrals'][number][] = [];
  let ready: WordPlan['ready'] = null;
  for (const word of view.words.filter(({ moot }) => !moot)) {
    const { messageId } = word;
    const obstacle = obstacleOf(view, word);
    const byMail = contactFor(view.contacts, 'email', 'billing');
    const contact = byMail ?? (word.byLetter ? contactFor(view.contacts, 'letter', 'billing') : undefined);
    const channel = byMail ? 'email' : 'letter';
    if (obstacle || !contact) {
      deferrals.push({ messageId, ...(obstacle ?? { until: null, reason: 'no_address' }) });
      continue;
    }
    const leaving = { channel, level: 'reminder', window: word.window } as const;
    const { at, reason } = nextAllowed(view, leaving, ready ? { level: 'reminder' } : undefined);
    if (at <= view.now && !ready)
      ready = { word, contactId: contact.contactId, channel, language: contact.language ?? view.language };
    else deferrals.push({ messageId, until: at, reason });
  }
  const waiting = view.words.filter(
    ({ moot, asked, messageId }) => !moot && !asked && messageId !== ready?.word.messageId,
  );
  const moments = waiting.map((word) => askAtOf(view, word)).filter((at) => at > view.now);
  return {
    ready,
    deferrals,
    overdue: waiting.filter((word) => askAtOf(view, word) <= view.now),
    askAt: moments.length > 0 ? Math.min(...moments) : null,
  };
}

/** As for requests of a file (`under-way.ts`). */
function askAtOf({ calendar }: WordView, { waitsSince }: DoorWord): Instant {
  return instantAt(calendar, addWorkingDays(calendar, dayAt(calendar, waitsSince), stuckDays), 0);
}

function obstacleOf(
  view: WordView,
  word: DoorWord,
): { readonly until: Instant | null; readonly reason: DeferralReason } | null {
  const subjects = [null, word.creditorId, view.debtorId, word.invoiceId];
  const stops = view.stops.filter((stop) => subjects.includes(stop.subjectId));
  if (stops.length > 0) return { until: endOf(stops, view.now), reason: 'stopped' };
  if (word.muted) return { until: word.muted.until, reason: 'muted' };
  const creditor = view.creditors.find(({ creditorId }) => creditorId === word.creditorId);
  if (!creditor || creditor.missing.length > 0) return { until: null, reason: 'creditor_incomplete' };
  if (word.restartAt !== null && word.restartAt > view.now)
    return { until: word.restartAt, reason: 'restarting' };
  return null;
}

/** When the last of the stops is to be lifted; null when one of them waits for a person, or should have been by now. */
export function endOf(stops: WordView['stops'], now: Instant): Instant | null {
  const last = Math.max(...stops.map(({ endsAt }) => endsAt ?? Infinity));
  return Number.isFinite(last) && last > now ? last : null;
}
