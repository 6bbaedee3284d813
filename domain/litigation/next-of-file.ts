import { dayAt, tellingTime } from '../calendar.ts';
import type { Calendar } from '../calendar.ts';
import { addDays } from '../time.ts';
import type { CivilDate, Instant } from '../time.ts';
import { lapsingOf } from './lapsing-claims.ts';
import type { DateOutside, Lapsed, LapsingMove } from './lapsing-claims.ts';
import { stillHeld } from './remittance.ts';
import type { Recovery } from './remittance.ts';

/** A file that is prepared and not handed over is nobody's: so many days later its owner is told. */
export const preparingDays = 7;
/** A partner who has said nothing for so many days is asked about, and again as often. */
export const silenceDays = 30;
/** A doubtful claim is owed on: after half a year it asks for a look again, whoever doubted it. */
export const doubtDays = 182;

/** How a litigation file stands, as its rule needs to know it. */
export interface LitigationView {
  readonly state: 'preparing' | 'handed' | 'closed';
  readonly openedAt: Instant;
  readonly handedAt: Instant | null;
  /** When the partner said anything last. */
  readonly heardAt: Instant | null;
  /** When the owner was told last that nothing moves. */
  readonly toldAt: Instant | null;
  readonly hasPack: boolean;
  /** What is still owed on its invoices. */
  readonly openCents: number;
  /** What came since the hand-over and the partner has not been told. */
  readonly untold: number;
  readonly recoveries: readonly Recovery[];
  readonly remittedCents: number;
  /** Of its invoices that watch over no legal date themselves, as those that ended with their hand-over. */
  readonly dates: readonly DateOutside[];
  readonly lapsed: readonly Lapsed[];
  /** Of a file that was closed as doubtful, when what had ended as handed over is looked at again; else null. */
  readonly reviewOn: CivilDate | null;
  readonly calendar: Calendar;
}

export type LitigationMove =
  | { readonly do: 'wait'; readonly until: Instant | null }
  | { readonly do: 'drawUpPack' }
  | { readonly do: 'tellPartner' }
  | { readonly do: 'finish' }
  | {
      readonly do: 'chaseRemittance';
      readonly recoveryId: string;
      readonly heldCents: number;
      readonly remitBy: CivilDate;
    }
  | LapsingMove
  | { readonly do: 'prepareAnew' }
  | { readonly do: 'tellOwner'; readonly why: 'waits' | 'silent' };

/**
 * What is due about a litigation file now.
 *
 * The partner hears of what was paid to us before anything else, on the same day. A file ends by itself once nothing is
 * owed and nothing is held for us; what a partner holds has its day, and his silence is noticed. The claim lapses on its
 * day whoever has it, and also while it is doubted.
 */
export function nextOfFile(view: LitigationView, now: Instant): LitigationMove {
  const { state, calendar } = view;
  const held = stillHeld(view.recoveries, view.remittedCents);
  if (state === 'closed') return nextOfClosed(view, held, now);
  if (state === 'handed') {
    if (!view.hasPack) return { do: 'drawUpPack' };
    if (view.untold > 0) return { do: 'tellPartner' };
  }
  if (view.openCents <= 0 && held.length === 0) return { do: 'finish' };

  const today = dayAt(calendar, now);
  const late = lateOf(held, today);
  if (late) return late;
  const lapsing = lapsingOf(view, calendar, today, now);
  if (lapsing.due) return lapsing.due;
  const why = state === 'handed' ? 'silent' : 'waits';
  const quietSince =
    state === 'handed'
      ? Math.max(view.handedAt ?? view.openedAt, view.heardAt ?? 0, view.toldAt ?? 0)
      : Math.max(view.openedAt, view.toldAt ?? 0);
  const tellOn = addDays(dayAt(calendar, quietSince), state === 'handed' ? silenceDays : preparingDays);
  if (tellOn <= today && now >= tellingTime(calendar, today)) return { do: 'tellOwner', why };

  const days = [tellOn < today ? today : tellOn, ...lateDays(held), ...lapsing.lookOn];
  return { do: 'wait', until: Math.min(...days.map((day) => tellingTime(calendar, day))) };
}

type Held = ReturnType<typeof stillHeld>;

function lateOf(held: Held, today: CivilDate): LitigationMove | null {
  const late = held.find(({ remitBy, chased }) => !chased && remitBy < today);
  if (!late) return null;
  const { id: recoveryId, heldCents, remitBy } = late;
  return { do: 'chaseRemittance', recoveryId, heldCents, remitBy };
}

/** The days on which what a partner holds becomes late, if nobody was told of it yet. */
function lateDays(held: Held): readonly CivilDate[] {
  return held.filter(({ chased }) => !chased).map(({ remitBy }) => addDays(remitBy, 1));
}

/**
 * What a partner holds is ours also when he has the file no more. What was doubted and has no life of its own is watched
 * until its half year is over, and is then prepared anew.
 */
function nextOfClosed(view: LitigationView, held: Held, now: Instant): LitigationMove {
  const { reviewOn, calendar } = view;
  const today = dayAt(calendar, now);
  const late = lateOf(held, today);
  if (late) return late;
  const days = [...lateDays(held)];
  if (reviewOn !== null) {
    const { due, lookOn } = lapsingOf(view, calendar, today, now);
    if (due) return due;
    if (now >= tellingTime(calendar, reviewOn)) return { do: 'prepareAnew' };
    days.push(reviewOn, ...lookOn);
  }
  if (days.length === 0) return { do: 'wait', until: null };
  return { do: 'wait', until: Math.min(...days.map((day) => tellingTime(calendar, day))) };
}
