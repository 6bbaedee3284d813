/**
 * The QR code that a banking app turns into a ready transfer (EPC069-12, version 002).
 *
 * It carries our IBAN, the amount asked and the creditor reference, so that the transfer arrives matched. Error level M
 * and at most 331 bytes are the standard's; it exists for euros and SEPA accounts only, else there is no code.
 */
import QRCode from 'qrcode';

import { bilevelPng } from './bilevel-png.ts';
import { oneLine } from './plain-text.ts';

export interface TransferRequest {
  readonly beneficiary: string;
  readonly iban: string;
  readonly bic?: string;
  readonly amountCents: number;
  /** ISO 11649. */
  readonly reference: string;
}

const bytesMax = 331;
const amountCentsMax = 99_999_999_999;

const sepaCountries = new Set(
  (
    'AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE ' +
    'SI SK SM VA'
  ).split(' '),
);

/** Whether a SEPA transfer can reach from or to this country (ISO 3166-1 alpha-2). */
export function isInSepa(country: string): boolean {
  return sepaCountries.has(country.toUpperCase());
}

/** The text inside the code, or undefined where the standard has none: amount out of range, account outside SEPA. */
export function epcPayload(transfer: TransferRequest): string | undefined {
  const iban = transfer.iban.replace(/\s/g, '').toUpperCase();
  if (!isInSepa(iban.slice(0, 2))) return undefined;
  if (transfer.amountCents < 1 || transfer.amountCents > amountCentsMax) return undefined;

  const amount = `EUR${Math.floor(transfer.amountCents / 100)}.${String(transfer.amountCents % 100).padStart(2, '0')}`;
  const withName = (name: string): string =>
    [
      'BCD',
      '002',
      '1',
      'SCT',
      transfer.bic?.replace(/\s/g, '').toUpperCase() ?? '',
      name,
      iban,
      amount,
      '',
      transfer.reference,
    ].join('\n');
  let name = [...oneLine(transfer.beneficiary)].slice(0, 70);
  while (Buffer.byteLength(withName(name.join(''))) > bytesMax) name = name.slice(0, -1);
  return withName(name.join(''));
}

/** The code as one SVG path, which prints without hairlines between its modules. */
export function qrSvg(payload: string): string {
  const { modules } = QRCode.create(payload, { errorCorrectionLevel: 'M' });
  const quiet = 2;
  const side = modules.size + 2 * quiet;
  const path: string[] = [];
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (!modules.get(row, column)) continue;
      const from = column;
      while (column + 1 < modules.size && modules.get(row, column + 1)) column += 1;
      const width = column - from + 1;
      path.push(`M${from + quiet} ${row + quiet}h${width}v1h-${width}z`);
    }
  }
  return `<svg viewBox="0 0 ${side} ${side}" width="${side}" height="${side}"><path fill="#000000" d="${path.join('')}"/></svg>`;
}

/** The code as a PNG, six pixels a module with its quiet zone, sharp on dense screens and on paper. */
export function qrPng(payload: string): Buffer {
  const { modules } = QRCode.create(payload, { errorCorrectionLevel: 'M' });
  const quiet = 4;
  const scale = 6;
  return bilevelPng(modules.size + 2 * quiet, scale, (x, y) => {
    const [column, row] = [x - quiet, y - quiet];
    const inside = column >= 0 && row >= 0 && column < modules.size && row < modules.size;
    return inside && Boolean(modules.get(row, column));
  });
}
