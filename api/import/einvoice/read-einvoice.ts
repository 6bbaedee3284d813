import { sha256Of } from '../../../db/sha256.ts';
import type { ByteSource } from '../byte-source.ts';
import { bytesOf } from '../byte-source.ts';
import { UnreadableFile } from '../unreadable-file.ts';
import { readCii } from './cii.ts';
import { mayTakeBack } from './document-kind.ts';
import type { Einvoice } from './einvoice.ts';
import { invoiceInPdf } from './facturx.ts';
import { rowsOf } from './to-rows.ts';
import type { EinvoiceOutcome } from './to-rows.ts';
import { readUbl } from './ubl.ts';
import { all, readXml } from './xml-element.ts';
import type { XmlDocument, XmlElement } from './xml-element.ts';
import { beginsLikeXml, xmlTextOf } from './xml-text.ts';
import type { XmlText } from './xml-text.ts';

/** What was found out about an e-invoice, to be shown to its owner. */
export interface EinvoiceReading {
  readonly sha256: string;
  readonly bytes: number;
  /** Such as `UBL 2.1 invoice`, `CII invoice`, `Factur-X EN 16931`. */
  readonly format: string;
  /** The specification that the document says it follows. */
  readonly guideline: string | null;
  /** The name of the XML inside the PDF; null for an XML by itself. */
  readonly attachment: string | null;
  readonly encoding: { readonly name: string; readonly byteOrderMark: boolean; readonly why: string };
  readonly rows: number;
  readonly questions: readonly [];
  readonly notes: readonly { readonly code: string; readonly message: string }[];
}

/** An e-invoice, read: the same that `InvoiceFile` is for a CSV. */
export interface EinvoiceFile {
  readonly reading: EinvoiceReading;
  readonly namesSeller: boolean;
  rows(): AsyncIterable<EinvoiceOutcome>;
}

/** An XML with many attachments inside it; the tags that are read of it have a limit of their own. */
const fileBytesMax = 64 * 1024 * 1024;

/**
 * Reads an e-invoice: UBL 2.1, CII, or a PDF with the CII inside it. Undefined for anything else, which may be a CSV.
 *
 * What a file is, its bytes say: names lie, and what comes by HTTP has none. Throws `UnreadableFile`, with code and
 * remedy, for XML and PDFs that are no invoice or are not safe to read.
 */
export async function readEinvoice(source: ByteSource): Promise<EinvoiceFile | undefined> {
  const head = await headOf(source);
  const isXml = beginsLikeXml(head);
  // Some programs write lines of their own before the first of the PDF.
  const isPdf = !isXml && /(^|[\r\n])%PDF-\d/.test(Buffer.from(head).toString('latin1'));
  if (!isXml && !isPdf) return undefined;
  const bytes = await wholeOf(source);
  const attachment = isPdf ? await invoiceInPdf(bytes) : undefined;
  const text = xmlTextOf(attachment?.bytes ?? bytes);
  const { xml, document, isWrapped } = await documentIn(text.text);
  const { outcomes, notes, namesSeller } = rowsOf(document);
  const reading: EinvoiceReading = {
    sha256: sha256Of(bytes),
    bytes: bytes.length,
    format: formatOf(document, attachment !== undefined),
    guideline: document.guideline?.value ?? null,
    attachment: attachment?.name ?? null,
    encoding: { name: text.encoding, byteOrderMark: text.byteOrderMark, why: text.why },
    rows: outcomes.length,
    questions: [],
    notes: [...notesOn(text, xml, isWrapped), ...notes],
  };
  return {
    reading,
    namesSeller,
    rows: async function* () {
      yield* outcomes;
    },
  };
}

const lineNames = ['InvoiceLine', 'IncludedSupplyChainTradeLineItem'];

/**
 * The document in the XML. What is sold on its lines is nobody's business here, and is most of it; only a credit note in
 * an Invoice or in CII may name its invoices there, and is read whole.
 */
async function documentIn(
  text: string,
): Promise<{ xml: XmlDocument; document: Einvoice; isWrapped: boolean }> {
  const read = async (without: readonly string[]) => {
    const xml = await readXml(text, { without });
    const { root, isWrapped } = invoiceIn(xml);
    const document = root.name === 'CrossIndustryInvoice' ? readCii(root) : readUbl(root);
    return { xml, document, isWrapped };
  };
  const found = await read(lineNames);
  return found.document.preceding.length === 0 && mayTakeBack(found.document) ? read([]) : found;
}

