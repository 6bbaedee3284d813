import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { attendToDispute } from '../../activities/attend-to-dispute.ts';
import { atTheDesk } from '../../db/desk.ts';
import { paperBytesMax, safeName } from '../../api/uploaded-paper.ts';
import type { Role } from '../../domain/role.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const eur = (amount: number) => ({ amount, currency: 'EUR' });

/** A dispute over 500 of an invoice over 1 200; the office opens on Monday 2 March 2026. */
async function dispute(
  given: { reason?: string; amount?: number; salesOwner?: string; debtorId?: string } = {},
) {
  const { reason = 'quality', amount = 50_000, ...named } = given;
  const invoice = await office.invoice(named);
  const { body } = await office.ask('POST', `/v1/invoices/${invoice.id}/disputes`, {
    reason,
    amount: eur(amount),
  });
  return { ...invoice, invoiceId: invoice.id, id: String(body.disputeId), opened: body };
}

const say = (id: string, way: string, text: string, as: Role = 'collector') =>
  office.ask('POST', `/v1/disputes/${id}/messages`, { way, text }, { as });

const fileOf = (id: string, as: Role = 'credit_manager') =>
  office.ask('GET', `/v1/disputes/${id}`, undefined, { as });

async function handIn(id: string, bytes: Buffer, query = '', headers: Record<string, string> = {}) {
  const response = await office.app.inject({
    method: 'POST',
    url: `/v1/disputes/${id}/documents${query}`,
    headers: {
      authorization: `Bearer ${office.keys.collector}`,
      'content-type': 'application/octet-stream',
      ...headers,
    },
    payload: bytes,
  });
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
}

const pdf = Buffer.from('%PDF-1.7\nBon de livraison 4711');

describe('what ended as handed over', () => {
  it('is examined when it is contested, before or after; its resolver and the manager are told as of any other', async () => {
    const before = await dispute();
    await office.state(before.invoiceId, { type: 'handedOver', packId: 'x' });
    const invoice = await office.invoice();
    await office.state(invoice.id, { type: 'handedOver', packId: 'x' });
    const after = await office.ask('POST', `/v1/invoices/${invoice.id}/disputes`, { reason: 'quality' });
    const looks = async (debtorId: string, id: string) =>
      atTheDesk(office.house, [debtorId], (desk) => attendToDispute(desk, id));

    office.clock.set('2026-03-11');
    const next = [
      await looks(before.debtorId, before.id),
      await looks(invoice.debtorId, after.body.disputeId),
    ];
    const told = await office.house.db
      .selectFrom('message')
      .select('template')
      .where('template', 'like', 'internal_dispute%')
      .execute();
    const rejected = await office.ask('POST', `/v1/disputes/${before.id}/resolution`, {
      outcome: 'rejected',
    });
    office.clock.set('2026-03-02');

    expect(after.status).toBe(201);
    expect(next).toEqual([expect.any(Number), expect.any(Number)]);
    expect(told.map(({ template }) => template)).toContain('internal_dispute_late');
    expect([rejected.status, rejected.body.invoice?.state]).toEqual([201, 'handed_over']);
  });
});

