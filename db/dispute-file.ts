import type { Selectable } from 'kysely';
import type { Stage } from '../domain/dispute/ladder.ts';
import type { Author } from '../domain/fact.ts';
import type { CivilDate, Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { Desk } from './desk.ts';
import { keepText } from './private-texts.ts';
import type { DisputeTable, DisputeWay, DocumentTable } from './schema.ts';
import { sha256Of } from './sha256.ts';
import { uuidv7 } from './uuid.ts';
import { onlySeen, seesInternal } from './visible.ts';
import type { Eyes } from './visible.ts';

/**
 * The file of a dispute: what the debtor, the collector and the resolver said and handed in (F18).
 *
 * Messages and documents touch no Collection; each is an entry in the chain of the invoice, with its hash. What is
 * `internal` stays in the house; what went to the debtor or came from him is his to see, on a page of his own one day.
 */
export interface Paper {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** So many documents a dispute may have; a debtor who sends more sends noise. */
export const documentsMax = 50;

interface About {
  readonly invoiceId: string;
  readonly disputeId: string;
  readonly way: DisputeWay;
}

/** Keeps a message; its words stand apart. Answers its id. */
export async function addMessage(
  desk: Desk,
  { invoiceId, disputeId, way }: About,
  text: string,
  by: Author,
): Promise<string> {
  const messageId = uuidv7();
  const kept = await keepText(desk.tx, `invoice/${invoiceId}`, text);
  const at = new Date(desk.now);
  await desk.tx
    .insertInto('dispute_message')
    .values({ id: messageId, dispute_id: disputeId, way, text_id: kept.textId, written_by: by.id, at })
    .execute();
  await desk.note(invoiceId, 'disputeMessage', {
    disputeId,
    disputeMessageId: messageId,
    way,
    ...kept,
    by,
  });
  return messageId;
}

/** Keeps a document; undefined when the dispute has as many as it may. */
export async function addDocument(
  desk: Desk,
  { invoiceId, disputeId, way }: About,
  { name, mediaType, bytes }: Paper,
  by: Author,
): Promise<{ readonly documentId: string; readonly sha256: string } | undefined> {
  const { count } = await desk.tx
    .selectFrom('dispute_document')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('dispute_id', '=', disputeId)
    .executeTakeFirstOrThrow();
  if (count >= documentsMax) return undefined;

  const documentId = uuidv7();
  const sha256 = sha256Of(bytes);
  const at = new Date(desk.now);
  await desk.tx
    .insertInto('document')
    .values({
      id: documentId,
      kind: 'dispute',
      name,
      media_type: mediaType,
      bytes,
      sha256,
      subject: invoiceId,
      at,
    })
    .execute();
  await desk.tx
    .insertInto('dispute_document')
    .values({ id: documentId, dispute_id: disputeId, way, added_by: by.id, at })
    .execute();
  await desk.note(invoiceId, 'documentKept', {
    documentId,
    kind: 'dispute',
    mediaType,
    sha256,
    disputeId,
    way,
    by,
  });
  return { documentId, sha256 };
}

/** A paper that may go to the debtor with a mail. */
export interface PaperForDebtor {
  readonly id: string;
  readonly name: string;
  readonly size: number;
}

/** The papers of a dispute that are for the debtor: those named, else all that no message has taken along yet. */
export async function papersForDebtor(
  tx: Tx,
  disputeId: string,
  named: readonly string[] | undefined,
): Promise<readonly PaperForDebtor[]> {
  if (named?.length === 0) return [];
  return tx
    .selectFrom('dispute_document')
    .innerJoin('document', 'document.id', 'dispute_document.id')
    .select(['document.id', 'document.name'])
    .select((select) => select.fn<number>('octet_length', ['document.bytes']).as('size'))
    .where('dispute_document.dispute_id', '=', disputeId)
    .where('dispute_document.way', '=', 'to_debtor')
    .$if(named !== undefined, (query) => query.where('document.id', 'in', named ?? []))
    .$if(named === undefined, (query) =>
      query.where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('message_paper')
              .select('message_id')
              .whereRef('message_paper.document_id', '=', 'document.id'),
          ),
        ),
      ),
    )
    .orderBy('dispute_document.at')
    .orderBy('document.id')
    .execute();
}