const headBytes = 1024;

async function headOf(source: ByteSource): Promise<Uint8Array> {
  for await (const piece of bytesOf(source)) return piece.subarray(0, headBytes);
  return new Uint8Array();
}

async function wholeOf(source: ByteSource): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytesOf(source)) {
    pieces.push(piece);
    length += piece.length;
    if (length > fileBytesMax)
      throw new UnreadableFile(
        'einvoice-too-large',
        `An e-invoice of more than ${fileBytesMax / 1024 / 1024} MB is not read.`,
        'Leave out the documents that are attached inside it.',
      );
  }
  return Buffer.concat(pieces);
}

/** The invoice, which a network may have put into an envelope. */
function invoiceIn({ root, namespace }: XmlDocument): { root: XmlElement; isWrapped: boolean } {
  if (root.name === 'StandardBusinessDocument') {
    const [inside] = ['Invoice', 'CreditNote', 'CrossIndustryInvoice'].flatMap((name) => all(root, name));
    if (inside) return { root: inside, isWrapped: true };
  }
  const isUbl =
    (root.name === 'Invoice' || root.name === 'CreditNote') &&
    ['', `urn:oasis:names:specification:ubl:schema:xsd:${root.name}-2`].includes(namespace) &&
    (namespace !== '' || all(root, 'AccountingSupplierParty').length > 0);
  const isCii =
    root.name === 'CrossIndustryInvoice' &&
    /^(urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:\d+)?$/.test(namespace);
  if (isUbl || isCii) return { root, isWrapped: false };
  const isOld = root.name === 'CrossIndustryDocument';
  throw new UnreadableFile(
    'xml-not-an-invoice',
    isOld
      ? 'This is ZUGFeRD 1.0, which is not read.'
      : `The root of the XML is ${root.name}${namespace === '' ? '' : ` of ${namespace}`}: no invoice of UBL 2.1 or CII.`,
    isOld
      ? 'Export the invoice as Factur-X or ZUGFeRD 2.'
      : 'Import the invoice as UBL 2.1 (Invoice, CreditNote), CII (CrossIndustryInvoice) or Factur-X; lists of invoices as CSV.',
  );
}

/** How people call what it is. */
function formatOf({ syntax, isCreditNote, guideline }: Einvoice, isInPdf: boolean): string {
  if (syntax !== 'CII') return `${syntax} ${isCreditNote ? 'credit note' : 'invoice'}`;
  const profile = profiles.find(([pattern]) => pattern.test(guideline?.value ?? ''))?.[1];
  if (isInPdf)
    return profile === 'XRECHNUNG' ? 'ZUGFeRD XRECHNUNG' : `Factur-X ${profile ?? 'of an unknown profile'}`;
  return profile ? `CII invoice (${profile})` : 'CII invoice';
}

/** The profiles of Factur-X by what stands in BT-24. The order matters: each guideline names the ones it builds on. */
const profiles: readonly (readonly [RegExp, string])[] = [
  [/xrechnung/i, 'XRECHNUNG'],
  [/:minimum$/i, 'MINIMUM'],
  [/:basicwl$/i, 'BASIC WL'],
  [/:basic$/i, 'BASIC'],
  [/:extended$/i, 'EXTENDED'],
  [/:comfort$/i, 'COMFORT'],
  [/^urn:cen\.eu:en16931:2017/i, 'EN 16931'],
];

function notesOn(text: XmlText, xml: XmlDocument, isWrapped: boolean): EinvoiceReading['notes'] {
  const notes: { code: string; message: string }[] = [];
  if (text.contradicts !== undefined)
    notes.push({
      code: 'encoding-declared-otherwise',
      message: `The file declares the encoding ${text.contradicts}, but its bytes are ${text.encoding}: they decided.`,
    });
  if (isWrapped)
    notes.push({ code: 'envelope', message: 'The invoice was taken out of the envelope of a network.' });
  else if (xml.namespace === '')
    notes.push({
      code: 'namespace-missing',
      message: `The root ${xml.root.name} names no namespace: it was read for what its elements are called.`,
    });
  return notes;
}
