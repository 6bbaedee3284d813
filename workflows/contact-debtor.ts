import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import type { ClockSettings } from '../domain/clock.ts';
import { lookWhileDue } from './look-while-due.ts';

/** Whose door it is, and how business time runs. */
export interface DebtorDoor {
  readonly debtorId: string;
  readonly clock: ClockSettings;
}

/** One attempt: what a second one would repeat, nobody could take back. The row says how far the first came. */
const { deliver } = proxyActivities<Activities>({
  taskQueue: 'delivery',
  startToCloseTimeout: '45 seconds',
  retry: { maximumAttempts: 1 },
});

/**
 * The door of one debtor, while something waits at it.
 *
 * It remembers nothing: the requests stand in Postgres, and each look plans anew what may leave now. It ends when
 * nothing waits that time alone could let out.
 */
export async function contactDebtor({ debtorId, clock }: DebtorDoor): Promise<void> {
  await lookWhileDue(
    clock,
    () => deliver({ debtorId }),
    () => continueAsNew<typeof contactDebtor>({ debtorId, clock }),
  );
}
