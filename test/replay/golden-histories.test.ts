import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { describe, expect, inject, it } from 'vitest';
import '../setup/quiet-workers.ts';
import { goldenHistories } from './histories.ts';
import type { Golden } from './histories.ts';

const histories = goldenHistories();

describe('the code of today', () => {
  it.each(histories.map((golden) => [golden.name, golden] as const))(
    'replays what the code of its time did: %s',
    async (_name, golden) => {
      expect(await replayed({ codePath: inject('workflowBundle') }, [golden])).toEqual([]);
    },
  );

  it('has lived every scenario, every exit and every turn in them', () => {
    const ends = histories.map(({ history }) => JSON.stringify(history.events.at(-1)));
    const outcomes = ['handed_over', 'paid', 'cancelled', 'written_off'].filter((outcome) =>
      ends.some((end) => end.includes(Buffer.from(JSON.stringify(outcome)).toString('base64'))),
    );

    expect(outcomes).toEqual(['handed_over', 'paid', 'cancelled', 'written_off']);
    expect(ends.some((end) => end.includes('CONTINUED_AS_NEW'))).toBe(true);
    expect(histories.map(({ workflowId }) => workflowId.split('/')[0])).toContain('debtor');
  });
});

// The control: were this test blind, a release could stall every running file.
describe('code that does something else first', () => {
  it('is found out by every history of an invoice', async () => {
    const workflowsPath = fileURLToPath(new URL('./another-first-step.ts', import.meta.url));
    const careless = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
    const ofInvoices = histories.filter(({ workflowId }) => workflowId.startsWith('invoice/'));

    const found = await replayed(careless, ofInvoices);

    expect(found.map(({ name }) => name)).toEqual(ofInvoices.map(({ name }) => name));
    for (const { error } of found) expect(error).toMatch(/nondeterminism/i);
  });
});

/** The histories that the code can't have made, with the reason. */
async function replayed(
  workflowBundle: WorkflowBundleOption,
  goldens: readonly Golden[],
): Promise<readonly { name: string; error: string }[]> {
  const failures: { name: string; error: string }[] = [];
  const byId = new Map(goldens.map((golden) => [`${golden.workflowId}/${goldens.indexOf(golden)}`, golden]));
  const results = Worker.runReplayHistories(
    { workflowBundle, replayName: 'golden' },
    [...byId].map(([workflowId, { history }]) => ({ workflowId, history })),
  );
  for await (const { workflowId, error } of results)
    if (error)
      failures.push({
        name: byId.get(workflowId)?.name ?? workflowId,
        error: `${error.name}: ${error.message}`,
      });
  return failures;
}
