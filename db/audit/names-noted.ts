import { sql } from 'kysely';
import type { Instant } from '../../domain/time.ts';
import type { Db, Tx } from '../database.ts';
import type { Findings } from '../invariants.ts';
import { hasBegun, noteAll } from '../journal.ts';
import { hashesOf } from './salted-groups.ts';

/**
 * What users are called: entries name them by id alone, so whoever gives one id another name gives his acts to somebody else.
 *
 * The chain of each keeps a salted hash of his name and mail address; the salt stands in his row.
 */
const groups = { name: ['name', 'email'] } as const;

/** What the journal is to say of a user as he is now. */
export async function nameNoted(tx: Tx, userId: string): Promise<{ readonly noted: string }> {
  const row = await tx
    .selectFrom('app_user')
    .select(['name', 'email', 'noted_salt'])
    .where('id', '=', userId)
    .executeTakeFirstOrThrow();
  return { noted: notedOf(row) };
}

function notedOf(row: {
  readonly name: string;
  readonly email: string | null;
  readonly noted_salt: string;
}): string {
  return hashesOf(groups, row, row.noted_salt).name;
}

/** The chain that says once that the names of before were noted. */
const subject = 'names';

export function areNamesNoted(db: Db | Tx): Promise<boolean> {
  return hasBegun(db, subject);
}

/** Notes once the names of which the journal says nothing yet; from then on a user of whom it says nothing was put in past Relance. */
export async function noteNamesOfBefore(db: Db, now: Instant): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // Whoever is given another name meanwhile is noted by that.
    await tx.selectFrom('app_user').select('id').orderBy('id').forNoKeyUpdate().execute();
    const unknown = (await readUsers(tx)).filter(({ said }) => said === null);
    const notes = unknown.map((row) => ({
      subject: `user/${row.id}`,
      type: 'nameNoted',
      body: { noted: notedOf(row) },
    }));
    const count = { users: unknown.length };
    await noteAll(tx, now, [...notes, { subject, type: 'namesOfBeforeNoted', body: count }]);
  });
}

/** Holds the name and the mail address of every user against what his chain last said. */
export async function verifyNames(db: Db, findings: Findings): Promise<void> {
  const isComplete = await areNamesNoted(db);
  for (const row of await readUsers(db))
    if (row.said === null && isComplete)
      findings.add('I29', `user/${row.id}`, 'is none of whom the journal says how he came');
    else if (row.said !== null && row.said !== notedOf(row))
      findings.add('I29', `user/${row.id}`, 'has another name or mail address than the journal last said');
}

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly noted_salt: string;
  readonly said: string | null;
}

async function readUsers(db: Db | Tx): Promise<readonly UserRow[]> {
  const { rows } = await sql<UserRow>`
    select app_user.id, name, email, noted_salt, last.said
    from app_user left join lateral (
      select body::jsonb ->> 'noted' as said from journal
      where subject = 'user/' || app_user.id and type in ('userAdded', 'userRenamed', 'nameNoted') and body::jsonb ? 'noted'
      order by seq desc limit 1) last on true
    order by app_user.id`.execute(db);
  return rows;
}
