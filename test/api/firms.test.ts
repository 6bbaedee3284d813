import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attendToLitigation } from '../../activities/attend-to-litigation.ts';
import { atTheDesk } from '../../db/desk.ts';
import { openDatabase } from '../../db/database.ts';
import { up } from '../../db/migrations/0027-litigation.ts';
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
const incompleteBecause = 'Le cabinet met en demeure lui-même.';
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
    const hand = () => office.ask('POST', `/v1/invoices/${id}/hand-over`, { firmId, incompleteBecause });

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
    const hand = (id: string) =>
      office.ask('POST', `/v1/invoices/${id}/hand-over`, { firmId, incompleteBecause });

    const refused = await hand(theirs.id);
    await office.ask('PATCH', `/v1/firms/${firmId}`, { insuredUntil: '2026-03-01' });
    const late = await hand(own.id);

    expect(refused.body.detail).toContain('lacks: mandate.');
    expect(late.body.detail).toContain('lacks: insurance_ended.');
  });

  it('is several people, who see the same files, and is not left without the last of them while it has some', async () => {
    const firmId = await collectionFirm({ kind: 'insurer', email: undefined });
    const [first, second] = [await clerkOf(firmId), await clerkOf(firmId)];
    const { id } = await office.invoice();
    await office.ask('POST', `/v1/invoices/${id}/hand-over`, { firmId, incompleteBecause });
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
    const handed = await office.ask('POST', `/v1/invoices/${id}/hand-over`, { firmId, incompleteBecause });
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
      incompleteBecause,
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

  it('needs a yes to that very firm, also when the file ended as handed over, and is refused when it was paid', async () => {
    const [ended, paid] = [await office.invoice(), await office.invoice()];
    await office.state(ended.id, { type: 'handedOver', packId: ended.id });
    await office.ask('POST', `/v1/invoices/${paid.id}/payments`, { amount: eur(120_000) });
    const firmId = office.users.external_firm;
    const cousin = await collectionFirm({ kind: 'factor' });
    const hand = async (id: string, to: string) =>
      (await office.ask('POST', `/v1/invoices/${id}/hand-over`, { firmId: to, incompleteBecause })).body;
    const back = () => office.ask('POST', `/v1/invoices/${ended.id}/hand-over/withdrawal`, {});

    const asked = await hand(ended.id, firmId);
    const decision = `/v1/approvals/${asked.approvalId as string}/decision`;
    const given = await office.ask('POST', decision, { decision: 'approve' }, { as: 'admin' });
    await back();
    const again = await hand(ended.id, firmId);
    await office.ask('POST', `/v1/approvals/${again.approvalId as string}/decision`, {
      decision: 'refuse',
      reason: 'too_early',
    });
    const other = await hand(ended.id, cousin);
    const refused = await hand(paid.id, firmId);

    expect([asked.handOverId, given.status]).toEqual([null, 201]);
    // It was taken back from that very firm: its yes went with it.
    expect(again).toMatchObject({ handOverId: null, approvalId: expect.any(String) });
    expect(other).toMatchObject({ handOverId: null, approvalId: expect.any(String) });
    expect(refused.code).toBe('invoice-closed');
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

describe('an invoice that a firm gets by itself', () => {
  it('is a litigation file that the firm has: told of payments, seen in the lists, taken back as one', async () => {
    const parties = { creditorId: await office.creditor(), debtorId: await office.debtor() };
    const [first, second] = [await office.invoice(parties), await office.invoice(parties)];
    for (const { id } of [first, second]) await office.state(id, { type: 'handedOver', packId: id });
    const files = async (id: string) =>
      (await office.ask('GET', `/v1/litigation?invoice=${id}`)).body.items as { id: string; state: string }[];
    const [gathered] = await files(first.id);
    const say = (what: string, given: object) =>
      office.ask('POST', `/v1/litigation/${gathered!.id}/${what}`, given);
    await say('not-needed', { piece: 'contract', because: 'Conditions générales.' });
    await say('not-needed', { piece: 'order', because: 'Orale.', invoiceId: second.id });
    await say('not-needed', { piece: 'delivery_proof', because: 'Service.', invoiceId: first.id });

    const firmId = await collectionFirm({ ...whole });
    await office.ask('POST', `/v1/firms/${firmId}/mandates`, agreed);
    const key = await clerkOf(firmId);
    const handed = await office.ask('POST', `/v1/invoices/${first.id}/hand-over`, {
      firmId,
      incompleteBecause,
    });
    const [own] = await files(first.id);
    await office.ask('POST', `/v1/invoices/${first.id}/payments`, { amount: eur(20_000) });
    const file = await office.ask('GET', `/v1/litigation/${own!.id}`, undefined, { key });
    const rest = await office.ask('GET', `/v1/litigation/${gathered!.id}`);
    const back = await office.ask('POST', `/v1/litigation/${own!.id}/withdrawal`, { reason: 'too_slow' });
    const invoice = await office.ask('GET', `/v1/invoices/${first.id}`);

    expect(handed.body).toMatchObject({ litigationId: own!.id, firm: { id: firmId } });
    expect(file.body).toMatchObject({
      state: 'handed',
      route: 'collection_firm',
      incompleteBecause,
      invoices: [{ id: first.id }],
      // What is about the whole file tells of the other invoice, too.
      pieces: [{ piece: 'delivery_proof' }],
      entries: [{ kind: 'told', code: 'paymentRecorded', amount: eur(20_000) }],
    });
    expect(rest.body).toMatchObject({ state: 'preparing', invoices: [{ id: second.id }] });
    expect([back.status, invoice.body.handOver]).toEqual([201, null]);
    expect((await files(first.id)).map(({ state }) => state).sort()).toEqual(['closed', 'preparing']);
  });

  it('gets its file at the update when a firm has had it since an earlier release', async () => {
    const invoice = await office.invoice();
    const firmId = office.users.external_firm;
    await office.ask('POST', `/v1/invoices/${invoice.id}/hand-over`, { firmId, incompleteBecause });
    const owner = openDatabase(office.database.ownerUrl, { connectionsMax: 1 });
    await sql`delete from litigation_invoice where invoice_id = ${invoice.id}`.execute(owner);
    await sql`alter table litigation_entry drop column told_at`.execute(owner);

    await owner.transaction().execute((tx) => up(tx as unknown as Kysely<never>));
    await owner.destroy();
    await office.ask('POST', `/v1/invoices/${invoice.id}/payments`, { amount: eur(20_000) });
    const { items } = (await office.ask('GET', `/v1/litigation?invoice=${invoice.id}`)).body;
    const file = await office.ask('GET', `/v1/litigation/${items[0].id as string}`);

    expect(file.body).toMatchObject({
      state: 'handed',
      firm: { id: firmId },
      entries: [{ kind: 'told', code: 'paymentRecorded' }],
    });
  });

  it('goes without a formal notice only with a reason, which is kept with the file', async () => {
    const { id } = await office.invoice();
    const firmId = office.users.external_firm;

    const bare = await office.ask('POST', `/v1/invoices/${id}/hand-over`, { firmId });
    const said = await office.ask('POST', `/v1/invoices/${id}/hand-over`, { firmId, incompleteBecause });
    const story = await office.ask('GET', `/v1/invoices/${id}/timeline`);

    expect(bare).toMatchObject({ status: 409, body: { code: 'litigation-incomplete' } });
    expect(said.status).toBe(201);
    expect(story.text).toContain(incompleteBecause);
    expect(story.text).toContain('incomplete, the reason is noted');
  });

  it.each([
    'dispute-open',
    'promise-running',
    'in-plan',
    'discount-open',
    'invoice-held',
    'not-collected',
  ] as const)(
    'stays with us while we would be silent about it ourselves: %s; only who hears an objection gets it in a file',
    async (code) => {
      const { id } = await office.invoice();
      const say = (to: string, given: object) => office.ask('POST', `/v1/${to}`, given);
      const begin = {
        'dispute-open': () => say(`invoices/${id}/disputes`, { reason: 'quality' }),
        'promise-running': () => say(`invoices/${id}/promises`, { date: '2026-03-10' }),
        'in-plan': async () => {
          const plan = { invoiceIds: [id], equal: { count: 2, firstOn: '2026-03-20' } };
          return say(`plans/${(await say('plans', plan)).body.id as string}/acceptance`, { how: 'email' });
        },
        'discount-open': () => say(`invoices/${id}/discount`, { amount: eur(10_000), payBy: '2026-03-20' }),
        'invoice-held': () => say(`invoices/${id}/holds`, { reason: 'legal_only' }),
        'not-collected': () => say(`invoices/${id}/correction`, { paymentMethod: 'direct_debit' }),
      };
      expect((await begin[code]()).status).toBe(201);
      const insurer = { firmId: office.users.external_firm, incompleteBecause };
      const hears = { firmId: await collectionFirm({ kind: 'lawyer' }), incompleteBecause };

      const alone = await say(`invoices/${id}/hand-over`, insurer);
      const opened = await say('litigation', { invoiceIds: [id] });
      const file = `litigation/${opened.body.id as string}`;
      await say(`${file}/route`, { insured: true, consentOn: '2026-03-01' });
      const inFile = await say(`${file}/hand-over`, code === 'dispute-open' ? hears : insurer);

      expect([alone.status, alone.body.code]).toEqual([409, code]);
      if (code === 'dispute-open') expect(inFile.body).toMatchObject({ state: 'handed', route: 'summons' });
      else expect([inFile.status, inFile.body.code]).toEqual([409, code]);
    },
  );

  it('goes to no partner who does not go that way with it: a court’s, what has lapsed, what a public body owes', async () => {
    const firmId = await collectionFirm({ ...whole });
    const { creditorId, id } = await office.invoice();
    await office.ask('POST', `/v1/firms/${firmId}/mandates`, { creditorId, ...agreed });
    const old = await office.invoice({ creditorId, dueDate: '2020-01-10' });
    await office.ask('PATCH', `/v1/creditors/${creditorId}`, { sector: 'general' });
    const town = await office.debtor({ kind: 'public' });
    const owedByTown = await office.invoice({ creditorId, debtorId: town });
    const words = { firmId, incompleteBecause };
    const alone = async (one: string) => {
      const { status, body } = await office.ask('POST', `/v1/invoices/${one}/hand-over`, words);
      return [status, body.code];
    };
    const opened = await office.ask('POST', '/v1/litigation', { invoiceIds: [id] });
    const file = `/v1/litigation/${opened.body.id as string}`;
    await office.ask('POST', `${file}/route`, { route: 'order_to_pay', consentOn: '2026-03-01' });

    const toCourt = await office.ask('POST', `${file}/hand-over`, words);

    expect(toCourt).toMatchObject({ status: 409, body: { code: 'route-closed' } });
    expect(await alone(old.id)).toEqual([409, 'claim-limited']);
    expect(await alone(owedByTown.id)).toEqual([409, 'route-closed']);
    expect(await alone(id)).toEqual([201, undefined]);
  });

  it('goes to a lawyer or an officer only with the word of the creditor, as a file does', async () => {
    const { id } = await office.invoice();
    const firmId = await collectionFirm({ kind: 'commissaire_de_justice' });
    const hand = () => office.ask('POST', `/v1/invoices/${id}/hand-over`, { firmId, incompleteBecause });

    const bare = await hand();
    const opened = await office.ask('POST', '/v1/litigation', { invoiceIds: [id] });
    await office.ask('POST', `/v1/litigation/${opened.body.id as string}/route`, { consentOn: '2026-03-01' });
    const agreed = await hand();

    expect(bare).toMatchObject({ status: 409, body: { code: 'creditor-consent-missing' } });
    expect(agreed).toMatchObject({ status: 201, body: { litigationId: opened.body.id } });
  });
});

describe('a partner', () => {
  it('gets the rest of what is contested in part, and hears what is contested, promised and corrected from then on', async () => {
    const email = 'nouvelles@assureur.example';
    const firmId = await collectionFirm({ kind: 'insurer', email });
    const { id, debtorId } = await office.invoice();
    const say = (to: string, given: object, key?: string) =>
      office.ask('POST', `/v1/${to}`, given, key === undefined ? {} : { key });
    const contest = (amount: number) =>
      say(`invoices/${id}/disputes`, { reason: 'quality', amount: eur(amount) });
    const first = await contest(40_000);
    const handed = await say(`invoices/${id}/hand-over`, { firmId, incompleteBecause });
    const attend = () => attended(debtorId, handed.body.litigationId as string);
    await attend();

    await say(`disputes/${first.body.disputeId as string}/resolution`, { outcome: 'rejected' });
    await contest(20_000);
    await say(`invoices/${id}/promises`, { date: '2026-03-10', amount: eur(50_000) });
    await say(`invoices/${id}/correction`, { amount: eur(130_000) });
    await attend();
    // What he was told himself he has no need to be told.
    const key = await clerkOf(firmId);
    await say(`invoices/${id}/promises`, { date: '2026-03-12', amount: eur(60_000) }, key);
    await attend();

    expect((await mailsTo(email)).map(({ title }) => title)).toEqual([
      '800,00 € à recouvrer, et 400,00 € contestés, à ne pas réclamer tant que nous examinons la contestation',
      [
        'une contestation est tranchée (NUMBER), et 200,00 € restent contestés',
        'le débiteur conteste 200,00 € (NUMBER), à ne pas lui réclamer tant que nous examinons sa contestation',
        'le débiteur a promis de payer 500,00 € le 10 mars 2026 (NUMBER), et nous lui laissons ce délai',
        'une facture a été corrigée (NUMBER) : 1 300,00 € restent dus',
      ].join(' ; '),
    ]);
  });
});

/** Lets the workflow of a litigation file look at it. */
async function attended(debtorId: string, litigationId: string): Promise<void> {
  await atTheDesk(office.house, [debtorId], (desk) => attendToLitigation(desk, litigationId));
}

/** What a firm was told at its own address, oldest first. */
async function mailsTo(email: string): Promise<readonly { template: string | null; title: string }[]> {
  const rows = await office.house.db
    .selectFrom('message')
    .select(['template', 'figures'])
    .where('recipient', '=', email)
    .orderBy('id')
    .execute();
  return rows.map(({ template, figures }) => ({
    template,
    title: String((figures as { title?: string }).title)
      .replaceAll(/\s/g, ' ')
      .replaceAll(/F-\d+/g, 'NUMBER'),
  }));
}

describe('a claim of before the judgment on its debtor', () => {
  it('is taken back from who only collects, and any other partner is told of it the same day', async () => {
    const parties = { creditorId: await office.creditor(), debtorId: await office.debtor() };
    const collector = await collectionFirm({ ...whole, email: 'recouvrement@cabinet.example' });
    await office.ask('POST', `/v1/firms/${collector}/mandates`, agreed);
    const insurer = await collectionFirm({ kind: 'insurer', email: 'sinistres@assureur.example' });
    const handed = async (firmId: string) => {
      const { id } = await office.invoice(parties);
      const { body } = await office.ask('POST', `/v1/invoices/${id}/hand-over`, {
        firmId,
        incompleteBecause,
      });
      return { id, litigationId: body.litigationId as string };
    };
    const [collected, insured] = [await handed(collector), await handed(insurer)];
    // It ended by the scenario's own step before a firm got it: no fact tells it of the judgment.
    const ended = await office.invoice(parties);
    await office.state(ended.id, { type: 'handedOver', packId: ended.id });
    await office.ask('POST', `/v1/invoices/${ended.id}/hand-over`, { firmId: collector, incompleteBecause });

    await office.ask('POST', `/v1/debtors/${parties.debtorId}/insolvency`, { judgmentOn: '2026-03-01' });
    for (const { litigationId } of [collected, insured])
      await atTheDesk(office.house, [parties.debtorId], (desk) => attendToLitigation(desk, litigationId));
    const mails = await office.house.db
      .selectFrom('message')
      .select(['template', 'recipient', 'figures'])
      .where('debtor_id', '=', parties.debtorId)
      .where('template', 'in', ['internal_litigation_insolvent', 'internal_litigation_withdrawn'])
      .orderBy('id')
      .execute();
    const state = async (id: string) => {
      const { body } = await office.ask('GET', `/v1/litigation?invoice=${id}&state=any`);
      return (body.items as { state: string }[]).map((file) => file.state);
    };
    const has = async (id: string) =>
      (await office.ask('GET', `/v1/invoices/${id}`)).body.handOver?.firm.id ?? null;

    expect(mails.map(({ recipient, template }) => `${recipient} ${template}`)).toEqual([
      'recouvrement@cabinet.example internal_litigation_insolvent',
      'recouvrement@cabinet.example internal_litigation_withdrawn',
      'sinistres@assureur.example internal_litigation_insolvent',
    ]);
    expect(mails[0]?.figures).toMatchObject({ dueDate: '2026-03-01' });
    expect([await has(collected.id), await has(insured.id), await has(ended.id)]).toEqual([
      null,
      insurer,
      null,
    ]);
    expect([await state(collected.id), await state(insured.id)]).toEqual([['closed'], ['handed']]);
    expect((await state(ended.id)).sort()).toEqual(['closed', 'preparing']);
  });

  it('is found to be one by a correction of its day, and is taken back in the same hour', async () => {
    const parties = { creditorId: await office.creditor(), debtorId: await office.debtor() };
    const firmId = await collectionFirm({ ...whole, email: 'tard@cabinet.example' });
    await office.ask('POST', `/v1/firms/${firmId}/mandates`, agreed);
    const { id } = await office.invoice({ ...parties, dueDate: '2026-03-01' });
    const correct = (performedOn: string) =>
      office.ask('POST', `/v1/invoices/${id}/correction`, { performedOn });
    await correct('2026-02-25');
    await office.ask('POST', `/v1/debtors/${parties.debtorId}/insolvency`, { judgmentOn: '2026-02-20' });
    const handed = await office.ask('POST', `/v1/invoices/${id}/hand-over`, { firmId, incompleteBecause });

    const corrected = await correct('2026-02-10');
    await attended(parties.debtorId, handed.body.litigationId as string);
    const { handOver } = (await office.ask('GET', `/v1/invoices/${id}`)).body;

    expect([handed.status, corrected.status, handOver]).toEqual([201, 201, null]);
    expect((await mailsTo('tard@cabinet.example')).map(({ template }) => template)).toEqual([
      'internal_litigation_insolvent',
      'internal_litigation_withdrawn',
    ]);
  });

  it('is neither handed over, nor after a yes that comes late, nor promised, nor put in a plan', async () => {
    const four = await openOffice({ fourEyes: true });
    try {
      const firmId = four.users.external_firm;
      const invoice = await four.invoice();
      const asked = await four.ask('POST', `/v1/invoices/${invoice.id}/hand-over`, {
        firmId,
        incompleteBecause,
      });
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
        await four.ask('POST', `/v1/invoices/${invoice.id}/hand-over`, { firmId, incompleteBecause }),
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
