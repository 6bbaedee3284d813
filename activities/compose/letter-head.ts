/**
 * The upper third of a letter: who writes, and to whom, where the window of the envelope shows it.
 */
import type { Content } from 'pdfmake/interfaces.js';

import type { MessageFigures } from '../../domain/message.ts';
import { sirenInWords } from './message-view.ts';
import { mm } from './pdf.ts';
import { oneLine } from './plain-text.ts';
import { vocabulary } from './vocabulary.ts';

const soft = '#55606e';
const marginTop = mm(18);
/** The text of the first page begins below the window of the envelope. */
const headHeight = mm(73);
const windowAt = { x: mm(108), y: mm(50) };
/** What every window shows, wherever the folded sheet slides in its envelope. */
const windowHeight = mm(30);
/** Up to the margin of the page. */
const windowWidth = mm(82);
/** The post wants at least 8 points. */
const fontSizes = [11, 10, 9, 8] as const;
/** The height of a line of Roboto, in its own size. */
const robotoLine = 1.172;

/** The sender, and the room down to the end of the window. */
export function head(figures: MessageFigures): Content {
  const { creditor, language } = figures;
  const below = windowAt.y - marginTop + inWindow(figures).height + mm(6);
  const words = vocabulary[language];
  const lines = [
    ...creditor.addressLines.map(oneLine),
    creditor.phone ? `${words.phone} ${oneLine(creditor.phone)}` : '',
    oneLine(creditor.replyTo),
    creditor.siren ? `${words.siren} ${sirenInWords(creditor.siren)}` : '',
  ].filter((line) => line !== '');
  return {
    layout: 'noBorders',
    table: {
      widths: [mm(80)],
      heights: [Math.max(headHeight, below)],
      body: [
        [
          {
            stack: [
              { text: oneLine(creditor.legalName), bold: true, fontSize: 12 },
              ...lines.map((text) => ({ text, fontSize: 9, color: soft })),
            ],
          },
        ],
      ],
    },
  };
}

/** The recipient, in the window whatever stands above. */
export function recipient(figures: MessageFigures): Content {
  const { lines, fontSize } = inWindow(figures);
  return {
    absolutePosition: windowAt,
    stack: lines.map((text, place) => ({ text, fontSize, lineHeight: 1, bold: place === 0 })),
  };
}

/** Whom the letter is for at the company, where the window has no room for it: the post needs the rest, he does not. */
export function attentionBelow(figures: MessageFigures): string[] {
  return inWindow(figures).hasAttention ? [] : attentionIn(figures);
}

interface InWindow {
  readonly lines: readonly string[];
  readonly fontSize: number;
  readonly height: number;
  readonly hasAttention: boolean;
}

/**
 * The address as large as the window lets it be.
 *
 * The post reads the last line, so nothing of an address may be hidden by the envelope: a long one is written smaller, then
 * without the person, and one that still does not fit moves the letter down instead of running into it.
 */
function inWindow(figures: MessageFigures): InWindow {
  const smallest = fontSizes.at(-1) ?? 8;
  const whole = addressIn(figures, attentionIn(figures));
  const short = addressIn(figures, []);
  for (const [lines, hasAttention] of [
    [whole, true],
    [short, false],
  ] as const)
    for (const fontSize of fontSizes) {
      const height = heightOf(lines, fontSize);
      if (height <= windowHeight) return { lines, fontSize, height, hasAttention };
    }
  return { lines: short, fontSize: smallest, height: heightOf(short, smallest), hasAttention: false };
}

function addressIn({ debtor }: MessageFigures, attention: readonly string[]): readonly string[] {
  const lines = [oneLine(debtor.name), ...attention, ...debtor.addressLines.map(oneLine)].filter(
    (line) => line !== '',
  );
  const country = debtor.country.toUpperCase() === 'FR' ? '' : countryOf(debtor.country);
  return country === '' || lines.at(-1)?.toUpperCase() === country ? lines : [...lines, country];
}

function attentionIn({ contact, language }: MessageFigures): string[] {
  return contact.name ? [vocabulary[language].attention(oneLine(contact.name))] : [];
}

/** The height of these lines, in points, counting those that are broken in two; rather too much than too little. */
function heightOf(lines: readonly string[], fontSize: number): number {
  const broken = lines.reduce((sum, line) => sum + rowsOf(line, windowWidth / fontSize), 0);
  return broken * fontSize * robotoLine;
}

/** Into how many rows a line is broken at its spaces, for a width in ems. */
function rowsOf(line: string, widthMax: number): number {
  let rows = 1;
  let used = 0;
  for (const word of line.split(/(?<=[ -])/)) {
    const width = [...word].reduce((sum, letter) => sum + emsOf(letter), 0);
    if (used > 0 && used + width > widthMax) {
      rows += 1;
      used = 0;
    }
    used += width;
    // A word that is wider than the window is cut.
    while (used > widthMax) {
      rows += 1;
      used -= widthMax;
    }
  }
  return rows;
}

/** How wide a letter of Roboto Medium is at most within its kind, in ems. */
function emsOf(letter: string): number {
  if (/[ijltfrI.,;:'’|! -]/.test(letter)) return 0.32;
  if (/[mwMW@%]/.test(letter)) return 0.9;
  return letter === letter.toUpperCase() && letter !== letter.toLowerCase() ? 0.66 : 0.55;
}

/** `Lyon`, out of `69007 LYON CEDEX 07`; empty when the last line of the address does not look like one. */
export function placeOf({ creditor }: MessageFigures): string {
  const place =
    /^\d{4,5}\s+(\p{L}[\p{L}' -]*?)(?:\s+cedex.*)?$/iu.exec(
      oneLine(creditor.addressLines.at(-1) ?? ''),
    )?.[1] ?? '';
  if (place !== place.toUpperCase()) return place;
  return place
    .toLowerCase()
    .replace(/(?<![\p{L}])(?!(?:sur|sous|le|la|les|en|de|du|des|aux?|lès)(?![\p{L}]))\p{L}/gu, (letter) =>
      letter.toUpperCase(),
    );
}

/** The post of the country of departure reads the last line: the country's English name, in capitals. */
function countryOf(code: string): string {
  return (new Intl.DisplayNames('en', { type: 'region' }).of(code.toUpperCase()) ?? code).toUpperCase();
}
