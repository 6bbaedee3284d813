import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * The histories of closed runs, kept for longer than Temporal keeps them.
 *
 * A row says what a run was and where its history lies; `history_sha256` stands in the journal too, `sha256` is that of the
 * bytes as they are stored, which are others once they are sealed anew. Where no other store is named, they lie here.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table archived_run (
    run_id text primary key, workflow_id text not null, workflow_type text not null,
    started_at timestamptz not null, closed_at timestamptz not null, status text not null,
    continued_from text, continues_as text, events integer not null,
    kept_in text not null check (kept_in in ('postgres', 'folder', 's3')), place text not null,
    bytes integer not null, sha256 text not null, sealed_with text, history_sha256 text not null,
    archived_at timestamptz not null default clock_timestamp())`,
  `create index archived_run_workflow on archived_run (workflow_id, started_at)`,
  `create index archived_run_closed on archived_run (closed_at)`,
  `create table archived_object (place text primary key, content bytea not null)`,
  // It is compressed and sealed already.
  `alter table archived_object alter column content set storage external`,
  `create table archive_mark (
    one boolean primary key default true check (one), began_at timestamptz not null default clock_timestamp(),
    looked_at timestamptz, closed_until timestamptz, whole_at timestamptz)`,
  `insert into archive_mark default values`,
];
