import { expect, it } from 'vitest';
import { dayMs, minuteMs } from '../../domain/time.ts';
import { begin } from './world.ts';

// A retry beside the workflow would leave events each time: after a month of them Temporal ends the run.
it('an act that fails for two days is done when it can be, and its history does not grow meanwhile', async () => {
  const story = await begin({ day: '2026-03-02' });
  const debtor = await story.debtor();
  const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
  await story.until('2026-03-18');
  const { db } = story.engine.house;
  const stored = db.selectFrom('invoice').select('collection').where('id', '=', invoice.id);
  const { collection } = await stored.executeTakeFirstOrThrow();
  const store = (file: object) =>
    db
      .updateTable('invoice')
      .set({ collection: JSON.stringify(file) })
      .where('id', '=', invoice.id)
      .execute();
  const handle = story.engine.environment.client.workflow.getHandle(`invoice/${invoice.id}`);

  await store({});
  await story.engine.environment.sleep(2 * dayMs);
  const { events } = await handle.fetchHistory();
  await store(collection);
  await story.engine.environment.sleep(2 * minuteMs); // It is tried again each minute.
  await story.until('2026-03-24');

  expect((await debtor.letters()).flatMap(({ steps }) => steps)).toEqual(['pre-due', 'reminder']);
  expect(events?.length).toBeLessThan(40);
});
