import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '../../db/uuid.ts';
import type { FactBody } from '../../domain/fact.ts';
import type { Scenario } from '../../domain/scenario.ts';
import { shippedScenarios } from '../../domain/shipped-scenarios.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';
import { say } from './said.ts';

let office: Office;
let invoice: Awaited<ReturnType<Office['invoice']>>;
beforeAll(async () => {
  office = await openOffice();
  invoice = await office.invoice({ number: 'F2026-0117' });
});
afterAll(() => office.close());

const about = () => ({ invoiceId: invoice.id, debtorId: invoice.debtorId, creditorId: invoice.creditorId });
const page = async (url: string) =>
  office.ask('GET', url, undefined, {
    as: null,
    headers: { cookie: await office.cookie('credit_manager') },
  });

describe('a message', () => {
  it('is told with its figures, bodies, lines and digest', async () => {
    const id = await say(office, about());

    const { body } = await office.ask('GET', `/v1/messages/${id}`);

    expect(body).toMatchObject({
      channel: 'email',
      state: 'delivered',
      debtor: { id: invoice.debtorId },
      lines: [{ number: 'F2026-0117', balance: { amount: 120_000, currency: 'EUR' } }],
    });
    expect(body.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(body.text).toContain('Atelier Durand');
    expect(body.figures.creditor.iban).toBeTruthy();
  });

  it('is listed newest first, page by page', async () => {
    office.clock.set('2026-03-03');
    const newest = await say(office, { ...about(), channel: 'sms' });

    const first = (await office.ask('GET', '/v1/messages?limit=1')).body;
    const second = (await office.ask('GET', `/v1/messages?limit=1&cursor=${first.nextCursor}`)).body;

    expect(first.items[0].id).toBe(newest);
    expect(second.items[0].id).not.toBe(newest);
  });

  it('is a draft while nobody has said yes to the step that it takes', async () => {
    await office.state(invoice.id, {
      type: 'stepRequested',
      step: 'formal-notice',
      occurrence: 1,
      channel: 'registered_letter',
    });
    const request = await office.house.db
      .selectFrom('contact_request')
      .select('id')
      .where('step', '=', 'formal-notice')
      .executeTakeFirstOrThrow();
    const id = await say(office, {
      ...about(),
      channel: 'registered_letter',
      state: 'planned',
      requestId: request.id,
    });

    const before = (await office.ask('GET', '/v1/drafts')).body.items;
    const shown = await page(`/outbox/${id}?lang=fr`);
    await office.house.db
      .updateTable('contact_request')
      .set({ approved_by: 'x', approved_digest: 'y' })
      .where('id', '=', request.id)
      .execute();
    const after = (await office.ask('GET', '/v1/drafts')).body.items;

    expect(before).toMatchObject([
      { id, invoices: [{ taken: true, step: 'formal-notice', stepName: 'Formal notice' }] },
    ]);
    expect(shown.text).toContain('<td>Mise en demeure</td>');
    expect(after).toEqual([]);
  });
});

describe('a document', () => {
  it('is a file to keep, that no browser takes for a page', async () => {
    const id = await say(office, { ...about(), channel: 'letter' });
    const { document } = (await office.ask('GET', `/v1/messages/${id}`)).body;

    const answer = await office.ask('GET', document.url);

    expect(answer.headers).toMatchObject({
      'content-type': 'application/pdf',
      'x-content-type-options': 'nosniff',
      'x-content-sha256': document.sha256,
    });
    expect(answer.headers['content-disposition']).toMatch(
      /^attachment; filename="Mise-en-demeure-F2026-0117.pdf"; filename\*=UTF-8''Mise%20en/,
    );
    expect(answer.headers['content-security-policy']).toContain('sandbox');
    expect(answer.text.startsWith('%PDF')).toBe(true);
  });
});

describe('the outbox', () => {
  it('shows each message in a line, with its words escaped', async () => {
    await say(office, { ...about(), subject: '<script>alert(1)</script>' });

    const { text, status } = await page('/outbox?lang=en');

    expect(status).toBe(200);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).not.toContain('<script');
  });

  // The mail is made of templates and names of strangers.
  it('shows a mail in a frame that runs and loads nothing, with its picture inside', async () => {
    const id = await say(office, about());

    const around = await page(`/outbox/${id}?lang=fr`);
    const mail = await page(`/outbox/${id}/mail`);

    expect(around.text).toContain(`<iframe src="/outbox/${id}/mail"`);
    expect(around.text).toContain('sandbox=""');
    expect(mail.headers['content-security-policy']).toBe(
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox",
    );
    expect(mail.text).toContain('src="data:image/png;base64,');
    expect(mail.text).not.toContain('cid:');
  });

  it('shows a text message, a call and a letter as they look', async () => {
    const [sms, call, letter] = await Promise.all(
      (['sms', 'call', 'letter'] as const).map((channel) => say(office, { ...about(), channel })),
    );

    expect((await page(`/outbox/${sms}`)).text).toMatch(/class="bubble">Atelier Durand/);
    expect((await page(`/outbox/${call}?lang=en`)).text).toContain('What there is to say');
    expect((await page(`/outbox/${letter}`)).text).toContain(`src="/outbox/${letter}/document"`);
    expect((await page(`/outbox/${letter}/document`)).headers['content-disposition']).toMatch(/^inline/);
  });

  it('asks who is there when nobody is known, and goes on to where one wanted', async () => {
    const answer = await office.ask('GET', '/outbox?view=drafts', undefined, { as: null });
    const root = await office.ask('GET', '/', undefined, { as: null });

    expect([answer.status, answer.headers.location]).toEqual([303, '/enter?to=%2Foutbox%3Fview%3Ddrafts']);
    expect([root.status, root.headers.location]).toEqual([302, '/outbox']);
  });

  it('says in words what is not there', async () => {
    const answer = await page('/outbox/01890000-0000-7000-8000-000000000000');

    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toContain('text/html');
  });
});

