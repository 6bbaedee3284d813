import { apply, openCollection } from '../apply.ts';
import type { Collection } from '../collection.ts';
import { decide } from '../decide.ts';
import type { Act, Action, Decision } from '../decision.ts';
import { factKinds } from '../fact-kinds.ts';
import type { Fact } from '../fact.ts';
import { refusalOf } from '../refusal.ts';
import type { RefusalCode } from '../refusal.ts';
import type { Instant } from '../time.ts';
import { Askings } from './asked-before.ts';
import { isDoing, isDoingOf, isForOthers, isKindOfDoing } from './doing.ts';

/**
 * What was done in the life of an invoice against what its rules answer to the same facts at the same moments.
 *
 * `otherwise`: Relance did what the rules, asked at that moment, do not answer; or a step left, or arrived, that nobody had
 * asked for. `left_undone`: they answered to act, and nothing was done before another fact changed the answer, or until now.
 * `late`: it was done, later than it may be; after an outage that is the truth and no wrong decision. `not_his_to_state`:
 * somebody else signed for what Relance alone does. `refused`: it stands there though people may not ask it of the file as it was.
 */
export interface Departure {
  readonly kind: 'otherwise' | 'left_undone' | 'late' | 'not_his_to_state' | 'refused';
  /** The fact that departs; of what was left undone, the last one before it was due. */
  readonly n: number;
  /** When the fact was stated, or from when on the act was due. */
  readonly at: Instant;
  readonly expected: Decision;
  /** What was done instead or late, or what came first; null where nothing came. */
  readonly found: Fact | null;
  /** With `refused`: why. */
  readonly refusal?: RefusalCode;
}

/** One fact of a log with what the rules answered at its moment, before it. */
export interface DecidedAgain {
  readonly fact: Fact;
  readonly decision: Decision;
  /** Whether it is our own doing, and so must be that answer. */
  readonly isOurs: boolean;
}

export interface Again {
  /** Business time in which what is due must be done: what a queue, a retry and a sweep may take. */
  readonly graceMs: number;
  /** Until when the life has been lived; to its last fact when absent. */
  readonly now?: Instant;
  /** The rules that are asked, where it is not those of this release. */
  readonly rules?: (collection: Collection, now: Instant) => Decision;
}

/** Every departure in the log of an invoice; its facts are whole and in order, the first its registration. */
export function decidedAgain(facts: readonly Fact[], how: Again): readonly Departure[] {
  return [...decisionsAgain(facts, how)].filter((step) => 'kind' in step);
}

/**
 * The same, fact by fact: each fact after the first with the decision of its moment, each departure where it shows.
 *
 * Throws for a log that does not begin with a registration.
 */
export function* decisionsAgain(
  facts: readonly Fact[],
  { graceMs, now, rules = decide }: Again,
): Generator<DecidedAgain | Departure> {
  const [first, ...rest] = facts;
  if (first?.type !== 'invoiceRegistered')
    throw new Error('the log of an invoice begins with its registration');
  const shared = sharedPromises(facts);
  let file = openCollection(first);
  let last: Fact = first;
  let due: Due | null = null;
  const askings = new Askings();

  for (const [index, fact] of rest.entries()) {
    const next = dueIn(rules, file, due, last.at, fact.at);
    const overtaken = leftUndone(due, next, last, graceMs);
    if (overtaken) yield overtaken;
    due = next;

    const decision = rules(file, fact.at);
    const isOurs = isDoing(fact) && !isForOthers(file, fact, decision, shared);
    yield { fact, decision, isOurs };
    if (isSignedByOthers(fact, rest[index + 1]))
      yield { kind: 'not_his_to_state', n: fact.n, at: fact.at, expected: decision, found: fact };
    if (isDoing(fact) && decision.kind === 'act' && isDoingOf(decision.action, fact)) {
      if (due && fact.at - due.since > graceMs)
        yield { kind: 'late', n: fact.n, at: due.since, expected: due.decision, found: fact };
      due = null;
    } else if (isOurs) yield { kind: 'otherwise', n: fact.n, at: fact.at, expected: decision, found: fact };
    const departs = { n: fact.n, at: fact.at, expected: decision, found: fact };
    if (!askings.precede(fact)) yield { kind: 'otherwise', ...departs };
    const refusal = isAskedByPeople(fact) ? refusalOf(file, fact, fact.at) : null;
    if (refusal) yield { kind: 'refused', ...departs, refusal: refusal.code };
    file = apply(file, fact);
    last = fact;
  }

  const until = Math.max(last.at, now ?? last.at);
  const next = dueIn(rules, file, due, last.at, until);
  const overtaken = leftUndone(due, next, last, graceMs);
  if (overtaken) yield overtaken;
  if (next && until - next.since > graceMs)
    yield { kind: 'left_undone', n: next.after, at: next.since, expected: next.decision, found: null };
}

/** What the file has answered to do, and from when on. */
interface Due {
  readonly decision: Act;
  readonly since: Instant;
  readonly after: number;
}

/**
 * What is due in a span without facts, looked for at its beginning and at each wake-up in it.
 *
 * What was due before the last fact and is so right after it stays due since then: facts that change nothing excuse no
 * delay.
 */
function dueIn(
  rules: NonNullable<Again['rules']>,
  file: Collection,
  due: Due | null,
  from: Instant,
  to: Instant,
): Due | null {
  for (let at = from; ;) {
    const decision = rules(file, at);
    if (decision.kind === 'act')
      return due && at === from && isSame(due.decision.action, decision.action)
        ? due
        : { decision, since: at, after: file.fact };
    if (decision.kind === 'close' || decision.until === null) return null;
    if (decision.until <= at || decision.until > to) return null;
    at = decision.until;
  }
}

/**
 * Whether somebody else signs for what Relance alone states. A letter that was posted after all is put back on its desk by
 * a person: asked for and handed to him at once.
 */
function isSignedByOthers(fact: Fact, next: Fact | undefined): boolean {
  if (!isKindOfDoing(fact) || factKinds[fact.type].statedBy.includes(fact.by.kind)) return false;
  const isPutBack =
    fact.type === 'stepRequested' &&
    next?.type === 'stepHanded' &&
    next.step === fact.step &&
    next.occurrence === fact.occurrence &&
    next.at === fact.at &&
    next.by.id === fact.by.id;
  return !isPutBack;
}

/** What a bank, a provider or the post says has happened, and what we do is held against the decision. */
function isAskedByPeople(fact: Fact): boolean {
  return factKinds[fact.type].refusable && fact.by.kind !== 'relance' && fact.by.kind !== 'provider';
}

/** What was due for too long when a fact came after which it no longer was. */
function leftUndone(due: Due | null, next: Due | null, last: Fact, graceMs: number): Departure | null {
  if (!due || next === due || last.at - due.since <= graceMs) return null;
  return { kind: 'left_undone', n: due.after, at: due.since, expected: due.decision, found: last };
}

/** The day by which a task is to be done moves with the day on which it is opened: it is the same task. */
function isSame(one: Action, other: Action): boolean {
  const [a, b] = [one, other].map((action) => JSON.stringify({ ...action, dueOn: '' }));
  return a === b;
}

/** Promises over several invoices are broken on all of them when the first of them finds it. */
function sharedPromises(facts: readonly Fact[]): ReadonlySet<string> {
  return new Set(
    facts.flatMap((fact) =>
      fact.type === 'promiseMade' && (fact.invoices ?? 1) > 1 ? [fact.promiseId] : [],
    ),
  );
}
