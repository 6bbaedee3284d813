import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { attend } from '../../activities/attend.ts';
import type { Workshop } from '../../activities/workshop.ts';
import { declarationSent } from '../../db/declarations.ts';
import { atTheDesk, ourselves } from '../../db/desk.ts';
import { followers, movedPlaces } from '../../db/merge-rows.ts';
import { brokenIn } from '../setup/broken-in.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
let creditorId: string;
beforeAll(async () => {
  office = await openOffice();
  creditorId = await office.creditor();
});
afterAll(() => office.close());

const merge = (goneId: string, intoId: string) => office.ask('POST', '/v1/merges', { goneId, intoId });
const undo = (mergeId: string) => office.ask('POST', `/v1/merges/${mergeId}/undo`);
const debtorOf = async (invoiceId: string) =>
  (await office.ask('GET', `/v1/invoices/${invoiceId}`)).body.debtor.id as string;
const factsOf = async (invoiceId: string) =>
  (
    await office.house.db
      .selectFrom('journal')
      .select('type')
      .where('subject', '=', `invoice/${invoiceId}`)
      .orderBy('seq')
      .execute()
  ).map(({ type }) => type);

type Party = { readonly debtorId: string };

interface Declaration {
  readonly sentOn: string | null;
  readonly claims: readonly { readonly invoiceId: string }[];
}

/** Two debtors with an invoice each. */
const twins = async () => {
  const gone = await office.invoice({ creditorId });
  const into = await office.invoice({ creditorId });
  return { gone, into };
};

/** Every row of the database that names one of them, as it stands. */
const standing = async (...debtorIds: string[]) => {
  const all: Record<string, unknown> = {};
  for (const place of [...movedPlaces, ...followers.filter((one) => one !== 'ledger_entry')]) {
    const { rows } = await sql`select * from ${sql.table(place)} where debtor_id = any(${debtorIds})`.execute(
      office.house.db,
    );
    all[place] = rows
      .map((row) => {
        const { debtor_id: debtor, id, key } = row as Record<string, string>;
        return `${id ?? key} of ${debtor}`;
      })
      .sort();
  }
  return all;
};

