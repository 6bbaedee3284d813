import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mailEvent } from '../fakes/reporting-providers.ts';
import { uuidv7 } from '../../db/uuid.ts';
import type { Build } from './build.ts';
import { minutePasses, orNever, outcomeOf, post, Providers, stateOf, withoutCaps } from './providers.ts';
import { control } from './split.ts';
import { stageOf } from './stage.ts';
import { until, World } from './world.ts';
import type { Ask, Owed } from './world.ts';

const inTime = 60;
/** The most that a request may hold, and the most that each provider may report at once. */
const bytesMax = { request: 64 * 1024, sendgrid: 1024 * 1024, twilio: 64 * 1024 } as const;
const commentCharsMax = 2_000;

type Place = Awaited<ReturnType<typeof openPlace>>;

async function openPlace(build: Build) {
  const world = await World.open({ speed: 60 });
  world.onEnd(build.remove);
  const providers = new Providers(world);
  await withoutCaps(world);
  const fakes = {
    mails: await providers.mails('mail'),
    texts: await providers.texts('text'),
    poison: await providers.mails('poisoned'),
    sound: await providers.mails('sound'),
  };
  const { channelsFile } = providers;
  const [api, worker] = await Promise.all([
    world.api({ build, channelsFile }),
    world.worker({ build, channelsFile, sweepAfterSeconds: 1 }),
  ]);
  return { world, providers, ...fakes, api, worker };
}

const { shared, without } = stageOf(openPlace);

describe('what nobody can use', () => {
  // F28, in what leaves.
  it.concurrent(
    'as a message that cannot be made is set aside and told; the others of its debtor leave, and it does when it is mended',
    async () => {
      const found = await notToBeMade(await shared());

      expect(found.between).toEqual({ sound: 1, poisoned: 0, reason: 'cannot_be_composed' });
      expect(found.told).toContain('a message is set aside because it cannot be composed');
      expect(found.after).toEqual({ sound: 1, poisoned: 1 });
    },
  );
  control('when it is not set aside, nothing leaves any more for its debtor', async () => {
    const found = await without(['setting aside what cannot be composed'], notToBeMade);

    expect(found.between).toMatchObject({ sound: 0, poisoned: 0 });
  });

  // F28, in what comes in.
  it.concurrent(
    'as a request is refused with a reason, as a signal it is not heard: the life goes on, and so do the others',
    async () => {
      const found = await senseless(await shared());

      expect(found.answers.filter(({ status }) => status < 400 || status >= 500)).toEqual([]);
      expect(found.answers.filter(({ code }) => typeof code !== 'string')).toEqual([]);
      expect(found.answers.length).toBeGreaterThanOrEqual(30);
      expect(found.facts).toEqual(['invoiceRegistered', 'stepRequested', 'stepSent', 'paymentRecorded']);
      expect(found).toMatchObject({ paid: 201, life: 'COMPLETED', other: ['accepted'] });
    },
  );
  control('when any signal is taken for a fact the life stands still', async () => {
    const found = await without(['what counts as a fact', 'beginning anew'], senseless);

    expect(found.life).toBe('RUNNING');
  });

  // F29.
  it.concurrent(
    'as a request that is too long is refused at its first byte beyond, whoever sends it, and no workflow hears of it',
    async () => {
      const found = await tooLong(await shared());

      expect(found).toEqual({
        request: [201, 413],
        comment: [201, 400],
        deep: [400],
        huge: [413],
        sendgrid: [204, 413],
        twilio: [204, 413],
        stored: 2,
        facts: ['invoiceRegistered', 'promiseMade', 'promiseMade'],
        signalBytesMax: expect.any(Number),
        health: 200,
      });
      expect(found.signalBytesMax).toBeLessThan(4_096);
    },
  );
  control('without the limit the longer request is taken', async () => {
    const found = await without(['the size of requests'], tooLong);

    expect(found.request).toEqual([201, 201]);
  });

  it('leaves no rule of ours broken', async () => {
    const { world, mails } = await shared();

    expect(mails.server.faults).toEqual([]);
    expect(await world.broken()).toEqual([]);
  });
});

