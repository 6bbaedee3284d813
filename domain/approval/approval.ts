import type { Collection } from '../collection.ts';
import type { Fact } from '../fact.ts';
import type { Role } from '../role.ts';
import { dayMs } from '../time.ts';
import type { Instant } from '../time.ts';

/** What one person alone may not do: it hurts a debtor, or gives up money, and cannot be taken back. */
export const graveActs = ['formal_notice', 'waiver', 'write_off', 'hand_over'] as const;

export type GraveAct = (typeof graveActs)[number];

/** Who says yes to what others have asked for. */
export const approverRoles: readonly Role[] = ['admin', 'credit_manager'];

/** Nobody's yes of last month lets something happen today: a question that waits so long lapses. */
export const approvalDays = 5;

/**
 * One grave act that somebody has asked for and somebody else has not answered yet.
 *
 * It holds on each invoice that the act is about, until it is granted, refused, withdrawn or lapses. Nothing of the act
 * has happened meanwhile, and the file goes on as if nobody had asked.
 */
export interface OpenApproval {
  readonly approvalId: string;
  readonly act: GraveAct;
  /** What the act is about on this invoice, when it was asked. */
  readonly amountCents: number;
  /** The draft, the task or the dispute that a yes answers; null where the act stands for itself. */
  readonly about: string | null;
  readonly askedAt: Instant;
  readonly expiresAt: Instant;
  /** Whether those who may answer were told that it is about to lapse. */
  readonly reminded: boolean;
}

export function expiryOf(askedAt: Instant): Instant {
  return askedAt + approvalDays * dayMs;
}

/** The open approvals of a file; files of earlier releases say nothing of them. */
export function approvalsOf({ approvals = [] }: Pick<Collection, 'approvals'>): readonly OpenApproval[] {
  return approvals;
}

export type ApprovalFact = Extract<Fact, { readonly approvalId: string }>;

/** What the facts about an approval change: whether it is open. What was approved has a fact of its own. */
export function approvalChanged(c: Collection, fact: ApprovalFact): Collection {
  const open = approvalsOf(c);
  switch (fact.type) {
    case 'approvalAsked': {
      const { approvalId, act, amountCents, about, expiresAt, at: askedAt } = fact;
      const asked = { approvalId, act, amountCents, about, askedAt, expiresAt, reminded: false };
      return withApprovals(c, [...open, asked]);
    }
    case 'approvalReminded':
      return withApprovals(
        c,
        open.map((one) => (one.approvalId === fact.approvalId ? { ...one, reminded: true } : one)),
      );
    case 'approvalGiven':
    case 'approvalRefused':
    case 'approvalExpired':
    case 'approvalWithdrawn':
      return withApprovals(
        c,
        open.filter((one) => one.approvalId !== fact.approvalId),
      );
  }
}

/** A file that waits for no approval says nothing of approvals, as files did before there were any. */
export function withApprovals(c: Collection, approvals: readonly OpenApproval[]): Collection {
  if (approvals.length > 0) return { ...c, approvals };
  if (c.approvals === undefined) return c;
  const { approvals: _none, ...file } = c;
  return file;
}
