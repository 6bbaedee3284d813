import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Level } from '../domain/level.ts';
import type { Db, Tx } from './database.ts';
import { eventsOfMessage } from './provider-events.ts';
import type { ProviderEvent } from './provider-events.ts';
import { onlySeen } from './visible.ts';
import type { Eyes } from './visible.ts';
import type {
  DocumentTable,
  MessagePartTable,
  MessagePurpose,
  MessageState,
  MessageTable,
} from './schema.ts';

/** The messages as people look at them: the outbox, one message as it looks, its pictures and documents. */
export interface MessageFilter {
  readonly states?: readonly string[];
  readonly debtorId?: string;
  readonly invoiceId?: string;
  readonly creditorId?: string;
  readonly channel?: string;
  readonly purposes?: readonly MessagePurpose[];
  /** Drafts that wait for a person's word, and nothing else. */
  readonly drafts?: boolean;
}

export interface MessageInList {
  readonly id: string;
  readonly purpose: MessagePurpose;
  readonly channel: string;
  readonly language: string;
  readonly level: Level | null;
  readonly template: string;
  readonly state: MessageState;
  readonly plannedAt: number;
  readonly claimedAt: number | null;
  /** Since when it is in its state. */
  readonly stateAt: number;
  readonly recipient: string;
  readonly subject: string | null;
  readonly sha256: string;
  readonly reason: string | null;
  /** Since when its content is gone with its reader. */
  readonly erasedAt: number | null;
  readonly debtorId: string | null;
  readonly debtorName: string | null;
  readonly creditorId: string | null;
  readonly creditorName: string | null;
  /** The creditor's, in which people read when it left. */
  readonly zone: string;
  readonly documentId: string | null;
  readonly invoices: readonly {
    readonly id: string;
    readonly number: string;
    readonly term: number;
    readonly taken: boolean;
    /** The step that it takes of the invoice, in the version that the invoice is pinned to. */
    readonly step: string | null;
    readonly scenarioId: string;
  }[];
}