describe('two debtors who are one company', () => {
  it('are shown before they are merged: what would come together, and what speaks against it', async () => {
    const { gone, into } = await twins();
    await office.ask('POST', `/v1/debtors/${into.debtorId}/holds`, { reason: 'talks' });
    await office.ask('PATCH', `/v1/debtors/${gone.debtorId}`, { siren: '732829320' });

    const { status, body } = await office.ask('POST', '/v1/merges', {
      goneId: gone.debtorId,
      intoId: into.debtorId,
      dryRun: true,
    });

    expect(status).toBe(200);
    expect(body.gone).toMatchObject({ files: 1, contacts: 1, siren: '732829320' });
    expect(body.into).toMatchObject({ holds: 1, open: [{ invoices: 1 }] });
    expect(body.conflicts).toMatchObject([{ code: 'held', prevents: false }]);
    expect(await debtorOf(gone.id)).toBe(gone.debtorId);
  });

  it('have one door, one account and one silence afterwards, and the file says so', async () => {
    const { gone, into } = await twins();
    await office.ask('POST', '/v1/payments', {
      debtorId: gone.debtorId,
      creditorId,
      amount: { amount: 1_500_00, currency: 'EUR' },
      valueDate: '2026-03-01',
    });
    await office.ask('POST', `/v1/debtors/${into.debtorId}/holds`, { reason: 'talks' });

    const { status, body } = await merge(gone.debtorId, into.debtorId);

    expect([status, body.invoices]).toEqual([201, 1]);
    const stays = (await office.ask('GET', `/v1/debtors/${into.debtorId}`)).body;
    expect(stays.contacts).toHaveLength(2);
    expect(stays.credits).toEqual([{ creditorId, amount: { amount: 300_00, currency: 'EUR' } }]);
    expect(await debtorOf(gone.id)).toBe(into.debtorId);
    expect((await factsOf(gone.id)).at(-1)).toBe('debtorReplaced');
    expect((await factsOf(into.id)).at(-1)).toBe('debtorChanged');
    const story = await office.ask('GET', `/v1/invoices/${gone.id}/timeline`);
    expect(story.text).toContain('was merged with another');
  });

  it('answer by the old id: reading is sent on, acting is told the new one', async () => {
    const { gone, into } = await twins();
    await merge(gone.debtorId, into.debtorId);

    const read = await office.ask('GET', `/v1/debtors/${gone.debtorId}/insolvency`);
    const acts = [
      await office.ask('PATCH', `/v1/debtors/${gone.debtorId}`, { grade: 'A' }),
      await office.ask('POST', `/v1/debtors/${gone.debtorId}/holds`, { reason: 'talks' }),
      await office.ask('POST', '/v1/payments', {
        debtorId: gone.debtorId,
        creditorId,
        amount: { amount: 100, currency: 'EUR' },
        valueDate: '2026-03-01',
      }),
      await office.ask('POST', '/v1/holds', { scope: 'debtor', subjectId: gone.debtorId, reason: 'talks' }),
      await office.ask('POST', '/v1/stops', { scope: 'debtor', subjectId: gone.debtorId, reason: 'No.' }),
      await merge(into.debtorId, gone.debtorId),
    ];

    expect([read.status, read.headers.location]).toEqual([301, `/v1/debtors/${into.debtorId}/insolvency`]);
    expect(read.headers['cache-control']).toContain('no-store');
    for (const { status, body } of acts) {
      expect([status, body.code]).toEqual([409, 'debtor-merged']);
      expect(body.detail).toContain(into.debtorId);
    }
    const lists = ['invoices', 'litigation', 'holds', 'tasks'].map((list) =>
      office.ask('GET', `/v1/${list}?debtor=${gone.debtorId}`),
    );
    const [invoices, ...others] = await Promise.all(lists);
    expect(invoices?.body.items.map(({ id }: { id: string }) => id).sort()).toEqual(
      [gone.id, into.id].sort(),
    );
    expect(others.map(({ status }) => status)).toEqual([200, 200, 200]);
    const named = await office.ask('GET', '/v1/debtors?limit=200');
    expect(named.text).not.toContain(gone.debtorId);
  });

  it('are found by the customer code of either in the next file', async () => {
    const register = async (code: string, number: string) =>
      (
        await office.ask('POST', '/v1/invoices', {
          creditorId,
          debtor: { name: `Société ${code}`, reference: code },
          number,
          dueDate: '2026-03-20',
          amount: { amount: 100_00, currency: 'EUR' },
        })
      ).body.invoice.id as string;
    const [old, kept] = [await register('C-OLD', 'M-1'), await register('C-KEPT', 'M-2')];
    const [goneId, intoId] = [await debtorOf(old), await debtorOf(kept)];

    await merge(goneId, intoId);

    expect(await debtorOf(await register('C-OLD', 'M-3'))).toBe(intoId);
  });

  it('do not begin to write to whoever asked one of them for silence', async () => {
    const { gone, into } = await twins();
    for (const { debtorId } of [gone, into])
      await office.house.db
        .updateTable('contact')
        .set({ email: 'Claire@Twin.example' })
        .where('debtor_id', '=', debtorId)
        .execute();
    const contacts = () =>
      office.house.db
        .selectFrom('contact')
        .select(['debtor_id', 'opted_out_at'])
        .where('debtor_id', 'in', [gone.debtorId, into.debtorId])
        .execute();
    const { body } = await office.ask('GET', `/v1/debtors/${gone.debtorId}`);
    await office.ask('PATCH', `/v1/contacts/${body.contacts[0].id}`, { optedOut: true });

    const merged = await merge(gone.debtorId, into.debtorId);
    const during = await contacts();
    await undo(merged.body.mergeId);

    expect(during.every((one) => one.opted_out_at !== null)).toBe(true);
    const free = (await contacts()).filter((one) => one.opted_out_at === null);
    expect(free).toMatchObject([{ debtor_id: into.debtorId }]);
  });

  it('are not merged against what is known of them', async () => {
    const { gone, into } = await twins();
    await office.ask('PATCH', `/v1/debtors/${gone.debtorId}`, { siren: '732829320' });
    await office.ask('PATCH', `/v1/debtors/${into.debtorId}`, { siren: '552100554' });

    const { status, body } = await merge(gone.debtorId, into.debtorId);

    expect([status, body.code]).toEqual([409, 'merge-impossible']);
    expect(await debtorOf(gone.id)).toBe(gone.debtorId);
  });

  it('are in one procedure, recorded twice: what was declared counts in it, and goes back with its invoice', async () => {
    const { gone, into } = await twins();
    const judged = ({ debtorId }: Party, publishedOn: string | null) =>
      office.ask('POST', `/v1/debtors/${debtorId}/insolvency`, { judgmentOn: '2026-03-01', publishedOn });
    const declare = ({ debtorId }: Party, on: string) =>
      atTheDesk(office.house, [debtorId], (desk) =>
        declarationSent(desk, { debtorId, creditorId, on }, ourselves),
      );
    const read = async ({ debtorId }: Party) =>
      (await office.ask('GET', `/v1/debtors/${debtorId}/insolvency`)).body.insolvency;
    const declared = async (party: Party) =>
      ((await read(party)).declarations as Declaration[]).map(({ sentOn, claims }) => [
        sentOn,
        claims.map(({ invoiceId }) => invoiceId),
      ]);
    await judged(gone, '2026-03-02');
    await judged(into, '2026-03-01');
    await declare(gone, '2026-03-02');
    const extra = await office.invoice({ creditorId, debtorId: gone.debtorId });
    const { id: waitingId } = await read(gone);

    const apart = await merge(gone.debtorId, into.debtorId);
    await judged(into, null);
    const merged = await merge(gone.debtorId, into.debtorId);
    const { publishedOn } = await read(into);
    const during = await declared(into);
    const { lookAt } = await attend({ house: office.house } as Workshop, waitingId as string);
    await declare(into, '2026-03-03');
    await undo(merged.body.mergeId);

    expect(apart.body.code).toBe('merge-impossible');
    expect(publishedOn).toBe('2026-03-02');
    expect(during).toEqual([
      ['2026-03-02', [gone.id]],
      [null, [into.id, extra.id]],
    ]);
    expect(lookAt).toBeNull();
    expect(await declared(gone)).toEqual([
      ['2026-03-02', [gone.id]],
      ['2026-03-03', [extra.id]],
    ]);
    expect(await declared(into)).toEqual([['2026-03-03', [into.id]]]);
    expect((await read(into)).publishedOn).toBeNull();
    expect((await read(gone)).publishedOn).toBe('2026-03-02');
  });

  it('share one insolvency: claims of both fall silent, and the way back takes it off the other', async () => {
    const { gone, into } = await twins();
    await office.ask('POST', `/v1/debtors/${gone.debtorId}/insolvency`, { judgmentOn: '2026-03-01' });
    const state = async (id: string) => (await office.ask('GET', `/v1/invoices/${id}`)).body.state as string;
    const before = await state(into.id);

    const merged = await merge(gone.debtorId, into.debtorId);
    const during = [await state(gone.id), await state(into.id)];
    await undo(merged.body.mergeId);

    expect(during).toEqual([await state(gone.id), await state(gone.id)]);
    expect(await state(into.id)).toBe(before);
    const { body } = await office.ask('GET', `/v1/debtors/${into.debtorId}/insolvency`);
    expect(body.insolvency).toBeNull();
  });
});

