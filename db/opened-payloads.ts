import type { Instant } from '../domain/time.ts';
import type { Tx } from './database.ts';
import { note } from './journal.ts';

/** Somebody had payloads of Temporal opened. */
export interface Opening {
  readonly by: string;
  /** How many he gave, and how many of them were sealed and did open. */
  readonly payloads: number;
  readonly opened: number;
  /** Of which workflow, where he said so. */
  readonly workflowId: string | null;
}

/**
 * Writes into the journal that somebody had payloads opened; all such entries are one chain, `payloads`.
 *
 * To be committed before he gets them: what was read cannot be read without a trace.
 */
export async function noteOpening(tx: Tx, now: Instant, opening: Opening): Promise<void> {
  await note(tx, 'payloads', 'payloadsOpened', now, opening);
}
