import { known } from '../../known.ts';
import { allOf, saidBy, sayOf } from './einvoice.ts';
import type { Einvoice, Instalment, Party, Said } from './einvoice.ts';
import { all, first } from './xml-element.ts';
import type { XmlElement } from './xml-element.ts';

/** Reads a CrossIndustryInvoice of UN/CEFACT (D16B and D22B): CII by itself, XRechnung, or inside a Factur-X. */
export function readCii(root: XmlElement): Einvoice {
  const document = first(root, 'ExchangedDocument');
  const transaction = first(root, 'SupplyChainTradeTransaction');
  const agreement = first(transaction, 'ApplicableHeaderTradeAgreement');
  const settlement = first(transaction, 'ApplicableHeaderTradeSettlement');
  const totals = first(settlement, 'SpecifiedTradeSettlementHeaderMonetarySummation');
  const payee = first(settlement, 'PayeeTradeParty');
  const invoicee = first(settlement, 'InvoiceeTradeParty');
  return {
    syntax: 'CII',
    root: { value: '', path: root.path, line: root.line },
    isCreditNote: false,
    seller: partyOf(first(agreement, 'SellerTradeParty')),
    buyer: partyOf(first(agreement, 'BuyerTradeParty')),
    notes: all(document, 'IncludedNote').flatMap((note) => {
      const text = sayOf(note, 'Content') ?? sayOf(note, 'SubjectCode');
      const subject = sayOf(note, 'SubjectCode')?.value;
      return text ? { ...text, ...(subject && { scheme: subject }) } : [];
    }),
    paymentTerms: allOf(settlement, 'SpecifiedTradePaymentTerms/Description'),
    meansCodes: allOf(settlement, 'SpecifiedTradeSettlementPaymentMeans/TypeCode'),
    instalments: all(settlement, 'SpecifiedTradePaymentTerms').flatMap(instalmentOf),
    taxInclusive: allOf(totals, 'GrandTotalAmount'),
    prepaid: allOf(totals, 'TotalPrepaidAmount'),
    rounding: allOf(totals, 'RoundingAmount'),
    payable: allOf(totals, 'DuePayableAmount'),
    prepayments: all(settlement, 'SpecifiedAdvancePayment').map((one) =>
      known({
        amount: sayOf(one, 'PaidAmount'),
        date: dateIn(first(one, 'FormattedReceivedDateTime') ?? first(one, 'ReceivedDateTime')),
      }),
    ),
    preceding: precedingOf(transaction, settlement),
    ...known({
      guideline: sayOf(root, 'ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID'),
      typeCode: sayOf(document, 'TypeCode'),
      number: sayOf(document, 'ID'),
      issueDate: dateIn(first(document, 'IssueDateTime')),
      currency: sayOf(settlement, 'InvoiceCurrencyCode'),
      taxCurrency: sayOf(settlement, 'TaxCurrencyCode'),
      payee: payee && partyOf(payee),
      invoicee: invoicee && partyOf(invoicee),
      orderNumber: sayOf(agreement, 'BuyerOrderReferencedDocument/IssuerAssignedID'),
      buyerReference: sayOf(agreement, 'BuyerReference'),
    }),
  };
}

function partyOf(party: XmlElement | undefined): Party {
  const address = first(party, 'PostalTradeAddress');
  const contact = first(party, 'DefinedTradeContact');
  const ids = allOf(party, 'ID');
  const endpoint = sayOf(party, 'URIUniversalCommunication/URIID');
  return {
    registrations: [
      ...allOf(party, 'SpecifiedLegalOrganization/ID'),
      ...allOf(party, 'GlobalID'),
      ...ids,
      ...(endpoint ? [endpoint] : []),
    ],
    references: ids.filter(({ scheme }) => scheme === undefined),
    addressLines: ['LineOne', 'LineTwo', 'LineThree'].flatMap((name) => sayOf(address, name) ?? []),
    ...known({
      name: sayOf(party, 'Name', 'SpecifiedLegalOrganization/TradingBusinessName'),
      vat: allOf(party, 'SpecifiedTaxRegistration/ID').find(
        ({ scheme }) => scheme === undefined || /^(VA|VAT)$/i.test(scheme),
      ),
      country: sayOf(address, 'CountryID'),
      postcode: sayOf(address, 'PostcodeCode'),
      city: sayOf(address, 'CityName'),
      contactName: sayOf(contact, 'PersonName', 'DepartmentName'),
      email:
        sayOf(contact, 'EmailURIUniversalCommunication/URIID') ??
        (endpoint?.scheme === 'EM' ? endpoint : undefined),
      phone: sayOf(contact, 'TelephoneUniversalCommunication/CompleteNumber'),
    }),
  };
}

function instalmentOf(terms: XmlElement): readonly Instalment[] {
  const due = dateIn(first(terms, 'DueDateDateTime'));
  return due ? [{ due, ...known({ amount: sayOf(terms, 'PartialPaymentAmount') }) }] : [];
}

/** The text of a date is a level below, in `DateTimeString`, `DateString`, `DateTime` or `Date`, whatever the prefix. */
function dateIn(element: XmlElement | undefined): Said | undefined {
  return sayOf(element, 'DateTimeString', 'DateString', 'DateTime', 'Date') ?? saidBy(element);
}

/** Credit notes that name their invoices only in their lines are about those. */
function precedingOf(
  transaction: XmlElement | undefined,
  settlement: XmlElement | undefined,
): readonly Said[] {
  const named = allOf(settlement, 'InvoiceReferencedDocument/IssuerAssignedID');
  if (named.length > 0) return named;
  return allOf(
    transaction,
    'IncludedSupplyChainTradeLineItem/SpecifiedLineTradeSettlement/InvoiceReferencedDocument/IssuerAssignedID',
  );
}