describe('a merge by which a claim is one of before the judgment', () => {
  it.each(['gone', 'into'] as const)(
    'tells its partner of the judgment, once, where only the one who is %s was known to be in a procedure',
    async (judged) => {
      const pair = await twins();
      const other = judged === 'gone' ? pair.into : pair.gone;
      const firmId = office.users.external_firm;
      for (const { id } of [pair.gone, pair.into])
        await office.ask('POST', `/v1/invoices/${id}/hand-over`, { firmId, incompleteBecause: 'Urgent.' });
      const judgment = { judgmentOn: '2026-03-01' };
      await office.ask('POST', `/v1/debtors/${pair[judged].debtorId}/insolvency`, judgment);
      const told = async () =>
        office.house.db
          .selectFrom('litigation_entry')
          .select('invoice_id')
          .where('invoice_id', 'in', [pair.gone.id, pair.into.id])
          .where('code', '=', 'debtorInsolvent')
          .execute();
      const before = (await told()).map(({ invoice_id: id }) => id);

      const { status } = await merge(pair.gone.debtorId, pair.into.debtorId);

      expect([status, before]).toEqual([201, [pair[judged].id]]);
      expect((await told()).map(({ invoice_id: id }) => id)).toEqual([pair[judged].id, other.id]);
    },
  );
});

