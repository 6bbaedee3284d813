import { sql } from 'kysely';
import type { Db } from '../database.ts';
import type { Findings } from '../invariants.ts';

/**
 * Looks whether the words of people still stand with the file whose chain names them, and whether papers are of the kind and the
 * moment of their entry. What the words say, and the bytes, are compared where their entries are read: `verify-named.ts`.
 */
export async function verifyPapers(db: Db, findings: Findings): Promise<void> {
  // Words that go with a question are named once it was answered.
  const { rows: texts } = await sql<{ id: string; subject: string }>`
    select text.id, text.subject from private_text text
    where not exists (select from journal where journal.subject = text.subject and position(text.id::text in journal.body) > 0)
      and not exists (select from approval where position(text.id::text in approval.what::text) > 0)
    order by text.id`.execute(db);
  for (const { id, subject } of texts)
    findings.add('I23', `text/${id}`, `stands with ${subject}, whose chain does not name it`);
  const { rows: papers } = await sql<{ id: string; said: string; columns: string }>`
    select row.id, said.entry as said, differs.columns
    from (select subject || '#' || seq as entry, at, body::jsonb as said from journal where type = 'documentKept') said
      join document row on row.id = (said.said ->> 'documentId')::uuid
      cross join lateral (select concat_ws(', ',
        case when row.kind <> said.said ->> 'kind' then 'kind' end,
        case when row.media_type <> said.said ->> 'mediaType' then 'media_type' end,
        case when row.at <> said.at then 'at' end) as columns) differs
    where differs.columns <> ''
    order by row.id, said.entry`.execute(db);
  for (const { id, said, columns } of papers)
    findings.add(
      'I23',
      `document/${id}`,
      `is not what ${said} says that was kept: it has another ${columns}`,
    );
}
