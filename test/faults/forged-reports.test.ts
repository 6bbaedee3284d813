import { describe, expect, it } from 'vitest';
import { forgedMailReports, forgedTextReports } from '../fakes/forged-reports.ts';
import { mailEvent, textStatus } from '../fakes/reporting-providers.ts';
import type { Call } from '../fakes/reporting-providers.ts';
import { asItIs, buildWithout } from './build.ts';
import type { Build } from './build.ts';
import { idsIn, outcomeOf, owesByText, post, Providers, stateOf } from './providers.ts';
import type { Api } from './providers.ts';
import { control } from './split.ts';
import { until, World } from './world.ts';

const inTime = 60;

// F11.
describe.concurrent('a report that is forged, stale or changed on its way', () => {
  it.concurrent(
    'is turned away in every way of forging it, counted, and reaches no table and no file; the genuine one does',
    async () => {
      const found = await forged();

      expect(found.ways).toBeGreaterThanOrEqual(24);
      expect(found.taken).toEqual([]);
      expect(found.counted).toBe(found.ways);
      expect(found.stored).toBe(0);
      expect(found.between).toEqual(['accepted', 'accepted']);
      expect(found.genuine).toEqual([204, 204]);
      expect(found.states).toEqual(['bounced', 'bounced']);
      expect(found.broken).toEqual([]);
    },
  );
  control('without signatures of mails every forged report of one is believed', async () => {
    const found = await forged(buildWithout('signatures of providers'));

    expect(found.taken).toEqual(expect.arrayContaining(['mail with the signature of another key']));
    expect(found.stored).toBeGreaterThan(0);
  });
  control('without the age of signatures a copy is as good as the report', async () => {
    const found = await forged(buildWithout('the age of signatures'));

    expect(found.taken).toEqual([
      'mail with a good signature of six minutes ago',
      'mail with a good signature of six minutes ahead',
    ]);
  });
  control('without signatures of text messages a forged report of one is believed', async () => {
    const found = await forged(buildWithout('signatures of text messages'));

    expect(found.taken).toEqual(expect.arrayContaining(['text with the signature of another token']));
    expect(found.between[1]).not.toBe('accepted');
  });
});

/** A mail and a text message that their providers have taken, and all that strangers say of them. */
async function forged(build: Build = asItIs) {
  return World.during({ speed: 60 }, async (world) => {
    world.onEnd(build.remove);
    const providers = new Providers(world);
    const [mails, texts] = [await providers.mails('mail'), await providers.texts('text')];
    const byMail = await world.owes({ seller: 'mail' });
    const byText = await owesByText(world, 'text');
    const { channelsFile } = providers;
    const [api] = await Promise.all([world.api({ build, channelsFile }), world.worker({ channelsFile })]);
    const states = async (): Promise<readonly string[]> => [
      await stateOf(world, byMail),
      await stateOf(world, byText),
    ];
    await until('both are taken', async () => (await states()).join() === 'accepted,accepted', inTime);

    const [mailId, textId] = [idsIn(mails)[0]!, (await outcomeOf(world, byText)).ours[0]!];
    const bounce = mailEvent('bounce', mailId, { type: 'bounce' });
    const undelivered = textStatus('undelivered', { sid: texts.messages[0]!.sid, errorCode: '30005' });
    const calls = [
      ...named('mail', forgedMailReports(providers.sendgrid, [bounce])),
      ...named('text', forgedTextReports(providers.texting('text'), undelivered, textId)),
    ];
    const taken: string[] = [];
    for (const [name, call] of calls) {
      const status = await post(api, call);
      if (status !== 401 && status !== 403) taken.push(name);
    }
    const stored = await world.house.db.selectFrom('provider_event').select('event_id').execute();
    if (stored.length > 0) await allFollowed(world);
    const between = await states();

    const genuine = [
      await post(api, providers.sendgrid.call([bounce])),
      await post(api, providers.texting('text').call(undelivered, { messageId: textId })),
    ];
    await allFollowed(world);
    return {
      ways: calls.length,
      taken,
      counted: await refusedBy(api),
      stored: stored.length,
      between,
      genuine,
      states: [(await outcomeOf(world, byMail)).states[0], (await outcomeOf(world, byText)).states[0]],
      broken: await world.broken(),
    };
  });
}

function named(what: string, calls: Readonly<Record<string, Call>>): readonly (readonly [string, Call])[] {
  return Object.entries(calls).map(([name, call]) => [`${what} with ${name}`, call]);
}

async function allFollowed(world: World): Promise<void> {
  await until(
    'the reports are followed',
    async () => {
      const rows = await world.house.db.selectFrom('provider_event').select('processed_at').execute();
      return rows.length > 0 && rows.every(({ processed_at: at }) => at !== null);
    },
    inTime,
  );
}

/** How many reports the API says that it has turned away. */
async function refusedBy({ url, key }: Api): Promise<number> {
  const shown = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${key}` } });
  const lines = (await shown.text()).split('\n');
  return lines
    .filter((line) => line.startsWith('relance_webhooks_refused_total{'))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