describe('a merge that was a mistake', () => {
  it('gives back exactly what came, with what was made of it since', async () => {
    const { gone, into } = await twins();
    const extra = await office.invoice({ creditorId, debtorId: gone.debtorId });
    await office.ask('POST', `/v1/debtors/${gone.debtorId}/holds`, { reason: 'talks', until: '2026-03-10' });
    await office.ask('POST', '/v1/payments', {
      debtorId: gone.debtorId,
      creditorId,
      amount: { amount: 2_500_00, currency: 'EUR' },
      valueDate: '2026-03-01',
    });
    await office.ask('POST', `/v1/invoices/${into.id}/disputes`, { reason: 'price', contested: undefined });
    const before = await standing(gone.debtorId, into.debtorId);
    const credits = async (id: string) => (await office.ask('GET', `/v1/debtors/${id}`)).body.credits;
    const creditBefore = [await credits(gone.debtorId), await credits(into.debtorId)];

    const merged = await merge(gone.debtorId, into.debtorId);
    const between = await standing(gone.debtorId, into.debtorId);
    const answer = await undo(merged.body.mergeId);

    expect(Object.values(between).flat().join()).not.toContain(`of ${gone.debtorId}`);
    expect([answer.status, answer.body.invoices]).toEqual([201, 2]);
    expect(await standing(gone.debtorId, into.debtorId)).toEqual(before);
    expect([await credits(gone.debtorId), await credits(into.debtorId)]).toEqual(creditBefore);
    expect(await debtorOf(extra.id)).toBe(gone.debtorId);
    expect((await undo(merged.body.mergeId)).body.code).toBe('merge-undone');
  });

  it('leaves money where it has settled an invoice since', async () => {
    const { gone, into } = await twins();
    const { body: paid } = await office.ask('POST', '/v1/payments', {
      debtorId: gone.debtorId,
      creditorId,
      amount: { amount: 2_000_00, currency: 'EUR' },
      valueDate: '2026-03-01',
    });
    const merged = await merge(gone.debtorId, into.debtorId);
    const spent = await office.ask('POST', `/v1/payments/${paid.id}/allocations`, {
      allocations: [{ invoiceId: into.id, amount: 500_00 }],
    });

    await undo(merged.body.mergeId);

    expect(spent.body).toMatchObject({ allocations: [{ invoiceId: into.id }] });
    const credits = (await office.ask('GET', `/v1/debtors/${gone.debtorId}`)).body.credits;
    expect(credits).toEqual([{ creditorId, amount: { amount: 300_00, currency: 'EUR' } }]);
    expect((await office.ask('GET', `/v1/invoices/${into.id}`)).body.balance.amount).toBe(700_00);
    const back = await office.ask('POST', `/v1/payments/${paid.id}/return`, {
      on: '2026-03-02',
      reason: 'chargeback',
    });
    expect(back.status).toBe(201);
  });

  it('waits for whatever is about both by now, and for no longer than 30 days', async () => {
    const { gone, into } = await twins();
    const merged = await merge(gone.debtorId, into.debtorId);
    const { body: plan } = await office.ask('POST', '/v1/plans', {
      invoiceIds: [gone.id, into.id],
      equal: { count: 2, firstOn: '2026-03-20' },
    });

    const together = await undo(merged.body.mergeId);
    await office.ask('POST', `/v1/plans/${plan.id}/withdrawal`, { reason: 'other' });
    office.clock.set('2026-04-02');
    const late = await undo(merged.body.mergeId);
    office.clock.set('2026-03-02');

    expect([together.body.code, together.body.detail]).toEqual([
      'merge-grown-together',
      expect.stringContaining(plan.id),
    ]);
    expect(late.body.code).toBe('merge-too-old');
  });

  it('is taken back in the order in which it was made', async () => {
    const { gone, into } = await twins();
    const last = await office.invoice({ creditorId });
    const first = await merge(gone.debtorId, into.debtorId);
    const second = await merge(into.debtorId, last.debtorId);
    const [read] = [await office.ask('GET', `/v1/debtors/${gone.debtorId}`)];
    const went = await office.ask('GET', `/v1/merges?debtor=${gone.debtorId}`);

    const early = await undo(first.body.mergeId);
    await undo(second.body.mergeId);
    const done = await undo(first.body.mergeId);

    expect(read.headers.location).toBe(`/v1/debtors/${last.debtorId}`);
    expect(went.body.items).toMatchObject([{ id: first.body.mergeId }]);
    expect([early.body.code, done.status]).toEqual(['merge-grown-together', 201]);
    expect(await debtorOf(gone.id)).toBe(gone.debtorId);
  });
});

