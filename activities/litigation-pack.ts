import { dayInZone } from '../db/calendars.ts';
import { readCaseFile } from '../db/case-file.ts';
import { collectionFrom } from '../db/journal.ts';
import type { Db, Tx } from '../db/database.ts';
import { readInsolvency } from '../db/declaration-reads.ts';
import type { Desk, InvoiceFile } from '../db/desk.ts';
import type { House } from '../db/house.ts';
import { invoiceIdsOf } from '../db/litigation.ts';
import { piecesOf } from '../db/litigation-pieces.ts';
import type { LitigationRow } from '../db/litigation.ts';
import { caseOf } from '../db/litigation-case.ts';
import type { LitigationCase } from '../db/litigation-case.ts';
import { sha256Of } from '../db/sha256.ts';
import { uuidv7 } from '../db/uuid.ts';
import { allEyes } from '../db/visible.ts';
import type { Collection } from '../domain/collection.ts';
import type { Instant } from '../domain/time.ts';
import { declarationPdf } from './compose/declaration.ts';
import { litigationArchive, pathPart } from './compose/litigation-archive.ts';
import type { ArchivedFile, ManifestLine } from './compose/litigation-archive.ts';
import { piecesMissing } from './compose/litigation-pack.ts';
import type { LitigationPack } from './compose/litigation-pack.ts';
import { composePack } from './compose/pack.ts';
import { csv, penaltySheet } from './compose/penalty-sheet.ts';
import { drawDeclarations, nameOfDeclaration } from './draw-declarations.ts';
import { packFrom } from './hand-over.ts';

/** What a partner gets: everything that proves the claim, in one archive. */
export interface Archive {
  readonly name: string;
  readonly zip: Buffer;
  readonly manifest: readonly ManifestLine[];
}

/**
 * Draws up the pack of a litigation file as it is now.
 *
 * The file for people and for programs, the statement, the penalty sheet with every line of its computation, what was
 * handed in, the letters that were sent and their proofs, and a manifest that verifies all of it.
 */
export async function litigationPack(
  db: Db | Tx,
  house: House,
  row: LitigationRow,
  now: Instant,
): Promise<Archive> {
  const ids = await invoiceIdsOf(db, row);
  const packs: LitigationPack[] = [];
  for (const id of ids) {
    const file = await readCaseFile(db, house, id);
    const collection: Collection = await collectionFrom(db, house.rules, file.invoice.collection);
    packs.push(packFrom(file, collection, now, []));
  }
  const [first] = packs;
  if (!first) throw new Error(`litigation ${row.id} has no invoice`);
  const claimed = await caseOf(db, row, first.today);
  const firm = row.firm_id
    ? await db.selectFrom('firm').select('name').where('id', '=', row.firm_id).executeTakeFirst()
    : undefined;
  const whole = merged(packs, claimed, {
    reference: referenceOf(row),
    ...(firm ? { handedOverTo: firm.name } : {}),
  });
  const { pdf, json } = await composePack(whole);
  const files: ArchivedFile[] = [
    { path: 'dossier.pdf', bytes: pdf },
    { path: 'dossier.json', bytes: Buffer.from(json) },
    { path: 'releve.csv', bytes: Buffer.from(statementOf(whole)) },
    { path: 'penalites.csv', bytes: Buffer.from(penaltySheet(claimed.invoices)) },
    {
      path: 'penalites.json',
      bytes: Buffer.from(
        `${JSON.stringify(
          claimed.invoices.map(({ claim }) => claim),
          null,
          2,
        )}\n`,
      ),
    },
    ...(await declared(db, house, row, ids, now)),
    ...(await handedIn(db, row)),
    ...(await sentTo(db, ids)),
  ];
  const about = {
    format: 'relance/litigation-archive',
    formatVersion: 1,
    litigationId: row.id,
    reference: referenceOf(row),
    day: first.today,
    missing: claimed.readiness.missing,
    incompleteBecause: row.incomplete_because,
  };
  return { name: `${referenceOf(row)}.zip`, ...litigationArchive(files, about) };
}

/** Keeps the pack with the file. */
export async function keepLitigationPack(
  desk: Desk,
  row: LitigationRow,
  files: readonly InvoiceFile[],
): Promise<{ readonly documentId: string; readonly sha256: string }> {
  const { name, zip } = await litigationPack(desk.tx, desk.house, row, desk.now);
  const documentId = uuidv7();
  const sha256 = sha256Of(zip);
  await desk.tx
    .insertInto('document')
    .values({
      id: documentId,
      kind: 'litigation_pack',
      name,
      media_type: 'application/zip',
      bytes: zip,
      sha256,
      subject: row.id,
      at: new Date(desk.now),
    })
    .execute();
  for (const { id } of files)
    await desk.note(id, 'documentKept', {
      documentId,
      kind: 'litigation_pack',
      mediaType: 'application/zip',
      sha256,
    });
  return { documentId, sha256 };
}

