import type { LitigationOutcome } from '../domain/litigation/outcome.ts';
import type { Db, Tx } from './database.ts';
import type { LitigationRow } from './litigation.ts';
import type { Matter } from './matters.ts';
import { onlySeen } from './visible.ts';
import type { Eyes } from './visible.ts';

export interface LitigationFilter {
  readonly state?: LitigationRow['state'];
  readonly outcome?: LitigationOutcome;
  readonly debtorId?: string;
  /** Those in which it is, or was. */
  readonly invoiceId?: string;
}

/** The litigation files that are seen, newest first, by keyset: one more than asked for says that there are others. */
export async function listLitigation(
  eyes: Eyes,
  db: Db,
  { state, outcome, debtorId, invoiceId }: LitigationFilter,
  limit: number,
  after?: string,
): Promise<readonly LitigationRow[]> {
  return db
    .selectFrom('litigation')
    .selectAll('litigation')
    .$if(state !== undefined, (query) => query.where('litigation.state', '=', state ?? 'handed'))
    .$if(outcome !== undefined, (query) => query.where('litigation.outcome', '=', outcome ?? 'recovered'))
    .$if(debtorId !== undefined, (query) => query.where('litigation.debtor_id', '=', debtorId ?? ''))
    .$if(invoiceId !== undefined, (query) =>
      query.where('litigation.id', 'in', (lines) =>
        lines
          .selectFrom('litigation_invoice')
          .select('litigation_id')
          .where('invoice_id', '=', invoiceId ?? ''),
      ),
    )
    .$if(after !== undefined, (query) => query.where('litigation.id', '<', after ?? ''))
    .$call(onlySeen(eyes, 'litigation'))
    .orderBy('litigation.id', 'desc')
    .limit(limit + 1)
    .execute();
}

/** The litigation files that watch over what is in them, or was when it was doubted; of one creditor, or of all. */
export async function watchingLitigations(tx: Tx, creditorId?: string): Promise<readonly Matter[]> {
  const rows = await tx
    .selectFrom('litigation')
    .select(['id', 'debtor_id'])
    .where((file) => file.or([file('state', '!=', 'closed'), file('outcome', '=', 'doubtful')]))
    .$if(creditorId !== undefined, (query) => query.where('creditor_id', '=', creditorId ?? ''))
    .execute();
  return rows.map((row) => ({ kind: 'litigation', id: row.id, debtorId: row.debtor_id }));
}
