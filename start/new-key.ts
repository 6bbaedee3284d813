import { invitationLink } from '../api/login/invitation-link.ts';
import { readConfig } from '../config.ts';
import { machineTime } from '../db/clock.ts';
import { openHouse } from '../db/house.ts';
import type { House } from '../db/house.ts';
import { inviteUser } from '../db/invitations.ts';
import { keyLastsMs, newKey, storeKey } from '../db/keys.ts';
import { addUser, userNamed } from '../db/users.ts';

/**
 * Gives a user a new key that opens for a year, and makes an administrator of that name when there is no such user.
 *
 * It asks for no key, only for the database: this is how the first administrator of an installation gets in, and how one
 * gets in again who has lost all keys. The journal says that it happened, and `by` what did it.
 */
export async function keyForAdministrator(
  house: House,
  { name, language, by }: { readonly name: string; readonly language: 'fr' | 'en'; readonly by: string },
): Promise<string> {
  const fresh = newKey();
  await house.db.transaction().execute(async (tx) => {
    const now = await house.clock.now();
    const added = await addUser(tx, now, { name, email: null, role: 'admin', language }, by);
    const userId = added ?? (await userNamed(tx, name));
    if (userId === undefined) throw new Error(`"${name}" is the mail address of a user: give his name`);
    await storeKey(tx, now, userId, fresh, by, { expiresAt: machineTime() + keyLastsMs });
  });
  return fresh.key;
}

/** Makes the one-time link with which an administrator chooses his first password. */
export async function linkForAdministrator(
  house: House,
  userId: string,
  by: string,
): Promise<{ readonly token: string }> {
  return house.db.transaction().execute(async (tx) => {
    const now = await house.clock.now();
    return inviteUser(tx, machineTime(), now, userId, 'first-admin', by);
  });
}

/** `node --import tsx start/new-key.ts [NAME]` */
async function main(): Promise<void> {
  const [name = 'admin'] = process.argv.slice(2);
  const { DATABASE_URL, PUBLIC_URL } = readConfig();
  const house = await openHouse(DATABASE_URL, { connectionsMax: 1 });
  try {
    const key = await keyForAdministrator(house, { name, language: 'fr', by: 'new-key' });
    const id = await userNamed(house.db, name);
    const { token } = await linkForAdministrator(house, id ?? '', 'new-key');
    process.stderr.write(
      `In a browser, ${name} chooses a password, once, within a day:\n` +
        `${invitationLink(PUBLIC_URL ?? '(the address of the API)', token)}\n` +
        `${name} has this key, shown only now:\n`,
    );
    process.stdout.write(`${key}\n`);
  } finally {
    await house.db.destroy();
  }
}

if (process.argv[1] === import.meta.filename) {
  main().catch((failure: unknown) => {
    process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
    process.exitCode = 1;
  });
}
