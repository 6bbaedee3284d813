import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * What ended as handed over is watched by its litigation file: those of before look again, for their next look may lie
 * beyond a warning, and of what was doubted nobody looks any more.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const watching = `select id from litigation where state <> 'closed' or outcome = 'doubtful'`;

const statements = [
  `update matter set look_at = now() where kind = 'litigation' and id in (${watching})`,
  `insert into outbox (lane, workflow, type)
    select 1, 'litigation/' || id, 'lookAgain' from matter where kind = 'litigation' and id in (${watching})`,
];
