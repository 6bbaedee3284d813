import { readMark } from '../../../db/audit/archive.ts';
import type { Pantry } from '../chores.ts';
import type { Chore } from '../night-watch.ts';
import { archiveClosed } from './archive-closed.ts';
import { openArchive } from './archive.ts';

/**
 * The archive as a chore of the night watch: every few minutes, whatever has closed.
 *
 * What could not be archived is told each time, with the first reason; it is found again by the next round.
 */
export function archiveChore({ house, temporal: client, config }: Pantry): Chore {
  const { db, clock } = house;
  const archivist = { archive: openArchive(db, config), client, clock };
  const everyMs = config.ARCHIVE_EVERY_SECONDS * 1_000;
  return {
    name: 'the archive of closed runs',
    due: async ({ machine }) => {
      const { looked_at: lookedAt } = await readMark(db);
      return lookedAt === null || machine - lookedAt >= everyMs;
    },
    do: async ({ machine }, stop) => {
      const { failed } = await archiveClosed(archivist, { now: machine, stop });
      const [first] = failed;
      if (first)
        throw new Error(
          `${failed.length} closed runs and maybe others are not archived, ${first.run.workflowId} among them: ${first.reason}`,
        );
    },
  };
}
