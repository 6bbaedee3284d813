import fc from 'fast-check';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { advisoryLocks } from '../../../db/advisory-locks.ts';
import { allStandings, asOf } from '../../../db/audit/as-it-was.ts';
import { comparePortfolio } from '../../../db/audit/compare-portfolio.ts';
import { isKept, snapshotsDue, takeDueSnapshots } from '../../../db/audit/snapshot-nights.ts';
import { readSnapshot, takeSnapshot } from '../../../db/audit/snapshots.ts';
import { verifySnapshots, verifySnapshotsWhole } from '../../../db/audit/verify-snapshots.ts';
import { Findings } from '../../../db/invariants.ts';
import { collectionFrom } from '../../../db/journal.ts';
import { applyImports } from '../../../db/imports.ts';
import { standingOf } from '../../../domain/audit/standing.ts';
import type { Standing } from '../../../domain/audit/standing.ts';
import { addDays } from '../../../domain/time.ts';
import { openOffice } from '../../setup/office.ts';
import type { Office } from '../../setup/office.ts';

const monthEnd = '2026-03-31';
const eur = (amount: number) => ({ amount, currency: 'EUR' });

interface Total {
  readonly creditorId: string;
  readonly all: { readonly invoices: number; readonly amount: { readonly amount: number } };
}

