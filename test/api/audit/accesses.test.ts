import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openOffice } from '../../setup/office.ts';
import type { Office } from '../../setup/office.ts';
import type { Role } from '../../../domain/role.ts';

let office: Office;
let invoice: Awaited<ReturnType<Office['invoice']>>;
beforeAll(async () => {
  office = await openOffice();
  invoice = await office.invoice({ number: 'F-2026-17' });
});
afterAll(() => office.close());

interface Noted {
  readonly by: string;
  readonly what: string;
  readonly about?: readonly string[];
  readonly filters?: readonly string[];
  readonly through: string;
}

let before = 0;
let minutes = 0;
beforeEach(async () => {
  before = (await all()).length;
  pass();
});

/** Lets a minute pass, so that what is said first is known to be first. */
function pass(): void {
  minutes += 1;
  office.clock.set(Date.parse('2026-03-02T10:00:00Z') + minutes * 60_000);
}

async function all(): Promise<readonly Noted[]> {
  const rows = await office.house.db
    .selectFrom('journal')
    .select('body')
    .where('subject', '=', 'audit')
    .orderBy('seq')
    .execute();
  return rows.map(({ body }) => JSON.parse(body) as Noted);
}

/** What was noted since the test began. */
async function noted(): Promise<readonly Noted[]> {
  return (await all()).slice(before);
}

