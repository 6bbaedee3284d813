import type { House } from '../db/house.ts';
import type { Language } from '../domain/message.ts';
import { stepName } from '../domain/scenario.ts';
import type { Scenario } from '../domain/scenario.ts';

/** A step as a list knows it: by its key, and the version that its invoice is pinned to. */
export interface ListedStep {
  readonly scenarioId: string;
  /** Null where a task or a line is about no step. */
  readonly step: string | null;
}

/** Gives listed steps their names; versions are read once per process, so a list costs no query more. */
export async function namesOfSteps(
  { db, rules }: House,
  listed: readonly ListedStep[],
  language: Language,
): Promise<(one: ListedStep) => string | null> {
  const versions = new Map<string, Scenario>();
  for (const id of new Set(listed.map(({ scenarioId }) => scenarioId)))
    versions.set(id, await rules.scenario(db, id));
  return ({ scenarioId, step }) => {
    const version = versions.get(scenarioId);
    return step === null || !version ? step : stepName(version, step, language);
  };
}
