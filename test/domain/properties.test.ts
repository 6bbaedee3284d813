import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { amicableDaysOf } from '../../domain/amicable-phase.ts';
import { apply, openCollection } from '../../domain/apply.ts';
import type { Collection } from '../../domain/collection.ts';
import { askedCentsOf, recordOf } from '../../domain/collection.ts';
import { decide, mayLeave } from '../../domain/decide.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Fact, TaskKind, TaskOutcome } from '../../domain/fact.ts';
import { rankOf } from '../../domain/level.ts';
import { isAmicable, stepOf } from '../../domain/scenario.ts';
import { levelReached } from '../../domain/schedule.ts';
import { addDays, dayMs, daysBetween, weekdayOf } from '../../domain/time.ts';
import type { CivilDate, Instant } from '../../domain/time.ts';
import { wallAt } from './calendars.ts';
import { actsMax, live, ourRules, someBeginning, someMoves } from './lives.ts';
import type { Life, Moment, Rules } from './lives.ts';

/**
 * What must be true of every life of every invoice, whatever happens in it and in whatever order.
 *
 * Each property looks at a finished life and names the first thing that is wrong with it, if anything. fast-check
 * prints the seed and the shortest life it found; `fc.assert(…, { seed, path })` lives it again. Behind each stand rules
 * that were broken on purpose: a property that does not notice them says nothing about the real ones.
 */
vi.setConfig({ testTimeout: 300_000 });

type Property = (life: Life, rules: Rules) => string | undefined;

/** Eighteen properties with this many lives each are more than 10,000 lives. `LIVES=5000` looks harder. */
const livesEach = Number(process.env['LIVES'] ?? 580);

function holds(property: Property, rules: Rules = ourRules, numRuns = livesEach, endOnFailure = false): void {
  fc.assert(
    fc.property(someBeginning, someMoves, (beginning, moves) => {
      const wrong = property(live(rules, beginning, moves), rules);
      if (wrong !== undefined) throw new Error(wrong);
    }),
    { numRuns, endOnFailure },
  );
}

/** Broken rules must be found out. Some faults show rarely; the search ends with the first life that shows one. */
function findsOut(property: Property, broken: Partial<Rules>): void {
  expect(() => holds(property, { ...ourRules, ...broken }, 20_000, true)).toThrow('Property failed');
}

describe('every open file', () => {
  const neverSilent: Property = ({ moments }) =>
    firstOf(moments, ({ at, file, decision, settled }) => {
      if (!settled || decision.kind === 'close') return undefined;
      if (decision.kind === 'act') return `still acts after ${actsMax} acts: ${JSON.stringify(decision)}`;
      if (decision.until !== null)
        return decision.until > at ? undefined : `waits for a moment that has passed`;
      const named = ['hold', 'insolvent', 'not_chased'];
      if (file.tasks.length > 0 || decision.reasons.some(({ code }) => named.includes(code)))
        return undefined;
      return `is silent for ever: ${JSON.stringify(decision)}`;
    });

  it('has a wake-up to come, a task or a named hold, and comes to rest', () => {
    holds(neverSilent);
  });

  it('would be found silent, were a wake-up or a task forgotten', () => {
    findsOut(neverSilent, { decide: (c, now) => forgetting(decide(c, now)) });
    findsOut(neverSilent, {
      apply: (c, fact) => (fact.type === 'taskOpened' ? { ...c, fact: fact.n } : apply(c, fact)),
    });
  });

  const stableUntil: Property = ({ moments }, rules) =>
    firstOf(moments, ({ at, file, decision, settled }, index) => {
      if (!settled || decision.kind !== 'wait') return undefined;
      const span = (decision.until ?? at + 300 * dayMs) - at;
      // The last millisecond before the wake-up is where an alarm that was forgotten shows.
      const later = [at + span - 1, at + Math.floor(span * (((index * 37) % 97) / 97))].filter(
        (time) => time >= at,
      );
      return firstOf(later, (time) => {
        const then = rules.decide(file, time);
        const same =
          then.kind === 'wait' && JSON.stringify(then.standing) === JSON.stringify(decision.standing);
        return same
          ? undefined
          : `at ${iso(time)} ${JSON.stringify(decision)} had become ${JSON.stringify(then)}`;
      });
    });

  it('can sleep until its wake-up: nothing is resolved before, and what stands goes on standing', () => {
    holds(stableUntil);
  });

  it('would be found oversleeping, were a wake-up a day late', () => {
    findsOut(stableUntil, { decide: (c, now) => oversleeping(decide(c, now)) });
  });

  const movesOn: Property = ({ deeds }, rules) =>
    firstOf(deeds, ({ at, after, action }) => {
      if (!action) return undefined;
      const next = rules.decide(after, at);
      const again = next.kind === 'act' && JSON.stringify(next.action) === JSON.stringify(action);
      return again ? `resolved again what was just done: ${JSON.stringify(action)}` : undefined;
    });

  it('moves on once what was resolved is done', () => {
    holds(movesOn);
  });

  it('would be found asking twice, were the request not remembered', () => {
    findsOut(movesOn, {
      apply: (c, fact) => (fact.type === 'stepRequested' ? { ...c, fact: fact.n } : apply(c, fact)),
    });
  });

  const closesRightly: Property = ({ moments }) =>
    firstOf(moments, ({ file, decision }) => {
      const over = file.end !== null || file.balanceCents <= 0;
      if ((decision.kind === 'close') !== over) return `is ${over ? 'over but open' : 'closed but owed'}`;
      return over && file.tasks.length > 0 ? 'is over and somebody still has a task' : undefined;
    });

  it('closes when nothing is owed or it has ended, and only then', () => {
    holds(closesRightly);
  });
});

