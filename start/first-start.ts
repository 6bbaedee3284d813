import { keyFor, saveKey } from '../api/command-line/keys.ts';
import { invitationLink } from '../api/login/invitation-link.ts';
import { openHouse } from '../db/house.ts';
import type { House } from '../db/house.ts';
import type { PersonKeys } from '../db/erasure/person-keys.ts';
import { callerBehind } from '../db/keys.ts';
import { beginOnePerScenario, loadPortfolio } from './demonstration/load.ts';
import { giveStaffPasswords, peopleKept } from './demonstration/staff.ts';
import { keyForAdministrator, linkForAdministrator } from './new-key.ts';

export interface FirstStart {
  readonly appUrl: string;
  /** As our processes will have them: the demonstration writes messages before any of them runs. */
  readonly personKeys: PersonKeys;
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
export async function firstStart(start: FirstStart): Promise<FirstStarted> {
  const { url, speed, demo, folder } = start;
  await inHouse(start, (house) => setClock(house, speed));
  return inHouse(start, async (house) => {
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
        beginFreshLives: () =>
          inHouse(start, async (later) => {
            const begun = await beginOnePerScenario(later, speed);
            return [begun, ...(await giveStaffPasswords(later, folder))].join('\n');
          }),
      };
    const loaded = await loadPortfolio(house);
    return { lines: [loaded, ...(await giveStaffPasswords(house, folder)), ...lines] };
  });
}

/** A house reads its clock when it is opened, so whoever sets the clock has one of his own. */
async function inHouse<T>({ appUrl, personKeys }: FirstStart, act: (house: House) => Promise<T>): Promise<T> {
  const house = await openHouse(appUrl, { personKeys });
  try {
    return await act(house);
  } finally {
    await house.db.destroy();
  }
}

/** Whether nobody has a receivable here yet. */
async function isEmpty({ db }: House): Promise<boolean> {
  return (await db.selectFrom('creditor').select('id').limit(1).executeTakeFirst()) === undefined;
}

/** Sets the clock of a database in which nothing was recorded yet. */
async function setClock({ db }: House, speed: number): Promise<void> {
  const recorded = await db.selectFrom('journal').select('seq').limit(1).executeTakeFirst();
  if (recorded) return;
  const now = new Date();
  await db.updateTable('setting').set({ clock_origin: now, clock_anchor: now, speed }).execute();
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
