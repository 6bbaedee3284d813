import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** How a contact was called and reached before is known until he is erased; who was erased is known by a keyed mark of his mail address. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table contact_formerly (
    contact_id uuid not null references contact on delete cascade,
    what text not null check (what in ('name', 'email', 'mobile', 'phone', 'address')),
    value text not null,
    primary key (contact_id, what, value))`,
  // Whatever way a contact is changed by, what he was before is remembered.
  `create function remember_contact() returns trigger language plpgsql as $$
  begin
    insert into contact_formerly (contact_id, what, value)
      select old.id, was.what, was.value
      from (values ('name', old.name, new.name), ('email', old.email, new.email), ('mobile', old.mobile, new.mobile), ('phone', old.phone, new.phone))
        as was (what, value, now)
      where was.value is not null and was.value is distinct from was.now
      union
      select old.id, 'address', line from unnest(old.address) line where not line = any(new.address)
      on conflict do nothing;
    return null;
  end $$`,
  `create trigger contact_remembered after update of name, email, mobile, phone, address on contact
    for each row execute function remember_contact()`,

  `create table erased_mark (
    debtor_id uuid not null references debtor, mark text not null, erased_at timestamptz not null, primary key (debtor_id, mark))`,

  // Reports that name no message of ours are few, and only their words can name somebody.
  `create index provider_event_astray on provider_event (event_id) where message_id is null and reason is not null`,
];
