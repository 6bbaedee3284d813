import type { MatterKind } from '../domain/matter.ts';
import type { Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { poke } from './pokes.ts';

/**
 * A matter, and the workflow `<kind>/<id>` that looks after it.
 *
 * The workflow remembers nothing: the rows of the matter say how it stands, and its row here when to look at it next.
 */
export interface Matter {
  readonly kind: MatterKind;
  readonly id: string;
  /** Whose lock guards it; null for a stop, which has a lock of its own. */
  readonly debtorId: string | null;
}

/** The name of its workflow. */
export function workflowOf({ kind, id }: Pick<Matter, 'kind' | 'id'>): string {
  return `${kind}/${id}`;
}

/** The matter with this id; undefined when there is none. */
export async function matterWith(db: Db | Tx, id: string): Promise<Matter | undefined> {
  const row = await db
    .selectFrom('matter')
    .select(['id', 'kind', 'debtor_id'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row && { id: row.id, kind: row.kind, debtorId: row.debtor_id };
}

/** Opens matters that are new, and has all of these looked at now. */
export async function lookAtMatters(tx: Tx, matters: readonly Matter[], now: Instant): Promise<void> {
  if (matters.length === 0) return;
  const at = new Date(now);
  await tx
    .insertInto('matter')
    .values(matters.map(({ kind, id, debtorId }) => ({ kind, id, debtor_id: debtorId, look_at: at })))
    .onConflict((clash) => clash.column('id').doUpdateSet({ look_at: at }))
    .execute();
}

/** The same for work that needs no desk: their workflows hear of it in bulk. */
export async function lookAgain(tx: Tx, matters: readonly Matter[], now: Instant): Promise<void> {
  await lookAtMatters(tx, matters, now);
  await poke(tx, matters.map(workflowOf), 'bulk');
}

/** Notes when a matter is to be looked at again; null when only an act of somebody can move it, or it is over. */
export async function matterLooksAgain(tx: Tx, id: string, at: Instant | null): Promise<void> {
  await tx
    .updateTable('matter')
    .set({ look_at: at === null ? null : new Date(at) })
    .where('id', '=', id)
    .execute();
}
