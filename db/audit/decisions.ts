import { decidedAgain } from '../../domain/audit/decided-again.ts';
import type { Departure } from '../../domain/audit/decided-again.ts';
import { otherLife } from '../../domain/audit/other-scenario.ts';
import type { OtherLife } from '../../domain/audit/other-scenario.ts';
import { hourMs } from '../../domain/time.ts';
import type { Instant } from '../../domain/time.ts';
import type { Db, Tx } from '../database.ts';
import { readFacts } from '../journal.ts';
import type { Rules } from '../rules.ts';

/** What re-deciding needs: where the facts are, and how business time runs. */
export interface Decisions {
  readonly db: Db | Tx;
  readonly rules: Rules;
  /** Business time, up to which lives have been lived. */
  readonly now: Instant;
  /** How many business milliseconds pass in one of the machine's. */
  readonly speed: number;
}

/** What one invoice was decided, asked again. */
export interface InvoiceDecidedAgain {
  readonly facts: number;
  readonly departures: readonly Departure[];
}

/**
 * Decides an invoice again from its journal and says where that departs from what was done.
 *
 * Queues, retries and the sweep are given an hour of the machine's time. Reads only; throws for an invoice that has no
 * log, and for a log that does not begin with a registration.
 */
export async function decideAgain(
  { db, rules, now, speed }: Decisions,
  invoiceId: string,
): Promise<InvoiceDecidedAgain> {
  const facts = await readFacts(db, rules, invoiceId, 0);
  return { facts: facts.length, departures: decidedAgain(facts, { graceMs: graceMsAt(speed), now }) };
}

/** What another version of a scenario would have made of an invoice; `scenarioId` names a version. */
export async function decideOtherwise(
  { db, rules, now }: Decisions,
  invoiceId: string,
  scenarioId: string,
): Promise<OtherLife> {
  const scenario = await rules.scenario(db, scenarioId);
  return otherLife(await readFacts(db, rules, invoiceId, 0), scenario, now);
}

/** Business time in which what is due must be done. */
export function graceMsAt(speed: number): number {
  return hourMs * Math.max(1, speed);
}
