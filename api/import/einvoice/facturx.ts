import { inflateSync } from 'node:zlib';
import type * as pdfLib from '@cantoo/pdf-lib';
import type { PDFDict, PDFDocument } from '@cantoo/pdf-lib';
import { UnreadableFile } from '../unreadable-file.ts';
import { beginsLikeXml } from './xml-text.ts';

/** The invoice inside a PDF. */
export interface Attachment {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** By these names the standards know the invoice; the first that is there is it. */
const invoiceNames = ['factur-x.xml', 'zugferd-invoice.xml', 'xrechnung.xml'];

/** An invoice of a hundred thousand lines; more is an attempt to fill the memory. */
const attachmentBytesMax = 64 * 1024 * 1024;

/**
 * Takes the XML out of a Factur-X, ZUGFeRD 2 or XRechnung PDF; the printed pages are not looked at.
 *
 * Throws `UnreadableFile` for a PDF that is encrypted, broken, or holds no invoice. A PDF with one XML under another name
 * is read as well: what it is, its root says.
 */
export async function invoiceInPdf(bytes: Uint8Array): Promise<Attachment> {
  // Loaded only for PDFs: the library is large, and most imports have none.
  const pdf = await import('@cantoo/pdf-lib');
  const document = await opened(pdf, bytes);
  const found = attachmentsOf(pdf, document);
  const xml = found.filter(({ name }) => /\.xml$/i.test(name));
  const chosen =
    invoiceNames.map((name) => xml.find((one) => one.name.toLowerCase() === name)).find(Boolean) ??
    (xml.length === 1 ? xml[0] : undefined);
  if (!chosen) {
    const names = found.map(({ name }) => `"${name}"`).join(', ');
    throw new UnreadableFile(
      'pdf-without-invoice',
      names === ''
        ? 'The PDF is a picture of an invoice only: no e-invoice (factur-x.xml) is attached inside it.'
        : `No invoice is attached inside the PDF: factur-x.xml, zugferd-invoice.xml and xrechnung.xml are missing, and there is ${names}.`,
      'Ask for the invoice as Factur-X, UBL or CII, or register it by POST /v1/invoices; lists of invoices can be imported as CSV.',
    );
  }
  const content = contentOf(pdf, chosen.spec, chosen.name);
  if (!beginsLikeXml(content.subarray(0, 400)))
    throw new UnreadableFile(
      'pdf-broken',
      `What is attached inside the PDF as ${chosen.name} is no XML.`,
      'Export the invoice again as Factur-X.',
    );
  return { name: chosen.name, bytes: content };
}

type Pdf = typeof pdfLib;

async function opened(pdf: Pdf, bytes: Uint8Array): Promise<PDFDocument> {
  let document: PDFDocument;
  try {
    document = await pdf.PDFDocument.load(bytes, {
      ignoreEncryption: true,
      updateMetadata: false,
      warnOnInvalidObjects: false,
    });
    if (!document.isEncrypted) document.catalog.Pages();
  } catch (fault) {
    throw broken(fault);
  }
  if (document.isEncrypted)
    throw new UnreadableFile(
      'pdf-encrypted',
      'The PDF is protected by a password or by rights, so what is attached inside it cannot be read.',
      'Save it without protection, or import the XML of the invoice itself.',
    );
  return document;
}

interface Named {
  readonly name: string;
  readonly spec: PDFDict;
}

const branchesMax = 1_000;

/** What is attached: the tree of names, and the files that the document says are associated with it. */
function attachmentsOf(pdf: Pdf, document: PDFDocument): readonly Named[] {
  const { PDFArray, PDFDict, PDFName } = pdf;
  const found: Named[] = [];
  const seen = new Set<PDFDict>();
  const add = (spec: unknown, label?: unknown): void => {
    if (!(spec instanceof PDFDict) || seen.has(spec)) return;
    seen.add(spec);
    const name = ['UF', 'F'].map((key) => textOf(pdf, spec.lookup(PDFName.of(key)))).find(Boolean);
    found.push({ name: name ?? textOf(pdf, label) ?? '', spec });
  };
  try {
    const names = document.catalog.lookup(PDFName.of('Names'));
    const tree = names instanceof PDFDict ? names.lookup(PDFName.of('EmbeddedFiles')) : undefined;
    const branches: unknown[] = [tree];
    const met = new Set<unknown>();
    for (let branch = branches.pop(); branch !== undefined; branch = branches.pop()) {
      if (!(branch instanceof PDFDict) || met.has(branch) || met.size > branchesMax) continue;
      met.add(branch);
      const leaves = branch.lookup(PDFName.of('Names'));
      if (leaves instanceof PDFArray)
        for (let at = 0; at + 1 < leaves.size(); at += 2) add(leaves.lookup(at + 1), leaves.lookup(at));
      const kids = branch.lookup(PDFName.of('Kids'));
      if (kids instanceof PDFArray)
        for (let at = 0; at < kids.size(); at += 1) branches.push(kids.lookup(at));
    }
    const associated = document.catalog.lookup(PDFName.of('AF'));
    if (associated instanceof PDFArray)
      for (let at = 0; at < associated.size(); at += 1) add(associated.lookup(at));
  } catch (fault) {
    throw broken(fault);
  }
  return found;
}

function textOf(pdf: Pdf, value: unknown): string | undefined {
  return value instanceof pdf.PDFString || value instanceof pdf.PDFHexString ? value.decodeText() : undefined;
}

function contentOf(pdf: Pdf, spec: PDFDict, name: string): Uint8Array {
  const { PDFArray, PDFDict, PDFName, PDFRawStream } = pdf;
  try {
    const files = spec.lookup(PDFName.of('EF'));
    const stream =
      files instanceof PDFDict
        ? ['F', 'UF'].map((key) => files.lookup(PDFName.of(key))).find((one) => one instanceof PDFRawStream)
        : undefined;
    if (!stream) throw new Error('nothing is attached under that name');
    const filter = stream.dict.lookup(PDFName.of('Filter'));
    const filters =
      filter instanceof PDFArray ? filter.asArray().map(String) : filter ? [String(filter)] : [];
    if (filters.length === 0) return stream.contents;
    // Inflated here, because only this stops at a limit: a kilobyte can hold a megabyte of nothing.
    if (
      filters.every((one) => ['/FlateDecode', '/Fl'].includes(one)) &&
      !stream.dict.has(PDFName.of('DecodeParms'))
    )
      return filters.reduce<Uint8Array>(
        (content) => inflateSync(content, { maxOutputLength: attachmentBytesMax }),
        stream.contents,
      );
    if (stream.contents.length > attachmentBytesMax / 1_000) throw new Error('it is too large');
    return pdf.decodePDFRawStream(stream).decode();
  } catch (fault) {
    throw broken(fault, ` in ${name}`);
  }
}

function broken(fault: unknown, where = ''): UnreadableFile {
  if (fault instanceof UnreadableFile) return fault;
  return new UnreadableFile(
    'pdf-broken',
    `The PDF is damaged${where}: ${fault instanceof Error ? (fault.message.split('\n')[0] ?? '') : String(fault)}.`,
    'Download or export it again, or import the XML of the invoice itself.',
  );
}
