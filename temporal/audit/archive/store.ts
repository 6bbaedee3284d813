import type { ArchivedRunTable } from '../../../db/schema.ts';

/**
 * Where the histories of closed runs are kept. What lies at a place never changes: something else has another place.
 *
 * Each may fail for a while, as all that lies behind a network; whoever asks tries again later.
 */
export interface ArchiveStore {
  readonly name: ArchivedRunTable['kept_in'];
  /** Resolves when it is kept for good. */
  put(place: string, bytes: Buffer): Promise<void>;
  /** What lies there; undefined when nothing does. */
  get(place: string): Promise<Buffer | undefined>;
  /** Does nothing where nothing lies. */
  remove(place: string): Promise<void>;
}
