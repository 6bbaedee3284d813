import { rankOf } from '../level.ts';
import type { Level } from '../level.ts';
import type { Channel } from '../message.ts';
import type { Scenario } from '../scenario.ts';

/** What late payment costs, as far as a step asks for it beside the price. */
export interface Asking {
  readonly interest: boolean;
  readonly lumpSum: boolean;
}

/**
 * What a step of that level asks for beside the price: the scenario says from which level on.
 *
 * A scenario that says nothing asks for both from the formal notice on: before it, a company that wants its money writes
 * friendly letters. Text messages and calls name the price alone, for they have no room to show how a sum comes about.
 */
export function askingOf({ asks }: Pick<Scenario, 'asks'>, level: Level, channel: Channel): Asking {
  const { interestFrom, lumpSumFrom } = asks ?? usualAsks;
  const isShown = channel === 'email' || channel === 'letter' || channel === 'registered_letter';
  const reached = (from: Level | null): boolean => isShown && from !== null && rankOf(level) >= rankOf(from);
  return { interest: reached(interestFrom), lumpSum: reached(lumpSumFrom) };
}

/** From which level each is asked for; null: never. */
export interface Asks {
  readonly interestFrom: Level | null;
  readonly lumpSumFrom: Level | null;
}

export const usualAsks: Asks = { interestFrom: 'formal_notice', lumpSumFrom: 'formal_notice' };
