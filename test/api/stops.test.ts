import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { uuidv7 } from '../../db/uuid.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

/** An invoice whose reminder stands at the door. */
async function atTheDoor(
  creditorId?: string,
): Promise<{ id: string; number: string; debtorId: string; creditorId: string }> {
  const invoice = await office.invoice(creditorId === undefined ? {} : { creditorId });
  await office.state(invoice.id, {
    type: 'stepRequested',
    step: 'reminder',
    occurrence: 1,
    channel: 'email',
  });
  return invoice;
}

const restarts = () =>
  office.house.db
    .selectFrom('contact_request')
    .select(['debtor_id', 'restart_at'])
    .orderBy('restart_at')
    .execute();

describe('the stop switch', () => {
  it('says what it silences, and stands until it is lifted', async () => {
    const invoice = await atTheDoor();

    const pulled = await office.ask('POST', '/v1/stops', {
      scope: 'creditor',
      subjectId: invoice.creditorId,
      reason: 'wrong bank details',
    });
    const listed = await office.ask('GET', '/v1/stops', undefined, { as: 'auditor' });
    const lifted = await office.ask('POST', `/v1/stops/${pulled.body.id}/lift`);
    const after = await office.ask('GET', '/v1/stops');

    expect(pulled).toMatchObject({
      status: 201,
      body: { scope: 'creditor', silences: { invoices: 1, debtors: 1, requests: 1 } },
    });
    expect(listed.body.items).toHaveLength(1);
    expect(lifted).toMatchObject({ status: 200, body: { restarting: 1 } });
    expect(after.body.items).toEqual([]);
  });

  it('is shown as the reason why a message does not leave', async () => {
    const invoice = await office.invoice({ dueDate: '2026-02-26' });
    office.clock.set('2026-03-06');
    await office.state(invoice.id, {
      type: 'stepRequested',
      step: 'reminder',
      occurrence: 1,
      channel: 'email',
    });
    await office.ask('POST', '/v1/stops', { scope: 'everything', reason: 'test' });

    const why = await office.ask('GET', `/v1/invoices/${invoice.id}/why`);

    expect(why.body.door).toEqual([
      expect.objectContaining({ code: 'stopped', text: 'A stop is in force.' }),
    ]);
  });

  // A week of silence must not become a flood of mail in one morning.
  it('lets what has gathered leave debtor by debtor when it is lifted', async () => {
    await office.ask('PATCH', '/v1/settings', { restartPerHour: 60 });
    for (let count = 0; count < 3; count += 1) await atTheDoor();
    const { body: stop } = await office.ask('POST', '/v1/stops', { scope: 'everything', reason: 'test' });

    const lifted = await office.ask('POST', `/v1/stops/${stop.id}/lift`);

    const now = await office.clock.now();
    expect((await restarts()).map((row) => (row.restart_at ?? 0) - now)).toEqual([0, 60_000, 120_000]);
    expect(lifted.body).toMatchObject({ restarting: 3, lastAt: new Date(now + 120_000).toISOString() });
  });

  it('touches no other creditor when one creditor starts again', async () => {
    const mine = await atTheDoor();
    await atTheDoor();
    const { body: stop } = await office.ask('POST', '/v1/stops', {
      scope: 'creditor',
      subjectId: mine.creditorId,
      reason: 'test',
    });

    await office.ask('POST', `/v1/stops/${stop.id}/lift`);

    expect((await restarts()).filter((row) => row.restart_at !== null)).toEqual([
      expect.objectContaining({ debtor_id: mine.debtorId }),
    ]);
  });

  it('has the doors looked at again when it is lifted', async () => {
    const { debtorId } = await atTheDoor();
    const { body: stop } = await office.ask('POST', '/v1/stops', {
      scope: 'debtor',
      subjectId: debtorId,
      reason: 'test',
    });
    const pokes = () =>
      office.house.db
        .selectFrom('outbox')
        .select('id')
        .where('workflow', '=', `debtor/${debtorId}`)
        .execute();
    const before = (await pokes()).length;

    await office.ask('POST', `/v1/stops/${stop.id}/lift`);

    expect(await pokes()).toHaveLength(before + 1);
  });

  it('can be pulled once over the same thing', async () => {
    await office.ask('POST', '/v1/stops', { scope: 'everything', reason: 'first' });

    const again = await office.ask('POST', '/v1/stops', { scope: 'everything', reason: 'second' });

    expect(again).toMatchObject({ status: 409, body: { code: 'already-stopped' } });
  });

  it('is refused over what is not here, and without a subject when it needs one', async () => {
    const unknown = await office.ask('POST', '/v1/stops', {
      scope: 'debtor',
      subjectId: uuidv7(),
      reason: 'test',
    });
    const nobody = await office.ask('POST', '/v1/stops', { scope: 'debtor', reason: 'test' });
    const everyone = await office.ask('POST', '/v1/stops', {
      scope: 'everything',
      subjectId: uuidv7(),
      reason: 'test',
    });

    expect([unknown.status, nobody.status, everyone.status]).toEqual([404, 400, 400]);
    expect(nobody.body.field).toBe('subjectId');
  });

  it('leaves in the journal who pulled and who lifted it', async () => {
    const { body: stop } = await office.ask(
      'POST',
      '/v1/stops',
      { scope: 'everything', reason: 'test' },
      { as: 'collector' },
    );
    await office.ask('POST', `/v1/stops/${stop.id}/lift`, undefined, { as: 'admin' });

    const entries = await office.house.db
      .selectFrom('journal')
      .select(['type', 'body'])
      .where('subject', '=', 'stop')
      .orderBy('seq')
      .execute();

    expect(entries.map(({ type, body }) => [type, (JSON.parse(body) as { by: string }).by])).toEqual([
      ['stopPulled', office.users.collector],
      ['stopLifted', office.users.admin],
    ]);
  });

  it('counts what it would silence, and stops nothing', async () => {
    const invoice = await atTheDoor();
    const wanted = { scope: 'debtor', subjectId: invoice.debtorId, reason: 'test', dryRun: true };

    const counted = await office.ask('POST', '/v1/stops', wanted);
    const unknown = await office.ask('POST', '/v1/stops', { ...wanted, subjectId: uuidv7() });

    expect(counted).toEqual(
      expect.objectContaining({
        status: 200,
        body: {
          silences: { invoices: 1, debtors: 1, requests: 1, owed: [{ amount: 120_000, currency: 'EUR' }] },
        },
      }),
    );
    expect(unknown.status).toBe(404);
    expect((await office.ask('GET', '/v1/stops')).body.items).toEqual([]);
  });

  it('has a last day, which is today or later where it is silent', async () => {
    const pull = (until: string) =>
      office.ask('POST', '/v1/stops', { scope: 'everything', reason: 'inventory', until });

    const late = await pull('2026-03-01');
    const pulled = await pull('2026-03-27');

    expect(late).toMatchObject({ status: 409, body: { code: 'hold-in-the-past', field: 'until' } });
    expect(pulled).toMatchObject({
      status: 201,
      body: { until: '2026-03-27', endsAt: '2026-03-27T23:00:00.000Z' },
    });
  });

  it('is among the holds of each invoice that it silences, whatever its width, and named on its page', async () => {
    const invoice = await atTheDoor();
    await office.ask('POST', `/v1/invoices/${invoice.id}/holds`, { reason: 'commercial' });
    await office.ask('POST', `/v1/debtors/${invoice.debtorId}/holds`, { reason: 'negotiation' });
    await office.ask('POST', '/v1/stops', {
      scope: 'creditor',
      subjectId: invoice.creditorId,
      reason: 'RIB erroné',
      until: '2026-03-27',
    });
    await office.ask('POST', '/v1/stops', { scope: 'everything', reason: 'inventaire' });

    const { holds } = (await office.ask('GET', `/v1/invoices/${invoice.id}`)).body;
    const page = async (language: string) =>
      (await office.ask('GET', `/i/${invoice.number}?lang=${language}`)).text;

    expect(holds.map((hold: { on: string; stop: boolean }) => [hold.on, hold.stop])).toEqual([
      ['invoice', false],
      ['debtor', false],
      ['everything', true],
      ['creditor', true],
    ]);
    expect(await page('fr')).toContain(
      'Plus rien ne part pour ce créancier, jusqu’au 27 mars 2026 inclus\u00a0: RIB erroné.',
    );
    expect(await page('en')).toContain('Nothing leaves for anybody: inventaire.');
  });
});

