import { parse } from 'csv-parse/sync';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyImports } from '../../db/imports.ts';
import { openOffice } from '../setup/office.ts';
import type { Answer, Office } from '../setup/office.ts';
import { payloads } from './export/payloads.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

type Asking = Parameters<Office['ask']>[3];

/** The rows of a file by their heads. */
async function taken(url: string, how: Asking = {}, separator = ','): Promise<Record<string, string>[]> {
  const answer = await office.ask('GET', `/v1/${url}`, undefined, how);
  expect(answer.status).toBe(200);
  return parse(answer.text, { bom: true, delimiter: separator, columns: true });
}

async function collectorNamed(name: string): Promise<string> {
  const user = { name, role: 'collector', portfolio: 'own', language: 'en', key: {} };
  return (await office.ask('POST', '/v1/users', user, { as: 'admin' })).body.key as string;
}

async function lastNoted(): Promise<Record<string, unknown>> {
  const { type, body } = await office.house.db
    .selectFrom('journal')
    .select(['type', 'body'])
    .where('subject', '=', 'exports')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return { type, ...(JSON.parse(body) as object) };
}

describe('invoices as a file', () => {
  it('are written as a French spreadsheet reads them', async () => {
    const debtorId = await office.debtor({ name: 'Café « L’Été » ; fils' });
    const given = { debtorId, number: 'FR-1', dueDate: '2026-02-25', amountCents: 123_456_789 } as const;
    const invoice = await office.invoice(given);

    const answer = await office.ask('GET', `/v1/exports/invoices?debtor=${debtorId}&language=fr`);

    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="factures-2026-03-02.csv"',
      'cache-control': 'no-store',
    });
    expect(answer.text).toBe(
      '\uFEFFFacture;Terme;Créancier;Débiteur;Date de facture;Échéance;Jours de retard;Montant;Reste dû;Devise;État;Niveau;Commande;Chargé de recouvrement;Commercial;À vérifier;Identifiant\r\n' +
        `FR-1;1;Ateliers Martin SAS;"Café « L’Été » ; fils";;25/02/2026;5;1234567,89;1234567,89;EUR;en attente de la prochaine étape;;;;;;${invoice.id}\r\n`,
    );
  });

  it('are written as an English one reads them, or with the separator that is asked for', async () => {
    const { debtorId } = await office.invoice({ number: 'EN-1', dueDate: '2026-02-25', amountCents: 5 });

    const [row] = await taken(`exports/invoices?debtor=${debtorId}&language=en`);
    const [again] = await taken(`exports/invoices?debtor=${debtorId}&separator=semicolon`, {}, ';');

    expect(row).toMatchObject({
      Invoice: 'EN-1',
      'Due date': '2026-02-25',
      Amount: '0.05',
      'Days late': '5',
    });
    expect(again).toEqual(row);
  });

  it('below zero are numbers still: what was paid too much', async () => {
    const { id, debtorId } = await office.invoice({ amountCents: 1_000 });
    await office.house.db.updateTable('invoice').set({ balance_cents: -250 }).where('id', '=', id).execute();

    const [row] = await taken(`exports/invoices?debtor=${debtorId}`);
    await office.house.db.updateTable('invoice').set({ balance_cents: 1_000 }).where('id', '=', id).execute();

    expect(row?.['Balance']).toBe('-2.50');
  });

  it('hold no formula, whatever a debtor is called', async () => {
    const creditorId = await office.creditor();
    for (const [at, name] of payloads.entries())
      await office.invoice({
        creditorId,
        debtorId: await office.debtor({ name }),
        number: `P-${at}`,
        collector: name,
      });

    const rows = await taken(`exports/invoices?creditor=${creditorId}`);

    const names = new Map(rows.map((row) => [row['Invoice'], row['Debtor']]));
    expect(payloads).toHaveLength(40);
    expect(payloads.map((_, at) => names.get(`P-${at}`))).toEqual(payloads.map((name) => `'${name}`));
    expect(new Set(rows.map((row) => row['Collector']))).toEqual(new Set(names.values()));
  });

  it('are all that the filters leave, each once, by due day, however many pages that is', async () => {
    const { id, creditorId } = await office.invoice({ dueDate: '2026-01-01' });
    await sql`
      insert into invoice select (jsonb_populate_record(one, jsonb_build_object(
        'id', gen_random_uuid(), 'number', 'L-' || n, 'due_date', '2026-01-01'::date + n % 40))).*
      from invoice one, generate_series(1, 1300) n where one.id = ${id}`.execute(office.house.db);
    await office.invoice();

    const rows = await taken(`exports/invoices?creditor=${creditorId}&dueAfter=2026-01-01`);

    const days = rows.map((row) => row['Due date']);
    expect(new Set(rows.map((row) => row['Id'])).size).toBe(rows.length);
    expect(rows).toHaveLength(1_300 - Math.floor(1_300 / 40));
    expect(days).toEqual([...days].sort());
    await sql`delete from invoice where number like 'L-%'`.execute(office.house.db);
  });

  it('are those of his portfolio to a collector who has one, his customers to who sells, its files to a firm', async () => {
    const key = await collectorNamed('Ella Export');
    const mine = await office.invoice({ collector: 'ella export' });
    const sold = await office.invoice({ salesOwner: 'Sales' });
    const handed = await office.invoice();
    await office.ask('POST', `/v1/invoices/${handed.id}/hand-over`, {
      firmId: office.users.external_firm,
      incompleteBecause: 'Urgent.',
    });
    const ids = async (how: Asking) => (await taken('exports/invoices', how)).map((row) => row['Id']);

    expect(await ids({ key })).toEqual([mine.id]);
    expect(await ids({ as: 'sales' })).toEqual([sold.id]);
    expect(await ids({ as: 'external_firm' })).toEqual([handed.id]);
    expect(await ids({ as: 'collector' })).toEqual(expect.arrayContaining([mine.id, sold.id, handed.id]));
  });

  it('leave a trace of who took them, without what he looked for', async () => {
    await taken('exports/invoices?q=Leroy&late=true&language=en', { as: 'accountant' });

    expect(await lastNoted()).toEqual({
      type: 'exported',
      what: 'invoices',
      by: office.users.accountant,
      filters: ['late', 'q'],
    });
  });
});