describe('the page of an invoice', () => {
  it('tells what is owed, why now, the past with its messages, and the steps to come', async () => {
    const own = await office.invoice({
      number: 'P/2026 1',
      dueDate: '2026-02-27',
      debtorId: invoice.debtorId,
    });
    const message = await say(office, {
      invoiceId: own.id,
      debtorId: own.debtorId,
      creditorId: own.creditorId,
    });

    const { text, status } = await page(`/i/${encodeURIComponent('P/2026 1')}?lang=en`);

    expect(status).toBe(200);
    expect(text).toContain('<h1>Invoice P/2026 1</h1>');
    expect(text).toMatch(/Next step: &quot;First reminder&quot;, on \d+ Mar 2026/);
    expect(text).toContain(`href="/outbox/${message}?lang=en"`);
    expect(text).toContain('Formal notice, registered letter, after approval');
  });

  // Keys that are no words of any language, so that one that slips into a sentence is found wherever it stands.
  it.each([
    ['fr', 'Première relance'],
    ['en', 'First reminder'],
  ])('calls every step by its name, never by its key, in %s', async (language, reminder) => {
    const own = await pinnedToOddKeys(`ODD-${language}`);
    const asked = { step: 'odd-reminder', occurrence: 1 } as const;
    const said = { ...asked, messageId: uuidv7(), channel: 'email' } as const;
    const handed = { ...asked, step: 'odd-call', messageId: uuidv7() };
    const posted = { ...asked, step: 'odd-formal-notice' };
    const facts: readonly FactBody[] = [
      { ...asked, type: 'stepRequested', channel: 'email' },
      { ...asked, type: 'stepWithdrawn', reason: 'overtaken' },
      { ...asked, type: 'stepRequested', channel: 'email' },
      { ...asked, type: 'stepApproved' },
      { ...said, type: 'stepSent' },
      { ...asked, type: 'stepUnconfirmed', messageId: said.messageId },
      { ...said, type: 'stepDelivered', on: '2026-03-02', proof: 'no_bounce' },
      { ...said, type: 'stepFailed', reason: 'bounced' },
      { ...asked, step: 'odd-second-reminder', type: 'stepSkipped', reason: 'other' },
      { ...asked, step: 'odd-call', type: 'stepRequested', channel: 'call' },
      { ...handed, type: 'stepHanded', taskId: uuidv7(), task: 'call', dueOn: '2026-03-03' },
      { ...posted, type: 'stepRequested', channel: 'registered_letter' },
      { ...posted, type: 'stepPosted', on: '2026-03-02', trackingNumber: null, taskId: null },
    ];
    for (const fact of facts) await office.state(own.id, fact);

    const { text } = await page(`/i/${own.number}?lang=${language}`);

    expect(text).toContain(reminder);
    expect(text).not.toContain('odd-');
  });

  it('asks which one is meant when a number is taken twice', async () => {
    await office.invoice({ number: 'TWICE' });
    await office.invoice({ number: 'TWICE' });

    const { text } = await page('/i/TWICE?lang=en');

    expect(text.match(/\/i\/TWICE\?id=/g)).toHaveLength(2);
  });
});

/** An invoice of the standard scenario, had its steps other keys. */
async function pinnedToOddKeys(number: string) {
  const standard = shippedScenarios.find(({ id }) => id.startsWith('standard'))!;
  const odd: Scenario = {
    ...standard,
    id: 'odd@1',
    audience: { grades: ['odd'] },
    steps: standard.steps.map((step) => ({ ...step, key: `odd-${step.key}` })),
  };
  await office.house.db
    .insertInto('scenario_version')
    .values({ id: odd.id, rank: -1, content: JSON.stringify(odd), checksum: '' })
    .onConflict((clash) => clash.doNothing())
    .execute();
  return office.invoice({ number, dueDate: '2026-02-20', debtorId: await office.debtor({ grade: 'odd' }) });
}
