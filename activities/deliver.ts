import { performance } from 'node:perf_hooks';
import type { Instant } from '../domain/time.ts';
import { carry } from './door/carry.ts';
import { claim, prepare } from './door/claim.ts';
import { sendOwnMail } from './door/own-mail.ts';
import { settleUnsettled } from './door/unsettled.ts';
import type { Workshop } from './workshop.ts';

/**
 * Lets one message of a debtor leave, or says when to look again.
 *
 * One attempt, in this order: commit the claim, check its age on a clock that nobody sets, take the attempt by a
 * compare-and-set that is committed before the first byte, call, commit the outcome with its facts. Whatever interrupts
 * it, the row says how far it came. A wake-up that comes twice finds the attempt taken.
 */
export async function deliver(workshop: Workshop, debtorId: string): Promise<{ readonly lookAt: Instant | null }> {
  const { house } = workshop;
  const evidenceAt = await settleUnsettled(workshop, debtorId);
  await sendOwnMail(workshop, debtorId);

  const prepared = await prepare(house, debtorId);
  const started = performance.now();
  const claimed = await claim(house, debtorId, prepared);
  if (claimed.kind === 'rest') return { lookAt: earlier(claimed.lookAt, evidenceAt) };
  const mayRest = claimed.kind === 'claimed' && (await carry(workshop, claimed.messageId, started)).mayRest;
  return { lookAt: mayRest ? evidenceAt : await house.clock.now() };
}

function earlier(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
