import {
  anchorIsKept,
  anchorIsStamped,
  anchorsToKeep,
  dayOfAnchor,
  listToKeep,
  makeAnchor,
  newestAnchor,
} from '../../../db/audit/anchor/anchors.ts';
import type { AnchorOutside, AnchorRow, Signer } from '../../../db/audit/anchor/anchors.ts';
import type { Db } from '../../../db/database.ts';
import type { CivilDate, Instant } from '../../../domain/time.ts';
import type { Chore } from '../night-watch.ts';
import { keepAnchor, keepTimeStamp, newestOutside } from './anchor-folder.ts';
import { askForTimeStamp } from './ask-for-time-stamp.ts';
import type { Authority } from './ask-for-time-stamp.ts';

export interface Anchoring {
  readonly db: Db;
  /** Where anchors are kept outside the database, and what signs them; without, they stay in it alone. */
  readonly outside: { readonly folder: string; readonly signer: Signer } | null;
  readonly authority: Authority | null;
}

/**
 * The anchors as a chore of the night watch: one for each day of the machine in UTC, the first at the first start.
 *
 * Making, keeping and stamping are three steps, each remembered by the row: what a full disk or a silent authority holds up
 * is told and tried again, and the next day's anchor is made all the same. Only the newest is stamped, for it names all before.
 */
export function anchorChore(anchoring: Anchoring): Chore {
  const { db, outside, authority } = anchoring;
  /** The day of the newest one outside, which may be newer than that of a database that was restored. */
  let dayOutside: CivilDate = '';
  return {
    name: 'the anchor of the journal',
    due: async ({ machine }) => {
      const newest = await newestAnchor(db);
      const today = dayOfAnchor(machine);
      if ((!newest || newest.day < today) && dayOutside < today) return true;
      return (
        (outside !== null && (await anchorsToKeep(db)).length > 0) ||
        (authority !== null && newest?.time_stamp === null)
      );
    },
    do: async (now) => {
      const there = outside ? await lookOutside(outside.folder) : { newest: null, failure: null };
      dayOutside = there.newest?.day ?? '';
      await makeAnchor(db, now, outside?.signer ?? null, there.newest);
      if (there.failure) throw there.failure;
      if (outside)
        for (const row of await anchorsToKeep(db)) {
          const name = await keepAnchor(outside.folder, row, await listToKeep(db, row));
          await anchorIsKept(db, row.n, name, now.machine);
        }
      if (authority) await stampNewest(anchoring, authority, now.machine);
    },
  };
}

/** A folder that can't be read holds up no anchor: it is made in the database, and told. */
async function lookOutside(
  folder: string,
): Promise<{ readonly newest: AnchorOutside | null; readonly failure: Error | null }> {
  try {
    return { newest: await newestOutside(folder), failure: null };
  } catch (fault) {
    return { newest: null, failure: fault as Error };
  }
}

async function stampNewest(
  { db, outside }: Anchoring,
  authority: Authority,
  machine: Instant,
): Promise<void> {
  const newest: AnchorRow | undefined = await newestAnchor(db);
  if (!newest || newest.time_stamp !== null) return;
  const stamp = await askForTimeStamp(authority, Buffer.from(newest.statement));
  if (outside && newest.kept_as !== null) await keepTimeStamp(outside.folder, newest.kept_as, stamp);
  await anchorIsStamped(db, newest.n, stamp, machine);
}
