import { sql } from 'kysely';
import type { Tx } from './database.ts';
import { openInsolvencyOf } from './insolvencies.ts';
import type { InsolvencyRow } from './insolvencies.ts';
import type { Pair } from './merge-rows.ts';

const heard = ['kind', 'published_on', 'administrator', 'court'] as const;

type Heard = Partial<Pick<InsolvencyRow, (typeof heard)[number]>>;

/** Two records of one procedure: which speaks, which waits, and what the one that speaks learnt of the other. */
export interface JoinedProcedures {
  readonly staysId: string;
  readonly waitsId: string;
  readonly learnt: Heard;
}

/**
 * Makes one procedure of two records of it, before the rows of the one who goes move; null where one of the two is in none.
 *
 * What was declared was declared in the same procedure, so it counts in the record that stays, with its day: nobody is asked
 * to declare it twice. Days run there from the publication that either of them knew.
 */
export async function joinProcedures(tx: Tx, { goneId, intoId }: Pair): Promise<JoinedProcedures | null> {
  const waits = await openInsolvencyOf(tx, goneId);
  const stays = await openInsolvencyOf(tx, intoId);
  if (!waits || !stays) return null;
  const learnt = Object.fromEntries(
    heard.filter((one) => stays[one] === null && waits[one] !== null).map((one) => [one, waits[one]]),
  ) as Heard;
  if (Object.keys(learnt).length > 0)
    await tx.updateTable('insolvency').set(learnt).where('id', '=', stays.id).execute();
  await moveDeclared(tx, { fromId: waits.id, toId: stays.id, debtorId: goneId });
  return { staysId: stays.id, waitsId: waits.id, learnt };
}

/**
 * Parts them again, once the invoices are back: what is declared of these goes with them, also what was declared since.
 * What was learnt is forgotten where it is still as it came.
 */
export async function partProcedures(
  tx: Tx,
  { goneId }: Pair,
  { staysId, waitsId, learnt }: JoinedProcedures,
): Promise<void> {
  for (const [column, value] of Object.entries(learnt))
    await sql`update insolvency set ${sql.ref(column)} = null where id = ${staysId} and ${sql.ref(column)}::text = ${value}`.execute(
      tx,
    );
  await moveDeclared(tx, { fromId: staysId, toId: waitsId, debtorId: goneId });
}

/** A claim that was declared in both already stays where it is. */
async function moveDeclared(
  tx: Tx,
  { fromId, toId, debtorId }: { readonly fromId: string; readonly toId: string; readonly debtorId: string },
): Promise<void> {
  await sql`
    update declared_claim set insolvency_id = ${toId} from invoice
      where invoice.id = declared_claim.invoice_id and invoice.debtor_id = ${debtorId} and insolvency_id = ${fromId}
        and not exists (select from declared_claim known where known.insolvency_id = ${toId} and known.invoice_id = invoice.id)`.execute(
    tx,
  );
}