describe('a dispute', () => {
  it('has a reason of the closed list, and five working days to be qualified', async () => {
    const { opened } = await dispute();
    const invoice = await office.invoice();
    const odd = await office.ask('POST', `/v1/invoices/${invoice.id}/disputes`, { reason: 'moon' });

    expect(opened).toMatchObject({ qualifyBy: '2026-03-09', invoice: { asked: eur(70_000) } });
    expect([odd.status, odd.body.errors[0].field]).toEqual([400, 'reason']);
  });

  it('that is qualified goes to the department of its reason, and to whom the house has named', async () => {
    await office.ask('PATCH', '/v1/dispute-reasons', {
      reason: 'delivery',
      department: 'logistics',
      resolverId: office.users.resolver,
    });
    const { id } = await dispute({ reason: 'other' });

    const answer = await office.ask('POST', `/v1/disputes/${id}/qualification`, {
      verdict: 'dispute',
      reason: 'delivery',
    });

    expect([answer.status, answer.body.answerBy]).toEqual([201, '2026-03-09']);
    expect((await fileOf(id)).body).toMatchObject({
      reason: 'delivery',
      department: 'logistics',
      resolver: { name: 'resolver' },
      stage: 'answer',
      dueOn: '2026-03-09',
      state: 'open',
    });
  });

  it('that is unfounded is over at once, and asked for again', async () => {
    const { id } = await dispute();

    const answer = await office.ask('POST', `/v1/disputes/${id}/qualification`, { verdict: 'unfounded' });
    const again = await office.ask('POST', `/v1/disputes/${id}/qualification`, { verdict: 'dispute' });

    expect(answer.body).toMatchObject({ answerBy: null, invoice: { asked: eur(120_000) } });
    expect((await fileOf(id)).body).toMatchObject({ state: 'resolved', outcome: 'rejected', stage: null });
    expect([again.status, again.body.code]).toEqual([409, 'dispute-unknown']);
  });

  it('is answered by what its resolver says, and by nobody else', async () => {
    const { id } = await dispute();
    const resolverId = office.users.resolver;
    await office.ask('POST', `/v1/disputes/${id}/qualification`, { verdict: 'dispute', resolverId });

    const [collector, debtor] = [
      await say(id, 'internal', 'Alors ?'),
      await say(id, 'from_debtor', 'Alors ?'),
    ];
    const resolver = await say(id, 'internal', 'Le lot était défectueux.', 'resolver');

    expect([collector.body.stage, debtor.body.stage]).toEqual(['answer', 'answer']);
    expect(resolver.body.stage).toBe('decision');
    expect((await fileOf(id)).body).toMatchObject({ stage: 'decision', dueOn: '2026-03-09' });
  });

  it('that is given to a resolver again asks him anew', async () => {
    const { id } = await dispute();
    const resolverId = office.users.resolver;
    await office.ask('POST', `/v1/disputes/${id}/qualification`, { verdict: 'dispute', resolverId });
    await say(id, 'internal', 'Je regarde.', 'resolver');

    await office.ask('POST', `/v1/disputes/${id}/assignment`, { userId: resolverId });

    expect((await fileOf(id)).body).toMatchObject({ stage: 'answer', resolver: { id: resolverId } });
  });

  it('of which a part is granted says what is unasked, granted and awaited; more than was contested is refused', async () => {
    const { id } = await dispute();
    const decide = (granted: object | undefined, outcome = 'credit_note') =>
      office.ask('POST', `/v1/disputes/${id}/resolution`, { outcome, ...(granted ? { granted } : {}) });

    const tooMuch = await decide(eur(50_001));
    const senseless = await decide(eur(1), 'rejected');
    const answer = await decide(eur(30_000));

    expect([tooMuch.status, tooMuch.body.code, tooMuch.body.field]).toEqual([
      409,
      'grant-too-large',
      'granted',
    ]);
    expect([senseless.status, senseless.body.errors[0].field]).toEqual([400, 'granted']);
    expect(answer.body).toMatchObject({ invoice: { asked: eur(90_000) } });
    expect((await fileOf(id)).body).toMatchObject({
      outcome: 'credit_note',
      contested: eur(50_000),
      unasked: eur(30_000),
      granted: eur(30_000),
      awaits: 'credit_note',
    });
  });

  it('about which something is said to the debtor has a message for him, and none for what was said otherwise or inside', async () => {
    const { id, invoiceId } = await dispute();
    const post = async (body: object) =>
      (await office.ask('POST', `/v1/disputes/${id}/messages`, body, { as: 'collector' })).body.sentAs;

    const sent = await post({ way: 'to_debtor', text: 'Un avoir suit.' });
    const said = await post({ way: 'to_debtor', text: 'Dit au téléphone.', send: false });
    const inside = await post({ way: 'internal', text: 'À vérifier.' });
    const heard = await post({ way: 'from_debtor', text: 'Alors ?' });

    expect([typeof sent, said, inside, heard]).toEqual(['string', null, null, null]);
    expect(
      (await office.ask('GET', `/v1/messages?invoice=${invoiceId}&purpose=word`)).body.items,
    ).toMatchObject([{ id: sent, purpose: 'word', state: 'planned', channel: 'email', level: null }]);
    expect((await fileOf(id)).body.messages).toMatchObject([
      { sent: { messageId: sent, state: 'planned', recipient: null } },
      { sent: null },
      { sent: null },
      { sent: null },
    ]);
  });

  it('sends along the papers marked for the debtor, once; those that are not his, or too large, with nothing', async () => {
    const { id } = await dispute();
    const paper = async (name: string, way: string, bytes: Buffer = pdf) =>
      String((await handIn(id, bytes, `?way=${way}&name=${name}`)).body['documentId']);
    const note = await paper('Livraison', 'to_debtor');
    const inside = await paper('Interne', 'internal');
    const big = Buffer.concat([pdf, Buffer.alloc(6 * 1024 * 1024)]);
    const say = (more: object = {}) =>
      office.ask('POST', `/v1/disputes/${id}/messages`, { way: 'to_debtor', text: 'Voici.', ...more });

    const first = await say();
    const second = await say();
    const again = await say({ documents: [note] });
    const foreign = await say({ documents: [note, inside] });
    const telephone = await say({ documents: [note], send: false });
    const large = [await paper('Photo 1', 'to_debtor', big), await paper('Photo 2', 'to_debtor', big)];
    const tooLarge = await say();
    const one = await say({ documents: [large[0]] });

    const attached = { id: note, name: 'Livraison.pdf', sizeBytes: pdf.length };
    expect([first, second, again].map(({ body }) => body.attached)).toEqual([[attached], [], [attached]]);
    expect([foreign.status, telephone.status, telephone.body.field]).toEqual([404, 400, 'documents']);
    expect(tooLarge).toMatchObject({ status: 409, body: { code: 'papers-too-large', field: 'documents' } });
    expect(one.body.attached).toHaveLength(1);
    expect((await fileOf(id)).body.messages).toHaveLength(4);
  });

  it('is written about in the words of its level, and no longer than ten days after its decision', async () => {
    const own = await openOffice();
    onTestFinished(() => own.close());
    const invoice = await own.invoice();
    const { body } = await own.ask('POST', `/v1/invoices/${invoice.id}/disputes`, { reason: 'price' });
    const say = (text: string, more: object = {}) =>
      own.ask('POST', `/v1/disputes/${body.disputeId}/messages`, { way: 'to_debtor', text, ...more });

    const threat = await say('Nous saisissons vos comptes, huissier demain.');
    const account = await say('Réglez sur FR76 3000 4000 0312 3456 7890 143.');
    await own.ask('POST', `/v1/disputes/${body.disputeId}/resolution`, { outcome: 'rejected' });
    own.clock.set('2026-03-12');
    const inTime = await say('Le prix est celui de votre commande.');
    own.clock.set('2026-03-13');
    const late = await say('Toujours rien ?');
    const kept = await say('Dit au téléphone.', { send: false });
    await own.ask('POST', `/v1/invoices/${invoice.id}/payments`, { amount: eur(120_000) });
    own.clock.set('2026-03-12');
    const closed = await say('Merci.');

    for (const refused of [threat, account])
      expect(refused).toMatchObject({ status: 400, body: { field: 'text' } });
    expect([inTime.status, kept.status]).toEqual([201, 201]);
    expect([late.body.code, late.body.field, closed.body.code]).toEqual([
      'dispute-over',
      'send',
      'invoice-closed',
    ]);
    const file = await own.ask('GET', `/v1/disputes/${body.disputeId}`);
    expect(file.body.messages).toHaveLength(2);
  });

  it.each([
    ['fr', 'We will see you in c\u200bourt.'],
    ['fr', 'B\u00adailiffs come tomorrow.'],
    ['fr', 'Ceci est une mise en\u00a0demeure.'],
    ['en', 'Nous saisissons vos comptes par huissier demain.'],
  ] as const)(
    'threatens a debtor of language %s in no language and behind no invisible character: %s',
    async (language, text) => {
      const debtorId = await office.debtor({ language });
      const { id } = await dispute({ debtorId });

      expect(await say(id, 'to_debtor', text)).toMatchObject({ status: 400, body: { field: 'text' } });
      // What is harmless in his language is no threat because another one has the word.
      const harmless = { fr: 'À court terme, seize palettes suivent.', en: 'Without penalties, of course.' };
      expect((await say(id, 'to_debtor', harmless[language])).status).toBe(201);
    },
  );

  it('is not written about while a firm speaks with the debtor', async () => {
    const invoice = await office.invoice();
    const handed = await office.ask('POST', `/v1/invoices/${invoice.id}/hand-over`, {
      firmId: office.users.external_firm,
      incompleteBecause: 'Urgent.',
    });
    const { body } = await office.ask('POST', `/v1/invoices/${invoice.id}/disputes`, { reason: 'price' });

    const spoken = await say(String(body.disputeId), 'to_debtor', 'Nous vérifions.');

    expect([handed.status, spoken.status, spoken.body.code]).toEqual([201, 409, 'hold-of-hand-over']);
    expect((await fileOf(String(body.disputeId))).body.messages).toEqual([]);
  });

  it('that is granted as goodwill is made good by its own waiver, while another one goes on waiting for its paper', async () => {
    const invoice = await office.invoice();
    const open = async (amount: number) => {
      const path = `/v1/invoices/${invoice.id}/disputes`;
      const { body } = await office.ask('POST', path, { reason: 'price', amount: eur(amount) });
      return String(body.disputeId);
    };
    const [paper, kind] = [await open(40_000), await open(30_000)];
    await office.ask('POST', `/v1/disputes/${paper}/resolution`, {
      outcome: 'credit_note',
      granted: eur(40_000),
    });

    const answer = await office.ask('POST', `/v1/disputes/${kind}/resolution`, { outcome: 'goodwill' });

    expect([answer.status, answer.body.invoice.balance]).toEqual([201, eur(90_000)]);
    expect((await fileOf(kind)).body).toMatchObject({ granted: eur(30_000), awaits: null });
    expect((await fileOf(paper)).body).toMatchObject({ awaits: 'credit_note', unasked: eur(40_000) });
  });

  it('that a resolver grants as goodwill gives up no money: that is for those who may waive', async () => {
    const { id } = await dispute();

    await office.ask('POST', `/v1/disputes/${id}/qualification`, {
      verdict: 'dispute',
      resolverId: office.users.resolver,
    });
    const answer = await office.ask(
      'POST',
      `/v1/disputes/${id}/resolution`,
      { outcome: 'goodwill' },
      { as: 'resolver' },
    );

    expect([answer.status, answer.body.invoice.balance]).toEqual([201, eur(120_000)]);
    expect((await fileOf(id)).body).toMatchObject({ awaits: 'goodwill' });
  });

  it('that is decided in the words of the first releases is told in those of today', async () => {
    const [right, wrong] = [await dispute(), await dispute()];

    await office.ask('POST', `/v1/disputes/${right.id}/resolution`, { outcome: 'justified' });
    await office.ask('POST', `/v1/disputes/${wrong.id}/resolution`, { outcome: 'unjustified' });

    expect((await fileOf(right.id)).body.outcome).toBe('credit_note');
    expect((await fileOf(wrong.id)).body.outcome).toBe('rejected');
  });
});

