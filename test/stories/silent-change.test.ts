import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { describe, expect, inject, it } from 'vitest';
import { readFacts } from '../../db/journal.ts';
import { decidedAgain } from '../../domain/audit/decided-again.ts';
import { hourMs } from '../../domain/time.ts';
import { workflowSources } from '../../temporal/workflow-sources.ts';
import { decide as otherWay } from '../replay/other-way.ts';
import { begin } from './world.ts';
import type { Story } from './world.ts';

const pathOf = (file: string): string => fileURLToPath(new URL(`../replay/${file}`, import.meta.url));

// The first is found by replay, the second by nothing but deciding again: an auditor needs both.
describe('a change of the code that moves invoices', () => {
  it('which takes another way through a workflow is found by replay, one that decides otherwise by deciding again', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const { id } = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    await story.until('2026-04-15');
    const { house } = story.engine;
    const facts = await readFacts(house.db, house.rules, id, 0);
    const life = { graceMs: hourMs, now: await house.clock.now() };
    const carelessWay = await bundled(pathOf('another-first-step.ts'));
    const carelessRules = await bundled(workflowSources.workflowsPath, pathOf('other-way.ts'));

    const ofToday = await failureOf(story, id, { codePath: inject('workflowBundle') });
    const ofCarelessWay = await failureOf(story, id, carelessWay);
    const ofCarelessRules = await failureOf(story, id, carelessRules);

    expect(carelessRules.code).toContain('other-way');
    expect([ofToday, ofCarelessRules]).toEqual([undefined, undefined]);
    expect(ofCarelessWay).toMatch(/nondeterminism/i);
    expect(decidedAgain(facts, life)).toEqual([]);
    expect(decidedAgain(facts, { ...life, rules: otherWay })).toMatchObject([
      {
        kind: 'otherwise',
        expected: { kind: 'act', action: { do: 'requestStep', step: 'pre-due', channel: 'letter' } },
        found: { type: 'stepRequested', step: 'pre-due', channel: 'email' },
      },
      {},
      {},
      {},
    ]);
  });
});

/** The workflows of a folder, with other rules in the life of an invoice where they are given. */
function bundled(workflowsPath: string, rules?: string): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath,
    logger: new DefaultLogger('ERROR'),
    webpackConfigHook: (config) =>
      rules === undefined
        ? config
        : {
            ...config,
            module: {
              ...config.module,
              rules: [
                ...(config.module?.rules ?? []),
                { test: /collect-invoice\.ts$/, resolve: { alias: { '../domain/decide.ts$': rules } } },
              ],
            },
          },
  });
}

/** Why that code can't have made the history of the invoice; undefined when it can. */
async function failureOf(
  { engine }: Story,
  id: string,
  workflowBundle: WorkflowBundleOption,
): Promise<string | undefined> {
  const history = await engine.environment.client.workflow.getHandle(`invoice/${id}`).fetchHistory();
  const results = Worker.runReplayHistories({ workflowBundle, replayName: 'audit' }, [
    { workflowId: `invoice/${id}`, history },
  ]);
  for await (const { error } of results) if (error) return `${error.name}: ${error.message}`;
  return undefined;
}
