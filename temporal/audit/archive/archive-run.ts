import type { Client } from '@temporalio/client';
import { noteArchived } from '../../../db/audit/archive.ts';
import type { Clock } from '../../../db/clock.ts';
import { sha256Of } from '../../../db/sha256.ts';
import { grpcCodeOf, grpcCodes } from '../../grpc-code.ts';
import { openedHistory } from '../../sealing/opened-history.ts';
import type { History } from '../../sealing/opened-history.ts';
import type { Archive } from './archive.ts';
import { runIn, textOfHistory } from './closed-run.ts';
import type { RunInHistory } from './closed-run.ts';

export interface Archivist {
  readonly archive: Archive;
  readonly client: Client;
  readonly clock: Clock;
}

export interface Run {
  readonly workflowId: string;
  readonly runId: string;
}

/**
 * Archives one run, if it is closed: its history goes to the store first, then its row and the journal say so.
 *
 * Whoever dies in between leaves an object that nobody names, and no row without its object. Two at once write to two
 * places, since a sealed object is never the same twice, and one row wins. Answers what the history says of the run;
 * undefined when Temporal does not know it any more. Throws when Temporal, the store or Postgres can't be reached.
 */
export async function archiveRun(
  { archive, client, clock }: Archivist,
  run: Run,
): Promise<RunInHistory | undefined> {
  const found = await openedHistoryOf(client, run);
  if (!found) return undefined;
  const about = runIn(found);
  if (about.closedAt === null) return about;

  const { db, seal, store } = archive;
  const json = textOfHistory(found);
  const { bytes, sealedWith } = seal.seal(run, json);
  const sha256 = sha256Of(bytes);
  const place = placeOf(run, sha256);
  await store.put(place, bytes).catch((failure: unknown) => {
    throw new StoreFailed(failure);
  });
  const isNew = await noteArchived(db, await clock.now(), {
    run_id: run.runId,
    workflow_id: run.workflowId,
    workflow_type: about.workflowType,
    started_at: new Date(about.startedAt),
    closed_at: new Date(about.closedAt),
    status: about.status,
    continued_from: about.continuedFrom,
    continues_as: about.continuesAs,
    events: about.events,
    kept_in: store.name,
    place,
    bytes: bytes.length,
    sha256,
    sealed_with: sealedWith,
    history_sha256: sha256Of(json),
  });
  if (!isNew) await store.remove(place);
  return about;
}

/** The history of a run as Temporal has it, opened; undefined when it has none. */
export async function openedHistoryOf(
  client: Client,
  { workflowId, runId }: Run,
): Promise<History | undefined> {
  try {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    return await openedHistory(history, client.options.loadedDataConverter.payloadCodecs);
  } catch (failure) {
    if (grpcCodeOf(failure) === grpcCodes.notFound) return undefined;
    throw failure;
  }
}

/** The store did not take an object: the next will go no better. */
export class StoreFailed extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'StoreFailed';
  }
}

/**
 * Where an object lies: no two ever lie at one place, so none is ever written over. Throws for what is not named as ours
 * are: whoever may start workflows could else name a place outside the archive.
 */
export function placeOf({ workflowId, runId }: Run, sha256: string): string {
  if (!/^[a-z]+\/[\w-]+$/.test(workflowId) || !/^[\w-]+$/.test(runId))
    throw new Error('it is not named as our workflows are, so it has no place in the archive');
  return `${workflowId}/${runId}/${sha256.slice(0, 32)}`;
}
