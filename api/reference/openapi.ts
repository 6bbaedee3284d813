import { readConfig } from '../../config.ts';
import { openDatabase } from '../../db/database.ts';
import { Rules } from '../../db/rules.ts';
import { buildApi } from '../app.ts';

/**
 * The description of the API, as `/openapi.json` answers it.
 *
 * It comes from the schemas alone: the database that the house is given here is never asked.
 */
export async function openApiText(): Promise<string> {
  const nowhere = 'postgres://nobody@127.0.0.1:9/none';
  const db = openDatabase(nowhere, { connectionsMax: 1 });
  const clock = { settings: { origin: 0, anchor: 0, speed: 1 }, now: () => Promise.resolve(0) };
  const app = await buildApi({
    house: { db, clock, rules: new Rules() },
    config: readConfig({ DATABASE_URL: nowhere, LOG_LEVEL: 'silent' }),
  });
  await app.ready();
  const text = `${JSON.stringify(app.swagger(), null, 2)}\n`;
  await app.close();
  await db.destroy();
  return text;
}
