import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attendToLitigation } from '../../activities/attend-to-litigation.ts';
import { drawDeclarations } from '../../activities/draw-declarations.ts';
import { preparePack } from '../../activities/hand-over.ts';
import { awaitApproval } from '../../activities/await-approval.ts';
import { readInsolvency } from '../../db/declaration-reads.ts';
import { atTheDesk } from '../../db/desk.ts';
import { collectionFrom } from '../../db/journal.ts';
import { allEyes } from '../../db/visible.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const eur = (amount: number) => ({ amount, currency: 'EUR' });

/** Late invoices of one debtor, in a file that is in preparation. */
async function prepared(...amounts: readonly number[]) {
  const parties = { creditorId: await office.creditor(), debtorId: await office.debtor() };
  const invoices = [];
  for (const amountCents of amounts) invoices.push(await office.invoice({ ...parties, amountCents }));
  const { body } = await office.ask('POST', '/v1/litigation', { invoiceIds: invoices.map(({ id }) => id) });
  const id = body.id as string;
  const say = (what: string, given: object, as?: 'external_firm') =>
    office.ask('POST', `/v1/litigation/${id}/${what}`, given, as ? { as } : {});
  const file = async () => (await office.ask('GET', `/v1/litigation/${id}`)).body;
  const add = (piece: string, invoiceId?: string) =>
    office.ask(
      'POST',
      `/v1/litigation/${id}/pieces?piece=${piece}&name=${piece}.txt${invoiceId ? `&invoiceId=${invoiceId}` : ''}`,
      Buffer.from(`Pièce ${piece} ${invoiceId ?? ''}`),
      { headers: { 'content-type': 'text/plain' } },
    );
  return { ...parties, id, invoices, say, file, add };
}

/** A formal notice that was presented, and a mail that arrived, as the engine records them. */
async function noticed(
  invoiceId: string,
  on = '2026-02-10',
  channel: 'registered_letter' | 'email' = 'registered_letter',
): Promise<void> {
  const { db } = office.house;
  const { collection } = await db
    .selectFrom('invoice')
    .select('collection')
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  const stored = collection as Record<string, unknown>;
  const record = {
    step: 'formal-notice',
    occurrence: 1,
    state: 'taken',
    channel,
    on,
    at: 0,
    reminders: 0,
    bouncedLate: false,
  };
  const parties = await db
    .selectFrom('invoice')
    .select(['debtor_id', 'creditor_id'])
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  await db
    .insertInto('contact_request')
    .values({
      id: invoiceId.replace(/^.{8}/, 'ace0face'),
      invoice_id: invoiceId,
      ...parties,
      channel,
      level: 'formal_notice',
      template: 'formal_notice',
      step: record.step,
      occurrence: 1,
      mode: 'review',
      recipient: 'billing',
      state: 'done',
      asked_at: new Date(await office.clock.now()),
    })
    .execute();
  await db
    .updateTable('invoice')
    .set({ collection: JSON.stringify({ ...stored, steps: [record] }) })
    .where('id', '=', invoiceId)
    .execute();
}

/** The lines of the manifest that do not tell the hash of their file. */
function brokenIn(files: Readonly<Record<string, Uint8Array>>): readonly string[] {
  const manifest = Buffer.from(files['MANIFEST.sha256'] ?? []).toString();
  return manifest
    .trim()
    .split('\n')
    .filter((line) => {
      const [sha256, path = ''] = line.split('  ');
      const hash = createHash('sha256').update(files[path] ?? '');
      return hash.digest('hex') !== sha256;
    });
}

async function pack(id: string) {
  const response = await office.app.inject({
    method: 'GET',
    url: `/v1/litigation/${id}/pack`,
    headers: { authorization: `Bearer ${office.keys.legal}` },
  });
  const files = unzipSync(response.rawPayload);
  return { response, files, text: (name: string) => Buffer.from(files[name] ?? []).toString() };
}

