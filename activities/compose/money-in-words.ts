/**
 * Amounts as people write them: `1 234,56 €` in French, `€1,234.56` in English.
 *
 * Written by hand rather than with `Intl`, whose output follows the version of its data: the same figures must give the
 * same bytes on every machine, because the hash of a message is its proof.
 */
import type { Language } from '../../domain/message.ts';

const narrowSpace = '\u202f';
const noBreakSpace = '\u00a0';
const minus = '\u2212';

const symbols: Readonly<Record<string, string>> = { EUR: '€', GBP: '£' };

/** An amount in cents with its currency; thousands are grouped by spaces that never break a line. */
export function moneyInWords(cents: number, currency: string, language: Language): string {
  if (!Number.isSafeInteger(cents))
    throw new RangeError(`An amount must be a whole number of cents: got ${cents}.`);
  const sign = cents < 0 ? minus : '';
  const digits = String(Math.abs(cents)).padStart(3, '0');
  const units = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, language === 'fr' ? narrowSpace : ',');
  const decimals = digits.slice(-2);

  if (language === 'fr') {
    const unit = currency === 'EUR' ? '€' : currency;
    return `${sign}${units},${decimals}${noBreakSpace}${unit}`;
  }
  return `${sign}${symbols[currency] ?? currency + noBreakSpace}${units}.${decimals}`;
}

/** `12,15 %`, `12.15%`. */
export function percentInWords(hundredths: number, language: Language): string {
  const digits = (hundredths / 100).toFixed(2);
  return language === 'fr' ? `${digits.replace('.', ',')}${noBreakSpace}%` : `${digits}%`;
}
