import { performance } from 'node:perf_hooks';
import { lookBy, setAside } from '../db/deliveries.ts';
import { DebtorElsewhere } from '../db/debtor-elsewhere.ts';
import { handOn } from '../db/who-stays.ts';
import { hourMs } from '../domain/time.ts';
import type { Instant } from '../domain/time.ts';
import { carry } from './door/carry.ts';
import { claim } from './door/claim.ts';
import { sendOwnMail } from './door/own-mail.ts';
import { CannotBeComposed, prepare } from './door/prepared.ts';
import { settleUnsettled } from './door/unsettled.ts';
import type { Workshop } from './workshop.ts';

/**
 * Lets one message of a debtor leave, or says when to look again.
 *
 * One attempt, in this order: commit the claim, check its age on a clock that nobody sets, take the attempt by a
 * compare-and-set that is committed before the first byte, call, commit the outcome with its facts. Whatever interrupts
 * it, the row says how far it came. A wake-up that comes twice finds the attempt taken. The door of a debtor who was merged
 * with another sends whoever looks there to the other one, and rests.
 */
export async function deliver(
  workshop: Workshop,
  debtorId: string,
): Promise<{ readonly lookAt: Instant | null }> {
  try {
    return await lookAtDoor(workshop, debtorId);
  } catch (fault) {
    if (!(fault instanceof DebtorElsewhere) || fault.why !== 'merged') throw fault;
    // Nothing is left at this door. What its last look may have let wait again stands at the other one.
    await handOn(workshop.house, debtorId);
    return { lookAt: null };
  }
}

async function lookAtDoor(
  workshop: Workshop,
  debtorId: string,
): Promise<{ readonly lookAt: Instant | null }> {
  const evidenceAt = await settleUnsettled(workshop, debtorId);
  const againAt = earlier(evidenceAt, await sendOwnMail(workshop, debtorId));
  const lookAt = await letOneLeave(workshop, debtorId);
  if (againAt === null || (lookAt !== null && lookAt <= againAt)) return { lookAt };
  await lookBy(workshop.house.db, debtorId, againAt);
  return { lookAt: againAt };
}

/** How long a message that could not be composed is left alone: its cause is a fault of ours, mended by people. */
const asideMs = 4 * hourMs;

/** When to look again; null when nothing waits that time alone could let out. */
async function letOneLeave(workshop: Workshop, debtorId: string): Promise<Instant | null> {
  try {
    return await claimAndCarry(workshop, debtorId);
  } catch (fault) {
    if (!(fault instanceof CannotBeComposed)) throw fault;
    workshop.tell('a message is set aside because it cannot be composed', {
      debtorId,
      fault: String(fault.cause),
    });
    const now = await workshop.house.clock.now();
    await setAside(workshop.house.db, fault.requestIds, now + asideMs);
    return now;
  }
}

async function claimAndCarry(workshop: Workshop, debtorId: string): Promise<Instant | null> {
  const { house } = workshop;
  const prepared = await prepare(house, debtorId);
  const started = performance.now();
  const claimed = await claim(house, debtorId, prepared);
  if (claimed.kind === 'rest') return claimed.lookAt;
  const mayRest = claimed.kind === 'claimed' && (await carry(workshop, claimed.messageId, started)).mayRest;
  return mayRest ? null : house.clock.now();
}

function earlier(a: Instant | null, b: Instant | null): Instant | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
