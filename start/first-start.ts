import { keyFor, saveKey } from '../api/command-line/keys.ts';
import { invitationLink } from '../api/login/invitation-link.ts';
import { openHouse } from '../db/house.ts';
import type { House } from '../db/house.ts';
import { callerBehind } from '../db/keys.ts';
import { beginOnePerScenario, loadPortfolio } from './demonstration/load.ts';
import { giveStaffPasswords, peopleKept } from './demonstration/staff.ts';
import { keyForAdministrator, linkForAdministrator } from './new-key.ts';

export interface FirstStart {
  readonly appUrl: string;
  /** Where the API will answer; the command line keeps its key by it. */
  readonly url: string;
  readonly speed: number;
  readonly demo: boolean;
  /** Where the passwords of the demonstration's people are kept. */
  readonly folder: string;
}

export interface FirstStarted {
  /** What tells a newcomer where to look. */
  readonly lines: readonly string[];
  /** To be called once everybody is at work, where fresh lives are to begin on a fast clock; says what they are. */
  readonly beginFreshLives?: () => Promise<string>;
}

/**
 * Makes a new installation usable before anything runs: its clock, an administrator with a key for the command line and
 * a link for the browser, the demonstration.
 *
 * Safe to run at every start: what is there stays, and a key that the command line has lost is made anew.
 */
export async function firstStart({ appUrl, url, speed, demo, folder }: FirstStart): Promise<FirstStarted> {
  await setClock(appUrl, speed);
  const house = await openHouse(appUrl);
  try {
    await keepAdministratorsKey(house, url);
    const lines = [
      ...(await wayIn(house, url)),
      ...peopleKept(folder),
      `Try the command line: npm run relance -- list`,
    ];
    if (!demo || !(await isEmpty(house))) return { lines };
    if (speed !== 1)
      return {
        lines,
        beginFreshLives: async () => {
          const begun = await beginOnePerScenario(appUrl, speed);
          return [begun, ...(await giveStaffPasswords(appUrl, folder))].join('\n');
        },
      };
    const loaded = await loadPortfolio(appUrl, house.clock);
    return { lines: [loaded, ...(await giveStaffPasswords(appUrl, folder)), ...lines] };
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
async function keepAdministratorsKey(house: House, url: string): Promise<void> {
  const known = keyFor(url);
  if (known && (await callerBehind(house.db, known))) return;
  saveKey(
    url,
    await keyForAdministrator(house, { name: administrator, language: spokenHere(), by: 'npm start' }),
  );
}

/**
 * How the administrator comes in by a browser: with the password that he chose, or with a link to choose it.
 *
 * Who reads what a start prints can read its database too, so the link tells him nothing that he could not do.
 */
async function wayIn(house: House, url: string): Promise<readonly string[]> {
  const admin = await house.db
    .selectFrom('app_user')
    .select(['id', 'password_hash', 'oidc_subject'])
    .where('name', '=', administrator)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  const isKnown = admin === undefined || admin.password_hash !== null || admin.oidc_subject !== null;
  if (isKnown) return [`Log in:               ${url}/enter${admin ? `   (as ${administrator})` : ''}`];
  const { token } = await linkForAdministrator(house, admin.id, 'npm start');
  return [
    `Choose a password:    ${invitationLink(url, token)}`,
    `                      (opens once, within a day, for the user ${administrator}; the next start prints another)`,
    `Then log in:          ${url}/enter`,
  ];
}

const administrator = 'admin';

/** The administrator reads the language of the terminal that he started from. */
function spokenHere(): 'fr' | 'en' {
  return /^fr/i.test(process.env['LC_ALL'] ?? process.env['LC_MESSAGES'] ?? process.env['LANG'] ?? '')
    ? 'fr'
    : 'en';
}
