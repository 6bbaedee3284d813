import { sql } from 'kysely';
import { atOneMoment } from '../at-one-moment.ts';
import type { Db, Tx } from '../database.ts';
import { grouped } from '../grouped.ts';
import { inPages } from '../in-pages.ts';
import type { Findings } from '../invariants.ts';
import { sha256Of } from '../sha256.ts';
import { contentDigest } from './message-proof.ts';
import type { Content } from './message-proof.ts';

const messagesAtOnce = 100;
const documentsAtOnce = 50;

/**
 * Computes the hash of every message that was claimed, and of every paper, again from the bytes that are kept; with
 * `sample`, of so many of each, whichever.
 */
export async function verifyBytes(db: Db, findings: Findings, sample?: number): Promise<void> {
  const some = (table: 'message' | 'document') => (sample === undefined ? null : someOf(db, table, sample));
  await verifyMessages(db, findings, await some('message'));
  await verifyDocuments(db, findings, await some('document'));
}

async function someOf(db: Db, table: 'message' | 'document', sample: number): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(table)} order by random() limit ${sample}`.execute(db);
  return rows.map(({ id }) => id);
}

async function verifyMessages(db: Db, findings: Findings, chosen: readonly string[] | null): Promise<void> {
  const read = (after: string | null) => atOneMoment(db, (tx) => readMessages(tx, after, chosen));
  for await (const messages of inPages(messagesAtOnce, read, ({ id }) => id))
    for (const { id, sha256, content } of messages)
      if (contentDigest(content) !== sha256)
        findings.add('I23', `message/${id}`, 'holds other bytes than its hash says');
}

interface Kept {
  readonly id: string;
  readonly sha256: string;
  readonly content: Content;
}

async function readMessages(
  tx: Tx,
  after: string | null,
  chosen: readonly string[] | null,
): Promise<readonly Kept[]> {
  const messages = await tx
    .selectFrom('message')
    .leftJoin('document', 'document.id', 'message.document_id')
    .select(['message.id', 'message.subject', 'body_html', 'body_text', 'message.sha256'])
    .select('document.bytes as pdf')
    // A draft is hashed by its figures, and what only waits has no bytes yet.
    .where('claimed_at', 'is not', null)
    .where('message.erased_at', 'is', null)
    .$if(after !== null, (query) => query.where('message.id', '>', after))
    .$if(chosen !== null, (query) => query.where('message.id', '=', sql<string>`any(${chosen}::uuid[])`))
    .orderBy('message.id')
    .limit(messagesAtOnce)
    .execute();
  if (messages.length === 0) return [];
  const ids = messages.map(({ id }) => id);
  const parts = await tx
    .selectFrom('message_part')
    .selectAll()
    .where('message_id', 'in', ids)
    .orderBy('cid')
    .execute();
  const partsOf = grouped(parts, (part) => part.message_id);
  return messages.map(({ id, sha256, subject, body_html: html, body_text: text, pdf }) => ({
    id,
    sha256,
    content: { subject, html, text, inline: partsOf.get(id) ?? [], pdf },
  }));
}

/** What is a message on paper is hashed as a message. */
async function verifyDocuments(db: Db, findings: Findings, chosen: readonly string[] | null): Promise<void> {
  const read = (after: string | null) =>
    db
      .selectFrom('document')
      .select(['id', 'bytes', 'sha256'])
      .where('kind', 'not in', ['letter', 'sample'])
      .where('erased_at', 'is', null)
      .$if(after !== null, (query) => query.where('id', '>', after))
      .$if(chosen !== null, (query) => query.where('id', '=', sql<string>`any(${chosen}::uuid[])`))
      .orderBy('id')
      .limit(documentsAtOnce)
      .execute();
  for await (const documents of inPages(documentsAtOnce, read, ({ id }) => id))
    for (const { id, bytes, sha256 } of documents)
      if (sha256Of(bytes) !== sha256)
        findings.add('I23', `document/${id}`, 'holds other bytes than its hash says');
}