/** A month with everything in it, its end written down, and an April in which much is said of March. */
describe('the portfolio of a month end', () => {
  let office: Office;
  let creditorId: string;
  const ids: Record<string, string> = {};

  const post = async (path: string, body: object, as: 'credit_manager' | 'admin' = 'credit_manager') => {
    const answer = await office.ask('POST', `/v1/${path}`, body, { as });
    expect(answer.status, `${path}: ${answer.text}`).toBeLessThan(300);
    return answer.body;
  };
  const ask = (query = '', on = monthEnd) =>
    office.ask('GET', `/v1/audit/as-it-was?on=${on}&creditor=${creditorId}${query}`, undefined, {
      as: 'auditor',
    });

  /** What verify says of snapshots. */
  const wrong = async (whole = false): Promise<readonly string[]> => {
    const findings = new Findings();
    const { db, rules, clock } = office.house;
    await verifySnapshots({ db, rules, findings, now: await clock.now() });
    if (whole) await verifySnapshotsWhole({ db, rules, findings });
    return findings
      .verdicts()
      .flatMap(({ offenders }) => offenders.map(({ subject, what }) => `${subject} ${what}`));
  };
  const bySuperuser = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: office.database.superUrl });
    await client.connect();
    await client.query(statement);
    await client.end();
  };

  beforeAll(async () => {
    office = await openOffice();
    creditorId = await office.creditor({ key: 'Ateliers Martin' });
    const [one, other] = [
      await office.debtor({ name: 'Dupont SA' }),
      await office.debtor({ name: 'DUPONT S.A.' }),
    ];
    const due = {
      open: '2026-04-15',
      paid: '2026-02-20',
      part: '2026-03-20',
      disputed: '2026-02-10',
      promised: '2026-01-15',
      held: '2025-12-01',
      corrected: '2026-03-05',
      back: '2026-03-10',
      twin: '2026-03-25',
    };
    for (const [name, dueDate] of Object.entries(due)) {
      const debtorId = name === 'twin' ? other : one;
      ids[name] = (
        await office.invoice({ creditorId, debtorId, number: `M-${name}`, dueDate, amountCents: 100_000 })
      ).id;
    }
    office.clock.set('2026-03-12');
    await post(`invoices/${ids['paid']}/payments`, { amount: eur(100_000) });
    await post(`invoices/${ids['part']}/payments`, { amount: eur(40_000) });
    const returned = await post(`invoices/${ids['back']}/payments`, { amount: eur(100_000) });
    ids['payment'] = returned.paymentId ?? returned.payment?.id;
    ids['dispute'] = (
      await post(`invoices/${ids['disputed']}/disputes`, { reason: 'quality', amount: eur(30_000) })
    ).disputeId;
    ids['hold'] = (await post(`invoices/${ids['held']}/holds`, { reason: 'other' })).holdId;
    office.clock.set('2026-03-30');
    await post(`invoices/${ids['promised']}/promises`, { date: '2026-04-10' });
    ids['one'] = one;
    ids['other'] = other;

    office.clock.set(Date.parse('2026-03-31T22:30:00Z'));
    expect(await takeDueSnapshots(office.house)).toEqual([monthEnd]);

    // April, which has much to say of March.
    office.clock.set('2026-04-03');
    await post(`invoices/${ids['open']}/payments`, { amount: eur(100_000), valueDate: '2026-03-28' });
    await post(`invoices/${ids['corrected']}/correction`, { amount: eur(60_000), dueDate: '2026-01-05' });
    await post(`invoices/${ids['held']}/holds/${ids['hold']}/lift`, {});
    await post(`invoices/${ids['part']}/write-off`, { reason: 'other', amount: eur(60_000) });
    await post('merges', { goneId: other, intoId: one });
    const paymentId = ids['payment'] ?? (await paymentOf(ids['back'] ?? ''));
    await post(`payments/${paymentId}/return`, { reason: 'other' });
    await post(`invoices/${ids['promised']}/payments`, { amount: eur(20_000), valueDate: '2026-03-30' });
    await office.app.inject({
      method: 'POST',
      url: `/v1/imports?seller=${creditorId}`,
      headers: { authorization: `Bearer ${office.keys.admin}`, 'content-type': 'text/csv' },
      payload:
        'Invoice number;Customer;Amount;Currency;Invoice date;Due date\nLATE-1;Retard SARL;900.00;EUR;2026-02-01;2026-03-01\n',
    });
    await applyImports(office.house);
  }, 120_000);
  afterAll(() => office.close());

  const paymentOf = async (invoiceId: string): Promise<string> => {
    const row = await office.house.db
      .selectFrom('ledger_entry')
      .select('payment_id')
      .where('invoice_id', '=', invoiceId)
      .where('kind', '=', 'payment')
      .executeTakeFirstOrThrow();
    return row.payment_id ?? '';
  };

  it('is what stood in the books that evening, aged, by state and by what was contested, promised or held', async () => {
    const { status, body } = await ask();

    expect(status).toBe(200);
    expect(body).toMatchObject({
      endedAt: '2026-03-31T22:00:00.000Z',
      snapshot: { takenAt: '2026-03-31T22:30:00.000Z' },
      totals: [
        {
          creditorId,
          all: { invoices: 7, amount: eur(660_000) },
          ages: {
            notDue: { invoices: 1, amount: eur(100_000) },
            to30: { invoices: 3, amount: eur(260_000) },
            to60: { invoices: 1, amount: eur(100_000) },
            to90: { invoices: 1, amount: eur(100_000) },
            over90: { invoices: 1, amount: eur(100_000) },
          },
          contested: { invoices: 1, amount: eur(30_000) },
          promised: { invoices: 1, amount: eur(100_000) },
          held: { invoices: 1, amount: eur(100_000) },
          states: { held: { invoices: 1 }, promised: { invoices: 1 } },
        },
      ],
    });
    expect(body.items).toHaveLength(7);
    const twin = body.items.find(({ number }: { number: string }) => number === 'M-twin');
    expect(twin.debtor).toEqual({ id: ids['other'], name: 'DUPONT S.A.' });
  });

  it('is line by line what the log says when it is lived again after all that April said', async () => {
    const compared = await comparePortfolio(office.house, monthEnd);

    expect(compared).toMatchObject({ invoices: 7, differing: [] });
    expect(compared.totals).toEqual(compared.snapshot?.totals);
    expect(await wrong(true)).toEqual([]);
    expect(await wrong()).toEqual([]);
  });

  it('is another one by value date, as we know it today', async () => {
    const { body } = await ask('&known=today');

    // Paid on the 28th: M-open. On the 30th in part: M-promised. Corrected: 40 000 less. Imported: 90 000 more. Came back in April: paid in March.
    expect((body.totals as Total[]).map(({ all }) => [all.invoices, all.amount.amount])).toEqual([
      [7, 630_000],
    ]);
    expect(body.snapshot).toBeNull();
    expect(
      body.items.every(
        (item: { state: unknown; level: unknown }) => item.state === null && item.level === null,
      ),
    ).toBe(true);
  });

  it('is read page by page, and cut to a creditor', async () => {
    const numbers: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await ask(`&limit=3${cursor}`);
      numbers.push(...body.items.map(({ number }: { number: string }) => number));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    const none = await office.ask(
      'GET',
      `/v1/audit/as-it-was?on=${monthEnd}&creditor=${await office.creditor()}`,
      undefined,
      { as: 'auditor' },
    );

    expect(new Set(numbers).size).toBe(7);
    expect(numbers).toHaveLength(7);
    expect(none.body).toMatchObject({ totals: [], items: [] });
  });

  it('is not told of a day that is not over', async () => {
    const { status, body } = await ask('', '2026-04-03');

    expect([status, body.remedy]).toEqual([400, 'Give a day up to 2026-04-02.']);
  });

  it('of a day of which nothing was written down is worked out once, and kept', async () => {
    const first = await ask('', '2026-03-13');
    const again = await ask('', '2026-03-13');

    expect(first.body.snapshot.takenAt).toBe('2026-04-03T10:00:00.000Z');
    expect(again.body).toEqual(first.body);
    expect(await wrong()).toEqual([]);
  });

  it('of two days of which nothing was written down is told of each, whoever else asks meanwhile', async () => {
    const days = ['2026-03-16', '2026-03-17'];
    const answers = await Promise.all([...days, ...days, ...days].map((day) => ask('', day)));

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });

  it('is not told while another portfolio is being worked out all the time', async () => {
    const other = new pg.Client({ connectionString: office.database.superUrl });
    await other.connect();
    await other.query('select pg_advisory_lock($1)', [advisoryLocks.portfolio]);
    const { status, body } = await ask('', '2026-03-20');
    await other.end();

    expect([status, body.code]).toEqual([503, 'day-not-settled']);
    expect((await ask('', '2026-03-20')).status).toBe(200);
  }, 20_000);

  it('is given up when the process is to stop: while something is still being recorded, and between pages', async () => {
    office.clock.set('2026-04-04');
    const stopping = new AbortController();
    const { waiting } = await office.house.db.transaction().execute(async (tx) => {
      await sql`select pg_current_xact_id()`.execute(tx);
      const taking = takeDueSnapshots(office.house, stopping.signal);
      stopping.abort();
      return { waiting: await taking };
    });
    await expect(takeSnapshot(office.house, '2026-04-03', stopping.signal)).rejects.toThrow('aborted');

    expect(waiting).toEqual([]);
    expect(await readSnapshot(office.house.db, '2026-04-03')).toBeUndefined();
    expect(await takeDueSnapshots(office.house, new AbortController().signal)).toEqual(['2026-04-03']);
    office.clock.set('2026-04-03');
  });

  it('cannot be changed by whoever works as the application', async () => {
    await expect(sql`update snapshot set invoices = 0`.execute(office.house.db)).rejects.toThrow(
      'permission denied',
    );
    await expect(sql`update snapshot_page set sha256 = ''`.execute(office.house.db)).rejects.toThrow(
      'permission denied',
    );
  });

  it('that was changed, or whose log was, is found', async () => {
    await bySuperuser(
      `create table kept as select * from snapshot; create table kept_page as select * from snapshot_page`,
    );
    const restored = async (tamper: string, restore: string): Promise<readonly string[]> => {
      await bySuperuser(tamper);
      const found = await wrong();
      await bySuperuser(restore);
      return found;
    };
    const again = `delete from snapshot; insert into snapshot select * from kept; insert into snapshot_page select * from kept_page`;
    const payment = `subject = 'invoice/${ids['open']}' and type = 'paymentRecorded'`;

    const found = [
      await restored(`update snapshot_page set content = '\\x00'`, again),
      await restored(
        `update snapshot set totals = replace(totals::text, '660000', '660001')::json where day = '${monthEnd}'`,
        again,
      ),
      await restored(`delete from snapshot where day = '${monthEnd}'`, again),
      await restored(
        `update journal set at = '2026-03-29T10:00:00Z' where ${payment}`,
        `update journal set at = '2026-04-03T10:00:00Z' where ${payment}`,
      ),
    ];
    await bySuperuser(
      `delete from snapshot where day = '${monthEnd}'; update journal set at = '2026-03-29T10:00:00Z' where ${payment}`,
    );
    await ask();
    found.push(await wrong());
    await bySuperuser(
      `update journal set at = '2026-04-03T10:00:00Z' where ${payment}; ${again}; delete from journal where subject = 'snapshots' and seq = (select max(seq) from journal where subject = 'snapshots')`,
    );

    expect(found[0]).toContain(`snapshot/${monthEnd} page 1 is not what was written`);
    expect(found[1]).toContain(`snapshot/${monthEnd} is not what its digest was made of`);
    expect(found[2]).toEqual([`snapshot/${monthEnd} was written down, as the journal says, and is gone`]);
    expect(found[3]).toEqual([
      `snapshot/${monthEnd} has of invoice ${ids['open']} 100000 cents EUR, waiting, no level; its log says nothing owed`,
    ]);
    expect(found[4]).toContain(
      `snapshot/${monthEnd} was written down 2 times, and not as the same: a past day cannot change`,
    );
    expect(await wrong()).toEqual([]);
  });

  it('is kept for eleven years, any other day for two months', async () => {
    const kept = ['2026-04-03', '2026-02-28', '2026-02-27', '2015-12-31', '2014-12-31'].map((day) =>
      isKept(day, '2026-05-04'),
    );

    expect(kept).toEqual([true, true, false, true, false]);
    office.clock.set('2026-06-10');
    expect(await snapshotsDue(office.house.db, await office.clock.now())).toEqual([
      '2026-05-31',
      '2026-06-09',
    ]);
    await takeDueSnapshots(office.house);
    const days = await office.house.db.selectFrom('snapshot').select('day').orderBy('day').execute();
    expect(days.map(({ day }) => day)).toEqual([monthEnd, '2026-05-31', '2026-06-09']);
    expect(await snapshotsDue(office.house.db, await office.clock.now())).toEqual([]);
  });
});

