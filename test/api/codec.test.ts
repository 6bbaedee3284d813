import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { lazyClient } from '../../temporal/connection.ts';
import { readKeyRing } from '../../temporal/sealing/key-ring.ts';
import { SealedPayloads } from '../../temporal/sealing/sealed-payloads.ts';
import { startTemporalServer } from '../../temporal/server/dev-server.ts';
import { roles } from '../../domain/role.ts';
import { brokenIn } from '../setup/broken-in.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

const uiOrigin = 'http://127.0.0.1:8233';
const ring = readKeyRing(`first:${randomBytes(32).toString('base64')}`);
const codec = new SealedPayloads(ring, 'default');
const path = '/v1/codec/decode';

let office: Office;
let closed: Office;
beforeAll(async () => {
  office = await openOffice({ payloadOpening: { codec, namespace: 'default', uiOrigin } });
  closed = await openOffice();
});
afterAll(async () => {
  await office.close();
  await closed.close();
});

describe('payloads that somebody has opened', () => {
  it('come back as they were before they were sealed, in their order; the others as they came', async () => {
    const sealed = await written({ cents: 120_000 });
    const plain = inJson(defaultPayloadConverter.toPayload('in clear'));
    const strange = inJson(await sealedBy(`other:${randomBytes(32).toString('base64')}`));

    const { status, body } = await office.ask('POST', path, { payloads: [plain, sealed, strange] }, admin);

    expect(status).toBe(200);
    expect(body.payloads.map(valueOf)).toEqual(['in clear', { cents: 120_000 }, undefined]);
    expect(body.payloads[2]).toEqual(strange);
  });

  it('are opened for administrators and auditors, and for nobody else', async () => {
    const payloads = [await written('secret')];

    const answers = await Promise.all(
      roles.map(async (as) => [as, (await office.ask('POST', path, { payloads }, { as })).status] as const),
    );
    expect(answers.filter(([, status]) => status === 200).map(([as]) => as)).toEqual(['admin', 'auditor']);
    expect(new Set(answers.map(([, status]) => status))).toEqual(new Set([200, 403]));
    expect((await office.ask('POST', path, { payloads }, { as: null })).status).toBe(401);
  });

  it('are journaled before they are given: who, how many, of which workflow; many at once make one chain', async () => {
    const before = (await journal()).length;
    const workflowId = 'invoice/0190d3a0-0000-7000-8000-000000000000';
    const payloads = [
      await written('one'),
      await written('two'),
      inJson(defaultPayloadConverter.toPayload(3)),
    ];

    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        office.ask('POST', path, { payloads }, { as: 'auditor', headers: { 'x-workflow-id': workflowId } }),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    const entries = (await journal()).slice(before);
    expect(entries).toEqual(Array(12).fill({ by: office.users.auditor, payloads: 3, opened: 2, workflowId }));
    expect([...(await brokenIn(office.house))]).toEqual([]);
  });

  it('hold nothing that the journal would keep', async () => {
    await office.ask('POST', path, { payloads: [await written('Claire Petit')] }, admin);

    expect(JSON.stringify(await journal())).not.toContain('Claire');
  });

  it('are bounded: in number, in size, and to the namespace of ours', async () => {
    const one = await written('x');
    const ask = (body: object, headers = {}) => office.ask('POST', path, body, { as: 'admin', headers });

    expect((await ask({ payloads: Array(501).fill(one) })).status).toBe(400);
    expect((await ask({ payloads: [{ ...one, data: 'A'.repeat(5_000_000) }] })).status).toBe(413);
    expect((await ask({ payloads: 'all' })).status).toBe(400);
    expect((await ask({ payloads: [one] }, { 'x-namespace': 'other' })).status).toBe(404);
    expect((await ask({ payloads: [one] }, { 'x-namespace': 'default' })).status).toBe(200);
    expect((await ask({})).body).toEqual({ payloads: [] });
  });

  it('can hold anything: what is no payload comes back as it was', async () => {
    const nonsense = [{}, { metadata: { encoding: '!!' } }, { data: '' }, { metadata: {}, data: '%%%' }];

    const { status, body } = await office.ask('POST', path, { payloads: nonsense }, admin);

    expect(status).toBe(200);
    expect(body.payloads).toEqual(nonsense);
  });

  it('are never sealed for anybody', async () => {
    const payloads = [inJson(defaultPayloadConverter.toPayload('a word'))];

    const { status, body } = await office.ask('POST', '/v1/codec/encode', { payloads }, admin);

    expect([status, body.code]).toEqual([403, 'sealing-refused']);
  });

  it('are nowhere opened where nothing is sealed', async () => {
    const { status } = await closed.ask('POST', path, { payloads: [] }, admin);

    expect(status).toBe(404);
  });
});

