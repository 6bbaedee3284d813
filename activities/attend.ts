import { atTheDesk } from '../db/desk.ts';
import type { Desk } from '../db/desk.ts';
import { matterLooksAgain, matterWith } from '../db/matters.ts';
import type { Matter } from '../db/matters.ts';
import { asRead } from '../db/whose.ts';
import type { MatterKind } from '../domain/matter.ts';
import type { Instant } from '../domain/time.ts';
import { attendToDispute } from './attend-to-dispute.ts';
import { attendToInsolvency } from './attend-to-insolvency.ts';
import { awaitApproval } from './await-approval.ts';
import { endStop } from './end-stop.ts';
import { attendToLitigation } from './attend-to-litigation.ts';
import { followDiscount } from './follow-discount.ts';
import { followPlan } from './follow-plan.ts';
import type { Workshop } from './workshop.ts';

/**
 * Looks at one matter under the lock of its debtor, does what is due, and says when to look again.
 *
 * Null: it is over, or only a person can move it. Run twice it must find done what it has done.
 */
export type Attendant = (desk: Desk, matterId: string) => Promise<Instant | null>;

const attendants: Readonly<Record<MatterKind, Attendant>> = {
  dispute: attendToDispute,
  plan: followPlan,
  insolvency: attendToInsolvency,
  stop: endStop,
  litigation: attendToLitigation,
  discount: followDiscount,
  approval: awaitApproval,
};

/** Attends to a matter. Throws when this release knows no such matter; its workflow then tries again. */
export async function attend(
  { house }: Workshop,
  matterId: string,
): Promise<{ readonly lookAt: Instant | null }> {
  const matter = await matterWith(house.db, matterId);
  if (!matter) throw new Error(`matter ${matterId} is not in this database`);
  // A later release may have left one of its own behind.
  if (!(matter.kind in attendants)) throw new Error(`this release does not attend to a ${matter.kind}`);
  const debtorOf = (one: Matter | undefined): readonly string[] => (one?.debtorId ? [one.debtorId] : []);
  const debtors = asRead(debtorOf(matter), async () => debtorOf(await matterWith(house.db, matterId)));
  return atTheDesk(house, debtors, async (desk) => {
    desk.attendsTo(matterId);
    const lookAt = await attendants[matter.kind](desk, matterId);
    await matterLooksAgain(desk.tx, matterId, lookAt);
    return { lookAt };
  });
}
