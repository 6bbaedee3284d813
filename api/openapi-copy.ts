import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildApi } from './app.ts';
import { openDatabase } from '../db/database.ts';
import { Rules } from '../db/rules.ts';

/** Where the committed description lies, for integrators who read it without running anything. */
export const copyPath = fileURLToPath(new URL('../docs/openapi.json', import.meta.url));

/**
 * The description of the API as the committed copy writes it.
 *
 * It comes from the schemas alone: the database that the house is given here is never asked.
 */
export async function openApiText(): Promise<string> {
  const db = openDatabase('postgres://nobody@127.0.0.1:9/none', { connectionsMax: 1 });
  const clock = { settings: { origin: 0, anchor: 0, speed: 1 }, now: () => Promise.resolve(0) };
  const app = await buildApi({
    house: { db, clock, rules: new Rules() },
    config: { LOG_LEVEL: 'silent', ALLOWED_HOSTS: [] },
  });
  await app.ready();
  const text = `${JSON.stringify(app.swagger(), null, 2)}\n`;
  await app.close();
  await db.destroy();
  return text;
}

// As a program (`npm run openapi`) it writes the copy anew.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(copyPath, await openApiText());
  process.stdout.write(`Written: ${copyPath}\n`);
}
