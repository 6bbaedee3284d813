import type { XmlElement } from './xml-element.ts';
import { all } from './xml-element.ts';

/** A value as the file writes it, with the place where it stands. */
export interface Said {
  readonly value: string;
  /** Such as `Invoice/LegalMonetaryTotal/PayableAmount`. */
  readonly path: string;
  readonly line: number;
  /** The code list of an identifier, the currency of an amount, the format of a date. */
  readonly scheme?: string;
}

/** A company in an e-invoice. */
export interface Party {
  readonly name?: Said;
  /** Identifiers with their ISO 6523 scheme, such as 0002 for a SIREN; the scheme is absent where none is given. */
  readonly registrations: readonly Said[];
  /** Identifiers that its business partner may have given it. */
  readonly references: readonly Said[];
  readonly vat?: Said;
  readonly country?: Said;
  readonly addressLines: readonly Said[];
  readonly postcode?: Said;
  readonly city?: Said;
  readonly contactName?: Said;
  readonly email?: Said;
  readonly phone?: Said;
}

/** A day on which something falls due, and how much of it where the file says so. */
export interface Instalment {
  readonly due: Said;
  readonly amount?: Said;
  readonly percent?: Said;
}

/**
 * An invoice or credit note as UBL and CII both say it: the business terms of EN 16931 that matter to whoever collects.
 *
 * Nothing is interpreted yet; every value is still the text of its element. What UBL and CII write differently meets
 * here, so that one set of rules (`to-rows.ts`) decides what enters.
 */
export interface Einvoice {
  readonly syntax: 'UBL 2.1' | 'CII';
  /** Where it begins. */
  readonly root: Said;
  /** Whether the root itself says that it is a credit note, as UBL does. */
  readonly isCreditNote: boolean;
  /** The specification that it follows, BT-24. */
  readonly guideline?: Said;
  readonly typeCode?: Said;
  readonly number?: Said;
  readonly issueDate?: Said;
  readonly currency?: Said;
  readonly taxCurrency?: Said;
  readonly seller: Party;
  readonly buyer: Party;
  readonly payee?: Party;
  /** Another party to whom it is addressed, where the file names one. */
  readonly invoicee?: Party;
  readonly orderNumber?: Said;
  readonly buyerReference?: Said;
  /** Free text; `scheme` is its subject (UNTDID 4451) where one is given. */
  readonly notes: readonly Said[];
  readonly paymentTerms: readonly Said[];
  readonly meansCodes: readonly Said[];
  /** The due date of the whole, BT-9. */
  readonly dueDate?: Said;
  readonly instalments: readonly Instalment[];
  readonly taxInclusive: readonly Said[];
  readonly prepaid: readonly Said[];
  readonly rounding: readonly Said[];
  readonly payable: readonly Said[];
  readonly prepayments: readonly { readonly amount?: Said; readonly date?: Said }[];
  /** The invoices that it is about, BT-25. */
  readonly preceding: readonly Said[];
}

/** The text of an element with its place; undefined when it is not there or empty. */
export function saidBy(element: XmlElement | undefined): Said | undefined {
  if (!element || element.text === '') return undefined;
  const scheme = ['schemeID', 'currencyID', 'format']
    .map((name) => element.attributes.get(name))
    .find(Boolean);
  return { value: element.text, path: element.path, line: element.line, ...(scheme && { scheme }) };
}

/** What the first element of that name which says something says. */
export function sayOf(element: XmlElement | undefined, ...names: readonly string[]): Said | undefined {
  return names.flatMap((name) => allOf(element, name))[0];
}

/** What all elements of that name say. */
export function allOf(element: XmlElement | undefined, names: string): readonly Said[] {
  return all(element, names).flatMap((one) => saidBy(one) ?? []);
}
