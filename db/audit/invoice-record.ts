import type { Selectable } from 'kysely';
import type { Collection } from '../../domain/collection.ts';
import type { Role } from '../../domain/role.ts';
import { readCaseFile } from '../case-file.ts';
import type { CaseFile } from '../case-file.ts';
import type { Tx } from '../database.ts';
import type { House } from '../house.ts';
import { collectionFrom, subjectOf } from '../journal.ts';
import type { JournalTable, PrivateTextTable } from '../schema.ts';
import { readPast } from '../timeline.ts';
import type { Past } from '../timeline.ts';
import { allEyes } from '../visible.ts';
import { inclusionOf } from './anchor/inclusion.ts';
import type { Inclusion } from './anchor/inclusion.ts';
import { messagesToDebtor } from './messages-to-debtor.ts';
import type { MessageSaid } from './messages-to-debtor.ts';
import { papersOf } from './papers.ts';
import type { Paper } from './papers.ts';
import { rulesChain } from './rules-noted.ts';

export type ChainEntry = Selectable<JournalTable>;

/**
 * Everything that is on record about one invoice, to be given away: its chain and those that speak of it, what was said,
 * what was reported, what was handed in.
 *
 * Bytes of papers are not in it: they are read one at a time by whoever writes them out, so that a long file needs no more
 * memory than its largest paper.
 */
export interface InvoiceRecord {
  readonly file: CaseFile;
  readonly collection: Collection;
  /** The chain of the invoice, whole, in its order. */
  readonly chain: readonly ChainEntry[];
  /** The chains of those who have owed it and of the rules, whole, and of the stop switch what concerns it. */
  readonly others: readonly ChainEntry[];
  readonly past: Past;
  /** The words of people that entries of these chains name; those that were erased are missing. */
  readonly texts: readonly Selectable<PrivateTextTable>[];
  readonly messages: readonly MessageSaid[];
  readonly papers: readonly Paper[];
  /** All who were ever let in: words may name those too who did nothing here. */
  readonly users: readonly UserOnRecord[];
  /** The ledger in the order in which it was written, by which balances run. */
  readonly ledger: CaseFile['ledger'];
  /** How far an anchor vouches for the chains that are here whole; null where there is none. */
  readonly anchored: Inclusion | null;
}

export interface UserOnRecord {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  /** Whether entries of these chains name him. */
  readonly acts: boolean;
}

/** Reads it in one snapshot: the caller's transaction is to be `repeatable read`. Throws when the invoice is not here. */
export async function readInvoiceRecord(tx: Tx, house: House, invoiceId: string): Promise<InvoiceRecord> {
  const file = await readCaseFile(tx, house, invoiceId);
  const chain = await chainOf(tx, subjectOf(invoiceId));
  const debtorIds = debtorsIn(chain, file.invoice.debtor_id);
  const others = [
    ...(
      await Promise.all([...debtorIds.map((id) => `debtor/${id}`), rulesChain].map((of) => chainOf(tx, of)))
    ).flat(),
    ...(await stopsAbout(tx, [invoiceId, file.invoice.creditor_id, ...debtorIds])),
  ];
  const messages = await messagesToDebtor(tx, invoiceId, provenIn(chain));
  // A letter that was taken back from its desk is proved by its bytes like any other.
  const letterIds = messages.flatMap(({ message }) => message.document_id ?? []);
  return {
    file,
    collection: await collectionFrom(tx, house.rules, file.invoice.collection),
    chain,
    others,
    past: await readPast(allEyes, tx, house, invoiceId),
    texts: await textsIn(tx, [...chain, ...others]),
    messages,
    papers: await papersOf(tx, invoiceId, letterIds),
    users: await usersOf(tx, [...chain, ...others]),
    ledger: [...file.ledger].sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1)),
    anchored: await inclusionOf(tx, [
      subjectOf(invoiceId),
      ...debtorIds.map((id) => `debtor/${id}`),
      rulesChain,
    ]),
  };
}

async function chainOf(tx: Tx, subject: string): Promise<readonly ChainEntry[]> {
  return tx.selectFrom('journal').selectAll().where('subject', '=', subject).orderBy('seq').execute();
}

/** Whoever owed it, in the order in which he did: two rows of one company are merged and parted. */
function debtorsIn(chain: readonly ChainEntry[], today: string): readonly string[] {
  const owed = chain.flatMap(({ type, body }) =>
    type === 'invoiceRegistered' || type === 'debtorReplaced'
      ? [(JSON.parse(body) as { debtorId: string }).debtorId]
      : [],
  );
  return [...new Set([...owed, today])];
}

/** All stops are one chain: those of other files are none of the reader's business. */
async function stopsAbout(tx: Tx, subjects: readonly string[]): Promise<readonly ChainEntry[]> {
  const entries = await chainOf(tx, 'stop');
  const about = new Set<unknown>();
  return entries.filter(({ body }) => {
    const { stopId, scope, subjectId } = JSON.parse(body) as Readonly<Record<string, unknown>>;
    const concerns = scope === 'everything' || subjects.includes(String(subjectId)) || about.has(stopId);
    if (concerns) about.add(stopId);
    return concerns;
  });
}

async function usersOf(tx: Tx, entries: readonly ChainEntry[]): Promise<readonly UserOnRecord[]> {
  const rows = await tx
    .selectFrom('app_user')
    .select(['id', 'name', 'email', 'role'])
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  const bodies = entries.map(({ body }) => body).join('\n');
  return rows.map((row) => ({ ...row, acts: bodies.includes(row.id) }));
}

async function textsIn(
  tx: Tx,
  entries: readonly ChainEntry[],
): Promise<readonly Selectable<PrivateTextTable>[]> {
  const ids = entries.flatMap(({ body }) => [...body.matchAll(namedText)].map(([, id]) => id ?? ''));
  if (ids.length === 0) return [];
  return tx
    .selectFrom('private_text')
    .selectAll()
    .where('id', 'in', [...new Set(ids)])
    .orderBy('id')
    .execute();
}

/** The messages that entries prove. */
function provenIn(chain: readonly ChainEntry[]): ReadonlySet<string> {
  return new Set(
    chain.flatMap(({ body }) => {
      const { messageId, messageProof } = JSON.parse(body) as Readonly<Record<string, unknown>>;
      return typeof messageId === 'string' && messageProof !== undefined ? [messageId] : [];
    }),
  );
}

/** Entries name texts by id wherever they stand in the body. */
const namedText = /"textId":"([0-9a-f-]{36})"/g;
