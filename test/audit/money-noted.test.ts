import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moneyChore } from '../../temporal/audit/money-chore.ts';
import { brokenIn } from '../setup/broken-in.ts';
import { comesBy } from '../setup/night.ts';
import { ask, livedIn } from './lived-in.ts';
import type { LivedIn } from './lived-in.ts';
import { Intruder } from './tampering.ts';

let life: LivedIn;
let intruder: Intruder;
let onAccount = '';
let creditNote = '';
let back = '';
beforeAll(async () => {
  life = await livedIn();
  intruder = await Intruder.enter(life.office);
  const { debtorId } = life.reminded;
  const money = { debtorId, amount: { amount: 5_000, currency: 'EUR' }, allocations: [] };
  const paid = { ...money, valueDate: '2026-03-05', reference: 'VIR M. DUPONT' };
  onAccount = (await ask(life.office, '/v1/payments', paid)).id as string;
  back = (await ask(life.office, '/v1/payments', { ...money, valueDate: '2026-03-06' })).id as string;
  await ask(life.office, `/v1/payments/${back}/return`, { on: '2026-03-08', reason: 'bounced' });
  const noted = { ...money, number: 'AV-1', issueDate: '2026-03-05' };
  creditNote = (await ask(life.office, '/v1/credit-notes', noted)).id as string;
});
afterAll(async () => {
  await intruder.leave();
  await life.office.close();
});

const tables = ['payment', 'credit_note', 'ledger_entry', 'journal'];
const money = (statements: string): Promise<readonly string[]> =>
  intruder.found('I26', tables, statements.replaceAll(':debtor', life.reminded.debtorId));

describe('money that settles no invoice is held against what the journal says was recorded:', () => {
  it('what nobody has touched holds, and what the bank wrote stands in no entry', async () => {
    const entries = await intruder.entriesOf(`debtor/${life.reminded.debtorId}`);

    expect(await money('select 1')).toEqual([]);
    expect(entries.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['paymentEntered', 'accountMoved', 'paymentSentBack', 'creditNoteEntered']),
    );
    expect(entries.map(({ body }) => body).join('')).not.toContain('DUPONT');
  });

  it('a payment that was back-dated and raised, with its entry of the account', async () => {
    const found = await money(`
      update payment set value_date = '2026-01-01', amount_cents = 9000000 where id = '${onAccount}';
      update ledger_entry set day = '2026-01-01', amount_cents = -9000000 where payment_id = '${onAccount}'`);

    expect(found).toEqual([
      expect.stringMatching(
        `^payment/${onAccount} is not what debtor/.*#\\d+ says .*: it has another amount_cents, value_date$`,
      ),
      expect.stringMatching(/^debtor\/.* ledger entry .* it has another amount_cents, day$/),
    ]);
  });

  it('one that is gone with its entry', async () => {
    const found = await money(
      `delete from ledger_entry where payment_id = '${onAccount}'; delete from payment where id = '${onAccount}'`,
    );

    expect(found).toEqual([
      expect.stringMatching(`^payment/${onAccount} is gone, and debtor/`),
      expect.stringContaining('is gone from the account'),
    ]);
  });

  it.each([
    ['the reference', `reference = 'forged'`, 'reference'],
    ['who recorded it', `recorded_by = 'nobody'`, 'recorded_by'],
    ['when it was recorded', `at = at - interval '30 days'`, 'at'],
    ['that it came back', `returned_on = '2026-03-09'`, 'returned_on'],
  ])('%s of a payment', async (_what, change, column) => {
    const found = await money(`update payment set ${change} where id = '${onAccount}'`);

    expect(found).toEqual([expect.stringMatching(`^payment/${onAccount} .* it has another ${column}$`)]);
  });

  it('a return that was undone', async () => {
    const found = await money(`
      update payment set returned_on = null where id = '${back}';
      delete from ledger_entry where payment_id = '${back}' and kind = 'payment_return'`);

    expect(found).toEqual([
      expect.stringMatching(`^payment/${back} .* it has another returned_on$`),
      expect.stringContaining('is gone from the account'),
    ]);
  });

  it('a credit note with another number and amount', async () => {
    const found = await money(
      `update credit_note set number = 'AV-2', amount_cents = 1 where id = '${creditNote}'`,
    );

    expect(found).toEqual([
      expect.stringMatching(`^credit-note/${creditNote} .* it has another number, amount_cents$`),
    ]);
  });

  it('a payment that was put in by hand', async () => {
    const found = await money(`
      insert into payment select (jsonb_populate_record(p, '{"id": "01a207a8-0000-7000-8000-000000000001"}')).* from payment p where id = '${onAccount}';
      insert into ledger_entry select (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), 'payment_id', '01a207a8-0000-7000-8000-000000000001'))).*
        from ledger_entry e where payment_id = '${onAccount}'`);

    expect(found).toEqual([
      expect.stringMatching(/^payment\/01a207a8.* was recorded .*, and no entry of the journal says so$/),
      expect.stringMatching(/^debtor\/.* on the account, and no entry of the journal says so$/),
    ]);
  });
});

describe('money of a release that wrote no such entries', () => {
  const forgotten = (id: string): string =>
    `delete from journal where subject = 'debtor/${life.reminded.debtorId}' and body like '%${id}%'`;
  /** The night watch comes by where the journal does not know of the payment on account. */
  const watched = (): Promise<boolean> => comesBy(life.office.house, moneyChore(life.office.house));

  it.each([
    ['holds', 'select 1', []],
    [
      'is told when it was changed',
      `update payment set amount_cents = 6000 where id = ':paid'`,
      ['money what was recorded before'],
    ],
    [
      'is told when more is said to be of that time',
      `insert into payment select (jsonb_populate_record(p, '{"id": "01a207a8-0000-7000-8000-000000000001", "at": "2026-02-01T10:00:00Z"}')).* from payment p where id = ':paid'`,
      ['money what was recorded before'],
    ],
  ])('%s once it was noted', async (_what, change, told) => {
    const found = await intruder.meanwhile(tables, forgotten(onAccount), async () => {
      await watched();
      await intruder.run(change.replaceAll(':paid', onAccount));
      return (await brokenIn(life.office.house)).get('I26') ?? [];
    });

    expect(found.map(({ subject, what }) => `${subject} ${what}`)).toEqual(
      told.map((words) => expect.stringContaining(words) as string),
    );
  });
});
