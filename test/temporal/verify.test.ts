import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Findings } from '../../db/invariants.ts';
import { collectionQueue } from '../../temporal/client.ts';
import { startTemporalServer } from '../../temporal/server/dev-server.ts';
import type { RunningTemporal } from '../../temporal/server/dev-server.ts';
import { verifyBesideTemporal } from '../../temporal/verify.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';
import '../setup/quiet-workers.ts';

/** A server that refuses to ask a workflow for two reasons of one code: it has not begun, or its tasks fail. */
describe('verify beside workflows that cannot be asked', () => {
  let folder: string;
  let temporal: RunningTemporal;
  let connection: Connection;
  let native: NativeConnection;
  let client: Client;
  let office: Office;
  let worker: Worker;
  let working: Promise<void>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relance-verify-'));
    temporal = await startTemporalServer({
      logFile: join(folder, 'temporal.log'),
      program: inject('temporalProgram'),
    });
    connection = await Connection.connect({ address: temporal.address });
    native = await NativeConnection.connect({ address: temporal.address });
    client = new Client({ connection, namespace: temporal.namespace });
    office = await openOffice();
    worker = await Worker.create({
      connection: native,
      namespace: temporal.namespace,
      taskQueue: collectionQueue,
      workflowsPath: new URL('./failing-workflow.ts', import.meta.url).pathname,
    });
    working = worker.run();
  });
  afterAll(async () => {
    worker.shutdown();
    await working;
    await office.close();
    await native.close();
    await connection.close();
    await temporal.stop();
    rmSync(folder, { recursive: true });
  });

  it(
    'calls one broken whose code fails at every try, and one well that has not begun',
    { timeout: 60_000 },
    async () => {
      const [failing, toCome] = [await office.invoice(), await office.invoice()];
      for (const { id } of [failing, toCome]) {
        await office.house.db.updateTable('invoice').set({ started: true }).where('id', '=', id).execute();
        await client.workflow.start('collectInvoice', {
          workflowId: `invoice/${id}`,
          taskQueue: collectionQueue,
          args: [],
          ...(id === toCome.id ? { startDelay: '1 day' } : {}),
        });
      }
      await office.house.db.updateTable('outbox').set({ delivered_at: new Date() }).execute();

      const findings = new Findings();
      await verifyBesideTemporal({ client, db: office.house.db, findings });

      const broken = findings.verdicts().filter(({ count }) => count > 0);
      expect(broken.map(({ id, offenders }) => [id, offenders])).toEqual([
        [
          'I07',
          [
            {
              subject: `invoice/${failing.id}`,
              what: 'its workflow runs and fails at every try, so it answers nothing',
            },
          ],
        ],
      ]);
    },
  );
});
