import { sql } from 'kysely';
import type { Tx } from './database.ts';
import type { House } from './house.ts';
import { isCreditNote } from './incoming-credit-notes.ts';
import type { IncomingCreditNote } from './incoming-credit-notes.ts';
import type { IncomingInvoice } from './registration.ts';
import type { RowProblem } from './row-problem.ts';
import { uuidv7 } from './uuid.ts';

/** A row as the reading of a file gives it. */
export type ReadRow =
  | {
      readonly line: number;
      readonly row: IncomingInvoice | IncomingCreditNote;
      readonly remarks: readonly RowProblem[];
    }
  | { readonly line: number; readonly rejected: readonly RowProblem[]; readonly raw: string };

export interface NewImport {
  /** What makes the file the same as an earlier one: its bytes, and what its owner said about it. */
  readonly fingerprint: string;
  readonly name: string;
  readonly creditorId: string | null;
  readonly answers: object;
  readonly reading: object;
  readonly release: boolean;
  readonly by: string;
}

export type Staged = { readonly kind: 'staged' | 'known'; readonly importId: string };

const rowsAtOnce = 500;

/**
 * Stages a file: writes down all its rows as they were read, for `applyImports` to work through.
 *
 * One transaction, however long the file: when it breaks off, nothing is there, and sending the file again is all that
 * has to be done. A file that is known is left alone; two that send the same one at the same time get one import.
 */
export async function stageImport(
  house: House,
  tx: Tx,
  file: NewImport,
  rows: AsyncIterable<ReadRow>,
): Promise<Staged> {
  const importId = uuidv7();
  const added = await tx
    .insertInto('import')
    .values({
      id: importId,
      sha256: file.fingerprint,
      name: file.name,
      state: 'staging',
      creditor_id: file.creditorId,
      answers: JSON.stringify(file.answers),
      reading: JSON.stringify(file.reading),
      release_when_applied: file.release,
      imported_by: file.by,
      at: new Date(await house.clock.now()),
    })
    .onConflict((clash) => clash.column('sha256').doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows === 0n) {
    const { id } = await tx
      .selectFrom('import')
      .select('id')
      .where('sha256', '=', file.fingerprint)
      .executeTakeFirstOrThrow();
    return { kind: 'known', importId: id };
  }

  let place = 0;
  let rejected = 0;
  let waiting: ReturnType<typeof rowOf>[] = [];
  const flush = async (): Promise<void> => {
    // One parameter in place of thousands: whoever else asks this process waits for no long statement to be made.
    if (waiting.length > 0)
      await sql`
        insert into import_row (import_id, place, line, state, content, problems, amount_cents, currency)
        select ${importId}, place, line, state, content, problems, amount_cents, currency
        from jsonb_to_recordset(${JSON.stringify(waiting)}::jsonb) as row (place int, line int, state text, content jsonb, problems jsonb, amount_cents bigint, currency text)`.execute(
        tx,
      );
    waiting = [];
  };
  for await (const row of rows) {
    place += 1;
    if ('rejected' in row) rejected += 1;
    waiting.push(rowOf(place, row));
    if (waiting.length === rowsAtOnce) await flush();
  }
  await flush();
  await tx
    .updateTable('import')
    .set({ state: 'applying', rows: place, rejected })
    .where('id', '=', importId)
    .execute();
  await pokeImports(tx);
  return { kind: 'staged', importId };
}

/** Tells the workers that an import waits; heard once the transaction is committed. */
export async function pokeImports(tx: Tx): Promise<void> {
  await sql`select pg_notify('relance_imports', '')`.execute(tx);
}

function rowOf(place: number, row: ReadRow) {
  const own = { place, line: row.line };
  if ('rejected' in row)
    return {
      ...own,
      state: 'rejected' as const,
      content: { raw: row.raw },
      problems: row.rejected,
      amount_cents: null,
      currency: null,
    };
  const { row: invoice, remarks } = row;
  return {
    ...own,
    state: 'staged' as const,
    content: invoice,
    problems: remarks,
    // What a credit note takes off stands below zero, in the sums as in the ledger.
    amount_cents: isCreditNote(invoice) ? -invoice.amountCents : invoice.amountCents,
    currency: invoice.currency ?? null,
  };
}
