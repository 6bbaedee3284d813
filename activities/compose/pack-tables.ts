/**
 * The building blocks of documents that are no letters: headings, tables with a repeated header, cells.
 */
import type { Content, TableCell } from 'pdfmake/interfaces.js';

import type { Language } from '../../domain/message.ts';
import { dayInFigures } from './day-in-words.ts';
import { moneyInWords } from './money-in-words.ts';
import { packVocabulary } from './pack-vocabulary.ts';
import { typographic, withoutNarrowSpaces } from './plain-text.ts';

/** A document, as far as its words are concerned. */
interface Spoken {
  readonly language: Language;
}

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
  { language }: Spoken,
): Content {
  if (rows.length === 0) return { text: packVocabulary[language].none };
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

export function day(value: string | undefined, { language }: Spoken): TableCell {
  return { text: value ? dayInFigures(value, language) : '–' };
}

export function money(
  cents: number,
  currency: string,
  { language }: Spoken,
  below = '',
  strong = false,
): TableCell {
  const amount: Content = {
    text: moneyInWords(cents, currency, language),
    alignment: 'right',
    bold: strong,
  };
  return {
    stack: below ? [amount, { text: below, alignment: 'right', fontSize: 8, color: soft }] : [amount],
  };
}

/** Sets the typographic spaces that the font knows in every text of the document. */
export function withPlainText(node: unknown, language: Language): unknown {
  if (typeof node === 'string') return withoutNarrowSpaces(typographic(node, language));
  if (Array.isArray(node)) return node.map((child) => withPlainText(child, language));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, withPlainText(value, language)]),
  );
}
