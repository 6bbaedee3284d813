import { describe, expect, it, onTestFinished } from 'vitest';
import { listApprovals } from '../../db/approval-reads.ts';
import { openHouse } from '../../db/house.ts';
import { allEyes } from '../../db/visible.ts';
import { loadPortfolio } from '../../start/demonstration/load.ts';
import { freshDatabase } from '../setup/database.ts';

describe('the demonstration', () => {
  it('has a formal notice for which one of its people has asked the newcomer’s yes', async () => {
    const database = await freshDatabase();
    const house = await openHouse(database.url);
    onTestFinished(async () => {
      await house.db.destroy();
      await database.drop();
    });

    await loadPortfolio(house);

    const approvals = await listApprovals(allEyes, house.db, {}, 10);
    expect(approvals).toMatchObject([{ act: 'formal_notice', askedByName: 'Camille', state: 'open' }]);
  }, 120_000);
});
