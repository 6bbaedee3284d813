import { backDatedPayments } from './back-dated-payments.ts';
import { changedAfterClaim } from './changed-after-claim.ts';
import { claimSettingsChanged } from './claim-settings-changed.ts';
import { contactOutOfTurn } from './contact-out-of-turn.ts';
import { decidedAlone } from './decided-alone.ts';
import { givenUp } from './given-up.ts';
import { handOverWithoutNotice } from './hand-over-without-notice.ts';
import { holdsWithoutEnd } from './holds-without-end.ts';
import { lookedOrTaken } from './looked-or-taken.ts';
import { messagesInDoubt } from './messages-in-doubt.ts';
import { noticeWithoutReminder } from './notice-without-reminder.ts';
import { procedure } from './procedure.ts';
import type { Question } from './question.ts';

export const questionKeys = [
  'notice-without-reminder',
  'contact-out-of-turn',
  'decided-alone',
  'procedure',
  'back-dated-payments',
  'changed-after-claim',
  'holds-without-end',
  'given-up',
  'messages-in-doubt',
  'hand-over-without-notice',
  'looked-or-taken',
  'claim-settings-changed',
] as const;

export type QuestionKey = (typeof questionKeys)[number];

/** Those that tell what people of the house did with Relance itself; they are answered to fewer. */
export const questionsOfPeople: readonly QuestionKey[] = ['looked-or-taken'];

/** The questions that an auditor asks, in the order in which they are listed. */
export const questions: Readonly<Record<QuestionKey, Question>> = {
  'notice-without-reminder': noticeWithoutReminder,
  'contact-out-of-turn': contactOutOfTurn,
  'decided-alone': decidedAlone,
  procedure,
  'back-dated-payments': backDatedPayments,
  'changed-after-claim': changedAfterClaim,
  'holds-without-end': holdsWithoutEnd,
  'given-up': givenUp,
  'messages-in-doubt': messagesInDoubt,
  'hand-over-without-notice': handOverWithoutNotice,
  'looked-or-taken': lookedOrTaken,
  'claim-settings-changed': claimSettingsChanged,
};
