import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApi } from '../../api/app.ts';
import { policy, publicByNature } from '../../api/policy.ts';
import type { Line, Policy } from '../../api/policy.ts';
import { areas } from '../../domain/area.ts';
import type { Area } from '../../domain/area.ts';
import { roles } from '../../domain/role.ts';
import type { Role } from '../../domain/role.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';
import { describedRoutes, failingCells } from './matrix/matrix.ts';
import type { Actor, Matrix } from './matrix/matrix.ts';
import { Rows } from './matrix/rows.ts';
import { settingsWith } from '../setup/settings.ts';

/**
 * Every route × everybody × a row that is his, a stranger's, one that is not there; what is expected is worked out from
 * the policy and the rule of rows alone.
 */
let office: Office;
let actors: readonly Actor[];
const others: FastifyInstance[] = [];

beforeAll(open);
afterAll(close);

async function open(): Promise<void> {
  office = await openOffice();
  const own = await office.ask(
    'POST',
    '/v1/users',
    {
      name: 'Colette Dubois',
      email: 'colette@relance.example',
      role: 'collector',
      language: 'en',
      portfolio: 'own',
      key: {},
    },
    { as: 'admin' },
  );
  const parts: readonly Role[] = ['sales', 'resolver', 'external_firm'];
  actors = [
    ...roles.map((role) => ({
      name: role,
      role,
      key: office.keys[role],
      seesPart: parts.includes(role),
    })),
    { name: 'a collector of his own', role: 'collector', key: own.body.key as string, seesPart: true },
    {
      name: 'a key without the area',
      role: 'admin',
      key: null,
      seesPart: false,
      keysWithout: await cutKeys(),
    },
    { name: 'nobody', role: null, key: null, seesPart: false },
  ];
}

/** For each area a key of the admin that opens all others. */
async function cutKeys(): Promise<Readonly<Record<Area, string>>> {
  const made = new Map<Area, string>();
  for (const without of areas) {
    const terms = { areas: areas.filter((area) => area !== without) };
    const url = `/v1/users/${office.users.admin}/keys`;
    made.set(without, (await office.ask('POST', url, terms, { as: 'admin' })).body.key as string);
  }
  return perArea((area) => made.get(area) ?? '');
}

function perArea(key: (area: Area) => string): Readonly<Record<Area, string>> {
  return Object.fromEntries(areas.map((area) => [area, key(area)])) as Record<Area, string>;
}

async function close(): Promise<void> {
  for (const app of others.splice(0)) await app.close();
  await office.close();
}

function matrixOf(more: Partial<Matrix> = {}): Matrix {
  return {
    office,
    app: office.app,
    actors,
    policy,
    ownRows: () =>
      new Rows(office, {
        collector: 'COLETTE@Relance.example',
        salesOwner: 'Sales',
        resolver: office.users.resolver,
        firm: office.users.external_firm,
      }),
    otherRows: () =>
      new Rows(office, { collector: 'collector', salesOwner: 'Jean', resolver: null, firm: null }),
    ...more,
  };
}

describe('every route, as everybody, for rows of every kind', () => {
  it('is answered as the policy says, and what is refused changes nothing', async () => {
    const { cells, failures } = await failingCells(matrixOf());

    process.stdout.write(`${cells} cells of the matrix of the policy were asked\n`);
    expect(failures).toEqual([]);
    expect(cells).toBeGreaterThan(2_000);
  }, 600_000);

  it('of the OpenAPI document has a line, but what is public by nature', async () => {
    await office.app.ready();
    const lines = new Set(Object.values(policy).flatMap((section) => Object.keys(section)));

    const described = describedRoutes(office.app);
    const open = described.filter((name) => !lines.has(name));
    const isThere = (route: string): boolean => {
      const [method = '', url = ''] = route.split(' ');
      return office.app.hasRoute({ method, url });
    };

    expect(open.sort()).toEqual(publicByNature.filter((name) => described.includes(name)).toSorted());
    expect(publicByNature.filter((route) => !isThere(route) || lines.has(route))).toEqual([]);
  });
});

