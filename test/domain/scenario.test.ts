import { describe, expect, it } from 'vitest';
import { amicableDaysOf } from '../../domain/amicable-phase.ts';
import type { Scenario, Step } from '../../domain/scenario.ts';
import { problemsOf, scenarioFor, stepName } from '../../domain/scenario.ts';
import { shippedScenarios } from '../../domain/shipped-scenarios.ts';
import { debtorTemplateKeys } from '../../domain/message.ts';
import { addDays } from '../../domain/time.ts';
import { AFile, aCompany, scenarioNamed } from './a-file.ts';

describe('a shipped scenario', () => {
  it.each(shippedScenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s can be published',
    (_, scenario) => {
      expect(problemsOf(scenario)).toEqual([]);
    },
  );

  it.each(shippedScenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s has a person confirm its notice and its hand-over',
    (_, { steps }) => {
      const hard = steps.filter(({ level }) => level === 'formal_notice' || level === 'litigation');

      expect(hard.map(({ mode }) => mode)).toEqual(['review', 'review']);
    },
  );

  it.each(shippedScenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s leaves its notice the time to be answered',
    (_, { steps, bounds }) => {
      const [notice, exit] = steps.slice(-2);

      expect((exit?.offsetDays ?? 0) - (notice?.offsetDays ?? 0)).toBeGreaterThan(bounds.noticeAnswerDays);
    },
  );

  it.each(shippedScenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s names templates that exist',
    (_, { steps }) => {
      const known: readonly string[] = [...debtorTemplateKeys, 'internal_task_due'];

      expect(steps.filter(({ template }) => !known.includes(template))).toEqual([]);
    },
  );

  // A week-end here, a holiday there: each step moves, and what follows keeps its distance.
  it.each(shippedScenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s comes to its notice with days to spare before the end of the amicable phase, whatever the day of the year',
    (_, scenario) => {
      const tight: string[] = [];
      for (let day = 0; day < 365; day += 1)
        for (const known of [-30, -8, -2, 0, 3]) {
          const dueDate = addDays('2026-01-01', day);
          const file = new AFile({ on: addDays(dueDate, known), dueDate, scenario });
          file.reach(addDays(dueDate, 75));
          const noticeOn = file.diary.find((line) => / formal-notice /.test(line))?.slice(0, 10);
          const spare =
            scenario.bounds.amicableDays - amicableDaysOf(file.collection, noticeOn ?? '9999-12-31');
          if (spare < 3) tight.push(`due ${dueDate}, known ${known}: ${spare} days to spare`);
        }

      expect(tight).toEqual([]);
    },
  );

  it.each([
    ['a public body', aCompany({ kind: 'public' }), 'public-body'],
    ['a public body abroad', aCompany({ kind: 'public', country: 'BE' }), 'public-body'],
    ['a company abroad', aCompany({ country: 'DE', grade: 'A' }), 'abroad'],
    ['a good payer', aCompany({ grade: 'A' }), 'good-payer'],
    ['a risky payer', aCompany({ grade: 'E' }), 'risky'],
    ['anybody else', aCompany({ grade: 'C' }), 'standard'],
    ['a company without grade', aCompany(), 'standard'],
  ])('for %s is chosen', (_, debtor, name) => {
    expect(scenarioFor(shippedScenarios, debtor, 'FR')?.id).toContain(name);
  });
});

describe('the name of a step', () => {
  const standard = scenarioNamed('standard');

  it('is told in the language of the reader', () => {
    expect(stepName(standard, 'reminder', 'fr')).toBe('Première relance');
    expect(stepName(standard, 'reminder', 'en')).toBe('First reminder');
  });

  it('is its key when the version does not know it', () => {
    expect(stepName(standard, 'carrier-pigeon', 'fr')).toBe('carrier-pigeon');
  });
});

describe('publishing', () => {
  const standard = scenarioNamed('standard');
  const withSteps = (change: (steps: readonly Step[]) => readonly Step[]): Scenario => ({
    ...standard,
    steps: change(standard.steps),
  });

  it.each([
    [
      'two steps with one key',
      withSteps((steps) => steps.map((step) => ({ ...step, key: 'same' }))),
      'share a key',
    ],
    [
      'a level that goes down',
      withSteps((steps) =>
        steps.map((step) => (step.key === 'call' ? { ...step, level: 'reminder' } : step)),
      ),
      'goes down',
    ],
    [
      'two steps on one day',
      withSteps((steps) => steps.map((step) => (step.key === 'call' ? { ...step, offsetDays: 21 } : step))),
      'not later',
    ],
    [
      'a reminder before the due date',
      withSteps((steps) =>
        steps.map((step) => (step.key === 'pre-due' ? { ...step, level: 'reminder' } : step)),
      ),
      'before the due date',
    ],
    ['no reminder at all', withSteps((steps) => steps.slice(-2)), 'no reminder'],
    ['no exit', withSteps((steps) => steps.slice(0, -1)), 'must be an exit'],
    [
      'an amicable phase that is too long for its bound',
      { ...standard, bounds: { ...standard.bounds, amicableDays: 20 } },
      'its bound is 20',
    ],
    [
      'an amicable phase of more than 60 days',
      { ...standard, bounds: { ...standard.bounds, amicableDays: 61 } },
      '60 days at most',
    ],
  ])('refuses %s, with the remedy', (_, scenario, words) => {
    expect(problemsOf(scenario).join(' ')).toContain(words);
  });
});
