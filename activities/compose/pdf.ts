/**
 * Turns a described document into the bytes of a PDF that can be kept ten years.
 *
 * PDF/A-3b with its fonts inside. The same description gives the same bytes: the date in the file is that of the message,
 * and nothing random enters, so a letter can be rendered again and compared with the one that was sent. Nothing is read
 * from the network, and of the disk only the fonts.
 */
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';

import pdfmake from 'pdfmake';
import type { Node, TDocumentDefinitions } from 'pdfmake/interfaces.js';

import type { CivilDate } from '../../domain/time.ts';

const fonts = join(
  dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')),
  'fonts',
  'Roboto',
);
pdfmake.setFonts({
  Roboto: {
    normal: join(fonts, 'Roboto-Regular.ttf'),
    bold: join(fonts, 'Roboto-Medium.ttf'),
    italics: join(fonts, 'Roboto-Italic.ttf'),
    bolditalics: join(fonts, 'Roboto-MediumItalic.ttf'),
  },
});
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => path.startsWith(fonts + sep));

/** What the file says about itself. */
export interface PdfIdentity {
  readonly title: string;
  readonly author: string;
  readonly language: string;
  /** Written into the file as its creation date, at noon UTC. */
  readonly day: CivilDate;
}

/** The bytes of the document. The description is consumed: pdfmake writes into it. */
export async function pdfOf(description: TDocumentDefinitions, identity: PdfIdentity): Promise<Buffer> {
  const created = new Date(`${identity.day}T12:00:00Z`);
  return pdfmake
    .createPdf({
      ...description,
      version: '1.7',
      subset: 'PDF/A-3b',
      tagged: true,
      displayTitle: true,
      language: identity.language,
      info: {
        title: identity.title,
        author: identity.author,
        creator: 'Relance',
        producer: 'Relance',
        creationDate: created,
        modDate: created,
      },
    })
    .getBuffer();
}

/**
 * Whether a title stands so low on its page that nothing of what it announces would follow: it begins the next one.
 *
 * The head of a table and its first row need a tenth of a page.
 */
export function isTitleTooLow({ headlineLevel, startPosition }: Node): boolean {
  return headlineLevel === 1 && startPosition.verticalRatio > 0.9;
}

/** Millimetres, in which letters are measured, as points, in which PDFs are. */
export function mm(millimetres: number): number {
  return (millimetres * 72) / 25.4;
}
