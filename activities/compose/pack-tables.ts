/**
 * The building blocks of the hand-over file: headings, tables with a repeated header, cells.
 */
import type { Content, TableCell } from 'pdfmake/interfaces.js';

import { dayInFigures } from './day-in-words.ts';
import type { LitigationPack } from './litigation-pack.ts';
import { moneyInWords } from './money-in-words.ts';
import { packVocabulary } from './pack-vocabulary.ts';

export const soft = '#55606e';
export const rule = '#c3cad3';

export function heading(text: string): Content {
  return { text, bold: true, fontSize: 12, margin: [0, 18, 0, 5], headlineLevel: 1 };
}

export function note(text: string): Content {
  return { text, color: soft, fontSize: 8.5, margin: [0, 0, 0, 4] };
}

/** A table with a repeated header; a head that begins with `>` is aligned right, as its column. */
export function table(
  heads: readonly string[],
  widths: (number | '*')[],
  rows: TableCell[][],
  pack: LitigationPack,
): Content {
  if (rows.length === 0) return { text: packVocabulary[pack.language].none };
  const header = heads.map((text): TableCell => ({
    text: text.replace(/^>/, ''),
    alignment: text.startsWith('>') ? 'right' : 'left',
    fontSize: 8.5,
    color: soft,
  }));
  return {
    layout: {
      hLineWidth: (line) => (line === 0 ? 0 : 0.5),
      vLineWidth: () => 0,
      hLineColor: () => rule,
      paddingLeft: (column) => (column === 0 ? 0 : 10),
      paddingRight: () => 0,
      paddingTop: () => 2.5,
      paddingBottom: () => 2.5,
    },
    table: { headerRows: 1, keepWithHeaderRows: 1, dontBreakRows: true, widths, body: [header, ...rows] },
  };
}

export function cell(text: string): TableCell {
  return { text };
}

export function noted(text: string, notes: readonly string[], strong = false): TableCell {
  return {
    stack: [
      { text, bold: strong },
      ...notes
        .filter((line) => line !== '')
        .map((line) => ({ text: line, fontSize: line.startsWith('SHA-256') ? 6.5 : 8, color: soft })),
    ],
  };
}

export function day(value: string | undefined, pack: LitigationPack): TableCell {
  return { text: value ? dayInFigures(value, pack.language) : '–' };
}

export function money(
  cents: number,
  currency: string,
  pack: LitigationPack,
  below = '',
  strong = false,
): TableCell {
  const amount: Content = {
    text: moneyInWords(cents, currency, pack.language),
    alignment: 'right',
    bold: strong,
  };
  return {
    stack: below ? [amount, { text: below, alignment: 'right', fontSize: 8, color: soft }] : [amount],
  };
}
