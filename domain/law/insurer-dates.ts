import { addDays } from '../time.ts';
import type { CivilDate } from '../time.ts';
import type { LegalClock, LegalDate, LegalEvent } from './legal-date.ts';

/**
 * The terms of one credit insurance policy, in days. They differ from policy to policy: null for what is not agreed,
 * and nothing is assumed.
 */
export interface InsurancePolicy {
  readonly number: string;
  /** After the due date, to tell the insurer that the invoice is overdue. */
  readonly overdueNoticeDays: number | null;
  /** After the due date, to ask the insurer to intervene. */
  readonly interventionDays: number | null;
  /** After the due date, how far the insured may move the payment without asking. */
  readonly extensionDays: number | null;
  /** After an insolvency was opened, to tell the insurer. */
  readonly insolvencyNoticeDays: number | null;
  /** After the insurer was asked, until he indemnifies. */
  readonly indemnityDays: number | null;
}

/** What an insurer is told of a claim: that it is overdue, that he shall intervene, that its debtor is insolvent. */
export const insurerNoticeKinds = ['overdue', 'intervention', 'insolvency'] as const;

export type InsurerNoticeKind = (typeof insurerNoticeKinds)[number];

export interface InsuredClaim {
  /** The first due date: an extension granted to the debtor moves nothing for the insurer. */
  readonly dueDate: CivilDate;
  readonly insolventOn: CivilDate | null;
  /** What the insurer has been told, and when: it stops the clocks of what it makes good. */
  readonly told: readonly InsurerTold[];
}

export interface InsurerTold {
  readonly notice: InsurerNoticeKind;
  readonly on: CivilDate;
}

/** Whoever was asked to intervene knows that the invoice is overdue, and may not be kept waiting by another delay. */
const stoppedBy: Readonly<Record<InsurerNoticeKind, readonly LegalClock[]>> = {
  overdue: ['insurer_overdue_notice'],
  intervention: ['insurer_overdue_notice', 'insurer_intervention', 'insurer_extension'],
  insolvency: [
    'insurer_overdue_notice',
    'insurer_intervention',
    'insurer_extension',
    'insurer_insolvency_notice',
  ],
};

/** The dates of a policy that can be told from what has happened, the first one first. */
export function insurerDates(policy: InsurancePolicy, claim: InsuredClaim): readonly LegalDate[] {
  const { dueDate, insolventOn, told } = claim;
  const stopped = new Set(told.flatMap(({ notice }) => stoppedBy[notice]));
  const declared = told.filter(({ notice }) => notice !== 'overdue').map(({ on }) => on);
  const declaredOn = declared.sort()[0] ?? null;
  const counted: readonly (readonly [LegalClock, number | null, CivilDate | null, LegalEvent])[] = [
    ['insurer_overdue_notice', policy.overdueNoticeDays, dueDate, 'fell_due'],
    ['insurer_intervention', policy.interventionDays, dueDate, 'fell_due'],
    ['insurer_extension', policy.extensionDays, dueDate, 'fell_due'],
    ['insurer_insolvency_notice', policy.insolvencyNoticeDays, insolventOn, 'insolvency_opened'],
    ['insurer_indemnity', policy.indemnityDays, declaredOn, 'declared_to_insurer'],
  ];
  return counted
    .flatMap(([clock, days, from, because]): readonly LegalDate[] => {
      if (days === null || from === null || stopped.has(clock)) return [];
      const term = { count: days, unit: 'days' } as const;
      const source = `policy ${policy.number}`;
      return [{ clock, on: addDays(from, days), from, because, term, movedFrom: null, source }];
    })
    .sort((a, b) => (a.on === b.on ? 0 : a.on < b.on ? -1 : 1));
}
