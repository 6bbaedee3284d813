import type { ClockSettings } from '../domain/clock.ts';
import { machineDelay } from '../domain/clock.ts';
import type { Collection } from '../domain/collection.ts';
import type { MatterKind } from '../domain/matter.ts';
import type { Instant } from '../domain/time.ts';
import type { MatterLife } from '../workflows/attend-matter.ts';
import type { InvoiceLife } from '../workflows/collect-invoice.ts';
import type { DebtorDoor } from '../workflows/contact-debtor.ts';

/** Where workflows and database activities run. */
export const collectionQueue = 'collection';
/** Where messages leave, at a limited rate, so that a slow carrier never holds up decisions. */
export const deliveryQueue = 'delivery';

/**
 * A killed worker holds a workflow task until it times out; with the server's defaults of 10 s nearly three times as
 * many messages went out late after a kill.
 */
export const workflowTaskTimeout = '2 seconds';

/** What each matter's life is called among the workflows. */
export const matterLives: Readonly<Record<MatterKind, string>> = {
  dispute: 'resolveDispute',
  plan: 'followPlan',
  litigation: 'litigate',
  insolvency: 'declareClaims',
  stop: 'endStop',
  discount: 'followDiscount',
  approval: 'awaitApproval',
};

/** The types of all our workflows: a namespace may have others. */
export const workflowTypes: readonly string[] = [
  'collectInvoice',
  'contactDebtor',
  ...Object.values(matterLives),
];

/** How the life of an invoice starts. */
export function invoiceLife(
  collection: Collection,
  clock: ClockSettings,
): { workflowId: string; args: [InvoiceLife] } {
  return { workflowId: `invoice/${collection.invoiceId}`, args: [{ collection, clock, acts: 'local' }] };
}

/** How the door of a debtor opens. */
export function debtorDoor(
  debtorId: string,
  clock: ClockSettings,
): { workflowId: string; args: [DebtorDoor] } {
  return { workflowId: `debtor/${debtorId}`, args: [{ debtorId, clock }] };
}

/** How the life of a matter starts. */
export function matterLife(
  kind: MatterKind,
  matterId: string,
  clock: ClockSettings,
): { workflowId: string; args: [MatterLife] } {
  return { workflowId: `${kind}/${matterId}`, args: [{ matterId, clock }] };
}

/** What a start may be delayed by: until its first wake there is nothing for a workflow to do. */
export function startDelayUntil(clock: ClockSettings, now: Instant, until: Instant | null): number {
  return until === null ? 0 : machineDelay(clock, now, until);
}
