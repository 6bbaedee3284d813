import type { IncomingCreditNote } from '../../../../db/incoming-credit-notes.ts';
import type { InvoiceRow } from '../../../../api/import/invoice-row.ts';
import { readEinvoice } from '../../../../api/import/einvoice/read-einvoice.ts';
import type { EinvoiceFile } from '../../../../api/import/einvoice/read-einvoice.ts';
import type { EinvoiceOutcome } from '../../../../api/import/einvoice/to-rows.ts';
import { decimalOf } from '../../../../api/import/einvoice/values.ts';

/** A document in words of our own, to be written as UBL or as CII. */
export interface Described {
  readonly number: string;
  readonly type: string;
  readonly issued: string;
  readonly currency: string;
  readonly seller: { readonly name: string; readonly vat?: string; readonly siren?: string };
  readonly buyer: {
    readonly name: string;
    readonly vat?: string;
    readonly siren?: string;
    readonly reference?: string;
    readonly street?: string;
    readonly postcode?: string;
    readonly city?: string;
    readonly country?: string;
    readonly contact?: string;
    readonly email?: string;
    readonly phone?: string;
  };
  readonly order?: string;
  readonly means?: string;
  /** One day for the whole, or several with what falls due on each. */
  readonly due: readonly { readonly day: string; readonly cents?: number }[];
  /** With tax, before anything was paid. */
  readonly totalCents: number;
  readonly prepaidCents?: number;
  readonly roundingCents?: number;
  readonly payableCents?: number;
  readonly preceding?: readonly string[];
  readonly payee?: { readonly name: string; readonly legal?: string };
  readonly notes?: readonly { readonly subject?: string; readonly text: string }[];
  readonly termsInWords?: string;
}

export const plain: Described = {
  number: 'FA-2026-001',
  type: '380',
  issued: '2026-01-15',
  currency: 'EUR',
  seller: { name: 'Ateliers Martin', vat: 'FR83404833048', siren: '404833048' },
  buyer: { name: 'Dupont SARL', siren: '732829320', country: 'FR', email: 'compta@dupont.example' },
  due: [{ day: '2026-02-25' }],
  totalCents: 120_050,
};

/** How a writer of XML goes about it; nothing of this may change what is read. */
export interface Hand {
  readonly aggregate: string;
  readonly basic: string;
  readonly root: string;
  readonly cdata: boolean;
  readonly numbered: boolean;
  readonly spaced: boolean;
}

export const usual: Hand = {
  aggregate: 'cac:',
  basic: 'cbc:',
  root: '',
  cdata: false,
  numbered: false,
  spaced: true,
};

