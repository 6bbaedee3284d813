import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenIn } from '../setup/broken-in.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

async function broken(): Promise<readonly (readonly [string, string | undefined])[]> {
  const found = await brokenIn(office.house);
  return [...found].map(([id, offenders]) => [id, offenders[0]?.subject] as const);
}

describe('files that no worker has ever woken', () => {
  it('are broken once their wake-up has long passed, and not before', async () => {
    const { id } = await office.invoice({ dueDate: '2026-03-20' });
    const { wake_at: wakeAt } = await office.house.db
      .selectFrom('invoice')
      .select('wake_at')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();

    office.clock.set(wakeAt! + 29 * 60_000);
    const soon = await broken();
    office.clock.set(wakeAt! + 31 * 60_000);
    const late = await broken();

    expect([soon, late]).toEqual([[], [['I17', `invoice/${id}`]]]);
  });

  it('may wait for their turn in a long import', async () => {
    await office.house.db.updateTable('outbox').set({ lane: 1 }).execute();
    office.clock.set('2026-12-01');

    expect(await broken()).toEqual([]);
  });
});
