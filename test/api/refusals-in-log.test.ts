import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

/** What somebody who looks for an intruder reads: the log at its usual level. */
const lines: string[] = [];
let office: Office;
beforeAll(async () => {
  office = await openOffice({
    config: { LOG_LEVEL: 'info', RATE_LIMIT_PER_MINUTE: 40 },
    log: (line) => void lines.push(line),
  });
});
afterAll(() => office.close());

interface Line {
  readonly msg: string;
  readonly time: number;
  readonly reqId: string;
  readonly caller?: string;
  readonly status?: number;
  readonly code?: string;
  readonly res?: { readonly statusCode: number };
}

/** The lines of a request. */
async function linesOf(ask: () => Promise<{ readonly headers: Record<string, unknown> }>): Promise<Line[]> {
  const { headers } = await ask();
  // The last line is written when the answer has left.
  await new Promise((resolve) => setImmediate(resolve));
  return lines
    .map((line) => JSON.parse(line) as Line)
    .filter(({ reqId }) => reqId === headers['x-request-id']);
}

const refusals = (said: readonly Line[]) =>
  said.filter(({ msg }) => msg === 'refused').map(({ status, code, caller }) => [status, code, caller]);

describe('a request that is turned away', () => {
  it.each<[string, string, Parameters<Office['ask']>, string | null]>([
    [
      'a key that is none',
      '401 key-unknown',
      ['GET', '/v1/me', undefined, { key: 'rlk_00000000_nobody' }],
      null,
    ],
    ['no key', '401 key-missing', ['GET', '/v1/me', undefined, { as: null }], null],
    [
      'a role that may not',
      '403 role-forbidden',
      ['POST', '/v1/stops', { scope: 'everything', reason: 'x' }, { as: 'auditor' }],
      'auditor',
    ],
    [
      'a file that he may not know of',
      '404 not-found',
      ['GET', '/v1/invoices/01890000-0000-7000-8000-000000000000', undefined, { as: 'sales' }],
      'sales',
    ],
    [
      'a wrong shape',
      '400 invalid-request',
      ['GET', '/v1/invoices?colour=red', undefined, { as: 'legal' }],
      'legal',
    ],
    [
      'a name that is not ours',
      '421 host-unknown',
      ['GET', '/v1/me', undefined, { headers: { host: 'evil.example' } }],
      null,
    ],
    ['a page that is not there', '404 not-found', ['GET', '/i/F-0', undefined, { as: 'legal' }], 'legal'],
  ])(
    'for %s leaves a line with the rule, and with who asked where that is known',
    async (_, rule, how, as) => {
      const said = await linesOf(() => office.ask(...how));

      const [status, code] = rule.split(' ');
      const who = as === null ? undefined : office.users[as as keyof Office['users']];
      expect(refusals(said)).toEqual([[Number(status), code, who]]);
      expect(said.at(-1)).toMatchObject({ msg: 'request completed', res: { statusCode: Number(status) } });
    },
  );

  it('by a rule of the domain leaves its code', async () => {
    const invoice = await office.invoice();

    const said = await linesOf(() =>
      office.ask('POST', `/v1/invoices/${invoice.id}/promises`, { date: '2020-01-01' }, { as: 'collector' }),
    );

    expect(refusals(said)).toEqual([[409, 'promise-in-the-past', office.users.collector]]);
  });

  it('because he asks too often leaves a line each time', async () => {
    let said: Line[] = [];
    for (let n = 0; n <= 40; n += 1)
      said = await linesOf(() => office.ask('GET', '/v1/me', undefined, { as: 'resolver' }));

    expect(refusals(said)).toEqual([[429, 'too-many-requests', office.users.resolver]]);
  });
});

describe('a request that is answered', () => {
  it('leaves lines with when, which and who, and no refusal', async () => {
    const said = await linesOf(() => office.ask('GET', '/v1/me', undefined, { as: 'accountant' }));

    expect(said.map(({ msg }) => msg)).toEqual(['incoming request', 'request completed']);
    expect(said.at(-1)).toMatchObject({ caller: office.users.accountant, res: { statusCode: 200 } });
    expect(Math.abs((said[0]?.time ?? 0) - Date.now())).toBeLessThan(60_000);
  });
});
