import { describe, expect, it } from 'vitest';
import { asItIs, buildWithout } from './build.ts';
import type { Build } from './build.ts';
import { PostgresProxy } from './postgres-proxy.ts';
import type { Statement } from './postgres-proxy.ts';
import { control, some } from './split.ts';
import { until, World } from './world.ts';

/** Where Postgres goes away: at the first statement that looks so, or while the carrier has the message. */
const places = {
  'the carrier has the message': null,
  'a caller records a payment': /^insert into "payment"/,
  'a claimed message is about to leave': /^update "message" set "attempt"/,
  'a worker claims a message': /^insert into "message" /,
  'a worker writes the outcome down': /^update "message" set "state" = \$1/,
  'a worker asks for a step': /^insert into "contact_request"/,
  'the relay marks words as delivered': /^update "outbox" set "delivered_at"/,
  'a file is staged': /^\s*insert into import_row/,
  'a file is applied':
    /^update "import" set "cursor"|update "import" set "cursor"|update import_row set state/,
} as const;
type Place = keyof typeof places;

// F13
describe.concurrent('a Postgres that is killed with kill -9', () => {
  for (const [index, place] of some(Object.keys(places) as Place[]).entries())
    it.concurrent(`while ${place} comes back to find nothing lost and nothing done twice`, async () => {
      expectWhole(await lost(place, 1 + 3 * index));
    });
  control('without evidence, the message that the carrier had is sent again', async () => {
    const found = await lost('the carrier has the message', 1, buildWithout('evidence'));

    expect(() => expectWhole(found)).toThrow();
    expect(Math.max(...Object.values(found.taken))).toBe(2);
  });
});

type Lost = Awaited<ReturnType<typeof lost>>;

function expectWhole(found: Lost): void {
  expect(found.how).toBe('SIGKILL');
  expect(found.whileDown).toBe(503);
  expect(found.payment).toBe(201);
  expect(found.payments).toBe(1);
  expect(found.imported).toBe(3);
  expect(found.taken).toEqual({ 'F-1 reminder 1': 1, 'F-2 reminder 1': 1 });
  expect(found.broken).toEqual([]);
}

async function lost(place: Place, secondsDown: number, build: Build = asItIs) {
  return World.during({ ownPostgres: true }, async (world) => {
    world.onEnd(build.remove);
    const proxy = await PostgresProxy.open(world.databaseUrl);
    world.onEnd(() => proxy.close());
    const databaseUrl = proxy.through(world.databaseUrl);
    const [first, second] = [await world.owes(), await world.owes()];
    const { ask, url, key } = await world.api({ databaseUrl });

    let how = '';
    const goAway = async (): Promise<void> => {
      if (how !== '') return;
      how = 'going';
      world.postgres!.child.kill();
      how = await world.postgres!.child.exited;
    };
    const pattern = places[place];
    if (pattern)
      proxy.onStatement = async ({ text }) => {
        if (how !== '' || !pattern.test(text)) return 'forward';
        await goAway();
        return 'cut_before';
      };
    else
      world.carrier.behaviour = (messageId) => {
        if (world.carrier.accepted.length > 0) return { do: 'accept' };
        return { do: 'accept_late', answer: goAway().then(() => void messageId) };
      };
    const worker = await world.worker({ databaseUrl, build });

    const payment = { amount: { amount: 1_000, currency: 'EUR' } };
    const pay = () =>
      ask('POST', `/v1/invoices/${second.id}/payments`, payment, { 'idempotency-key': 'the-payment' }).then(
        ({ status }) => status,
        () => 0,
      );
    const send = () =>
      fetch(`${url}/v1/imports?name=file.csv`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'text/csv' },
        body: file,
      }).then(
        ({ ok }) => ok,
        () => false,
      );
    const acts = Promise.all([insist(async () => (await pay()) === 201), insist(send)]);
    await until(`Postgres is gone while ${place}`, async () => how !== '' && how !== 'going', 60);
    const whileDown = (await ask('GET', `/v1/invoices/${first.id}`)).status;
    await new Promise((resolve) => setTimeout(resolve, secondsDown * 1_000));
    await world.restartPostgres();
    // One that was just starting without its database has ended; whoever watches over processes starts it again.
    if (!worker.isAlive()) await world.worker({ databaseUrl, build });
    await acts;
    const paid = await pay();

    const db = world.house.db;
    await until(
      'the file is applied',
      async () =>
        (await db.selectFrom('import').select('state').execute()).every(({ state }) => state === 'applied'),
      60,
    );
    await world.rest(90);
    const payments = (await db.selectFrom('payment').select('id').execute()).length;
    const imported = (await db.selectFrom('invoice').select('id').where('number', 'like', 'I-%').execute())
      .length;
    return {
      how,
      whileDown,
      payment: paid,
      payments,
      imported,
      taken: await world.taken(),
      broken: await world.broken(),
    };
  });
}

