import { allHolds } from './amicable-phase.ts';
import { dayAt } from './calendar.ts';
import { isClosed } from './collection.ts';
import type { Collection } from './collection.ts';
import { silencedByJudgmentOn } from './insolvency/claim-side.ts';
import { endOfHolds, holdsInForce } from './silence.ts';
import type { CivilDate, Instant } from './time.ts';

/**
 * Whether a word to a debtor may still be said, about his dispute or about a discount.
 *
 * Asked while it waits at his door, and again while its letter lies on somebody's desk: a letter says on the day on which
 * it is posted what was true on the day on which it was drawn up.
 */
export interface OfferTold {
  readonly id: string;
  readonly says: 'offered' | 'taken';
  readonly state: string;
  readonly payBy: CivilDate;
}

/**
 * Whether there is nothing left to say: the invoice is over, the offer or its day, or a court speaks for him.
 *
 * On an opening judgment all contact about earlier claims stops (L622-21 C. com.), and a procedure lasts for years: what
 * was to be said is not kept for its end.
 */
export function isWordMoot(c: Collection, offer: OfferTold | null, now: Instant): boolean {
  if (silencedByJudgmentOn(c) !== null) return true;
  if (offer === null) return isClosed(c);
  if (offer.says === 'taken') return offer.state !== 'taken';
  // A person takes an offer back by lifting its hold.
  const stands = offer.state === 'open' && c.holds.some(({ holdId }) => holdId === offer.id);
  return isClosed(c) || !stands || offer.payBy < dayAt(c.calendar, now);
}

/**
 * Until when we keep silent towards him, a person or a firm that has the file having asked for it; null when we do not.
 *
 * The hold of an offer silences all but what is said of the offer. `until` is null while somebody has to end the silence.
 */
export function silenceOfWord(
  c: Collection,
  offer: OfferTold | null,
  now: Instant,
): { readonly until: Instant | null } | null {
  const others = allHolds(c).filter(({ holdId }) => holdId !== offer?.id);
  const active = holdsInForce(others, c.calendar, now);
  return active.length === 0 ? null : { until: endOfHolds(active, c.calendar) };
}
