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
/** The text of the first page begins below the window of the envelope. */
const headHeight = mm(73);

/** The sender, and the room down to the end of the window. */
export function head({ creditor, language }: MessageFigures): Content {
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
      heights: [headHeight],
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
  const { debtor, contact, language } = figures;
  const words = vocabulary[language];
  const lines = [
    oneLine(debtor.name),
    contact.name ? words.attention(oneLine(contact.name)) : '',
    ...debtor.addressLines.map(oneLine),
  ].filter((line) => line !== '');
  const country = debtor.country.toUpperCase() === 'FR' ? '' : countryOf(debtor.country);
  if (country !== '' && lines.at(-1)?.toUpperCase() !== country) lines.push(country);
  return {
    absolutePosition: { x: mm(108), y: mm(50) },
    stack: [
      { text: lines[0] ?? '', bold: true, fontSize: 11 },
      ...lines.slice(1).map((text) => ({ text, fontSize: 11 })),
    ],
  };
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
