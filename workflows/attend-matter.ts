import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import type { ClockSettings } from '../domain/clock.ts';
import { lookWhileDue } from './look-while-due.ts';

/** Which matter it is, and how business time runs. */
export interface MatterLife {
  readonly matterId: string;
  readonly clock: ClockSettings;
}

/** What is due is asked under the lock each time, so a second try after a kill finds it done. */
const { attend } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/**
 * The life of a matter beside invoices: a dispute, a plan, a litigation file, a declaration of claims.
 *
 * Each kind has its own name among the workflows, and its own pure rule of what is due; the life is the same.
 */
export async function attendMatter({ matterId, clock }: MatterLife): Promise<void> {
  await lookWhileDue(
    clock,
    () => attend({ matterId }),
    () => continueAsNew<typeof attendMatter>({ matterId, clock }),
  );
}