/** The document as UBL 2.1: an Invoice, or a CreditNote when its type says so. */
export function ublOf(described: Described, hand: Hand = usual, { root }: { root?: string } = {}): string {
  const { seller, buyer, currency, due, payee } = described;
  const name = root ?? (described.type === '381' ? 'CreditNote' : 'Invoice');
  const text = (value: string): string => written(value, hand);
  const b = (tag: string, value: string | undefined, attributes = ''): string =>
    value === undefined
      ? ''
      : `<${hand.basic}${tag}${attributes}>${text(value)}</${hand.basic}${tag}>${gap(hand)}`;
  const a = (tag: string, ...inside: readonly string[]): string =>
    inside.join('') === ''
      ? ''
      : `<${hand.aggregate}${tag}>${gap(hand)}${inside.join('')}</${hand.aggregate}${tag}>${gap(hand)}`;
  const money = (tag: string, cents: number | undefined): string =>
    b(tag, cents === undefined ? undefined : decimalOf(cents), ` currencyID="${currency}"`);
  const [first] = due;
  const isSplit = due.length > 1;
  const party = (who: Described['buyer']): string =>
    a(
      'Party',
      a('PartyIdentification', b('ID', who.reference)),
      a(
        'PostalAddress',
        b('StreetName', who.street),
        b('CityName', who.city),
        b('PostalZone', who.postcode),
        a('Country', b('IdentificationCode', who.country)),
      ),
      who.vat ? a('PartyTaxScheme', b('CompanyID', who.vat), a('TaxScheme', b('ID', 'VAT'))) : '',
      a('PartyLegalEntity', b('RegistrationName', who.name), b('CompanyID', who.siren, ' schemeID="0002"')),
      a('Contact', b('Name', who.contact), b('Telephone', who.phone), b('ElectronicMail', who.email)),
    );
  const prefix = hand.root;
  const space = prefix === '' ? 'xmlns' : `xmlns:${prefix.slice(0, -1)}`;
  return [
    `<?xml version="1.0" encoding="UTF-8"?>\n`,
    `<${prefix}${name} ${space}="urn:oasis:names:specification:ubl:schema:xsd:${name}-2"`,
    ` xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"`,
    ` xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">\n`,
    b('CustomizationID', 'urn:cen.eu:en16931:2017'),
    b('ID', described.number),
    b('IssueDate', described.issued),
    name === 'Invoice' && !isSplit ? b('DueDate', first?.day) : '',
    b(`${name}TypeCode`, described.type),
    ...(described.notes ?? []).map((note) =>
      b('Note', `${note.subject ? `#${note.subject}#` : ''}${note.text}`),
    ),
    b('DocumentCurrencyCode', currency),
    a('OrderReference', b('ID', described.order)),
    ...(described.preceding ?? []).map((number) =>
      a('BillingReference', a('InvoiceDocumentReference', b('ID', number))),
    ),
    a('AccountingSupplierParty', party(seller)),
    a('AccountingCustomerParty', party(buyer)),
    payee
      ? a(
          'PayeeParty',
          a('PartyName', b('Name', payee.name)),
          a('PartyLegalEntity', b('CompanyID', payee.legal)),
        )
      : '',
    described.means ? a('PaymentMeans', b('PaymentMeansCode', described.means)) : '',
    a('PaymentTerms', b('Note', described.termsInWords)),
    ...(isSplit
      ? due.map(({ day, cents }) => a('PaymentTerms', money('Amount', cents), b('PaymentDueDate', day)))
      : []),
    a(
      'LegalMonetaryTotal',
      money('TaxInclusiveAmount', described.totalCents),
      money('PrepaidAmount', described.prepaidCents),
      money('PayableRoundingAmount', described.roundingCents),
      money('PayableAmount', payableOf(described)),
    ),
    `</${prefix}${name}>`,
  ].join('');
}

/** The document as a CrossIndustryInvoice. */
export function ciiOf(
  described: Described,
  hand: Hand = { ...usual, aggregate: 'ram:', basic: 'ram:', root: 'rsm:' },
): string {
  const { seller, buyer, due, payee } = described;
  const b = (tag: string, value: string | undefined, attributes = ''): string =>
    value === undefined
      ? ''
      : `<${hand.basic}${tag}${attributes}>${written(value, hand)}</${hand.basic}${tag}>${gap(hand)}`;
  const a = (tag: string, ...inside: readonly string[]): string =>
    inside.join('') === ''
      ? ''
      : `<${hand.aggregate}${tag}>${gap(hand)}${inside.join('')}</${hand.aggregate}${tag}>${gap(hand)}`;
  const money = (tag: string, cents: number | undefined): string =>
    b(tag, cents === undefined ? undefined : decimalOf(cents));
  const day = (tag: string, value: string): string =>
    a(tag, `<udt:DateTimeString format="102">${value.replaceAll('-', '')}</udt:DateTimeString>`);
  const party = (tag: string, who: Described['buyer']): string =>
    a(
      tag,
      b('ID', who.reference),
      b('Name', who.name),
      a('SpecifiedLegalOrganization', b('ID', who.siren, ' schemeID="0002"')),
      a(
        'DefinedTradeContact',
        b('PersonName', who.contact),
        a('TelephoneUniversalCommunication', b('CompleteNumber', who.phone)),
        a('EmailURIUniversalCommunication', b('URIID', who.email)),
      ),
      a(
        'PostalTradeAddress',
        b('PostcodeCode', who.postcode),
        b('LineOne', who.street),
        b('CityName', who.city),
        b('CountryID', who.country),
      ),
      a('SpecifiedTaxRegistration', b('ID', who.vat, ' schemeID="VA"')),
    );
  const r = hand.root;
  const space = r === '' ? 'xmlns' : `xmlns:${r.slice(0, -1)}`;
  return [
    `<?xml version='1.0' encoding='UTF-8'?>\n`,
    `<${r}CrossIndustryInvoice ${space}="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"`,
    ` xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"`,
    ` xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100">\n`,
    a(
      'ExchangedDocumentContext',
      a('GuidelineSpecifiedDocumentContextParameter', b('ID', 'urn:cen.eu:en16931:2017')),
    ),
    a(
      'ExchangedDocument',
      b('ID', described.number),
      b('TypeCode', described.type),
      day('IssueDateTime', described.issued),
      ...(described.notes ?? []).map((note) =>
        a('IncludedNote', b('Content', note.text), b('SubjectCode', note.subject)),
      ),
    ),
    a(
      'SupplyChainTradeTransaction',
      a(
        'ApplicableHeaderTradeAgreement',
        party('SellerTradeParty', seller),
        party('BuyerTradeParty', buyer),
        a('BuyerOrderReferencedDocument', b('IssuerAssignedID', described.order)),
      ),
      a(
        'ApplicableHeaderTradeSettlement',
        b('InvoiceCurrencyCode', described.currency),
        payee
          ? a('PayeeTradeParty', b('Name', payee.name), a('SpecifiedLegalOrganization', b('ID', payee.legal)))
          : '',
        described.means ? a('SpecifiedTradeSettlementPaymentMeans', b('TypeCode', described.means)) : '',
        a('SpecifiedTradePaymentTerms', b('Description', described.termsInWords)),
        ...due.map((one) =>
          a(
            'SpecifiedTradePaymentTerms',
            day('DueDateDateTime', one.day),
            money('PartialPaymentAmount', one.cents),
          ),
        ),
        a(
          'SpecifiedTradeSettlementHeaderMonetarySummation',
          b('TaxTotalAmount', '0.00', ` currencyID="${described.currency}"`),
          money('RoundingAmount', described.roundingCents),
          money('GrandTotalAmount', described.totalCents),
          money('TotalPrepaidAmount', described.prepaidCents),
          money('DuePayableAmount', payableOf(described)),
        ),
        ...(described.preceding ?? []).map((number) =>
          a('InvoiceReferencedDocument', b('IssuerAssignedID', number)),
        ),
      ),
    ),
    `</${r}CrossIndustryInvoice>`,
  ].join('');
}

function payableOf({ totalCents, prepaidCents = 0, roundingCents = 0, payableCents }: Described): number {
  return payableCents ?? totalCents - prepaidCents + roundingCents;
}

function gap({ spaced }: Hand): string {
  return spaced ? '\n  ' : '';
}

/** The same text as different programs write it. */
function written(value: string, { cdata, numbered }: Hand): string {
  if (cdata) return `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[^\x20-\x7e]/gu, (sign) => (numbered ? `&#x${sign.codePointAt(0)?.toString(16)};` : sign));
}

export interface WholeEinvoice {
  readonly file: EinvoiceFile;
  readonly invoices: readonly InvoiceRow[];
  readonly creditNotes: readonly IncomingCreditNote[];
  readonly rejected: readonly Extract<EinvoiceOutcome, { rejected: unknown }>['rejected'][number][];
  readonly remarks: readonly Extract<EinvoiceOutcome, { rejected: unknown }>['rejected'][number][];
}

/** A document read to its end. */
export async function read(content: string | Uint8Array): Promise<WholeEinvoice> {
  const file = await readEinvoice(Buffer.from(content));
  if (!file) throw new Error('it was not taken for an e-invoice');
  const outcomes: EinvoiceOutcome[] = [];
  for await (const outcome of file.rows()) outcomes.push(outcome);
  const rows = outcomes.flatMap((outcome) => ('row' in outcome ? outcome.row : []));
  return {
    file,
    invoices: rows.flatMap((row) => ('kind' in row ? [] : row)),
    creditNotes: rows.flatMap((row) => ('kind' in row ? row : [])),
    rejected: outcomes.flatMap((outcome) => ('rejected' in outcome ? outcome.rejected : [])),
    remarks: outcomes.flatMap((outcome) => ('row' in outcome ? outcome.remarks : [])),
  };
}

export function codesOf(found: readonly { readonly code: string }[]): readonly string[] {
  return found.map(({ code }) => code);
}