describe('the file of a dispute', () => {
  it.each(['multipart/form-data', 'multipart/form-data; boundary=none'])(
    'takes no form that cannot be read, and says what to send (%s)',
    async (type) => {
      const { id } = await dispute();

      const answer = await handIn(id, Buffer.from('no form at all'), '', { 'content-type': type });

      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    },
  );

  it('has messages, documents and history in one place, with their authors', async () => {
    const { id, invoiceId } = await dispute();
    await say(id, 'from_debtor', 'Il manque dix cartons.');
    await handIn(id, pdf, '?way=from_debtor&name=bon.pdf');
    await say(id, 'internal', 'À vérifier avec l’entrepôt.');

    const { body } = await fileOf(id);

    expect(body.messages).toMatchObject([
      { way: 'from_debtor', by: { name: 'collector' }, text: 'Il manque dix cartons.' },
      { way: 'internal', by: { name: 'collector' }, text: 'À vérifier avec l’entrepôt.' },
    ]);
    expect(body.documents).toMatchObject([
      { way: 'from_debtor', name: 'bon.pdf', sha256: createHash('sha256').update(pdf).digest('hex') },
    ]);
    expect((body.history as { type: string }[]).map(({ type }) => type)).toEqual([
      'disputeOpened',
      'disputeMessage',
      'documentKept',
      'disputeMessage',
    ]);
    const { body: timeline } = await office.ask('GET', `/v1/invoices/${invoiceId}/timeline`);
    expect((timeline.items as { words: string | null }[]).map(({ words }) => words)).toContain(
      'Il manque dix cartons.',
    );
  });

  it('shows a firm outside the house what was said with the debtor, and nothing of what was said among us', async () => {
    const { id, invoiceId } = await dispute();
    await say(id, 'internal', 'Entre nous.');
    await say(id, 'to_debtor', 'Nous vérifions.');
    const secret = await handIn(id, pdf, '?way=internal');
    await office.ask('POST', `/v1/invoices/${invoiceId}/hand-over`, {
      firmId: office.users.external_firm,
      incompleteBecause: 'Urgent.',
    });

    const seen = await fileOf(id, 'external_firm');
    const timeline = await office.ask('GET', `/v1/invoices/${invoiceId}/timeline`, undefined, {
      as: 'external_firm',
    });
    const bytes = await office.ask('GET', String(secret.body['url']), undefined, { as: 'external_firm' });

    expect(seen.text).toContain('Nous vérifions.');
    for (const { text } of [seen, timeline]) {
      expect(text).not.toContain('Entre nous.');
      expect(text).not.toContain(String(secret.body['documentId']));
    }
    expect(bytes.status).toBe(404);
  });

  it('shows a resolver the disputes that are his, and no other of the same invoice', async () => {
    const mine = await dispute({ amount: 10_000 });
    const { body } = await office.ask('POST', `/v1/invoices/${mine.invoiceId}/disputes`, {
      reason: 'price',
      amount: eur(20_000),
    });
    const other = String(body.disputeId);
    await say(other, 'internal', 'Le commercial a promis une remise.');
    const document = await handIn(other, pdf);
    await office.ask('POST', `/v1/disputes/${mine.id}/assignment`, { userId: office.users.resolver });

    const as = { as: 'resolver' } as const;
    const list = await office.ask('GET', `/v1/disputes?invoice=${mine.invoiceId}`, undefined, as);
    const timeline = await office.ask('GET', `/v1/invoices/${mine.invoiceId}/timeline`, undefined, as);
    const bytes = await office.ask('GET', String(document.body['url']), undefined, as);

    expect((list.body.items as { id: string }[]).map(({ id }) => id)).toEqual([mine.id]);
    expect([(await fileOf(mine.id, 'resolver')).status, (await fileOf(other, 'resolver')).status]).toEqual([
      200, 404,
    ]);
    expect([bytes.status, timeline.text.includes('promis une remise')]).toEqual([404, false]);
    expect((await say(other, 'internal', 'x', 'resolver')).status).toBe(404);
  });
});

