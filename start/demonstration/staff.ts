import { randomInt } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOfPassword } from '../../api/login/passwords.ts';
import { machineTime } from '../../db/clock.ts';
import { setPassword } from '../../db/credentials.ts';
import type { Tx } from '../../db/database.ts';
import type { House } from '../../db/house.ts';
import { addUser } from '../../db/users.ts';
import type { Role } from '../../domain/role.ts';
import type { Instant } from '../../domain/time.ts';

/**
 * The people of the demonstration: one of each role but the administrator, who is yours.
 *
 * They share one password, which is thrown anew for each demonstration and lies with its data, where nobody else can
 * read it: a password that everybody knows would sooner or later open a house that is no demonstration.
 */
const staff: readonly { readonly name: string; readonly mail: string; readonly role: Role }[] = [
  { name: 'Dominique', mail: 'dominique', role: 'credit_manager' },
  { name: 'Camille', mail: 'camille', role: 'collector' },
  { name: 'Alix', mail: 'alix', role: 'accountant' },
  { name: 'Sacha', mail: 'sacha', role: 'sales' },
  { name: 'Robin', mail: 'robin', role: 'resolver' },
  { name: 'Étude Morel', mail: 'etude-morel', role: 'external_firm' },
  { name: 'Maxime', mail: 'maxime', role: 'legal' },
  { name: 'Inès', mail: 'ines', role: 'auditor' },
];

/** Adds them, without a password; returns the id of the collector, who did the work of the past. */
export async function addStaff(tx: Tx, now: Instant): Promise<string> {
  let collector = '';
  for (const { name, mail, role } of staff) {
    const email = `${mail}@maison-lambert.example`;
    const id = await addUser(tx, now, { name, email, role, language: 'fr' }, 'demonstration');
    if (role === 'collector') collector = id ?? '';
  }
  await tx.updateTable('firm').set({ kind: 'commissaire_de_justice' }).execute();
  return collector;
}

/** Gives them their password, keeps it in the folder of the data, and says so. */
export async function giveStaffPasswords(house: House, folder: string): Promise<readonly string[]> {
  const password = thrown();
  const hash = await hashOfPassword(password);
  const now = await house.clock.now();
  await house.db.transaction().execute(async (tx) => {
    for (const { name } of staff) {
      const { id } = await tx
        .selectFrom('app_user')
        .select('id')
        .where('name', '=', name)
        .executeTakeFirstOrThrow();
      await setPassword(tx, machineTime(), now, id, hash, 'demonstration');
    }
  });
  const names = staff.map(({ name, role }) => `${name} (${role.replaceAll('_', ' ')})`).join(', ');
  const lines = [`Its people log in with ${password}: ${names}.`];
  writeFileSync(join(folder, file), `${lines.join('\n')}\n`, { mode: 0o600 });
  return lines;
}

/** Where a later start finds them; nothing where there is no demonstration. */
export function peopleKept(folder: string): readonly string[] {
  return existsSync(join(folder, file)) ? [`The demonstration's people: ${join(folder, file)}`] : [];
}

const file = 'people.txt';

/** Without letters that look alike: 79 bits. */
function thrown(): string {
  const letters = '23456789abcdefghjkmnpqrstuvwxyz';
  const group = (): string => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return Array.from({ length: 4 }, group).join('-');
}
