import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { onlyThrough } from '../../activities/carriers/carriers.ts';
import { outboxCarrier } from '../../activities/carriers/outbox.ts';
import { performStep } from '../../activities/perform-step.ts';
import { addUser } from '../../db/users.ts';
import { uuidv7 } from '../../db/uuid.ts';
import type { Role } from '../../domain/role.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

/** Each test has its own people; whoever was here before has no address, and leaves his name to others. */
beforeEach(() =>
  office.house.db
    .updateTable('app_user')
    .set({ email: null, name: sql<string>`id::text` })
    .execute(),
);

async function hires(role: Role, name: string, email: string): Promise<void> {
  const now = await office.clock.now();
  await office.house.db
    .transaction()
    .execute((tx) => addUser(tx, now, { name, email, role, language: 'fr' }, 'test'));
}

/** A dispute of an import, without a ladder of its own, that nobody resolves: its owner is told once it is late, three working days later his manager. */
async function lateDispute(collector: string | null) {
  office.clock.set('2026-03-02');
  const { id } = await office.invoice();
  await office.house.db.updateTable('invoice').set({ collector }).where('id', '=', id).execute();
  await office.state(id, {
    type: 'disputeOpened',
    disputeId: uuidv7(),
    contestedCents: 100_000,
    reason: 'imported',
  });
  const shop = { house: office.house, carriers: onlyThrough(outboxCarrier), tell: () => undefined };
  await performStep(shop, id, 0);
  office.clock.set('2026-04-15');
  await performStep(shop, id, 0);
  office.clock.set('2026-05-15');
  await performStep(shop, id, 0);

  const told = await office.house.db
    .selectFrom('message')
    .select(['recipient', 'template', 'key'])
    .where('purpose', '=', 'internal')
    .where('key', 'like', `%/${id}/%`)
    .orderBy('planned_at')
    .orderBy('recipient')
    .execute();
  const { body } = await office.ask('GET', `/v1/invoices/${id}/timeline`);
  const reminded = (body.items as { type: string; text: string }[]).filter(
    ({ type }) => type === 'taskReminded',
  );
  return {
    owner: told.filter(({ key }) => key.includes('/owner/')).map(({ recipient }) => recipient),
    manager: told.filter(({ key }) => key.includes('/manager/')).map(({ recipient }) => recipient),
    said: reminded.map(({ text }) => text),
  };
}

describe('late work', () => {
  it('is told to the collector whom the file names, however it writes the name, and to no other', async () => {
    await hires('collector', 'Chloé Müller', 'chloe@relance.example');
    await hires('collector', 'Paul Petit', 'paul@relance.example');
    await hires('credit_manager', 'Marc', 'marc@relance.example');

    const byName = await lateDispute('MULLER Chloe');
    const byMail = await lateDispute(' Paul@Relance.example');

    expect([byName.owner, byMail.owner]).toEqual([['chloe@relance.example'], ['paul@relance.example']]);
    expect([byName.manager, byMail.manager]).toEqual([['marc@relance.example'], ['marc@relance.example']]);
    expect(byName.said).toEqual(['Late: its owner was told.', 'Late: the manager was told.']);
  });

  it('is told to all collectors when the file names nobody who is here', async () => {
    await hires('collector', 'Chloé Müller', 'chloe@relance.example');
    await hires('collector', 'Paul Petit', 'paul@relance.example');

    expect((await lateDispute('Somebody Else')).owner).toEqual([
      'chloe@relance.example',
      'paul@relance.example',
    ]);
    expect((await lateDispute(null)).owner).toHaveLength(2);
  });

  it('is told to the admins where there is no credit manager with an address, and to the manager alone where there is', async () => {
    await hires('admin', 'Anne', 'anne@relance.example');

    const without = await lateDispute(null);
    await hires('credit_manager', 'Marc', 'marc@relance.example');
    const withManager = await lateDispute(null);

    expect([without.manager, withManager.manager]).toEqual([
      ['anne@relance.example'],
      ['marc@relance.example'],
    ]);
  });

  it('is not said to be told where nobody has an address', async () => {
    const nobody = await lateDispute('Chloé Müller');

    expect([nobody.owner, nobody.manager]).toEqual([[], []]);
    expect(nobody.said).toEqual([
      'Late: nobody could be told, for want of a mail address.',
      'Late: nobody could be told, for want of a mail address.',
    ]);
  });
});
