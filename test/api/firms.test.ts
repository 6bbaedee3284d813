import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const whole = {
  insurer: 'Assurances du Rhône',
  insurancePolicy: 'RC 4711',
  insuredUntil: '2026-12-31',
  fundsIban: 'FR1420041010050500013M02606',
  declaredOn: '2024-05-02',
};
const agreed = {
  signedOn: '2026-01-12',
  mayReceive: true,
  basis: 'Factures impayées : principal, pénalités, indemnité de 40 euros, chacun à part.',
  guarantee: 'Responsabilité civile professionnelle, police RC 4711.',
  fee: '12 % des sommes encaissées.',
  remittance: 'Par virement, dans le mois de l’encaissement.',
};
let named = 0;

async function collectionFirm(more: object = {}): Promise<string> {
  named += 1;
  const { body } = await office.ask('POST', '/v1/firms', {
    name: `Recouvrement ${named}`,
    kind: 'collection_firm',
    email: 'dossiers@recouvrement.example',
    ...more,
  });
  return body.id as string;
}

/** A user of the firm, by his key. */
async function clerkOf(firmId: string): Promise<string> {
  named += 1;
  const { body } = await office.ask(
    'POST',
    '/v1/users',
    { name: `Clerc ${named}`, role: 'external_firm', firmId, key: {} },
    { as: 'admin' },
  );
  return body.key as string;
}

describe('a collection firm', () => {
  it('gets no file before its mandate has every field that the law asks for, and each gap is named', async () => {
    const firmId = await collectionFirm();
    const { id } = await office.invoice();
    const hand = () => office.ask('POST', `/v1/invoices/${id}/hand-over`, { firmId });

    const bare = await hand();
    await office.ask('PATCH', `/v1/firms/${firmId}`, whole);
    await office.ask('POST', `/v1/firms/${firmId}/mandates`, {
      ...agreed,
      mayReceive: false,
      fee: undefined,
    });
    const partial = await hand();
    const mandated = await office.ask('POST', `/v1/firms/${firmId}/mandates`, agreed);
    const done = await hand();

    expect(bare).toMatchObject({ status: 409, body: { code: 'mandate-incomplete' } });
    expect(bare.body.detail).toContain('insurance, funds_account, declaration, mandate');
    expect(partial.body.detail).toContain('lacks: power_to_receive, fee.');
    expect(mandated.body).toMatchObject({
      gaps: [],
      mandates: [{ endedOn: '2026-01-12' }, { endedOn: null }],
    });
    expect(done).toMatchObject({ status: 201, body: { firm: { id: firmId } } });
  });

  it('gets none once its insurance has ended, nor by a mandate of another creditor', async () => {
    const [creditorId, other] = [await office.creditor(), await office.creditor()];
    const firmId = await collectionFirm(whole);
    await office.ask('POST', `/v1/firms/${firmId}/mandates`, { ...agreed, creditorId });
    const [own, theirs] = [await office.invoice({ creditorId }), await office.invoice({ creditorId: other })];
    const hand = (id: string) => office.ask('POST', `/v1/invoices/${id}/hand-over`, { firmId });

    const refused = await hand(theirs.id);
    await office.ask('PATCH', `/v1/firms/${firmId}`, { insuredUntil: '2026-03-01' });
    const late = await hand(own.id);

    expect(refused.body.detail).toContain('lacks: mandate.');
    expect(late.body.detail).toContain('lacks: insurance_ended.');
  });

  it('is several people, who see the same files, and is not left without the last of them while it has some', async () => {
    const firmId = await collectionFirm({ kind: 'lawyer', email: undefined });
    const [first, second] = [await clerkOf(firmId), await clerkOf(firmId)];
    const { id } = await office.invoice();
    await office.ask('POST', `/v1/invoices/${id}/hand-over`, { firmId });
    const rows = await clerks(firmId);
    const shut = (userId: string) =>
      office.ask('PATCH', `/v1/users/${userId}`, { disabled: true }, { as: 'admin' });

    const seen = await Promise.all(
      [first, second].map((key) => office.ask('GET', `/v1/invoices/${id}`, undefined, { key })),
    );
    const stranger = await office.ask('GET', `/v1/invoices/${id}`, undefined, { as: 'external_firm' });
    const left = [await shut(rows[0]!), await shut(rows[1]!)];

    expect(seen.map(({ status }) => status)).toEqual([200, 200]);
    expect(stranger.status).toBe(404);
    expect(left.map(({ status }) => status)).toEqual([204, 409]);
  });

  it('is taken off the list when it has ended, and gets nothing then', async () => {
    const firmId = await collectionFirm({ kind: 'commissaire_de_justice' });
    const { id } = await office.invoice();
    const names = async () => (await office.ask('GET', '/v1/assignees?role=external_firm')).text;
    const listed = await names();

    await office.ask('PATCH', `/v1/firms/${firmId}`, { ended: true });
    const handed = await office.ask('POST', `/v1/invoices/${id}/hand-over`, { firmId });
    const joined = await office.ask(
      'POST',
      '/v1/users',
      { name: 'Trop tard', role: 'external_firm', firmId },
      { as: 'admin' },
    );

    expect(listed).toContain(firmId);
    expect(await names()).not.toContain(firmId);
    expect([handed.status, joined.status]).toEqual([404, 404]);
  });
});

