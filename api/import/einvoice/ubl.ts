import { known } from '../../known.ts';
import { allOf, saidBy, sayOf } from './einvoice.ts';
import type { Einvoice, Instalment, Party, Said } from './einvoice.ts';
import { all, first } from './xml-element.ts';
import type { XmlElement } from './xml-element.ts';

/**
 * Reads an Invoice or a CreditNote of UBL 2.1 (and 2.0 to 2.4, which share their namespace).
 *
 * Amounts of the totals are read as they stand; those of the lines are not looked at, because what is owed is what the
 * document asks for.
 */
export function readUbl(root: XmlElement): Einvoice {
  const totals = first(root, 'LegalMonetaryTotal') ?? first(root, 'RequestedMonetaryTotal');
  const means = all(root, 'PaymentMeans');
  const terms = all(root, 'PaymentTerms');
  const payee = first(root, 'PayeeParty');
  return {
    syntax: 'UBL 2.1',
    root: { value: '', path: root.path, line: root.line },
    isCreditNote: root.name === 'CreditNote',
    seller: partyOf(first(root, 'AccountingSupplierParty/Party') ?? first(root, 'AccountingSupplierParty')),
    buyer: partyOf(
      first(root, 'AccountingCustomerParty/Party') ?? first(root, 'AccountingCustomerParty'),
      sayOf(root, 'AccountingCustomerParty/SupplierAssignedAccountID'),
    ),
    notes: allOf(root, 'Note').map(subjectFirst),
    paymentTerms: allOf(root, 'PaymentTerms/Note'),
    meansCodes: allOf(root, 'PaymentMeans/PaymentMeansCode'),
    instalments: [
      ...terms.flatMap((term) => instalmentOf(term, means)),
      // A due date of a way to pay that no term has taken up stands for the whole.
      ...means
        .filter((one) => !terms.some((term) => isTermOf(term, one) && amountOf(term)))
        .flatMap((one) => allOf(one, 'PaymentDueDate').map((due) => ({ due }))),
    ],
    taxInclusive: allOf(totals, 'TaxInclusiveAmount'),
    prepaid: allOf(totals, 'PrepaidAmount'),
    rounding: allOf(totals, 'PayableRoundingAmount'),
    payable: allOf(totals, 'PayableAmount'),
    prepayments: all(root, 'PrepaidPayment').map((one) =>
      known({ amount: sayOf(one, 'PaidAmount'), date: sayOf(one, 'ReceivedDate', 'PaidDate') }),
    ),
    preceding: precedingOf(root),
    ...known({
      guideline: sayOf(root, 'CustomizationID'),
      typeCode: sayOf(root, 'InvoiceTypeCode', 'CreditNoteTypeCode'),
      number: sayOf(root, 'ID'),
      issueDate: sayOf(root, 'IssueDate'),
      currency: sayOf(root, 'DocumentCurrencyCode'),
      taxCurrency: sayOf(root, 'TaxCurrencyCode'),
      payee: payee && partyOf(payee),
      orderNumber: sayOf(root, 'OrderReference/ID'),
      buyerReference: sayOf(root, 'BuyerReference'),
      dueDate: sayOf(root, 'DueDate'),
    }),
  };
}

