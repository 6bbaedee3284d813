import { sql } from 'kysely';
import type { Desk } from '../desk.ts';
import { addressing, naming } from './what-names.ts';
import type { Marks } from './what-names.ts';

/** Empties the notes and other words of people that name somebody; their ids. A text is proved whole, so it goes whole. */
export async function eraseTexts(
  { tx, now }: Desk,
  subjects: readonly string[],
  marks: Marks,
): Promise<readonly string[]> {
  const rows = await tx
    .updateTable('private_text')
    .set({ content: '', salt: '', erased_at: new Date(now) })
    .where('subject', 'in', subjects)
    .where('erased_at', 'is', null)
    .where(naming(sql`content`, marks))
    .returning('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Drops the words of their own that people gave a draft, and what a question that is over would have carried out. */
export async function eraseWordsOfDrafts(
  { tx }: Desk,
  invoiceIds: readonly string[],
  marks: Marks,
): Promise<void> {
  if (invoiceIds.length === 0) return;
  await tx
    .updateTable('contact_request')
    .set({ free_text: null })
    .where('invoice_id', 'in', invoiceIds)
    .where('free_text', 'is not', null)
    .where(naming(sql`free_text`, marks))
    .execute();
  await tx
    .updateTable('approval')
    .set({ what: '{}' })
    .where('state', '!=', 'open')
    .where(
      'id',
      'in',
      tx.selectFrom('approval_invoice').select('approval_id').where('invoice_id', 'in', invoiceIds),
    )
    .where(naming(sql`what::text`, marks))
    .execute();
}

/**
 * Of what files said of somebody nothing is left but that there was a row; how many. Rows that became no invoice are his where
 * they hold a mail address of his.
 */
export async function eraseImportRows(
  { tx }: Desk,
  invoiceIds: readonly string[],
  marks: Marks,
): Promise<number> {
  const { rows } = await sql`
    update import_row set
      content = case when content ? 'raw' then jsonb_set(content, '{raw}', '""') else jsonb_set(content, '{contact}', '{}') end,
      problems = case when ${naming(sql`problems::text`, marks)} then null else problems end,
      changes = case when ${naming(sql`changes::text`, marks)} then null else changes end
    where (invoice_id = any(${[...invoiceIds]}::uuid[]) or (state in ('staged', 'rejected') and ${addressing(sql`content::text`, marks)}))
      and (${naming(sql`content::text`, marks)} or ${naming(sql`changes::text`, marks)} or ${naming(sql`problems::text`, marks)})
    returning place`.execute(tx);
  return rows.length;
}

/** Reports of providers go on saying what became of a message, and not at whose address, nor in whose words. */
export async function eraseReports({ tx }: Desk, messageIds: readonly string[], marks: Marks): Promise<void> {
  await sql`
    update provider_event set address = null, reason = null
    where message_id = any(${[...messageIds]}::uuid[]) or lower(address) = any(${[...marks.reachedAt]}::text[])
      or (message_id is null and reason is not null and ${naming(sql`reason`, marks)})`.execute(tx);
}