describe('the way that is proposed for a claim', () => {
  it.each([
    [400_000, 'small_claims', 'within_small_claims_limit'],
    [600_000, 'order_to_pay', 'not_contested'],
  ])('of %i cents is by its amount %s, with its reasons', async (cents, route, reason) => {
    const { file } = await prepared(cents);

    const { ways, claimed } = await file();

    expect(ways.proposed).toMatchObject({ route, needsConsent: true });
    expect(ways.proposed.reasons.map(({ code }: { code: string }) => code)).toContain(reason);
    expect(claimed.amount).toBeGreaterThan(cents);
  });

  it('is judged by all that is owed where the objection is heard, and claims all of it there', async () => {
    const { invoices, file } = await prepared(6_000_000);
    const { id } = invoices[0]!;
    await office.ask('POST', `/v1/invoices/${id}/disputes`, { reason: 'quality', amount: eur(5_900_000) });

    const { ways, claimed, invoices: lines } = await file();

    expect(ways.proposed.route).toBe('summons');
    expect(ways.proposed.reasons.map(({ code }: { code: string }) => code)).toContain('lawyer_needed');
    expect(claimed.amount).toBeGreaterThan(6_000_000);
    expect(lines).toMatchObject([{ contested: eur(5_900_000) }]);
  });

  it('is another when the creditor wants one that is open, and none that is closed', async () => {
    const { say } = await prepared(400_000);

    const closed = await say('route', { route: 'insurer' });
    const insured = await say('route', { insured: true });
    const open = await say('route', { route: 'order_to_pay' });

    expect(closed).toMatchObject({ status: 409, body: { code: 'route-closed' } });
    expect(insured.body.ways.proposed.route).toBe('insurer');
    expect(open.body.ways.proposed.route).toBe('order_to_pay');
  });
});

describe('a litigation file', () => {
  it('gathers late invoices of one account, each in one file, and no others', async () => {
    const { invoices, creditorId, debtorId } = await prepared(100_000);
    const [late, early, other] = [
      await office.invoice({ creditorId, debtorId }),
      await office.invoice({ creditorId, debtorId, dueDate: '2026-12-31' }),
      await office.invoice(),
    ];
    const open = (...ids: readonly string[]) => office.ask('POST', '/v1/litigation', { invoiceIds: ids });

    const firm = { firmId: office.users.external_firm, incompleteBecause: 'Urgent.' };

    const twice = await open(invoices[0]!.id);
    const notLate = await open(early.id);
    const mixed = await open(late.id, other.id);
    const joined = await open(late.id);

    expect((await office.ask('POST', `/v1/invoices/${early.id}/hand-over`, firm)).body.code).toBe(
      'litigation-not-due',
    );
    expect([twice, notLate, mixed].map(({ body }) => body.code)).toEqual([
      'litigation-joined',
      'litigation-not-due',
      'litigation-mixed',
    ]);
    expect(joined.body.invoices).toHaveLength(2);
  });

  it('is not added to by who sees a part of it, and tells him nothing of the rest', async () => {
    const { creditorId, debtorId, file } = await prepared(777_700);
    const hired = { name: 'Inès', role: 'collector', portfolio: 'own', key: {} };
    const { body } = await office.ask('POST', '/v1/users', hired, { as: 'admin' });
    const hers = await office.invoice({ creditorId, debtorId, collector: 'Inès' });

    const answer = await office.ask(
      'POST',
      '/v1/litigation',
      { invoiceIds: [hers.id] },
      { key: body.key as string },
    );

    expect([answer.status, answer.body.code]).toEqual([409, 'litigation-of-others']);
    expect(answer.text).not.toContain('7777');
    expect((await file()).invoices).toHaveLength(1);
  });

  it('names each piece that is missing, and is ready when the last of them is there', async () => {
    const { id, invoices, add, say, file } = await prepared(300_000);
    const { id: invoiceId, number } = invoices[0]!;
    const missing = async () =>
      ((await file()).missing as { piece: string; number: string | null }[]).map(
        (one) => `${one.piece} ${one.number ?? ''}`,
      );
    const before = await missing();

    await noticed(invoiceId);
    await sent(invoiceId);
    for (const piece of ['contract', 'order', 'invoice_copy']) await add(piece);
    const last = await missing();
    const refused = await say('hand-over', { firmId: office.users.external_firm });
    await add('delivery_proof', invoiceId);
    const complete = await file();
    const piece = (complete.pieces as { id: string; piece: string }[]).find((one) => one.piece === 'order');
    const removed = await office.ask('DELETE', `/v1/litigation/${id}/pieces/${piece?.id ?? ''}`);
    const notNeeded = await say('not-needed', { piece: 'order', because: 'Commande orale.' });

    expect(before).toEqual([
      'contract ',
      ...['order', 'delivery_proof', 'invoice_copy', 'exchanges', 'notice_proof'].map(
        (one) => `${one} ${number}`,
      ),
    ]);
    expect(last).toEqual([`delivery_proof ${number}`]);
    expect(refused).toMatchObject({ status: 409, body: { code: 'creditor-consent-missing' } });
    expect(complete).toMatchObject({ ready: true, missing: [] });
    expect([removed.body.ready, notNeeded.body.ready]).toEqual([false, true]);
    expect(id).toBe(complete.id);
  });

  // A court is told what can be proven to it: a mail that did not bounce was presented to nobody.
  it('has no proof of a notice that went by mail, though it reached the debtor for our own clocks', async () => {
    const { invoices, file } = await prepared(300_000);

    await noticed(invoices[0]!.id, '2026-02-10', 'email');

    const { missing } = await file();
    expect((missing as { piece: string }[]).map(({ piece }) => piece)).toContain('notice_proof');
  });

  it('has no notice over what the notice did not ask for', async () => {
    const { invoices, file, creditorId, debtorId } = await prepared(300_000);
    const { id } = invoices[0]!;
    await noticed(id);
    const request = id.replace(/^.{8}/, 'ace0face');
    const message = id.replace(/^.{8}/, 'facefeed');
    const at = new Date(await office.clock.now());
    const { db } = office.house;
    const letter = { id: message, key: message, purpose: 'contact', channel: 'registered_letter' } as const;
    const said = { language: 'fr', template: 't', figures: '{}', recipient: '', sha256: '' };
    const parties = { creditor_id: creditorId, debtor_id: debtorId };
    await db
      .insertInto('message')
      .values({ ...letter, ...said, ...parties, state: 'accepted', planned_at: at, state_at: at })
      .execute();
    const sums = (asked: number) => ({ balance_cents: 300_000, asked_cents: asked });
    const line = { message_id: message, invoice_id: id, request_id: request, fact: 1, open: true };
    await db
      .insertInto('message_line')
      .values({ ...line, ...sums(200_000) })
      .execute();
    const lacks = async () => ((await file()).missing as { piece: string }[]).map(({ piece }) => piece);

    const before = await lacks();
    await db.updateTable('message_line').set(sums(300_000)).where('message_id', '=', message).execute();

    expect(before).toContain('notice_amount');
    expect(before).not.toContain('notice_proof');
    expect(await lacks()).not.toContain('notice_amount');
  });

  it('goes to a court only with the word of the creditor, and without a piece only with a reason', async () => {
    const { say } = await prepared(300_000);
    const lawyer = { name: 'Cabinet Droit', kind: 'lawyer', email: 'droit@cabinet.example' };
    const firmId = (await office.ask('POST', '/v1/firms', lawyer)).body.id as string;

    await say('route', { consentOn: '2026-03-01' });
    const incomplete = await say('hand-over', { firmId });
    const anyway = await say('hand-over', { firmId, incompleteBecause: 'Prescription proche.' });

    expect(incomplete).toMatchObject({ status: 409, body: { code: 'litigation-incomplete' } });
    expect(incomplete.body.detail).toContain('proof of delivery');
    expect(anyway.body).toMatchObject({
      state: 'handed',
      route: 'small_claims',
      incompleteBecause: 'Prescription proche.',
    });
  });

  it('is asked about with four eyes, and is handed over in the yes of the second person', async () => {
    const { say, file, invoices } = await prepared(300_000);
    await say('route', { insured: true });
    await office.house.db.updateTable('setting').set({ four_eyes: true }).execute();

    const asked = await say('hand-over', {
      firmId: office.users.external_firm,
      incompleteBecause: 'Assureur pressé.',
    });
    const before = (await file()).state;
    const url = `/v1/approvals/${asked.body.approvalId as string}/decision`;
    const given = await office.ask('POST', url, { decision: 'approve' }, { as: 'admin' });
    await office.house.db.updateTable('setting').set({ four_eyes: false }).execute();
    const invoice = await office.ask('GET', `/v1/invoices/${invoices[0]!.id}`);

    expect([before, given.status, (await file()).state]).toEqual(['preparing', 201, 'handed']);
    expect(invoice.body).toMatchObject({
      next: { state: 'held' },
      handOver: { firm: { name: 'external_firm' } },
    });
  });
});

