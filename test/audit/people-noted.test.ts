import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addLawValue } from '../../db/law.ts';
import { addUser } from '../../db/users.ts';
import { namesChore } from '../../temporal/audit/names-chore.ts';
import { setHouse } from '../setup/set-house.ts';
import { ask, livedIn } from './lived-in.ts';
import type { LivedIn } from './lived-in.ts';
import { Intruder } from './tampering.ts';

let life: LivedIn;
let intruder: Intruder;
let collector = '';
beforeAll(async () => {
  life = await livedIn();
  intruder = await Intruder.enter(life.office);
  const { db, clock } = life.office.house;
  const now = await clock.now();
  await db.transaction().execute(async (tx) => {
    const value = { from: '2026-01-01', to: null, value: 265, source: 'JORF', sourced: true } as const;
    await addLawValue(tx, now, { ...value, code: 'ecb_refinancing_rate', lawyerValidated: false }, 'user-1');
    const user = { name: 'Zoé', email: null, role: 'collector', language: 'fr' } as const;
    collector = (await addUser(tx, now, user, 'user-1')) ?? '';
    const second = { ...user, name: 'Ada', role: 'admin' } as const;
    await addUser(tx, now, second, 'user-1');
  });
  await setHouse(life.office.house, { fourEyes: true });
  const chore = namesChore(life.office.house);
  await chore.do({ business: now, machine: 0 }, new AbortController().signal);
  expect(await chore.due({ business: now, machine: 0 })).toBe(false);
  const stopped = { scope: 'debtor', subjectId: life.letter.debtorId, reason: 'talks' };
  await ask(life.office, '/v1/stops', stopped);
  await ask(life.office, `/v1/invoices/${life.reminded.id}/write-off`, { reason: 'uncollectible' });
});
afterAll(async () => {
  await intruder.leave();
  await life.office.close();
});

const tables = ['setting', 'app_user', 'approval', 'law_value', 'stop', 'debtor_hold'];
const found = (statements: string): Promise<readonly string[]> => intruder.found('I29', tables, statements);

describe('who decided, and by which law, is held against the journal:', () => {
  it('what nobody has touched holds', async () => {
    const { db } = life.office.house;
    const counts = await Promise.all(
      (['approval', 'law_value', 'stop', 'debtor_hold'] as const).map(
        async (table) => (await db.selectFrom(table).selectAll().execute()).length,
      ),
    );

    expect(counts).toEqual([1, 1, 1, 1]);
    expect(await found('select 1')).toEqual([]);
  });

  it.each([
    [
      'a role that nobody gave',
      `update app_user set role = 'admin' where id = ':collector'`,
      /^user\/.* has the role admin, and the journal last said collector$/,
    ],
    [
      'a user who was shut out by nobody',
      `update app_user set disabled_at = now() where id = ':collector'`,
      /^user\/.* is shut out, and the journal last said otherwise$/,
    ],
    [
      'another name',
      `update app_user set name = 'Marc' where id = ':collector'`,
      /^user\/.* has another name or mail address than the journal last said$/,
    ],
    [
      'a user who was put in',
      `insert into app_user select (jsonb_populate_record(u, '{"id": "01a207a8-0000-7000-8000-000000000001", "name": "x", "email": "x@x.example"}')).* from app_user u where id = ':collector'`,
      /^user\/01a207a8-.* is none of whom the journal says how he came$/,
    ],
    [
      'a yes that nobody gave',
      `update approval set state = 'granted', decided_by = ':collector', decided_at = now()`,
      /^approval\/.* was granted by .*, and the journal says that nobody answered$/,
    ],
    [
      'a question that somebody else asked',
      `update approval set asked_by = ':collector'`,
      /^approval\/.* was asked by /,
    ],
    ['one that is gone', `delete from approval`, /^approval\/.* is gone/],
    [
      'another value of the law',
      `update law_value set to_day = '2026-06-30'`,
      /^law\/ecb_refinancing_rate the value of/,
    ],
    [
      'one that is gone',
      `delete from law_value`,
      /^law\/ecb_refinancing_rate the value 265 of 2026-01-01 .* is gone$/,
    ],
    ['a stop of somebody else', `update stop set placed_by = 'nobody'`, /^stop\/.* was pulled by nobody/],
    [
      'one that was lifted by nobody',
      `update stop set lifted_at = now(), lifted_by = ':collector'`,
      /^stop\/.* lifted by nobody$/,
    ],
    ['a hold of somebody else', `update debtor_hold set placed_by = 'nobody'`, /^hold\/.* placed by nobody/],
    ['one that is gone', `delete from debtor_hold`, /^hold\/.* is gone/],
    [
      'four eyes that nobody has closed',
      `update setting set four_eyes = false`,
      /^setting\/fourEyes is false, and the journal last said true$/,
    ],
    [
      'a cap that nobody has lifted',
      `update setting set contacts_per_day = 10`,
      /^setting\/contactsPerDay is 10: it came as 1, and the journal names nobody who changed it$/,
    ],
  ])('%s (%s)', async (_what, statement, words) => {
    const told = await found(statement.replaceAll(':collector', collector));

    expect(told).toEqual([expect.stringMatching(words)]);
  });

  it('what an administrator has set holds, and is what it is compared with from then on', async () => {
    const answer = await life.office.ask('PATCH', '/v1/settings', { gapDaysMin: 5 }, { as: 'admin' });

    expect(answer.status).toBe(200);
    expect(await found('select 1')).toEqual([]);
    expect(await found('update setting set gap_days_min = 2')).toEqual([
      'setting/gapDaysMin is 2, and the journal last said 5',
    ]);
  });

  it('a value of the law that was put in, or changed with its amount', async () => {
    const more = await found(`
      insert into law_value (code, from_day, value, source, sourced, lawyer_validated, added_at, added_by)
      values ('ecb_refinancing_rate', '2026-02-01', 1, 'x', true, true, now(), 'nobody')`);
    const changed = await found(`update law_value set value = 9`);

    expect(more).toEqual([expect.stringContaining('of which the journal says nothing')]);
    expect(changed).toHaveLength(2);
  });
});
