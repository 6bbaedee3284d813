import type { Collection } from '../../domain/collection.ts';
import { decide as faithful } from '../../domain/decide.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Instant } from '../../domain/time.ts';

/**
 * The rules as a careless change would make them: what leaves by mail leaves by post.
 *
 * A workflow only learns that there is something to do; what it is, the activity finds out. So no history shows it.
 */
export function decide(collection: Collection, now: Instant): Decision {
  const decision = faithful(collection, now);
  if (decision.kind !== 'act' || decision.action.do !== 'requestStep') return decision;
  const { action } = decision;
  return action.channel === 'email' ? { ...decision, action: { ...action, channel: 'letter' } } : decision;
}