describe('the pack', () => {
  it('is one archive whose manifest verifies, and tells when a single byte was changed', async () => {
    const { id, add, invoices } = await prepared(300_000, 200_000);
    await add('contract');
    await add('delivery_proof', invoices[0]!.id);

    const { files, text, response } = await pack(id);
    const again = await pack(id);

    const lines = text('MANIFEST.sha256').trim().split('\n');
    const changed = Uint8Array.from(files['releve.csv'] ?? []);
    changed[changed.length - 2]! ^= 1;
    expect(brokenIn(files)).toEqual([]);
    expect(brokenIn({ ...files, 'releve.csv': changed })).toEqual([
      expect.stringMatching(/^[0-9a-f]{64} {2}releve\.csv$/),
    ]);
    expect(lines.map((line) => line.split('  ')[1])).toEqual([
      'dossier.json',
      'dossier.pdf',
      'penalites.csv',
      'penalites.json',
      'pieces/01-contract-contract.txt',
      'pieces/02-delivery_proof-delivery_proof.txt',
      'releve.csv',
    ]);
    const manifest = JSON.parse(text('manifest.json'));
    expect(manifest.files).toHaveLength(lines.length);
    expect(manifest.missing.length).toBeGreaterThan(0);
    expect(again.response.rawPayload.equals(response.rawPayload)).toBe(true);
  });

  it('of one invoice lacks no more than the litigation file in which it is, and names the proof of the notice', async () => {
    const { id, say, invoices } = await prepared(300_000);
    const invoiceId = invoices[0]!.id;
    for (const piece of ['contract', 'invoice_copy'])
      await say('not-needed', { piece, because: 'Versée par courrier.' });
    const stored = await office.house.db
      .selectFrom('invoice')
      .select('collection')
      .where('id', '=', invoiceId)
      .executeTakeFirstOrThrow();

    const { db, rules } = office.house;
    const collection = await collectionFrom(db, rules, stored.collection);
    const alone = await preparePack(office.house, collection);
    const { files } = await pack(id);

    const lacks = (json: string) => (JSON.parse(json) as { missing: string[] }).missing;
    const missing = ['order', 'delivery_proof', 'formal_notice'];
    expect(lacks(alone.json)).toEqual(expect.arrayContaining(missing));
    expect(lacks(alone.json)).not.toContain('contract');
    expect(lacks(alone.json)).not.toContain('invoice_copies');
    expect(lacks(Buffer.from(files['dossier.json'] ?? []).toString())).toEqual(
      expect.arrayContaining([...missing, 'presentation_proof']),
    );
  });

  it('of a debtor in insolvency holds the declaration, of the invoices of the file and no others', async () => {
    const { id, invoices, creditorId, debtorId } = await prepared(300_000);
    const { id: elsewhere } = await office.invoice({ creditorId, debtorId });
    await office.ask('POST', `/v1/debtors/${debtorId}/insolvency`, { judgmentOn: '2026-03-01' });
    const { db } = office.house;
    const read = await readInsolvency(allEyes, db, debtorId);
    const now = await office.clock.now();
    const draw = async (...invoiceIds: string[]) => {
      const cutTo = { reference: 'CTX-1', invoiceIds };
      const [drawn] = await drawDeclarations(db, office.house, read!, creditorId, now, cutTo);
      return [drawn?.partOf, drawn?.claims.map(({ invoiceId }) => invoiceId)];
    };

    const { files } = await pack(id);

    expect(Object.keys(files)).toContain('declarations/declaration-a-envoyer.pdf');
    expect(await draw(invoices[0]!.id)).toEqual(['CTX-1', [invoices[0]!.id]]);
    expect(await draw(invoices[0]!.id, elsewhere)).toEqual([null, [invoices[0]!.id, elsewhere]]);
  });

  it('claims to the cent what the API claims, line by line', async () => {
    const { id, file, creditorId, invoices: two } = await prepared(300_000, 200_000);
    // Some of the interest that ran was paid: the lines that say how it ran still make the total.
    await office.ask('PATCH', `/v1/creditors/${creditorId}`, { paymentsGoTo: 'interest' });
    const amount = { amount: 50_000, currency: 'EUR' };
    await office.ask('POST', `/v1/invoices/${two[0]!.id}/payments`, { amount });

    const { text } = await pack(id);
    const { claimed, invoices } = await file();
    expect(text('penalites.csv')).toMatch(/;interest_paid;.*;-\d+;;EUR/);

    const cells = text('penalites.csv')
      .trim()
      .split('\n')
      .map((row) => row.split(';'));
    const totals = cells.filter(([, what]) => what === 'total').map((row) => Number(row[8]));
    const parts = cells
      .slice(1)
      .filter(([, what]) => what !== 'total')
      .reduce((sum, row) => sum + Number(row[8]), 0);
    const claims = await Promise.all(
      invoices.map((one: { id: string }) => office.ask('GET', `/v1/invoices/${one.id}/claim`)),
    );
    expect(totals).toEqual(claims.map(({ body }) => body.total.amount));
    expect(invoices.map((one: { claimed: { amount: number } }) => one.claimed.amount)).toEqual(totals);
    expect(parts).toBe(claimed.amount);
  });
});

