import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { leaveAlone } from '../../db/pace.ts';
import { startTemporalServer } from '../../temporal/server/dev-server.ts';
import type { RunningTemporal } from '../../temporal/server/dev-server.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

describe('health', () => {
  it('is told to anybody', async () => {
    const [lives, ready] = await Promise.all(
      ['/healthz', '/readyz'].map((url) => office.ask('GET', url, undefined, { as: null })),
    );

    expect(lives).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(ready).toMatchObject({
      status: 200,
      body: { status: 'ready', postgres: 'ok', temporal: 'unreachable' },
    });
  });

  it('is not ready without Postgres', async () => {
    const other = await openOffice();
    await other.database.drop();

    const answer = await other.ask('GET', '/readyz', undefined, { as: null });

    expect(answer).toMatchObject({ status: 503, body: { status: 'not-ready', postgres: 'unreachable' } });
    await other.app.close();
    await other.house.db.destroy();
  });
});

describe('the metrics', () => {
  it('tell everybody how the machine works, and nothing of the business', async () => {
    const invoice = await office.invoice();
    await office.ask('GET', `/v1/invoices/${invoice.id}`);
    await office.ask('GET', '/v1/debtors?q=Leroy');
    await leaveAlone(office.house.db, 'mails', 600_000);

    const { status, text } = await office.ask('GET', '/metrics', undefined, { as: null });

    expect(status).toBe(200);
    expect(text).toMatch(/relance_outbox_waiting\{lane="people"\} \d/);
    expect(text).toContain('route="/v1/invoices/:invoiceId",status="200"');
    for (const business of [
      'relance_invoices',
      'relance_messages',
      'relance_tasks',
      'relance_account',
      'mails',
    ])
      expect(text).not.toContain(business);
  });

  // Whatever is measured one day: a label that could hold a name or an id is a leak to everybody.
  it('that everybody sees have no label but these, with codes and routes as values', async () => {
    const { text } = await office.ask('GET', '/metrics', undefined, { as: null });

    const labels = [...text.matchAll(/[{,](\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => ({
      name,
      value,
    }));
    const known = [
      'method',
      'route',
      'status',
      'le',
      'lane',
      'provider',
      'reason',
      'space',
      'kind',
      'version',
      'major',
      'minor',
      'patch',
      'quantile',
      'type',
    ];
    expect(labels.filter(({ name }) => !known.includes(name))).toEqual([]);
    expect(labels.filter(({ value }) => !/^[\w/:*.+-]{1,80}$/.test(value))).toEqual([]);
    expect(labels.filter(({ value }) => /[0-9a-f]{8}-[0-9a-f]{4}-/.test(value))).toEqual([]);
  });

  it('count invoices by state, and accounts that are left alone, for whoever has a key', async () => {
    const { text } = await office.ask('GET', '/v1/metrics');

    expect(text).toContain('relance_invoices{state="waiting"} 1');
    expect(text).toMatch(/relance_account_away_seconds\{account="mails"\} (59\d|600)/);
    expect((await office.ask('GET', '/v1/metrics', undefined, { as: null })).status).toBe(401);
  });
});

describe('the description of the API', () => {
  it('knows every route under /v1', async () => {
    const { paths, openapi } = (await office.ask('GET', '/openapi.json', undefined, { as: null })).body;

    expect(openapi).toBe('3.1.0');
    expect(Object.keys(paths as object)).toEqual(
      expect.arrayContaining([
        '/v1/invoices/{invoiceId}/why',
        '/v1/stops',
        '/v1/invoices/{invoiceId}/promises',
      ]),
    );
    expect(paths['/v1/stops'].post.responses).toHaveProperty('409');
    expect(paths['/v1/stops'].post.parameters[0]).toMatchObject({ name: 'idempotency-key', in: 'header' });
  });

  it('can be read in a browser', async () => {
    const answer = await office.ask('GET', '/docs/', undefined, { as: null });

    expect(answer.status).toBe(200);
    expect(answer.headers['content-security-policy']).toContain("script-src 'self'");
  });
});

describe('the history of an invoice', () => {
  let folder: string;
  let temporal: RunningTemporal;
  let connection: Connection;
  let withTemporal: Office;
  beforeAll(async () => {
    folder = mkdtempSync('/tmp/relance-history-');
    temporal = await startTemporalServer({
      logFile: join(folder, 'temporal.log'),
      program: inject('temporalProgram'),
    });
    connection = await Connection.connect({ address: temporal.address });
    withTemporal = await openOffice({ temporal: new Client({ connection, namespace: temporal.namespace }) });
  });
  afterAll(async () => {
    await withTemporal.close();
    await connection.close();
    await temporal.child.stop();
    rmSync(folder, { recursive: true });
  });

  it('joins its runs, event by event, with the names of signals', async () => {
    const invoice = await withTemporal.invoice();
    const workflowId = `invoice/${invoice.id}`;
    const client = new Client({ connection, namespace: temporal.namespace });
    for (const signal of ['promiseMade', 'paymentRecorded']) {
      await client.workflow.signalWithStart('collectInvoice', {
        workflowId,
        taskQueue: 'nobody',
        signal,
        signalArgs: [],
        args: [],
      });
      if (signal === 'promiseMade') await client.workflow.getHandle(workflowId).terminate('a run has ended');
    }

    const { status, body } = await expectRuns(withTemporal, invoice.id, 2);

    expect(status).toBe(200);
    expect(body.runs.map((run: { status: string }) => run.status)).toEqual(['TERMINATED', 'RUNNING']);
    expect(body.runs[0].events[0]).toMatchObject({
      type: 'workflowExecutionStarted',
      name: 'collectInvoice',
    });
    expect(body.runs[1].events).toContainEqual(
      expect.objectContaining({ type: 'workflowExecutionSignaled', name: 'paymentRecorded' }),
    );
  });

  it('makes the API say that Temporal is there', async () => {
    expect((await withTemporal.ask('GET', '/readyz', undefined, { as: null })).body.temporal).toBe('ok');
  });

  it('is answered 503 while Temporal is down, with what answers without it', async () => {
    const invoice = await office.invoice();

    const answer = await office.ask('GET', `/v1/invoices/${invoice.id}/history`);

    expect(answer).toMatchObject({ status: 503, body: { code: 'temporal-unavailable' } });
    expect(answer.body.remedy).toContain('/timeline');
  });
});

/** Temporal's list of runs follows its writes by some moments. */
async function expectRuns(asked: Office, invoiceId: string, count: number) {
  const look = async () => {
    const answer = await asked.ask('GET', `/v1/invoices/${invoiceId}/history`);
    if (answer.status !== 200 || answer.body.runs.length < count) throw new Error(answer.text);
    return answer;
  };
  return vi.waitFor(look, { timeout: 10_000, interval: 50 });
}
