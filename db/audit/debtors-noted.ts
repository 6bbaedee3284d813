import { sql } from 'kysely';
import type { Instant } from '../../domain/time.ts';
import type { Db, Tx } from '../database.ts';
import { hasBegun, note, noteAll } from '../journal.ts';
import type { Pair } from '../merge-rows.ts';
import { hashesOf } from './salted-groups.ts';
import type { Hashes } from './salted-groups.ts';

/**
 * Who owes and whom we write to: where letters go is worth as much to a fraud as where money goes.
 *
 * The journal keeps of a debtor, and of each of his contacts, one salted hash of each of these groups of columns as they come
 * and at each change. The salt stands in the row: who is erased takes it along, and nothing can be tried against the rest.
 */
export const debtorGroups = {
  identity: ['key', 'name', 'siren', 'vat_number', 'reference', 'merged_into'],
  treatment: [
    'kind',
    'country',
    'language',
    'zone',
    'grade',
    'insolvent_on',
    'electronic_letters_since',
    'deposit_required_since',
    'guarantee',
    'guarantee_until',
    'demonstration',
  ],
} as const;

export const contactGroups = {
  reach: ['email', 'mobile', 'phone', 'address'],
  person: ['name', 'role', 'language'],
  marks: ['email_invalid', 'mobile_invalid', 'phone_invalid', 'address_invalid', 'opted_out_at'],
} as const;

export type DebtorGroup = keyof typeof debtorGroups;
export type ContactGroup = keyof typeof contactGroups;

/** What an entry of the chain of a debtor says of him. */
export interface DebtorNoted {
  readonly noted?: Hashes<DebtorGroup>;
  /** By id; null for whoever is the contact of another debtor from now on. */
  readonly contacts?: Readonly<Record<string, Hashes<ContactGroup> | null>>;
}

/** What the journal is to say of these debtors and contacts as they are now, by debtor; of whoever is erased nothing. */
export async function debtorsNoted(
  tx: Tx,
  ids: { readonly debtors: readonly string[]; readonly contacts: readonly string[] },
): Promise<ReadonlyMap<string, DebtorNoted>> {
  const debtors = await tx
    .selectFrom('debtor')
    .select(['id', 'noted_salt', ...debtorGroups.identity, ...debtorGroups.treatment])
    .where('id', '=', (eb) => eb.fn.any(eb.val(ids.debtors)))
    .execute();
  const contacts = await tx
    .selectFrom('contact')
    .selectAll()
    .where('id', '=', (eb) => eb.fn.any(eb.val(ids.contacts)))
    .where('erased_at', 'is', null)
    .orderBy('id')
    .execute();
  const said = new Map<string, DebtorNoted>(
    debtors.map((row) => [row.id, { noted: hashesOf(debtorGroups, row, row.noted_salt) }]),
  );
  for (const row of contacts) {
    const before = said.get(row.debtor_id);
    const hashes = hashesOf(contactGroups, row, row.noted_salt ?? '');
    said.set(row.debtor_id, { ...before, contacts: { ...before?.contacts, [row.id]: hashes } });
  }
  return said;
}

/** The same of what a change of one debtor has written, by the fields that it names. */
export async function changeNoted(tx: Tx, debtorId: string, fields: readonly string[]): Promise<DebtorNoted> {
  const debtors = fields.some((field) => !field.includes('/')) ? [debtorId] : [];
  const contacts = fields.flatMap((field) => (field.startsWith('contact/') ? field.slice(8, 44) : []));
  return (await debtorsNoted(tx, { debtors, contacts })).get(debtorId) ?? {};
}

