import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { debtorsChore } from '../../temporal/audit/debtors-chore.ts';
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
  added = await register('M-1');
  // The office has debtors of whom the journal says nothing, as a house of an earlier release.
  const chore = debtorsChore(life.office.house);
  expect(await comesBy(life.office.house, chore)).toBe(true);
  expect(await comesBy(life.office.house, chore)).toBe(false);
});
afterAll(async () => {
  await intruder.leave();
  await life.office.close();
});

/** The debtor of an invoice that comes with his customer code and a contact, as from a file. */
async function register(number: string, email = 'compta@nord.example'): Promise<string> {
  const { invoice } = await ask(life.office, '/v1/invoices', {
    debtor: { name: 'Forges du Nord', reference: 'C-NORD' },
    contact: { name: 'Zoé Marchand', email },
    number,
    dueDate: '2026-04-20',
    amount: { amount: 100_00, currency: 'EUR' },
    creditorId: await creditorOf(life.reminded.id),
  });
  return (await life.office.ask('GET', `/v1/invoices/${invoice.id}`)).body.debtor.id as string;
}

async function creditorOf(invoiceId: string): Promise<string> {
  return (await life.office.ask('GET', `/v1/invoices/${invoiceId}`)).body.creditor.id as string;
}

async function contactsOf(debtorId: string): Promise<readonly string[]> {
  const { body } = await life.office.ask('GET', `/v1/debtors/${debtorId}`);
  return body.contacts.map(({ id }: { id: string }) => id);
}

const tables = ['debtor', 'contact', 'journal'];
const found = (statements: string): Promise<readonly string[]> =>
  intruder.found('I28', tables, statements.replaceAll(':debtor', life.reminded.debtorId));

describe('who owes, and whom we write to, is held against what the journal last said:', () => {
  it('what came by a file, was there before or is changed by whoever may holds, and nobody stands in an entry', async () => {
    const [contact] = await contactsOf(added);
    const changed = await life.office.ask('PATCH', `/v1/contacts/${contact}`, {
      email: 'autre@nord.example',
    });
    const moved = await life.office.ask('PATCH', `/v1/debtors/${life.reminded.debtorId}`, { grade: 'C' });
    await register('M-2', 'direction@nord.example');
    const entries = await intruder.entriesOf(`debtor/${added}`);

    expect([changed.status, moved.status]).toEqual([200, 200]);
    expect(await found('select 1')).toEqual([]);
    expect(entries.map(({ type }) => type)).toEqual(['debtorAdded', 'debtorChanged', 'debtorChanged']);
    expect(entries.map(({ body }) => body).join('')).not.toMatch(/nord|Marchand/i);
  });

  it.each([
    ['a mail address', `email = 'x@thief.example'`, 'has another address or number than'],
    ['the address of letters', `address = '{"1 rue du Voleur"}'`, 'has another address or number than'],
    ['a name', `name = 'Someone else'`, 'has another name, role or language than'],
    ['who is asked to be silent', `opted_out_at = now()`, 'has another say on what may be sent to him than'],
  ])('%s of any contact', async (_what, change, words) => {
    const rows = await life.office.house.db.selectFrom('contact').select('id').orderBy('id').execute();
    const told = await found(`update contact set ${change}`);

    expect([...told].sort()).toEqual(
      rows.map(({ id }) => expect.stringContaining(`contact/${id} ${words}`) as string),
    );
  });

  it.each([
    ['name', `name = 'Someone else'`, 'has another name or registration than'],
    ['VAT number', `vat_number = 'FR00000000000'`, 'has another name or registration than'],
    ['kind', `kind = 'consumer'`, 'has another kind, place, language, grade, judgment or security than'],
    ['zone', `zone = 'Asia/Tokyo'`, 'has another kind, place, language, grade, judgment or security than'],
    ['grade', `grade = 'A'`, 'has another kind, place, language, grade, judgment or security than'],
  ])('the %s of a debtor', async (_what, change, words) => {
    const told = await found(`update debtor set ${change} where id = ':debtor'`);

    expect(told).toEqual([expect.stringContaining(`debtor/${life.reminded.debtorId} ${words}`)]);
  });

  it('who was put in, who is gone, and a contact who was given to another debtor', async () => {
    const [other, another] = ['01a207a8-0000-7000-8000-000000000001', '01a207a8-0000-7000-8000-000000000002'];
    const [contact] = await contactsOf(life.reminded.debtorId);
    const [his] = await contactsOf(life.letter.debtorId);
    const told = await found(`
      insert into contact select (jsonb_populate_record(c, '{"id": "${other}"}')).* from contact c where id = '${contact}';
      insert into debtor select (jsonb_populate_record(d, '{"id": "${another}", "key": "other"}')).* from debtor d where id = ':debtor';
      update contact set debtor_id = ':debtor' where id = '${his}';
      delete from contact where id = '${contact}';
      delete from debtor where id = '${added}'`);

    expect([...told].sort()).toEqual(
      [
        `contact/${other} is none of whom the journal says how he came to debtor/${life.reminded.debtorId}`,
        `contact/${his} is none of whom the journal says how he came to debtor/${life.reminded.debtorId}`,
        `contact/${his} is gone from debtor/${life.letter.debtorId}, and the journal names him there`,
        `contact/${contact} is gone from debtor/${life.reminded.debtorId}, and the journal names him there`,
        `debtor/${another} is none of whom the journal says how he came`,
        `debtor/${added} is gone, and the journal names him`,
      ].sort(),
    );
  });

  it('nothing is told of a house whose night watch has not come by yet', async () => {
    const told = await found(`
      delete from journal where subject = 'debtors' or subject like 'debtor/%';
      update debtor set kind = 'consumer'; update contact set email = 'x@thief.example'`);

    expect(told).toEqual([]);
  });

  it('two who are merged, and parted again, hold; a change past Relance is told of each', async () => {
    const pair = { goneId: life.letter.debtorId, intoId: life.reminded.debtorId };
    const merged = await ask(life.office, '/v1/merges', pair);
    const together = await found('select 1');
    const changed = await found(`update contact set email = 'x@thief.example' where debtor_id = ':debtor'`);
    await ask(life.office, `/v1/merges/${merged.mergeId}/undo`, {});
    const parted = await found('select 1');
    const after = await found(`update contact set email = 'x@thief.example' where debtor_id = ':debtor'`);

    expect([together, parted]).toEqual([[], []]);
    expect([changed.length, after.length]).toEqual([2, 1]);
  });

  it('who was erased is compared with nothing any more, and nothing of him can be tried against the journal', async () => {
    const [contact, kept] = await contactsOf(added);
    const answer = await life.office.ask(
      'POST',
      `/v1/contacts/${contact}/erasure`,
      { reason: 'asked' },
      { as: 'admin' },
    );
    const row = await life.office.house.db
      .selectFrom('contact')
      .select('noted_salt')
      .where('id', '=', contact ?? '')
      .executeTakeFirstOrThrow();

    expect([answer.status, row.noted_salt]).toEqual([200, null]);
    expect(await found('select 1')).toEqual([]);
    expect(await found(`update contact set phone = '+33100000000' where debtor_id = '${added}'`)).toEqual([
      expect.stringContaining(`contact/${kept} has another address or number`),
    ]);
  });
});