describe('a request', () => {
  const asksForSomething: Property = ({ moments }) =>
    firstOf(moments, ({ file, decision }) => {
      if (!speaks(decision)) return undefined;
      return file.balanceCents > 0 && askedCentsOf(file) > 0 ? undefined : 'asks for nothing';
    });

  it('is never made for nothing', () => {
    holds(asksForSomething);
  });

  it('would be found out, were the balance not looked at', () => {
    const owed = (c: Collection) => ({ ...c, balanceCents: Math.max(c.balanceCents, 1), end: null });
    findsOut(asksForSomething, { decide: (c, now) => decide(owed(c), now) });
  });

  const keepsSilence: Property = ({ moments }) =>
    firstOf(moments, ({ day, file, decision }) => {
      if (!speaks(decision)) return undefined;
      const reason = silenceOf(file, day);
      return reason && `speaks while ${reason}`;
    });

  it('is never made to the insolvent, the held, the disputing, the promising and the excluded', () => {
    holds(keepsSilence);
  });

  it.each([
    ['a promise', (c: Collection) => ({ ...c, promise: null })],
    ['a hold', (c: Collection) => ({ ...c, holds: [], debtor: { ...c.debtor, holds: [] } })],
    ['a dispute', (c: Collection) => ({ ...c, disputes: [] })],
    ['an insolvency', (c: Collection) => ({ ...c, debtor: { ...c.debtor, insolventOn: null } })],
  ])('would be found out, were %s not looked at', (_, blind) => {
    findsOut(keepsSilence, { decide: (c, now) => decide(blind(c), now) });
  });

  const inOrder: Property = ({ deeds }) => {
    let place = -1;
    const taken = new Set<string>();
    return firstOf(deeds, ({ before, fact, action, after }) => {
      if (fact.type === 'taskDone' && fact.outcome === 'remind_again' && after.place <= before.place) {
        place = -1;
        taken.clear();
      }
      for (const record of after.steps) if (record.state === 'taken') taken.add(record.step);
      if (action?.do !== 'requestStep') return undefined;
      if (taken.has(action.step) && recordOf(before, action.step)?.state !== 'failed')
        return `takes ${action.step} twice`;
      const index = before.scenario.steps.findIndex((step) => step.key === action.step);
      if (index < place) return `goes back to ${action.step}`;
      place = index;
      const known = recordOf(before, action.step);
      const expected = known ? known.occurrence + (known.state === 'failed' ? 1 : 0) : 1;
      return action.occurrence === expected ? undefined : `asks for occurrence ${action.occurrence}`;
    });
  };

  it('comes in the order of the scenario, no step twice unless it failed or a person has it repeated', () => {
    holds(inOrder);
  });

  it('would be found going back, were only the last step remembered', () => {
    const forgetful = (c: Collection) => ({ ...c, place: 0, steps: c.steps.slice(-1) });
    findsOut(inOrder, { apply: (c, fact) => forgetful(apply(c, fact)) });
  });

  const oneLevelADay: Property = ({ deeds, end }) => {
    const requested = new Map<CivilDate, string>();
    const wrong = firstOf(deeds, ({ day, before, action }) => {
      if (action?.do !== 'requestStep') return undefined;
      const { level } = stepOf(before.scenario, action.step);
      const other = requested.get(day) ?? level;
      requested.set(day, level);
      return other === level ? undefined : `asks for ${other} and ${level} on ${day}`;
    });
    if (wrong !== undefined) return wrong;
    const reached = new Map<CivilDate, string>();
    return firstOf(end.steps, (record) => {
      const { level } = stepOf(end.scenario, record.step);
      if (record.state !== 'taken' || record.on === null) return undefined;
      const other = reached.get(record.on) ?? level;
      reached.set(record.on, level);
      return other === level ? undefined : `reaches ${other} and ${level} on ${record.on}`;
    });
  };

  it('never raises two levels on one day', () => {
    holds(oneLevelADay);
  });

  const keepsDistance: Property = ({ deeds }) =>
    firstOf(deeds, ({ day, before, action }) => {
      if (action?.do !== 'requestStep' || before.jumpTo !== null) return undefined;
      const { steps } = before.scenario;
      const index = steps.findIndex((step) => step.key === action.step);
      return firstOf(steps.slice(0, index), (earlier) => {
        const record = recordOf(before, earlier.key);
        if (!record?.on || (record.state !== 'taken' && record.state !== 'skipped')) return undefined;
        const planned = (steps[index]?.offsetDays ?? 0) - earlier.offsetDays;
        const kept = daysBetween(record.on, day);
        return kept >= planned
          ? undefined
          : `${action.step} comes ${kept} days after ${earlier.key}, planned ${planned}`;
      });
    });

  it('keeps the planned distance from every earlier step, after any pause', () => {
    holds(keepsDistance);
  });

  it('would be found catching up, were every step asked for as soon as the one before it is over', () => {
    findsOut(keepsDistance, { decide: hasty });
    findsOut(oneLevelADay, { decide: hasty });
  });

  const inOfficeHours: Property = ({ moments }) =>
    firstOf(moments, ({ at, file, decision }) =>
      firstOf(decision.reasons, ({ code, at: due }) => {
        if ((code !== 'step_due' && code !== 'step_planned') || due === undefined) return undefined;
        if (decision.kind === 'act' && at < due) return `asks before the time it gives`;
        const { day, minuteOfDay } = wallAt(file.calendar.zone, due);
        const { fromMinute, toMinute } = file.scenario.window;
        const working = weekdayOf(day) < 5 && !file.calendar.holidays.includes(day);
        const inWindow = minuteOfDay >= fromMinute && minuteOfDay < toMinute;
        return working && inWindow ? undefined : `falls due on ${day} at minute ${minuteOfDay}`;
      }),
    );

  it('falls due on a working day, inside the contact window of the debtor’s zone', () => {
    holds(inOfficeHours);
  });

  it('would be found out at night, were the zone ignored', () => {
    const inUtc = (c: Collection) => ({ ...c, calendar: { ...c.calendar, offsets: [] } });
    findsOut(inOfficeHours, { decide: (c, now) => decide(inUtc(c), now) });
  });

  // C5: a past-due notice on the morning after the first import has cost customers.
  const letsSettleIn: Property = ({ deeds }) =>
    firstOf(deeds, ({ day, before, action }) => {
      if (action?.do !== 'requestStep') return undefined;
      const days = daysBetween(before.knownOn, day);
      return days >= before.scenario.bounds.knownDaysMin
        ? undefined
        : `asks ${days} days after first knowing`;
    });

  it('never comes within the days after we first knew the invoice', () => {
    holds(letsSettleIn);
  });
});