/** The same of two debtors who were merged, or parted: each with his contacts, and with those who are the other's now. */
export async function pairNoted(
  tx: Tx,
  { mergeId, goneId, intoId }: Pair,
): Promise<(debtorId: string) => DebtorNoted> {
  const debtors = [goneId, intoId];
  const contacts = await tx
    .selectFrom('contact')
    .select(['id', 'debtor_id'])
    .where('debtor_id', 'in', debtors)
    .execute();
  const moved = await tx
    .selectFrom('merge_row')
    .select('row_id')
    .where('merge_id', '=', mergeId)
    .where('place', '=', 'contact')
    .execute();
  const said = await debtorsNoted(tx, { debtors, contacts: contacts.map(({ id }) => id) });
  return (debtorId) => {
    const others = contacts.filter((row) => row.debtor_id !== debtorId).map(({ id }) => id);
    const left = moved.filter(({ row_id: id }) => others.includes(id)).map(({ row_id: id }) => [id, null]);
    const { noted, contacts: his } = said.get(debtorId) ?? {};
    return {
      ...(noted && { noted }),
      contacts: { ...his, ...(Object.fromEntries(left) as Record<string, null>) },
    };
  };
}

/** The chain that says once that all debtors of before were noted. */
const subject = 'debtors';
const debtorsAtOnce = 500;
const beforeAll = '00000000-0000-0000-0000-000000000000';

export function areDebtorsNoted(db: Db | Tx): Promise<boolean> {
  return hasBegun(db, subject);
}

/**
 * Notes once what debtors and contacts are of whom the journal says nothing yet; they are of an earlier release. From then on
 * one of whom it says nothing was put in past Relance. Ends early when `stop` is aborted, and goes on another time.
 */
export async function noteDebtorsOfBefore(db: Db, now: Instant, stop: AbortSignal): Promise<void> {
  for (let last: string | null = beforeAll; last !== null;) {
    if (stop.aborted) return;
    const after: string = last;
    last = await db.transaction().execute((tx) => notePage(tx, now, after));
  }
  await db.transaction().execute((tx) => note(tx, subject, 'debtorsOfBeforeNoted', now, {}));
}

/** The last debtor that was looked at; null where there is none behind `after`. */
async function notePage(tx: Tx, now: Instant, after: string): Promise<string | null> {
  // Whoever changes one holds his lock, and notes it himself.
  const rows = await tx
    .selectFrom('debtor')
    .select('id')
    .where('id', '>', after)
    .orderBy('id')
    .limit(debtorsAtOnce)
    .forNoKeyUpdate()
    .execute();
  if (rows.length === 0) return null;
  const ids = rows.map(({ id }) => id);
  const known = await lastNoted(tx, ids);
  const contacts = await tx
    .selectFrom('contact')
    .select(['id', 'debtor_id'])
    .where('debtor_id', 'in', ids)
    .execute();
  const said = await debtorsNoted(tx, {
    debtors: ids.filter((id) => known.get(id)?.noted === undefined),
    contacts: contacts.filter((row) => !known.get(row.debtor_id)?.contacts?.[row.id]).map(({ id }) => id),
  });
  await noteAll(
    tx,
    now,
    [...said].map(([id, body]) => ({ subject: `debtor/${id}`, type: 'debtorNoted', body })),
  );
  return ids.at(-1) ?? null;
}

/** What the chains of these debtors last say of them and of each contact; nobody's of whom they say nothing. */
export async function lastNoted(
  tx: Tx,
  debtorIds: readonly string[],
): Promise<ReadonlyMap<string, DebtorNoted>> {
  const { rows } = await sql<{
    debtor_id: string;
    contact_id: string | null;
    hashes: (Hashes<DebtorGroup> & Hashes<ContactGroup>) | null;
  }>`
    select distinct on (subject, contact_id) substr(subject, 8) as debtor_id, contact_id, hashes
    from journal cross join lateral (
      select null as contact_id, body::jsonb -> 'noted' as hashes where body::jsonb ? 'noted'
      union all select key, value from jsonb_each(body::jsonb -> 'contacts')) one
    where subject = any(${debtorIds.map((id) => `debtor/${id}`)}::text[])
      and type in ('debtorAdded', 'debtorChanged', 'debtorNoted', 'debtorMerged', 'mergeUndone')
    order by subject, contact_id, seq desc`.execute(tx);
  const said = new Map<string, DebtorNoted>();
  for (const { debtor_id: id, contact_id: contactId, hashes } of rows) {
    const before = said.get(id);
    if (contactId !== null)
      said.set(id, { ...before, contacts: { ...before?.contacts, [contactId]: hashes } });
    else if (hashes !== null) said.set(id, { ...before, noted: hashes });
  }
  return said;
}
