import { sql } from 'kysely';
import type { Db, Tx } from '../database.ts';
import { grouped } from '../grouped.ts';
import type { Findings } from '../invariants.ts';
import { saltedHashOf, sha256Of } from '../sha256.ts';
import type { LogEntry } from '../verify-log.ts';
import { contentDigest, messageProof } from './message-proof.ts';
import type { Content } from './message-proof.ts';

const messagesAtOnce = 100;
const documentsAtOnce = 50;

/** What an entry says of a message, a paper or the words of a person: which, and by what hash. */
interface Named {
  readonly messageId?: string;
  readonly messageProof?: string;
  readonly documentId?: string;
  readonly textId?: string;
  readonly sha256?: string;
  readonly text?: Named;
}

/**
 * Compares what entries of these chains say of messages, papers and texts with the rows that hold them.
 *
 * A row can be written anew with its hash; the proof in the journal can't. Of a message that was claimed several times, the
 * last entry of a chain counts.
 */
export async function verifyNamed(
  tx: Db | Tx,
  entries: readonly LogEntry[],
  findings: Findings,
): Promise<void> {
  const named = entries.filter(({ body }) => body.includes('"messageProof"') || body.includes('"sha256"'));
  const proofs = new Map<string, Claim>();
  const documents = new Map<string, Claim>();
  const texts = new Map<string, Claim>();
  for (const entry of named) {
    const body = JSON.parse(entry.body) as Named;
    const said = `entry ${entry.seq} (${entry.type}) of ${entry.subject}`;
    const { messageId, messageProof: proof, documentId, sha256 } = body;
    if (messageId && proof) proofs.set(`${entry.subject} ${messageId}`, { id: messageId, hash: proof, said });
    if (documentId && sha256) documents.set(documentId, { id: documentId, hash: sha256, said });
    for (const { textId, sha256: hash } of [body, body.text ?? {}])
      if (textId && hash) texts.set(textId, { id: textId, hash, said });
  }
  await verifyProofs(tx, [...proofs.values()], findings);
  await verifyPapers(tx, [...documents.values()], findings);
  await verifyTexts(tx, [...texts.values()], findings);
}

interface Claim {
  readonly id: string;
  readonly hash: string;
  readonly said: string;
}

async function verifyProofs(tx: Db | Tx, claims: readonly Claim[], findings: Findings): Promise<void> {
  if (claims.length === 0) return;
  const rows = await tx
    .selectFrom('message')
    .select(['id', 'salt', 'channel', 'recipient', 'sha256', 'erased_at'])
    .where(
      'id',
      'in',
      claims.map(({ id }) => id),
    )
    .execute();
  const messages = new Map(rows.map((row) => [row.id, row]));
  for (const { id, hash, said } of claims) {
    const row = messages.get(id);
    if (!row) findings.add('I23', `message/${id}`, `is gone, and ${said} says that it left`);
    else if (row.erased_at === null && messageProof(row) !== hash)
      findings.add(
        'I23',
        `message/${id}`,
        `is not what left by ${said}: its recipient, its channel or its content is another one now`,
      );
  }
}

async function verifyPapers(tx: Db | Tx, claims: readonly Claim[], findings: Findings): Promise<void> {
  if (claims.length === 0) return;
  const ids = claims.map(({ id }) => id);
  const rows = await tx
    .selectFrom('document')
    .select(['id', 'sha256', 'erased_at'])
    .where('id', 'in', ids)
    .execute();
  const documents = new Map(rows.map((row) => [row.id, row]));
  for (const { id, hash, said } of claims) {
    const stored = documents.get(id);
    if (stored === undefined) findings.add('I23', `document/${id}`, `is gone, and ${said} names it`);
    else if (stored.erased_at === null && stored.sha256 !== hash)
      findings.add('I23', `document/${id}`, `is not the one that ${said} names`);
  }
}

async function verifyTexts(tx: Db | Tx, claims: readonly Claim[], findings: Findings): Promise<void> {
  if (claims.length === 0) return;
  const ids = claims.map(({ id }) => id);
  const rows = await tx.selectFrom('private_text').selectAll().where('id', 'in', ids).execute();
  const texts = new Map(rows.map((row) => [row.id, row]));
  for (const { id, hash, said } of claims) {
    const row = texts.get(id);
    if (!row) findings.add('I23', `text/${id}`, `is gone, and ${said} names it`);
    else if (
      row.erased_at === null &&
      saltedHashOf(row.salt, row.content) !== hash
    )
      findings.add('I23', `text/${id}`, `is not what ${said} was written with`);
  }
}

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
  for (let last: string | null = null, more = true; more;) {
    const after: string | null = last;
    const messages: readonly Kept[] = await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((tx) => readMessages(tx, after, chosen));
    for (const { id, sha256, content } of messages)
      if (contentDigest(content) !== sha256)
        findings.add('I23', `message/${id}`, 'holds other bytes than its hash says');
    last = messages.at(-1)?.id ?? null;
    more = messages.length === messagesAtOnce;
  }
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
  for (let last: string | null = null, more = true; more;) {
    const after: string | null = last;
    const rows: { id: string; bytes: Buffer; sha256: string }[] = await db
      .selectFrom('document')
      .select(['id', 'bytes', 'sha256'])
      .where('kind', 'not in', ['letter', 'sample'])
      .where('erased_at', 'is', null)
      .$if(after !== null, (query) => query.where('id', '>', after))
      .$if(chosen !== null, (query) => query.where('id', '=', sql<string>`any(${chosen}::uuid[])`))
      .orderBy('id')
      .limit(documentsAtOnce)
      .execute();
    for (const { id, bytes, sha256 } of rows)
      if (sha256Of(bytes) !== sha256)
        findings.add('I23', `document/${id}`, 'holds other bytes than its hash says');
    last = rows.at(-1)?.id ?? null;
    more = rows.length === documentsAtOnce;
  }
}
