import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startTemporalServer, type RunningTemporal } from '../../../temporal/server/dev-server.ts';

describe('our own Temporal', () => {
  let folder: string;
  let server: RunningTemporal;
  const start = (): Promise<RunningTemporal> =>
    startTemporalServer({
      folder,
      logFile: join(folder, 'temporal.log'),
      program: inject('temporalProgram'),
    });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relance-temporal-'));
    server = await start();
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('keeps the history of closed workflows for 30 days', async () => {
    const connection = await Connection.connect({ address: server.address });

    const { config } = await connection.workflowService.describeNamespace({ namespace: server.namespace });

    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 86_400);
    await connection.close();
  });

  it('still knows its workflows after a kill -9', async () => {
    const before = await Connection.connect({ address: server.address });
    await before.workflowService.startWorkflowExecution({
      namespace: server.namespace,
      workflowId: 'sleeper',
      requestId: 'one',
      workflowType: { name: 'nobodyRunsMe' },
      taskQueue: { name: 'nobody' },
    });
    await before.close();

    server.child.kill();
    await server.child.exited;
    server = await start();

    const after = await Connection.connect({ address: server.address });
    const found = await after.workflowService.describeWorkflowExecution({
      namespace: server.namespace,
      execution: { workflowId: 'sleeper' },
    });
    expect(found.workflowExecutionInfo?.type?.name).toBe('nobodyRunsMe');
    await after.close();
  });
});
