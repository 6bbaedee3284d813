import type { Route } from '../law/route.ts';

/**
 * What becomes of an earlier claim that a partner has, once a judgment has opened an insolvency (L622-21 C. com.).
 *
 * Whoever only collects has nothing left to do with it, and loses it at once. Lawyers, officers, insurers and factors have
 * more to do than to collect: they are told to stop, and are asked who declares the claim.
 */
export function afterJudgment(route: Route | null): 'taken_back' | 'told' {
  return route === 'collection_firm' ? 'taken_back' : 'told';
}
