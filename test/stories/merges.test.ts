import { describe, expect, it } from 'vitest';
import { verify } from '../../verify.ts';
import { begin } from './world.ts';

describe('one company that stands here twice', () => {
  it('is written to once for both while it is merged, and apart again when that is taken back', async () => {
    const story = await begin({ day: '2026-03-16' });
    const { house, environment } = story.engine;
    const stays = await story.debtor({ name: 'Garage Ferrand' });
    const gone = await story.debtor({ name: 'FERRAND (garage)' });
    const kept = await stays.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    const moved = await gone.owes({ number: 'F-2', amount: 1200, due: '2026-03-16' });
    const promised = await gone.owes({ number: 'F-3', amount: 500, due: '2026-03-16' });
    await gone.hasNoSiren();
    await promised.promises({ by: '2026-04-03' });
    await story.until('2026-03-19');

    // All three sleep now: two until their next reminder, one until the promised day is over.
    await story.morning('2026-03-24');
    const { mergeId } = (await story.people.ask('POST', '/merges', {
      goneId: gone.id,
      intoId: stays.id,
    })) as unknown as { mergeId: string };
    await story.until('2026-04-09');
    // Two messages of one morning leave in no order of their own.
    const together = [...(await stays.post())].sort();

    // The promise was broken today: its reminder stands at the door of the one who stays, and goes back with its invoice.
    expect(await promised.heldAtTheDoorBy()).not.toBeNull();
    await story.people.ask('POST', `/merges/${mergeId}/undo`);
    await story.until('2026-04-15');

    expect(together).toEqual([
      '2026-03-19 email reminder F-1 1200.00 EUR',
      '2026-03-19 email reminder F-2 1200.00 EUR',
      '2026-03-30 email second-reminder F-1+F-2 2400.00 EUR',
      '2026-04-08 email firm-reminder F-1+F-2 2400.00 EUR',
    ]);
    const since = (post: readonly string[]) => post.filter((letter) => letter > '2026-04-09');
    expect(since(await stays.post())).toEqual(['2026-04-15 call call F-1 1200.00 EUR']);
    expect(since(await gone.post())).toEqual([
      '2026-04-10 email reminder F-3 500.00 EUR',
      '2026-04-15 call call F-2 1200.00 EUR',
    ]);
    for (const invoice of [moved, promised])
      expect((await invoice.facts()).filter(({ type }) => type === 'debtorReplaced')).toHaveLength(2);
    await kept.pays();
    await moved.pays();
    const now = await house.clock.now();
    const broken = (await verify({ db: house.db, client: environment.client, now })).filter(
      ({ count }) => count > 0,
    );
    expect(broken).toEqual([]);
  });
});
