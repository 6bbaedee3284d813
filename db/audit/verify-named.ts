import type { Db, Tx } from '../database.ts';
import type { Findings } from '../invariants.ts';
import { saltedHashOf } from '../sha256.ts';
import type { LogEntry } from '../verify-log.ts';
import { messageProof } from './message-proof.ts';

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

/** What an entry says of one row: its id, and the hash that it was written with. */
interface Claim {
  readonly id: string;
  readonly hash: string;
  /** Which entry says so. */
  readonly said: string;
}

/** A row as it is compared: its hash as its columns make it now. */
interface Stored {
  readonly id: string;
  readonly hash: string | null;
  readonly erasedAt: number | null;
}

/** What is to be said of a row that is gone, or is not what the entry says. */
interface InWords {
  readonly what: 'message' | 'document' | 'text';
  readonly gone: (said: string) => string;
  readonly other: (said: string) => string;
}

function compare(
  claims: readonly Claim[],
  stored: readonly Stored[],
  findings: Findings,
  { what, gone, other }: InWords,
): void {
  const rows = new Map(stored.map((row) => [row.id, row]));
  for (const { id, hash, said } of claims) {
    const row = rows.get(id);
    if (!row) findings.add('I23', `${what}/${id}`, gone(said));
    else if (row.erasedAt === null && row.hash !== hash) findings.add('I23', `${what}/${id}`, other(said));
  }
}

async function verifyProofs(tx: Db | Tx, claims: readonly Claim[], findings: Findings): Promise<void> {
  if (claims.length === 0) return;
  const rows = await tx
    .selectFrom('message')
    .select(['id', 'salt', 'channel', 'recipient', 'sha256', 'erased_at as erasedAt'])
    .where('id', 'in', idsOf(claims))
    .execute();
  const stored = rows.map((row) => ({ ...row, hash: messageProof(row) }));
  compare(claims, stored, findings, {
    what: 'message',
    gone: (said) => `is gone, and ${said} says that it left`,
    other: (said) =>
      `is not what left by ${said}: its recipient, its channel or its content is another one now`,
  });
}

async function verifyPapers(tx: Db | Tx, claims: readonly Claim[], findings: Findings): Promise<void> {
  if (claims.length === 0) return;
  const stored = await tx
    .selectFrom('document')
    .select(['id', 'sha256 as hash', 'erased_at as erasedAt'])
    .where('id', 'in', idsOf(claims))
    .execute();
  compare(claims, stored, findings, {
    what: 'document',
    gone: (said) => `is gone, and ${said} names it`,
    other: (said) => `is not the one that ${said} names`,
  });
}

async function verifyTexts(tx: Db | Tx, claims: readonly Claim[], findings: Findings): Promise<void> {
  if (claims.length === 0) return;
  const rows = await tx
    .selectFrom('private_text')
    .select(['id', 'salt', 'content', 'erased_at as erasedAt'])
    .where('id', 'in', idsOf(claims))
    .execute();
  const stored = rows.map((row) => ({ ...row, hash: saltedHashOf(row.salt, row.content) }));
  compare(claims, stored, findings, {
    what: 'text',
    gone: (said) => `is gone, and ${said} names it`,
    other: (said) => `is not what ${said} was written with`,
  });
}

function idsOf(claims: readonly Claim[]): readonly string[] {
  return claims.map(({ id }) => id);
}