describe('a look of an auditor', () => {
  it('leaves who, what, about what and by which key, whatever he reads', async () => {
    for (const url of [`/v1/invoices/${invoice.id}`, '/v1/users', '/v1/settings', '/v1/exports/invoices'])
      await office.ask('GET', url, undefined, { as: 'auditor' });

    const looks = await noted();

    expect(looks.map(({ what }) => what)).toEqual([
      'GET /v1/invoices/:invoiceId',
      'GET /v1/users',
      'GET /v1/settings',
      'GET /v1/exports/invoices',
    ]);
    expect(looks[0]).toEqual({
      by: office.users.auditor,
      what: 'GET /v1/invoices/:invoiceId',
      about: [`invoice/${invoice.id}`],
      through: expect.stringMatching(/^key\/\w+$/),
    });
  });

  it('is on record once for a page, with the invoices that the number names and nothing else that was typed', async () => {
    const headers = { cookie: await office.cookie('auditor') };
    await office.app.inject({ url: '/i/F-2026-17?lang=en', headers });
    await office.app.inject({ url: '/i/Jeanne%20Dupont', headers });

    expect(await noted()).toEqual([
      expect.objectContaining({ what: 'GET /i/:number', about: [`invoice/${invoice.id}`] }),
      expect.not.objectContaining({ about: expect.anything() }),
    ]);
    expect(JSON.stringify(await noted())).not.toContain('Dupont');
  });

  it('holds nothing of what was typed into the address of a page where a word of ours belongs', async () => {
    const headers = { cookie: await office.cookie('auditor') };
    for (const url of [
      `/audit/questions/Jeanne%20Dupont${'%20x'.repeat(500)}`,
      '/audit?JeanneDupont=1&from=2026-03-01',
      '/v1/audit/questions?JeanneDupont=1',
    ])
      await office.app.inject({ url, headers });

    expect(JSON.stringify(await noted())).not.toMatch(/Dupont|x x/);
    expect((await noted()).map(({ filters }) => filters)).toContainEqual(['from=2026-03-01']);
  });

  it('says what cut a list, and never a name that was looked for', async () => {
    await office.ask('GET', `/v1/invoices?q=Dupont&open=true&debtor=${invoice.debtorId}&limit=5`, undefined, {
      as: 'auditor',
    });

    expect((await noted())[0]?.filters).toEqual([`debtor=${invoice.debtorId}`, 'open=true', 'q']);
  });

  it('is on record before the answer: where it cannot be noted, nothing is shown', async () => {
    const blocked = await office.house.db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(hashtextextended('journal/audit', 0))`.execute(tx);
      return office.ask('GET', `/v1/invoices/${invoice.id}`, undefined, { as: 'auditor' });
    });

    expect(blocked.status).toBe(503);
    expect(blocked.text).not.toContain('F-2026-17');
    expect(await noted()).toEqual([]);
  });

  it('is lost by none of many at once, in one unbroken chain', async () => {
    const looks = Array.from({ length: 60 }, () =>
      office.ask('GET', `/v1/invoices/${invoice.id}`, undefined, { as: 'auditor' }),
    );
    const answers = await Promise.all(looks);

    const rows = await office.house.db
      .selectFrom('journal')
      .select(['seq', 'hash', 'prev_hash'])
      .where('subject', '=', 'audit')
      .orderBy('seq')
      .execute();
    expect(answers.map(({ status }) => status)).toEqual(looks.map(() => 200));
    expect(await noted()).toHaveLength(60);
    expect(rows.slice(1).map((row) => row.prev_hash)).toEqual(rows.slice(0, -1).map((row) => row.hash));
  });

  it('that was refused is none', async () => {
    await office.ask('POST', `/v1/invoices/${invoice.id}/notes`, { text: 'Non.' }, { as: 'auditor' });
    await office.ask('GET', '/v1/users', undefined, { as: 'sales' });

    expect(await noted()).toEqual([]);
  });
});

describe('a look of others', () => {
  it('at a file that they work on leaves nothing', async () => {
    await office.ask('GET', `/v1/invoices/${invoice.id}`, undefined, { as: 'collector' });
    await office.ask('GET', '/v1/messages', undefined, { as: 'admin' });

    expect(await noted()).toEqual([]);
  });

  it('from outside the house, at a whole history or at the audit itself is on record', async () => {
    await office.ask('GET', '/v1/invoices', undefined, { as: 'external_firm' });
    await office.ask('GET', `/v1/invoices/${invoice.id}/history`, undefined, { as: 'collector' });
    await office.ask('GET', '/v1/audit/accesses', undefined, { as: 'admin' });

    expect((await noted()).map(({ by, what }) => [by, what])).toEqual([
      [office.users.external_firm, 'GET /v1/invoices'],
      [office.users.collector, 'GET /v1/invoices/:invoiceId/history'],
      [office.users.admin, 'GET /v1/audit/accesses'],
    ]);
  });
});

describe('GET /v1/audit/accesses', () => {
  it('lists looks and lists that were taken away, the newest first, page by page', async () => {
    await office.ask('GET', '/v1/exports/tasks?owner=Dupont', undefined, { as: 'collector' });
    pass();
    await office.ask('GET', `/v1/invoices/${invoice.id}/why`, undefined, { as: 'auditor' });

    pass();
    const first = await office.ask('GET', '/v1/audit/accesses?limit=2', undefined, { as: 'admin' });
    const next = await office.ask(
      'GET',
      `/v1/audit/accesses?limit=1&cursor=${first.body.nextCursor}`,
      undefined,
      {
        as: 'admin',
      },
    );

    const [own, why] = first.body.items;
    expect(own).toMatchObject({ what: 'GET /v1/audit/accesses', by: { name: 'admin' } });
    expect(why).toMatchObject({
      what: 'GET /v1/invoices/:invoiceId/why',
      by: { id: office.users.auditor, name: 'auditor' },
      about: [`invoice/${invoice.id}`],
      entry: { subject: 'audit' },
    });
    expect(next.body.items).toMatchObject([
      {
        what: 'export of tasks',
        by: { name: 'collector' },
        filters: ['owner', 'state'],
        entry: { subject: 'exports' },
      },
    ]);
  });

  it('is cut to a user, an invoice and days', async () => {
    const of = async (query: string) =>
      (await office.ask('GET', `/v1/audit/accesses?limit=200&${query}`, undefined, { as: 'admin' })).body
        .items as { by: { id: string }; about: string[] }[];

    const his = await of(`by=${office.users.external_firm}`);
    const about = await of(`invoice=${invoice.id}`);
    const later = await of('from=2027-01-01T00:00:00Z');

    expect(new Set(his.map(({ by }) => by.id))).toEqual(new Set([office.users.external_firm]));
    expect(about.length).toBeGreaterThan(60);
    expect(about.every((one) => one.about.includes(`invoice/${invoice.id}`))).toBe(true);
    expect(later).toEqual([]);
  });

  it('is for the auditor and whoever hires him, for nobody else', async () => {
    const asked = await Promise.all(
      (['admin', 'auditor', 'credit_manager', 'collector', 'legal', 'external_firm'] as const).map(
        async (as) =>
          [as, (await office.ask('GET', '/v1/audit/accesses', undefined, { as })).status] as const,
      ),
    );

    expect(asked.filter(([, status]) => status === 200).map(([as]) => as)).toEqual(['admin', 'auditor']);
  });
});

describe('what people of the house did with Relance itself', () => {
  const subjectsSeenBy = async (as: Role): Promise<readonly string[]> => {
    const seen = new Set<string>();
    for (let cursor = ''; ;) {
      const { body } = await office.ask('GET', `/v1/audit/entries?limit=200${cursor}`, undefined, { as });
      for (const { subject } of body.items as { subject: string }[]) seen.add(subject.replace(/\/.*/, ''));
      if (body.nextCursor === null) return [...seen].sort();
      cursor = `&cursor=${body.nextCursor}`;
    }
  };

  it('is in the journal for admin and auditor, and left out of it for credit managers and the legal department', async () => {
    await office.ask('POST', `/v1/users/${office.users.sales}/keys`, { areas: ['read'] }, { as: 'admin' });
    await office.ask('GET', '/v1/exports/invoices', undefined, { as: 'collector' });

    for (const as of ['admin', 'auditor'] as const)
      expect(await subjectsSeenBy(as)).toEqual(
        expect.arrayContaining(['audit', 'exports', 'user', 'invoice']),
      );
    for (const as of ['credit_manager', 'legal'] as const) {
      expect(await subjectsSeenBy(as)).toContain('invoice');
      expect((await subjectsSeenBy(as)).filter((one) => /^(audit|exports|user)$/.test(one))).toEqual([]);
    }
  });

  it('is no question that they are offered, and asking for it leaves no look on record, for it was refused', async () => {
    const { body } = await office.ask('GET', '/v1/audit/questions', undefined, { as: 'legal' });
    const refused = await office.ask('GET', '/v1/audit/entries?subject=audit', undefined, { as: 'legal' });

    expect(body.items.map(({ key }: { key: string }) => key)).not.toContain('looked-or-taken');
    expect([refused.status, refused.body.field]).toEqual([403, 'subject']);
    expect((await noted()).map(({ what }) => what)).toEqual(['GET /v1/audit/questions']);
  });
});
