import { z } from 'zod';
import { stages } from '../domain/dispute/ladder.ts';
import { disputeOutcomes } from '../domain/dispute/outcome.ts';
import { departments, disputeReasons } from '../domain/dispute/reason.ts';

/** The shapes of disputes: the lists that are closed, so that causes can be counted and stages told apart. */
export const disputeReason = z.enum(disputeReasons);

export const department = z.enum(departments);

export const stage = z
  .enum(stages)
  .describe('What the dispute waits for: to be qualified, to be answered by its resolver, to be decided.');

/** How a dispute ended, in today's words. */
export const outcomeSaid = z.enum(disputeOutcomes);

/** How it is to end: the words of the first releases are still taken. */
export const outcomeGiven = z
  .enum([...disputeOutcomes, 'justified', 'unjustified'])
  .describe('`justified` and `unjustified` are older words for `credit_note` and `rejected`.');

export const way = z
  .enum(['internal', 'to_debtor', 'from_debtor'])
  .describe('Within the house, or between us and the debtor.');
