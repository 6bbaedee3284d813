import { sql } from 'kysely';
import { archiveSubject, moveArchived } from '../../../db/audit/archive.ts';
import type { ArchivedRun } from '../../../db/audit/archive.ts';
import { inPages } from '../../../db/in-pages.ts';
import { note } from '../../../db/journal.ts';
import { sha256Of } from '../../../db/sha256.ts';
import type { Instant } from '../../../domain/time.ts';
import { readArchived } from './archive.ts';
import type { Archive } from './archive.ts';
import { placeOf } from './archive-run.ts';
import type { Run } from './archive-run.ts';

export interface Resealed {
  readonly moved: number;
  /** Those that stayed as they were, with the reason of each. */
  readonly failed: readonly { readonly run: Run; readonly reason: string }[];
}

const rowsAtOnce = 100;

/**
 * Seals the archive with the first key of the ring and brings all of it to the store of today; what is so already stays.
 *
 * Afterwards the keys behind the first open nothing here any more. Each history is read and checked before it moves, and
 * the old object goes when its row names the new one, so whoever is interrupted goes on where he was. One that can't be
 * read stays as it is, and is told. `now` is business time.
 */
export async function resealArchive(archive: Archive, now: Instant): Promise<Resealed> {
  const failed: { run: Run; reason: string }[] = [];
  let moved = 0;
  const read = (after: string | null) =>
    archive.db
      .selectFrom('archived_run')
      .selectAll()
      .where('run_id', '>', after ?? '')
      .where(
        sql<boolean>`(sealed_with is distinct from ${archive.seal.keyId} or kept_in <> ${archive.store.name})`,
      )
      .orderBy('run_id')
      .limit(rowsAtOnce)
      .execute();
  for await (const rows of inPages(rowsAtOnce, read, (row) => row.run_id))
    for (const row of rows)
      try {
        if (await move(archive, row)) moved += 1;
      } catch (failure) {
        const run = { workflowId: row.workflow_id, runId: row.run_id };
        failed.push({ run, reason: failure instanceof Error ? failure.message : String(failure) });
      }
  if (moved > 0)
    await archive.db.transaction().execute((tx) =>
      note(tx, archiveSubject, 'archiveResealed', now, {
        runs: moved,
        keyId: archive.seal.keyId,
        keptIn: archive.store.name,
      }),
    );
  return { moved, failed };
}

/** Moves one history; false when somebody else did meanwhile. */
async function move(archive: Archive, run: ArchivedRun): Promise<boolean> {
  const found = await readArchived(archive, run);
  if ('wrong' in found) throw new Error(found.wrong);
  const of = { workflowId: run.workflow_id, runId: run.run_id };
  const { bytes, sealedWith } = archive.seal.seal(of, found.json);
  const sha256 = sha256Of(bytes);
  const place = placeOf(of, sha256);
  await archive.store.put(place, bytes);
  const isOurs = await moveArchived(archive.db, run, {
    kept_in: archive.store.name,
    place,
    bytes: bytes.length,
    sha256,
    sealed_with: sealedWith,
  });
  const [store, left] = isOurs ? [archive.storeNamed(run.kept_in), run.place] : [archive.store, place];
  await store.remove(left).catch((failure: unknown) => {
    throw new Error(
      `was sealed anew, and ${left} must be removed from ${store.name} by hand: ${String(failure)}`,
    );
  });
  return isOurs;
}
