import { debtorKindOf, languageOf } from './cell-words.ts';
import type { Field } from './fields.ts';
import { readSiren, readVat } from './identifiers.ts';
import type { InvoiceRow } from './invoice-row.ts';
import { countryCodeOf } from './iso-country.ts';
import type { FileFormat } from './file-format.ts';
import type { RowNotes } from './row-notes.ts';

/**
 * The seller, the debtor and the contact of one row.
 *
 * The seller's identifiers are part of the key under which the invoice is known: a wrong one would make a second invoice
 * of the same debt when it is corrected, so it rejects the row. What is wrong about the debtor or the contact is left
 * out and remarked, and the invoice stays.
 */
export function readSeller(notes: RowNotes): InvoiceRow['seller'] {
  const name = notes.text('sellerName');
  const siren = notes.text('sellerSiren');
  const vat = notes.text('sellerVat');
  const readings = { siren: siren && readSiren(siren), vat: vat && readVat(vat) };
  for (const [field, reading] of [
    ['sellerSiren', readings.siren],
    ['sellerVat', readings.vat],
  ] as const) {
    if (!reading || reading.kind === 'identifier') continue;
    const code = field === 'sellerSiren' ? 'seller-siren-invalid' : 'seller-vat-invalid';
    notes.reject(
      field,
      code,
      `The seller is known by this number, and ${reading.problem}.`,
      'Correct it, or leave it empty: the seller is then known by name.',
    );
  }
  return {
    ...(name && { name }),
    ...(readings.siren && readings.siren.kind === 'identifier' && { siren: readings.siren.value }),
    ...(readings.vat && readings.vat.kind === 'identifier' && { vat: readings.vat.value }),
  };
}

export function readDebtor(notes: RowNotes, format: FileFormat): InvoiceRow['debtor'] | undefined {
  const reference = notes.text('debtorReference');
  const name = notes.text('debtorName');
  const siren = readOr(notes, 'debtorSiren', 'debtor-siren-invalid', sirenValue);
  const vat = readOr(notes, 'debtorVat', 'debtor-vat-invalid', vatValue);
  const kind = readOr(
    notes,
    'debtorKind',
    'debtor-kind-unknown',
    (text) =>
      debtorKindOf(text) ??
      no('It is not a known kind of debtor.', 'Write entreprise, public, particulier or interne.'),
  );
  const language = readOr(
    notes,
    'debtorLanguage',
    'language-unknown',
    (text) => languageOf(text) ?? no('It is not a known language.', 'Write a code such as fr or en.'),
  );
  const country = readOr(notes, 'debtorCountry', 'country-unknown', (text) => countryIn(text, format));
  if (siren && vat?.startsWith('FR') && !vat.endsWith(siren)) {
    // Members of a French VAT group share the number of the group, so this is no proof of a mistake.
    notes.remark(
      'debtorVat',
      'debtor-siren-vat-differ',
      `The VAT number is not that of SIREN ${siren}.`,
      'Check that both belong to this debtor.',
    );
  }
  const known = name ?? reference;
  if (known === undefined) {
    if (!notes.wasRefused('debtorName') && !notes.wasRefused('debtorReference')) {
      notes.reject(
        notes.has('debtorName') ? 'debtorName' : 'debtorReference',
        'debtor-missing',
        'The row does not say who owes the invoice.',
        'Fill in the name or the reference of the debtor.',
      );
    }
    return undefined;
  }
  if (name === undefined && notes.has('debtorName')) {
    notes.remark(
      'debtorName',
      'debtor-name-missing',
      'The debtor has no name: its reference stands for it.',
      'Fill in the name of the debtor.',
    );
  }
  return {
    ...(reference && { reference }),
    name: known,
    ...(siren && { siren }),
    ...(vat && { vat }),
    ...(kind && { kind }),
    ...(country && { country }),
    ...(language && { language }),
  };
}

export function readContact(notes: RowNotes): InvoiceRow['contact'] {
  const name = [notes.text('contactFirstName'), notes.text('contactName')].filter(Boolean).join(' ');
  const email = readOr(notes, 'contactEmail', 'contact-email-invalid', (text) => emailIn(text, notes));
  const phone = readOr(notes, 'contactPhone', 'contact-phone-invalid', phoneIn);
  const mobile = readOr(notes, 'contactMobile', 'contact-mobile-invalid', phoneIn);
  const addressLines = (['contactAddress1', 'contactAddress2', 'contactAddress3'] as const).flatMap(
    (field) => notes.lines(field) ?? [],
  );
  const postcode = notes.text('contactPostcode');
  const city = notes.text('contactCity');
  return {
    ...(name && { name }),
    ...(email && { email }),
    ...(phone && { phone }),
    ...(mobile && { mobile }),
    ...(addressLines.length > 0 && { addressLines }),
    ...(postcode && { postcode }),
    ...(city && { city }),
  };
}

type No = { readonly problem: string; readonly remedy: string };

function no(problem: string, remedy: string): No {
  return { problem, remedy };
}

/** Reads a field that only helps: what is wrong with it is remarked, and the field left out. */
function readOr<Value extends string>(
  notes: RowNotes,
  field: Field,
  code: string,
  read: (text: string) => Value | No,
) {
  const text = notes.text(field);
  if (text === undefined) return undefined;
  const answer = read(text);
  if (typeof answer === 'string') return answer;
  notes.remark(field, code, `${answer.problem} It was left out.`, answer.remedy);
  return undefined;
}

function sirenValue(text: string): string | No {
  const reading = readSiren(text);
  return reading.kind === 'identifier'
    ? reading.value
    : no(`It is not a SIREN: ${reading.problem}.`, 'Write the nine digits of the SIREN.');
}

function vatValue(text: string): string | No {
  const reading = readVat(text);
  return reading.kind === 'identifier'
    ? reading.value
    : no(`It is not a VAT number: ${reading.problem}.`, 'Write it with its country, such as FR83404833048.');
}

function countryIn(text: string, format: FileFormat): string | No {
  const isNumber = /^\d+$/.test(text);
  const code = isNumber && !format.countryNumbersAreIso ? undefined : countryCodeOf(text);
  const why = isNumber
    ? 'The numbers of this column are not those of ISO 3166.'
    : 'It is not a known country.';
  return code ?? no(why, 'Write a code of ISO 3166 such as FR, or the name of the country.');
}

function emailIn(text: string, notes: RowNotes): string | No {
  const [first = '', ...others] = text.split(/[;,\s]+/).filter((part) => part !== '');
  const [, address = first] = /<([^<>]+)>/.exec(text) ?? [];
  if (
    address.length > 254 ||
    !/^[^\s@<>()[\]\\,;:"]{1,64}@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u.test(address) ||
    /\.\.|^\.|\.@/.test(address)
  ) {
    return no('It is not an e-mail address.', 'Write one address, such as compta@example.com.');
  }
  if (others.some((part) => part.includes('@')) && address === first) {
    notes.remark(
      'contactEmail',
      'contact-email-several',
      `There are several addresses: ${address} was kept.`,
      'Add the others as contacts of the debtor.',
    );
  }
  return address;
}

function phoneIn(text: string): string | No {
  const digits = text.replace(/\D/g, '').length;
  const plain = /^[+\d][\d\s().\-/]*(\s*(ext|poste|p)\.?\s*\d+)?$/i.test(text);
  if (plain && digits >= 6 && digits <= 20) return text;
  return no('It is not a telephone number.', 'Write it as +33 1 23 45 67 89.');
}
