import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

/** Whoever sees a part of the files makes it no larger by what he writes, and changes nothing beyond it. */
let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const eur = (amount: number) => ({ amount, currency: 'EUR' });

/** A key of a collector who sees his own files alone. */
async function collectorNamed(name: string): Promise<string> {
  const made = await office.ask(
    'POST',
    '/v1/users',
    { name, role: 'collector', portfolio: 'own', key: {} },
    { as: 'admin' },
  );
  return made.body.key as string;
}

/** A debtor with one invoice of a colleague's, known by all that a debtor can be known by; his contact has no address. */
async function debtorOfAColleague(siren: string) {
  const creditorId = await office.creditor();
  const debtor = { name: `Société ${siren}`, reference: `C-${siren}`, siren, vat: vatOf(siren) };
  const made = await office.ask('POST', '/v1/invoices', {
    creditorId,
    debtor,
    contact: { name: 'Claire Petit', phone: '+33472000000' },
    number: `THEIRS-${siren}`,
    dueDate: '2026-01-30',
    amount: eur(50_000),
    collector: 'a colleague',
  });
  expect(made.status).toBe(201);
  const invoiceId = made.body.invoice.id as string;
  const { debtor_id: debtorId } = await office.house.db
    .selectFrom('invoice')
    .select('debtor_id')
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  return { creditorId, debtorId, invoiceId, debtor };
}

function vatOf(siren: string): string {
  return `FR${String((12 + 3 * (Number(siren) % 97)) % 97).padStart(2, '0')}${siren}`;
}

describe('a collector of his own part who registers an invoice', () => {
  it('takes no debtor of a colleague by it, whatever he names him by, and says nothing of him', async () => {
    const key = await collectorNamed('Mallory');
    const { creditorId, debtorId, debtor } = await debtorOfAColleague('552100554');
    const names: readonly object[] = [
      { name: 'Autre', siren: debtor.siren },
      { name: 'Autre', vat: debtor.vat },
      { name: 'Autre', reference: debtor.reference },
      { name: debtor.name.toUpperCase() },
    ];

    const answers = await Promise.all(
      names.map((named, index) =>
        office.ask(
          'POST',
          '/v1/invoices',
          {
            creditorId,
            debtor: { ...named, kind: 'internal' },
            contact: { name: 'Claire Petit', email: 'mallory@evil.example' },
            number: `MINE-${index}`,
            dueDate: '2026-04-01',
            amount: eur(1),
            collector: 'Mallory',
          },
          { key },
        ),
      ),
    );
    const look = await office.ask('GET', `/v1/debtors/${debtorId}`, undefined, { key });
    const { body } = await office.ask('GET', `/v1/debtors/${debtorId}`);

    expect(answers.map(({ status, body: { code } }) => [status, code as string])).toEqual(
      names.map(() => [403, 'debtor-unseen']),
    );
    // Which of the marks is known is not told either.
    expect(
      new Set(answers.map((answer) => answer.text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '#'))).size,
    ).toBe(1);
    expect(look.status).toBe(404);
    expect(body.kind).toBe('company');
    expect(JSON.stringify(body)).not.toContain('mallory');
  });

  it('registers for a debtor whom nobody knows, and for one of his own', async () => {
    const key = await collectorNamed('Nadia');
    const creditorId = await office.creditor();
    const register = (number: string) =>
      office.ask(
        'POST',
        '/v1/invoices',
        {
          creditorId,
          debtor: { name: 'Neuve SARL', siren: '443061841' },
          number,
          dueDate: '2026-04-01',
          amount: eur(1_000),
          collector: 'Nadia',
        },
        { key },
      );

    expect([(await register('N-1')).status, (await register('N-2')).status]).toEqual([201, 201]);
  });
});

