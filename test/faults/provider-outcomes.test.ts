import { describe, expect, it } from 'vitest';
import { mailEvent } from '../fakes/reporting-providers.ts';
import { selfSigned } from '../fakes/certificate.ts';
import { openMailServer } from '../fakes/mail-server.ts';
import { openFakeSendGrid } from '../fakes/sendgrid.ts';
import type { Build } from './build.ts';
import {
  idsIn,
  messagesOf,
  minutePasses,
  orNever,
  outcomeOf,
  owesByText,
  post,
  Providers,
  quarterPasses,
  sendsTo,
  stateOf,
  waitingAt,
} from './providers.ts';
import type { Api } from './providers.ts';
import { control, long } from './split.ts';
import { stageOf } from './stage.ts';
import { until, World } from './world.ts';
import type { Owed } from './world.ts';

/** Business minutes last a second: evidence is asked for at once, after 2, 5, 15 … seconds, and the window stays open. */
const speed = 60;
/** The call to a provider that never answers is given up after twenty seconds. */
const inTime = 60;

type Stage = Awaited<ReturnType<typeof openStage>>;

/** One world with a provider for each fault. */
async function openStage(build: Build) {
  const world = await World.open({ speed });
  world.onEnd(build.remove);
  const providers = new Providers(world);
  const stage = {
    world,
    providers,
    held: await providers.mails('held'),
    heldTexts: await providers.texts('held-texts'),
    lostTexts: await providers.texts('lost-texts'),
    busy: await providers.mails('busy'),
    silentlyBusy: await providers.mails('silently-busy'),
    crowded: await providers.mails('crowded'),
    brokenAfter: await providers.mails('broken-after'),
    brokenTexts: await providers.texts('broken-texts'),
    down: await providers.mails('down', { perSecond: 4 }),
    absent: await providers.mailsLater('absent'),
    own: await providers.ownMailsLater('own'),
  };
  const { channelsFile } = providers;
  const [api] = await Promise.all([
    world.api({ channelsFile }),
    world.worker({ build, channelsFile, sweepAfterSeconds: 1 }),
  ]);
  return { ...stage, api };
}

const { shared, without } = stageOf(openStage);

