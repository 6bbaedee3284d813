import { ColumnEvidence } from './column-evidence.ts';
import { currencyOf, sharedSigns } from './iso-currency.ts';
import { centsMax } from '../../domain/cents-max.ts';

/**
 * How a column of amounts is written, decided over all of its values, and what an amount then is in cents.
 *
 * `1,234` is a thousand or a little more than one. A value with both marks, with two groups, or without three digits
 * after its mark settles it for the column. Cents are read from the digits, never through floating point, and an amount
 * that is no whole number of cents is refused rather than rounded.
 */
export type DecimalMark = 'decimal-comma' | 'decimal-point';

export type AmountReading =
  | {
      readonly kind: 'amount';
      readonly cents: number;
      /** The currency written beside the digits, if it is only one. */
      readonly currency?: string;
      /** A sign such as `$` that several currencies share. */
      readonly sharedSign?: string;
    }
  | { readonly kind: 'no-amount'; readonly problem: string };

/** Integer cents, negative for `-1,00`, `1,00-` and `(1,00)`. */
export function readAmount(value: string, mark: DecimalMark): AmountReading {
  const digits = digitsOf(value, mark);
  if ('problem' in digits) return { kind: 'no-amount', problem: digits.problem };
  const decimals = digits.decimals.replace(/0+$/, '');
  if (decimals.length > 2) return { kind: 'no-amount', problem: 'it has more than two decimals' };
  const cents = Number(digits.whole + decimals.padEnd(2, '0'));
  if (cents > centsMax) return { kind: 'no-amount', problem: beyondMax };
  return {
    kind: 'amount',
    cents: digits.negative && cents !== 0 ? -cents : cents,
    ...(digits.currency && { currency: digits.currency }),
    ...(digits.sharedSign && { sharedSign: digits.sharedSign }),
  };
}

/** Gathers what the values of one column say about the mark of its decimals. */
export class NumberEvidence extends ColumnEvidence<DecimalMark> {
  constructor() {
    super('decimal-comma', 'decimal-point');
  }

  protected override readingOf(value: string, mark: DecimalMark): string | undefined {
    const digits = digitsOf(value, mark);
    if ('problem' in digits) return undefined;
    return `${digits.whole.replace(/^0+/, '')}.${digits.decimals.replace(/0+$/, '')}`;
  }
}

/** As everywhere: what the API refuses is no more true in a file. */
export const beyondMax = `it is above ${(centsMax / 100).toFixed(2)}, the most that is recorded of one invoice or payment`;

type Digits =
  | { whole: string; decimals: string; negative: boolean; currency?: string; sharedSign?: string }
  | { problem: string };

function digitsOf(value: string, mark: DecimalMark): Digits {
  const text = value.replace(/\s/g, ' ').replace(/[−–]/g, '-').replace(/’/g, "'").trim();
  const unit = /^([(+-]?\s*)((?:US)?[\p{L}\p{Sc}]*)(.*?)([\p{L}\p{Sc}]*)(\s*[)-]?)$/u.exec(text);
  if (!unit) return { problem: 'it is not a number' };
  const [, before, prefix, body, suffix, after] = unit as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const sign = signOf(before + signIn(body).lead, signIn(body).trail + after);
  const number = signIn(body).rest;
  const shape = shapes[mark].exec(number);
  if (!shape || sign === undefined) {
    const spreadsheet = /^\d+([.,]\d+)?E[+-]?\d+$/i.test(text) ? ' (a spreadsheet has shortened it)' : '';
    return { problem: `it is not a number${spreadsheet}` };
  }
  const units = [prefix, suffix].filter((word) => word !== '');
  const currencies = units.flatMap((word) => currencyOf(word) ?? []);
  const shared = units.filter((word) => sharedSigns.has(word.toUpperCase()));
  if (units.length > 1 || currencies.length + shared.length < units.length)
    return { problem: 'it is not a number' };
  return {
    whole: (shape[1] ?? shape[3] ?? '').replace(/[^\d]/g, ''),
    decimals: (shape[4] ?? '').slice(1),
    negative: sign,
    ...(currencies[0] && { currency: currencies[0] }),
    ...(shared[0] && { sharedSign: shared[0] }),
  };
}

/** The sign may stand outside or inside the currency: `-€12`, `€-12`. */
function signIn(body: string): { lead: string; rest: string; trail: string } {
  const [, lead = '', rest = '', trail = ''] = /^\s*([(+-]?)\s*(.*?)\s*([)-]?)\s*$/.exec(body) ?? [];
  return { lead, rest, trail };
}

function signOf(lead: string, trail: string): boolean | undefined {
  const marks = (lead + trail).replace(/\s/g, '');
  if (marks === '' || marks === '+') return false;
  if (marks === '-' || marks === '()') return true;
  return undefined;
}

/** Digits in groups of three with one and the same group mark, or without groups; then perhaps the decimals. */
function shapeOf(group: string, decimal: string): RegExp {
  return new RegExp(
    `^(?:([1-9]\\d{0,2}(?:([${group} '])\\d{3})(?:\\2\\d{3})*)|(\\d+)|(?=${decimal}\\d))(${decimal}\\d*)?$`,
  );
}

const shapes: Record<DecimalMark, RegExp> = {
  'decimal-comma': shapeOf('.', ','),
  'decimal-point': shapeOf(',', '\\.'),
};
