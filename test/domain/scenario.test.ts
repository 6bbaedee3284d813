import { describe, expect, it } from 'vitest';
import type { Scenario, Step } from '../../domain/scenario.ts';
import { problemsOf, scenarioFor } from '../../domain/scenario.ts';
import { shippedScenarios } from '../../domain/shipped-scenarios.ts';
import { debtorTemplateKeys } from '../../domain/message.ts';
import { aCompany, scenarioNamed } from './a-file.ts';

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
