import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { decidedAgain } from '../../../domain/audit/decided-again.ts';
import type { Departure } from '../../../domain/audit/decided-again.ts';
import type { Collection } from '../../../domain/collection.ts';
import { decide } from '../../../domain/decide.ts';
import type { Decision } from '../../../domain/decision.ts';
import type { Fact } from '../../../domain/fact.ts';
import { dayMs, hourMs } from '../../../domain/time.ts';
import type { Instant } from '../../../domain/time.ts';
import { live, ourRules, someBeginning, someMoves } from '../lives.ts';
import type { Move, Rules } from '../lives.ts';

vi.setConfig({ testTimeout: 300_000 });

/** In these lives up to 999 minutes pass before the workflow looks, and up to twelve days in an outage. */
const graceMs = (moves: readonly Move[]): number =>
  17 * hourMs + (moves.some(({ what }) => what === 'outage') ? 30 * dayMs : 0);

const livesEach = Number(process.env['LIVES'] ?? 580);

function departuresIn(rules: Rules, numRuns: number): readonly Departure[] {
  let found: readonly Departure[] = [];
  fc.assert(
    fc.property(someBeginning, someMoves, (beginning, moves) => {
      const { first, deeds } = live(rules, beginning, moves);
      const facts = [first, ...deeds.map(({ fact }) => fact)];
      // The world of these lives states nonsense on purpose, and signs for it.
      found = decidedAgain(facts, { graceMs: graceMs(moves) }).filter(
        ({ kind }) => kind !== 'not_his_to_state',
      );
      if (found.length > 0) throw new Error(JSON.stringify(found[0]));
    }),
    { numRuns, endOnFailure: true },
  );
  return found;
}

function findsOut(broken: (c: Collection, now: Instant) => Decision): void {
  expect(() => departuresIn({ ...ourRules, decide: broken }, 20_000)).toThrow('Property failed');
}

describe('a life that the rules have led', () => {
  it('is decided again as it was decided, whatever happened in it', () => {
    expect(departuresIn(ourRules, livesEach)).toEqual([]);
  });
});

describe('a life that was led by other rules', () => {
  it.each([
    ['looks at no promise', (c: Collection) => ({ ...c, promise: null })],
    ['looks at no hold', (c: Collection) => ({ ...c, holds: [], debtor: { ...c.debtor, holds: [] } })],
    ['looks at no dispute', (c: Collection) => ({ ...c, disputes: [] })],
    ['looks at no insolvency', (c: Collection) => ({ ...c, debtor: { ...c.debtor, insolventOn: null } })],
    ['has a longer amicable phase', (c: Collection) => ({ ...c, extraDays: c.extraDays + 30 })],
  ])('is found out where it %s', (_, blind) => {
    findsOut((c, now) => decide(blind(c), now));
  });

  it('is found out where it asks a day early, tells nobody of a late task, or never acts', () => {
    findsOut((c, now) => decide(c, now + dayMs));
    findsOut((c, now) => without('remindTask', decide(c, now)));
    findsOut((c, now) => without('requestStep', decide(c, now)));
  });

  it('is found out where it uses another channel', () => {
    findsOut((c, now) => {
      const decision = decide(c, now);
      return decision.kind === 'act' && decision.action.do === 'requestStep'
        ? { ...decision, action: { ...decision.action, channel: 'letter' } }
        : decision;
    });
  });
});

describe('what Relance alone does', () => {
  it('is found where somebody else signs for it', () => {
    const [beginning, moves] = quiet();
    const { first, deeds } = live(ourRules, beginning, moves);
    const facts = [first, ...deeds.map(({ fact }) => fact)];
    const forged = facts.map((fact) => (fact.type === 'stepRequested' ? { ...fact, by: first.by } : fact));

    const found = decidedAgain(forged, { graceMs: hourMs });

    expect(found[0]).toMatchObject({ kind: 'not_his_to_state', found: { type: 'stepRequested' } });
  });
});

describe('what was due', () => {
  it('and was done too late is told as late, and as left undone where another fact came first', () => {
    const [beginning, moves] = quiet();
    const { first, deeds } = live(ourRules, beginning, moves);
    const facts = [first, ...deeds.map(({ fact }) => fact)];
    const place = facts.findIndex(({ type }) => type === 'stepRequested');
    const asked = facts[place];
    if (!asked) throw new Error('the life asks for nothing');
    const late: readonly Fact[] = [...facts.slice(0, place), { ...asked, at: asked.at + 2 * hourMs }];

    expect(decidedAgain(late, { graceMs: hourMs })).toMatchObject([
      { kind: 'late', n: asked.n, at: asked.at, expected: { kind: 'act' }, found: { type: 'stepRequested' } },
    ]);
    expect(decidedAgain(late, { graceMs: 3 * hourMs })).toEqual([]);
    expect(
      decidedAgain(facts.slice(0, place), { graceMs: hourMs, now: asked.at + 2 * hourMs }),
    ).toMatchObject([{ kind: 'left_undone', n: asked.n - 1, at: asked.at, found: null }]);
    expect(decidedAgain(facts.slice(0, place), { graceMs: hourMs, now: asked.at })).toEqual([]);
  });
});

/** A life in which nothing happens but time. */
function quiet(): [Parameters<typeof live>[1], readonly Move[]] {
  const [beginning] = fc.sample(someBeginning, { seed: 3, numRuns: 1 });
  if (!beginning) throw new Error('there is no beginning');
  const move: Move = { wait: 'until', part: 1, what: 'time', a: 0, b: 0 };
  return [
    {
      ...beginning,
      scenario: 0,
      zone: 0,
      knownOn: '2026-02-02',
      dueInDays: 10,
      paidBy: 'transfer',
      factored: false,
      heldFor: -1,
      emails: 1,
      amountCents: 100_000,
    },
    Array.from({ length: 12 }, () => move),
  ];
}

/** Sleeps where it should do that. */
function without(what: string, decision: Decision): Decision {
  if (decision.kind !== 'act' || decision.action.do !== what) return decision;
  const { standing, state, reasons } = decision;
  return { kind: 'wait', until: null, awaits: [], standing, state, reasons };
}
