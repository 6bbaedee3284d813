import type { Instant } from '../domain/time.ts';
import type { Tx } from './database.ts';
import { note } from './journal.ts';

/** Somebody takes a list with him. */
export interface Export {
  readonly by: string;
  readonly what: 'invoices' | 'tasks' | 'rejected rows';
  /** The names of the filters that cut it; what was looked for may be somebody's name. */
  readonly filters: readonly string[];
  readonly importId?: string;
}

/**
 * Writes into the journal that somebody takes a list with him; all such entries are one chain, `exports`.
 *
 * To be committed before its first row leaves: nothing is taken without a trace.
 */
export async function noteExport(tx: Tx, now: Instant, taken: Export): Promise<void> {
  await note(tx, 'exports', 'exported', now, taken);
}
