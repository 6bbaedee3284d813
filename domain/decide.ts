import { bound } from './amicable-bound.ts';
import { withChores } from './chores.ts';
import { isSmallDifferenceLeft, recordOf } from './collection.ts';
import type { Collection } from './collection.ts';
import { close } from './decision.ts';
import type { Decision } from './decision.ts';
import type { StepAsked } from './fact.ts';
import { nextStep } from './next-step.ts';
import { needsWord } from './notice/needs-word.ts';
import { silence } from './silence.ts';
import type { Instant } from './time.ts';
import { stepUnderWay } from './under-way.ts';

/**
 * What now? The one place where the next step of an invoice is computed.
 *
 * Pure, total and deterministic: the workflow asks it to move, the door asks it again before anything leaves, the API
 * shows its reasons, a rehearsal lets it live a year. The rules stand in the order in which they win: an end, an
 * insolvency, an exclusion, a silence, the bound of the amicable phase, what is under way, the next step.
 */
export function decide(collection: Collection, now: Instant): Decision {
  const end = closing(collection);
  if (end) return end;
  const course =
    silence(collection, now) ??
    bound(collection, now) ??
    stepUnderWay(collection, now) ??
    nextStep(collection, now);
  return withChores(collection, course, now);
}

/** Whether that very asking of a step still stands at the door: while it does not, the door takes it back. */
export function wantsStep(collection: Collection, asked: StepAsked, now: Instant): boolean {
  const decision = decide(collection, now);
  return (
    decision.kind !== 'close' &&
    decision.standing?.step === asked.step &&
    decision.standing.occurrence === asked.occurrence
  );
}

/** Whether that very asking may leave now: it stands, and if the scenario has it reviewed, a person said yes. */
export function mayLeave(collection: Collection, asked: StepAsked, now: Instant): boolean {
  if (!wantsStep(collection, asked, now)) return false;
  return recordOf(collection, asked.step)?.state === 'approved' || !needsWord(collection, asked.step);
}

function closing(c: Collection): Decision | null {
  if (c.end) return close(c.end.kind, { code: 'ended', on: c.end.on, detail: c.end.kind });
  if (c.balanceCents <= 0) return close('paid', { code: 'settled', cents: c.balanceCents });
  if (!isSmallDifferenceLeft(c)) return null;
  return close('small_difference', { code: 'small_difference', cents: c.balanceCents });
}