describe('a provider', () => {
  // F03.
  it.concurrent(
    'that takes a mail and never answers is not given it again: its own report says that it has it',
    async () => {
      const found = await heldMail(await shared());

      expect(found.between).toBe('unknown');
      expect(found).toMatchObject({ sends: 1, states: ['accepted'], reported: 204 });
      expect(found.ids).toEqual(found.ours);
      expect(found.facts).toEqual(['invoiceRegistered', 'stepRequested', 'stepUnconfirmed', 'stepSent']);
    },
  );
  it.concurrent(
    'that takes a text message and never answers is not given it again: it stands in its list',
    async () => {
      const found = await heldText(await shared());

      expect(found).toMatchObject({ taken: 1, sends: 1, states: ['accepted'] });
      expect(found.refs).toEqual(found.sids);
    },
  );
  control('when a time-out counts as not sent the debtor is written to twice', async () => {
    const found = await without(['the silence of a call'], heldMail);

    expect(found.ids.length).toBeGreaterThan(1);
  });

  // F04, where the provider can say that it has nothing. A mail, of which none can, is in no-report.test.ts.
  it.concurrent(
    'that drops a text message before it has it gets it once more when its list has shown that it is not there',
    async () => {
      const found = await lostText(await shared(), 'lost-texts');

      expect(found).toMatchObject({ taken: 1, sends: 2, reasons: ['not_left', null] });
      expect(found.states).toEqual(['cancelled', 'accepted']);
      expect(found.facts).toEqual([
        'invoiceRegistered',
        'stepRequested',
        'stepUnconfirmed',
        'stepWithdrawn',
        'stepRequested',
        'stepSent',
      ]);
    },
  );
  control('when what a list lacks proves nothing the text message never leaves', async () => {
    const found = await without(['what a list lacks'], (stage) => lostText(stage, 'lost-texts'));

    expect(found).toMatchObject({ taken: 0, sends: 1, states: ['unknown'] });
  });

  // F05.
  it.concurrent(
    'that is too busy three times is asked again when it said, and takes the mail once',
    async () => {
      const found = await turnedAway(await shared(), 'busy', 1);

      expect(found).toMatchObject({ taken: 1, sends: 4 });
      for (const gap of found.gaps) expect(gap).toBeGreaterThanOrEqual(990);
      expect(found.states).toEqual(['cancelled', 'cancelled', 'cancelled', 'accepted']);
      expect(found.attempts).toEqual([{ occurrence: 1, state: 'done' }]);
      expect(found.facts).toEqual(['invoiceRegistered', 'stepRequested', 'stepSent']);
    },
  );
  long(
    'that is too busy three times and does not say for how long is asked again a minute later each time',
    async () => {
      const found = await turnedAway(await shared(), 'silently-busy', undefined);

      expect(found).toMatchObject({ taken: 1, sends: 4 });
      for (const gap of found.gaps) expect(gap).toBeGreaterThanOrEqual(59_900);
    },
    300_000,
  );
  it.concurrent('that is too busy for one debtor is left alone for all', async () => {
    const found = await crowded(await shared());

    expect(found.waitedMs).toBeGreaterThanOrEqual(4_990);
    expect(found.states).toEqual(['accepted', 'accepted']);
  });
  control('when too busy is a refusal the mail never leaves', async () => {
    const found = await without(['too busy is no refusal'], (stage) => turnedAway(stage, 'busy', 1));

    expect(found).toMatchObject({ taken: 0, sends: 1 });
  });
  control('when nobody minds what an account has asked for it is called all the same', async () => {
    const found = await without(['leaving busy accounts alone'], crowded);

    expect(found.waitedMs).toBeLessThan(4_990);
  });

  // F06, both branches, and a provider that is down for all.
  it.concurrent('that takes a mail and answers 500 is not given it again', async () => {
    const found = await brokenAfter(await shared());

    expect(found).toMatchObject({ between: 'unknown', sends: 1, states: ['delivered'] });
    expect(found.ids).toEqual(found.ours);
    // The door, asking for evidence at that moment, may have read the report first: that it has it, then that it arrived.
    expect(found.facts.filter((fact) => fact !== 'stepSent')).toEqual([
      'invoiceRegistered',
      'stepRequested',
      'stepUnconfirmed',
      'stepDelivered',
    ]);
  });
  it.concurrent('that answers 500 and has not taken the text message gets it once more', async () => {
    const found = await lostText(await shared(), 'broken-texts');

    expect(found).toMatchObject({ taken: 1, sends: 2, states: ['cancelled', 'accepted'] });
  });
  it.concurrent(
    'that is down is left alone after a few calls, and the other messages stay at the door',
    async () => {
      const found = await down(await shared());

      expect(found.sends).toBeGreaterThanOrEqual(5);
      expect(found.sends).toBeLessThanOrEqual(8);
      expect(found.unknown).toBe(found.sends);
      expect(found.waiting).toBe(asking - found.sends);
    },
  );
  control('when 5xx count as not sent the debtor is written to twice', async () => {
    const found = await without(['faults of providers prove nothing'], brokenAfter);

    expect(found.ids.length).toBeGreaterThan(1);
  });
  control(
    'when it is called on although it is down nobody knows of any message whether it left',
    async () => {
      const found = await without(['leaving broken accounts alone'], down);

      expect(found).toMatchObject({ sends: asking, unknown: asking, waiting: 0 });
    },
  );

  // F07.
  it.concurrent('that nobody can reach was certainly not given the mail, and gets it later', async () => {
    const found = await unreachable(await shared());

    expect(found).toMatchObject({ taken: 1, reasons: ['ECONNREFUSED', null], waits: [] });
    expect(found.states).toEqual(['cancelled', 'accepted']);
    expect(found.facts).toEqual(['invoiceRegistered', 'stepRequested', 'stepSent']);
  });
  it.concurrent(
    'that somebody pretends to be hears nothing: the mail waits for the one with the right certificate',
    async () => {
      const found = await pretended(await shared());

      expect(found).toMatchObject({ impostor: 0, taken: 1, secure: [true] });
      expect(found.states).toEqual(['cancelled', 'accepted']);
      expect(found.facts).toEqual(['invoiceRegistered', 'stepRequested', 'stepSent']);
    },
  );
  control('when a failed connection proves nothing the mail never leaves', async () => {
    const found = await without(['what was never connected'], unreachable);

    expect(found).toMatchObject({ taken: 0, states: ['unknown'] });
  });
  control('when certificates are not looked at the impostor gets the mail', async () => {
    const found = await without(['certificates of mail servers'], pretended);

    expect(found.impostor).toBe(1);
  });

  it('has at the end nothing twice, and no rule of ours is broken', async () => {
    const { world, held, busy, crowded: packed, brokenAfter: broken, heldTexts, lostTexts } = await shared();

    for (const fake of [held, busy, packed, broken]) expect(idsIn(fake)).toEqual([...new Set(idsIn(fake))]);
    for (const { server } of [held, busy, packed, broken, heldTexts, lostTexts])
      expect(server.faults).toEqual([]);
    expect(await world.broken()).toEqual([]);
  });
});

