import type { FileFormat } from '../file-format.ts';
import { readSiren, readVat } from '../identifiers.ts';
import type { InvoiceRow } from '../invoice-row.ts';
import { readContact, readDebtor } from '../read-parties.ts';
import type { Einvoice, Party, Said } from './einvoice.ts';
import type { Cell, Findings } from './findings.ts';

/** Who sold and who owes, as the cells that a row of a CSV would have; what else identifies them is noted as left out. */
export function cellsOfParties({ syntax, seller, buyer, root }: Einvoice): readonly Cell[] {
  const buyerPath =
    syntax === 'CII'
      ? 'SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/BuyerTradeParty/Name'
      : 'AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName';
  const lines = buyer.addressLines;
  const cells: readonly (readonly [Cell['field'], Said | undefined])[] = [
    ['sellerName', seller.name],
    ['debtorReference', buyer.references[0]],
    ['debtorName', buyer.name ?? { ...root, path: `${root.path}/${buyerPath}` }],
    ['debtorSiren', sirenOf(buyer)],
    ['debtorVat', buyer.vat],
    ['debtorCountry', buyer.country],
    ['contactName', buyer.contactName],
    ['contactEmail', buyer.email],
    ['contactPhone', buyer.phone],
    ['contactAddress1', lines[0]],
    ['contactAddress2', lines[1]],
    ['contactAddress3', joined(lines.slice(2))],
    ['contactPostcode', buyer.postcode],
    ['contactCity', buyer.city],
  ];
  return cells.flatMap(([field, said]) => (said ? [{ field, said }] : []));
}

/** XML writes dates and amounts in one way only, and no day of today decides about them. */
const noFormat: FileFormat = {
  headers: [],
  at: {},
  dateOrder: {},
  decimalMark: {},
  meaning: {},
  paymentMethods: new Map(),
  today: '9999-12-31',
  countryNumbersAreIso: false,
};

/** What of a buyer only helps is left out and remarked when it is wrong, as in a CSV. */
export function buyerOf({
  cells,
}: Findings): { debtor: InvoiceRow['debtor']; contact: InvoiceRow['contact'] } | undefined {
  const debtor = readDebtor(cells, noFormat);
  const contact = readContact(cells);
  return debtor && { debtor, contact };
}

/**
 * The seller, by whatever identifies him surely.
 *
 * In a CSV a wrong identifier of the seller rejects the row; here it is left out and remarked. Programs write it, not
 * people, so all his invoices carry it alike and are found again under his name, and the debt is due all the same.
 */
export function sellerOf({ seller }: Einvoice, findings: Findings): InvoiceRow['seller'] {
  const name = findings.cells.text('sellerName');
  const sirenSaid = sirenOf(seller);
  const siren = sirenSaid && checked(sirenSaid, 'sellerSiren', 'seller-siren-invalid', readSiren, findings);
  const vat = seller.vat && checked(seller.vat, 'sellerVat', 'seller-vat-invalid', readVat, findings);
  return { ...(name && { name }), ...(siren && { siren }), ...(vat && { vat }) };
}

/** Identifiers that are kept nowhere, for the owner of the file to know. */
export function unusedOf({ seller, buyer }: Einvoice): readonly string[] {
  return [seller, buyer].flatMap((party) => {
    const used = new Set(
      [sirenOf(party), party.references[0], party.vat, party.email].map((said) => said?.path),
    );
    return party.registrations
      .filter(({ path }) => !used.has(path))
      .map(({ value, scheme, path }) => `${path} ${scheme ? `${scheme}:` : ''}${value}`);
  });
}

function checked(
  said: Said,
  field: 'sellerSiren' | 'sellerVat',
  code: string,
  read: typeof readSiren,
  findings: Findings,
): string | undefined {
  const reading = read(said.value);
  if (reading.kind === 'identifier') return reading.value;
  findings.remark(
    field,
    said,
    code,
    `It does not identify the seller: ${reading.problem}. It was left out.`,
    'Correct it where the invoice is made; the seller is known by his other identifiers, else by his name.',
  );
  return undefined;
}

/** ISO 6523: 0002 is a SIREN, 0009 a SIRET. */
const sirenSchemes = new Set(['0002', '0009', 'SIREN', 'SIRET', 'FR:SIREN', 'FR:SIRET', '2', '9']);

/** A French registration; without a scheme only where everything else says that it is one. */
function sirenOf({ registrations, country, vat }: Party): Said | undefined {
  const named = registrations.find(({ scheme }) => scheme && sirenSchemes.has(scheme.toUpperCase()));
  if (named) return named;
  const isFrench = country ? country.value.toUpperCase() === 'FR' : /^FR/i.test(vat?.value ?? '');
  if (!isFrench) return undefined;
  return registrations.find(
    ({ scheme, path, value }) =>
      scheme === undefined &&
      /CompanyID|SpecifiedLegalOrganization/.test(path) &&
      readSiren(value).kind === 'identifier',
  );
}

function joined(lines: readonly Said[]): Said | undefined {
  const [first] = lines;
  return first && { ...first, value: lines.map(({ value }) => value).join('\n') };
}
