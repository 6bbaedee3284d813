import { sql } from 'kysely';
import { lawDay } from './calendars.ts';
import { lumpSumCurrency } from './claims.ts';
import type { Accessory } from './accessory-reads.ts';
import type { Desk } from './desk.ts';
import { enter } from './ledger.ts';

/** Takes the accessories out of the debtor's credit, or gives them back to it. */
export async function takeFromCredit(desk: Desk, accessory: Accessory, sign: 1 | -1): Promise<void> {
  const account = { creditorId: accessory.creditor_id, debtorId: accessory.debtor_id, invoiceId: null };
  const day = lawDay(desk.now);
  await enter(
    desk,
    [...dueOf(accessory)].map(([currency, cents]) => ({
      ...account,
      ...{ currency, kind: 'accessory' as const, amountCents: sign * cents, day },
    })),
  );
}

/** What is due of it by currency: the fixed indemnity in euros. */
export function dueOf(accessory: Accessory): ReadonlyMap<string, number> {
  const due = new Map([[accessory.currency, accessory.interest_cents]]);
  due.set(lumpSumCurrency, (due.get(lumpSumCurrency) ?? 0) + accessory.lump_sum_cents);
  return due;
}

/** Whether anything of an accessory is in that currency. */
function takesFrom(currency: string) {
  return sql<boolean>`(currency = ${currency} and interest_cents > 0 or ${currency} = ${lumpSumCurrency} and lump_sum_cents > 0)`;
}

/**
 * A payment came back of which accessories may have been paid: where the account no longer holds so much, they are owed
 * again, the last ones in its currency first.
 */
export async function unpayAccessories(desk: Desk, debtorId: string, creditorId: string): Promise<void> {
  for (;;) {
    const overdrawn = await desk.tx
      .selectFrom('ledger_entry')
      .select('currency')
      .where('debtor_id', '=', debtorId)
      .where('creditor_id', '=', creditorId)
      .where('invoice_id', 'is', null)
      .groupBy('currency')
      .having(({ fn }) => fn.sum('amount_cents'), '>', 0)
      .executeTakeFirst();
    if (!overdrawn) return;
    const paid = await desk.tx
      .updateTable('accessory')
      .set({ state: 'open', ended_at: null, ended_by: null, reason: null })
      .where('id', '=', ({ selectFrom }) =>
        selectFrom('accessory')
          .select('id')
          .where('debtor_id', '=', debtorId)
          .where('creditor_id', '=', creditorId)
          .where('state', '=', 'paid')
          .where(takesFrom(overdrawn.currency))
          .orderBy('ended_at', 'desc')
          .orderBy('id', 'desc')
          .limit(1),
      )
      .returningAll()
      .executeTakeFirst();
    if (!paid) return;
    await takeFromCredit(desk, paid, -1);
    const [interestCents, lumpSumCents] = [paid.interest_cents, paid.lump_sum_cents];
    await desk.note(paid.invoice_id, 'accessoriesKept', {
      ...{ accessoryId: paid.id, interestCents, lumpSumCents },
    });
  }
}