describe('a partner who has a file', () => {
  async function handedFile(...amounts: readonly number[]) {
    const made = await prepared(...amounts);
    await made.say('route', { insured: true });
    const given = { firmId: office.users.external_firm, incompleteBecause: 'Assureur pressé.' };
    expect((await made.say('hand-over', given)).status).toBe(201);
    return made;
  }

  it('sees it and says himself what he does, and our own see it at once; no other firm does', async () => {
    const { id, say, file, invoices } = await handedFile(300_000);

    const told = await say(
      'statuses',
      { status: 'debtor_contacted', on: '2026-03-02', comment: 'Joint.' },
      'external_firm',
    );
    await say('costs', { amount: eur(4_500), what: 'fee', on: '2026-03-02' }, 'external_firm');
    const ours = await file();
    const story = await office.ask('GET', `/v1/invoices/${invoices[0]!.id}/timeline`);
    const sales = await office.ask('GET', `/v1/litigation/${id}`, undefined, { as: 'sales' });
    const list = await office.ask('GET', '/v1/litigation', undefined, { as: 'external_firm' });

    expect(told.status).toBe(201);
    expect(ours).toMatchObject({ status: 'debtor_contacted', costs: eur(4_500) });
    expect(story.text).toContain('The partner says: debtor contacted');
    expect(story.text).toContain('Joint.');
    expect(sales.status).toBe(403);
    expect(list.text).toContain(id);
  });

  it('receives for us: the debt falls the same day, and the sum has a month to reach us', async () => {
    const { say, invoices } = await handedFile(300_000, 200_000);

    const received = await say('recoveries', { amount: eur(350_000), on: '2026-03-02' }, 'external_firm');
    const part = await say('remittances', { amount: eur(200_000), on: '2026-03-02' });
    const tooMuch = await say('remittances', { amount: eur(200_000), on: '2026-03-02' });
    const balances = await Promise.all(
      invoices.map(async ({ id }) => (await office.ask('GET', `/v1/invoices/${id}`)).body.balance.amount),
    );

    expect(received.body).toMatchObject({
      recovered: eur(350_000),
      held: eur(350_000),
      remitBy: '2026-04-02',
    });
    expect(part.body).toMatchObject({ remitted: eur(200_000), held: eur(150_000), remitBy: '2026-04-02' });
    expect(tooMuch.body.code).toBe('remittance-too-large');
    expect(balances.sort()).toEqual([0, 150_000]);
  });

  it.each(['still chased', 'ended as handed over'])(
    'has an invoice that is %s no longer once what is left is too small to chase',
    async (how) => {
      const { id, debtorId, creditorId, invoices, file } = await handedFile(300_000);
      if (how !== 'still chased') await office.state(invoices[0]!.id, { type: 'handedOver', packId: id });
      await office.ask(
        'PATCH',
        `/v1/creditors/${creditorId}`,
        { smallDifferenceCents: 100 },
        { as: 'admin' },
      );
      await office.ask('POST', `/v1/invoices/${invoices[0]!.id}/payments`, { amount: eur(299_950) });

      await atTheDesk(office.house, [debtorId], (desk) => attendToLitigation(desk, id));

      expect((await office.ask('GET', `/v1/invoices/${invoices[0]!.id}`)).body.balance).toEqual(eur(50));
      expect(await file()).toMatchObject({ state: 'closed', outcome: 'recovered' });
    },
  );

  it('receives nothing before he has the file, and no sum beyond all sense', async () => {
    const { say, file } = await handedFile(300_000);
    const beyond = eur(Number.MAX_SAFE_INTEGER);

    const early = await say('recoveries', { amount: eur(100), on: '2026-03-01' }, 'external_firm');
    const much = await say('recoveries', { amount: beyond, on: '2026-03-02' }, 'external_firm');
    const cost = await say('costs', { amount: beyond, what: 'fee', on: '2026-03-02' }, 'external_firm');

    expect(early).toMatchObject({ status: 409, body: { code: 'recovery-too-early' } });
    expect([much.status, cost.status]).toEqual([400, 400]);
    expect(await file()).toMatchObject({ recovered: eur(0), costs: eur(0) });
  });

  it('does not hold what went back to the debtor, and holds the rest for us also when he has the file no more', async () => {
    const { id, debtorId, say, file } = await handedFile(300_000);
    const receives = (cents: number) =>
      say('recoveries', { amount: eur(cents), on: '2026-03-02' }, 'external_firm');
    const attended = () => atTheDesk(office.house, [debtorId], (desk) => attendToLitigation(desk, id));
    await receives(100_000);
    const { payment_id: paymentId } = await office.house.db
      .selectFrom('litigation_entry')
      .select('payment_id')
      .where('litigation_id', '=', id)
      .where('kind', '=', 'recovery')
      .executeTakeFirstOrThrow();
    await receives(50_000);

    await office.ask('POST', `/v1/payments/${paymentId}/return`, { reason: 'cheque_bounced' });
    await say('withdrawal', { reason: 'too_slow' });

    expect(await file()).toMatchObject({ state: 'closed', recovered: eur(50_000), held: eur(50_000) });
    expect(new Date((await attended()) ?? 0).toISOString()).toBe('2026-04-03T07:00:00.000Z');
    await say('remittances', { amount: eur(50_000), on: '2026-03-02' });
    expect(await attended()).toBeNull();
  });

  it('has not recovered what was given up', async () => {
    const { id, debtorId, invoices, file } = await handedFile(300_000);
    await office.ask('POST', `/v1/invoices/${invoices[0]!.id}/cancellation`, { reason: 'never_delivered' });

    await atTheDesk(office.house, [debtorId], (desk) => attendToLitigation(desk, id));

    expect(await file()).toMatchObject({ state: 'closed', outcome: 'no_longer_owed' });
  });

  it('does not get it while the debtor has days left to answer a formal notice', async () => {
    const { say, invoices } = await prepared(300_000);
    await noticed(invoices[0]!.id, '2026-02-27');
    const given = { firmId: office.users.external_firm, incompleteBecause: 'Assureur pressé.' };
    await say('route', { insured: true });

    const early = await say('hand-over', given);
    const alone = await office.ask('POST', `/v1/invoices/${invoices[0]!.id}/hand-over`, {
      ...given,
    });

    expect([early.status, early.body.code]).toEqual([409, 'answer-runs']);
    expect([alone.status, alone.body.code]).toEqual([409, 'answer-runs']);
  });

  it('loses sight of it when it is withdrawn, and the reminders go on', async () => {
    const { id, say, invoices } = await handedFile(300_000);
    const see = async () =>
      (await office.ask('GET', `/v1/litigation/${id}`, undefined, { as: 'external_firm' })).status;
    const before = await see();

    const withdrawn = await say('withdrawal', { reason: 'too_slow' });
    const invoice = await office.ask('GET', `/v1/invoices/${invoices[0]!.id}`);

    expect(withdrawn.body).toMatchObject({ state: 'closed', outcome: 'withdrawn' });
    expect([before, await see()]).toEqual([200, 404]);
    expect(invoice.body.handOver).toBeNull();
    expect(invoice.body.next.state).not.toBe('held');
  });

  it('keeps neither sight of nor a word in an invoice that is taken back alone; the last one ends the file', async () => {
    const { id, say, invoices } = await handedFile(300_000, 200_000);
    const [first, last] = invoices.map((one) => one.id);
    const back = (invoiceId?: string) =>
      office.ask('POST', `/v1/invoices/${invoiceId}/hand-over/withdrawal`, {});
    const see = () => office.ask('GET', `/v1/litigation/${id}`, undefined, { as: 'external_firm' });
    const receive = () => say('recoveries', { amount: eur(100), on: '2026-03-02' }, 'external_firm');

    await back(first);
    const rest = await see();
    await back(last);
    const received = await receive();
    const ours = await office.ask('GET', `/v1/litigation/${id}`);

    expect(rest.body.invoices.map((one: { id: string }) => one.id)).toEqual([last]);
    expect([(await see()).status, received.status]).toEqual([404, 404]);
    expect(ours.body).toMatchObject({ state: 'closed', outcome: 'withdrawn' });
  });

  it('has no sight of anything once the firm has ended', async () => {
    const firm = await office.ask('POST', '/v1/firms', {
      name: 'Cabinet Fini',
      kind: 'lawyer',
      email: 'cabinet@fini.example',
    });
    const firmId = firm.body.id as string;
    const clerk = { name: 'Clerc fini', role: 'external_firm', firmId, key: {} };
    const { key } = (await office.ask('POST', '/v1/users', clerk, { as: 'admin' })).body;
    const { id, say, invoices } = await prepared(300_000);
    await say('route', { consentOn: '2026-03-01' });
    await say('hand-over', { firmId, incompleteBecause: 'Pièces à suivre.' });
    const urls = [`/v1/litigation/${id}`, `/v1/invoices/${invoices[0]!.id}`];
    const see = () =>
      Promise.all(urls.map(async (url) => (await office.ask('GET', url, undefined, { key })).status));

    const before = await see();
    await office.ask('PATCH', `/v1/firms/${firmId}`, { ended: true });

    expect([before, await see()]).toEqual([
      [200, 200],
      [404, 404],
    ]);
  });

  it('is not chased beside: the silence ends when the file is taken back, by no hand of a collector', async () => {
    const { invoices } = await handedFile(300_000);
    const { id } = invoices[0]!;
    const invoice = async () => (await office.ask('GET', `/v1/invoices/${id}`)).body;
    const { holds } = await invoice();
    const holdId = (holds as { id: string }[])[0]!.id;

    const lifted = await office.ask('POST', `/v1/invoices/${id}/holds/${holdId}/lift`, undefined, {
      as: 'collector',
    });

    expect(lifted).toMatchObject({ status: 409, body: { code: 'hold-of-hand-over' } });
    expect((await invoice()).next.state).toBe('held');
  });

  it('of what had ended as handed over is never lost: given up while prepared, it is prepared anew', async () => {
    const invoice = await office.invoice();
    await office.state(invoice.id, { type: 'handedOver', packId: invoice.id });
    const files = async () =>
      (await office.ask('GET', `/v1/litigation?invoice=${invoice.id}&state=preparing`)).body.items as {
        id: string;
      }[];
    const [first] = await files();

    await office.ask('POST', `/v1/litigation/${first!.id}/withdrawal`, { reason: 'other' });
    const [next] = await files();

    expect(next?.id).toEqual(expect.any(String));
    expect(next?.id).not.toBe(first!.id);
  });

  it('gives back what had ended as handed over to a file in preparation, with its pieces', async () => {
    const invoice = await office.invoice();
    await office.state(invoice.id, { type: 'handedOver', packId: invoice.id });
    const list = async () =>
      (await office.ask('GET', `/v1/litigation?invoice=${invoice.id}`)).body.items as {
        id: string;
        state: string;
      }[];
    const [first] = await list();
    const say = (what: string, given: object) =>
      office.ask('POST', `/v1/litigation/${first!.id}/${what}`, given);
    await say('not-needed', { piece: 'contract', because: 'Conditions générales.' });
    await say('route', { insured: true });
    await say('hand-over', { firmId: office.users.external_firm, incompleteBecause: 'Urgent.' });

    await say('withdrawal', { reason: 'too_slow' });
    const [next] = await list();
    const file = await office.ask('GET', `/v1/litigation/${next!.id}`);

    expect(next!.id).not.toBe(first!.id);
    expect(file.body).toMatchObject({ state: 'preparing', pieces: [{ piece: 'contract' }] });
  });

  it.each([
    [
      'doubtful',
      ['doubtful', 'impairment'],
      [
        ['416', 300_000, 0],
        ['411', 0, 300_000],
        ['6817', 250_000, 0],
        ['491', 0, 250_000],
      ],
      // Still owed, and its limitation runs: half a year later it is looked at again.
      {
        next: { state: 'held' },
        wakeAt: expect.stringMatching(/^2026-0(8-31|9-01)/),
        balance: { amount: 300_000 },
      },
    ],
    [
      'irrecoverable',
      ['loss'],
      [
        ['654', 250_000, 0],
        ['44571', 50_000, 0],
        ['416', 0, 300_000],
      ],
      { next: { state: 'written_off' }, balance: { amount: 0 } },
    ],
  ] as const)(
    'may bring nothing: closed as %s it is silent, with its entries proposed',
    async (outcome, kinds, lines, stands) => {
      const { id, say, invoices } = await handedFile(300_000);

      const closed = await say('closing', { outcome, reason: 'no_assets' });
      const entries = await office.ask('GET', `/v1/litigation/${id}/accounting?vatRateHundredths=2000`);
      const unsaid = await office.ask('GET', `/v1/litigation/${id}/accounting`);
      const invoice = await office.ask('GET', `/v1/invoices/${invoices[0]!.id}`);

      const items = entries.body.proposedEntries as {
        kind: string;
        lines: { account: string; debit: { amount: number }; credit: { amount: number } }[];
      }[];
      expect(closed.body).toMatchObject({ state: 'closed', outcome });
      expect(items.map(({ kind }) => kind)).toEqual(kinds);
      expect(
        items.flatMap((one) =>
          one.lines.map(({ account, debit, credit }) => [account, debit.amount, credit.amount]),
        ),
      ).toEqual(lines);
      expect(unsaid.body.vatMissing).toBe(true);
      expect(invoice.body).toMatchObject(stands);
    },
  );

  it('is closed as lost by a second person, who writes off what is owed with it', async () => {
    const { say, file, invoices, creditorId, debtorId } = await handedFile(300_000);
    const ended = await office.invoice({ creditorId, debtorId, amountCents: 80_000 });
    await office.state(ended.id, { type: 'handedOver', packId: ended.id });
    const [other] = (await office.ask('GET', `/v1/litigation?invoice=${ended.id}`)).body.items as {
      id: string;
    }[];
    const lose = (id: string) =>
      office.ask('POST', `/v1/litigation/${id}/closing`, { outcome: 'irrecoverable', reason: 'no_assets' });
    const stands = async (id: string) => {
      const { body } = await office.ask('GET', `/v1/invoices/${id}`);
      return [body.balance.amount, body.next.state];
    };
    await office.house.db.updateTable('setting').set({ four_eyes: true }).execute();

    const asked = await say('closing', { outcome: 'irrecoverable', reason: 'no_assets' });
    const askedEnded = await lose(other!.id);
    const twice = await lose(other!.id);
    const before = [(await file()).state, await stands(invoices[0]!.id), await stands(ended.id)];
    const answers = [];
    for (const { body } of [asked, askedEnded])
      answers.push(
        await office.ask(
          'POST',
          `/v1/approvals/${body.approvalId as string}/decision`,
          { decision: 'approve' },
          { as: 'admin' },
        ),
      );
    await office.house.db.updateTable('setting').set({ four_eyes: false }).execute();

    expect(twice.body.code).toBe('approval-asked');
    expect(before).toEqual(['handed', [300_000, 'held'], [80_000, 'handed_over']]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(await file()).toMatchObject({ state: 'closed', outcome: 'irrecoverable' });
    expect([await stands(invoices[0]!.id), await stands(ended.id)]).toEqual([
      [0, 'written_off'],
      [0, 'written_off'],
    ]);
  });

  it('is asked for no more once the days of the question are over, also where no workflow watches it', async () => {
    const ended = await office.invoice();
    await office.state(ended.id, { type: 'handedOver', packId: ended.id });
    await office.house.db.updateTable('setting').set({ four_eyes: true }).execute();
    const asked = await office.ask('POST', `/v1/invoices/${ended.id}/hand-over`, {
      firmId: office.users.external_firm,
      incompleteBecause: 'Urgent.',
    });
    await office.house.db.updateTable('setting').set({ four_eyes: false }).execute();
    const open = async () =>
      (await office.ask('GET', `/v1/approvals?state=any&invoice=${ended.id}`)).body.items as {
        state: string;
        firm: { name: string };
      }[];
    const approvalId = asked.body.approvalId as string;
    const attend = () => atTheDesk(office.house, [ended.debtorId], (desk) => awaitApproval(desk, approvalId));
    const matter = await office.house.db
      .selectFrom('matter')
      .select('kind')
      .where('id', '=', approvalId)
      .executeTakeFirst();
    const stood = await open();

    office.clock.set('2026-03-08');
    await attend();
    const lapsed = await open();
    office.clock.set('2026-03-02');

    expect(asked.body.handOverId).toBeNull();
    expect(stood).toMatchObject([{ state: 'open', firm: { name: 'external_firm' } }]);
    expect(matter?.kind).toBe('approval');
    expect(lapsed).toMatchObject([{ state: 'expired' }]);
  });
});

describe('the pages of litigation', () => {
  it.each([
    ['fr', 'Voie proposée', 'procédure simplifiée', 'Il manque', 'en préparation'],
    ['en', 'Way proposed', 'small claims', 'Missing', 'in preparation'],
  ])('say in %s what is claimed, which way is proposed and what is missing', async (lang, ...words) => {
    const { id, invoices, add } = await prepared(300_000, 120_000);
    await add('contract');
    const look = async (url: string) => (await office.ask('GET', `${url}?lang=${lang}`)).text;

    const file = await look(`/litigation/${id}`);
    const list = await look('/litigation');
    const invoice = await look(`/i/${invoices[0]!.number}`);

    for (const word of words) expect(file).toContain(word);
    expect(list).toContain(`/litigation/${id}`);
    expect(invoice).toContain(`/litigation/${id}`);
    expect((await office.ask('GET', `/litigation/${id}`, undefined, { as: 'sales' })).status).toBe(403);
    const sold = await office.ask('GET', '/causes', undefined, { as: 'sales' });
    expect([file.includes('href="/litigation"'), sold.text.includes('href="/litigation"')]).toEqual([
      true,
      false,
    ]);
  });
});

/** A reminder that reached the debtor. */
async function sent(invoiceId: string): Promise<void> {
  const { db } = office.house;
  const row = await db
    .selectFrom('invoice')
    .select(['debtor_id', 'creditor_id'])
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  const at = new Date(await office.clock.now());
  const id = invoiceId.replace(/^.{8}/, 'feedbeef');
  await db
    .insertInto('message')
    .values({
      id,
      key: id,
      purpose: 'contact',
      ...row,
      channel: 'email',
      level: 'reminder',
      template: 'reminder',
      language: 'fr',
      state: 'delivered',
      planned_at: at,
      state_at: at,
      figures: '{}',
      recipient: 'compta@debiteur.example',
      sha256: 'a'.repeat(64),
    })
    .execute();
  await db
    .insertInto('message_line')
    .values({
      message_id: id,
      invoice_id: invoiceId,
      request_id: null,
      fact: 1,
      balance_cents: 1,
      asked_cents: 1,
      open: false,
    })
    .execute();
}