/** What people may do to an invoice on a day; refusals are theirs to meet. */
const acts = [
  'pay',
  'payBackDated',
  'hold',
  'dispute',
  'promise',
  'waive',
  'writeOff',
  'correct',
  'cancel',
  'return',
] as const;

describe('any past day', () => {
  it('is lived from the log as the files stood that evening, whatever comes later', async () => {
    const office = await openOffice();
    let today = '2026-03-02';
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              act: fc.constantFrom(...acts),
              on: fc.nat(2),
              cents: fc.integer({ min: 1, max: 130_000 }),
              days: fc.nat(9),
            }),
            { minLength: 3, maxLength: 12 },
          ),
          async (life) => {
            const invoices = await Promise.all(
              [0, 1, 2].map(() => office.invoice({ dueDate: addDays(today, -20) })),
            );
            const evenings = new Map<string, readonly Standing[]>();
            for (const { act, on, cents, days } of life) {
              await doIt(office, invoices[on]?.id ?? '', act, cents, today);
              evenings.set(today, await stored(office, today));
              today = addDays(today, days + 1);
              office.clock.set(today);
            }
            for (const [day, then] of evenings)
              for (const fromFirstFact of [true, false]) {
                const lived: Standing[] = [];
                for await (const page of allStandings(office.house, asOf(day), { fromFirstFact }))
                  lived.push(...page);
                expect(lived).toEqual(then);
              }
          },
        ),
        { numRuns: 8 },
      );
    } finally {
      await office.close();
    }
  }, 120_000);
});