describe('handing a file to a firm', () => {
  afterAll(() => office.house.db.updateTable('setting').set({ four_eyes: false }).execute());

  it('waits for the yes of a second person, in which the firm gets the file and the words for it', async () => {
    await office.house.db.updateTable('setting').set({ four_eyes: true }).execute();
    const { id } = await office.invoice();
    const firmId = office.users.external_firm;
    const seen = async () =>
      (await office.ask('GET', `/v1/invoices/${id}`, undefined, { as: 'external_firm' })).status;

    const asked = await office.ask('POST', `/v1/invoices/${id}/hand-over`, {
      firmId,
      comment: 'Dossier complet joint.',
    });
    const before = await seen();
    const decision = `/v1/approvals/${asked.body.approvalId as string}/decision`;
    const own = await office.ask('POST', decision, { decision: 'approve' });
    const given = await office.ask('POST', decision, { decision: 'approve' }, { as: 'admin' });
    const story = await office.ask('GET', `/v1/invoices/${id}/timeline`, undefined, { as: 'external_firm' });

    expect(asked).toMatchObject({ status: 201, body: { handOverId: null, since: null } });
    expect(own.body.code).toBe('approval-own');
    expect([before, given.status, await seen()]).toEqual([404, 201, 200]);
    expect(story.text).toContain('Dossier complet joint.');
  });

  it('needs no second yes when the file ended as handed over, which had one, and is refused when it was paid', async () => {
    const [ended, paid] = [await office.invoice(), await office.invoice()];
    await office.state(ended.id, { type: 'handedOver', packId: ended.id });
    await office.ask('POST', `/v1/invoices/${paid.id}/payments`, { amount: eur(120_000) });
    const firmId = office.users.external_firm;
    const hand = (id: string) => office.ask('POST', `/v1/invoices/${id}/hand-over`, { firmId });

    const [done, refused] = [await hand(ended.id), await hand(paid.id)];

    expect(done.body).toMatchObject({ firm: { id: firmId } });
    expect(done.body.handOverId).toEqual(expect.any(String));
    expect(refused.body.code).toBe('invoice-closed');
  });

  it('of a pack that was drawn up while the last euro came in ends nothing: a paid file stays paid', async () => {
    const { id } = await office.invoice();
    await office.ask('POST', `/v1/invoices/${id}/payments`, { amount: eur(120_000) });

    await office.state(id, { type: 'handedOver', packId: id });
    const { body } = await office.ask('GET', `/v1/invoices/${id}`);

    expect(body.next.state).toBe('paid');
  });
});

async function clerks(firmId: string): Promise<readonly string[]> {
  const rows = await office.house.db
    .selectFrom('app_user')
    .select('id')
    .where('firm_id', '=', firmId)
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

describe('a claim of before the judgment on its debtor', () => {
  it('is neither handed over, nor after a yes that comes late, nor promised, nor put in a plan', async () => {
    const four = await openOffice({ fourEyes: true });
    try {
      const firmId = four.users.external_firm;
      const invoice = await four.invoice();
      const asked = await four.ask('POST', `/v1/invoices/${invoice.id}/hand-over`, { firmId });
      const plan = await four.ask('POST', '/v1/plans', {
        invoiceIds: [invoice.id],
        equal: { count: 2, firstOn: '2026-03-20' },
      });
      const to = `/v1/debtors/${invoice.debtorId}/insolvency`;
      expect((await four.ask('POST', to, { judgmentOn: '2026-03-01' })).status).toBe(201);

      const answers = [
        await four.ask(
          'POST',
          `/v1/approvals/${asked.body.approvalId}/decision`,
          { decision: 'approve' },
          { as: 'admin' },
        ),
        await four.ask('POST', `/v1/invoices/${invoice.id}/hand-over`, { firmId }),
        await four.ask('POST', `/v1/invoices/${invoice.id}/promises`, { date: '2026-03-10' }),
        await four.ask('POST', `/v1/plans/${plan.body.id}/acceptance`, { how: 'email' }),
      ];

      expect(asked.body.approvalId).toBeDefined();
      expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
        answers.map(() => [409, 'claim-insolvent']),
      );
    } finally {
      await four.close();
    }
  });
});
