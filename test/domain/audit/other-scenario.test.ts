import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { otherLife } from '../../../domain/audit/other-scenario.ts';
import type { OtherLife } from '../../../domain/audit/other-scenario.ts';
import { dayAt } from '../../../domain/calendar.ts';
import { shippedScenarios } from '../../../domain/shipped-scenarios.ts';
import type { Instant } from '../../../domain/time.ts';
import { AFile, scenarioNamed } from '../a-file.ts';
import { paris } from '../calendars.ts';
import { live, ourRules, someBeginning, someMoves } from '../lives.ts';

vi.setConfig({ testTimeout: 120_000 });

const day = (asked: { readonly at: Instant } | null): string => (asked ? dayAt(paris, asked.at) : '—');

/** Each line `step: day in this life | day in the other`. */
function inLines({ steps }: OtherLife): readonly string[] {
  return steps.map(({ step, actual, other }) => `${step}: ${day(actual)} | ${day(other)}`);
}

describe('a life under another version', () => {
  it('is the same life where the version is the same', () => {
    const file = new AFile().liveThrough('2026-05-30');

    const both = otherLife(file.facts, file.collection.scenario, file.now);

    expect(both.steps.length).toBeGreaterThan(4);
    for (const { actual, other, step } of both.steps)
      expect(`${step} ${day(other)}`).toBe(`${step} ${day(actual)}`);
    expect(both.other).toEqual(both.actual);
  });

  it('has the steps of that version, at the times that it gives them', () => {
    const file = new AFile().liveThrough('2026-04-04');

    const both = otherLife(file.facts, scenarioNamed('good-payer'), file.now);

    expect(inLines(both)).toEqual([
      'pre-due: 2026-02-23 | 2026-02-25',
      'reminder: 2026-03-05 | 2026-03-09',
      'second-reminder: 2026-03-16 | —',
      'call: 2026-04-01 | 2026-03-19',
      'firm-reminder: 2026-03-25 | 2026-03-30',
    ]);
  });

  it('hears what the world did, when it did it', () => {
    const file = new AFile().reach('2026-03-12');
    file.pay(file.collection.balanceCents);
    file.liveThrough('2026-04-30');

    const both = otherLife(file.facts, scenarioNamed('risky'), file.now);

    expect(both.actual.state).toBe('paid');
    expect(both.other.state).toBe('paid');
    expect(both.steps.every(({ other }) => day(other) <= '2026-03-12' || other === null)).toBe(true);
  });

  it('is answered as this life was, where it asks a person the same', () => {
    const file = new AFile({ on: '2026-02-02' });
    for (let turn = 0; turn < 200 && !file.task('hand_over'); turn += 1)
      file.reachInstant(file.now + 86_400_000);
    file.done('hand_over', 'withdrawn');

    const both = otherLife(file.facts, file.collection.scenario, file.now);

    expect(both.other.state).not.toBe('handed_over');
  });

  it('can be imagined of any life', () => {
    fc.assert(
      fc.property(
        someBeginning,
        someMoves,
        fc.constantFrom(...shippedScenarios),
        (beginning, moves, scenario) => {
          const { first, deeds, end } = live(ourRules, beginning, moves);
          const facts = [first, ...deeds.map(({ fact }) => fact)];
          const now = facts.at(-1)?.at ?? 0;
          const { steps, actual, other } = otherLife(facts, scenario, now);

          expect(actual.balanceCents).toBe(end.balanceCents);
          expect(other.balanceCents).toBe(end.balanceCents);
          for (const { other: asked, step } of steps)
            if (asked) expect(scenario.steps.map(({ key }) => key)).toContain(step);
        },
      ),
      { numRuns: 60 },
    );
  });
});
