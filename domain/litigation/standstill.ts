import { allHolds } from '../amicable-phase.ts';
import { dayAt } from '../calendar.ts';
import { isClosed, isWhollyDisputed } from '../collection.ts';
import type { Collection } from '../collection.ts';
import { discountHold } from '../discount/discount.ts';
import type { Route } from '../law/route.ts';
import { limitedSince } from '../legal-clocks/legal-terms.ts';
import { holdsInForce, isPresentedByUs } from '../silence.ts';
import type { Instant } from '../time.ts';

/** What stands between a late claim and a partner, as the code of the refusal. */
export type Standstill =
  | 'dispute-open'
  | 'promise-running'
  | 'in-plan'
  | 'discount-open'
  | 'invoice-held'
  | 'not-collected'
  | 'claim-limited';

/** The ways on which the objection itself is heard; a declaration is made of what is contested, too. */
const hearing: ReadonlySet<Route> = new Set([
  'declaration',
  'legal_advice',
  'summons',
  'european_small_claims',
]);

/** Whether a way leads to somebody who hears the debtor's objection, and does not just collect. */
export function isHeard(route: Route | null): boolean {
  return route !== null && hearing.has(route);
}

/**
 * Why a claim stays with us for now, whoever asks for it: we would be silent about it ourselves.
 *
 * A firm must not press a debtor whose objection we examine, nor one to whom we have given a day, nor one towards whom
 * somebody keeps silent. Of what is contested in part the rest may go, and the partner is told which part not to ask for.
 * What is a factor's goes to him alone, what the bank presents for us to nobody; what has lapsed, to who advises. A
 * declaration is bound to its day, and made all the same. Consumers may be asked by others as the law for them says.
 */
export function standstillOf(c: Collection, route: Route | null, now: Instant): Standstill | null {
  if (route === 'declaration') return null;
  if (isNotCollected(c, route)) return 'not-collected';
  if (isWhollyDisputed(c) && !isHeard(route)) return 'dispute-open';
  if (c.promise !== null) return 'promise-running';
  if (c.plan !== undefined && c.plan !== null) return 'in-plan';
  if (c.holds.some(({ reason }) => reason === discountHold)) return 'discount-open';
  if (isHeldBack(c, now)) return 'invoice-held';
  const isHis = route === null || route === 'legal_advice' || route === 'factor';
  return !isHis && limitedSince(c, dayAt(c.calendar, now)) !== null ? 'claim-limited' : null;
}

/** Whose claim it is not ours to press: a factor's, one inside our own group, one that we present ourselves. */
function isNotCollected(c: Collection, route: Route | null): boolean {
  if (c.debtor.kind === 'internal') return route !== 'legal_advice';
  if (c.factored) return route !== 'factor';
  return isPresentedByUs(c);
}

/** A hold that somebody has placed; what ended with its hand-over hears of none any more. */
function isHeldBack(c: Collection, now: Instant): boolean {
  if (isClosed(c)) return false;
  return holdsInForce(allHolds(c), c.calendar, now).some(({ reason }) => !ownHolds.has(reason));
}

/** Holds that the file has placed itself while nobody decides how it goes on: a hand-over decides it. */
const ownHolds: ReadonlySet<string> = new Set(['with_firm', 'doubtful', 'extended', 'hand_over_withdrawn']);
