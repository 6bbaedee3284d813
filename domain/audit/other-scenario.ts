import { apply, openCollection } from '../apply.ts';
import { underWay } from '../collection.ts';
import type { Collection } from '../collection.ts';
import { decide } from '../decide.ts';
import type { Action, Decision, Reason, State } from '../decision.ts';
import type { Fact, FactBody, FactType, TaskKind } from '../fact.ts';
import type { Level } from '../level.ts';
import { live, movedOn } from '../life-ahead.ts';
import type { Channel } from '../message.ts';
import { stepOf } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';
import type { Instant } from '../time.ts';
import { isDoing } from './doing.ts';

/**
 * The life that an invoice has had, beside the one that it would have had under another version of a scenario.
 *
 * What the world did stands: money, promises, disputes, holds, what is known of the debtor, each at its time. What we did
 * is left to the other version, and what came of it to willing people and a working post, as in every preview. Where the
 * other life asks a person what was asked in this one too, he answers as he did.
 */
export interface OtherLife {
  readonly steps: readonly StepInBoth[];
  readonly actual: Ending;
  readonly other: Ending;
}

/** One asking of a step: when and how in this life and in the other; null in the one that has not come to it. */
export interface StepInBoth {
  readonly step: string;
  readonly level: Level;
  readonly actual: AskedOnce | null;
  readonly other: AskedOnce | null;
}

export interface AskedOnce {
  readonly at: Instant;
  readonly channel: Channel;
}

/** Where a life stands at its end, and why. */
export interface Ending {
  readonly state: State;
  readonly reasons: readonly Reason[];
  readonly balanceCents: number;
}

/** A life comes to rest between two facts; the limit guards against a scenario that would not. */
const turnsMax = 400;

/** Compares both lives up to `now`. The facts are whole and in order; throws for a log without a registration. */
export function otherLife(facts: readonly Fact[], scenario: Scenario, now: Instant): OtherLife {
  const [first, ...rest] = facts;
  if (first?.type !== 'invoiceRegistered')
    throw new Error('the log of an invoice begins with its registration');
  const actual = lived(openCollection(first), rest, now);
  const other = imagined(openCollection({ ...first, scenario }), rest, { from: first.at, now });
  return { steps: beside(actual.steps, other.steps), actual: actual.ending, other: other.ending };
}

interface Lived {
  readonly steps: readonly (AskedOnce & { readonly step: string; readonly level: Level })[];
  readonly ending: Ending;
}

function lived(begun: Collection, facts: readonly Fact[], now: Instant): Lived {
  const steps: Lived['steps'][number][] = [];
  let file = begun;
  for (const fact of facts) {
    if (fact.type === 'stepRequested') {
      const { step, at, channel } = fact;
      const level = file.scenario.steps.find(({ key }) => key === step)?.level;
      if (level) steps.push({ step, level, at, channel });
    }
    if (fact.type === 'handedOver') steps.push({ ...exitOf(file), at: fact.at });
    file = apply(file, fact);
  }
  return { steps, ending: endingOf(file, decide(file, now)) };
}

/** The other life: the world's facts at their times, and between them what the other version makes of time. */
function imagined(
  begun: Collection,
  facts: readonly Fact[],
  { from, now }: { readonly from: Instant; readonly now: Instant },
): Lived {
  const life = new Imagined(begun, questionsIn(begun, facts), from);
  for (const fact of facts) {
    life.goOn(fact.at);
    life.hear(fact);
  }
  life.goOn(now);
  return { steps: life.steps, ending: endingOf(life.file, decide(life.file, now)) };
}

class Imagined {
  readonly steps: Lived['steps'][number][] = [];
  file: Collection;
  readonly #questions: Questions;
  /** When what is under way was first seen: its arrival is counted from there, however many facts come between. */
  readonly #seen = new Map<string, Instant>();
  #at: Instant;

  constructor(begun: Collection, questions: Questions, at: Instant) {
    this.file = begun;
    this.#questions = questions;
    this.#at = at;
  }

