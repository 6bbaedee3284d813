import type { ArchiveSettings } from '../../../config.ts';
import type { ArchivedRun } from '../../../db/audit/archive.ts';
import type { Db } from '../../../db/database.ts';
import { sha256Of } from '../../../db/sha256.ts';
import type { Sealing } from '../../sealing/data-converter.ts';
import { folderStore } from './folder-store.ts';
import { postgresStore } from './postgres-store.ts';
import { s3Store } from './s3-store.ts';
import { ArchiveSeal } from './sealed-object.ts';
import type { ArchiveStore } from './store.ts';

/** Where closed runs are kept: the rows that list them, the stores that hold their histories, and what seals those. */
export interface Archive {
  readonly db: Db;
  readonly seal: ArchiveSeal;
  /** Where new histories go. */
  readonly store: ArchiveStore;
  /** Where older ones may lie; throws an Error with the remedy when the settings do not name it. */
  storeNamed(name: ArchiveStore['name']): ArchiveStore;
}

/** The archive of the settings. */
export function openArchive(db: Db, settings: Sealing & Partial<ArchiveSettings>): Archive {
  const stores = storesOf(db, settings);
  const storeNamed: Archive['storeNamed'] = (name) => {
    const store = stores.find((candidate) => candidate.name === name);
    if (store) return store;
    const missing = name === 'folder' ? 'ARCHIVE_FOLDER' : 'ARCHIVE_S3_ENDPOINT and its sisters';
    throw new Error(`histories lie in the store ${name}, and this process does not know it: set ${missing}`);
  };
  return {
    db,
    seal: new ArchiveSeal(settings.PAYLOAD_KEYS_FILE, settings.TEMPORAL_NAMESPACE),
    store: storeNamed(settings.ARCHIVE_IN ?? 'postgres'),
    storeNamed,
  };
}

function storesOf(db: Db, settings: Partial<ArchiveSettings>): readonly ArchiveStore[] {
  const { ARCHIVE_FOLDER: folder, ARCHIVE_S3_ENDPOINT: endpoint, ARCHIVE_S3_BUCKET: bucket } = settings;
  const { ARCHIVE_S3_REGION: region = 'us-east-1', ARCHIVE_S3_KEY_ID: keyId } = settings;
  const { ARCHIVE_S3_SECRET: secret } = settings;
  return [
    postgresStore(db),
    ...(folder ? [folderStore(folder)] : []),
    ...(endpoint && bucket && keyId && secret ? [s3Store({ endpoint, bucket, region, keyId, secret })] : []),
  ];
}

/** What became of an archived history: its JSON, or what is wrong with it, as it reads after the name of the run. */
export type Kept = { readonly json: string } | { readonly wrong: string };

/** Reads the history of an archived run and checks it against what its row says. Throws when the store can't be asked. */
export async function readArchived(archive: Archive, run: ArchivedRun): Promise<Kept> {
  const bytes = await archive.storeNamed(run.kept_in).get(run.place);
  if (!bytes) return { wrong: `is not in the store ${run.kept_in} any more (${run.place})` };
  if (sha256Of(bytes) !== run.sha256)
    return { wrong: `was altered in the store ${run.kept_in} (${run.place})` };
  const found = archive.seal.open({ workflowId: run.workflow_id, runId: run.run_id }, bytes);
  if ('shut' in found) return { wrong: found.shut };
  if (sha256Of(found.json) !== run.history_sha256)
    return { wrong: 'was replaced: its history is not the one that its row names' };
  return found;
}
