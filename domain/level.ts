/**
 * How hard a step presses, from a courtesy before the due date to the hand-over.
 *
 * A collection only ever climbs: the order of this list is the order of the levels.
 */
export const levels = ['preventive', 'reminder', 'firm', 'formal_notice', 'litigation'] as const;

export type Level = (typeof levels)[number];

/** The rank of a level; a higher rank presses harder. */
export function rankOf(level: Level): number {
  return levels.indexOf(level);
}
