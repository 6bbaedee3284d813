import { keyFor, saveKey } from '../api/command-line/keys.ts';
import { openHouse } from '../db/house.ts';
import type { House } from '../db/house.ts';
import { callerBehind } from '../db/users.ts';
import { beginOnePerScenario, loadPortfolio } from './demonstration/load.ts';
import { keyForAdministrator } from './new-key.ts';

export interface FirstStart {
  readonly appUrl: string;
  /** Where the API will answer; the command line keeps its key by it. */
  readonly url: string;
  readonly speed: number;
  readonly demo: boolean;
}

export interface FirstStarted {
  /** What tells a newcomer where to look. */
  readonly lines: readonly string[];
  /** To be called once everybody is at work, where fresh lives are to begin on a fast clock; says what they are. */
  readonly beginFreshLives?: () => Promise<string>;
}

/**
 * Makes a new installation usable before anything runs: its clock, an administrator with a key, the demonstration.
 *
 * Safe to run at every start: what is there stays, and a key that the command line has lost is made anew.
 */
export async function firstStart({ appUrl, url, speed, demo }: FirstStart): Promise<FirstStarted> {
  await setClock(appUrl, speed);
  const house = await openHouse(appUrl);
  try {
    const key = await administratorKey(house, url);
    const lines = [
      `Look at what leaves:  ${url}/enter?key=${key}&to=/outbox`,
      `Try the command line: npm run relance -- list`,
    ];
    if (!demo || !(await isEmpty(house))) return { lines };
    if (speed !== 1) return { lines, beginFreshLives: () => beginOnePerScenario(appUrl, speed) };
    return { lines: [await loadPortfolio(appUrl, house.clock), ...lines] };
  } finally {
    await house.db.destroy();
  }
}

/** Whether nobody has a receivable here yet. */
async function isEmpty({ db }: House): Promise<boolean> {
  return (await db.selectFrom('creditor').select('id').limit(1).executeTakeFirst()) === undefined;
}

/** Sets the clock of a database in which nothing was recorded yet. */
async function setClock(appUrl: string, speed: number): Promise<void> {
  const house = await openHouse(appUrl);
  try {
    const recorded = await house.db.selectFrom('journal').select('seq').limit(1).executeTakeFirst();
    if (recorded) return;
    const now = new Date();
    await house.db.updateTable('setting').set({ clock_origin: now, clock_anchor: now, speed }).execute();
  } finally {
    await house.db.destroy();
  }
}

/** The administrator's key as the command line has it, or a new one that it gets now. */
async function administratorKey(house: House, url: string): Promise<string> {
  const known = keyFor(url);
  if (known && (await callerBehind(house.db, known))) return known;
  const key = await keyForAdministrator(house, { name: 'admin', language: spokenHere(), by: 'npm start' });
  saveKey(url, key);
  return key;
}

/** The administrator reads the language of the terminal that he started from. */
function spokenHere(): 'fr' | 'en' {
  return /^fr/i.test(process.env['LC_ALL'] ?? process.env['LC_MESSAGES'] ?? process.env['LANG'] ?? '')
    ? 'fr'
    : 'en';
}