export interface DisputeFile {
  readonly dispute: Selectable<DisputeTable> & {
    readonly number: string;
    readonly term: number;
    readonly currency: string;
    readonly debtorId: string;
    readonly debtorName: string;
    readonly resolverName: string | null;
  };
  readonly messages: readonly {
    readonly id: string;
    readonly way: DisputeWay;
    readonly writtenBy: string;
    readonly at: Instant;
    /** Null when they were erased. */
    readonly text: string | null;
  }[];
  readonly documents: readonly {
    readonly id: string;
    readonly way: DisputeWay;
    readonly addedBy: string;
    readonly at: Instant;
    readonly name: string;
    readonly mediaType: string;
    readonly sha256: string;
    readonly size: number;
  }[];
}

/** A dispute that is seen, with what its reader may know of it; undefined when there is none. */
export async function readDisputeFile(
  eyes: Eyes,
  db: Db,
  disputeId: string,
): Promise<DisputeFile | undefined> {
  const dispute = await db
    .selectFrom('dispute')
    .innerJoin('invoice', 'invoice.id', 'dispute.invoice_id')
    .innerJoin('debtor', 'debtor.id', 'invoice.debtor_id')
    .leftJoin('app_user', 'app_user.id', 'dispute.assigned_to')
    .selectAll('dispute')
    .select([
      'invoice.number',
      'invoice.term',
      'invoice.currency',
      'debtor.id as debtorId',
      'debtor.name as debtorName',
      'app_user.name as resolverName',
    ])
    .where('dispute.id', '=', disputeId)
    .$call(onlySeen(eyes, 'dispute'))
    .executeTakeFirst();
  if (!dispute) return undefined;

  const messages = await db
    .selectFrom('dispute_message')
    .leftJoin('private_text', (join) =>
      join.onRef('private_text.id', '=', 'dispute_message.text_id').on('private_text.erased_at', 'is', null),
    )
    .select([
      'dispute_message.id',
      'way',
      'written_by as writtenBy',
      'dispute_message.at',
      'private_text.content as text',
    ])
    .where('dispute_id', '=', disputeId)
    .$if(!seesInternal(eyes), (query) => query.where('way', '!=', 'internal'))
    .orderBy('dispute_message.at')
    .orderBy('dispute_message.id')
    .execute();
  const documents = await db
    .selectFrom('dispute_document')
    .innerJoin('document', 'document.id', 'dispute_document.id')
    .select(['document.id', 'way', 'added_by as addedBy', 'dispute_document.at', 'document.name'])
    .select(['document.media_type as mediaType', 'document.sha256'])
    .select((select) => select.fn<number>('octet_length', ['document.bytes']).as('size'))
    .where('dispute_id', '=', disputeId)
    .$if(!seesInternal(eyes), (query) => query.where('way', '!=', 'internal'))
    .orderBy('dispute_document.at')
    .orderBy('document.id')
    .execute();
  return { dispute, messages, documents };
}

export interface DisputeInShort {
  readonly id: string;
  readonly reason: string;
  readonly department: string;
  /** The name of who is to answer it. */
  readonly resolver: string | null;
  readonly stage: Stage | null;
  readonly since: CivilDate | null;
}

/** The disputes of an invoice that are seen, oldest first. */
export async function disputesOf(eyes: Eyes, db: Db, invoiceId: string): Promise<readonly DisputeInShort[]> {
  return db
    .selectFrom('dispute')
    .leftJoin('app_user', 'app_user.id', 'dispute.assigned_to')
    .select(['dispute.id', 'reason', 'department', 'stage', 'stage_since as since'])
    .select('app_user.name as resolver')
    .where('invoice_id', '=', invoiceId)
    .$call(onlySeen(eyes, 'dispute'))
    .orderBy('opened_at')
    .orderBy('dispute.id')
    .execute();
}

/** A document of a dispute that is seen. */
export async function readDisputeDocument(
  eyes: Eyes,
  db: Db,
  documentId: string,
): Promise<Selectable<DocumentTable> | undefined> {
  return db
    .selectFrom('dispute_document')
    .innerJoin('document', 'document.id', 'dispute_document.id')
    .selectAll('document')
    .where('dispute_document.id', '=', documentId)
    .$call(onlySeen(eyes, 'dispute_document'))
    .executeTakeFirst();
}
