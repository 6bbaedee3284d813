import { isOver } from '../domain/collection.ts';
import type { Collection } from '../domain/collection.ts';
import type { Author, Fact } from '../domain/fact.ts';
import { silencedByJudgmentOn } from '../domain/insolvency/claim-side.ts';
import { isSmallDifference } from '../domain/law/small-difference.ts';
import { followAccessories } from './accessories.ts';
import type { Desk, InvoiceFile, Recording } from './desk.ts';

/**
 * What follows when the money of an invoice has moved, or may not move any more: whether what is left is worth a letter,
 * what becomes of the penalties that were claimed, and of a promise to pay what was owed before a judgment.
 *
 * Called by the desk after each fact, in its transaction, so that no message leaves between a payment and what it means.
 * Facts of closed files that only end them otherwise (a write-off) change nothing here. What was handed over is still owed:
 * its penalties are kept when its price is paid, as those of any other.
 */
export async function settleUp(
  desk: Desk,
  file: InvoiceFile,
  before: Collection,
  fact: Fact,
  { by, how }: Finding,
): Promise<void> {
  const after = file.collection;
  // What was owed before a judgment may not be paid any more (L622-7 C. com.): nobody keeps or breaks his word by it.
  if (after.promise !== null && silencedByJudgmentOn(after) !== null)
    await desk.state(file.id, { type: 'promiseWithdrawn', promiseId: after.promise.promiseId }, by, how);
  if (isOver(before) !== isOver(after)) await followAccessories(desk, file, fact, by);
  const hasMoved = before.balanceCents !== after.balanceCents;
  if (hasMoved || fact.type === 'disputeResolved' || fact.type === 'planEnded')
    await judgeRemainder(desk, file, { by, how });
}

/** Who finds what follows, and how it is recorded. */
interface Finding {
  readonly by: Author;
  readonly how: Recording;
}

/**
 * Finds what is left of an invoice too small to chase, where its creditor says from what amount on it is.
 *
 * What is contested or paid by a plan is not judged: its resolver or its plan has the word first.
 */
export async function judgeRemainder(desk: Desk, file: InvoiceFile, { by, how }: Finding): Promise<void> {
  const { collection } = file;
  const { amountCents, balanceCents, creditorId } = collection;
  const isOthers = collection.disputes.length > 0 || (collection.plan ?? null) !== null;
  if (isOver(collection) || isOthers || balanceCents >= amountCents) return;
  const { small_difference_cents: thresholdCents } = await desk.tx
    .selectFrom('creditor')
    .select('small_difference_cents')
    .where('id', '=', creditorId)
    .executeTakeFirstOrThrow();
  if (!isSmallDifference(amountCents, balanceCents, thresholdCents)) return;
  const { lane = 'people' } = how;
  await desk.state(file.id, { type: 'smallDifferenceFound', cents: balanceCents }, by, { lane });
}