describe('the plain pages', () => {
  const page = async (url: string) => {
    const headers = { cookie: await office.cookie('credit_manager') };
    return (await office.app.inject({ method: 'GET', url, headers })).body;
  };

  it('say of an invoice what is contested and whom it waits for, then what it waits for', async () => {
    const { id, number } = await dispute({ reason: 'quantity', amount: 20_000 });
    const url = `/i/${number}?lang=en`;

    const unqualified = await page(url);
    await office.ask('POST', `/v1/disputes/${id}/qualification`, { verdict: 'dispute' });
    const qualified = await page(url);
    await office.ask('POST', `/v1/disputes/${id}/resolution`, {
      outcome: 'corrected_invoice',
      granted: eur(15_000),
    });
    const granted = await page(url);

    expect(unqualified).toMatch(
      /€200\.00<\/strong> · quantity · logistics department<br>.*to be qualified by 9 March 2026/,
    );
    expect(qualified).toContain('an answer is due by 9 March 2026');
    expect(granted).toMatch(
      /€150\.00<\/strong> · quantity · logistics department<br>.*issue the corrected invoice/,
    );
  });

  it('count the causes in a table', async () => {
    await dispute({ reason: 'duplicate', amount: 12_345 });

    expect(await page('/causes?lang=fr')).toMatch(/<td>facture en double<\/td><td class="num">1<\/td>/);
    expect(await page('/causes?by=department&lang=en')).toContain('<td>accounting</td>');
  });
});

