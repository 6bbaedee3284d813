import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { questionTexts } from '../../../api/audit/question-texts.ts';
import { openOffice } from '../../setup/office.ts';
import type { Office } from '../../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  const { id } = await office.invoice({ number: 'F-2026-9' });
  await office.ask('POST', `/v1/invoices/${id}/holds`, { reason: 'other' });
  await office.ask('POST', `/v1/invoices/${id}/write-off`, {
    reason: 'other',
    amount: { amount: 20_000, currency: 'EUR' },
  });
  office.clock.set('2026-03-05');
});
afterAll(() => office.close());

async function page(path: string, as: 'auditor' | 'accountant' | 'admin' | 'collector' = 'auditor') {
  const { statusCode, body } = await office.app.inject({
    url: path,
    headers: { cookie: await office.cookie(as) },
  });
  return { status: statusCode, text: body.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ') };
}

describe('the auditor’s pages', () => {
  it.each(['fr', 'en'] as const)(
    'list the questions with how often each finds something (%s)',
    async (language) => {
      const { status, text } = await page(`/audit?lang=${language}`);

      expect(status).toBe(200);
      expect(text).toContain(`${questionTexts[language]['given-up'].asks} 1`);
      expect(text).toContain(`${questionTexts[language]['hand-over-without-notice'].asks} 0`);
    },
  );

  it.each([
    ['fr', 'passage en perte', 'montant 200,00', 'autre raison'],
    ['en', 'write-off', 'amount €200.00', 'other reason'],
  ])('show what a question finds in words (%s)', async (language, ...said) => {
    const { text } = await page(`/audit/questions/given-up?lang=${language}`);

    for (const words of [...said, 'F-2026-9', 'credit_manager'])
      expect(text.replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ')).toContain(words);
  });

  it.each([
    ['fr', '1–30 j', '1 000,00', 'suspendue'],
    ['en', '1–30 d', '€1,000.00', 'on hold'],
  ])('show the aged balance of a past day, as known then and today (%s)', async (language, band, amount) => {
    const then = await page(`/audit/as-it-was?on=2026-03-03&lang=${language}`);
    const today = await page(`/audit/as-it-was?on=2026-03-03&known=today&lang=${language}`);

    for (const { text } of [then, today]) {
      expect(text).toContain(band);
      expect(text.replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ')).toContain(amount);
      expect(text).toContain('F-2026-9');
    }
  });

  it('say that a day is not over, and that a question is not known', async () => {
    expect((await page('/audit/as-it-was?on=2026-03-05&lang=en')).text).toContain(
      'That day is not over. Choose one up to 4 March 2026.',
    );
    expect((await page('/audit/questions/anything')).status).toBe(404);
  });

  it.each([
    '/audit/accesses?cursor=a&cursor=b',
    '/audit/questions/given-up?cursor=a&cursor=b',
    '/audit/as-it-was?cursor=a&cursor=b',
    '/outbox?cursor=a&cursor=b',
  ])('answer an address that says twice where to go on as a mistake of whoever asks (%s)', async (path) => {
    expect((await page(path)).status).toBe(400);
  });

  it('read a day that is said twice as none', async () => {
    expect((await page('/audit/as-it-was?on=2026-03-03&on=2026-03-04&lang=en')).text).toContain(
      '4 March 2026',
    );
  });

  it('count and answer what tells of people to the auditor and the administrator alone', async () => {
    const { asks } = questionTexts.en['looked-or-taken'];

    for (const as of ['auditor', 'admin'] as const) {
      expect((await page('/audit?lang=en', as)).text).toContain(asks);
      expect((await page('/audit/questions/looked-or-taken?lang=en', as)).status).toBe(200);
    }
    expect((await page('/audit?lang=en', 'accountant')).text).not.toContain(asks);
    expect((await page('/audit/questions/looked-or-taken?lang=en', 'accountant')).status).toBe(403);
  });

  it('show who looked to the auditor and the administrator alone, and open to no collector', async () => {
    expect((await page('/audit/accesses?lang=en')).text).toContain('GET /audit/questions/:key');
    expect((await page('/audit/accesses', 'accountant')).status).toBe(403);
    expect((await page('/audit', 'accountant')).status).toBe(200);
    expect((await page('/audit', 'collector')).status).toBe(403);
  });
});