describe('silence at one address', () => {
  const hold = (body: object, as: 'collector' | 'credit_manager' = 'collector') =>
    office.ask('POST', '/v1/holds', { reason: 'talks', ...body }, { as });

  it('is placed over an invoice, a debtor, a creditor or everything, counted before and then, and read as one list', async () => {
    const invoice = await atTheDoor();
    const other = await office.invoice({ debtorId: invoice.debtorId, creditorId: invoice.creditorId });
    const scopes = [
      { scope: 'invoice', subjectId: invoice.id },
      { scope: 'debtor', subjectId: invoice.debtorId, until: '2026-03-20', comment: 'Rendez-vous le 20.' },
      { scope: 'creditor', subjectId: invoice.creditorId },
      { scope: 'everything' },
    ];

    const counted = [];
    for (const one of scopes) counted.push(await hold({ ...one, dryRun: true }));
    const before = await office.ask('GET', '/v1/holds', undefined, { as: 'auditor' });
    const placed = [];
    for (const one of scopes) placed.push(await hold(one));
    const list = await office.ask('GET', '/v1/holds', undefined, { as: 'auditor' });
    const first = await office.ask('GET', '/v1/holds?limit=3');
    const rest = await office.ask('GET', `/v1/holds?limit=3&cursor=${first.body.nextCursor}`);
    const his = await office.ask('GET', `/v1/holds?debtor=${invoice.debtorId}`);

    const sums = [1, 2, 2, 2].map((invoices) => ({ invoices, debtors: 1, requests: 1 }));
    expect(counted.map(({ status, body }) => [status, body.silences])).toMatchObject(
      sums.map((sum) => [200, sum]),
    );
    expect(before.body.items).toEqual([]);
    expect(placed.map(({ status, body }) => [status, body.kind, body.silences])).toMatchObject(
      sums.map((sum, place) => [201, place < 2 ? 'hold' : 'stop', sum]),
    );
    expect(list.body.items).toMatchObject([
      { kind: 'stop', scope: 'everything', subject: null, until: null },
      { kind: 'stop', scope: 'creditor', subject: { id: invoice.creditorId } },
      { kind: 'hold', scope: 'debtor', subject: { id: invoice.debtorId }, until: '2026-03-20' },
      { kind: 'hold', scope: 'invoice', subject: { id: invoice.id, name: invoice.number }, reason: 'talks' },
    ]);
    expect([...first.body.items, ...rest.body.items]).toEqual(list.body.items);
    expect(his.body.items.map(({ scope }: { scope: string }) => scope)).toEqual(['debtor', 'invoice']);
    const { holds } = (await office.ask('GET', `/v1/invoices/${other.id}`)).body;
    expect(holds.map(({ inForce }: { inForce: boolean }) => inForce)).toEqual([true, true, true]);
  });

  it('is lifted where the list says, and leaves it; a hold whose day is over has left it by itself', async () => {
    const invoice = await office.invoice();
    const scopes = [
      { scope: 'invoice', subjectId: invoice.id, until: '2026-03-03' },
      { scope: 'invoice', subjectId: invoice.id },
      { scope: 'debtor', subjectId: invoice.debtorId },
      { scope: 'everything' },
    ];
    for (const one of scopes) await hold(one);
    office.clock.set('2026-03-04');

    const { items } = (await office.ask('GET', '/v1/holds')).body as { items: { lift: string }[] };
    const lifted = [];
    for (const { lift } of items) lifted.push((await office.ask('POST', lift)).status);

    expect(lifted).toEqual([200, 201, 201]);
    expect((await office.ask('GET', '/v1/holds')).body.items).toEqual([]);
  });

  it('is not placed over an invoice that its author may not know of', async () => {
    const { id } = await office.invoice({ collector: 'somebody.else@relance.example' });
    await office.house.db
      .updateTable('app_user')
      .set({ portfolio: 'own' })
      .where('id', '=', office.users.collector)
      .execute();

    const answer = await hold({ scope: 'invoice', subjectId: id });

    expect(answer.status).toBe(404);
    expect((await office.ask('GET', '/v1/holds')).body.items).toEqual([]);
  });

  it('is refused for what nobody knows, a day that has passed, and what is stopped already', async () => {
    const { id } = await office.invoice();
    const twice = [await hold({ scope: 'everything' }), await hold({ scope: 'everything' })];

    const unknown = await hold({ scope: 'debtor', subjectId: uuidv7() });
    const past = await hold({ scope: 'invoice', subjectId: id, until: '2026-03-01' });
    const nothing = await hold({ scope: 'creditor' });

    expect(twice.map(({ status, body }) => [status, body.code])).toEqual([
      [201, undefined],
      [409, 'already-stopped'],
    ]);
    expect([unknown.status, past.body.code, nothing.status]).toEqual([404, 'hold-in-the-past', 400]);
  });
});
