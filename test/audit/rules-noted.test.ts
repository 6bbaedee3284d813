import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRulesToNote, noteRules } from '../../db/audit/rules-noted.ts';
import { rulesChore } from '../../temporal/audit/rules-chore.ts';
import { comesBy } from '../setup/night.ts';
import { livedIn } from './lived-in.ts';
import type { LivedIn } from './lived-in.ts';
import { Intruder } from './tampering.ts';

let life: LivedIn;
let intruder: Intruder;
beforeAll(async () => {
  life = await livedIn();
  intruder = await Intruder.enter(life.office);
  await comesBy(life.office.house, rulesChore(life.office.house));
});
afterAll(async () => {
  await intruder.leave();
  await life.office.close();
});

describe('the rules by which past lives are lived again', () => {
  it('are noted once, when they come to be used', async () => {
    const { db } = life.office.house;

    expect([await hasRulesToNote(db), await noteRules(db, 0)]).toEqual([false, 0]);
  });

  it('hold where nobody has touched them', async () => {
    expect(await intruder.found('I27', [], 'select 1')).toEqual([]);
  });

  it.each([
    [
      'a step of a scenario',
      'scenario_version',
      `update scenario_version set content = jsonb_set(content, '{steps,1,offsetDays}', '1'), checksum = 'x' where id = 'standard@1'`,
      'scenario/standard@1 was altered',
    ],
    [
      'the holidays of a calendar',
      'calendar',
      `update calendar set content = jsonb_set(content, '{holidays}', '[]')`,
      'calendar/FR/Europe/Paris/2026 was altered',
    ],
    [
      'a whole version, which is gone',
      'scenario_version',
      `delete from scenario_version where id = 'risky@1'`,
      'scenario/risky@1 is gone',
    ],
  ])('are told when SQL has changed %s', async (_what, table, statement, told) => {
    const found = await intruder.found('I27', [table], statement);

    expect(found).toEqual([expect.stringContaining(told)]);
  });

  it('are compared with the code before they are noted', async () => {
    const found = await intruder.found(
      'I27',
      ['scenario_version', 'journal'],
      `delete from journal where subject = 'rules';
       update scenario_version set content = jsonb_set(content, '{steps,1,offsetDays}', '1') where id = 'standard@1'`,
    );

    expect(found).toEqual(['scenario/standard@1 is not the one that ships with this release']);
  });
});
