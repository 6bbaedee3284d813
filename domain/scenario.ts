import type { Asks } from './claim/asked.ts';
import { rankOf } from './level.ts';
import type { Level } from './level.ts';
import type { Channel, Language } from './message.ts';
import type { DebtorKind, DebtorView } from './debtor.ts';

/**
 * A scenario version: the planned way of an invoice from its first courtesy to its exit.
 *
 * A version never changes once published; each collection is pinned to one and carries it, so that an edit touches
 * no running file and an auditor can decide again with the rules of the time.
 */
export interface Scenario {
  /** Identifies the version, such as `standard@1`. */
  readonly id: string;
  readonly name: { readonly fr: string; readonly en: string };
  readonly audience: Audience;
  /** The hours in which messages leave, in minutes after midnight of the debtor's zone. */
  readonly window: { readonly fromMinute: number; readonly toMinute: number };
  readonly bounds: Bounds;
  /** From which level penalties and the fixed indemnity are asked for; from the formal notice on when absent. */
  readonly asks?: Asks;
  readonly steps: readonly Step[];
}

/** Which invoices a scenario is for; an absent criterion accepts all. */
export interface Audience {
  readonly kinds?: readonly DebtorKind[];
  readonly grades?: readonly string[];
  readonly abroad?: boolean;
}

export interface Bounds {
  /** Days that the amicable phase may last before a person must decide. */
  readonly amicableDays: number;
  /** Days between first knowing an invoice and its first step, so that nobody is chased the morning after (C5). */
  readonly knownDaysMin: number;
  /** Working days after a promised day before the promise counts as broken. */
  readonly promiseGraceDays: number;
  /** The farthest day, counted from today, that a debtor may promise. */
  readonly promiseDaysMax: number;
  /** Of these days, how many hold without a person's word; 30 when absent. */
  readonly promiseDaysAlone?: number;
  /** Promises on one invoice that hold without a person's word; 2 when absent. */
  readonly promisesMax?: number;
  /** Days that a formal notice leaves to answer, from its presentation. */
  readonly noticeAnswerDays: number;
}

export interface Step {
  /** For programs and commands: it travels in facts and never changes. */
  readonly key: string;
  /** For people, wherever a step is spoken of. */
  readonly name: Readonly<Record<Language, string>>;
  readonly level: Level;
  /** Days after the due date; a step before the due date has a negative number. The editor shows words instead. */
  readonly offsetDays: number;
  readonly channel: Channel;
  /** Tried in this order when the channel has no valid address left. */
  readonly fallbacks: readonly Channel[];
  /** `automatic` leaves by itself, `review` waits for a person's word, `manual` is done by a person. */
  readonly mode: 'automatic' | 'review' | 'manual';
  readonly template: string;
  readonly recipient: 'billing' | 'escalation' | 'legal';
  readonly conditions?: {
    readonly askedCentsMin?: number;
    readonly grades?: readonly string[];
    readonly kinds?: readonly DebtorKind[];
  };
}

/** The step with this key; a key unknown to the pinned version is a fault of ours. */
export function stepOf(scenario: Scenario, key: string): Step {
  const step = scenario.steps.find((candidate) => candidate.key === key);
  if (!step) throw new Error(`scenario ${scenario.id} has no step ${key}`);
  return step;
}

/** What people call the step with this key; the key itself when the version does not know it, so that nothing fails to be told. */
export function stepName(scenario: Scenario, key: string, language: Language): string {
  return scenario.steps.find((step) => step.key === key)?.name[language] ?? key;
}

/** Friendly words between creditor and debtor; from the formal notice on, another phase has begun. */
export function isAmicable(step: Step): boolean {
  return rankOf(step.level) < rankOf('formal_notice');
}

/** The first of these scenarios, most particular first, whose audience holds the debtor. */
export function scenarioFor(
  scenarios: readonly Scenario[],
  debtor: DebtorView,
  creditorCountry: string,
): Scenario | undefined {
  return scenarios.find(({ audience }) => {
    if (audience.kinds && !audience.kinds.includes(debtor.kind)) return false;
    if (audience.abroad !== undefined && audience.abroad !== (debtor.country !== creditorCountry))
      return false;
    return !audience.grades || (debtor.grade !== null && audience.grades.includes(debtor.grade));
  });
}

/** What forbids publishing this scenario, each as a sentence naming the step and the remedy; empty when nothing does. */
export function problemsOf(scenario: Scenario): readonly string[] {
  const problems: string[] = [];
  const { steps, bounds } = scenario;
  const keys = new Set(steps.map((step) => step.key));
  if (keys.size < steps.length) problems.push('Two steps share a key: give each step a key of its own.');

  steps.forEach((step, index) => {
    const before = steps[index - 1];
    if (before && rankOf(step.level) < rankOf(before.level))
      problems.push(`Step ${step.key} goes down from ${before.level} to ${step.level}: levels only climb.`);
    if (before && step.offsetDays <= before.offsetDays)
      problems.push(
        `Step ${step.key} is not later than ${before.key}: leave at least one day between steps.`,
      );
    if ((step.level === 'preventive') !== step.offsetDays < 0)
      problems.push(`Step ${step.key}: preventive steps, and they alone, come before the due date.`);
  });

  const amicable = steps.filter((step) => isAmicable(step) && step.offsetDays >= 0);
  const [first, last] = [amicable[0], amicable.at(-1)];
  if (!first || !last) problems.push('The scenario has no reminder after the due date: add one.');
  else if (last.offsetDays - first.offsetDays > bounds.amicableDays)
    problems.push(
      `The amicable phase runs ${last.offsetDays - first.offsetDays} days, its bound is ${bounds.amicableDays}.`,
    );
  if (bounds.amicableDays > 60) problems.push('The amicable phase may last 60 days at most.');
  if (steps.at(-1)?.level !== 'litigation')
    problems.push('The last step must be an exit: add a hand-over to litigation.');
  return problems;
}