async function heldMail(stage: Stage) {
  stage.held.server.behaviour = { do: 'accept_and_hang' };
  return settledByReport(
    stage,
    await doubtfulMail(stage, 'held', stage.held),
    'held',
    stage.held,
    'processed',
  );
}

async function brokenAfter(stage: Stage) {
  const { brokenAfter: broken } = stage;
  broken.server.behaviour = { do: 'accept_and_answer', status: 500 };
  const invoice = await doubtfulMail(stage, 'broken-after', broken);
  return settledByReport(stage, invoice, 'broken-after', broken, 'delivered');
}

/** An invoice of whose mail nobody knows what became of it, or whose mail went out again. */
async function doubtfulMail({ world }: Stage, seller: string, { mails }: Stage['held']): Promise<Owed> {
  const invoice = await world.owes({ seller });
  await until(
    'nobody knows what became of the mail',
    async () => (await stateOf(world, invoice)) === 'unknown' || mails.length > 1,
    inTime,
  );
  return invoice;
}

/** The provider reports of the mail that it has, and that settles it. */
async function settledByReport(
  { world, providers, api }: Pick<Stage, 'world' | 'providers'> & { readonly api: Api },
  invoice: Owed,
  account: string,
  fake: Stage['held'],
  event: string,
) {
  const between = await stateOf(world, invoice);
  const report = providers.sendgrid.call([mailEvent(event, idsIn(fake)[0]!)], { account });
  const reported = await post(api, report);
  await until(
    'the report is followed',
    async () =>
      (await stateOf(world, invoice)) === (event === 'delivered' ? 'delivered' : 'accepted') ||
      fake.mails.length > 1,
    inTime,
  );
  return { between, reported, sends: sendsTo(fake), ids: idsIn(fake), ...(await outcomeOf(world, invoice)) };
}

async function heldText({ world, heldTexts }: Stage) {
  heldTexts.server.first.push({ do: 'accept_and_hang' });
  const invoice = await owesByText(world, 'held-texts');
  await until('the list has shown it', async () => (await stateOf(world, invoice)) === 'accepted', inTime);
  return {
    taken: heldTexts.messages.length,
    sends: sendsTo(heldTexts),
    sids: heldTexts.messages.map(({ sid }) => sid),
    ...(await outcomeOf(world, invoice)),
  };
}

async function lostText({ world, lostTexts, brokenTexts }: Stage, account: 'lost-texts' | 'broken-texts') {
  const fake = account === 'lost-texts' ? lostTexts : brokenTexts;
  fake.server.first.push(account === 'lost-texts' ? { do: 'drop' } : { do: 'answer', status: 500 });
  const invoice = await owesByText(world, account);
  await until('nobody knows', async () => (await stateOf(world, invoice)) === 'unknown', inTime);
  const [lost] = await messagesOf(world, invoice);
  await quarterPasses(world, lost!.id);
  await orNever(until('it leaves', async () => (await stateOf(world, invoice)) === 'accepted', 60));
  return { taken: fake.messages.length, sends: sendsTo(fake), ...(await outcomeOf(world, invoice)) };
}

