import { isWhollyDisputed } from '../collection.ts';
import type { Collection } from '../collection.ts';
import { discountHold } from '../discount/discount.ts';
import type { Route } from '../law/route.ts';

/** What stands between a late claim and a partner, as the code of the refusal. */
export type Standstill = 'dispute-open' | 'promise-running' | 'in-plan' | 'discount-open';

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
 * A firm must not press a debtor whose objection we examine, nor one to whom we have given a day. Of what is contested in
 * part the rest may go, and the partner is told which part not to ask for. A declaration is bound to its day, and made all
 * the same.
 */
export function standstillOf(c: Collection, route: Route | null): Standstill | null {
  if (route === 'declaration') return null;
  if (isWhollyDisputed(c) && !isHeard(route)) return 'dispute-open';
  if (c.promise !== null) return 'promise-running';
  if (c.plan !== undefined && c.plan !== null) return 'in-plan';
  if (c.holds.some(({ reason }) => reason === discountHold)) return 'discount-open';
  return null;
}