  /** Lives on without a word of the world. */
  goOn(to: Instant): void {
    for (let turn = 0; turn < turnsMax; turn += 1) {
      const decision = decide(this.file, this.#at);
      if (decision.kind === 'close') break;
      if (decision.kind === 'act') {
        this.#note(decision.action);
        this.file = live(this.file, decision.action, this.#at)[0];
        continue;
      }
      const moved = this.#moved();
      if (moved && moved[1] <= to) {
        this.file = moved[0];
        this.#at = Math.max(this.#at, moved[1]);
      } else if (decision.until === null || decision.until <= this.#at || decision.until > to) break;
      else this.#at = decision.until;
    }
    this.#at = Math.max(this.#at, to);
  }

  hear(fact: Fact): void {
    const body = worldsPart(this.file, fact, this.#questions.answers.get(fact.n));
    if (!body) return;
    const { at, day, by } = fact;
    this.file = apply(this.file, { ...body, n: this.file.fact + 1, at, day, by });
  }

  #note(action: Action): void {
    if (action.do === 'handOver') this.steps.push({ ...exitOf(this.file), at: this.#at });
    if (action.do !== 'requestStep') return;
    const { step, channel } = action;
    this.steps.push({ step, level: stepOf(this.file.scenario, step).level, at: this.#at, channel });
  }

  /** Whoever was asked about the hand-over in the life that was answers as he did, and not before; else he says yes. */
  #moved(): [Collection, Instant] | undefined {
    const isAsked = this.file.tasks.some(({ task }) => task === 'hand_over');
    if (isAsked && this.#questions.asked.has('hand_over')) return undefined;
    const record = this.file.steps.find(({ state }) => underWay.includes(state));
    if (!record) return movedOn(this.file, this.#at);
    const asking = `${record.step}/${record.occurrence}/${record.at}`;
    const seenAt = this.#seen.get(asking) ?? this.#at;
    this.#seen.set(asking, seenAt);
    return movedOn(this.file, seenAt);
  }
}

/** What people were asked in the life that was, and what they answered: by the number of the fact, what it was about. */
interface Questions {
  readonly asked: ReadonlySet<TaskKind>;
  readonly answers: ReadonlyMap<number, TaskKind>;
}

function questionsIn(begun: Collection, facts: readonly Fact[]): Questions {
  const asked = new Set<TaskKind>();
  const answers = new Map<number, TaskKind>();
  let file = begun;
  for (const fact of facts) {
    const task = fact.type === 'taskDone' && file.tasks.find(({ taskId }) => taskId === fact.taskId);
    if (task) answers.set(fact.n, task.task);
    if (fact.type === 'taskOpened') asked.add(fact.task);
    file = apply(file, fact);
  }
  return { asked, answers };
}

/** What became of our messages, and the questions about them, belongs to the scenario that sent them. */
const ours: readonly FactType[] = [
  'stepWithdrawn',
  'stepApproved',
  'stepSent',
  'stepUnconfirmed',
  'stepHanded',
  'stepPosted',
  'stepDelivered',
  'stepFailed',
  'letterReported',
  'approvalAsked',
  'approvalGiven',
  'approvalRefused',
  'approvalExpired',
  'approvalWithdrawn',
  'approvalReminded',
];

/** What people are asked whatever the scenario; contacts, letters and bounces have an end of their own in it. */
const askedAnyway: readonly TaskKind[] = [
  'escalation',
  'hand_over',
  'insolvency',
  'limitation',
  'credit_note',
  'corrected_invoice',
  'goodwill',
];

/** A fact as the other life hears it; undefined where it does not. */
function worldsPart(file: Collection, fact: Fact, answer: TaskKind | undefined): FactBody | undefined {
  if (isDoing(fact) || ours.includes(fact.type)) return undefined;
  if (fact.type === 'stepSkipped')
    return file.scenario.steps.some(({ key }) => key === fact.step) ? fact : undefined;
  if (fact.type !== 'taskDone') return fact;
  const task = file.tasks.find((open) => open.task === answer);
  return task && askedAnyway.includes(task.task) ? { ...fact, taskId: task.taskId } : undefined;
}

function exitOf({ scenario }: Collection): { step: string; level: Level; channel: Channel } {
  const exit = scenario.steps.at(-1);
  return {
    step: exit?.key ?? 'handedOver',
    level: exit?.level ?? 'litigation',
    channel: exit?.channel ?? 'internal',
  };
}

function endingOf({ balanceCents }: Collection, { state, reasons }: Decision): Ending {
  return { state, reasons, balanceCents };
}

/** The same asking of the same step side by side, in the order of time. */
function beside(actual: Lived['steps'], other: Lived['steps']): readonly StepInBoth[] {
  const rows = new Map<string, StepInBoth>();
  for (const [side, steps] of [
    ['actual', actual],
    ['other', other],
  ] as const) {
    const times = new Map<string, number>();
    for (const { step, level, at, channel } of steps) {
      const time = (times.get(step) ?? 0) + 1;
      times.set(step, time);
      const key = `${step}/${time}`;
      const row = rows.get(key) ?? { step, level, actual: null, other: null };
      rows.set(key, { ...row, [side]: { at, channel } });
    }
  }
  return [...rows.values()].sort((a, b) => firstOf(a) - firstOf(b));
}

function firstOf({ actual, other }: StepInBoth): Instant {
  return Math.min(actual?.at ?? Infinity, other?.at ?? Infinity);
}