export function referenceOf({ id }: Pick<LitigationRow, 'id'>): string {
  return `CTX-${id.slice(-8).toUpperCase()}`;
}

/** One pack of several: each contact, dispute and entry once. */
function merged(
  packs: readonly LitigationPack[],
  { readiness }: LitigationCase,
  named: { readonly reference: string; readonly handedOverTo?: string },
): LitigationPack {
  const [first] = packs;
  if (!first) throw new Error('a pack is about at least one invoice');
  const chronology = new Map(
    packs.flatMap((pack) =>
      pack.chronology.map((one) => [`${one.sha256 ?? ''}/${one.day}/${one.recipient ?? ''}`, one] as const),
    ),
  );
  const notice = packs.map(({ formalNotice }) => formalNotice).find((one) => one !== undefined);
  const { formalNotice: _first, ...rest } = first;
  return {
    ...rest,
    ...named,
    invoices: packs.flatMap(({ invoices }) => invoices),
    ledger: packs.flatMap(({ ledger }) => ledger),
    chronology: [...chronology.values()].sort((one, other) => (one.day < other.day ? -1 : 1)),
    disputes: packs.flatMap(({ disputes }) => disputes),
    promises: packs.flatMap(({ promises }) => promises),
    ...(notice ? { formalNotice: notice } : {}),
    missing: piecesMissing(readiness.missing),
  };
}

function statementOf({ ledger }: LitigationPack): string {
  return csv([
    ['day', 'kind', 'invoice', 'term', 'reference', 'cents', 'currency'],
    ...ledger.map((entry) => [
      entry.day,
      entry.kind,
      entry.invoiceNumber ?? '',
      String(entry.term ?? ''),
      entry.reference ?? '',
      String(entry.cents),
      entry.currency,
    ]),
  ]);
}

/** The declarations of a debtor in insolvency, with the invoices of the file only: its partner may know of no others. */
async function declared(
  db: Db | Tx,
  house: House,
  row: LitigationRow,
  invoiceIds: readonly string[],
  now: Instant,
): Promise<readonly ArchivedFile[]> {
  const read = await readInsolvency(allEyes, db, row.debtor_id);
  if (!read) return [];
  const cutTo = { reference: referenceOf(row), invoiceIds };
  const files: ArchivedFile[] = [];
  for (const one of await drawDeclarations(db, house, read, row.creditor_id, now, cutTo))
    files.push({ path: `declarations/${nameOfDeclaration(one)}`, bytes: await declarationPdf(one) });
  return files;
}

async function handedIn(db: Db | Tx, row: LitigationRow): Promise<readonly ArchivedFile[]> {
  const pieces = await piecesOf(db, row.id);
  const ids = pieces.flatMap(({ document_id: id }) => id ?? []);
  const documents =
    ids.length === 0
      ? []
      : await db.selectFrom('document').select(['id', 'bytes']).where('id', 'in', ids).execute();
  return pieces.flatMap(({ document_id: id, piece, name }, place) => {
    const document = documents.find((one) => one.id === id);
    const path = `pieces/${String(place + 1).padStart(2, '0')}-${piece}-${pathPart(name ?? '')}`;
    return document ? [{ path, bytes: document.bytes }] : [];
  });
}

/** The letters as they were printed, and the proofs that the post gave. */
async function sentTo(db: Db | Tx, ids: readonly string[]): Promise<readonly ArchivedFile[]> {
  const rows = await db
    .selectFrom('message')
    .innerJoin('document', 'document.id', 'message.document_id')
    .select(['message.id', 'message.claimed_at', 'message.planned_at', 'level', 'document.name', 'bytes'])
    .where('message.purpose', '=', 'contact')
    .where('message.state', 'in', ['accepted', 'delivered', 'unknown'])
    .where('message.id', 'in', (lines) =>
      lines.selectFrom('message_line').select('message_id').where('invoice_id', 'in', ids),
    )
    .orderBy('message.planned_at')
    .orderBy('message.id')
    .execute();
  return rows.map(({ claimed_at: claimed, planned_at: planned, level, name, bytes }, place) => ({
    path: `lettres/${String(place + 1).padStart(2, '0')}-${dayInZone('Europe/Paris', claimed ?? planned)}-${level ?? 'reminder'}-${pathPart(name)}`,
    bytes,
  }));
}
