import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declarationDocument } from '../../activities/compose/declaration.ts';
import { moneyInWords } from '../../activities/compose/money-in-words.ts';
import { withoutNarrowSpaces } from '../../activities/compose/plain-text.ts';
import { drawDeclarations } from '../../activities/draw-declarations.ts';
import { readInsolvency } from '../../db/declaration-reads.ts';
import { allEyes } from '../../db/visible.ts';
import { plain, textOf } from '../activities/compose/figures.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

/** What is added up is of one currency, is owed and may be paid, and is never more than can be counted. */
describe('Sums', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice();
  });
  afterAll(() => office.close());

  it('never add the 40 € to dollars: the claim, the litigation file and the declaration say the same', async () => {
    const invoice = await office.invoice({ currency: 'USD', amountCents: 100_000 });
    await performed(office, invoice.id, '2026-01-01');
    const file = await office.ask('POST', '/v1/litigation', { invoiceIds: [invoice.id] });
    const claim = await office.ask('GET', `/v1/invoices/${invoice.id}/claim?on=2026-03-02`);
    expect(claim.body.total.currency).toBe('USD');
    expect(file.body.claimed).toEqual(claim.body.total);
    expect(file.body.invoices[0].claimed).toEqual(claim.body.total);

    await office.ask('POST', `/v1/debtors/${invoice.debtorId}/insolvency`, { judgmentOn: '2026-02-20' });
    const { body } = await office.ask('GET', `/v1/debtors/${invoice.debtorId}/insolvency`);
    const [declaration] = body.insolvency.declarations;
    const [{ principal, interest, lumpSum }] = declaration.claims as readonly [
      Record<'principal' | 'interest' | 'lumpSum', { amount: number; currency: string }>,
    ];
    expect(lumpSum).toEqual({ amount: 4000, currency: 'EUR' });
    expect(declaration.totals).toEqual([
      { amount: principal.amount + interest.amount, currency: 'USD' },
      { amount: 4000, currency: 'EUR' },
    ]);

    const url = `/v1/debtors/${invoice.debtorId}/insolvency/declarations/${invoice.creditorId}`;
    const headers = { authorization: `Bearer ${office.keys.legal}` };
    const paper = await office.app.inject({ url, headers });
    expect([paper.statusCode, paper.rawPayload.subarray(0, 5).toString()]).toEqual([200, '%PDF-']);
    const { db } = office.house;
    const found = await readInsolvency(allEyes, db, invoice.debtorId);
    const now = await office.clock.now();
    const [drawn] = await drawDeclarations(db, office.house, found!, invoice.creditorId, now);
    const stated = textOf(declarationDocument(drawn!).content);
    for (const { amount, currency } of [principal, interest, lumpSum, ...declaration.totals])
      expect(stated).toContain(withoutNarrowSpaces(moneyInWords(amount, currency, 'fr')));
    // Nobody has said what a dollar was on the day of the judgment, or to which court it belongs.
    expect(plain(stated)).toMatch(/Contre-valeur en euros[^:]*: \s*\.{20}/);
    expect(plain(stated)).toMatch(/Tribunal\s*\.{20}/);
  });

  // The judge decides of it, and what was not declared is lost whatever he decides.
  it('are declared of what is contested as of the rest, with the interest and the indemnity', async () => {
    const { id, creditorId, debtorId } = await office.invoice({ dueDate: '2026-01-31' });
    await office.invoice({ creditorId, debtorId, dueDate: '2026-01-31' });
    await office.ask('POST', `/v1/invoices/${id}/disputes`, { reason: 'price' });

    await office.ask('POST', `/v1/debtors/${debtorId}/insolvency`, { judgmentOn: '2026-03-01' });
    const { body } = await office.ask('GET', `/v1/debtors/${debtorId}/insolvency`);

    type Sums = Readonly<Record<'principal' | 'interest' | 'lumpSum', { amount: number }>>;
    const sums = (body.insolvency.declarations[0].claims as readonly Sums[]).map((one) => [
      one.principal.amount,
      one.interest.amount,
      one.lumpSum.amount,
    ]);
    expect(sums).toEqual([sums[1], sums[0]]);
    expect(Math.min(...sums.flat())).toBeGreaterThan(0);
  });

  it('are promised no more once a judgment forbids to pay them: no promise of before it runs for ever', async () => {
    const { id, debtorId } = await office.invoice({ dueDate: '2026-01-31' });
    const made = await office.ask('POST', `/v1/invoices/${id}/promises`, { date: '2026-03-10' });
    const running = async () =>
      (await office.ask('GET', `/v1/promises?state=active&invoice=${id}`)).body.items as readonly unknown[];
    const before = await running();

    await office.ask('POST', `/v1/debtors/${debtorId}/insolvency`, { judgmentOn: '2026-03-01' });

    expect([made.status, before.length]).toEqual([201, 1]);
    expect(await running()).toEqual([]);
  });

  it('without a reference never pay what was born before the judgment; what the payer names is paid', async () => {
    const earlier = await office.invoice({ amountCents: 50_000 });
    const { creditorId, debtorId } = earlier;
    const later = await office.invoice({ creditorId, debtorId, amountCents: 70_000, dueDate: '2026-03-30' });
    await performed(office, earlier.id, '2026-01-01');
    await performed(office, later.id, '2026-03-01');
    await office.ask('POST', `/v1/debtors/${debtorId}/insolvency`, { judgmentOn: '2026-02-20' });
    const pays = (cents: number, reference?: string) =>
      office.ask('POST', '/v1/payments', {
        ...{ creditorId, debtorId, valueDate: '2026-03-02', ...(reference ? { reference } : {}) },
        amount: { amount: cents, currency: 'EUR' },
      });
    const balances = async () => {
      const of = async ({ id }: { id: string }) =>
        (await office.ask('GET', `/v1/invoices/${id}`)).body.balance.amount as number;
      return [await of(earlier), await of(later)];
    };

    await pays(60_000);
    expect(await balances()).toEqual([50_000, 10_000]);
    await pays(50_000);
    expect(await balances()).toEqual([50_000, 0]);
    await pays(20_000, earlier.number);
    expect(await balances()).toEqual([30_000, 0]);
  });

  it('are never of amounts so large that nobody could add them up', async () => {
    const { creditorId, debtorId } = await office.invoice();
    const amount = { amount: Number.MAX_SAFE_INTEGER, currency: 'EUR' };
    const payment = { creditorId, debtorId, valueDate: '2026-03-02', amount };
    const answers = [];
    for (const reference of ['one', 'two'])
      answers.push(await office.ask('POST', '/v1/payments', { ...payment, reference }));

    expect(answers.map(({ status }) => status)).toEqual([400, 400]);
    expect((await office.ask('GET', `/v1/debtors/${debtorId}`)).status).toBe(200);
  });
});

/** As a ledger says whose invoice bears that day. */
async function performed(office: Office, invoiceId: string, day: string): Promise<void> {
  const { db } = office.house;
  const { collection } = await db
    .selectFrom('invoice')
    .select('collection')
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  const dated = { ...collection, issueDate: day };
  await db
    .updateTable('invoice')
    .set({ issue_date: day, collection: JSON.stringify(dated) })
    .where('id', '=', invoiceId)
    .execute();
}
