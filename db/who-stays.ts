import type { Refusal } from '../domain/refusal.ts';
import type { Db, Tx } from './database.ts';
import type { House } from './house.ts';
import { pokeDebtors } from './pokes.ts';

/**
 * Who a debtor is now: himself, or the one with whom he was merged, or the one with whom that one was.
 *
 * Undefined for an id that is not here. An old id is kept for ever, in ledgers and letters of other houses: whoever asks by
 * it is told the new one.
 */
export async function whoStays(db: Db | Tx, debtorId: string): Promise<string | undefined> {
  let id = debtorId;
  for (let hops = 0; hops < hopsMax; hops += 1) {
    const row = await db.selectFrom('debtor').select('merged_into').where('id', '=', id).executeTakeFirst();
    if (!row) return undefined;
    if (row.merged_into === null) return id;
    id = row.merged_into;
  }
  throw new Error(`debtor ${debtorId} was merged ${hopsMax} times over`);
}

/** Nobody finds so many twins one after the other. */
const hopsMax = 50;

/** The words for whoever names a debtor who was merged with another. */
export function mergedAway(debtorId: string, intoId: string): Refusal {
  return {
    code: 'debtor-merged',
    message: `Debtor ${debtorId} was merged into ${intoId}: name that one.`,
  };
}

/** Has the door of whoever stays looked at. */
export async function handOn(house: House, debtorId: string): Promise<void> {
  const stays = await whoStays(house.db, debtorId);
  if (stays === undefined || stays === debtorId) return;
  await house.db.transaction().execute((tx) => pokeDebtors(tx, [stays], 'people'));
}
