import { dayAt, tellingTime } from '../calendar.ts';
import type { Calendar } from '../calendar.ts';
import { addDays } from '../time.ts';
import type { CivilDate, Instant } from '../time.ts';
import { stillHeld } from './remittance.ts';
import type { Recovery } from './remittance.ts';

/** A file that is prepared and not handed over is nobody's: so many days later its owner is told. */
export const preparingDays = 7;
/** A partner who has said nothing for so many days is asked about, and again as often. */
export const silenceDays = 30;

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
  | { readonly do: 'tellOwner'; readonly why: 'waits' | 'silent' };

/**
 * What is due about a litigation file now.
 *
 * The partner hears of what was paid to us before anything else, on the same day. A file ends by itself once nothing is
 * owed and nothing is held for us; what a partner holds has its day, and his silence is noticed.
 */
export function nextOfFile(view: LitigationView, now: Instant): LitigationMove {
  const { state, calendar } = view;
  if (state === 'closed') return { do: 'wait', until: null };
  const held = stillHeld(view.recoveries, view.remittedCents);
  if (state === 'handed') {
    if (!view.hasPack) return { do: 'drawUpPack' };
    if (view.untold > 0) return { do: 'tellPartner' };
  }
  if (view.openCents <= 0 && held.length === 0) return { do: 'finish' };

  const today = dayAt(calendar, now);
  const late = held.find(({ remitBy, chased }) => !chased && remitBy < today);
  if (late) {
    const { id: recoveryId, heldCents, remitBy } = late;
    return { do: 'chaseRemittance', recoveryId, heldCents, remitBy };
  }
  const why = state === 'handed' ? 'silent' : 'waits';
  const quietSince =
    state === 'handed'
      ? Math.max(view.handedAt ?? view.openedAt, view.heardAt ?? 0, view.toldAt ?? 0)
      : Math.max(view.openedAt, view.toldAt ?? 0);
  const tellOn = addDays(dayAt(calendar, quietSince), state === 'handed' ? silenceDays : preparingDays);
  if (tellOn <= today && now >= tellingTime(calendar, today)) return { do: 'tellOwner', why };

  const days = [
    tellOn < today ? today : tellOn,
    ...held.filter(({ chased }) => !chased).map(({ remitBy }) => addDays(remitBy, 1)),
  ];
  return { do: 'wait', until: Math.min(...days.map((day) => tellingTime(calendar, day))) };
}
