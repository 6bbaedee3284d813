import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** How the portfolio stood at the end of a day, as it was written down then; and ways into the journal by kind and by day. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

// The lines of a snapshot are pages of invoices in the order of their ids, as compressed JSON: rows of their own would be six times as large.
// `json` keeps the totals in the very order in which their digest was made. Entries come nearly in the order of their moments, which is all that a BRIN index needs, and it takes next to nothing.
const statements = [
  `create table snapshot (
    day date primary key,
    ends_at timestamptz not null,
    taken_at timestamptz not null,
    invoices int not null,
    totals json not null,
    sha256 text not null)`,
  `create table snapshot_page (
    day date not null references snapshot on delete cascade,
    number int not null,
    last_id uuid not null,
    invoices int not null,
    content bytea not null,
    sha256 text not null,
    primary key (day, number))`,
  'create index journal_type_at on journal (type, at)',
  'create index journal_at on journal using brin (at)',
];
