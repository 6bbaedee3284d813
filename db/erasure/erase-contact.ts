import type { Author } from '../../domain/fact.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { changeDebtor } from '../debtors.ts';
import type { DebtorChanged } from '../debtors.ts';
import type { Tx } from '../database.ts';
import type { Desk } from '../desk.ts';
import { note, subjectOf } from '../journal.ts';
import type { ContactRow } from '../contact-merge.ts';
import { eraseImportRows, eraseReports, eraseTexts, eraseWordsOfDrafts } from './erase-mentions.ts';
import { eraseMessages } from './erase-messages.ts';
import { markErased } from './erased-marks.ts';
import { destroyKeys } from './key-of-contact.ts';
import { refusalToErase } from './refusal-to-erase.ts';
import { marksOf } from './what-names.ts';
import type { Known } from './what-names.ts';

/** Why somebody is erased: he asked, he is a contact no more, or was never to be known. */
export const erasureReasons = ['asked', 'left', 'unlawful'] as const;
export type ErasureReason = (typeof erasureReasons)[number];

/** How much of somebody was there. */
export interface Erased {
  readonly messages: number;
  readonly texts: number;
  readonly importRows: number;
}

export type ErasureAnswer =
  | ({ readonly kind: 'recorded'; readonly erased: Erased } & DebtorChanged)
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * Erases a contact of a locked debtor for good: his name and addresses, what was written to him, what names him.
 *
 * His key is destroyed with it, so that no copy of a message can be read without a copy of the key. What stays is what the
 * law asks for and names nobody: that a message left, when, by which channel, about which sums, and that it arrived. Facts
 * and journal never held more, so every chain and every fold stands; the entry names by id what was emptied, so that
 * nothing else can pass for erased. Refused while a claim needs what is kept of him. Packs that were drawn up for a court
 * stay as they were handed over.
 */
export async function eraseContact(
  desk: Desk,
  contact: ContactRow,
  reason: ErasureReason,
  by: Author,
): Promise<ErasureAnswer> {
  const refusal = await refusalToErase(desk, contact);
  if (refusal) return { kind: 'refused', refusal };
  const { id: contactId, debtor_id: debtorId } = contact;
  const at = new Date(desk.now);
  const known = await knownOf(desk, contact);
  const marks = marksOf(known, await sharedWith(desk, contact));
  const keyIds = await destroyKeys(desk.tx, contactId, at);
  const { messageIds, documentIds } = await eraseMessages(desk, contactId, keyIds);
  const invoiceIds = await invoicesOf(desk, debtorId);
  const subjects = [...(await namesOfDebtor(desk, debtorId)), ...invoiceIds.map(subjectOf)];
  const textIds = await eraseTexts(desk, subjects, marks);
  await eraseWordsOfDrafts(desk, invoiceIds, marks);
  const importRows = await eraseImportRows(desk, invoiceIds, marks);
  await eraseReports(desk, messageIds, marks);
  const gone = { name: null, email: null, mobile: null, phone: null, address: [], language: null };
  const unknown = { email_invalid: null, mobile_invalid: null, phone_invalid: null, address_invalid: null };
  const set = { ...gone, ...unknown, opted_out_at: at };
  const changed = await changeDebtor(desk, debtorId, { contacts: [{ contactId, set }] }, by);
  // What he was called is remembered whenever it changes; this change is the last one.
  await desk.tx.deleteFrom('contact_formerly').where('contact_id', '=', contactId).execute();
  await markErased(desk.tx, debtorId, known.emails, at);
  await desk.tx
    .updateTable('contact')
    .set({ erased_at: at, noted_salt: null })
    .where('id', '=', contactId)
    .execute();
  const emptied = { messageIds, documentIds, textIds };
  await note(desk.tx, `debtor/${debtorId}`, 'personErased', desk.now, { contactId, reason, ...emptied, by });
  const erased = { messages: messageIds.length, texts: textIds.length, importRows };
  return { kind: 'recorded', erased, ...changed };
}

/** What names no one person there: the company, and whoever else is known with it. */
async function sharedWith({ tx }: Desk, { id, debtor_id: debtorId }: ContactRow): Promise<readonly string[]> {
  const { name } = await tx
    .selectFrom('debtor')
    .select('name')
    .where('id', '=', debtorId)
    .executeTakeFirstOrThrow();
  const others = await tx
    .selectFrom('contact')
    .select(['name', 'address'])
    .where('debtor_id', '=', debtorId)
    .where('id', '!=', id)
    .execute();
  return [name, ...others.flatMap((other) => [other.name ?? '', ...other.address])];
}

/** All by which he is known and was known before. */
async function knownOf({ tx }: Desk, contact: ContactRow): Promise<Known> {
  const { name, email, mobile, phone, address, id } = contact;
  const before = await tx
    .selectFrom('contact_formerly')
    .select(['what', 'value'])
    .where('contact_id', '=', id)
    .execute();
  const were = (...whats: readonly string[]) =>
    before.flatMap(({ what, value }) => (whats.includes(what) ? [value] : []));
  const written = await writtenTo(tx, id);
  const all = (...values: readonly (string | null)[]) => [
    ...new Set(values.flatMap((value) => (value === null || value === '' ? [] : [value]))),
  ];
  return {
    names: all(name, ...were('name')),
    emails: all(email, ...were('email'), ...written.filter((one) => one.includes('@'))),
    numbers: all(mobile, phone, ...were('mobile', 'phone'), ...written.filter((one) => !one.includes('@'))),
    lines: all(...address, ...were('address')),
  };
}

/** Where he was reached before releases that remember it: his messages say it, as long as his key is there. */
async function writtenTo(tx: Tx, contactId: string): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('message')
    .select('recipient')
    .where('contact_id', '=', contactId)
    .where('channel', 'in', ['email', 'sms', 'call'])
    .where('erased_at', 'is', null)
    .execute();
  return [...new Set(rows.map(({ recipient }) => recipient))];
}

async function invoicesOf({ tx }: Desk, debtorId: string): Promise<readonly string[]> {
  const rows = await tx.selectFrom('invoice').select('id').where('debtor_id', '=', debtorId).execute();
  return rows.map(({ id }) => id);
}

/** The chains of a debtor and of those who were merged into him: their notes are his. */
async function namesOfDebtor({ tx }: Desk, debtorId: string): Promise<readonly string[]> {
  const merged = await tx.selectFrom('merge').select('gone_id').where('into_id', '=', debtorId).execute();
  return [debtorId, ...merged.map(({ gone_id: id }) => id)].map((id) => `debtor/${id}`);
}
