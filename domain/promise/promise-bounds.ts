import type { Bounds } from '../scenario.ts';

/**
 * How far a debtor's word goes by itself: so many promises on one invoice, so many days each.
 *
 * Within them anybody may record it, a portal or a program too. Beyond them a person who may decide gives a reason;
 * without bounds, promises would make an invoice grow old in silence.
 */
export interface PromiseBounds {
  readonly promisesMax: number;
  readonly daysMax: number;
  /** The farthest day that may be promised at all, also with a person's word; later is a plan or a hold. */
  readonly overriddenDaysMax: number;
}

/** Where a scenario says nothing: two promises on an invoice. */
export const promisesMaxShipped = 2;
/** Where a scenario says nothing: thirty days. */
export const promiseDaysShipped = 30;

export function promiseBoundsOf(bounds: Bounds): PromiseBounds {
  const overriddenDaysMax = bounds.promiseDaysMax;
  return {
    promisesMax: bounds.promisesMax ?? promisesMaxShipped,
    daysMax: Math.min(bounds.promiseDaysAlone ?? promiseDaysShipped, overriddenDaysMax),
    overriddenDaysMax,
  };
}
