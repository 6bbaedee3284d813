import type { Author } from '../domain/fact.ts';
import type { Desk } from './desk.ts';

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
