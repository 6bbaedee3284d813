import { expect, it } from 'vitest';
import { dayMs } from '../../domain/time.ts';
import { begin } from './world.ts';

// A retry beside the workflow would leave events each time: after a month of them Temporal ends the run.
it('an act that fails for two days is done when it can be, and its history does not grow meanwhile', async () => {
  const story = await begin({ day: '2026-03-02' });
  const debtor = await story.debtor();
  const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
  await story.until('2026-03-18');

  await invoice.isUnreadableFor(2 * dayMs);
  story.delayed(2);
  await story.until('2026-03-24');

  const { events } = await story.engine.environment.client.workflow
    .getHandle(`invoice/${invoice.id}`)
    .fetchHistory();
  expect((await debtor.letters()).flatMap(({ steps }) => steps)).toEqual(['pre-due', 'reminder']);
  expect(events?.length).toBeLessThan(40);
});
