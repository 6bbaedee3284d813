import type { Author } from '../domain/fact.ts';
import type { Tx } from './database.ts';
import type { Desk } from './desk.ts';
import type { Instant } from '../domain/time.ts';
import { note } from './journal.ts';
import type { Portfolio } from './visible.ts';

/** What is somebody's: the dispute that a resolver is to resolve, the portfolio of a collector. */

/** Gives a dispute of a locked debtor to a resolver, or to nobody; false when the user is no resolver who works here. */
export async function assignDispute(
  desk: Desk,
  dispute: { readonly invoiceId: string; readonly disputeId: string },
  userId: string | null,
  by: Author,
): Promise<boolean> {
  if (userId !== null) {
    const resolver = await desk.tx
      .selectFrom('app_user')
      .select('id')
      .where('id', '=', userId)
      .where('role', '=', 'resolver')
      .where('disabled_at', 'is', null)
      .executeTakeFirst();
    if (!resolver) return false;
  }
  const { invoiceId, disputeId } = dispute;
  await desk.tx.updateTable('dispute').set({ assigned_to: userId }).where('id', '=', disputeId).execute();
  await desk.note(invoiceId, 'disputeAssigned', { disputeId, userId, by });
  return true;
}

/** Says whether a collector sees all files or his own; false when there is no such user. */
export async function setPortfolio(
  tx: Tx,
  now: Instant,
  userId: string,
  portfolio: Portfolio,
  by: string,
): Promise<boolean> {
  const set = await tx.updateTable('app_user').set({ portfolio }).where('id', '=', userId).executeTakeFirst();
  if (set.numUpdatedRows === 0n) return false;
  await note(tx, `user/${userId}`, 'portfolioSet', now, { portfolio, by });
  return true;
}