async function turnedAway(
  { world, busy, silentlyBusy }: Stage,
  account: 'busy' | 'silently-busy',
  retryAfterSeconds: number | undefined,
) {
  const fake = account === 'busy' ? busy : silentlyBusy;
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  for (let times = 0; times < 3; times += 1) fake.server.first.push({ do: 'answer', status: 429, headers });
  const invoice = await world.owes({ seller: account });
  const isOver = async (): Promise<boolean> =>
    (await messagesOf(world, invoice)).some(({ state }) => ['accepted', 'refused'].includes(state));
  await until('it leaves, or is given up', isOver, retryAfterSeconds === undefined ? 250 : inTime);
  const { calls } = fake.server;
  return {
    taken: fake.mails.length,
    sends: sendsTo(fake),
    gaps: calls.slice(1).map(({ at }, place) => at - calls[place]!.at),
    attempts: await world.house.db
      .selectFrom('contact_request')
      .select(['occurrence', 'state'])
      .where('invoice_id', '=', invoice.id)
      .execute(),
    ...(await outcomeOf(world, invoice)),
  };
}

/** One debtor's mail is turned away; another's is due a moment later. */
async function crowded({ world, crowded: fake }: Stage) {
  fake.server.first.push({ do: 'answer', status: 429, headers: { 'retry-after': '5' } });
  const first = await world.owes({ seller: 'crowded' });
  await until(
    'it is turned away',
    async () => (await messagesOf(world, first)).at(-1)?.reason === 'status_429',
    inTime,
  );
  const second = await world.owes({ seller: 'crowded' });
  const states = async (): Promise<readonly string[]> => [
    await stateOf(world, first),
    await stateOf(world, second),
  ];
  await until('both have left', async () => (await states()).every((state) => state === 'accepted'), inTime);
  const [turned, ...others] = fake.server.calls;
  return { waitedMs: Math.min(...others.map(({ at }) => at)) - turned!.at, states: await states() };
}

/** How many debtors are to be written to while the provider is down: all get their turn within seconds. */
const asking = 12;

async function down({ world, down: fake }: Stage) {
  fake.server.behaviour = { do: 'answer', status: 503 };
  const invoices: Owed[] = [];
  for (let made = 0; made < asking; made += 1) invoices.push(await world.owes({ seller: 'down' }));
  const ids = invoices.map(({ id }) => id);
  const places = async () => {
    const unknown = await messagesIn(world, ids, 'unknown');
    const waiting = await world.house.db
      .selectFrom('contact_request')
      .select('id')
      .where('invoice_id', 'in', ids)
      .where('state', '=', 'waiting')
      .where('restart_at', 'is not', null)
      .execute();
    return { unknown, waiting: waiting.length };
  };
  await until(
    'each was given to it, or waits',
    async () => {
      const { unknown, waiting } = await places();
      return unknown + waiting === asking;
    },
    inTime,
  );
  return { sends: sendsTo(fake), ...(await places()) };
}

async function messagesIn(world: World, invoiceIds: readonly string[], state: 'unknown'): Promise<number> {
  const rows = await world.house.db
    .selectFrom('message')
    .innerJoin('message_line', 'message_line.message_id', 'message.id')
    .select('message.id')
    .where('message_line.invoice_id', 'in', invoiceIds)
    .where('message.state', '=', state)
    .execute();
  return rows.length;
}

async function unreachable({ world, absent }: Stage) {
  const invoice = await world.owes({ seller: 'absent' });
  await until(
    'it could not be given to it',
    async () => (await stateOf(world, invoice)) !== 'claimed' && (await stateOf(world, invoice)) !== '',
    inTime,
  );
  const fake = await openFakeSendGrid(absent);
  try {
    await minutePasses(world, invoice);
    await orNever(until('it leaves', async () => (await stateOf(world, invoice)) === 'accepted', 60));
    return {
      taken: fake.mails.length,
      ...(await outcomeOf(world, invoice)),
      waits: await waitingAt(world, invoice),
    };
  } finally {
    await fake.close();
  }
}

async function pretended({ world, own }: Stage) {
  const { port, user, password } = own;
  const impostor = await openMailServer({ port, user, password, secure: true, certificate: selfSigned() });
  const invoice = await world.owes({ seller: 'own' });
  await until(
    'the call is over',
    async () => ['cancelled', 'accepted'].includes(await stateOf(world, invoice)),
    inTime,
  );
  await impostor.close();
  const server = await openMailServer({ ...own, secure: true });
  world.onEnd(() => server.close());
  await minutePasses(world, invoice);
  await until('it leaves', async () => (await stateOf(world, invoice)) === 'accepted', inTime);
  return {
    impostor: impostor.mails.length,
    taken: server.mails.length,
    secure: server.mails.map(({ secure }) => secure),
    ...(await outcomeOf(world, invoice)),
  };
}
