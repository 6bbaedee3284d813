import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

describe('a creditor', () => {
  it('that is new says what keeps it from sending', async () => {
    const added = await office.ask('POST', '/v1/creditors', { legalName: 'Neuve SAS' });

    expect(added.status).toBe(201);
    expect(added.body.missing).toEqual(['siren', 'address', 'iban', 'senderName', 'replyTo']);
  });

  it('may send once all of it is set, and keeps its numbers as they are recognised', async () => {
    const id = await office.creditor({ complete: false });
    const given = {
      legalName: 'Ateliers Martin SAS',
      siren: '732 829 320',
      address: ['12 rue des Forges', '69003 Lyon'],
      iban: 'FR14 2004 1010 0505 0001 3M02 606',
      senderName: 'Comptabilité',
      replyTo: 'compta@martin.example',
      country: 'France',
    };

    const set = await office.ask('PATCH', `/v1/creditors/${id}`, given);

    expect(set).toMatchObject({
      status: 200,
      body: { siren: '732829320', iban: 'FR1420041010050500013M02606', country: 'FR', missing: [] },
    });
  });

  // An IBAN with one wrong digit sends a debtor's payment astray.
  it.each([
    ['siren', '732829321', 'check digit'],
    ['iban', 'FR1420041010050500013M02607', 'check digits'],
    ['bic', 'NOBANK', 'BIC'],
    ['vatNumber', 'FR00732829320', 'check digits'],
    ['replyTo', 'compta at martin', 'mail address'],
    ['zone', 'Europe/Lyon', 'time zone'],
    ['country', 'Atlantis', 'country'],
    ['currency', 'écus', 'ISO 4217'],
  ])('is refused a wrong %s, and keeps what it had', async (field, value, said) => {
    const id = await office.creditor();
    const before = (await office.ask('GET', `/v1/creditors/${id}`)).body;

    const answer = await office.ask('PATCH', `/v1/creditors/${id}`, { [field]: value });

    expect(answer).toMatchObject({ status: 400, body: { field } });
    expect(`${answer.body.detail} ${answer.body.remedy}`.toLowerCase()).toContain(said.toLowerCase());
    expect((await office.ask('GET', `/v1/creditors/${id}`)).body).toEqual(before);
  });

  it('abroad needs no SIREN', async () => {
    const id = await office.creditor();

    const set = await office.ask('PATCH', `/v1/creditors/${id}`, { country: 'BE', siren: null });

    expect(set.body.missing).toEqual([]);
  });

  it('that is changed has the doors looked at where something waits in its name', async () => {
    const invoice = await office.invoice();
    await office.state(invoice.id, {
      type: 'stepRequested',
      step: 'reminder',
      occurrence: 1,
      channel: 'email',
    });
    const pokes = () =>
      office.house.db
        .selectFrom('outbox')
        .select('id')
        .where('workflow', '=', `debtor/${invoice.debtorId}`)
        .execute();
    const before = (await pokes()).length;

    await office.ask('PATCH', `/v1/creditors/${invoice.creditorId}`, { phone: '+33 4 72 00 00 00' });

    expect(await pokes()).toHaveLength(before + 1);
  });

  // Who changed the bank details is the first question after a fraud.
  it('leaves in the journal who changed which field, and of the values only by what to know them again', async () => {
    const id = await office.creditor();
    await office.ask('PATCH', `/v1/creditors/${id}`, { iban: 'DE89370400440532013000' }, { as: 'admin' });

    const entries = await office.house.db
      .selectFrom('journal')
      .select('body')
      .where('subject', '=', `creditor/${id}`)
      .orderBy('seq', 'desc')
      .execute();

    const body = entries[0]?.body ?? '';
    const said = JSON.parse(body) as object;
    expect(said).toMatchObject({ fields: ['iban'], by: office.users.admin });
    expect(Object.keys(said).sort()).toEqual(['by', 'fields', 'noted']);
    expect(body).not.toContain('DE89370400440532013000');
    expect(body).toMatch(/"account":"[0-9a-f]{64}"/);
  });
});

describe('a user', () => {
  it('gets a key that opens, shown once', async () => {
    const added = await office.ask(
      'POST',
      '/v1/users',
      { name: 'Camille', role: 'collector', portfolio: 'all', email: 'camille@relance.example', key: {} },
      { as: 'admin' },
    );
    const me = await office.ask('GET', '/v1/me', undefined, { key: added.body.key });
    const listed = await office.ask('GET', '/v1/users', undefined, { as: 'admin' });

    expect(added.status).toBe(201);
    expect(me.body).toMatchObject({ name: 'Camille', role: 'collector', language: 'fr' });
    expect(listed.text).not.toContain(added.body.key);
  });

  it('is added by an admin alone, with a role that exists and a name that is free', async () => {
    const byOther = await office.ask(
      'POST',
      '/v1/users',
      { name: 'X', role: 'admin' },
      { as: 'credit_manager' },
    );
    const badRole = await office.ask('POST', '/v1/users', { name: 'X', role: 'king' }, { as: 'admin' });
    const taken = await office.ask('POST', '/v1/users', { name: 'sales', role: 'sales' }, { as: 'admin' });

    expect([byOther.status, badRole.status, taken.status]).toEqual([403, 400, 409]);
    expect(badRole.body.remedy).toContain('collector');
  });

  it.each([
    ['a key', (user: object) => office.ask('POST', '/v1/users', user, { as: 'admin' })],
    ['a link', (user: object) => office.ask('POST', '/v1/invitations', { user }, { as: 'admin' })],
  ])('who is a collector and gets %s sees the files that were said, and it must be said', async (by, add) => {
    const told = { name: `Colin by ${by}`, role: 'collector' };

    const unsaid = await add(told);
    const said = await add({ ...told, portfolio: 'own' });
    const { body } = await office.ask('GET', '/v1/users', undefined, { as: 'admin' });

    expect([unsaid.status, said.status]).toEqual([400, 201]);
    expect(unsaid.text).toContain('Give own for those that name him, or all.');
    expect(body.items).toContainEqual(expect.objectContaining({ name: told.name, portfolio: 'own' }));
  });

  it('leaves no name in the journal', async () => {
    const { body } = await office.ask(
      'POST',
      '/v1/users',
      { name: 'Madame Secrète', role: 'legal', email: 'secrete@relance.example', key: {} },
      { as: 'admin' },
    );

    const entries = await office.house.db
      .selectFrom('journal')
      .select('body')
      .where('subject', '=', `user/${body.user.id}`)
      .execute();

    expect(entries).toHaveLength(2);
    expect(JSON.stringify(entries)).not.toMatch(/Secr|secrete/);
  });
});

describe('the caps of the door', () => {
  it('are changed one by one, within reason', async () => {
    const set = await office.ask('PATCH', '/v1/settings', { contactsPerWeek: 2 });
    const tooMany = await office.ask('PATCH', '/v1/settings', { contactsPerDay: 50 });

    expect(set.body).toMatchObject({ contactsPerDay: 1, contactsPerWeek: 2 });
    expect(tooMany).toMatchObject({ status: 400, body: { field: 'contactsPerDay' } });
  });
});
