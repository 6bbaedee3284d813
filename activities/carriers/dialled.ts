/**
 * A telephone number as it is dialled from anywhere (E.164), from how people write it; null when that cannot be told.
 *
 * Files hold `06 12 34 56 78`, `+33 (0)6…`, `0033…`, and what a spreadsheet left of the first, `612345678`. Providers take
 * one form, and would call every other one invalid: the number would be struck off for the way in which it is written.
 * A number without its country is read as one of the debtor's.
 */
export function dialled(written: string, country: string): string | null {
  const number = written.replace(/(ext|poste|p)\.?\s*\d+\s*$/i, '').trim();
  const isAbroad = /^(\+|00)/.test(number);
  const digits = number.replace(isAbroad ? /\(0\)/ : '', '').replaceAll(/\D/g, '');
  if (isAbroad) return international(number.startsWith('00') ? digits.slice(2) : digits);
  const plan = plans[country];
  if (!plan) return null;
  const [code, trunk] = plan;
  if (trunk !== '' && digits.startsWith(trunk)) return international(code + digits.slice(trunk.length));
  // Ten digits and more that begin with the country's own are not a number at home: a plus is missing.
  return international(digits.startsWith(code) && digits.length >= code.length + 8 ? digits : code + digits);
}

function international(digits: string): string | null {
  return /^[1-9]\d{7,14}$/.test(digits) ? `+${digits}` : null;
}

/** The code of a country, and what one dials before a number at home; for others the number must begin with a plus. */
const plans: Readonly<Record<string, readonly [code: string, trunk: string]>> = {
  FR: ['33', '0'],
  GP: ['590', '0'],
  MQ: ['596', '0'],
  GF: ['594', '0'],
  RE: ['262', '0'],
  YT: ['262', '0'],
  MC: ['377', ''],
  BE: ['32', '0'],
  CH: ['41', '0'],
  LU: ['352', ''],
  DE: ['49', '0'],
  AT: ['43', '0'],
  NL: ['31', '0'],
  GB: ['44', '0'],
  IE: ['353', '0'],
  ES: ['34', ''],
  PT: ['351', ''],
  IT: ['39', ''],
  DK: ['45', ''],
  SE: ['46', '0'],
  NO: ['47', ''],
  FI: ['358', '0'],
  PL: ['48', ''],
  CZ: ['420', ''],
};
