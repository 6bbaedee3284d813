import type { Author } from '../domain/fact.ts';
import type { DisputeOutcome } from '../domain/dispute/outcome.ts';
import { dayAt } from '../domain/calendar.ts';
import type { Answer, Desk, InvoiceFile } from './desk.ts';
import { doGravely } from './grave-deeds.ts';
import type { GraveAnswer } from './grave-deeds.ts';

/**
 * A dispute that is granted as goodwill, and the waiver that makes it good.
 *
 * Goodwill has no paper of its own: nobody owes a credit note for it, we give the money up. So the decision names its
 * amount, and the waiver is asked for with it; while the answer is out nobody is pressed for it, and a no or a lapse leaves
 * the task with whoever works the file.
 */
export function resolveDispute(
  desk: Desk,
  file: InvoiceFile,
  decision: {
    readonly disputeId: string;
    readonly outcome: DisputeOutcome;
    readonly grantedCents?: number;
  },
  by: Author,
): Promise<Answer> {
  const { disputeId, outcome } = decision;
  const contested = file.collection.disputes.find((one) => one.disputeId === disputeId)?.contestedCents;
  const whole = outcome === 'goodwill' && contested !== undefined ? { grantedCents: contested } : {};
  return desk.ask(file.id, { type: 'disputeResolved', ...whole, ...decision }, by);
}

/** Asks for the waiver of a dispute that waits for goodwill, or grants it where nobody else need say yes; null when it waits for none. */
export async function waiveAsGoodwill(
  desk: Desk,
  invoiceId: string,
  disputeId: string,
  by: Author,
): Promise<GraveAnswer | null> {
  const file = await desk.file(invoiceId);
  const dispute = file?.collection.disputes.find((one) => one.disputeId === disputeId);
  if (!file || dispute?.awaits !== 'goodwill') return null;
  const amountCents = Math.min(dispute.contestedCents, file.collection.balanceCents);
  if (amountCents <= 0) return null;
  const on = dayAt(file.collection.calendar, desk.now);
  const deed = { does: 'waive', on, reason: 'goodwill', disputeId } as const;
  return doGravely(desk, { act: 'waiver', lines: [{ invoiceId, amountCents }], about: disputeId, deed }, by);
}