/** Of two creditors of a debtor, the one who would speak first has a template that does not exist. */
async function notToBeMade({ world, api: { ask }, worker, poison, sound }: Place) {
  const debtor = '123456789';
  // Not due for a while: it only brings the debtor into the house, so that he can be stopped.
  const { debtorId } = await world.owes({ debtor, seller: 'sound', due: '2026-05-29' });
  const reason = 'looking at the templates';
  const stop = await ask('POST', '/v1/stops', { scope: 'debtor', subjectId: debtorId, reason });
  // The firmer word goes first.
  const poisoned = await world.owes({ debtor, seller: 'poisoned', due: '2026-02-01' });
  const other = await world.owes({ debtor, seller: 'sound' });
  const waiting = () => requests(world, debtorId);
  await until('both stand at the door', async () => (await waiting()).length === 2, inTime);
  const { template } = (await waiting()).find(({ invoice_id: id }) => id === poisoned.id)!;
  await templateNow(world, poisoned, 'no_such_template');

  await ask('POST', `/v1/stops/${String(stop.body['id'])}/lift`, {});
  await orNever(until('the other has left', async () => (await stateOf(world, other)) === 'accepted', 60));
  const between = {
    sound: sound.mails.length,
    poisoned: poison.mails.length,
    reason: (await waiting()).find(({ invoice_id: id }) => id === poisoned.id)?.reason,
  };
  await templateNow(world, poisoned, template);
  await minutePasses(world, poisoned);
  await orNever(until('it leaves', async () => (await stateOf(world, poisoned)) === 'accepted', 60));
  return {
    between,
    told: readFileSync(worker.logFile, 'utf8'),
    after: { sound: sound.mails.length, poisoned: poison.mails.length },
  };
}

function requests({ house }: World, debtorId: string) {
  return house.db
    .selectFrom('contact_request')
    .selectAll()
    .where('debtor_id', '=', debtorId)
    .where('state', '=', 'waiting')
    .execute();
}

async function templateNow({ house }: World, { id }: Owed, template: string): Promise<void> {
  await house.db
    .updateTable('contact_request')
    .set({ template, deferred_until: null })
    .where('invoice_id', '=', id)
    .execute();
}

/** Requests and signals that no honest client sends, then a payment as every day. */
async function senseless({ world, api }: Place) {
  const [invoice, other] = [await world.owes({ seller: 'mail' }), await world.owes({ seller: 'mail' })];
  await until('it is reminded', async () => (await stateOf(world, invoice)) === 'accepted', inTime);
  const answers: { status: number; code: unknown }[] = [];
  for (const [path, body] of senselessRequests(invoice)) {
    const { status, body: said } = await api.ask('POST', path, body as object);
    answers.push({ status, code: said['code'] });
  }
  const life = world.client.workflow.getHandle(`invoice/${invoice.id}`);
  for (const [name, ...words] of senselessSignals) await life.signal(name, ...words);

  const paid = await payment(api.ask, invoice);
  const status = async (): Promise<string> => (await life.describe()).status.name;
  await orNever(until('its life ends', async () => (await status()) === 'COMPLETED', 60));
  return {
    answers,
    paid,
    life: await status(),
    facts: await world.facts(invoice),
    other: (await outcomeOf(world, other)).states,
  };
}

async function payment(ask: Ask, { id }: Owed): Promise<number> {
  const amount = { amount: 120_000, currency: 'EUR' };
  const allocations = [{ invoiceId: id, amount: 120_000 }];
  return (await ask('POST', '/v1/payments', { amount, valueDate: '2026-03-03', allocations })).status;
}

function senselessRequests({ id }: Owed): readonly (readonly [path: string, body: unknown])[] {
  const promise = `/v1/invoices/${id}/promises`;
  const dispute = `/v1/invoices/${id}/disputes`;
  const good = { amount: { amount: 120_000, currency: 'EUR' }, valueDate: '2026-03-03' };
  const dates = [
    '',
    'tomorrow',
    '2026-02-30',
    '0000-00-00',
    '20260310',
    1,
    null,
    [],
    {},
    '2026-03-10T00:00:00Z',
  ];
  const amounts = [0, -1, 1.5, 1e300, '100', null, Number.MAX_SAFE_INTEGER + 1, [], {}, true];
  return [
    ...dates.map((date) => [promise, { date }] as const),
    ...amounts.map(
      (amount) => [promise, { date: '2026-03-10', amount: { amount, currency: 'EUR' } }] as const,
    ),
    ...['', 'euro', 'EURO', 5].map(
      (currency) => ['/v1/payments', { ...good, amount: { amount: 1, currency } }] as const,
    ),
    [promise, []],
    [promise, { date: '2026-03-10', colour: 'red' }],
    [promise, { date: '2026-03-10', comment: 'a\0b' }],
    [dispute, {}],
    [dispute, { reason: '' }],
    [dispute, { reason: { price: true } }],
    [dispute, { reason: 'price', amount: 7 }],
    ['/v1/payments', { ...good, allocations: [{ invoiceId: 'nobody', amount: 1 }] }],
    ['/v1/payments', { ...good, allocations: [{ invoiceId: uuidv7(), amount: 120_000 }] }],
    ['/v1/payments', { ...good, __proto__: null, constructor: 1 }],
  ];
}

