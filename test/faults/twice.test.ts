import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import pg from 'pg';
import { waitingWords } from '../../db/outbox.ts';
import { atTheDesk, ourselves } from '../../db/desk.ts';
import { returnPayment } from '../../db/payments.ts';
import { post } from '../../temporal/post.ts';
import { asItIs, buildWithout } from './build.ts';
import type { Build } from './build.ts';
import { control } from './split.ts';
import { until, World } from './world.ts';

const parallel = 50;
const withoutKey = 'alter table invoice drop constraint invoice_creditor_id_number_term_key';

// F20
describe.concurrent('an invoice that is registered and started fifty times at once', () => {
  it.concurrent(
    'is one invoice with one running workflow, also after its life was over and begins again',
    async () => {
      expectOne(await startedOften());
    },
  );
  control('without its unique key it is many', async () => {
    const found = await startedOften(withoutKey);

    expect(() => expectOne(found)).toThrow();
    expect(found.invoices).toBeGreaterThan(1);
  });
});

// F21
describe.concurrent('a file of invoices', () => {
  it.concurrent(
    'that comes again, renamed, at the same time and with one row changed creates each invoice once',
    async () => {
      expectImportedOnce(await importedOften());
    },
  );
  control('when invoices are not known by their key, its correction creates them a second time', async () => {
    const found = await importedOften(withoutKey, buildWithout('the key of invoices'));

    expect(() => expectImportedOnce(found)).toThrow();
    expect(found.invoices).toBeGreaterThan(rows);
  });
});

type Started = Awaited<ReturnType<typeof startedOften>>;

function expectOne(found: Started): void {
  expect(found.invoices).toBe(1);
  expect(found.running).toEqual([1, 0, 1]);
  expect(found.taken).toEqual({ 'F-1 reminder 1': 1 });
  expect(found.broken).toEqual([]);
}

async function startedOften(without?: string) {
  return World.during({}, async (world) => {
    if (without) await asSuperuser(world, without);
    // The debtor is known already: making him would put the fifty in a row.
    await world.owes({ due: '2026-06-30', number: 'F-0', debtor: '100000001' });
    // Nor must the first be done while the others still connect.
    await Promise.all(
      Array.from({ length: parallel }, () => sql`select pg_sleep(0.1)`.execute(world.house.db)),
    );
    const same = { due: '2026-02-22', number: 'F-1', debtor: '100000001' };
    const owed = await Promise.all(Array.from({ length: parallel }, () => world.owes(same)));
    const invoices = new Set(owed.map(({ id }) => id)).size;
    const invoice = owed[0]!;
    const workflow = `invoice/${invoice.id}`;
    const startAll = async () => {
      const words = (await waitingWords(world.house.db, 0, 200)).filter((word) => word.workflow === workflow);
      await Promise.all(
        Array.from({ length: parallel }, () => post(world.client, world.house, workflow, words)),
      );
    };
    const running = async () => {
      let count = 0;
      for await (const { status } of world.client.workflow.list({ query: `WorkflowId = '${workflow}'` }))
        if (status.name === 'RUNNING') count += 1;
      return count;
    };

    await startAll();
    await until('Temporal lists it', async () => (await running()) > 0, 10).catch(() => undefined);
    const counts = [await running()];
    await world.worker();
    await world.rest();

    const payment = await world.pays(invoice);
    await world.rest();
    await until('its life is over', async () => (await running()) === 0, 20).catch(() => undefined);
    counts.push(await running());

    await atTheDesk(world.house, [invoice.debtorId], (desk) =>
      returnPayment(desk, payment, { on: '2026-03-03', reason: 'insufficient_funds' }, ourselves),
    );
    await startAll();
    await world.rest();
    counts.push(await running());
    return { invoices, running: counts, taken: await world.taken(), broken: await world.broken() };
  });
}

const rows = 200;

type Imported = Awaited<ReturnType<typeof importedOften>>;

function expectImportedOnce(found: Imported): void {
  expect(found.invoices).toBe(rows);
  expect(found.created).toBe(rows);
  // The file itself was read once; its correction, and what it found to correct.
  expect(found.imports).toHaveLength(2);
  expect(found.amount).toBe(77_700);
  expect(found.broken).toEqual([]);
}

async function importedOften(without?: string, build: Build = asItIs) {
  return World.during({}, async (world) => {
    world.onEnd(build.remove);
    if (without) await asSuperuser(world, without);
    const { url, key } = await world.api();
    const send = async (text: string, name: string) => {
      const response = await fetch(`${url}/v1/imports?name=${name}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'text/csv' },
        body: text,
      });
      const body = (await response.json()) as { id: string };
      if (!response.ok) throw new Error(JSON.stringify(body));
      return body.id;
    };
    const file = fileWith((row) => 10_000 + row);
    const corrected = fileWith((row) => (row === 7 ? 77_700 : 10_000 + row));

    // Two workers, so that two imports may be applied at the same moment.
    await Promise.all([world.worker({ build }), world.worker({ build })]);
    await Promise.all([
      send(file, 'mars.csv'),
      send(file, 'mars-2.csv'),
      send(file, 'mars-3.csv'),
      send(corrected, 'corrected.csv'),
    ]);
    await send(file, 'late.csv');
    const db = world.house.db;
    await until(
      'both are applied',
      async () =>
        (await db.selectFrom('import').select('id').where('state', '!=', 'applied').execute()).length === 0,
      60,
    );
    await world.rest();
    const imports = await db
      .selectFrom('import')
      .select(['created', 'updated', 'unchanged', 'rejected'])
      .execute();
    const invoices = await db.selectFrom('invoice').select(['number', 'amount_cents']).execute();
    return {
      imports,
      created: imports.reduce((sum, { created }) => sum + created, 0),
      invoices: invoices.length,
      // The correction says so last or first; either way it is what the latest file says, and the unchanged rows stay.
      amount: Math.max(
        ...invoices.filter(({ number }) => number === 'I-7').map(({ amount_cents: cents }) => cents),
      ),
      broken: await world.broken(),
    };
  });
}

function fileWith(centsOf: (row: number) => number): string {
  const lines = Array.from(
    { length: rows },
    (_, row) =>
      `Ateliers Martin;Client ${row % 20};${String(200_000_000 + (row % 20))};I-${row};2026-04-${String(1 + (row % 28)).padStart(2, '0')};${(centsOf(row) / 100).toFixed(2).replace('.', ',')};EUR`,
  );
  return ['Vendeur;Client;SIREN;Numéro de facture;Date d’échéance;Montant TTC;Devise', ...lines].join('\r\n');
}

async function asSuperuser(world: World, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: world.superUrl });
  await client.connect();
  await client.query(statement);
  await client.end();
}