describe('money that a collector of his own part records for a debtor whom he shares', () => {
  async function shared(name: string) {
    const key = await collectorNamed(name);
    const mine = await office.invoice({ collector: name, amountCents: 10_000, dueDate: '2026-02-10' });
    const theirs = await office.invoice({
      creditorId: mine.creditorId,
      debtorId: mine.debtorId,
      amountCents: 50_000,
      dueDate: '2026-01-10',
    });
    const { creditorId, debtorId } = mine;
    const ask = (url: string, body: object) =>
      office.ask('POST', url, { creditorId, debtorId, ...body }, { key });
    const balance = async (id: string) =>
      (await office.ask('GET', `/v1/invoices/${id}`)).body.balance.amount as number;
    return { mine, theirs, ask, balance };
  }

  it.each([
    ['a payment', '/v1/payments', { valueDate: '2026-03-01' }],
    ['a credit note', '/v1/credit-notes', { issueDate: '2026-03-01', number: 'AV-1' }],
  ])('settles nothing of a colleague’s by the rules: %s', async (what, url, more) => {
    const { mine, theirs, ask, balance } = await shared(`Rita ${what}`);

    const answer = await ask(url, { ...more, amount: eur(50_000), reference: theirs.number });

    expect(answer).toMatchObject({ status: 201, body: { rule: 'oldest_due', unallocated: eur(40_000) } });
    expect(answer.body.allocations).toEqual([{ invoiceId: mine.id, amount: eur(10_000) }]);
    expect(await balance(theirs.id)).toBe(50_000);
  });

  it('settles nothing of a colleague’s either when the rest of it is allocated', async () => {
    const { mine, theirs, ask, balance } = await shared('Ralph');
    const paid = await ask('/v1/payments', { amount: eur(50_000), valueDate: '2026-03-01', allocations: [] });

    const answer = await ask(`/v1/payments/${paid.body.id as string}/allocations`, {
      creditorId: undefined,
      debtorId: undefined,
    });

    expect(answer.body.allocations).toEqual([{ invoiceId: mine.id, amount: eur(10_000) }]);
    expect(await balance(theirs.id)).toBe(50_000);
  });
});

describe('how a debtor keeps his word', () => {
  it('is told to a collector of his own part by plans of his own files alone', async () => {
    const key = await collectorNamed('Kim');
    const mine = await office.invoice({ collector: 'Kim' });
    const { creditorId, debtorId } = mine;
    const theirs = await office.invoice({ creditorId, debtorId, amountCents: 500_000 });
    const plan = await office.ask('POST', '/v1/plans', {
      invoiceIds: [mine.id, theirs.id],
      equal: { count: 3, firstOn: '2026-04-01' },
    });
    const planId = plan.body.id as string;
    await office.ask('POST', `/v1/plans/${planId}/acceptance`, { how: 'signed' });
    await office.house.db.updateTable('plan').set({ state: 'broken' }).where('id', '=', planId).execute();

    const [his, all] = [
      await office.ask('GET', `/v1/debtors/${debtorId}`, undefined, { key }),
      await office.ask('GET', `/v1/debtors/${debtorId}`),
    ];

    expect([his.status, his.body.promises]).toEqual([200, []]);
    expect(all.body.promises).toMatchObject([{ due: 1, kept: 0 }]);
  });
});

describe('the seller of an invoice whom nobody knows', () => {
  const creditors = async () => {
    const rows = await office.house.db.selectFrom('creditor').selectAll().orderBy('id').execute();
    return rows.map(({ id, key, siren, vat_number: vat }) => ({ id, key, siren, vat }));
  };
  const register = (key: string, seller: object | undefined) =>
    office.ask(
      'POST',
      '/v1/invoices',
      {
        ...(seller ? { seller } : {}),
        debtor: { name: 'Neuve SARL', siren: '443061841' },
        number: `S-${JSON.stringify(seller)}-${key.slice(0, 12)}`,
        dueDate: '2026-04-01',
        amount: eur(1_000),
      },
      { key },
    );
  const cutTo = async (areas: readonly string[]) => {
    const url = `/v1/users/${office.users.admin}/keys`;
    return (await office.ask('POST', url, { areas }, { as: 'admin' })).body.key as string;
  };

  it('becomes no creditor, and none learns of him, by whoever may add none', async () => {
    const known = await office.creditor({ key: 'Fonderie du Nord', complete: false });
    await office.creditor();
    const before = await creditors();
    const keys = [office.keys.collector, office.keys.accountant, await cutTo(['read', 'money'])];

    for (const key of keys) {
      const unknown = [
        await register(key, { name: 'Inconnue SA' }),
        await register(key, { siren: '552100554' }),
        await register(key, undefined),
      ];
      const found = await register(key, { name: 'Fonderie du Nord', vat: 'FR83404833048' });

      expect(unknown.map(({ status, body: { code } }) => [status, code as string])).toEqual(
        unknown.map(() => [409, 'seller-unknown']),
      );
      expect(found.status).toBe(201);
    }

    expect(await creditors()).toEqual(before);
    expect(before.map(({ id }) => id)).toContain(known);
  });

  it('becomes one by those who may', async () => {
    const before = await creditors();

    const answer = await register(office.keys.credit_manager, { name: 'Nouvelle SA' });

    expect(answer.status).toBe(201);
    expect(await creditors()).toHaveLength(before.length + 1);
  });
});

