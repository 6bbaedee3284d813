import * as siren from 'stdnum/lib/cjs/fr/siren.js';
import * as siret from 'stdnum/lib/cjs/fr/siret.js';
import { vatValidators } from './vat-validators.ts';

/**
 * Registration and VAT numbers, checked by their check digits before anything is recognised by them.
 *
 * Two companies are taken for one, or one for two, when a mistyped identifier becomes a key; so what does not pass its
 * check is never given back as an identifier.
 */
export type IdentifierReading =
  | { readonly kind: 'identifier'; readonly value: string }
  | { readonly kind: 'invalid'; readonly problem: string };

/** The nine digits of a SIREN, from a SIREN or from a SIRET (the nine digits and the establishment's five). */
export function readSiren(value: string): IdentifierReading {
  const digits = value.replace(/[\s.\-/]/g, '');
  if (!/^\d{9}$|^\d{14}$/.test(digits))
    return invalid('it has neither the 9 digits of a SIREN nor the 14 of a SIRET');
  // Nine zeros and the like pass the check digit and identify nobody.
  if (/^(\d)\1{8}/.test(digits)) return invalid('its digits are all the same');
  if (digits.length === 14 && !siret.validate(digits).isValid) return invalid('its check digits are wrong');
  const company = digits.slice(0, 9);
  return siren.validate(company).isValid
    ? { kind: 'identifier', value: company }
    : invalid('its check digit is wrong');
}

/** A VAT number with its country, such as `FR83404833048`, checked by the rules of that country. */
export function readVat(value: string): IdentifierReading {
  const compact = value.toUpperCase().replace(/[\s.\-/]/g, '');
  const prefix = /^[A-Z]{2,3}(?=[A-Z0-9]{2})/.exec(compact)?.[0];
  if (!prefix) return invalid('it does not begin with the letters of its country');
  const written = compact.startsWith('CHE') ? 'CH' : prefix.slice(0, 2);
  const country = written === 'EL' ? 'GR' : written === 'XI' ? 'GB' : written;
  const validator = vatValidators[country];
  if (!validator) return invalid(`VAT numbers that begin with ${written} cannot be checked`);
  const number = written === 'CH' ? compact : compact.slice(2);
  return validator.validate(number).isValid
    ? { kind: 'identifier', value: compact }
    : invalid('its check digits are wrong');
}

function invalid(problem: string): IdentifierReading {
  return { kind: 'invalid', problem };
}