describe('the matrix', () => {
  // A control reads lists, which must hold no more than a page.
  beforeAll(async () => {
    await close();
    await open();
  });

  const only = (name: string): boolean =>
    (name.startsWith('GET /v1/') && name !== 'GET /v1/events') || name.endsWith('/notes');

  it('is green as long as nothing is taken out', async () => {
    expect((await failingCells(matrixOf({ only }))).failures).toEqual([]);
  }, 180_000);

  it.each(roles)('turns red when %s is taken out of the lines of the policy', async (role) => {
    const app = await appWith(changed(([may, ...rest]) => [may.filter((one) => one !== role), ...rest]));
    const asked = actors.filter((actor) => actor.name === role);

    const { failures } = await failingCells(matrixOf({ app, actors: asked, only }));

    expect(failures).toContainEqual(
      expect.objectContaining({ cell: `GET /v1/invoices/:invoiceId as ${role}, row: own` }),
    );
  });

  it.each(['sales', 'resolver', 'external_firm', 'a collector of his own'])(
    'turns red when nobody asks which rows %s may know of',
    async (name) => {
      const app = await appWith(changed(([may, area]) => [may, area, 'none']));
      const asked = actors.filter((actor) => actor.name === name);

      const { failures } = await failingCells(matrixOf({ app, actors: asked, only }));

      const told = failures.map(({ cell, got }) => `${cell}: ${got.slice(0, 4)}`);
      for (const cell of [
        `GET /v1/invoices as ${name}, row: other: the `,
        `GET /v1/invoices/:invoiceId as ${name}, row: other: 200 `,
        `GET /v1/debtors/:debtorId as ${name}, row: own: tell`,
        `POST /v1/invoices/:invoiceId/notes as ${name}, row: other: 201 `,
      ])
        expect(told).toContain(cell);
    },
  );

  it('turns red when a role is let in that has no business there', async () => {
    const app = await appWith(changed(([, ...rest]) => [roles, ...rest]));
    const asked = actors.filter(({ name }) => name === 'auditor');

    const { failures } = await failingCells(
      matrixOf({ app, actors: asked, only: (name) => name === 'POST /v1/invoices/:invoiceId/notes' }),
    );

    expect(failures.map(({ got }) => got)).toContain('something did');
  });

  it('turns red when keys are not cut to areas', async () => {
    const asked = actors.filter(({ keysWithout }) => keysWithout);
    const whole = asked.map((actor) => ({ ...actor, keysWithout: perArea(() => office.keys.admin) }));

    const { failures } = await failingCells(
      matrixOf({ actors: whole, only: (name) => name === 'GET /v1/debtors' }),
    );

    expect(failures).toHaveLength(3);
  });

  it('turns red when nobody is taken for somebody', async () => {
    const nobody = actors.filter(({ role }) => role === null);
    const known = nobody.map((actor) => ({ ...actor, key: office.keys.auditor }));

    const { cells, failures } = await failingCells(
      matrixOf({ actors: known, only: (name) => name === 'GET /v1/debtors' }),
    );

    expect([cells, failures.length]).toEqual([3, 3]);
  });
});

describe('the API does not start', () => {
  it('with a route that has no line', async () => {
    await expect(
      appWith({ ...policy, People: Object.fromEntries(Object.entries(policy['People'] ?? {}).slice(1)) }),
    ).rejects.toThrow('route GET /v1/me does not say who may use it: give it a line in api/policy.ts');
  });

  it('with a line that has no route', async () => {
    const more: Policy = { ...policy, More: { 'GET /v1/secrets': [roles, 'read', 'none'] } };

    await expect(appWith(more)).rejects.toThrow('the policy has a line for GET /v1/secrets');
  });
});

function changed(change: (line: Line) => Line): Policy {
  return Object.fromEntries(
    Object.entries(policy).map(([subject, lines]) => [
      subject,
      Object.fromEntries(Object.entries(lines).map(([route, line]) => [route, change(line)])),
    ]),
  );
}

async function appWith(tampered: Policy): Promise<FastifyInstance> {
  const app = await buildApi({
    house: office.house,
    config: settingsWith(),
    policy: tampered,
  });
  others.push(app);
  await app.ready();
  return app;
}