describe('a browser', () => {
  const asks = async (origin: string | undefined, how: Office = office) =>
    how.ask(
      'POST',
      path,
      { payloads: [] },
      {
        as: null,
        headers: { cookie: await how.cookie('admin'), ...(origin === undefined ? {} : { origin }) },
      },
    );
  const preflight = (origin: string, how: Office = office) =>
    how.app.inject({
      method: 'OPTIONS',
      url: path,
      headers: { origin, 'access-control-request-method': 'POST' },
    });

  it("may ask with its login from Temporal's pages, and is told so before it asks", async () => {
    const { statusCode, headers } = await preflight(uiOrigin);
    expect(statusCode).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': uiOrigin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'POST',
    });

    const answer = await asks(uiOrigin);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': uiOrigin, vary: 'Origin' });
  });

  it.each(['https://elsewhere.example', 'http://127.0.0.1:8234', 'null', `${uiOrigin}.example`])(
    'may not from a page of %s, and learns nothing',
    async (origin) => {
      const before = (await journal()).length;
      const answer = await asks(origin);

      expect([answer.status, answer.body.code]).toEqual([403, 'foreign-page']);
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
      expect((await preflight(origin)).statusCode).toBe(405);
      expect((await preflight(origin)).headers).not.toHaveProperty('access-control-allow-origin');
      expect((await journal()).length).toBe(before);
    },
  );

  it('is shown no header of CORS where no such pages are named', async () => {
    const silent = await openOffice({ payloadOpening: { codec, namespace: 'default', uiOrigin: undefined } });
    try {
      const answer = await asks(uiOrigin, silent);

      expect([answer.status, (await preflight(uiOrigin, silent)).statusCode]).toEqual([403, 405]);
      const headers = Object.keys({ ...answer.headers, ...(await preflight(uiOrigin, silent)).headers });
      expect(headers.filter((name) => name.startsWith('access-control-'))).toEqual([]);
    } finally {
      await silent.close();
    }
  });
});

// The other side of the protocol is not ours, so it is asked itself.
describe("Temporal's command line", () => {
  it('shows a sealed history in clear with the key of an administrator, and sealed without', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'relance-codec-'));
    const program = inject('temporalProgram');
    const temporal = await startTemporalServer({ logFile: join(folder, 'temporal.log'), program });
    const client = lazyClient({
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: 'default',
      PAYLOAD_KEYS_FILE: ring,
    });
    const url = await office.app.listen({ host: '127.0.0.1', port: 0 });
    try {
      await client.workflow.start('collectInvoice', {
        workflowId: 'invoice/1',
        taskQueue: 'nobody',
        args: [{ reason: 'late-parcel' }],
      });
      const show = async (...more: string[]): Promise<string> => {
        const args = ['workflow', 'show', '--address', temporal.address, '--workflow-id', 'invoice/1'];
        const { stdout } = await promisify(execFile)(program, [...args, '--output', 'json', ...more]);
        return stdout;
      };

      const sealed = await show();
      const open = await show(
        ...['--codec-endpoint', `${url}/v1/codec`, '--codec-auth', `Bearer ${office.keys.admin}`],
      );

      const base64 = Buffer.from('{"reason":"late-parcel"}').toString('base64');
      expect(sealed).not.toMatch(/late-parcel/);
      expect(sealed).not.toContain(base64);
      expect(open.includes('late-parcel') || open.includes(base64)).toBe(true);
    } finally {
      await client.connection.close();
      await temporal.stop();
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});

const admin = { as: 'admin' } as const;

async function sealedBy(key: string): Promise<Payload> {
  const other = new SealedPayloads(readKeyRing(key), 'default');
  const [payload] = await other.encode([defaultPayloadConverter.toPayload('strange')]);
  return payload!;
}

async function written(value: unknown): Promise<object> {
  const [payload] = await codec.encode([defaultPayloadConverter.toPayload(value)]);
  return inJson(payload!);
}

/** As protobuf writes it. */
function inJson({ metadata, data }: Payload): object {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  return {
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)]),
    ),
    data: base64(data ?? new Uint8Array()),
  };
}

/** The value of a payload in clear; undefined of a sealed one. */
function valueOf({ metadata, data }: { metadata: Record<string, string>; data: string }): unknown {
  const encoding = Buffer.from(metadata['encoding'] ?? '', 'base64').toString();
  return encoding === 'json/plain' ? JSON.parse(Buffer.from(data, 'base64').toString()) : undefined;
}

async function journal(): Promise<readonly unknown[]> {
  const rows = await office.house.db
    .selectFrom('journal')
    .select('body')
    .where('subject', '=', 'payloads')
    .orderBy('seq')
    .execute();
  return rows.map(({ body }) => JSON.parse(body) as unknown);
}