describe('a document of a dispute', () => {
  it('comes back as it was handed in, under a name that harms nobody', async () => {
    const { id } = await dispute();
    const name = encodeURIComponent('../../Bon\u202e de livraison.exe.pdf');

    const { status, body } = await handIn(id, pdf, `?name=${name}`);
    const bytes = await office.app.inject({
      method: 'GET',
      url: String(body['url']),
      headers: { authorization: `Bearer ${office.keys.collector}` },
    });

    expect([status, body['name'], body['mediaType']]).toEqual([
      201,
      'Bon de livraison-exe.pdf',
      'application/pdf',
    ]);
    expect(bytes.rawPayload.equals(pdf)).toBe(true);
    expect(bytes.headers['content-disposition']).toMatch(/^attachment/);
    expect(bytes.headers['x-content-sha256']).toBe(createHash('sha256').update(pdf).digest('hex'));
  });

  it.each([
    ['con', '_con.txt'],
    ['.htaccess', 'htaccess.txt'],
    ['a\\b\\facture n° 12.PDF', 'facture n° 12.txt'],
    ['   ', 'document.txt'],
    ['x'.repeat(500), `${'x'.repeat(100)}.txt`],
    ['<script>.html', 'script.txt'],
  ])('named %j is kept as %j', (given, kept) => {
    expect(safeName(given, 'txt')).toBe(kept);
  });

  it.each([
    ['a page', Buffer.from('<html>\0</html>')],
    ['a program', Buffer.from('MZ\x90\x00')],
    ['an archive', Buffer.from('PK\x03\x04')],
    ['nothing', Buffer.alloc(0)],
  ])('that is %s is not taken, whatever it calls itself', async (_, bytes) => {
    const { id } = await dispute();

    const { status, body } = await handIn(id, bytes, '?name=bon.pdf', { 'content-type': 'application/pdf' });

    expect([status, (body['errors'] as { field: string }[])[0]?.field]).toEqual([400, 'file']);
  });

  it('that is too large is not taken', async () => {
    const { id } = await dispute();

    const { status, body } = await handIn(id, Buffer.concat([pdf, Buffer.alloc(paperBytesMax)]));

    expect([status, body['code']]).toEqual([413, 'file-too-large']);
  });

  it('sent twice with one key is kept once; another one under that key is refused', async () => {
    const { id } = await dispute();
    const headers = { 'idempotency-key': `document-of-${id}` };

    const [first, second] = [await handIn(id, pdf, '', headers), await handIn(id, pdf, '', headers)];
    const other = await handIn(id, Buffer.from('%PDF-another'), '', headers);

    expect(second.body).toEqual(first.body);
    expect(other.status).toBe(422);
    expect((await fileOf(id)).body.documents).toHaveLength(1);
  });

  it('may come as the file of a form', async () => {
    const { id } = await dispute();
    const form = [
      '--limit',
      'content-disposition: form-data; name="file"; filename="photo du carton.txt"',
      'content-type: text/plain',
      '',
      'Carton 12 écrasé.',
      '--limit--',
      '',
    ].join('\r\n');

    const { status, body } = await handIn(id, Buffer.from(form), '', {
      'content-type': 'multipart/form-data; boundary=limit',
    });

    expect([status, body['name'], body['mediaType']]).toEqual([
      201,
      'photo du carton.txt',
      'text/plain; charset=utf-8',
    ]);
  });
});

