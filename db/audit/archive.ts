import { sql } from 'kysely';
import type { Insertable, Selectable } from 'kysely';
import type { Instant } from '../../domain/time.ts';
import type { Db, Tx } from '../database.ts';
import { note } from '../journal.ts';
import type { ArchivedRunTable } from '../schema.ts';

/** A closed run of a workflow and where its history lies. */
export type ArchivedRun = Selectable<ArchivedRunTable>;
export type NewArchivedRun = Omit<Insertable<ArchivedRunTable>, 'archived_at'>;

/** The chain of the journal that says which runs were archived, and with which history. */
export const archiveSubject = 'archive';

/** What the journal says of a run when it is archived. */
export interface RunArchived {
  readonly workflowId: string;
  readonly runId: string;
  readonly events: number;
  readonly historySha256: string;
}

/** Notes that a run is archived, in its row and in the journal; false when it was noted before. `now` is business time. */
export async function noteArchived(db: Db, now: Instant, run: NewArchivedRun): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const { numInsertedOrUpdatedRows: added } = await tx
      .insertInto('archived_run')
      .values(run)
      .onConflict((clash) => clash.doNothing())
      .executeTakeFirstOrThrow();
    if (added !== 1n) return false;
    const body: RunArchived = {
      workflowId: run.workflow_id,
      runId: run.run_id,
      events: run.events,
      historySha256: run.history_sha256,
    };
    await note(tx, archiveSubject, 'runArchived', now, body);
    return true;
  });
}

/** The archived runs of a workflow, oldest first. */
export async function archivedRunsOf(db: Db, workflowId: string): Promise<readonly ArchivedRun[]> {
  return db
    .selectFrom('archived_run')
    .selectAll()
    .where('workflow_id', '=', workflowId)
    .orderBy('started_at')
    .orderBy('run_id')
    .execute();
}

/** Those of the runs that are not archived yet. */
export async function notArchived<Run extends { readonly runId: string }>(
  db: Db,
  runs: readonly Run[],
): Promise<readonly Run[]> {
  if (runs.length === 0) return [];
  const rows = await db
    .selectFrom('archived_run')
    .select('run_id')
    .where(
      'run_id',
      'in',
      runs.map(({ runId }) => runId),
    )
    .execute();
  const known = new Set(rows.map(({ run_id: id }) => id));
  return runs.filter(({ runId }) => !known.has(runId));
}

/** Archived runs by their ids. */
export async function archivedRuns(
  db: Db,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, ArchivedRun>> {
  if (runIds.length === 0) return new Map();
  const rows = await db.selectFrom('archived_run').selectAll().where('run_id', 'in', runIds).execute();
  return new Map(rows.map((row) => [row.run_id, row]));
}

/** What the journal says was archived, behind a place in its chain, so much at once. */
export async function archivedAfter(
  db: Db,
  seq: number,
  countMax: number,
): Promise<readonly (RunArchived & { readonly seq: number })[]> {
  const rows = await db
    .selectFrom('journal')
    .select(['seq', 'body'])
    .where('subject', '=', archiveSubject)
    .where('type', '=', 'runArchived')
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(countMax)
    .execute();
  return rows.map((row) => ({ ...(JSON.parse(row.body) as RunArchived), seq: row.seq }));
}

/** Archived runs of which the journal says nothing, the first hundred. */
export async function notJournaled(db: Db): Promise<readonly ArchivedRun[]> {
  return db
    .selectFrom('archived_run')
    .selectAll()
    .where(
      sql<boolean>`run_id not in (select body::jsonb ->> 'runId' from journal where subject = ${archiveSubject} and type = 'runArchived')`,
    )
    .limit(100)
    .execute();
}

/**
 * Notes in the journal when there came to be an archive, once: what was over before may be missing. The row alone could
 * be set to any other moment.
 */
export async function noteBeginning(db: Db, now: Instant): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const mark = await tx.selectFrom('archive_mark').select('began_at').forUpdate().executeTakeFirstOrThrow();
    if ((await beginningIn(tx)) !== null) return;
    await note(tx, archiveSubject, 'archiveBegan', now, { beganAt: new Date(mark.began_at).toISOString() });
  });
}

/** When there came to be an archive, by the machine's time, as the journal has it; as the row has it before any round. */
export async function archiveBegan(db: Db): Promise<Instant> {
  return (await beginningIn(db)) ?? (await readMark(db)).began_at;
}

async function beginningIn(db: Db | Tx): Promise<Instant | null> {
  const entry = await db
    .selectFrom('journal')
    .select('body')
    .where('subject', '=', archiveSubject)
    .where('type', '=', 'archiveBegan')
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  return entry ? Date.parse((JSON.parse(entry.body) as { beganAt: string }).beganAt) : null;
}

/** Says where the history of a run lies from now on; false when somebody else moved it meanwhile. */
export async function moveArchived(
  db: Db,
  run: ArchivedRun,
  to: Pick<ArchivedRun, 'kept_in' | 'place' | 'bytes' | 'sha256' | 'sealed_with'>,
): Promise<boolean> {
  const { numUpdatedRows: moved } = await db
    .updateTable('archived_run')
    .set(to)
    .where('run_id', '=', run.run_id)
    .where('place', '=', run.place)
    .executeTakeFirstOrThrow();
  return moved === 1n;
}

/** Until when the archive has seen every closed run, and when it last looked; by the machine's time. */
export interface ArchiveMark {
  /** When there came to be an archive. */
  readonly began_at: Instant;
  readonly looked_at: Instant | null;
  readonly closed_until: Instant | null;
  readonly whole_at: Instant | null;
}

export async function readMark(db: Db): Promise<ArchiveMark> {
  return db
    .selectFrom('archive_mark')
    .select(['began_at', 'looked_at', 'closed_until', 'whole_at'])
    .executeTakeFirstOrThrow();
}

export async function setMark(
  db: Db,
  mark: Partial<Record<Exclude<keyof ArchiveMark, 'began_at'>, Instant>>,
): Promise<void> {
  const dates = Object.entries(mark).map(([name, at]) => [name, new Date(at)]);
  await db
    .updateTable('archive_mark')
    .set(Object.fromEntries(dates) as object)
    .execute();
}
