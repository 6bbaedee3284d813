import type { Client } from '@temporalio/client';
import type { ArchivedFile } from '../../activities/compose/litigation-archive.ts';
import type { InvoiceRecord } from '../../db/audit/invoice-record.ts';
import { subjectOf } from '../../db/journal.ts';
import { isReachable, within } from '../../temporal/connection.ts';
import type { Archive } from '../../temporal/audit/archive/archive.ts';
import { textOfHistory } from '../../temporal/audit/archive/closed-run.ts';
import { readHistories } from '../../temporal/audit/histories.ts';
import type { RunHistory } from '../../temporal/audit/histories.ts';
import { jsonFile, numbered } from './bundle-file.ts';

/** Where the histories of workflows are; Temporal is not asked where it is null. */
export interface HistoriesAt {
  readonly archive: Archive;
  readonly client: Client | null;
}

const patienceMs = 10_000;

/**
 * What Temporal did for the invoice and its disputes, run by run, as its own tools read it, live or from the archive.
 *
 * Where Temporal does not answer, what is archived is given and the list says so: a file for a court does not wait for it.
 */
export async function* historyFiles(
  at: HistoriesAt,
  { collection, past }: InvoiceRecord,
): AsyncGenerator<ArchivedFile> {
  const disputes = past.entries.flatMap(({ fact }) =>
    fact?.type === 'disputeOpened' ? [`dispute/${fact.disputeId}`] : [],
  );
  const listed: object[] = [];
  let isAsked = at.client !== null && (await isReachable(at.client));
  let place = 0;
  for (const workflowId of [subjectOf(collection.invoiceId), ...disputes]) {
    const live = isAsked ? await readLive(at, workflowId) : null;
    if (live === null) isAsked = false;
    for (const run of live ?? (await readHistories({ ...at, client: null }, workflowId))) {
      const { history, ...about } = run;
      const path =
        history === null ? null : `histories/${numbered(place)}-${workflowId.split('/')[0] ?? ''}.json`;
      place += 1;
      listed.push({ ...about, startedAt: instant(run.startedAt), closedAt: instant(run.closedAt), path });
      if (history !== null && path !== null) yield { path, bytes: Buffer.from(textOfHistory(history)) };
    }
  }
  yield jsonFile('histories/index.json', { temporalAnswered: isAsked, runs: listed });
}

/** Null where Temporal does not answer. */
async function readLive(at: HistoriesAt, workflowId: string): Promise<readonly RunHistory[] | null> {
  const { client } = at;
  if (!client) return null;
  try {
    return await within(client, patienceMs, () => readHistories(at, workflowId));
  } catch {
    // The list of histories says that it was not asked, and the verifier what can't be compared for that.
    return null;
  }
}

function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