describe('tasks as a file', () => {
  it('have a row for each invoice that they are about, for those alone who see the task', async () => {
    const key = await collectorNamed('Tess Task');
    const mine = await office.invoice({ collector: 'Tess Task', amountCents: 70_000 });
    const theirs = await office.invoice();
    for (const { id } of [mine, theirs])
      await office.state(id, {
        type: 'taskOpened',
        taskId: crypto.randomUUID(),
        task: 'insolvency',
        about: null,
        dueOn: '2026-03-10',
      });

    const own = await taken('exports/tasks', { key });
    const all = await taken('exports/tasks?kind=insolvency');

    expect(own).toEqual([
      expect.objectContaining({
        'Due on': '2026-03-10',
        Task: 'Declare the claim',
        Invoice: mine.number,
        Balance: '700.00',
      }),
    ]);
    expect(all.map((row) => row['Invoice']).sort()).toEqual([mine.number, theirs.number].sort());
    expect(await lastNoted()).toMatchObject({ what: 'tasks', filters: ['kind', 'state'] });
  });
});

describe('the rejected rows of an import', () => {
  const headers = 'Vendeur;Client;E-mail;Facture;Date facture;Échéance;Montant TTC;Devise;Déjà réglé;Tél.';
  const file = (...rows: readonly string[]): string => [headers, ...rows, ''].join('\r\n');

  async function send(text: string): Promise<Answer['body']> {
    const { statusCode, body } = await office.app.inject({
      method: 'POST',
      url: '/v1/imports',
      headers: { authorization: `Bearer ${office.keys.accountant}`, 'content-type': 'text/csv' },
      payload: text,
    });
    await applyImports(office.house);
    const { id, questions } = JSON.parse(body) as { id: string; questions?: unknown };
    expect([statusCode, questions]).toEqual([202, undefined]);
    return (await office.ask('GET', `/v1/imports/${id}`)).body;
  }

  const given = async (id: string, query = '?language=fr') =>
    (await office.ask('GET', `/v1/imports/${id}/rejected-rows${query}`)).text;

  it('say why, and enter once they are mended and sent again as the file that was given out', async () => {
    // The first row alone tells that days come first and that the point groups thousands.
    const first = await send(
      file(
        'Ateliers;Dupont;a@b.example;R-1;15/01/2026;25/02/2026;1.234,50;EUR;;',
        'Ateliers;=Durand;a@b.example;R-2;03/01/2026;04/02/2026;1.234;XQZ;;+33472000000',
        'Ateliers;Petit;a@b.example;R-3;03/01/2026;31/02/2026;2.000;EUR;;',
        'Ateliers;Leroy;a@b.example;R-4;03/01/2026;04/02/2026;3.000;EUR',
        'Ateliers;"Roux;a@b.example;R-5;03/01/2026;04/02/2026;4.000;EUR;;',
        'Ateliers;Blanc;a@b.example;R-6;03/01/2026;04/02/2026;-5.000;EUR;;',
      ),
    );
    expect(first).toMatchObject({ created: 1, rejected: 5 });

    const text = await given(first.id);
    const rows: string[][] = parse(text, { bom: true, delimiter: ';', relax_column_count: true });
    const mended = text
      .replace(';XQZ;', ';EUR;')
      .replace('31/02/2026', '28/02/2026')
      .replace(';3000,00;EUR', ';3000,00;EUR;;')
      .replace('"""Roux"', 'Roux')
      .replace(';-5000,00;', ';5000,00;');
    const second = await send(mended);

    expect(rows[0]?.slice(0, 5)).toEqual([
      'Relance : ligne',
      'Relance : pourquoi',
      'Relance : que faire',
      'Vendeur',
      'Client',
    ]);
    expect(rows.slice(1).map(([line]) => line)).toEqual(['3', '4', '5', '6', '7']);
    expect(rows[1]?.slice(1, 3).join()).toContain('currency');
    expect(rows[1]?.[4]).toBe("'=Durand");
    expect(rows[1]?.at(-1)).toBe("'+33472000000");
    expect(second).toMatchObject({ rows: 5, created: 5, rejected: 0 });
    const found = await office.house.db
      .selectFrom('invoice')
      .innerJoin('debtor', 'debtor.id', 'invoice.debtor_id')
      .select(['number', 'debtor.name', 'due_date', 'amount_cents'])
      .where('number', 'like', 'R-%')
      .orderBy('number')
      .execute();
    expect(found).toEqual([
      { number: 'R-1', name: 'Dupont', due_date: '2026-02-25', amount_cents: 123_450 },
      { number: 'R-2', name: '=Durand', due_date: '2026-02-04', amount_cents: 123_400 },
      { number: 'R-3', name: 'Petit', due_date: '2026-02-28', amount_cents: 200_000 },
      { number: 'R-4', name: 'Leroy', due_date: '2026-02-04', amount_cents: 300_000 },
      { number: 'R-5', name: 'Roux', due_date: '2026-02-04', amount_cents: 400_000 },
      { number: 'R-6', name: 'Blanc', due_date: '2026-02-04', amount_cents: 500_000 },
    ]);
  });

  it('are given out again with reasons of their own when they were not mended', async () => {
    const first = await send(file('Ateliers;Dupont;a@b.example;S-1;15/01/2026;32/02/2026;10,00;EUR;;'));
    const text = await given(first.id);
    const second = await send(text);

    expect(second).toMatchObject({ created: 0, rejected: 1 });
    const again = parse(await given(second.id), { bom: true, delimiter: ';' });
    const inEnglish = parse(await given(second.id, '?language=en'), { bom: true });
    expect(inEnglish[0]).toEqual([
      'Relance: line',
      'Relance: why',
      'Relance: what to do',
      ...headers.split(';'),
    ]);
    expect(again).toEqual(parse(text, { bom: true, delimiter: ';' }));
  });

  it('hold what was read of a row that could be read and not be recorded', async () => {
    await send(file('Ateliers;Dupont;a@b.example;T-1;15/01/2026;25/02/2026;10,50;EUR;;'));
    const second = await send(file('Ateliers;Dupont;a@b.example;T-1;15/01/2026;25/02/2026;10,50;USD;2,00;'));

    expect(second).toMatchObject({ rejected: 1 });
    const [, row] = parse(await given(second.id), { bom: true, delimiter: ';' });
    expect(row?.slice(3)).toEqual([
      'Ateliers',
      'Dupont',
      'a@b.example',
      'T-1',
      '2026-01-15',
      '2026-02-25',
      '10,50',
      'USD',
      '2,00',
      '',
    ]);
    expect(await lastNoted()).toMatchObject({ what: 'rejected rows', importId: second.id, filters: [] });
  });
});
