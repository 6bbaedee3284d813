import { isCivilDate } from '../../../domain/time.ts';
import type { CivilDate } from '../../../domain/time.ts';
import { centsMax } from '../../../domain/cents-max.ts';
import { beyondMax } from '../number-format.ts';
import type { Said } from './einvoice.ts';

/** What a text of an e-invoice is worth, or why nothing. */
export type Reading<Value> = { readonly value: Value } | { readonly problem: string };

/**
 * Integer cents of a decimal number of XML, from its digits alone.
 *
 * A cent is a hundredth of the currency, for currencies without cents and with thousandths too, as everywhere in
 * Relance; what is finer than that is refused, not rounded.
 */
export function centsOf({ value }: Said): Reading<number> {
  const [, sign, whole = '', decimals = ''] = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?$/.exec(value) ?? [];
  if (sign === undefined) return { problem: 'it is no decimal number of XML, such as 1234.56' };
  const kept = decimals.replace(/0+$/, '');
  if (kept.length > 2) return { problem: 'it has more than two decimals' };
  const cents = Number(`${whole}${kept.padEnd(2, '0')}`);
  if (cents > centsMax) return { problem: beyondMax };
  return { value: sign === '-' && cents !== 0 ? -cents : cents };
}

/** Hundredths of a percent, from text such as `33.33`. */
export function basisPointsOf(said: Said): Reading<number> {
  const reading = centsOf(said);
  if ('problem' in reading) return reading;
  return reading.value > 0 && reading.value <= 10_000 ? reading : { problem: 'it is no share of a hundred' };
}

/** A day, from `2026-03-31` (UBL, with or without a zone or a time) or from the formats 102, 203 and 204 of CII. */
export function dayOf({ value, scheme }: Said): Reading<CivilDate> {
  const compact = /^(\d{4})(\d{2})(\d{2})(\d{4}|\d{6})?$/.exec(value);
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]+)?(?:Z|[+-]\d{2}:\d{2})?$/.exec(value);
  if (compact && scheme !== undefined && !['102', '203', '204'].includes(scheme))
    return { problem: `its format ${scheme} is not read` };
  const [, year, month, day] = compact ?? iso ?? [];
  if (year === undefined) return { problem: 'it is no date' };
  const date = `${year}-${month}-${day}`;
  return isCivilDate(date) ? { value: date } : { problem: 'this day does not exist' };
}

/** Cents as people and XML write them: `1801.78`. */
export function decimalOf(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