describe('the level', () => {
  const onlyClimbs: Property = ({ moments }) => {
    let top = -1;
    return firstOf(moments, ({ at, file }) => {
      const level = levelReached(file, at);
      const rank = level === null ? -1 : rankOf(level);
      const fell = rank < top;
      top = rank;
      return fell ? `fell to ${level ?? 'none'}` : undefined;
    });
  };

  it('never goes down', () => {
    holds(onlyClimbs);
  });

  it('would be found falling, were a late bounce to take a delivered step back', () => {
    findsOut(onlyClimbs, { apply: takingBack });
  });

  const noticeAfterReminder: Property = ({ deeds }) => {
    let reminded = false;
    return firstOf(deeds, ({ at, before, action }) => {
      const level = levelReached(before, at);
      reminded ||= level !== null && rankOf(level) >= rankOf('reminder');
      if (action?.do !== 'requestStep' || reminded) return undefined;
      return stepOf(before.scenario, action.step).level === 'formal_notice'
        ? 'formal notice as the first word'
        : undefined;
    });
  };

  it('of a formal notice is asked for only after a reminder that was delivered', () => {
    holds(noticeAfterReminder);
  });

  it('would be found out, were a skipped reminder to count as one that was delivered', () => {
    findsOut(noticeAfterReminder, { decide: (c, now) => decide(skippedAsTaken(c), now) });
  });

  const questions: readonly TaskKind[] = ['hand_over', 'escalation'];
  const words: readonly TaskOutcome[] = ['approved', 'hand_over'];

  const noAutomaticNotice: Property = ({ moments, deeds }) => {
    const left = firstOf(moments, ({ at, file, decision }) => {
      const standing = decision.kind === 'close' ? null : decision.standing;
      if (!standing || stepOf(file.scenario, standing.step).level !== 'formal_notice') return undefined;
      const approved = recordOf(file, standing.step)?.state === 'approved';
      return mayLeave(file, standing, at) && !approved
        ? 'a formal notice may leave that nobody approved'
        : undefined;
    });
    if (left !== undefined) return left;
    let approved = false;
    return firstOf(deeds, ({ before, fact, action }) => {
      if (fact.type === 'taskDone' && words.includes(fact.outcome))
        approved ||= before.tasks.some(
          ({ taskId, task }) => taskId === fact.taskId && questions.includes(task),
        );
      return action?.do === 'handOver' && !approved ? 'handed over without a person’s word' : undefined;
    });
  };

  it('of a formal notice and of the hand-over is reached by a person’s word only', () => {
    holds(noAutomaticNotice);
  });

  const bounded: Property = ({ moments }) =>
    firstOf(moments, ({ day, file, decision, settled }) => {
      if (!settled || decision.kind === 'close' || silenceOf(file, day) || !isAmicablePhase(file))
        return undefined;
      if (amicableDaysOf(file, day) < file.scenario.bounds.amicableDays + file.extraDays) return undefined;
      const asked = file.tasks.some(({ task }) => task === 'escalation' || task === 'hand_over');
      return asked ? undefined : `is amicable for ${amicableDaysOf(file, day)} days and nobody is asked`;
    });

  it('stays amicable no longer than the scenario allows without a person being asked', () => {
    holds(bounded);
  });

  it('would be found out, were the bound not looked at', () => {
    const endless = (c: Collection) => ({
      ...c,
      scenario: { ...c.scenario, bounds: { ...c.scenario.bounds, amicableDays: 9_999 } },
    });
    findsOut(bounded, { decide: (c, now) => decide(endless(c), now) });
  });

  // The oracle counts day by day what was seen, and knows nothing of how the file remembers silences.
  const countsSpokenDays: Property = ({ moments }) => {
    const silent = new Set<CivilDate>();
    // A promise found broken on a day that was silent for another reason too: both ways of counting it are right.
    const either = new Set<CivilDate>();
    let previous: Moment | undefined;
    return firstOf(moments, (moment) => {
      if (previous) for (const day of silentDaysBetween(previous, moment)) silent.add(day);
      if (previous && moment.last !== previous.last && moment.last.type === 'promiseBroken')
        either.add(moment.day);
      previous = moment;
      const { file, day, decision, settled } = moment;
      if (decision.kind === 'close' || !settled) return undefined;
      const start = startOf(file);
      let expected = 0;
      for (let number = 0; number < daysBetween(start, day); number += 1)
        if (!silent.has(addDays(start, number))) expected += 1;
      const counted = amicableDaysOf(file, day);
      return Math.abs(counted - expected) <= [...either].filter((one) => silent.has(one)).length
        ? undefined
        : `counts ${counted} amicable days on ${day}, a witness ${expected}`;
    });
  };

  it('has its amicable days counted without those on which the file was silent', () => {
    // Its witness counts on its fingers, so it is given fewer lives.
    holds(countsSpokenDays, ourRules, Math.ceil(livesEach / 3));
  });

  it('would be found miscounting, were disputes counted in', () => {
    findsOut(countsSpokenDays, { apply: (c, fact) => ({ ...apply(c, fact), silences: [] }) });
  });
});

