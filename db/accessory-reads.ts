import type { Selectable } from 'kysely';
import type { Db, Tx } from './database.ts';
import type { AccessoryTable } from './schema.ts';
import { onlySeen } from './visible.ts';
import type { Eyes } from './visible.ts';

/** Penalties that were claimed and outlived the price of their invoice, as they stand. */
export type Accessory = Selectable<AccessoryTable>;

export interface AccessoryInList extends Accessory {
  readonly number: string;
  readonly term: number;
}

/** The accessories of a debtor whose invoices are seen, the last one first. */
export async function accessoriesOf(
  eyes: Eyes,
  db: Db | Tx,
  debtorId: string,
): Promise<readonly AccessoryInList[]> {
  return db
    .selectFrom('accessory')
    .innerJoin('invoice', 'invoice.id', 'accessory.invoice_id')
    .selectAll('accessory')
    .select(['invoice.number', 'invoice.term'])
    .where('accessory.debtor_id', '=', debtorId)
    .$call(onlySeen(eyes, 'invoice'))
    .orderBy('accessory.id', 'desc')
    .execute();
}

/** What arose last from an invoice, open or ended; undefined when nothing ever did. */
export async function lastAccessoryOf(db: Db | Tx, invoiceId: string): Promise<Accessory | undefined> {
  return db
    .selectFrom('accessory')
    .selectAll()
    .where('invoice_id', '=', invoiceId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}
