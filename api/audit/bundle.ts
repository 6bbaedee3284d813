import { readFile } from 'node:fs/promises';
import type { ArchivedFile } from '../../activities/compose/litigation-archive.ts';
import { pathPart, wholeOf } from '../../activities/compose/litigation-archive.ts';
import { streamedArchive } from '../../activities/compose/streamed-archive.ts';
import { atOneMoment } from '../../db/at-one-moment.ts';
import { noteAccess } from '../../db/audit/accesses.ts';
import { readInvoiceRecord } from '../../db/audit/invoice-record.ts';
import { lawDay } from '../../db/calendars.ts';
import { claimOfFile } from '../../db/claim-of-file.ts';
import type { House } from '../../db/house.ts';
import { missingIn } from '../../domain/law/law-value.ts';
import type { Language } from '../../domain/message.ts';
import { anchorFiles } from './bundle-anchors.ts';
import { chainsGiven, dataFiles } from './bundle-data.ts';
import { bundleDocument } from './bundle-document.ts';
import type { BundleFile } from './bundle-file.ts';
import { historyFiles } from './bundle-histories.ts';
import type { HistoriesAt } from './bundle-histories.ts';
import { messageFiles } from './bundle-messages.ts';
import { bundlePage } from './bundle-page.ts';
import { paperFiles, placedPapers } from './bundle-papers.ts';
import { readMe } from './bundle-read-me.ts';
import { sectionsOf } from './bundle-sections.ts';
import { summaryOf } from './bundle-summary.ts';
import { thirdPersonsIn } from './third-persons.ts';
import type { Discretion } from './third-persons.ts';

export interface BundleAsked {
  readonly language: Language;
  readonly thirdPersons: Discretion;
  /** The id of the user; `operator` for whoever works at the machine itself. */
  readonly by: string;
}

/** The house whose invoice it is, and where histories of workflows are. */
export interface BundleSource extends HistoriesAt {
  readonly house: House;
}

export interface Bundle {
  /** A name for the file: `relance-F-1-2026-06-03.zip`. */
  readonly name: string;
  readonly pieces: AsyncGenerator<Uint8Array>;
}

/**
 * The file of one invoice for an auditor or a court: a ZIP that opens offline, with everything on record, a readable
 * page, and a script that verifies all of it without Relance.
 *
 * The record is read in one snapshot; papers follow one at a time while the archive is written, so that it needs no more
 * memory than the record and its largest paper. The same state on the same business day gives the same bytes; the journal keeps the hash by
 * which it is known, so that the house can say later whether it gave this very one. Throws when
 * the invoice is not here.
 */
export async function bundleOf(
  { house, ...at }: BundleSource,
  invoiceId: string,
  asked: BundleAsked,
): Promise<Bundle> {
  const now = await house.clock.now();
  const bundle = await atOneMoment(house.db, async (tx): Promise<BundleFile> => {
    const record = await readInvoiceRecord(tx, house, invoiceId);
    const today = lawDay(now);
    const { language, thirdPersons } = asked;
    return {
      record,
      third: thirdPersonsIn(record, thirdPersons, language),
      language,
      today,
      now,
      claim: await claimOfFile(tx, record.collection, today, today).catch(missingIn),
    };
  });
  const { invoice } = bundle.record.file;
  const name = `relance-${pathPart(invoice.number)}${invoice.term > 1 ? `-${invoice.term}` : ''}`;
  return {
    name: `${name}-${bundle.today}.zip`,
    pieces: streamedArchive(filesOf({ house, ...at }, bundle), async (manifest) => {
      const whole = `whole=${wholeOf(manifest)}`;
      const given = { by: asked.by, what: 'bundle given', about: [`invoice/${invoiceId}`], filters: [whole] };
      await house.db.transaction().execute((tx) => noteAccess(tx, now, given));
      return aboutOf(bundle);
    }),
  };
}

async function* filesOf({ house, ...at }: BundleSource, bundle: BundleFile): AsyncGenerator<ArchivedFile> {
  const papers = placedPapers(bundle);
  const [summary, sections] = [summaryOf(bundle), sectionsOf(bundle, papers)];
  yield readMe(summary);
  yield { path: 'index.html', bytes: Buffer.from(bundlePage(bundle, summary, sections)) };
  yield { path: 'timeline.pdf', bytes: await bundleDocument(bundle, summary, sections) };
  yield { path: 'verify.mjs', bytes: await readFile(verifier) };
  yield* dataFiles(bundle);
  yield* anchorFiles(bundle);
  for (const [place, said] of bundle.record.messages.entries())
    yield* messageFiles(bundle, said, place, papers);
  yield* paperFiles(house.db, papers);
  yield* historyFiles(at, bundle.record);
}

const verifier = new URL('./verify-bundle.mjs', import.meta.url);

/** What the manifest says beside its files; the verifier reads it. */
function aboutOf(bundle: BundleFile): object {
  const { record, third, language, today } = bundle;
  const { invoice } = record.file;
  return {
    format: 'relance/invoice-bundle',
    formatVersion: 1,
    language,
    thirdPersons: third.discretion,
    day: today,
    invoice: { id: invoice.id, number: invoice.number, term: invoice.term },
    chains: chainsGiven(bundle),
    facts: record.collection.fact,
    balanceCents: invoice.balance_cents,
  };
}