async function doIt(
  office: Office,
  id: string,
  act: (typeof acts)[number],
  cents: number,
  today: string,
): Promise<void> {
  const to = (path: string, body: object) => office.ask('POST', `/v1/${path}`, body);
  switch (act) {
    case 'pay':
      return void (await to(`invoices/${id}/payments`, { amount: eur(cents) }));
    case 'payBackDated':
      return void (await to(`invoices/${id}/payments`, {
        amount: eur(cents),
        valueDate: addDays(today, -15),
      }));
    case 'hold':
      return void (await to(`invoices/${id}/holds`, { reason: 'other', until: addDays(today, cents % 10) }));
    case 'dispute':
      return void (await to(`invoices/${id}/disputes`, { reason: 'quality', amount: eur(cents) }));
    case 'promise':
      return void (await to(`invoices/${id}/promises`, { date: addDays(today, (cents % 20) + 1) }));
    case 'waive':
      return void (await to(`invoices/${id}/waiver`, { reason: 'other', amount: eur(cents) }));
    case 'writeOff':
      return void (await to(`invoices/${id}/write-off`, { reason: 'other', amount: eur(cents) }));
    case 'correct':
      return void (await to(`invoices/${id}/correction`, {
        amount: eur(cents),
        dueDate: addDays(today, -(cents % 90)),
      }));
    case 'cancel':
      return void (cents % 5 === 0 && (await to(`invoices/${id}/cancellation`, { reason: 'other' })));
    case 'return': {
      const paid = await office.house.db
        .selectFrom('ledger_entry')
        .select('payment_id')
        .where('invoice_id', '=', id)
        .where('kind', '=', 'payment')
        .executeTakeFirst();
      if (paid?.payment_id) await to(`payments/${paid.payment_id}/return`, { reason: 'other' });
    }
  }
}

/** How the stored files stand this evening: not by the log. */
async function stored(office: Office, day: string): Promise<readonly Standing[]> {
  const { db, rules } = office.house;
  const rows = await db.selectFrom('invoice').select('collection').orderBy('id').execute();
  const files = await Promise.all(rows.map(({ collection }) => collectionFrom(db, rules, collection)));
  return files.flatMap((file) => standingOf(file, day, asOf(day).endsAt - 1) ?? []);
}
