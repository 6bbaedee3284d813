import { sql } from 'kysely';
import type { Db } from '../database.ts';
import type { Findings } from '../invariants.ts';

/** What an entry says that an erasure emptied. */
interface Entry {
  readonly contactId: string;
  readonly messageIds: readonly string[];
  readonly documentIds: readonly string[];
  readonly textIds: readonly string[];
}

/**
 * Looks whether all that says that it was erased is named by an erasure in the journal, of its own person, and is empty.
 *
 * What is erased is compared with nothing else any more, so whoever could mark it so would hide what he changed, or took
 * away.
 */
export async function verifyErasures(db: Db, findings: Findings): Promise<void> {
  const { rows: entries } = await sql<{ body: string; known: boolean }>`
    select body, exists (
      select from contact where contact.id::text = journal.body::jsonb->>'contactId' and contact.erased_at is not null
        and (journal.subject = 'debtor/' || contact.debtor_id or exists (
          select from merge where journal.subject in ('debtor/' || merge.gone_id, 'debtor/' || merge.into_id)
            and contact.debtor_id in (merge.gone_id, merge.into_id)))) as known
    from journal where type = 'personErased'`.execute(db);
  const personOf = new Map<string, string>();
  for (const { body, known } of entries) {
    const { contactId, messageIds, documentIds, textIds } = JSON.parse(body) as Entry;
    if (known) for (const id of [...messageIds, ...documentIds, ...textIds]) personOf.set(id, contactId);
    else
      findings.add('I23', `contact/${contactId}`, 'was erased by the journal of a debtor who never had him');
  }
  const { rows } = await sql<{ what: string; id: string; contact_id: string | null; empty: boolean }>`
    select 'message' as what, id, contact_id, recipient = '' and subject is null and body_html is null and body_text is null
      and figures = '{}' and sha256 = '' and salt is null as empty from message where erased_at is not null
    union all select 'document', id, null, octet_length(bytes) = 0 and sha256 = '' from document where erased_at is not null
    union all select 'text', id, null, content = '' and salt = '' from private_text where erased_at is not null`.execute(
    db,
  );
  for (const { what, id, contact_id: contactId, empty } of rows) {
    const person = personOf.get(id);
    if (person === undefined || (contactId !== null && contactId !== person))
      findings.add('I23', `${what}/${id}`, 'says that it was erased, and no erasure of its person names it');
    else if (!empty) findings.add('I23', `${what}/${id}`, 'was erased by the journal, and holds something');
  }
}