/** Newest first; one more than `limit` to tell whether there is a next page. */
export async function listMessages(
  eyes: Eyes,
  db: Db,
  filter: MessageFilter,
  limit: number,
  after?: readonly [plannedAt: number, id: string],
): Promise<readonly MessageInList[]> {
  const { states, debtorId, invoiceId, creditorId, channel, purposes, drafts } = filter;
  return messagesInList(db)
    .$call(onlySeen(eyes, 'message'))
    .$if(states !== undefined, (query) =>
      query.where('message.state', 'in', (states ?? []) as MessageState[]),
    )
    .$if(debtorId !== undefined, (query) => query.where('message.debtor_id', '=', debtorId ?? ''))
    .$if(creditorId !== undefined, (query) => query.where('message.creditor_id', '=', creditorId ?? ''))
    .$if(channel !== undefined, (query) => query.where(sql<boolean>`message.channel = ${channel}`))
    .$if(purposes !== undefined, (query) => query.where('message.purpose', 'in', purposes ?? []))
    .$if(invoiceId !== undefined, (query) =>
      query.where(
        sql<boolean>`exists (select from message_line where message_id = message.id and invoice_id = ${invoiceId})`,
      ),
    )
    .$if(drafts === true, (query) => query.where(awaitsWord))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(message.planned_at, message.id) < (${new Date(after?.[0] ?? 0)}::timestamptz, ${after?.[1]}::uuid)`,
      ),
    )
    .orderBy('message.planned_at', 'desc')
    .orderBy('message.id', 'desc')
    .limit(limit + 1)
    .execute();
}

/** A draft is a planned message that takes the step of a request in review to which nobody has said yes. */
const awaitsWord = sql<boolean>`message.state = 'planned' and message.purpose = 'contact' and exists (
  select from message_line join contact_request on contact_request.id = message_line.request_id
  where message_line.message_id = message.id and contact_request.state = 'waiting' and contact_request.mode = 'review' and contact_request.approved_digest is null)`;

/** A file is stored with the id of its version. */
const pinnedTo = sql<string>`invoice.collection->'scenario'->>'id'`;

export type WholeMessage = MessageInList &
  Pick<
    Selectable<MessageTable>,
    | 'figures'
    | 'body_html'
    | 'body_text'
    | 'provider'
    | 'provider_ref'
    | 'possible_duplicate'
    | 'attempt'
    | 'state_at'
  > & {
    /** What its provider reported, oldest first. */
    readonly reports: readonly ProviderEvent[];
    readonly lines: readonly MessageLine[];
    readonly document: Paper | undefined;
    /** Papers that go with it. */
    readonly attached: readonly Paper[];
  };

type Paper = Pick<Selectable<DocumentTable>, 'id' | 'name' | 'media_type' | 'sha256'>;

export interface MessageLine {
  readonly invoiceId: string;
  readonly number: string;
  readonly term: number;
  readonly currency: string;
  readonly dueDate: string;
  readonly balanceCents: number;
  readonly askedCents: number;
  readonly taken: boolean;
  readonly step: string | null;
  readonly scenarioId: string;
}

/** A message with its bodies and lines; undefined when it is not here. */
export async function readMessage(eyes: Eyes, db: Db | Tx, id: string): Promise<WholeMessage | undefined> {
  const message = await messagesInList(db)
    .select([
      'message.figures',
      'message.body_html',
      'message.body_text',
      'message.provider',
      'message.provider_ref',
      'message.possible_duplicate',
      'message.attempt',
      'message.state_at',
    ])
    .where('message.id', '=', id)
    .$call(onlySeen(eyes, 'message'))
    .executeTakeFirst();
  if (!message) return undefined;
  const lines = await db
    .selectFrom('message_line')
    .innerJoin('invoice', 'invoice.id', 'message_line.invoice_id')
    .leftJoin('contact_request', 'contact_request.id', 'message_line.request_id')
    .select([
      'invoice.id as invoiceId',
      'invoice.number',
      'invoice.term',
      'invoice.currency',
      'invoice.due_date as dueDate',
      'message_line.balance_cents as balanceCents',
      'message_line.asked_cents as askedCents',
      'contact_request.step',
      pinnedTo.as('scenarioId'),
      sql<boolean>`message_line.request_id is not null`.as('taken'),
    ])
    .where('message_id', '=', id)
    .orderBy(sql`message_line.request_id is null`)
    .orderBy('invoice.due_date')
    .orderBy('invoice.id')
    .execute();
  const document =
    message.documentId === null
      ? undefined
      : await db
          .selectFrom('document')
          .select(['id', 'name', 'media_type', 'sha256'])
          .where('id', '=', message.documentId)
          .executeTakeFirst();
  const attached = await db
    .selectFrom('message_paper')
    .innerJoin('document', 'document.id', 'message_paper.document_id')
    .select(['document.id', 'document.name', 'document.media_type', 'document.sha256'])
    .where('message_paper.message_id', '=', id)
    .orderBy('document.name')
    .orderBy('document.id')
    .execute();
  return { ...message, lines, document, attached, reports: await eventsOfMessage(db, id) };
}

/** The pictures inside a mail. */
export async function readMessageParts(
  eyes: Eyes,
  db: Db,
  messageId: string,
): Promise<readonly Selectable<MessagePartTable>[]> {
  return db
    .selectFrom('message_part')
    .innerJoin('message', 'message.id', 'message_part.message_id')
    .selectAll('message_part')
    .where('message_id', '=', messageId)
    .$call(onlySeen(eyes, 'message'))
    .execute();
}

export async function readDocument(
  eyes: Eyes,
  db: Db,
  id: string,
): Promise<Selectable<DocumentTable> | undefined> {
  return (
    db
      .selectFrom('document')
      .selectAll()
      .where('id', '=', id)
      // What was handed in about a dispute is read by way of it (`db/dispute-file.ts`).
      .where('kind', '!=', 'dispute')
      .$call(onlySeen(eyes, 'document'))
      .executeTakeFirst()
  );
}

function messagesInList(db: Db | Tx) {
  return db
    .selectFrom('message')
    .leftJoin('debtor', 'debtor.id', 'message.debtor_id')
    .leftJoin('creditor', 'creditor.id', 'message.creditor_id')
    .select([
      'message.id',
      'message.purpose',
      'message.channel',
      'message.language',
      'message.level',
      'message.template',
      'message.state',
      'message.planned_at as plannedAt',
      'message.claimed_at as claimedAt',
      'message.state_at as stateAt',
      'message.recipient',
      'message.subject',
      'message.sha256',
      'message.reason',
      'message.erased_at as erasedAt',
      'message.debtor_id as debtorId',
      'debtor.name as debtorName',
      'message.creditor_id as creditorId',
      sql<string | null>`coalesce(creditor.legal_name, creditor.key)`.as('creditorName'),
      sql<string>`coalesce(creditor.zone, 'UTC')`.as('zone'),
      'message.document_id as documentId',
      sql<MessageInList['invoices']>`coalesce((
        select json_agg(json_build_object('id', invoice.id, 'number', invoice.number, 'term', invoice.term, 'taken', line.request_id is not null,
                                          'step', request.step, 'scenarioId', ${pinnedTo})
                        order by line.request_id is null, invoice.due_date, invoice.id)
        from message_line line join invoice on invoice.id = line.invoice_id left join contact_request request on request.id = line.request_id
        where line.message_id = message.id), '[]')`.as('invoices'),
    ]);
}
