import type { Author } from '../domain/fact.ts';
import type { LimitationEvent } from '../domain/law/limitation-term.ts';
import type { CivilDate } from '../domain/time.ts';
import type { Db } from './database.ts';
import type { Answer, Desk } from './desk.ts';
import { uuidv7 } from './uuid.ts';

/** What a person says of an event that may move the limitation of a claim, and where its proof is. */
export type LimitationEventGiven =
  | {
      readonly kind: 'acknowledgement';
      readonly by: 'partial_payment' | 'written_promise' | 'request_for_time' | 'statement';
      readonly on: CivilDate;
    }
  | { readonly kind: 'court_claim' | 'enforcement' | 'written_demand'; readonly on: CivilDate }
  | {
      readonly kind: 'suspension';
      readonly by: 'mediation' | 'conciliation' | 'small_claims_agreement';
      readonly on: CivilDate;
      readonly until: CivilDate | null;
    };

export interface ProofGiven {
  readonly documentId: string | null;
  /** Where the paper is kept, in words. */
  readonly reference: string | null;
}

/**
 * Records what interrupts or suspends the limitation of a claim, with its proof.
 *
 * The file hears of it as a fact and works its date out anew. A suspension that has ended is said again with its last day:
 * the event of the same kind and first day is then the same one.
 */
export async function recordLimitationEvent(
  desk: Desk,
  invoiceId: string,
  given: LimitationEventGiven,
  proof: ProofGiven,
  by: Author,
): Promise<Answer> {
  const way = 'by' in given ? given.by : null;
  const known = await desk.tx
    .selectFrom('limitation_event')
    .select('id')
    .where('invoice_id', '=', invoiceId)
    .where('kind', '=', given.kind)
    .where('on_day', '=', given.on)
    .where('way', 'is not distinct from', way)
    .executeTakeFirst();
  const id = known?.id ?? uuidv7();
  const row = {
    until_day: given.kind === 'suspension' ? given.until : null,
    document_id: proof.documentId,
    reference: proof.reference,
    stated_at: new Date(desk.now),
    stated_by: by.id,
  };
  await desk.tx
    .insertInto('limitation_event')
    .values({ id, invoice_id: invoiceId, kind: given.kind, way, on_day: given.on, ...row })
    .onConflict((clash) => clash.column('id').doUpdateSet(row))
    .execute();
  const event = { ...given, evidence: { kind: 'document', id } } as LimitationEvent;
  return desk.ask(invoiceId, { type: 'limitationMoved', event }, by);
}

/** Where the proof of each event is, by the event's id. */
export async function proofsOf(db: Db, invoiceId: string): Promise<ReadonlyMap<string, ProofGiven>> {
  const rows = await db
    .selectFrom('limitation_event')
    .select(['id', 'document_id', 'reference'])
    .where('invoice_id', '=', invoiceId)
    .execute();
  return new Map(rows.map((row) => [row.id, { documentId: row.document_id, reference: row.reference }]));
}