// A property that no life puts to the test proves nothing: most of what can happen must have happened.
describe('the lives', () => {
  it('reach every level, every state, every task and every exit', () => {
    const seen = new Map<string, number>();
    for (const [beginning, moves] of fc.sample(fc.tuple(someBeginning, someMoves), {
      numRuns: 1_000,
      seed: 7,
    })) {
      for (const name of namesIn(live(ourRules, beginning, moves))) seen.set(name, (seen.get(name) ?? 0) + 1);
    }
    const rare = [...wanted]
      .filter((name) => (seen.get(name) ?? 0) < 5)
      .map((name) => `${name}: ${seen.get(name) ?? 0}`);

    expect(rare).toEqual([]);
  });
});

describe('the rules', () => {
  const replayable: Property = ({ first, deeds, end }) => {
    const facts = deeds.map(({ fact }) => JSON.parse(JSON.stringify(fact)) as Fact);
    const opened = openCollection(first as Parameters<typeof openCollection>[0]);
    const refolded = facts.reduce(
      (file, fact) => apply(JSON.parse(JSON.stringify(file)) as Collection, fact),
      opened,
    );
    return JSON.stringify(refolded) === JSON.stringify(end)
      ? undefined
      : 'the stored fold differs from the lived one';
  };

  it('fold the same facts to the same file, through JSON and back', () => {
    holds(replayable);
  });

  const plain: Property = ({ moments }, rules) => {
    const seen = new WeakSet();
    return firstOf(moments, ({ at, file, decision }) => {
      const odd = oddMemberOf(file, seen) ?? oddMemberOf(decision, seen);
      if (odd !== undefined) return `holds ${odd}, which JSON would lose`;
      const again = JSON.stringify(rules.decide(file, at));
      return again === JSON.stringify(decision)
        ? undefined
        : `first ${JSON.stringify(decision)}, then ${again}`;
    });
  };

  it('answer in plain JSON, and twice the same', () => {
    holds(plain);
  });

  it('leave a file as it was, but for its number, when a fact speaks of what is not there', () => {
    const nothingThere: Property = ({ deeds }) =>
      firstOf(deeds, ({ before, fact, after }) => {
        if (!('step' in fact) || fact.step !== 'no-such-step') return undefined;
        const { n, at, day, by } = fact;
        const unmoved = apply(before, { type: 'holdLifted', holdId: 'none', n, at, day, by });
        return JSON.stringify(unmoved) === JSON.stringify(after)
          ? undefined
          : `${fact.type} about nothing changed the file`;
      });

    holds(nothingThere);
  });

  it('refuse only with a documented code and a sentence', () => {
    holds(({ refusals }) =>
      firstOf(refusals, ({ refusal }) => (refusal.message.length > 20 ? undefined : JSON.stringify(refusal))),
    );
  });
});

