import { contactFor, reachOf } from './contact.ts';
import { nextAllowed } from './door-caps.ts';
import type { DeferralReason, Leaving } from './door-caps.ts';
import { rankOf } from './level.ts';
import type { Level } from './level.ts';
import type { Channel, Language } from './message.ts';
import { endOf, planWords } from './plan-words.ts';
import type { WordPlan, WordView } from './plan-words.ts';
import type { Scenario } from './scenario.ts';
import type { Instant } from './time.ts';

/**
 * What may leave the door of one debtor next, and what must wait.
 *
 * Invoices ask to speak one by one; the door speaks once. It gathers what is due into one message per contact,
 * creditor, channel and language, in the tone of the highest level among it; it keeps the caps over all channels and
 * creditors (C9, F61), the window and the stops; and it defers with a reason, never drops (C22).
 */
export interface DoorView extends WordView {
  /** Requests that `decide` still wants, no others. */
  readonly requests: readonly DoorRequest[];
  /** Money of the debtor that no invoice has absorbed, against what the requests ask of him in the same currency. */
  readonly credits: readonly {
    readonly creditorId: string;
    readonly currency: string;
    readonly creditCents: number;
    readonly askedCents: number;
  }[];
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

export interface ContactPlan {
  /** What may leave now, hardest level first; after one of them has left, the door plans again. */
  readonly ready: readonly Group[];
  /** Steps that wait for a person's word, as the drafts that show them. */
  readonly drafts: readonly Group[];
  readonly deferrals: readonly Deferral[];
  /** What people have to say leaves before any of this. */
  readonly words: WordPlan;
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
    const { at, reason } = nextAllowed(view, leavingOf(group), ready[0]);
    if (at <= view.now) ready.push(group);
    else
      for (const request of group.requests)
        deferrals.push({ requestId: request.requestId, until: at, reason });
  }
  return { ready, drafts: groupsOf(view, drafted), deferrals, words: planWords(view) };
}

/** When the door should be looked at again; null when only an act of somebody can change its answer. */
export function nextLook(plan: ContactPlan, now: Instant): Instant | null {
  if (plan.ready.length > 0 || plan.words.ready) return now;
  const waits = [...plan.deferrals, ...plan.words.deferrals].flatMap((deferral) => deferral.until ?? []);
  const moments = plan.words.askAt === null ? waits : [...waits, plan.words.askAt];
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

function leavingOf({ channel, level, requests }: Group): Leaving {
  return { channel, level, window: requests[0]?.window ?? { fromMinute: 9 * 60, toMinute: 17 * 60 } };
}