describe('the causes of disputes', () => {
  it('are the disputes that were entered, by reason, department and debtor', async () => {
    const own = await openOffice();
    try {
      const ask = async (invoiceId: string, reason: string, amount: number): Promise<string> => {
        const { body } = await own.ask('POST', `/v1/invoices/${invoiceId}/disputes`, {
          reason,
          amount: eur(amount),
        });
        return String(body.disputeId);
      };
      const [one, two] = [await own.invoice(), await own.invoice()];
      await ask(one.id, 'price', 10_000);
      const granted = await ask(one.id, 'delivery', 20_000);
      own.clock.set('2026-04-01');
      const rejected = await ask(two.id, 'delivery', 5_000);
      await ask(two.id, 'quantity', 1_000);
      await own.ask('POST', `/v1/disputes/${granted}/resolution`, {
        outcome: 'goodwill',
        granted: eur(15_000),
      });
      await own.ask('POST', `/v1/disputes/${rejected}/resolution`, { outcome: 'rejected' });

      const causes = async (query: string) => (await own.ask('GET', `/v1/disputes/causes?${query}`)).body;
      const inShort = (body: { items: { key: string; disputes: number; contested: { amount: number } }[] }) =>
        body.items.map(({ key, disputes, contested }) => [key, disputes, contested.amount]);

      const byReason = await causes('by=reason');
      expect(inShort(byReason)).toEqual([
        ['delivery', 2, 25_000],
        ['price', 1, 10_000],
        ['quantity', 1, 1_000],
      ]);
      expect(byReason.items[0]).toMatchObject({
        open: 0,
        rejected: 1,
        granted: 1,
        grantedAmount: eur(15_000),
      });
      expect(byReason.totals).toEqual([{ disputes: 4, contested: eur(36_000) }]);
      expect(inShort(await causes('by=department'))).toEqual([
        ['logistics', 3, 26_000],
        ['sales', 1, 10_000],
      ]);
      expect(inShort(await causes('by=debtor'))).toEqual([
        [one.debtorId, 2, 30_000],
        [two.debtorId, 2, 6_000],
      ]);
      expect(inShort(await causes('by=reason&from=2026-04-01&to=2026-04-30&department=logistics'))).toEqual([
        ['delivery', 1, 5_000],
        ['quantity', 1, 1_000],
      ]);
      const { body: list } = await own.ask('GET', '/v1/disputes');
      expect(list.items).toHaveLength(4);
    } finally {
      await own.close();
    }
  });
});
