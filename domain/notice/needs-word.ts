import type { Collection } from '../collection.ts';
import { stepOf } from '../scenario.ts';

/**
 * Whether a person must say yes before the step leaves.
 *
 * The scenario says so; and a formal notice about an invoice of which a part is contested never leaves by itself, whatever
 * the scenario says: a person confirms it for the part that nobody contests.
 */
export function needsWord(c: Collection, key: string): boolean {
  const { mode, level } = stepOf(c.scenario, key);
  return mode === 'review' || (mode === 'automatic' && level === 'formal_notice' && c.disputes.length > 0);
}
