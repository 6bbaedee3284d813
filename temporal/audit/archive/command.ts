import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { machineTime, readClock } from '../../../db/clock.ts';
import type { Db } from '../../../db/database.ts';
import { lookingAt, whereOptions } from '../../whereabouts.ts';
import type { AuditCommand } from '../command.ts';
import { archiveClosed } from './archive-closed.ts';
import { openArchive } from './archive.ts';
import { resealArchive } from './reseal.ts';

/** `audit archive`: archives what is over now, or seals the archive anew. */
export const archiveCommand: AuditCommand = {
  usage: `  archive             archives the history of whatever is over and not archived yet, which workers do every few minutes
    --reseal          seals the whole archive with the first key of PAYLOAD_KEYS_FILE instead, and brings it to the
                      store that ARCHIVE_IN names; the keys behind the first are needed once more for that`,

  async run(args, say) {
    const options = { ...whereOptions, reseal: { type: 'boolean', default: false } } as const;
    const { values } = parseArgs({ args: [...args], options });
    return lookingAt(values.data, async ({ db, client, settings }) => {
      const archive = openArchive(db, settings);
      const clock = await readClock(db);
      const outcome = values.reseal
        ? await resealArchive(archive, await clock.now())
        : await archiveClosed({ archive, client, clock }, { now: machineTime(), whole: true });
      for (const { run, reason } of outcome.failed) say(`${run.workflowId} run ${run.runId}: ${reason}`);
      const done =
        'moved' in outcome ? `${runsIn(outcome.moved)} sealed anew` : `${runsIn(outcome.archived)} archived`;
      say(
        `${done}${outcome.failed.length === 0 ? '' : `, ${outcome.failed.length} not`}. ${await sizeOf(db)}`,
      );
      return outcome.failed.length === 0 ? 0 : 1;
    });
  },
};

async function sizeOf(db: Db): Promise<string> {
  const { rows } = await sql<{ kept_in: string; runs: number; mb: number }>`
    select kept_in, count(*)::int as runs, round(sum(bytes) / 1e6, 1)::float8 as mb from archived_run group by 1 order by 1`.execute(
    db,
  );
  const parts = rows.map(({ kept_in: where, runs, mb }) => `${runsIn(runs)} in ${where} (${mb} MB)`);
  return rows.length === 0 ? 'The archive is empty.' : `The archive has ${parts.join(', ')}.`;
}

function runsIn(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`;
}