function firstOf<T>(
  all: readonly T[],
  wrongOf: (one: T, index: number) => string | undefined,
): string | undefined {
  for (const [index, one] of all.entries()) {
    const wrong = wrongOf(one, index);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

const wanted: readonly string[] = [
  ...['preventive', 'reminder', 'firm', 'formal_notice', 'litigation'].map((level) => `level ${level}`),
  ...['waiting', 'at_the_door', 'awaiting_approval', 'on_its_way', 'to_confirm', 'to_do', 'held', 'disputed'],
  ...['promised', 'notice_running', 'paid', 'cancelled', 'written_off', 'handed_over'],
  ...[
    'post',
    'presentation',
    'escalation',
    'unreachable',
    'dispute',
    'hand_over',
    'insolvency',
    'bounced_late',
    'stuck',
  ].map((task) => `task ${task}`),
  ...['extend', 'remind_again', 'formal_notice', 'hand_over', 'approved', 'withdrawn'].map(
    (outcome) => `answer ${outcome}`,
  ),
];

function namesIn({ moments, deeds }: Life): ReadonlySet<string> {
  const names = new Set<string>(moments.map(({ decision }) => decision.state));
  for (const { before, after, fact, action } of deeds) {
    if (action?.do === 'requestStep') names.add(`level ${stepOf(before.scenario, action.step).level}`);
    if (action?.do === 'handOver') names.add('level litigation');
    if (fact.type === 'taskDone') names.add(`answer ${fact.outcome}`);
    for (const { task } of after.tasks) names.add(`task ${task}`);
  }
  return names;
}

function speaks(decision: Decision): boolean {
  if (decision.kind === 'close') return false;
  return decision.standing !== null || (decision.kind === 'act' && decision.action.do === 'requestStep');
}

/** Why nobody may be spoken to, told from the file's plain members. */
function silenceOf(file: Collection, day: CivilDate): string | undefined {
  if (file.end !== null || file.balanceCents <= 0) return 'closed';
  if (file.debtor.insolventOn !== null) return 'insolvent';
  if (file.debtor.kind === 'consumer' || file.debtor.kind === 'internal' || file.factored) return 'excluded';
  if (['direct_debit', 'bill_of_exchange'].includes(file.paidBy) && !file.paymentCameBack)
    return 'paid by us';
  if ([...file.holds, ...file.debtor.holds].some(({ until }) => until === null || until >= day))
    return 'held';
  if (file.promise) return 'promised';
  const contested = file.disputes.reduce((sum, dispute) => sum + dispute.contestedCents, 0);
  return file.disputes.length > 0 && contested >= file.balanceCents ? 'disputed' : undefined;
}

function isAmicablePhase(file: Collection): boolean {
  const place = file.scenario.steps[file.place];
  if (file.jumpTo !== null || place === undefined) return false;
  // A formal notice that is asked for and not approved has not ended it.
  const state = recordOf(file, place.key)?.state ?? 'requested';
  return isAmicable(place) || state === 'requested' || state === 'withdrawn';
}

function startOf(file: Collection): CivilDate {
  const first = file.scenario.steps.find((step) => isAmicable(step) && step.level !== 'preventive');
  const start = addDays(file.dueDate, first?.offsetDays ?? 0);
  return start > file.knownOn ? start : file.knownOn;
}

/** Silent days between two looks at the file with nothing but time between them, the last look's own day apart. */
function silentDaysBetween(from: Moment, to: Moment): readonly CivilDate[] {
  if (from.file === to.file && from.day === to.day) return [];
  const days: CivilDate[] = [];
  for (let day = from.day; day === from.day || day < to.day; day = addDays(day, 1)) {
    if (silenceOf(from.file, day)) days.push(day);
  }
  // The day on which a promise is found broken is a day to speak.
  const found = to.last !== from.last && to.last.type === 'promiseBroken';
  return found ? [] : days;
}

/** The first thing in the value that would not survive JSON: undefined, NaN, Infinity, an object with behaviour. */
function oddMemberOf(value: unknown, seen: WeakSet<object>): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : String(value);
  if (typeof value !== 'object') return typeof value;
  if (seen.has(value)) return undefined;
  seen.add(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype) return 'an object with behaviour';
  for (const [name, member] of Object.entries(value)) {
    const odd = oddMemberOf(member, seen);
    if (odd !== undefined) return `${name}: ${odd}`;
  }
  return undefined;
}

function iso(at: Instant): string {
  return new Date(at).toISOString();
}

function forgetting(decision: Decision): Decision {
  return decision.kind === 'wait' ? { ...decision, until: null } : decision;
}

function oversleeping(decision: Decision): Decision {
  return decision.kind === 'wait' && decision.until !== null
    ? { ...decision, until: decision.until + dayMs }
    : decision;
}

/** Asks for the next step as soon as it is the next. */
function hasty(c: Collection, now: Instant): Decision {
  const decision = decide(c, now);
  const planned =
    decision.kind === 'wait' ? decision.reasons.find(({ code }) => code === 'step_planned')?.step : undefined;
  if (planned === undefined || stepOf(c.scenario, planned).level === 'litigation') return decision;
  const action = { do: 'requestStep', step: planned, occurrence: 1, channel: 'email' } as const;
  return { kind: 'act', action, standing: null, state: 'at_the_door', reasons: [] };
}

/** What `apply` would do if a failure were a failure whenever it is told. */
function takingBack(c: Collection, fact: Fact): Collection {
  const next = apply(c, fact);
  if (fact.type !== 'stepFailed') return next;
  const steps = next.steps.map((record) =>
    record.bouncedLate ? { ...record, state: 'failed' as const } : record,
  );
  return { ...next, steps };
}

function skippedAsTaken(c: Collection): Collection {
  return {
    ...c,
    steps: c.steps.map((record) =>
      record.state === 'skipped' ? { ...record, state: 'taken' as const } : record,
    ),
  };
}
