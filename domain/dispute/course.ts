import type { Collection, Dispute } from '../collection.ts';
import type { FactOf, FactStamp, TaskKind } from '../fact.ts';
import type { CivilDate } from '../time.ts';
import { grantOf } from './outcome.ts';

/**
 * What the facts about a dispute change in the file of its invoice.
 *
 * While nobody has decided, all that was contested stays unasked, whatever is credited meanwhile: we don't know whether the
 * credit was for that. A decision says how much is granted; the rest is asked for again at once, and the granted part when
 * its paper has come. Where a decision names no amount, the first credit says it.
 */
export function opened(c: Collection, fact: FactOf<'disputeOpened'> & FactStamp): Collection {
  const { disputeId, contestedCents, reason, qualifyBy } = fact;
  const dispute: Dispute = {
    disputeId,
    contestedCents,
    reason,
    openedOn: fact.day,
    credited: false,
    justified: false,
    ...(qualifyBy === undefined ? {} : { qualifyBy, creditedCents: 0 }),
  };
  return { ...c, disputes: [...c.disputes, dispute] };
}

/** Somebody has accepted it as a dispute; from then on its resolver is chased, and its task is his term. */
export function qualified(c: Collection, fact: FactOf<'disputeQualified'>): Collection {
  const dispute = undecided(c, fact.disputeId);
  if (!dispute) return c;
  return dueBy(withDispute(c, { ...dispute, reason: fact.reason, qualified: true }), dispute, fact.answerBy);
}

export function answeredByResolver(c: Collection, fact: FactOf<'disputeAnswered'>): Collection {
  const dispute = undecided(c, fact.disputeId);
  return dispute ? dueBy(c, dispute, fact.decideBy) : c;
}

/** Whoever is right is not asked again before something was credited; else the file rejoins. */
export function resolved(c: Collection, fact: FactOf<'disputeResolved'>): Collection {
  const dispute = c.disputes.find(({ disputeId }) => disputeId === fact.disputeId);
  if (!dispute) return c;
  const awaits = grantOf(fact.outcome);
  if (awaits === null) return withoutDispute(c, dispute.disputeId);

  const { grantedCents } = fact;
  if (grantedCents === undefined) {
    if (dispute.credited) return withoutDispute(c, dispute.disputeId);
    // The first word for it said no more, and files that it was folded into are stored so.
    return granted(c, {
      ...dispute,
      justified: true,
      ...(fact.outcome === 'justified' ? {} : { awaits }),
    });
  }
  const left = Math.min(grantedCents, dispute.contestedCents) - (dispute.creditedCents ?? 0);
  if (left <= 0) return withoutDispute(c, dispute.disputeId);
  return granted(c, { ...dispute, contestedCents: left, justified: true, awaits, exact: true });
}

/** What is credited makes disputes good: that which it was for, else the oldest that waits, else the oldest that may yet be resolved. */
export function credited(c: Collection, cents: number, disputeId?: string): Collection {
  if (cents <= 0) return c;
  const granted = c.disputes.filter((dispute) => dispute.justified);
  const waiting = granted.find((dispute) => dispute.disputeId === disputeId) ?? granted[0];
  if (waiting) {
    const left = waiting.contestedCents - cents;
    if (waiting.exact !== true) return withoutDispute(c, waiting.disputeId);
    if (left > 0) return withDispute(c, { ...waiting, contestedCents: left });
    return credited(withoutDispute(c, waiting.disputeId), -left);
  }
  const open =
    c.disputes.find((dispute) => !dispute.credited) ??
    c.disputes.find((dispute) => dispute.creditedCents !== undefined);
  if (!open) return c;
  const counted = open.creditedCents === undefined ? {} : { creditedCents: open.creditedCents + cents };
  return withDispute(c, { ...open, ...counted, credited: true });
}

/** The file without that dispute and what people were asked about it. */
export function withoutDispute(c: Collection, disputeId: string): Collection {
  return {
    ...c,
    disputes: c.disputes.filter((dispute) => dispute.disputeId !== disputeId),
    tasks: c.tasks.filter((task) => task.about !== disputeId),
  };
}

/** Whether the dispute has a ladder of its own, which tells people of it in place of its task. */
export function hasLadder(dispute: Dispute): boolean {
  return dispute.qualifyBy !== undefined || dispute.qualified === true;
}

/** A dispute asks for its resolution, a granted one for what makes it good. */
export function taskOf(dispute: Dispute): TaskKind {
  return dispute.justified ? (dispute.awaits ?? 'credit_note') : 'dispute';
}

function undecided(c: Collection, disputeId: string): Dispute | undefined {
  return c.disputes.find((dispute) => dispute.disputeId === disputeId && !dispute.justified);
}

function granted(c: Collection, dispute: Dispute): Collection {
  return { ...withDispute(c, dispute), tasks: c.tasks.filter((task) => task.about !== dispute.disputeId) };
}

function dueBy(c: Collection, { disputeId }: Dispute, dueOn: CivilDate): Collection {
  const tasks = c.tasks.map((task) =>
    task.about === disputeId && task.task === 'dispute' ? { ...task, dueOn } : task,
  );
  return { ...c, tasks };
}

function withDispute(c: Collection, dispute: Dispute): Collection {
  const disputes = c.disputes.map((other) => (other.disputeId === dispute.disputeId ? dispute : other));
  return { ...c, disputes };
}
