import { pathPart } from '../../activities/compose/litigation-archive.ts';
import type { ArchivedFile } from '../../activities/compose/litigation-archive.ts';
import type { Paper } from '../../db/audit/papers.ts';
import type { Db } from '../../db/database.ts';
import { sha256Of } from '../../db/sha256.ts';
import { jsonFile, numbered } from './bundle-file.ts';
import type { BundleFile } from './bundle-file.ts';
import { folderOf } from './bundle-messages.ts';

/**
 * A paper with its place in the bundle; without one where it was taken out of its file, or is kept back since nothing in a
 * PDF can be masked.
 */
export interface PlacedPaper {
  readonly paper: Paper;
  /** Its name as it is told. */
  readonly name: string;
  readonly path: string | null;
}

/** Where each paper stands: a letter with its message, all others under `documents/`. */
export function placedPapers({ record, third }: BundleFile): readonly PlacedPaper[] {
  const letters = new Map(
    record.messages.flatMap((said, place) =>
      said.message.document_id === null
        ? []
        : [[said.message.document_id, folderOf(said, place, record.file.creditor.zone)] as const],
    ),
  );
  let place = 0;
  return record.papers.map((paper) => {
    const name = third.freeWords(paper.name)?.text ?? paper.kind;
    const folder = letters.get(paper.id);
    if (folder !== undefined) return { paper, name, path: `${folder}/letter.pdf` };
    place += 1;
    const path = `documents/${numbered(place - 1)}-${paper.kind}-${pathPart(name)}`;
    const isGiven = !paper.removed && !isKeptBack(paper, third.discretion);
    return { paper, name, path: isGiven ? path : null };
  });
}

/**
 * A pack lists every contact of the debtor, and what we said among us names whom it likes. What the debtor and we have
 * exchanged is between parties; where third persons are left out, papers that anybody has handed in are too.
 */
function isKeptBack({ kind, way }: Paper, discretion: BundleFile['third']['discretion']): boolean {
  if (discretion === 'full') return false;
  return kind === 'litigation_pack' || way === 'internal' || discretion === 'left_out';
}

/** The papers one at a time, each read when its turn comes, and then their list. */
export async function* paperFiles(db: Db, papers: readonly PlacedPaper[]): AsyncGenerator<ArchivedFile> {
  const listed: object[] = [];
  for (const { paper, name, path } of papers) {
    const about = {
      documentId: paper.id,
      kind: paper.kind,
      name,
      mediaType: paper.media_type,
      at: new Date(paper.at).toISOString(),
      way: paper.way,
    };
    const row =
      path === null
        ? undefined
        : await db.selectFrom('document').select('bytes').where('id', '=', paper.id).executeTakeFirst();
    if (path === null || !row || row.bytes.length === 0) {
      const state = paper.removed ? 'removed' : path === null ? 'left_out' : 'erased';
      listed.push({ ...about, path: null, state });
      continue;
    }
    listed.push({
      ...about,
      path,
      state: 'whole',
      sha256: sha256Of(row.bytes),
    });
    yield { path, bytes: row.bytes };
  }
  yield jsonFile('documents/index.json', listed);
}
