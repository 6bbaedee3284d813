import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * How people prove who they are: passwords, second factors, sessions, invitations, and what a key may open.
 *
 * Whatever opens a door is kept as a hash, or sealed with a key that is not in the database. Instants here are the
 * machine's: whoever steals a session lives in no demonstration, whose half hour would be over in a blink.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // A second factor counts from the day that it was confirmed; each of its steps of 30 seconds opens once.
  `alter table app_user
    add column password_hash text, add column password_set_at timestamptz,
    add column totp_secret text, add column totp_confirmed_at timestamptz, add column totp_step_used bigint,
    add column recovery_codes bytea[] not null default '{}',
    add column oidc_issuer text, add column oidc_subject text,
    add constraint app_user_oidc_whole check ((oidc_issuer is null) = (oidc_subject is null)),
    add constraint app_user_oidc unique (oidc_issuer, oidc_subject)`,

  `create table session (
    token_sha256 bytea primary key, id uuid not null unique, user_id uuid not null references app_user,
    opened_by text not null check (opened_by in ('password', 'oidc')), second_factor boolean not null, user_agent text,
    opened_at timestamptz not null, seen_at timestamptz not null, idle_ends_at timestamptz not null, ends_at timestamptz not null,
    ended_at timestamptz, ended_because text check (ended_because in ('logout', 'revoked', 'rotated', 'password', 'disabled')))`,
  `create index session_of_user on session (user_id, opened_at)`,

  `create table invitation (
    token_sha256 bytea primary key, id uuid not null unique, user_id uuid not null references app_user,
    purpose text not null check (purpose in ('invite', 'reset', 'first-admin')),
    created_at timestamptz not null, expires_at timestamptz not null, used_at timestamptz, voided_at timestamptz)`,
  `create index invitation_user on invitation (user_id) where used_at is null and voided_at is null`,

  // Tries at the door that failed, by what they have in common. Names and addresses stand here as digests alone.
  `create table login_failure (
    key text primary key, failures int not null, last_at timestamptz not null, wait_until timestamptz not null)`,
  `create index login_failure_old on login_failure (last_at)`,

  // A login at another house that is under way: taken away by the first who comes back with its cookie.
  `create table oidc_attempt (
    cookie_sha256 bytea primary key, state text not null, nonce text not null, verifier text not null, go_to text not null,
    expires_at timestamptz not null)`,

  // Areas: null for all that the user's role may do. Keys from before this day never expire.
  `alter table api_key
    add column name text, add column areas text[], add column expires_at timestamptz, add column last_used_at timestamptz`,
];
