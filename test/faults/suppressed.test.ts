import { describe, expect, it } from 'vitest';
import { mailEvent, textStatus } from '../fakes/reporting-providers.ts';
import type { Build } from './build.ts';
import { PostgresProxy } from './postgres-proxy.ts';
import type { Fate } from './postgres-proxy.ts';
import {
  idsIn,
  messagesOf,
  orNever,
  outcomeOf,
  owesByText,
  post,
  Providers,
  stateOf,
  withoutCaps,
} from './providers.ts';
import { control } from './split.ts';
import { stageOf } from './stage.ts';
import { until, World } from './world.ts';

type Door = Awaited<ReturnType<typeof openDoor>>;

/** A worker that can be made to stand still between the making of a message and its claim. */
async function openDoor(build: Build) {
  const world = await World.open({ speed: 60 });
  world.onEnd(build.remove);
  const providers = new Providers(world);
  const mails = await providers.mails('mail');
  const texts = await providers.texts('text', 'mail');
  await world.creditor('other', { mail: 'mail' });
  await withoutCaps(world);
  const proxy = await PostgresProxy.open(world.databaseUrl);
  world.onEnd(() => proxy.close());
  const { channelsFile } = providers;
  const [api] = await Promise.all([
    world.api({ channelsFile }),
    world.worker({ build, databaseUrl: proxy.through(world.databaseUrl), channelsFile }),
  ]);
  return { world, providers, mails, texts, api, proxy };
}

/** The tests come one after the other: each makes the same worker stand still. */
const { shared, without } = stageOf(openDoor);

// F38.
describe('an address that is lost after the message was made and before it was claimed', () => {
  it('because an earlier mail came back, gets no second mail: the step takes its next channel', async () => {
    const found = await bouncedBetween(await shared());

    expect(found.report).toBe(204);
    expect(found.sends).toBe(1);
    expect(found.first.channels).toEqual(['email', 'letter']);
    expect(found.second.channels).toEqual(['letter']);
    expect(found.second.facts).toEqual([
      'invoiceRegistered',
      'stepRequested',
      'debtorChanged',
      'stepRequested',
      'stepHanded',
    ]);
  });
  control('when the claim trusts what was prepared the lost address is written to', async () => {
    const found = await without(['the second look of the claim'], bouncedBetween);

    expect(found.sends).toBe(2);
  });

  it('because its owner answered STOP, gets no text message: the step goes by mail', async () => {
    const found = await stoppedBetween(await shared());

    expect(found.report).toBe(204);
    expect(found).toMatchObject({ texts: 0, mails: 1, channels: ['email'] });
    expect(found.facts).toEqual([
      'invoiceRegistered',
      'stepRequested',
      'debtorChanged',
      'stepRequested',
      'stepSent',
    ]);
  });
  control('when the claim trusts what was prepared he gets it all the same', async () => {
    const found = await without(['the second look of the claim'], stoppedBetween);

    expect(found.texts).toBe(1);
  });

  it('leaves no rule of ours broken', async () => {
    expect(await (await shared()).world.broken()).toEqual([]);
  });
});

/** Two creditors write to one debtor; the mail of the first comes back while that of the second is being made. */
async function bouncedBetween({ world, providers, mails, api, proxy }: Door) {
  const sentBefore = mails.mails.length;
  let report = 0;
  holdClaim(proxy, {
    isNext: () => mails.mails.length === sentBefore + 1,
    between: async () => {
      const call = providers.sendgrid.call([mailEvent('bounce', idsIn(mails).at(-1)!, { type: 'bounce' })]);
      report = await post(api, call);
      await until('the address is struck off', () => isInvalid(world, 'email_invalid'), 20);
    },
  });
  const debtor = '123456789';
  const invoices = [
    await world.owes({ debtor, seller: 'mail' }),
    await world.owes({ debtor, seller: 'other' }),
  ];
  const letters = async (): Promise<number> =>
    (await Promise.all(invoices.map((invoice) => messagesOf(world, invoice))))
      .flat()
      .filter(({ channel }) => channel === 'letter').length;
  await orNever(until('both have gone on', async () => report !== 0 && (await letters()) === 2, 60));
  const [one, other] = await Promise.all(
    invoices.map(async (invoice) => ({
      channels: (await messagesOf(world, invoice)).map(({ channel }) => channel),
      ...(await outcomeOf(world, invoice)),
    })),
  );
  const isFirst = one!.ours.includes(idsIn(mails)[sentBefore]!);
  return {
    report,
    sends: mails.mails.length - sentBefore,
    first: isFirst ? one! : other!,
    second: isFirst ? other! : one!,
  };
}

async function stoppedBetween({ world, providers, mails, texts, api, proxy }: Door) {
  await world.rest();
  const sentBefore = mails.mails.length;
  const mobile = '+33612345678';
  let report = 0;
  holdClaim(proxy, {
    isNext: () => true,
    between: async () => {
      const answer = { From: mobile, To: '+33700000000', Body: 'STOP', OptOutType: 'STOP' };
      report = await post(api, providers.texting('text').call({ ...textStatus('received'), ...answer }));
      await until('he is heard', () => isInvalid(world, 'mobile_invalid'), 20);
    },
  });
  const invoice = await owesByText(world, 'text', mobile);
  await orNever(until('it has left', async () => (await stateOf(world, invoice)) === 'accepted', 60));
  return {
    report,
    texts: texts.messages.length,
    mails: mails.mails.length - sentBefore,
    channels: (await messagesOf(world, invoice)).map(({ channel }) => channel),
    ...(await outcomeOf(world, invoice)),
  };
}

async function isInvalid({ house }: World, column: 'email_invalid' | 'mobile_invalid'): Promise<boolean> {
  const rows = await house.db.selectFrom('contact').select('id').where(column, 'is not', null).execute();
  return rows.length > 0;
}

/** Once a message is made, and its claim is about to lock the debtor, the worker stands still until something has happened. */
function holdClaim(
  proxy: PostgresProxy,
  { isNext, between }: { readonly isNext: () => boolean; readonly between: () => Promise<void> },
): void {
  let place: 'before' | 'made' | 'held' = 'before';
  proxy.onStatement = async ({ text }): Promise<Fate> => {
    if (place === 'before' && isNext() && /with open_invoice as/.test(text)) place = 'made';
    else if (place === 'made' && /for no key update/i.test(text)) {
      place = 'held';
      await between();
    }
    return 'forward';
  };
}
