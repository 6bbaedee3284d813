import { MissingLawValue } from '../domain/law/law-value.ts';
import { planContacts } from '../domain/plan-contacts.ts';
import type { DeferralReason } from '../domain/door-caps.ts';
import { nextLook } from '../domain/plan-contacts.ts';
import type { Instant } from '../domain/time.ts';
import type { Db } from './database.ts';
import type { House } from './house.ts';
import { readDoor } from './door.ts';
import type { DoorRecords } from './door.ts';
import { seenOf } from './visible.ts';
import type { Eyes } from './visible.ts';

/** What the door of a debtor would answer now, for those who ask why nothing leaves. */
export interface DoorNow {
  /** When it should be looked at again; null when only an act of somebody can change its answer. */
  readonly lookAt: Instant | null;
  readonly waiting: readonly WaitingRequest[];
}

export interface WaitingRequest {
  readonly requestId: string;
  readonly invoiceId: string;
  readonly step: string;
  readonly level: string;
  readonly channel: string;
  /** Null: it leaves at the next look. */
  readonly reason: DeferralReason | null;
  readonly until: Instant | null;
  /** The fields that the creditor still owes, or the mentions that a formal notice lacks, when that is the reason. */
  readonly missing: readonly string[];
}

/** `law.<code> <semester or day>`: what an administrator has to add. */
function lawMissingFor({ claims }: DoorRecords, invoiceId: string): readonly string[] {
  const claim = claims.get(invoiceId);
  return claim instanceof MissingLawValue ? [`law.${claim.code} ${claim.semester ?? claim.day}`] : [];
}

/** Asks the door's own plan, so that the reason shown is the reason. */
export async function readDoorNow(
  eyes: Eyes,
  db: Db,
  house: House,
  debtorId: string,
  now: Instant,
): Promise<DoorNow> {
  const door = await readDoor(db, house, debtorId, now);
  if (!door) return { lookAt: null, waiting: [] };
  const plan = planContacts(door.view);
  const deferrals = new Map(plan.deferrals.map((deferral) => [deferral.requestId, deferral]));
  const waiting = door.requests.map((request) => {
    const deferral = deferrals.get(request.id);
    const creditor = door.view.creditors.find(({ creditorId }) => creditorId === request.creditor_id);
    return {
      requestId: request.id,
      invoiceId: request.invoice_id,
      step: request.step,
      level: request.level,
      channel: request.channel,
      reason: deferral?.reason ?? null,
      until: deferral?.until ?? null,
      missing:
        deferral?.reason === 'creditor_incomplete'
          ? (creditor?.missing ?? [])
          : deferral?.reason === 'notice_incomplete'
            ? (door.view.requests.find(({ requestId }) => requestId === request.id)?.missing ?? [])
            : deferral?.reason === 'law_value_missing'
              ? lawMissingFor(door, request.invoice_id)
              : [],
    };
  });
  return {
    lookAt: nextLook(plan, now),
    waiting: await seenOf(db, eyes, waiting, ({ invoiceId }) => invoiceId),
  };
}
