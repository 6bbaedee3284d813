import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { creditorNamed } from '../../db/sellers.ts';
import { termsChore } from '../../temporal/audit/terms-chore.ts';
import { brokenIn } from '../setup/broken-in.ts';
import { comesBy } from '../setup/night.ts';
import { ask, livedIn } from './lived-in.ts';
import type { LivedIn } from './lived-in.ts';
import { Intruder } from './tampering.ts';

let life: LivedIn;
let intruder: Intruder;
let added = '';
beforeAll(async () => {
  life = await livedIn();
  intruder = await Intruder.enter(life.office);
  const creditor = { key: 'nord', legalName: 'Forges du Nord SAS', iban: 'FR1420041010050500013M02606' };
  added = (await ask(life.office, '/v1/creditors', creditor)).id as string;
  // The office has a creditor of whom the journal says nothing, as a house of an earlier release.
  const chore = termsChore(life.office.house);
  expect(await comesBy(life.office.house, chore)).toBe(true);
  expect(await comesBy(life.office.house, chore)).toBe(false);
});
afterAll(async () => {
  await intruder.leave();
  await life.office.close();
});

const tables = ['creditor', 'debtor', 'journal'];
const found = (statements: string): Promise<readonly string[]> => intruder.found('I28', tables, statements);

describe('what claims are paid to, and at which rates, is held against what the journal last said:', () => {
  it('what was added, was there before or is changed by whoever may holds', async () => {
    const answer = await life.office.ask('PATCH', `/v1/creditors/${added}`, { bic: 'AGRIFRPP' });
    const rate = await life.office.ask('PATCH', `/v1/debtors/${life.reminded.debtorId}`, {
      penaltyRateHundredths: 1200,
    });

    expect([answer.status, rate.status]).toEqual([200, 200]);
    expect(await found('select 1')).toEqual([]);
  });

  it.each([
    ['the account', `iban = 'DE89370400440532013000', bic = 'COBADEFF'`, 'has another bank account than'],
    ['the name', `legal_name = 'Someone else'`, 'has another name, address or registration than'],
    ['the address for replies', `reply_to = 'a@b.example'`, 'has another sender or address for replies than'],
    ['a rate', `penalty_rate_hundredths = 9999`, 'has another rates or terms than'],
  ])('%s of any creditor, of before or not', async (_what, change, words) => {
    const rows = await life.office.house.db.selectFrom('creditor').select('id').orderBy('id').execute();
    const told = await found(`update creditor set ${change}`);

    expect(rows.map(({ id }) => id)).toContain(added);
    expect([...told].sort()).toEqual(
      rows.map(({ id }) => expect.stringContaining(`creditor/${id} ${words}`) as string),
    );
  });

  it('a creditor who is gone, or was put in', async () => {
    const other = '01a207a8-0000-7000-8000-000000000001';
    const told = await found(`
      insert into creditor select (jsonb_populate_record(c, '{"id": "${other}", "key": "other"}')).* from creditor c where id = '${added}';
      delete from creditor where id = '${added}'`);

    expect(told).toEqual([
      `creditor/${added} is gone, and the journal names it`,
      `creditor/${other} is none of whom the journal says how he came`,
    ]);
  });

  it.each([
    ['a rate that was agreed', 'reminded'],
    ['one where none was', 'letter'],
  ] as const)('%s with a debtor', async (_what, which) => {
    const { debtorId } = life[which];
    const told = await found(`update debtor set penalty_rate_hundredths = 4200 where id = '${debtorId}'`);

    expect(told).toEqual([
      expect.stringMatching(`^debtor/${debtorId} has .*4200.* as his rate, and the journal last said`),
    ]);
  });

  it('nothing is told of a house whose night watch has not come by yet', async () => {
    const told = await intruder.meanwhile(
      tables,
      `delete from journal where subject = 'terms' or subject like 'creditor/%'; update creditor set iban = null`,
      () => brokenIn(life.office.house),
    );

    expect(told.get('I28')).toBeUndefined();
  });

  it('a creditor whom an import has met is known from the moment he came', async () => {
    const met = await creditorNamed(life.office.house.db, 'nord');
    const entries = await intruder.entriesOf(`creditor/${met?.id ?? ''}`);

    expect(entries.map(({ type }) => type)).toEqual(['creditorAdded', 'creditorChanged']);
    expect(entries.map(({ body }) => body).join('')).not.toContain('FR14');
  });
});