const file = [
  'Vendeur;Client;SIREN;Numéro de facture;Date d’échéance;Montant TTC;Devise',
  ...[1, 2, 3].map(
    (row) => `Ateliers Martin;Client ${row};${300_000_000 + row};I-${row};2026-04-30;1${row}0,00;EUR`,
  ),
].join('\n');

// F14
describe.concurrent('a connection that breaks right after COMMIT was forwarded', () => {
  it.concurrent('leaves one payment, however often its caller asks again', async () => {
    expectPaidOnce(await brokenOff('payment'));
  });
  control('without keys the payment is recorded twice', async () => {
    const found = await brokenOff('payment', buildWithout('idempotency keys'));

    expect(() => expectPaidOnce(found)).toThrow();
    expect(found.payments).toBe(2);
  });

  for (const what of some(['claim', 'outcome', 'step'] as const))
    it.concurrent(`leaves one reminder, when it was the commit of its ${what}`, async () => {
      expectPaidOnce(await brokenOff(what));
    });
  control(
    'when nobody looks at interrupted deliveries, the reminder whose claim broke off never leaves',
    async () => {
      const found = await brokenOff('claim', buildWithout('interrupted deliveries'));

      expect(() => expectPaidOnce(found)).toThrow();
      expect(found.taken).toEqual({});
    },
  );
});

const marks = {
  payment: /^insert into "payment"/,
  claim: /^insert into "message" /,
  outcome: /^update "message" set "state" = \$1/,
  step: /^insert into "contact_request"/,
};

type BrokenOff = Awaited<ReturnType<typeof brokenOff>>;

function expectPaidOnce(found: BrokenOff): void {
  expect(found.cuts).toBe(1);
  expect(found.statuses.at(-1)).toBe(201);
  expect(found.payments).toBe(1);
  expect(found.taken).toEqual({ 'F-1 reminder 1': 1 });
  expect(found.broken).toEqual([]);
}

async function brokenOff(what: keyof typeof marks, build: Build = asItIs) {
  return World.during({}, async (world) => {
    world.onEnd(build.remove);
    const proxy = await PostgresProxy.open(world.databaseUrl);
    world.onEnd(() => proxy.close());
    const databaseUrl = proxy.through(world.databaseUrl);
    const invoice = await world.owes();
    let cuts = 0;
    proxy.onStatement = ({ text, before }: Statement) => {
      if (cuts > 0 || !/^commit/i.test(text) || !before.some((statement) => marks[what].test(statement)))
        return 'forward';
      cuts += 1;
      return 'cut_after';
    };
    const { ask } = await world.api({ build, databaseUrl });
    await world.worker({ build, databaseUrl });
    await world.rest(90).catch(() => undefined);

    const pay = () =>
      ask(
        'POST',
        `/v1/invoices/${invoice.id}/payments`,
        { amount: { amount: 1_000, currency: 'EUR' } },
        { 'idempotency-key': 'the-payment' },
      ).then(
        ({ status }) => status,
        () => 0,
      );
    const statuses = [await pay()];
    if (statuses[0] !== 201) statuses.push(await pay());
    await world.rest(20).catch(() => undefined);
    const payments = (await world.house.db.selectFrom('payment').select('id').execute()).length;
    return { cuts, statuses, payments, taken: await world.taken(), broken: await world.broken() };
  });
}

/** Asks again until it is done, as a caller would who got no answer. */
async function insist(act: () => Promise<boolean>): Promise<void> {
  while (!(await act())) await new Promise((resolve) => setTimeout(resolve, 300));
}
