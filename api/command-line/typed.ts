import { isCivilDate } from '../../domain/time.ts';
import { readAmount } from '../import/number-format.ts';
import { Mistake } from './mistake.ts';

/**
 * What people type: amounts with a comma or a point, days in French or ISO order.
 *
 * What can be read in two ways is asked for again, never guessed: `1,234` is a thousand or a little more than one.
 */

/** Integer cents of `1234,56`, `1 234,56`, `1,234.56` or `1234`. */
export function centsTyped(text: string): number {
  // One mark before three digits: a thousand to some, a thousandth to others.
  if (/^\d{1,3}[.,]\d{3}$/.test(text.trim()))
    throw new Mistake(
      `"${text}" can be read in two ways: write ${text.replace(/[.,]/, '')} for a whole amount, 1,23 or 1.23 for one with cents.`,
    );
  const readings = (['decimal-comma', 'decimal-point'] as const).map((mark) => readAmount(text, mark));
  const [cents] = readings.flatMap((reading) => (reading.kind === 'amount' ? [reading.cents] : []));
  if (cents === undefined || cents <= 0)
    throw new Mistake(`"${text}" is no amount above zero: write it as 1234,56 or 1,234.56.`);
  return cents;
}

/** The day of `2026-11-30` or `30/11/2026`. */
export function dayTyped(text: string): string {
  const [, day, month, year] = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(text) ?? [];
  const iso =
    year === undefined ? text : `${year}-${(month ?? '').padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`;
  if (isCivilDate(iso)) return iso;
  throw new Mistake(`"${text}" is no day: write it as 2026-11-30 or 30/11/2026.`);
}

/** The percent of `5`, `2,5` or `2.5 %`. */
export function percentTyped(text: string): number {
  const [, whole, part = ''] = /^(\d{1,2})(?:[.,](\d{1,2}))?\s*%?$/.exec(text.trim()) ?? [];
  if (whole === undefined) throw new Mistake(`"${text}" is no percent: write it as 5 or 2,5.`);
  return Number(`${whole}.${part || '0'}`);
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
