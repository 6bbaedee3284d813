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
      found = decidedAgain(facts, { graceMs: graceMs(moves) }).filter((one) => !isNonsense(one, moves));
      if (found.length > 0) throw new Error(JSON.stringify(found[0]));
    }),
    { numRuns, endOnFailure: true },
  );
  return found;
}

/** The world of these lives states nonsense where it says so, and signs for it. */
function isNonsense({ kind, found }: Departure, moves: readonly Move[]): boolean {
  if (!moves.some(({ what }) => what === 'nonsense')) return false;
  const isOfStep = /^step(Sent|Unconfirmed|Handed|Posted|Delivered)$/.test(found?.type ?? '');
  return kind === 'not_his_to_state' || kind === 'refused' || (kind === 'otherwise' && isOfStep);
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

describe('what people asked', () => {
  const promised = (promisedOn: string): readonly Fact[] => {
    const { first } = live(ourRules, ...quiet());
    const by = { kind: 'user', id: 'somebody' } as const;
    const promise = { type: 'promiseMade', promiseId: 'p1', amountCents: 10_000, promisedOn } as const;
    return [first, { ...promise, n: 2, at: first.at + hourMs, day: first.day, by }];
  };

  it('is found where the file refuses it, with the reason', () => {
    expect(decidedAgain(promised('2031-02-02'), { graceMs: hourMs })).toMatchObject([
      { kind: 'refused', n: 2, refusal: 'promise-too-far', found: { type: 'promiseMade' } },
    ]);
  });

  it('is none where the file takes it', () => {
    expect(decidedAgain(promised('2026-02-10'), { graceMs: hourMs })).toEqual([]);
  });
});

describe('a step', () => {
  const life = (): readonly Fact[] => {
    const { first, deeds } = live(ourRules, ...quiet());
    return [first, ...deeds.map(({ fact }) => fact)];
  };
  const delivered = (asked: Fact | undefined, more: object): Fact => {
    if (asked?.type !== 'stepRequested') throw new Error('the life asks for nothing');
    const { step, occurrence, channel, n, at, day, by } = asked;
    const said = { messageId: null, on: day, proof: 'provider' } as const;
    const stamp = { n: n + 1, at, day, by };
    return { type: 'stepDelivered', step, occurrence, channel, ...said, ...stamp, ...more };
  };
  const askedAt = (facts: readonly Fact[]) => facts.findIndex(({ type }) => type === 'stepRequested');

  it.each([
    ['of another number', { occurrence: 9 }],
    ['that was never reached', { step: 'formal-notice' }],
  ])('%s that arrived is found: nobody had asked for it', (_, more) => {
    const facts = life();
    const place = askedAt(facts);
    const forged = [...facts.slice(0, place + 1), delivered(facts[place], more)];

    expect(decidedAgain(forged, { graceMs: 400 * dayMs })).toMatchObject([
      { kind: 'otherwise', found: { type: 'stepDelivered' } },
    ]);
  });

  it('that was asked for may arrive', () => {
    const facts = life();
    const place = askedAt(facts);
    const honest = [...facts.slice(0, place + 1), delivered(facts[place], {})];

    expect(decidedAgain(honest, { graceMs: 400 * dayMs })).toEqual([]);
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
