import { draftIdOf } from '../apply.ts';
import { dayAt, isWorkingDay, tellingTime } from '../calendar.ts';
import type { Calendar } from '../calendar.ts';
import { askedCentsOf } from '../collection.ts';
import type { Collection } from '../collection.ts';
import { act } from '../decision.ts';
import type { Act, Reason } from '../decision.ts';
import { isSilenced } from '../silence.ts';
import { addDays } from '../time.ts';
import type { Instant } from '../time.ts';
import { approvalsOf } from './approval.ts';
import type { OpenApproval } from './approval.ts';

/** What is due about an open approval now: it lapses, is overtaken, or those who may answer are told once more. */
export function dueApproval(c: Collection, now: Instant): Act | null {
  for (const approval of approvalsOf(c)) {
    const { approvalId } = approval;
    const reason = reasonOf(c, approval);
    if (isOvertaken(c, approval)) return act({ do: 'withdrawApproval', approvalId }, 'to_do', reason);
    if (now >= approval.expiresAt) return act({ do: 'expireApproval', approvalId }, 'to_do', reason);
    if (!approval.reminded && now >= reminderOf(c.calendar, approval))
      return act({ do: 'remindApprovers', approvalId }, 'to_do', reason);
  }
  return null;
}

/** When the next thing about an approval is due. */
export function approvalAlarm(c: Collection): Instant {
  return Math.min(
    ...approvalsOf(c).map((approval) =>
      approval.reminded ? approval.expiresAt : Math.min(reminderOf(c.calendar, approval), approval.expiresAt),
    ),
  );
}

/**
 * Whether what it was asked for is gone: the draft was taken back or asks for another amount, the question of the hand-over
 * was answered otherwise, the dispute was made good without goodwill.
 *
 * A promise, a dispute of everything or an insolvency that came after the question puts the question of the hand-over
 * anew: whoever says yes must have known.
 */
export function isOvertaken(
  c: Collection,
  { act: what, about, amountCents, askedAt }: OpenApproval,
): boolean {
  switch (what) {
    case 'formal_notice':
      return (
        askedCentsOf(c) !== amountCents ||
        !c.steps.some((record) => record.state === 'requested' && draftIdOf(record) === about)
      );
    case 'hand_over':
      // Asked without a task, a person has looked at the file as it was: what silenced it before was known.
      return about === null
        ? isSilenced(c) && (c.silentSince ?? '') > dayAt(c.calendar, askedAt)
        : isSilenced(c) || !c.tasks.some(({ taskId }) => taskId === about);
    case 'waiver':
      return about !== null && !c.disputes.some(({ disputeId }) => disputeId === about);
    case 'write_off':
      return false;
  }
}

/** Whether somebody waits for an answer about that draft or task: nobody else is pressed for it meanwhile. */
export function isAwaitingApproval(c: Collection, about: string): boolean {
  return approvalsOf(c).some((approval) => approval.about === about);
}

/** That somebody else must say yes, as reasons of the file. */
export function approvalReasons(c: Collection): readonly Reason[] {
  return approvalsOf(c).map((approval) => reasonOf(c, approval));
}

function reasonOf(c: Collection, { act: what, amountCents, expiresAt }: OpenApproval): Reason {
  return { code: 'approval_open', detail: what, cents: amountCents, on: dayAt(c.calendar, expiresAt) };
}

/** Nine o'clock of the last working day before it lapses, or at once when that has passed. */
export function reminderOf(
  calendar: Calendar,
  { askedAt, expiresAt }: Pick<OpenApproval, 'askedAt' | 'expiresAt'>,
): Instant {
  let day = addDays(dayAt(calendar, expiresAt), -1);
  while (!isWorkingDay(calendar, day) && day > dayAt(calendar, askedAt)) day = addDays(day, -1);
  return Math.max(askedAt, tellingTime(calendar, day));
}
