import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markup } from '../../api/pages/html.ts';
import { pageOf } from '../../api/pages/layout.ts';
import { declarationSent } from '../../db/declarations.ts';
import { atTheDesk, ourselves } from '../../db/desk.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => void (office = await openOffice()));
afterAll(() => office.close());

describe('a debtor who pays a deposit', () => {
  it('is shown as such, on the page of his invoices too, and those who work them are told once', async () => {
    const invoice = await office.invoice();
    const path = `/v1/debtors/${invoice.debtorId}`;

    await office.ask('PATCH', path, { depositRequiredSince: '2026-03-02' });
    await office.ask('PATCH', path, { depositRequiredSince: '2026-03-02' });

    expect((await office.ask('GET', path)).body).toMatchObject({ depositRequiredSince: '2026-03-02' });
    const mails = await office.house.db
      .selectFrom('message')
      .select('user_id')
      .where('debtor_id', '=', invoice.debtorId)
      .where('template', '=', 'internal_deposit_required')
      .execute();
    expect(new Set(mails.map(({ user_id: id }) => id)).size).toBe(mails.length);
    const pages = await pagesOf(invoice);
    expect(pages.fr).toContain('acompte exigé depuis le');
    expect(pages.en).toContain('deposit required since');
    await office.ask('PATCH', path, { depositRequiredSince: null });
    expect((await office.ask('GET', path)).body.depositRequiredSince).toBeNull();
  });
});

describe('a debtor whose debts are secured', () => {
  it('is shown with what secures them and until when, on the page of his invoices too', async () => {
    const invoice = await office.invoice();
    const path = `/v1/debtors/${invoice.debtorId}`;
    const guarantee = { what: 'Caution de la banque Martin, 20 000 €', until: '2026-12-31' };

    await office.ask('PATCH', path, { guarantee });

    expect((await office.ask('GET', path)).body.guarantee).toEqual(guarantee);
    const pages = await pagesOf(invoice);
    expect(pages.fr).toContain('garantie\u00a0: Caution de la banque Martin');
    expect(pages.en).toContain('guarantee: Caution de la banque Martin');
    await office.ask('PATCH', path, { guarantee: null });
    expect((await office.ask('GET', path)).body.guarantee).toBeNull();
    expect((await pagesOf(invoice)).fr).not.toContain('garantie');
  });
});

describe('the page of an invoice', () => {
  it('shows its legal dates with their computation, and which one is merely possible where nobody has said what is sold', async () => {
    const creditorId = await office.creditor();
    const number = `L-${Date.now()}`;
    const { body } = await office.ask('POST', '/v1/invoices', {
      creditorId,
      debtor: { name: 'Menuiserie Blanc' },
      number,
      issueDate: '2026-01-30',
      dueDate: '2026-03-01',
      amount: { amount: 80_000, currency: 'EUR' },
    });
    expect(body.invoice).toBeDefined();

    const pages = await pagesOf({ number });

    expect(pages.fr).toMatch(
      /Délais légaux.*prescription possible.*délai du transport.*1 an à compter du.*prescription de la créance.*5 ans/s,
    );
    expect(pages.en).toMatch(
      /Legal dates.*possible limitation.*the term of transport.*1 year from.*limitation of the claim.*5 years/s,
    );
  });
});

describe('a debtor in insolvency', () => {
  it('is shown with the last day to declare and the declaration to sign, on the page of what has to be declared alone', async () => {
    const invoice = await office.invoice({ dueDate: '2026-02-10' });
    const { creditorId, debtorId } = invoice;
    const later = await office.invoice({ creditorId, debtorId });
    await office.ask('POST', `/v1/invoices/${invoice.id}/correction`, { performedOn: '2026-01-10' });
    await office.ask('POST', `/v1/invoices/${later.id}/correction`, { performedOn: '2026-03-01' });
    const judgment = { judgmentOn: '2026-02-20', publishedOn: '2026-02-27' };
    await office.ask('POST', `/v1/debtors/${debtorId}/insolvency`, judgment);

    const [shown, other] = [await pagesOf(invoice), await pagesOf(later)];

    const path = `/v1/debtors/${debtorId}/insolvency/declarations/${creditorId}`;
    expect(shown.fr).toMatch(/Procédure collective.*À déclarer au plus tard le 27 avril 2026/s);
    expect(shown.en).toMatch(/To be declared by 27 April 2026.*1 claim,/s);
    expect(shown.fr).toContain(`href="${path}"`);
    expect(other.fr).not.toContain('/insolvency/declarations/');
  });
});

describe('the limitation of a claim', () => {
  it('begins anew by what its debtor says that he pays, and by its declaration: not by what we or others have settled of it', async () => {
    const creditorId = await office.creditor();
    const made = await office.ask('POST', '/v1/invoices', {
      creditorId,
      debtor: { name: 'Charpentes Royer' },
      number: 'LIM-1',
      issueDate: '2026-01-30',
      dueDate: '2026-02-01',
      amount: { amount: 100_000, currency: 'EUR' },
    });
    const id = made.body.invoice.id as string;
    const debtorId = (await office.ask('GET', `/v1/invoices/${id}`)).body.debtor.id as string;
    const pays = (reference: string, day: string, payerId = debtorId, more = {}) =>
      office.ask('POST', '/v1/payments', {
        ...{ creditorId, debtorId: payerId, reference, valueDate: day, ...more },
        amount: { amount: 10_000, currency: 'EUR' },
      });
    const begun = async () => {
      const { interruptedBy } = (await office.ask('GET', `/v1/invoices/${id}/clocks`)).body.limitation;
      return interruptedBy && `${interruptedBy.kind} ${interruptedBy.on}`;
    };

    const spread = await pays('Virement', '2026-02-10');
    const afterOurs = await begun();
    const allocations = [{ invoiceId: id, amount: 10_000 }];
    const other = await pays('Virement', '2026-02-11', await office.debtor(), { allocations });
    const afterOthers = await begun();
    const named = await pays('LIM-1', '2026-02-12');
    const afterHis = await begun();
    await office.ask('POST', `/v1/debtors/${debtorId}/insolvency`, { judgmentOn: '2026-03-02' });
    await atTheDesk(office.house, [debtorId], (desk) =>
      declarationSent(desk, { debtorId, creditorId, on: '2026-03-02' }, ourselves),
    );

    expect([spread.body.rule, other.body.rule, named.body.rule]).toEqual([
      'oldest_due',
      'wished',
      'reference',
    ]);
    expect([afterOurs, afterOthers, afterHis]).toEqual([null, null, 'acknowledgement 2026-02-12']);
    expect(await begun()).toBe('declaration 2026-03-02');
  });
});

describe('a page in French', () => {
  it('lets no mark begin a line, in what is read alone: neither in a tag nor in what a form sends back', () => {
    const body = markup`<p title="a : b">Étape « Relance » : 12 % ?</p><textarea>a : b</textarea>`;
    const page = (language: 'fr' | 'en') => pageOf({ title: 'Essai', language, who: null, body });

    expect(page('fr')).toContain(
      '<p title="a : b">Étape «\u00a0Relance\u00a0»\u00a0: 12\u00a0%\u00a0?</p><textarea>a : b</textarea>',
    );
    expect(page('en')).toContain(body.text);
  });
});

async function pagesOf({ number }: { number: string }): Promise<{ fr: string; en: string }> {
  const cookie = await office.cookie('admin');
  const page = async (language: string) =>
    (await office.app.inject({ url: `/i/${number}?lang=${language}`, headers: { cookie } })).body;
  return { fr: await page('fr'), en: await page('en') };
}
