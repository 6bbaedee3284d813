import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

/** Everything that the API logs at its most talkative, while it is asked in every way that could make it say too much. */
const lines: string[] = [];
let office: Office;
let asOwner: pg.Client;

beforeAll(async () => {
  office = await openOffice({
    config: { LOG_LEVEL: 'trace' },
    log: (line) => void lines.push(line),
  });
  // A route of ours that fails in the worst way: with somebody's data in its message.
  office.app.get('/fails', () => {
    throw new Error(
      `could not write to ${secrets.thrownMail} (${secrets.thrownIban}, ${secrets.thrownPhone})`,
    );
  });
  await office.app.ready();
  asOwner = new pg.Client({ connectionString: office.database.ownerUrl });
  await asOwner.connect();
});
afterAll(async () => {
  await asOwner.end();
  await office.close();
});

const secrets = {
  unknownKey: 'rlk_0badf00d_unknown-key-of-somebody',
  cookie: 'rlk_0badf00d_key-in-a-cookie',
  bearer: 'bearer-of-no-key-at-all',
  query: 'Madame-Leroy-in-a-query',
  state: 'state-of-a-query-that-is-wrong',
  bodyMail: 'claire.petit@secret-body.example',
  bodyIban: 'FR7630006000011234567890189',
  badJson: 'words-in-json-that-does-not-end',
  wrongField: 'value-of-a-field-that-is-wrong',
  pathKey: 'rlk_0badf00d_key-in-an-address',
  pathMail: 'claire@secret-path.example',
  pathNumber: 'FACTURE-2026-0815',
  idempotency: 'key-that-names-a-request',
  referer: 'https://intranet.example/secret-page?token=1',
  file: 'Debtor-in-a-file-that-is-refused',
  uniqueDomain: 'secret-detail.example',
  raised: 'value-that-a-trigger-quotes',
  thrownMail: 'thrown@secret-message.example',
  thrownIban: 'DE89 3704 0044 0532 0130 00',
  thrownPhone: '+33 6 12 34 56 78',
} as const;

describe('the log at its most talkative', () => {
  it('holds none of twenty secrets that requests bring along, however they fail', async () => {
    const statuses = await askInEveryWay();

    expect(statuses).toEqual([
      401, 401, 401, 200, 400, 400, 400, 400, 400, 404, 404, 404, 409, 400, 500, 500, 500,
    ]);
    const log = lines.join('');
    for (const [name, secret] of Object.entries(secrets))
      expect({ name, found: log.includes(secret) }).toEqual({ name, found: false });
    expect(log).not.toContain(office.keys.admin);
    expect(log).not.toContain(encodeURIComponent(secrets.pathMail));
  });

  it('still says which request failed, where, and with which code', () => {
    const failures = lines.map((line) => JSON.parse(line) as Line).filter(({ level }) => level === 50);

    expect(failures.map(({ err }) => err?.code)).toEqual(['23505', 'P0001', undefined]);
    expect(failures[0]?.err).toMatchObject({ constraint: 'one_house_each' });
    expect(failures[2]?.err?.message).toMatch(/^could not write to …/);
    for (const { reqId, err } of failures) {
      expect(reqId).toMatch(/^[0-9a-f-]{36}$/);
      expect(err?.stack).toMatch(/at .*\.(ts|js)/);
    }
    const path = lines.find((line) => line.includes('incoming request') && line.includes('/v1/me'));
    expect(JSON.parse(path ?? '{}')).toMatchObject({ req: { method: 'GET', path: '/v1/me' } });
  });
});

describe('a fault of ours', () => {
  it('is answered with the number of the request, under which the log has it, and with nothing else', async () => {
    const answer = await office.app.inject({ url: '/fails' });

    const number = String(answer.headers['x-request-id']);
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toEqual({
      type: 'urn:relance:problem:internal',
      status: 500,
      code: 'internal',
      title: 'Relance failed.',
      detail: `The request failed through a fault of Relance. It is logged under ${number}.`,
      remedy: 'Ask again; if it fails again, tell the operator the number of the request.',
      instance: '/fails',
    });
    expect(lines.some((line) => line.includes(number) && line.includes('"level":50'))).toBe(true);
  });
});

interface Line {
  readonly level: number;
  readonly reqId?: string;
  readonly err?: {
    readonly code?: string;
    readonly constraint?: string;
    readonly message: string;
    readonly stack: string;
  };
}

async function askInEveryWay(): Promise<number[]> {
  const admin = { authorization: `Bearer ${office.keys.admin}` };
  const json = { ...admin, 'content-type': 'application/json' };
  const post = (url: string, payload: string | object, headers: Record<string, string> = json) =>
    office.app.inject({ method: 'POST', url, payload, headers });
  const get = (url: string, headers: Record<string, string> = admin) => office.app.inject({ url, headers });
  const user = { name: 'Twin', email: `twin@${secrets.uniqueDomain}`, role: 'sales' };
  const first = await post('/v1/users', { ...user, name: 'First', email: `first@${secrets.uniqueDomain}` });
  expect(first.statusCode).toBe(201);
  await asOwner.query(
    `create unique index one_house_each on app_user (split_part(email, '@', 2)) where email like '%secret%'`,
  );
  await asOwner.query(`create function quote() returns trigger language plpgsql as $$
    begin raise exception 'not with %', new.legal_name using detail = new.legal_name, hint = new.legal_name; end $$`);
  await asOwner.query(
    'create trigger quotes before insert on creditor for each row execute function quote()',
  );

  const answers = [
    await get('/v1/me', { authorization: `Bearer ${secrets.unknownKey}` }),
    await get('/v1/me', { cookie: `relance_key=${secrets.cookie}` }),
    await get('/v1/me', { authorization: `Basic ${secrets.bearer}` }),
    await get(`/v1/debtors?q=${secrets.query}`, { ...admin, referer: secrets.referer }),
    await get(`/v1/tasks?state=${secrets.state}`),
    await post('/v1/creditors', {
      iban: secrets.bodyIban,
      replyTo: secrets.bodyMail,
      colour: secrets.wrongField,
    }),
    await post('/v1/stops', `{"reason":"${secrets.badJson}`),
    await post(
      '/v1/stops',
      { scope: secrets.wrongField, reason: 'x' },
      { ...json, 'idempotency-key': secrets.idempotency },
    ),
    await post('/v1/imports', `${secrets.file}\n`, { ...admin, 'content-type': 'text/csv' }),
    await office.app.inject({ method: 'DELETE', url: `/v1/keys/${secrets.pathKey}`, headers: admin }),
    await get(`/${encodeURIComponent(secrets.pathMail)}`),
    await get(`/i/${secrets.pathNumber}`),
    await post('/v1/users', { ...user, name: 'First' }),
    await get(`/v1/%zz${secrets.pathMail}`),
    await post('/v1/users', user),
    await post('/v1/creditors', { legalName: secrets.raised }),
    await get('/fails'),
  ];
  return answers.map(({ statusCode }) => statusCode);
}
