import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { historyFromText } from '../../../temporal/audit/archive/closed-run.ts';
import { replayInProcesses } from '../../../temporal/audit/replay/replay-in-processes.ts';
import type { Replayed, ToReplay } from '../../../temporal/audit/replay/replay-in-processes.ts';
import { goldenHistories } from '../../replay/histories.ts';
import '../../setup/quiet-workers.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'relance-changed-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a replay in several processes', { timeout: 90_000 }, () => {
  it('says of every history of today that it replays, in whatever order they come', async () => {
    const runs = golden(/-1$/);

    const found = await replayed(runs, inject('workflowBundle'), 2);

    expect(found.map(({ runId }) => runId).sort()).toEqual(runs.map(({ runId }) => runId).sort());
    expect(found.filter(({ departure }) => departure)).toEqual([]);
    expect(found.every(({ events }) => events > 10)).toBe(true);
  });

  it('reads no more histories than it has processes for', async () => {
    let read = 0;
    const runs = golden(/cancelled|door/);
    const counting = function* (): Generator<ToReplay> {
      for (const run of [...runs, ...runs, ...runs]) {
        read += 1;
        yield run;
      }
    };
    const ahead: number[] = [];
    let done = 0;

    for await (const one of replayInProcesses(counting(), {
      bundlePath: inject('workflowBundle'),
      processes: 2,
    })) {
      done += 1;
      ahead.push(read - done);
      expect(one.departure).toBeNull();
    }

    expect(Math.max(...ahead)).toBeLessThanOrEqual(4);
  });

  it('does not wait for a workflow that no worker has taken up yet', async () => {
    const [run] = golden(/-1$/);
    const begun = { ...run!, history: { events: run!.history.events!.slice(0, 1) } };

    expect(await replayed([begun, run!], inject('workflowBundle'), 1)).toMatchObject([
      { events: 1, departure: null },
      { departure: null },
    ]);
  });

  it('lets who has heard enough go', async () => {
    const all = replayInProcesses(golden(/-1$/), { bundlePath: inject('workflowBundle'), processes: 1 });
    const seen = [];
    for await (const one of all) {
      seen.push(one);
      if (seen.length === 2) break;
    }

    expect(seen).toHaveLength(2);
  });
});

// What a release must not do; each names the event, what was done, and what would be done today.
describe('a change of the workflow that breaks what is recorded', { timeout: 90_000 }, () => {
  it('is named where an act beside the workflow has become another', async () => {
    const [local, regular, door] = await against('another-act', [
      'cancelled-local-1',
      'cancelled-1',
      'door-1',
    ]);

    expect(local).toMatchObject({
      eventId: 5,
      eventType: 'markerRecorded',
      expected: 'local activity perform',
      found: 'local activity readFacts',
    });
    expect(regular).toMatchObject({
      eventId: 5,
      eventType: 'activityTaskScheduled',
      expected: 'activity perform',
      found: 'nothing',
    });
    expect(door).toBeNull();
  });

  it('is named where a timer comes first', async () => {
    const [local, regular] = await against('a-pause-first', ['cancelled-local-1', 'cancelled-1']);

    expect(local).toMatchObject({
      eventId: 5,
      expected: 'local activity perform',
      found: 'something else, or nothing',
    });
    expect(regular).toMatchObject({ eventId: 5, expected: 'activity perform', found: 'a timer' });
  });

  it('is named where the life would be over', async () => {
    const [regular] = await against('an-early-end', ['cancelled-1']);

    expect(regular).toMatchObject({
      eventId: 5,
      expected: 'activity perform',
      found: 'the end of the workflow',
    });
  });

  it('is named where the code fails', async () => {
    const [local] = await against('a-failure', ['cancelled-local-1']);

    expect(local).toMatchObject({ eventId: 5, expected: 'local activity perform' });
    expect(local?.found).toContain('an error');
  });
});

// The code is that of today, and the history was written by somebody else.
describe('a history that no code of ours made', { timeout: 90_000 }, () => {
  it('is named by the event that was put into it, deep inside', async () => {
    const [run] = golden(/^disputed-and-resolved-1$/);
    const acts = run!.history.events!.filter((event) => event.activityTaskScheduledEventAttributes);
    const last = acts.at(-1)!;
    last.activityTaskScheduledEventAttributes!.activityType!.name = 'forgiveDebt';

    const [found] = await replayed([run!], inject('workflowBundle'), 1);

    expect(acts.length).toBeGreaterThan(1);
    expect(found?.departure).toMatchObject({
      eventId: Number(last.eventId),
      eventType: 'activityTaskScheduled',
      expected: 'activity forgiveDebt',
      found: 'activity perform',
    });
  });

  it('is named where an event was taken out', async () => {
    const [run] = golden(/^cancelled-1$/);
    run!.history.events!.splice(10, 1);

    const [found] = await replayed([run!], inject('workflowBundle'), 1);

    expect(found?.departure?.eventId).toBe(12);
    expect(found?.departure?.found).toContain('the history itself lacks what is between them');
  });
});

function golden(names: RegExp): ToReplay[] {
  return goldenHistories()
    .filter(({ name }) => names.test(name))
    .map(({ name, workflowId, history }) => ({
      workflowId,
      runId: name,
      history: historyFromText(JSON.stringify(history)),
    }));
}

async function replayed(
  runs: readonly ToReplay[],
  bundlePath: string,
  processes: number,
): Promise<readonly Replayed[]> {
  const found: Replayed[] = [];
  for await (const one of replayInProcesses(runs, { bundlePath, processes })) found.push(one);
  return found;
}

/** The departures of these histories when `collectInvoice` is replaced; null for those that replay. */
async function against(change: string, names: readonly string[]) {
  const workflowsPath = fileURLToPath(new URL(`./changed/${change}.ts`, import.meta.url));
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  const bundlePath = join(folder, `${change}.js`);
  writeFileSync(bundlePath, code);
  const found = await replayed(golden(new RegExp(`^(${names.join('|')})$`)), bundlePath, 1);
  return names.map((name) => found.find(({ runId }) => runId === name)?.departure);
}