describe('the pages', () => {
  it('compare two who look alike, and name on an invoice whom its debtor was merged with', async () => {
    const one = await office.invoice({
      creditorId,
      debtorId: await office.debtor({ name: 'Garage Ferrand' }),
    });
    const other = await office.invoice({
      creditorId,
      debtorId: await office.debtor({ name: 'FERRAND (garage)' }),
    });
    const namesake = await office.debtor({ name: 'Garage  ferrand SA' });
    const cookie = await office.cookie('credit_manager');
    const page = async (url: string, of = cookie) =>
      (await office.app.inject({ url, headers: { cookie: of } })).body;

    const twins = await page('/merges?lang=fr');
    const compared = await page(`/merges?gone=${other.debtorId}&into=${one.debtorId}&lang=en`);
    await merge(other.debtorId, one.debtorId);

    expect(twins).toContain('href="/merges"');
    const sales = await office.cookie('sales');
    expect(await page('/causes', sales)).not.toContain('href="/merges"');
    expect(await page('/merges?lang=fr', sales)).toContain('<h1>Page réservée</h1>');
    expect(await page('/merges?lang=en', sales)).not.toContain('Page réservée');
    expect(twins).toContain(`/merges?gone=${namesake}&amp;into=${one.debtorId}`);
    expect(compared).toContain(`relance debtor merge ${other.debtorId} ${one.debtorId}`);
    expect(await page(`/i/${other.number}?lang=en`)).toContain('(one with FERRAND (garage))');
    expect(await page('/merges?lang=fr')).toMatch(/Fusions en vigueur.*FERRAND \(garage\)/s);
  });
});

describe('likely twins', () => {
  it('are proposed by what they have in common, never with two SIREN numbers', async () => {
    const one = await office.debtor({ name: 'Établissements Müller SARL' });
    const other = await office.debtor({ name: 'MULLER' });
    const stranger = await office.debtor({ name: 'Muller SAS' });
    await office.ask('PATCH', `/v1/debtors/${one}`, { siren: '732829320' });
    await office.ask('PATCH', `/v1/debtors/${stranger}`, { siren: '552100554' });

    const { body } = await office.ask('GET', `/v1/likely-twins?debtor=${one}`);

    const pairs = body.items.map((pair: Record<string, { id: string }>) => [
      pair['one']?.id,
      pair['other']?.id,
    ]);
    expect(pairs).toContainEqual([one, other]);
    expect(JSON.stringify(pairs)).not.toContain(stranger);
  });
});

describe('a merge', () => {
  it('knows every table that names a debtor', async () => {
    const { rows } = await sql<{ place: string }>`
      select conrelid::regclass::text as place from pg_constraint
        where contype = 'f' and confrelid = 'debtor'::regclass and conrelid <> 'debtor'::regclass`.execute(
      office.house.db,
    );

    const named = new Set(rows.map(({ place }) => place));
    expect([...named].sort()).toEqual([...movedPlaces, ...followers, 'merge', 'erased_mark'].sort());
  });

  it('and the way back leave no invariant broken', async () => {
    expect([...(await brokenIn(office.house))]).toEqual([]);
  });
});