function partyOf(party: XmlElement | undefined, account?: Said): Party {
  const legal = first(party, 'PartyLegalEntity');
  const address = first(party, 'PostalAddress') ?? first(legal, 'RegistrationAddress');
  const contact = first(party, 'Contact');
  const endpoint = sayOf(party, 'EndpointID');
  const identifications = allOf(party, 'PartyIdentification/ID');
  const person = first(party, 'Person');
  const personName = ['FirstName', 'FamilyName'].flatMap((name) => sayOf(person, name) ?? []);
  const [firstOfName] = personName;
  return {
    registrations: [
      ...allOf(party, 'PartyLegalEntity/CompanyID'),
      ...identifications,
      ...(endpoint ? [endpoint] : []),
    ],
    references: [
      ...(account ? [account] : []),
      ...identifications.filter(({ scheme }) => scheme === undefined),
    ],
    addressLines: addressOf(address),
    ...known({
      name:
        sayOf(legal, 'RegistrationName') ??
        sayOf(party, 'PartyName/Name') ??
        (firstOfName && { ...firstOfName, value: personName.map(({ value }) => value).join(' ') }),
      vat: vatOf(party),
      country: sayOf(address, 'Country/IdentificationCode', 'Country/Name'),
      postcode: sayOf(address, 'PostalZone'),
      city: sayOf(address, 'CityName'),
      contactName: sayOf(contact, 'Name'),
      email: sayOf(contact, 'ElectronicMail') ?? (endpoint?.scheme === 'EM' ? endpoint : undefined),
      phone: sayOf(contact, 'Telephone'),
    }),
  };
}

function addressOf(address: XmlElement | undefined): readonly Said[] {
  const street = sayOf(address, 'StreetName');
  const house = sayOf(address, 'BuildingNumber');
  const first =
    street && house ? [{ ...street, value: `${street.value} ${house.value}` }] : [street ?? house];
  return [
    ...first,
    sayOf(address, 'AdditionalStreetName'),
    ...allOf(address, 'AddressLine/Line'),
    sayOf(address, 'Postbox'),
  ].filter((line) => line !== undefined);
}

/** The number for VAT; a party may have others, for taxes that do not matter here. */
function vatOf(party: XmlElement | undefined): Said | undefined {
  const schemes = all(party, 'PartyTaxScheme');
  const ofVat = schemes.find((one) => /^(VAT|VA|TVA|GST)$/i.test(sayOf(one, 'TaxScheme/ID')?.value ?? ''));
  const unnamed = schemes.find((one) => sayOf(one, 'TaxScheme/ID') === undefined);
  return sayOf(ofVat ?? unnamed, 'CompanyID');
}

function amountOf(term: XmlElement): Said | undefined {
  return sayOf(term, 'Amount', 'PaymentPercent');
}

function isTermOf(term: XmlElement, means: XmlElement): boolean {
  const id = sayOf(means, 'ID')?.value;
  return id !== undefined && allOf(term, 'PaymentMeansID').some(({ value }) => value === id);
}

/** A term gives its date itself, or names the way to pay that does. */
function instalmentOf(term: XmlElement, means: readonly XmlElement[]): readonly Instalment[] {
  const named = means.find((one) => isTermOf(term, one));
  const due = sayOf(term, 'PaymentDueDate', 'InstallmentDueDate') ?? sayOf(named, 'PaymentDueDate');
  if (!due) return [];
  return [{ due, ...known({ amount: sayOf(term, 'Amount'), percent: sayOf(term, 'PaymentPercent') }) }];
}

/** EN 16931 has no element for the subject of a note in UBL: it is written before it, as `#ACC#`. */
function subjectFirst(note: Said): Said {
  const [, subject, value] = /^#([A-Z]{3})#(.*)$/s.exec(note.value) ?? [];
  return subject === undefined ? note : { ...note, value: (value ?? '').trim(), scheme: subject };
}

/** Credit notes that name their invoices only in their lines are about those. */
function precedingOf(root: XmlElement): readonly Said[] {
  const named = all(root, 'BillingReference/InvoiceDocumentReference/ID');
  const ofSelfBilled = all(root, 'BillingReference/SelfBilledInvoiceDocumentReference/ID');
  const inLines = ['CreditNoteLine', 'InvoiceLine'].flatMap((line) =>
    all(root, `${line}/BillingReference/InvoiceDocumentReference/ID`),
  );
  const found = [named, ofSelfBilled, inLines].find((list) => list.length > 0) ?? [];
  return found.flatMap((one) => saidBy(one) ?? []);
}
