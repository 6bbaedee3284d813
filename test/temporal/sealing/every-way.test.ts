import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Context } from '@temporalio/activity';
import type { WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { lazyClient } from '../../../temporal/connection.ts';
import type { Reach } from '../../../temporal/connection.ts';
import { dataConverterOf } from '../../../temporal/sealing/data-converter.ts';
import { readKeyRing } from '../../../temporal/sealing/key-ring.ts';
import { startTemporalServer } from '../../../temporal/server/dev-server.ts';
import type { RunningTemporal } from '../../../temporal/server/dev-server.ts';
import '../../setup/quiet-workers.ts';
import type { Told } from './every-way-workflow.ts';
import { bytesOf, payloadsIn, rawHistories } from './raw.ts';
import { found } from './scan.ts';
import { isSealed } from '../../../temporal/sealing/sealed-payloads.ts';

/** The product uses some of these ways; whoever uses another one tomorrow must not have to think of sealing. */
describe('words that go through Temporal in every way it has', () => {
  const words = 'Zoé Kanari told us';
  let folder: string;
  let temporal: RunningTemporal;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relance-ways-'));
    temporal = await startTemporalServer({
      folder,
      logFile: join(folder, 'temporal.log'),
      program: inject('temporalProgram'),
    });
  });
  afterAll(async () => {
    await temporal.stop();
    rmSync(folder, { recursive: true });
  });

  it('arrive as they were, and are nowhere read on their way', { timeout: 60_000 }, async () => {
    const sealed = await said({ PAYLOAD_KEYS_FILE: readKeyRing(`a:${randomBytes(32).toString('base64')}`) });

    expect(sealed.arrived).toEqual({
      query: `query ${words} ${words}`,
      update: `update ${words} ${words}`,
      refusal: `no ${words}`,
      failure: words,
      details: [words],
      memo: { begun: words, remembered: words },
      summary: words,
    });
    expect(found({ words }, sealed.bytes)).toEqual([]);
    // What the core of the SDK writes about a local activity has no words of ours: which it was, and when.
    expect(sealed.inClear).toEqual(['MarkerRecorded']);
  });

  // The control, and why old histories go on: the same without keys.
  it('are read everywhere without keys', { timeout: 60_000 }, async () => {
    const plain = await said({});

    expect(plain.arrived.failure).toBe(words);
    expect(found({ words }, plain.bytes)).toContain('words as text');
    expect(plain.inClear).toEqual(
      expect.arrayContaining([
        'ActivityTaskCompleted',
        'ActivityTaskFailed',
        'ActivityTaskScheduled',
        'ChildWorkflowExecutionCompleted',
        'ChildWorkflowExecutionFailed',
        'MarkerRecorded',
        'SignalExternalWorkflowExecutionInitiated',
        'StartChildWorkflowExecutionInitiated',
        'TimerStarted',
        'WorkflowExecutionContinuedAsNew',
        'WorkflowExecutionFailed',
        'WorkflowExecutionSignaled',
        'WorkflowExecutionStarted',
        'WorkflowExecutionUpdateAccepted',
        'WorkflowExecutionUpdateCompleted',
        'WorkflowPropertiesModified',
      ]),
    );
  });

  /** Says the words in every way; what arrived, all that the server keeps of it, and the events that hold clear payloads. */
  async function said(keys: Partial<Reach>) {
    const reach: Reach = { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: 'default', ...keys };
    const client = lazyClient(reach);
    const connection = await NativeConnection.connect({ address: temporal.address });
    const taskQueue = randomBytes(6).toString('hex');
    const worker = await Worker.create({
      connection,
      taskQueue,
      dataConverter: dataConverterOf(reach),
      workflowsPath: fileURLToPath(new URL('./every-way-workflow.ts', import.meta.url)),
      activities: { act, beat },
    });
    try {
      return await worker.runUntil(() => sayAll(client, taskQueue));
    } finally {
      await client.connection.close();
      await connection.close();
    }
  }

  async function sayAll(client: Client, taskQueue: string) {
    const workflowId = `ways-${taskQueue}`;
    const handle = await client.workflow.signalWithStart('everyWay', {
      workflowId,
      taskQueue,
      args: [words],
      signal: 'hear',
      signalArgs: [words],
      memo: { begun: words },
      staticSummary: words,
      staticDetails: words,
    });
    const first = await handle.describe();
    const update = await handle.executeUpdate<string, [string]>('answer', { args: [`update ${words}`] });
    const refused = await handle
      .executeUpdate('answer', { args: [`no ${words}`] })
      .catch((failure: unknown) => failure);
    const query = await handle.query<string, [string]>('say', `query ${words}`);
    await client.workflow.getHandle(workflowId).signal('hear', words);
    const isContinued = async (): Promise<boolean> =>
      (await client.workflow.getHandle(workflowId).describe()).runId !== first.runId;
    await expect.poll(isContinued, { timeout: 30_000 }).toBe(true);
    const { memo } = await client.workflow.getHandle(workflowId, first.runId).describe();
    await client.workflow.getHandle(workflowId).signal('hear', words);
    const ended = await client.workflow
      .getHandle(workflowId)
      .result()
      .catch((failure: unknown) => failure);
    const { cause } = ended as WorkflowFailedError;

    const ids: string[] = [];
    for await (const run of client.workflow.list({ query: `TaskQueue = '${taskQueue}'` }))
      ids.push(run.workflowId);
    const histories = (await Promise.all([...new Set(ids)].map((id) => rawHistories(client, id)))).flat();
    const { raw } = await handle.describe();
    const { DescribeWorkflowExecutionResponse } = proto.temporal.api.workflowservice.v1;
    const files = readdirSync(join(folder, 'temporal')).map((name) =>
      readFileSync(join(folder, 'temporal', name)),
    );
    const { EventType } = proto.temporal.api.enums.v1;
    const inClear = histories
      .flatMap(({ events }) => events ?? [])
      .filter((event) => payloadsIn(event).some((payload) => !isSealed(payload)))
      .map(({ eventType }) => nameOf(EventType[eventType ?? 0]));
    return {
      arrived: {
        query,
        update,
        refusal: (refused as WorkflowUpdateFailedError).cause?.message,
        failure: cause?.message,
        details: (cause as { details?: unknown[] } | undefined)?.details,
        memo,
        summary: await first.staticSummary(),
      },
      bytes: Buffer.concat([
        ...histories.map(bytesOf),
        DescribeWorkflowExecutionResponse.encode(raw).finish(),
        ...files,
      ]),
      inClear: [...new Set(inClear)].sort(),
    };
  }
});

async function act({ words, fails }: Told): Promise<string> {
  if (fails) throw new Error(words);
  return Promise.resolve(words);
}

async function beat(words: string): Promise<string> {
  const { info, heartbeat, sleep } = Context.current();
  if (info.attempt > 1) return String(info.heartbeatDetails);
  heartbeat(words);
  await sleep(200);
  throw new Error(words);
}

/** `EVENT_TYPE_TIMER_STARTED` as `TimerStarted`. */
function nameOf(type = ''): string {
  return type
    .replace('EVENT_TYPE_', '')
    .toLowerCase()
    .replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
