/**
 * The hand-over file as it leaves: a PDF for people and the same data as JSON for the software of a partner.
 */
import { checkPack, missingPiecesOf } from './litigation-pack.ts';
import type { LitigationPack } from './litigation-pack.ts';
import { packDocument } from './pack-document.ts';
import { packVocabulary } from './pack-vocabulary.ts';
import { pdfOf } from './pdf.ts';

/**
 * Both shapes of the file; the same pack always gives the same bytes, and the keys of the JSON are sorted.
 *
 * Throws when the ledger does not explain the balance of each invoice.
 */
export async function composePack(pack: LitigationPack): Promise<{ pdf: Buffer; json: string }> {
  checkPack(pack);
  const pdf = await pdfOf(packDocument(pack), {
    title: `${packVocabulary[pack.language].title} – ${pack.reference}`,
    author: pack.creditor.legalName,
    language: pack.language === 'fr' ? 'fr-FR' : 'en-GB',
    day: pack.today,
  });
  const file = {
    ...pack,
    format: 'relance/litigation-pack',
    formatVersion: 1,
    missing: missingPiecesOf(pack),
  };
  return { pdf, json: `${JSON.stringify(sorted(file), null, 2)}\n` };
}

function sorted(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(sorted);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, sorted(value)]),
  );
}
