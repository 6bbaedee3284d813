import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, livedIn } from './lived-in.ts';
import type { LivedIn } from './lived-in.ts';
import { Intruder } from './tampering.ts';

let life: LivedIn;
let intruder: Intruder;
beforeAll(async () => {
  life = await livedIn();
  intruder = await Intruder.enter(life.office);
  const { office, reminded } = life;
  const kept = await office.invoice({ dueDate: '2026-02-20' });
  const promise = { amount: { amount: 120_000, currency: 'EUR' }, date: '2026-03-12' };
  await ask(office, `/v1/invoices/${kept.id}/promises`, promise);
  await ask(office, '/v1/payments', {
    debtorId: kept.debtorId,
    amount: { amount: 120_000, currency: 'EUR' },
    valueDate: '2026-03-09',
    allocations: [{ invoiceId: kept.id, amount: 120_000 }],
  });
  await ask(office, `/v1/invoices/${reminded.id}/promises`, {
    ...promise,
    amount: { amount: 10_000, currency: 'EUR' },
  });
  const planned = await office.invoice({ amountCents: 90_000 });
  const equal = { count: 3, firstOn: '2026-04-01' };
  const plan = await ask(office, '/v1/plans', { invoiceIds: [planned.id], equal });
  await ask(office, `/v1/plans/${plan.id}/acceptance`, { how: 'signed' });
  const held = await office.invoice();
  await ask(office, `/v1/invoices/${held.id}/holds`, { reason: 'talks', until: '2026-03-20' });
});
afterAll(async () => {
  await intruder.leave();
  await life.office.close();
});

const tables = ['promise', 'dispute', 'invoice_hold', 'plan', 'plan_invoice', 'plan_instalment'];
const found = (statements: string): Promise<readonly string[]> => intruder.found('folds', tables, statements);

describe('what was promised, disputed, agreed and held is compared with the facts:', () => {
  it('what nobody has touched holds', async () => {
    const { db } = life.office.house;
    const promises = await db.selectFrom('promise').select('state').orderBy('state').execute();
    const others = await Promise.all(
      (['dispute', 'invoice_hold', 'plan', 'plan_instalment'] as const).map(
        async (table) => (await db.selectFrom(table).selectAll().execute()).length,
      ),
    );

    expect(promises.map(({ state }) => state)).toEqual(['active', 'kept']);
    expect(others).toEqual([1, 1, 1, 3]);
    expect(await found('select 1')).toEqual([]);
  });

  it.each([
    [
      'a promised amount',
      `update promise set amount_cents = 1 where state = 'active'`,
      /^promise\/.* has amount_cents 1, its facts 10000: see invoice\//,
    ],
    [
      'a promised day',
      `update promise set promised_on = '2027-01-01' where state = 'active'`,
      /^promise\/.* has promised_on 2027-01-01, its facts 2026-03-12/,
    ],
    [
      'a promise that was kept',
      `update promise set state = 'broken' where state = 'kept'`,
      /^promise\/.* has state broken, its facts kept/,
    ],
    [
      'one that runs',
      `update promise set state = 'withdrawn' where state = 'active'`,
      /^promise\/.* has state withdrawn, its facts active/,
    ],
    [
      'one that is gone',
      `delete from promise where state = 'kept'`,
      /^promise\/.* is gone, and facts of invoice\/.* name it$/,
    ],
    [
      'a contested amount',
      `update dispute set contested_cents = 120000`,
      /^dispute\/.* has contested_cents 120000, its facts 10000/,
    ],
    [
      'a dispute that nobody resolved',
      `update dispute set state = 'resolved', outcome = 'rejected', stage = null`,
      /^dispute\/.* has state resolved, its facts open; outcome rejected, its facts empty/,
    ],
    [
      'the day of a hold',
      `update invoice_hold set until = null`,
      /^hold\/.* has until empty, its facts 2026-03-20/,
    ],
    [
      'a hold that nobody lifted',
      `update invoice_hold set lifted_at = now()`,
      /^hold\/.* has lifted_at \d+, its facts empty/,
    ],
    [
      'a plan that nobody ended',
      `update plan set state = 'broken'`,
      /^plan\/.* has state broken, its facts running/,
    ],
    [
      'the day of an instalment',
      `update plan_instalment set due_on = '2026-04-02' where number = 1`,
      /^plan\/.* has due 30000 on 2026-04-02, .*, its facts 30000 on 2026-04-01, /,
    ],
    ['a plan that is gone', `delete from plan`, /^plan\/.* is gone, and facts of invoice\/.* name it$/],
    [
      'the amount of one',
      `update plan_instalment set amount_cents = 1 where number = 3`,
      /^plan\/.* has amount_cents 90000, its facts 60001; due /,
    ],
  ])('%s', async (_what, statement, words) => {
    const told = await found(statement);

    expect(told).toEqual([expect.stringMatching(words)]);
  });

  it('what was put in', async () => {
    const other = '01a207a8-0000-7000-8000-000000000001';
    const told = await found(`
      insert into promise select (jsonb_populate_record(p, '{"id": "${other}"}')).* from promise p where state = 'active';
      insert into invoice_hold select (jsonb_populate_record(h, '{"id": "${other}"}')).* from invoice_hold h`);

    expect(told).toEqual([
      expect.stringMatching(`^promise/${other} is there, and no fact says so: see invoice/`),
      expect.stringMatching(`^hold/${other} is there, and no fact says so: see invoice/`),
    ]);
  });
});

describe('the words of people, and papers, stand where the journal names them:', () => {
  const tables = ['private_text', 'document'];

  it('a note that was moved to another invoice', async () => {
    const { reminded, letter } = life;
    const told = await intruder.found(
      'I23',
      tables,
      `update private_text set subject = 'invoice/${letter.id}' where subject = 'invoice/${reminded.id}'`,
    );

    expect(await intruder.found('I23', tables, 'select 1')).toEqual([]);
    expect(told).toEqual([
      expect.stringMatching(`^text/.* stands with invoice/${letter.id}, whose chain does not name it$`),
    ]);
  });
});
