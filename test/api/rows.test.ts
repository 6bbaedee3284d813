import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atTheDesk, ourselves } from '../../db/desk.ts';
import { takeBack } from '../../db/hand-overs.ts';
import { uuidv7 } from '../../db/uuid.ts';
import type { Role } from '../../domain/role.ts';
import { linkForAdministrator } from '../../start/new-key.ts';
import { openOffice } from '../setup/office.ts';
import type { InvoiceGiven, Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const eur = (amount: number) => ({ amount, currency: 'EUR' });

async function handed(given: InvoiceGiven = {}) {
  const invoice = await office.invoice(given);
  const answer = await office.ask('POST', `/v1/invoices/${invoice.id}/hand-over`, {
    firmId: office.users.external_firm,
    incompleteBecause: 'Urgent.',
    comment: 'Dossier complet joint.',
  });
  expect(answer.status).toBe(201);
  return invoice;
}

/** A collector who sees his own files alone. */
async function collectorNamed(name: string, email?: string): Promise<string> {
  const { body } = await office.ask(
    'POST',
    '/v1/users',
    { name, role: 'collector', portfolio: 'own', key: {}, ...(email === undefined ? {} : { email }) },
    { as: 'admin' },
  );
  return body.key as string;
}

describe('an external firm', () => {
  const as = { as: 'external_firm' } as const;

  it('sees a file from the day that it is handed over until it is taken back', async () => {
    const { id } = await office.invoice();

    const before = await office.ask('GET', `/v1/invoices/${id}`, undefined, as);
    await office.ask('POST', `/v1/invoices/${id}/hand-over`, {
      firmId: office.users.external_firm,
      incompleteBecause: 'Urgent.',
    });
    const during = await office.ask('GET', `/v1/invoices/${id}`, undefined, as);
    await office.ask('POST', `/v1/invoices/${id}/hand-over/withdrawal`, {});
    const after = await office.ask('GET', `/v1/invoices/${id}`, undefined, as);
    const list = await office.ask('GET', '/v1/invoices', undefined, as);

    expect([before.status, during.status, after.status]).toEqual([404, 200, 404]);
    expect(during.body.handOver).toMatchObject({ firm: { name: 'external_firm' } });
    expect(list.text).not.toContain(id);
  });

  it('works in silence of ours, which ends when the file is taken back', async () => {
    const { id } = await office.invoice();
    const state = async () => (await office.ask('GET', `/v1/invoices/${id}`)).body.next.state as string;
    const chased = await state();

    await office.ask('POST', `/v1/invoices/${id}/hand-over`, {
      firmId: office.users.external_firm,
      incompleteBecause: 'Urgent.',
    });
    const silent = await state();
    await office.ask('POST', `/v1/invoices/${id}/hand-over/withdrawal`, {});

    expect(silent).toBe('held');
    expect(await state()).toBe(chased);
  });

  it('has a file that ended as handed over too, and promises nothing for it', async () => {
    const { id } = await office.invoice();
    await office.state(id, { type: 'handedOver', packId: uuidv7() });

    const answer = await office.ask('POST', `/v1/invoices/${id}/hand-over`, {
      firmId: office.users.external_firm,
      incompleteBecause: 'Urgent.',
    });
    const note = await office.ask('POST', `/v1/invoices/${id}/notes`, { text: 'Assigné.' }, as);
    const back = await office.ask('POST', `/v1/invoices/${id}/hand-over/withdrawal`, {});

    expect([answer.status, note.status, back.status]).toEqual([201, 201, 201]);
  });

  it('is one at a time, and nobody but a firm', async () => {
    const { id } = await handed();

    const twice = await office.ask('POST', `/v1/invoices/${id}/hand-over`, {
      firmId: office.users.external_firm,
      incompleteBecause: 'Urgent.',
    });
    const other = (await office.invoice()).id;
    const nobody = await office.ask('POST', `/v1/invoices/${other}/hand-over`, {
      firmId: office.users.sales,
      incompleteBecause: 'Urgent.',
    });

    expect(twice).toMatchObject({ status: 409, body: { code: 'already-handed-over' } });
    expect(nobody).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  it('reads what was written with the hand-over and after it, and not what we wrote for ourselves before', async () => {
    const { id } = await office.invoice();
    const write = (text: string) => office.ask('POST', `/v1/invoices/${id}/notes`, { text });
    await write('Client de mauvaise foi.');
    await office.ask('POST', `/v1/invoices/${id}/hand-over`, {
      firmId: office.users.external_firm,
      incompleteBecause: 'Urgent.',
      comment: 'Dossier complet joint.',
    });
    await write('Le client a rappelé.');

    const [story, facts] = await Promise.all(
      ['timeline', 'facts'].map((what) => office.ask('GET', `/v1/invoices/${id}/${what}`, undefined, as)),
    );
    const ours = await office.ask('GET', `/v1/invoices/${id}/timeline`);

    const words = (story?.body.items as { words: string | null }[]).flatMap((one) => one.words ?? []);
    expect(words).toEqual(['Dossier complet joint.', 'Urgent.', 'Le client a rappelé.']);
    const types = (facts?.body.items as { type: string }[]).map(({ type }) => type);
    expect(types.filter((type) => type === 'noteAdded')).toHaveLength(1);
    expect(ours.text).toContain('Client de mauvaise foi.');
  });

  it.each([
    ['shut out', { disabled: true }],
    ['made something else', { role: 'auditor' }],
  ])('is not %s while it has a file, which would be held for nobody', async (_, change) => {
    const added = await office.ask(
      'POST',
      '/v1/users',
      { name: `Cabinet ${uuidv7()}`, role: 'external_firm' },
      { as: 'admin' },
    );
    const firmId = added.body.user.id as string;
    await office.ask('PATCH', `/v1/firms/${firmId}`, { kind: 'insurer' });
    const { id } = await office.invoice();
    await office.ask('POST', `/v1/invoices/${id}/hand-over`, { firmId, incompleteBecause: 'Urgent.' });
    const say = () => office.ask('PATCH', `/v1/users/${firmId}`, change, { as: 'admin' });

    const refused = await say();
    await office.ask('POST', `/v1/invoices/${id}/hand-over/withdrawal`, {});
    const done = await say();

    expect(refused).toMatchObject({ status: 409, body: { code: 'still-has-files' } });
    expect(refused.body.detail).toContain('Files handed over to him: 1.');
    expect(done.status).toBe(204);
  });

  it('leaves a trace of each hand-over in the story of the file', async () => {
    const { id } = await handed();
    await office.ask('POST', `/v1/invoices/${id}/hand-over/withdrawal`, {});

    const { body } = await office.ask('GET', `/v1/invoices/${id}/timeline`);
    const told = (body.items as { type: string }[]).map(({ type }) => type);

    expect(told).toEqual(expect.arrayContaining(['handedToFirm', 'handOverNote', 'takenBackFromFirm']));
  });

  // It holds the request open while the file is taken back: the lock decides, and the row is asked for again under it.
  it('writes nothing into a file that is taken back while it writes', async () => {
    const { id, debtorId } = await handed();
    let late: Promise<{ status: number }> | undefined;

    await atTheDesk(office.house, [debtorId], async (desk) => {
      late = office.ask('POST', `/v1/invoices/${id}/notes`, { text: 'Encore moi.' }, as);
      // The request waits for the lock of the debtor before we go on.
      await waitingForALock();
      const file = await desk.file(id);
      if (file) await takeBack(desk, file, ourselves);
    });

    expect((await late)?.status).toBe(404);
  });

  it('gets no answer repeated of a file that it no longer has', async () => {
    const { id } = await handed();
    const key = { 'idempotency-key': randomUUID() };
    const write = () =>
      office.ask('POST', `/v1/invoices/${id}/notes`, { text: 'Vu.' }, { ...as, headers: key });

    const first = await write();
    await office.ask('POST', `/v1/invoices/${id}/hand-over/withdrawal`, {});
    const again = await write();

    expect([first.status, again.status]).toEqual([201, 404]);
  });

  it('hears in its open stream of the files that it has, and of a file that is taken back no more', async () => {
    const { id } = await handed();
    if (!office.app.server.listening) await office.app.listen({ host: '127.0.0.1', port: 0 });
    const stream = await streamOf('external_firm');

    await office.ask('POST', `/v1/invoices/${id}/payments`, { amount: eur(100) });
    await number();
    const heard = await stream.until(`"invoiceId":"${id}"`);
    await office.ask('POST', `/v1/invoices/${id}/hand-over/withdrawal`, {});
    await office.ask('POST', `/v1/invoices/${id}/payments`, { amount: eur(200) });
    const other = await handed();
    await number();
    const later = await stream.until(`"invoiceId":"${other.id}"`);
    await stream.close();

    expect(heard).toContain('paymentRecorded');
    expect(later).not.toContain(id);
  });
});

describe('who sells', () => {
  const as = { as: 'sales' } as const;

  it('sees the files that name him, in whatever case, by name or mail address', async () => {
    const named = [
      await office.invoice({ salesOwner: 'sales' }),
      await office.invoice({ salesOwner: 'SALES' }),
      await office.invoice({ salesOwner: 'Sales@Relance.Example' }),
    ];
    const others = [await office.invoice({ salesOwner: 'salesman' }), await office.invoice()];

    const statuses = async (list: typeof named) =>
      Promise.all(
        list.map(async ({ id }) => (await office.ask('GET', `/v1/invoices/${id}`, undefined, as)).status),
      );

    expect(await statuses(named)).toEqual([200, 200, 200]);
    expect(await statuses(others)).toEqual([404, 404]);
  });

  it('does not choose the name by which files are his', async () => {
    const made = await office.ask(
      'POST',
      '/v1/invitations',
      { user: { name: 'Newcomer', role: 'sales' } },
      { as: 'admin' },
    );
    const token = new URL(made.body.link as string).hash.slice(1);
    const accept = (more: object) =>
      office.ask(
        'POST',
        '/v1/invitations/acceptance',
        { token, password: 'quatre chevaux verts', ...more },
        { as: null },
      );

    const renamed = await accept({ name: 'Jean Martin' });
    const accepted = await accept({});

    expect(renamed).toMatchObject({ status: 400, body: { field: 'name' } });
    expect(accepted.status).toBeLessThan(300);
  });

  it('is told no bank account, no payment and nothing of litigation', async () => {
    const { id, debtorId, creditorId, number: invoiceNumber } = await office.invoice({ salesOwner: 'sales' });
    await office.ask('POST', `/v1/invoices/${id}/payments`, { amount: eur(12_345), reference: 'VIR 77' });
    await office.ask('POST', `/v1/payments`, {
      debtorId,
      creditorId,
      amount: eur(54_321),
      valueDate: '2026-03-01',
      allocations: [],
    });
    await office.ask('POST', `/v1/invoices/${id}/notes`, { text: 'Assignation prête.' }, { as: 'legal' });
    await office.ask('POST', `/v1/invoices/${id}/notes`, { text: 'Rappeler lundi.' }, { as: 'collector' });
    await office.state(id, {
      type: 'taskOpened',
      taskId: uuidv7(),
      task: 'hand_over',
      about: null,
      dueOn: '2026-03-10',
    });
    await office.ask('POST', `/v1/invoices/${id}/hand-over`, {
      firmId: office.users.external_firm,
      incompleteBecause: 'Urgent.',
    });
    await office.ask('POST', `/v1/invoices/${id}/promises`, { date: '2026-03-10', amount: eur(100) });
    await number();
    if (!office.app.server.listening) await office.app.listen({ host: '127.0.0.1', port: 0 });
    const stream = await streamOf('sales');
    const heard = await stream.until('promiseMade');
    await stream.close();

    const read = await Promise.all(
      [
        `/v1/invoices/${id}`,
        `/v1/invoices/${id}/timeline`,
        `/v1/invoices/${id}/why`,
        `/v1/debtors/${debtorId}`,
        `/v1/creditors/${creditorId}`,
        '/v1/creditors',
        '/v1/tasks',
        '/v1/messages',
        `/i/${invoiceNumber}`,
      ].map(async (url) => office.ask('GET', url, undefined, as)),
    );

    expect(read.map(({ status }) => status)).toEqual(read.map(() => 200));
    const text = [heard, ...read.map((answer) => answer.text)].join('\n');
    expect(text).toContain('Rappeler lundi.');
    for (const secret of [
      'FR1420041010050500013M02606',
      'paymentRecorded',
      '54321',
      'Assignation',
      'hand_over',
      'taskOpened',
      'handedToFirm',
      office.users.external_firm,
    ])
      expect(text).not.toContain(secret);
  });
});

describe('a resolver', () => {
  const as = { as: 'resolver' } as const;

  it('sees the invoice of a dispute as long as it is his', async () => {
    const { id } = await office.invoice();
    const { body } = await office.ask('POST', `/v1/invoices/${id}/disputes`, { reason: 'quality' });
    const assign = (userId: string | null) =>
      office.ask('POST', `/v1/disputes/${body.disputeId as string}/assignment`, { userId });
    const look = async () => (await office.ask('GET', `/v1/invoices/${id}`, undefined, as)).status;

    const before = await look();
    const assigned = await assign(office.users.resolver);
    const during = await look();
    const resolved = await office.ask(
      'POST',
      `/v1/disputes/${body.disputeId as string}/resolution`,
      { outcome: 'unjustified' },
      as,
    );
    await assign(null);

    expect([before, assigned.status, during, resolved.status, await look()]).toEqual([
      404, 201, 200, 201, 404,
    ]);
  });

  it('is not shut out while a dispute waits for him', async () => {
    const added = await office.ask('POST', '/v1/users', { name: 'Rémi', role: 'resolver' }, { as: 'admin' });
    const userId = added.body.user.id as string;
    const { id } = await office.invoice();
    const { body } = await office.ask('POST', `/v1/invoices/${id}/disputes`, { reason: 'quality' });
    const url = `/v1/disputes/${body.disputeId as string}`;
    await office.ask('POST', `${url}/assignment`, { userId });
    const shutOut = () => office.ask('PATCH', `/v1/users/${userId}`, { disabled: true }, { as: 'admin' });

    const refused = await shutOut();
    await office.ask('POST', `${url}/resolution`, { outcome: 'unjustified' });
    const done = await shutOut();

    expect(refused).toMatchObject({ status: 409, body: { code: 'still-has-files' } });
    expect(done.status).toBe(204);
  });

  it('neither lists nor resolves another dispute of an invoice that is his', async () => {
    const { id } = await office.invoice();
    const open = async (reason: string) =>
      (await office.ask('POST', `/v1/invoices/${id}/disputes`, { reason, amount: eur(100) })).body
        .disputeId as string;
    const [mine, another] = [await open('quality'), await open('price')];
    const answer = (disputeId: string, outcome: string) =>
      office.ask('POST', `/v1/disputes/${disputeId}/resolution`, { outcome }, as);
    await office.ask('POST', `/v1/disputes/${mine}/assignment`, { userId: office.users.resolver });

    const resolved = await answer(mine, 'unjustified');
    const list = await office.ask('GET', '/v1/disputes', undefined, as);
    const file = await office.ask('GET', `/v1/invoices/${id}`, undefined, as);
    const refused = await answer(another, 'justified');

    expect([resolved.status, refused.status, file.status]).toEqual([201, 404, 200]);
    expect(list.text).toContain(mine);
    expect(list.text).not.toContain(another);
    expect(file.body.disputes.map(({ id: one }: { id: string }) => one)).toEqual([mine]);
  });

  it('is none whose role is another', async () => {
    const { id } = await office.invoice();
    const { body } = await office.ask('POST', `/v1/invoices/${id}/disputes`, { reason: 'quality' });

    const answer = await office.ask('POST', `/v1/disputes/${body.disputeId as string}/assignment`, {
      userId: office.users.sales,
    });

    expect(answer.status).toBe(404);
  });
});

describe('those to whom something can be given', () => {
  it('are named with their roles and no more, as long as they work here, to whoever gives', async () => {
    const { body: left } = await office.ask(
      'POST',
      '/v1/users',
      { name: 'Gone Firm', role: 'external_firm' },
      { as: 'admin' },
    );
    await office.ask('PATCH', `/v1/users/${left.user.id as string}`, { disabled: true }, { as: 'admin' });

    const firms = await office.ask('GET', '/v1/assignees?role=external_firm', undefined, { as: 'legal' });
    const all = await office.ask('GET', '/v1/assignees', undefined, { as: 'collector' });

    expect(firms.body.items).toEqual([
      { id: office.users.external_firm, name: 'external_firm', role: 'external_firm' },
    ]);
    expect(new Set(all.body.items.map(({ role }: { role: Role }) => role))).toEqual(
      new Set(['collector', 'sales', 'resolver', 'external_firm']),
    );
    expect(all.text).not.toContain('@');
  });
});

describe('a collector with a portfolio of his own', () => {
  it('loses sight of the rest when an admin says so, and sees all again when he says so', async () => {
    const { id } = await office.invoice({ collector: 'somebody' });
    const look = async () =>
      (await office.ask('GET', `/v1/invoices/${id}`, undefined, { as: 'collector' })).status;
    const say = (portfolio: string) =>
      office.ask('PATCH', `/v1/users/${office.users.collector}`, { portfolio }, { as: 'admin' });

    const before = await look();
    await say('own');
    const own = await look();
    await say('all');

    expect([before, own, await look()]).toEqual([200, 404, 200]);
  });

  it('sees of a debtor whom he shares his own part: invoices, sums, what waits', async () => {
    const key = await collectorNamed('Paul Part');
    const mine = await office.invoice({ collector: 'Paul Part', amountCents: 1_000 });
    const theirs = await office.invoice({ ...mine, number: 'F-THEIRS', amountCents: 70_000 });

    const one = await office.ask('GET', `/v1/debtors/${mine.debtorId}`, undefined, { key });
    const list = await office.ask('GET', '/v1/debtors', undefined, { key });

    expect(one.body.openItems.map((item: { id: string }) => item.id)).toEqual([mine.id]);
    expect(list.body.items).toHaveLength(1);
    expect(list.body.items[0].open).toEqual([{ invoices: 1, balance: eur(1_000) }]);
    expect(one.text + list.text).not.toContain(theirs.id);
  });

  it('reads no message that speaks of another’s invoice beside his own', async () => {
    const key = await collectorNamed('Mara Mix');
    const mine = await office.invoice({ collector: 'Mara Mix' });
    const theirs = await office.invoice({ creditorId: mine.creditorId, debtorId: mine.debtorId });
    const alone = await messageAbout(mine, [mine.id]);
    const both = await messageAbout(mine, [mine.id, theirs.id]);

    const statuses = await Promise.all(
      [alone, both].map(
        async (id) => (await office.ask('GET', `/v1/messages/${id}`, undefined, { key })).status,
      ),
    );
    const list = await office.ask('GET', '/v1/messages', undefined, { key });
    const story = await office.ask('GET', `/v1/invoices/${mine.id}/timeline`, undefined, { key });

    expect(statuses).toEqual([200, 404]);
    expect(list.body.items.map((item: { id: string }) => item.id)).toEqual([alone]);
    expect([alone, both].map((id) => story.text.includes(id))).toEqual([true, false]);
  });

  it('cannot tell an invoice that he does not see from one that is not there when he allocates money', async () => {
    const key = await collectorNamed('Alma Allot');
    const mine = await office.invoice({ collector: 'Alma Allot' });
    const theirs = await office.invoice({ creditorId: mine.creditorId, debtorId: mine.debtorId });
    const allocate = async (first: string, id: string, more: object = {}) => {
      const answer = await office.ask(
        'POST',
        '/v1/payments',
        {
          amount: eur(500),
          valueDate: '2026-03-01',
          allocations: [
            { invoiceId: first, amount: 1 },
            { invoiceId: id, amount: 1 },
          ],
          ...more,
        },
        { key },
      );
      return [answer.status, answer.text.replaceAll(id, '#').replaceAll(first, '#')];
    };
    const absent = randomUUID();
    const usd = { amount: { amount: 500, currency: 'USD' } };

    expect(await allocate(mine.id, theirs.id)).toEqual(await allocate(mine.id, absent));
    expect(await allocate(theirs.id, mine.id)).toEqual(await allocate(absent, mine.id));
    expect(await allocate(mine.id, theirs.id, usd)).toEqual(await allocate(mine.id, absent, usd));
    expect((await allocate(mine.id, theirs.id))[0]).toBe(409);
  });

  it('settles his own invoices alone by the rules, and hears of no others', async () => {
    const key = await collectorNamed('Rita Rule');
    const mine = await office.invoice({ collector: 'Rita Rule', dueDate: '2026-02-10' });
    const theirs = await office.invoice({
      creditorId: mine.creditorId,
      debtorId: mine.debtorId,
      dueDate: '2026-01-10',
      amountCents: 1_000,
    });

    const answer = await office.ask(
      'POST',
      '/v1/payments',
      {
        debtorId: mine.debtorId,
        creditorId: mine.creditorId,
        amount: eur(5_000),
        valueDate: '2026-03-01',
      },
      { key },
    );
    const again = await office.ask(
      'POST',
      `/v1/payments/${answer.body.id as string}/return`,
      { reason: 'other' },
      { key },
    );

    expect(answer.body.allocations).toEqual([{ invoiceId: mine.id, amount: eur(5_000) }]);
    expect(answer.text).not.toContain(theirs.id);
    expect(again.status).toBe(201);
  });

  // It holds the request open while the last file of the debtor goes to somebody else.
  it('records no payment of a debtor whom he sees no longer when it is recorded', async () => {
    const key = await collectorNamed('Lea Late');
    const { id, debtorId, creditorId } = await office.invoice({ collector: 'Lea Late' });
    const payment = { debtorId, creditorId, amount: eur(100), valueDate: '2026-03-01', allocations: [] };
    let late: Promise<{ status: number; text: string }> | undefined;

    await atTheDesk(office.house, [debtorId], async (desk) => {
      late = office.ask('POST', '/v1/payments', payment, { key });
      await waitingForALock();
      await desk.tx.updateTable('invoice').set({ collector: 'Paul' }).where('id', '=', id).execute();
    });

    expect((await late)?.status).toBe(404);
    expect(
      await office.house.db.selectFrom('payment').select('id').where('debtor_id', '=', debtorId).execute(),
    ).toEqual([]);
  });

  it('is not told whose a number is that is taken', async () => {
    const key = await collectorNamed('Nina New');
    const theirs = await office.invoice();

    const answer = await office.ask(
      'POST',
      '/v1/invoices',
      {
        creditorId: theirs.creditorId,
        debtor: { name: 'Quelqu’un' },
        number: theirs.number,
        dueDate: '2026-04-01',
        amount: eur(1_000),
      },
      { key },
    );

    expect(answer).toMatchObject({ status: 409, body: { code: 'invoice-known' } });
    expect(answer.text).not.toContain(theirs.id);
  });

  it('counts under a stop what is his', async () => {
    const key = await collectorNamed('Stan Stop');
    const mine = await office.invoice({ collector: 'Stan Stop' });
    await office.invoice({ creditorId: mine.creditorId });

    const answer = await office.ask(
      'POST',
      '/v1/stops',
      { scope: 'creditor', subjectId: mine.creditorId, reason: 'Vérification' },
      { key },
    );

    expect(answer.body.silences).toMatchObject({ invoices: 1, debtors: 1 });
  });
});

// Invoices name whose they are by words: whoever is known by the same words would see them.
describe('the name and the mail address of a user', () => {
  const add = (how: 'users' | 'invitations', user: object) =>
    office.ask('POST', `/v1/${how}`, how === 'users' ? user : { user }, { as: 'admin' });
  const seen = async (key: string) =>
    ((await office.ask('GET', '/v1/invoices', undefined, { key })).body.items as { id: string }[]).map(
      ({ id }) => id,
    );

  it.each(['users', 'invitations'] as const)(
    'are his for ever, in whichever letters, also when he is shut out: POST /v1/%s',
    async (how) => {
      const name = `Élodie ${how}`;
      const email = `elodie-${how}@relance.example`;
      const { body } = await add('users', { name, email, role: 'collector', portfolio: 'own' });
      await office.ask('PATCH', `/v1/users/${body.user.id as string}`, { disabled: true }, { as: 'admin' });
      const twins = [
        { name },
        { name: name.toUpperCase() },
        { name: `  ${name.toLowerCase()} ` },
        { name: email },
        { name: email.toUpperCase() },
        { name: `Another of ${how}`, email },
        { name: `Another of ${how}`, email: email.toUpperCase() },
      ];

      const answers = await Promise.all(
        twins.map((twin) => add(how, { role: 'collector', portfolio: 'own', ...twin })),
      );

      expect(answers.map(({ status, body: { code } }) => `${status} ${code}`)).toEqual(
        twins.map(() => '409 name-taken'),
      );
    },
  );

  it('are nobody’s second when two are added at once', async () => {
    const both = await Promise.all(
      ['Gil Twin', 'GIL TWIN'].map((name) => add('users', { name, role: 'collector', portfolio: 'own' })),
    );

    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('cannot be given to the first administrator by himself when they are another’s', async () => {
    await add('users', {
      name: 'Odile Own',
      email: 'odile@relance.example',
      role: 'collector',
      portfolio: 'own',
    });
    const { body } = await add('users', { name: 'first', role: 'admin' });
    const accept = async (name: string) => {
      const { token } = await linkForAdministrator(office.house, body.user.id as string, 'test');
      const sent = { token, password: 'three unlikely words here', name };
      return office.ask('POST', '/v1/invitations/acceptance', sent, { as: null });
    };

    const statuses = [await accept('ODILE own'), await accept('odile@RELANCE.example')];

    expect(statuses.map(({ status, body: { code } }) => `${status} ${code}`)).toEqual([
      '409 name-taken',
      '409 name-taken',
    ]);
  });

  it('show no file to who is merely called alike', async () => {
    const key = await collectorNamed('Yves Yard', 'yves@relance.example');
    const mine = await office.invoice({ collector: ' yves yard'.trim().toUpperCase() });
    for (const collector of [
      'Yves Yard Jr',
      'Yves',
      'yves@relance.example.org',
      'Yves  Yard',
      '%',
      'Yves_Yard',
    ])
      await office.invoice({ collector });

    expect(await seen(key)).toEqual([mine.id]);
  });
});

async function messageAbout(of: { creditorId: string; debtorId: string }, invoiceIds: readonly string[]) {
  const id = uuidv7();
  const at = new Date(await office.clock.now());
  await office.house.db
    .insertInto('message')
    .values({
      id,
      key: id,
      purpose: 'contact',
      creditor_id: of.creditorId,
      debtor_id: of.debtorId,
      channel: 'email',
      language: 'fr',
      template: 'reminder',
      state: 'accepted',
      planned_at: at,
      state_at: at,
      figures: '{}',
      recipient: 'compta@debiteur.example',
      sha256: 'a'.repeat(64),
    })
    .execute();
  for (const invoiceId of invoiceIds)
    await office.house.db
      .insertInto('message_line')
      .values({
        message_id: id,
        invoice_id: invoiceId,
        fact: 1,
        balance_cents: 1,
        asked_cents: 1,
        open: true,
      })
      .execute();
  return id;
}

/** Gives each fact its place in the feed, as the relay does. */
async function number(): Promise<void> {
  await office.house.db
    .updateTable('outbox')
    .set(({ ref }) => ({ position: ref('id') }))
    .where('position', 'is', null)
    .where('fact', 'is not', null)
    .execute();
}

async function streamOf(role: Role) {
  const address = office.app.server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const answer = await fetch(`http://127.0.0.1:${port}/v1/events?after=0`, {
    headers: { authorization: `Bearer ${office.keys[role]}` },
  });
  const reader = answer.body?.getReader();
  return {
    /** Everything that is said until it says this. */
    until: async (word: string): Promise<string> => {
      let text = '';
      while (!text.includes(word)) {
        const read = await reader?.read();
        if (!read || read.done) throw new Error(`the stream ended without ${word}: ${text}`);
        text += Buffer.from(read.value).toString();
      }
      return text;
    },
    close: async () => reader?.cancel(),
  };
}

/** Until a connection of this database waits for another's lock. */
async function waitingForALock(): Promise<void> {
  for (;;) {
    const { rows } = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
      office.house.db,
    );
    if (rows.length > 0) return;
  }
}