const senselessSignals: readonly (readonly [name: string, ...words: unknown[]])[] = [
  ['nobodyKnowsThis'],
  ['nobodyKnowsThis', null],
  ['nobodyKnowsThis', { n: 4, type: 'nobodyKnowsThis' }],
  ['paymentRecorded'],
  ['paymentRecorded', null],
  ['paymentRecorded', 'all of it'],
  ['paymentRecorded', []],
  ['paymentRecorded', { n: null, type: 'paymentRecorded' }],
  ['paymentRecorded', { n: 'next', type: 'paymentRecorded' }],
  ['stepSent', { n: -1, type: 'stepSent' }],
  ['stepSent', { n: 1_000_000, type: 'stepSent' }],
  ['__proto__', { n: 1_000_000, type: '__proto__' }],
];

/** Everything at its limit, and one byte or sign beyond. */
async function tooLong({ world, providers, api }: Place) {
  // Nothing is due yet: what its workflow hears is what the test says.
  const invoice = await world.owes({ seller: 'mail', due: '2026-05-29' });
  const path = `/v1/invoices/${invoice.id}/promises`;
  const promise = (more: object = {}) => JSON.stringify({ date: '2026-03-30', ...more });
  const sent = (body: string) =>
    fetch(`${api.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' },
      body,
    }).then(
      ({ status }) => status,
      (fault: unknown) => {
        const { code } = ((fault as Error).cause ?? {}) as { code?: string };
        if (!/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(code ?? '')) throw fault;
        return 413; // The line was cut in the middle of it.
      },
    );
  const request = [
    await sent(padded(promise(), bytesMax.request)),
    await sent(padded(promise(), bytesMax.request + 1)),
  ];
  const comment = [
    await sent(promise({ comment: 'x'.repeat(commentCharsMax) })),
    await sent(promise({ comment: 'x'.repeat(commentCharsMax + 1) })),
  ];
  const deep = [await sent(`{"date":${'['.repeat(30_000)}${']'.repeat(30_000)}}`)];
  const huge = [await sent(promise({ comment: 'x'.repeat(2_000_000) }))];

  const stranger = uuidv7();
  const mailReport = (bytes: number): Promise<number> => {
    const events = Buffer.from(padded(JSON.stringify([mailEvent('open', stranger)]), bytes));
    return post(api, providers.sendgrid.call(events, { account: 'mail' }));
  };
  const textReport = (bytes: number): Promise<number> => {
    const form = { MessageSid: `SM${bytes}`, MessageStatus: 'sent' };
    const rest = bytes - new URLSearchParams({ ...form, Padding: '' }).toString().length;
    const whole = { ...form, Padding: 'x'.repeat(rest) };
    return post(api, providers.texting('text').call(whole, { account: 'text', messageId: stranger }));
  };
  const found = {
    request,
    comment,
    deep,
    huge,
    sendgrid: [await mailReport(bytesMax.sendgrid), await mailReport(bytesMax.sendgrid + 1)],
    twilio: [await textReport(bytesMax.twilio), await textReport(bytesMax.twilio + 1)],
  };
  const { db } = world.house;
  const stored = await db
    .selectFrom('provider_event')
    .select('event_id')
    .where('message_id', '=', stranger)
    .execute();
  await until('its workflow has heard of all', async () => (await world.words()) === 0, inTime);
  return {
    ...found,
    stored: stored.length,
    facts: await world.facts(invoice),
    signalBytesMax: await longestSignal(world, invoice),
    health: (await fetch(`${api.url}/healthz`)).status,
  };
}

/** The text followed by blanks, which mean nothing, up to so many bytes. */
function padded(text: string, bytes: number): string {
  return text + ' '.repeat(bytes - Buffer.byteLength(text));
}

async function longestSignal(world: World, { id }: Owed): Promise<number> {
  const { events } = await world.client.workflow.getHandle(`invoice/${id}`).fetchHistory();
  const sizes = (events ?? []).map((event) =>
    (event.workflowExecutionSignaledEventAttributes?.input?.payloads ?? []).reduce(
      (sum, { data }) => sum + (data?.length ?? 0),
      0,
    ),
  );
  return Math.max(...sizes);
}
