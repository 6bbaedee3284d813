import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Tx } from '../database.ts';
import { grouped } from '../grouped.ts';
import type { MessageLineTable, MessagePartTable, MessageTable, ProviderEventTable } from '../schema.ts';

/** A message to the debtor that left, may have left or came back, with what it said of one invoice and what was reported of it. */
export interface MessageSaid {
  readonly message: Selectable<MessageTable>;
  readonly line: Selectable<MessageLineTable>;
  /** The step that it took of the invoice; null where it only listed it, or was a word of a person. */
  readonly step: string | null;
  readonly parts: readonly Selectable<MessagePartTable>[];
  /** Papers that went with it, by id. */
  readonly attached: readonly string[];
  readonly events: readonly Selectable<ProviderEventTable>[];
}

/**
 * Those about an invoice, oldest first; no drafts, no samples, and no mail to our own people. What the journal says has left
 * is among them whatever became of its row: one that was given up after all is told as such.
 */
export async function messagesToDebtor(
  tx: Tx,
  invoiceId: string,
  named: ReadonlySet<string>,
): Promise<readonly MessageSaid[]> {
  const lines = await tx.selectFrom('message_line').selectAll().where('invoice_id', '=', invoiceId).execute();
  const lineOf = new Map(lines.map((line) => [line.message_id, line]));
  if (lineOf.size === 0) return [];
  const messages = await tx
    .selectFrom('message')
    .selectAll()
    .where('id', 'in', [...lineOf.keys()])
    .where('purpose', 'in', ['contact', 'word'])
    .where(({ or, eb }) =>
      or([eb('state', 'not in', ['planned', 'cancelled']), eb('id', 'in', [...named, invoiceId])]),
    )
    .orderBy(sql`coalesce(claimed_at, planned_at)`)
    .orderBy('id')
    .execute();
  const ids = messages.map(({ id }) => id);
  if (ids.length === 0) return [];
  const parts = await tx
    .selectFrom('message_part')
    .selectAll()
    .where('message_id', 'in', ids)
    .orderBy('cid')
    .execute();
  const papers = await tx
    .selectFrom('message_paper')
    .selectAll()
    .where('message_id', 'in', ids)
    .orderBy('document_id')
    .execute();
  const events = await tx
    .selectFrom('provider_event')
    .selectAll()
    .where('message_id', 'in', ids)
    .orderBy('occurred_at')
    .orderBy('received_at')
    .orderBy('event_id')
    .execute();
  const requests = await tx
    .selectFrom('contact_request')
    .select(['id', 'step'])
    .where('invoice_id', '=', invoiceId)
    .execute();
  const [partsOf, papersOf, eventsOf] = [
    grouped(parts, (part) => part.message_id),
    grouped(papers, (paper) => paper.message_id),
    grouped(events, (event) => event.message_id ?? ''),
  ];
  return messages.flatMap((message) => {
    const line = lineOf.get(message.id);
    if (!line) return [];
    return [
      {
        message,
        line,
        step: requests.find(({ id }) => id === line.request_id)?.step ?? null,
        parts: partsOf.get(message.id) ?? [],
        attached: (papersOf.get(message.id) ?? []).map((paper) => paper.document_id),
        events: eventsOf.get(message.id) ?? [],
      },
    ];
  });
}
