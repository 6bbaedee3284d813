import type { Einvoice } from './einvoice.ts';
import type { Findings } from './findings.ts';

/** What a document does to a debt. Whether a negative invoice is a credit note is decided by its total. */
export type Kind = 'invoice' | 'credit_note';

const creditNotes = new Set('81 83 261 262 296 308 381 396 420 458 502 503 532'.split(' '));
const invoices = new Set(
  '80 82 84 130 202 203 204 211 218 219 295 326 331 380 382 383 384 385 386 387 388 389 390 393 394 395 456 457 471 472 473 500 501 527 553 575 623 633 751 780 817 870 875 876 877 935'.split(
    ' ',
  ),
);
/** Types of UNTDID 1001, and of the French list, that say themselves that the debt is a factor's. */
const factored = new Set('393 396 472 473 501 502'.split(' '));
const corrections = new Set('384 471 472 473'.split(' '));

/** Whether it may be a credit note, by its type or by a negative amount: before anything is said about it. */
export function mayTakeBack({ isCreditNote, typeCode, payable, taxInclusive }: Einvoice): boolean {
  const isNegative = [...payable, ...taxInclusive].some(({ value }) => value.startsWith('-'));
  return isCreditNote || isNegative || (typeCode !== undefined && creditNotes.has(typeCode.value));
}

/** Reads the type of a document (UNTDID 1001); an unknown one is what its root says. */
export function kindOf(document: Einvoice, findings: Findings): Kind {
  const { typeCode, isCreditNote, preceding } = document;
  const byRoot: Kind = isCreditNote ? 'credit_note' : 'invoice';
  const said = typeCode ?? document.root;
  const code = typeCode?.value;
  if (code === '325') {
    findings.reject(
      'documentKind',
      said,
      'document-kind',
      'This is a pro-forma invoice: nothing is owed for it yet.',
      'Import the invoice itself when it is issued.',
    );
    return 'invoice';
  }
  if (code !== undefined && creditNotes.has(code)) return 'credit_note';
  if (code === undefined || !invoices.has(code)) {
    findings.remark(
      'documentKind',
      said,
      'document-kind-unknown',
      `It is not a known kind of document, and counts as ${isCreditNote ? 'a credit note' : 'an invoice'}.`,
      'Check that it is one; the usual codes are 380 for an invoice and 381 for a credit note.',
    );
    return byRoot;
  }
  if (isCreditNote) return 'credit_note';
  if (corrections.has(code) && preceding.length > 0)
    findings.remark(
      'documentKind',
      said,
      'corrects-another-invoice',
      `It corrects ${preceding.map(({ value }) => value).join(', ')}, which stands as it is.`,
      'If it replaces that invoice, cancel the earlier one.',
    );
  if (code === '751')
    findings.remark(
      'documentKind',
      said,
      'not-the-original',
      'It is information about an invoice, not the invoice itself.',
      'Check that the invoice is not imported a second time under another number.',
    );
  return 'invoice';
}

/**
 * Whether the debt belongs to a factor, to whom alone the debtor can pay.
 *
 * So says the type of the document, a note with the subject ACC (the clause of assignment), or a payee with a legal
 * registration other than the seller's: whoever pays us then may have to pay again. A payee who differs by his name
 * alone may be the seller's own treasury, so he is only remarked.
 */
export function isFactored(document: Einvoice, findings: Findings): boolean {
  const { typeCode, notes, payee, seller } = document;
  if (typeCode && factored.has(typeCode.value)) return true;
  if (notes.some(({ scheme }) => scheme === 'ACC')) return true;
  if (!payee) return false;
  const registered = payee.registrations.find(({ path }) => isLegal(path)) ?? payee.registrations[0];
  const said = payee.name ?? registered ?? document.root;
  const known = [...seller.registrations, ...(seller.vat ? [seller.vat] : [])].map(plainId);
  const isSameName = payee.name && seller.name && folded(payee.name.value) === folded(seller.name.value);
  if (isSameName || payee.registrations.some((one) => known.some((id) => isSameId(id, plainId(one)))))
    return false;
  const isLegalEntity = registered !== undefined && isLegal(registered.path);
  findings.remark(
    'factored',
    said,
    isLegalEntity ? 'payee-is-another' : 'payee-unclear',
    isLegalEntity
      ? 'It is payable to another company than the seller, so it counts as assigned to a factor and is not chased.'
      : 'It is payable to somebody else than the seller, who gives no legal registration; it is chased all the same.',
    isLegalEntity
      ? 'If the seller collects it himself, correct the invoice: factored false.'
      : 'If it is assigned to a factor, correct the invoice: factored true.',
  );
  return isLegalEntity;
}

function isLegal(path: string): boolean {
  return /PartyLegalEntity|SpecifiedLegalOrganization/.test(path);
}

function plainId({ value }: { value: string }): string {
  return value.toUpperCase().replace(/[^A-Z0-9]/g, '');
}

/** A SIRET begins with its SIREN, and a VAT number often ends with the registration. */
function isSameId(one: string, other: string): boolean {
  if (one === '' || other === '') return false;
  const [long, short] = one.length >= other.length ? [one, other] : [other, one];
  return long === short || (short.length >= 8 && (long.startsWith(short) || long.endsWith(short)));
}

function folded(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}