describe('who sold or delivered', () => {
  async function invoiceOf(role: 'sales' | 'resolver') {
    const invoice = await office.invoice({ salesOwner: role });
    if (role === 'sales') return invoice;
    const dispute = await office.ask('POST', `/v1/invoices/${invoice.id}/disputes`, {
      reason: 'quality',
      amount: eur(100),
    });
    await office.ask('POST', `/v1/disputes/${dispute.body.disputeId as string}/assignment`, {
      userId: office.users.resolver,
    });
    return invoice;
  }

  it.each(['sales', 'resolver'] as const)(
    'says what he heard in a note, and changes nothing that holds for all files of the debtor: %s',
    async (role) => {
      const { id, debtorId } = await invoiceOf(role);
      const contact = await office.house.db
        .selectFrom('contact')
        .selectAll()
        .where('debtor_id', '=', debtorId)
        .executeTakeFirstOrThrow();
      const mail = { email: 'ailleurs@evil.example' };

      const changes = [
        await office.ask('PATCH', `/v1/contacts/${contact.id}`, mail, { as: role }),
        await office.ask('POST', `/v1/debtors/${debtorId}/contacts`, mail, { as: role }),
        await office.ask(
          'POST',
          `/v1/debtors/${debtorId}/insolvency`,
          { judgmentOn: '2026-03-01' },
          { as: role },
        ),
      ];
      const note = await office.ask(
        'POST',
        `/v1/invoices/${id}/notes`,
        { text: 'Il a déménagé.' },
        { as: role },
      );
      const contacts = await office.house.db
        .selectFrom('contact')
        .selectAll()
        .where('debtor_id', '=', debtorId)
        .execute();

      expect(changes.map(({ status }) => status)).toEqual([403, 403, 403]);
      expect(contacts).toEqual([contact]);
      expect(note.status).toBe(201);
    },
  );
});

describe('the declaration of claims in an insolvency', () => {
  it('is not drawn for who sees a part of them: what it left out would be lost', async () => {
    const key = await collectorNamed('Paul');
    const { id, creditorId, debtorId } = await office.invoice({ collector: 'Paul' });
    const get = (path: string) => office.ask('GET', `/v1/debtors/${debtorId}/insolvency${path}`, {}, { key });
    await office.ask('POST', `/v1/debtors/${debtorId}/insolvency`, { judgmentOn: '2026-03-01' });
    const own = await get(`/declarations/${creditorId}`);
    await office.invoice({ creditorId, debtorId, amountCents: 777_700, collector: 'a colleague' });

    const part = await get(`/declarations/${creditorId}`);

    expect(own.status).toBe(200);
    expect([part.status, part.body.code]).toEqual([409, 'declaration-of-others']);
    expect(part.text).not.toContain('7777');
    const [declaration] = (await get('')).body.insolvency.declarations;
    expect(declaration.claims.map((one: { invoiceId: string }) => one.invoiceId)).toEqual([id]);
  });
});

describe('the totals of the house', () => {
  it('are told to nobody who sees a part of the files', async () => {
    const key = await collectorNamed('Tom');

    const part = await office.ask('GET', '/v1/metrics', undefined, { key });
    const all = await office.ask('GET', '/v1/metrics', undefined, { as: 'auditor' });

    expect(part).toMatchObject({ status: 403, body: { code: 'part-forbidden' } });
    expect(all.text).toContain('relance_invoices');
  });
});
