import { PDFDocument } from '@cantoo/pdf-lib';
import { describe, expect, it } from 'vitest';

import { letterDocument } from '../../../activities/compose/letter-document.ts';
import { composeLetter } from '../../../activities/compose/letter.ts';
import { viewOf } from '../../../activities/compose/message-view.ts';
import type { MessageFigures } from '../../../domain/message.ts';
import { figuresOf, formalNotice, invoice, plain, textOf } from './figures.ts';

/** What stands on the paper, read from the description that the PDF is drawn from. */
function wordsOn(figures: MessageFigures): string {
  return plain(textOf(letterDocument(viewOf(figures), figures).content));
}

describe('a formal notice', () => {
  it('names what it is, how it is sent, both companies, each invoice, the principal and the deadline', () => {
    const words = wordsOn(formalNotice());

    for (const mention of [
      'MISE EN DEMEURE',
      'Lettre recommandée avec avis de réception',
      'Lyon, le 12 mars 2026',
      'Atelier Durand SAS',
      'SIREN 552 100 554',
      'Menuiseries du Vercors SARL',
      'SIREN 732 829 320',
      'F2026-0117',
      '10/01/2026',
      '10/02/2026',
      '1 843,50 €',
      'F2026-0142',
      '12 500,00 €',
      'nous vous mettons en demeure de nous régler la somme de 14 343,50 € au plus tard le 24 mars 2026',
      'Si cette lettre vous est présentée après le 16 mars 2026, ce délai est porté à huit jours à compter de sa première présentation',
      'L. 441-10 du Code de commerce',
      'D. 441-5',
      'FR76 3000 6000 0112 3456 7890 189',
      'contentieux',
      'action en justice',
      'Camille Petit',
    ])
      expect(words).toContain(mention);
  });

  it('states the indemnity of 40 € per invoice on its own line and outside the sum asked', () => {
    const words = wordsOn(formalNotice());

    expect(words).toContain('Indemnité forfaitaire pour frais de recouvrement, en sus (2 × 40 €)\n80,00 €');
    expect(words).not.toContain('14 423,50');
  });

  it('rests on the public procurement code for a public body, and threatens it with no commercial lawsuit', () => {
    const words = wordsOn(
      formalNotice({ template: 'formal_notice_public', debtor: { ...figuresOf().debtor, kind: 'public' } }),
    );

    expect(words).toContain('L. 2192-13 du Code de la commande publique');
    expect(words).not.toMatch(/441-10|contentieux/);
  });

  it('claims neither penalties between professionals nor the 40 € from a consumer', () => {
    const words = wordsOn(formalNotice({ debtor: { ...figuresOf().debtor, kind: 'consumer' } }));

    expect(words).toContain('1231-6 du Code civil');
    expect(words).not.toMatch(/40 €|441-/);
  });

  it('leaves French law aside for a debtor abroad', () => {
    const words = wordsOn(
      formalNotice({
        template: 'formal_notice_abroad',
        language: 'en',
        debtor: {
          name: 'Brightwater Ltd',
          addressLines: ['1 Harbour Quay', 'LONDON E14 9SH'],
          country: 'GB',
        },
      }),
    );

    expect(words).toContain('FORMAL NOTICE TO PAY');
    expect(words).toContain('Registered letter with acknowledgement of receipt');
    expect(words).toContain('UNITED KINGDOM');
    expect(words).toContain('by 24 March 2026 at the latest');
    expect(words).not.toMatch(/441|€40/);
  });

  it('counts its days from the presentation when no day was planned', () => {
    const { answerBy: _, ...figures } = formalNotice({ noticeDays: 15 });

    expect(wordsOn(figures)).toContain(
      'dans un délai de quinze jours à compter de la première présentation de cette lettre',
    );
  });

  it('does not look like an act of a court', () => {
    expect(wordsOn(formalNotice())).not.toMatch(/république|commandement|sommation|au nom du|signifi/i);
  });
});

describe('a letter', () => {
  it('does not claim to be registered when it is not', () => {
    expect(wordsOn(figuresOf({ channel: 'letter' }))).not.toContain('recommandée');
  });

  it('is the same, byte for byte, for the same figures, and dated by them', async () => {
    const once = await composeLetter(formalNotice());
    const again = await composeLetter(structuredClone(formalNotice()));

    expect(again.equals(once)).toBe(true);
    expect((await PDFDocument.load(once, { updateMetadata: false })).getCreationDate()?.toISOString()).toBe(
      '2026-03-12T12:00:00.000Z',
    );
  });

  it('differs when a single cent differs', async () => {
    const lines = [invoice('A', '2026-02-01', { amountCents: 10_000 })];
    const dearer = [invoice('A', '2026-02-01', { amountCents: 10_001 })];

    expect(
      (await composeLetter(figuresOf({ lines: dearer }))).equals(await composeLetter(figuresOf({ lines }))),
    ).toBe(false);
  });

  it('embeds its fonts and archives as PDF/A', async () => {
    const bytes = await composeLetter(figuresOf({ channel: 'letter' }));

    const objects = (await PDFDocument.load(bytes)).context
      .enumerateIndirectObjects()
      .map(([, object]) => object.toString());
    expect(objects.filter((object) => object.includes('/FontFile2'))).toHaveLength(2);
    expect(bytes.toString('latin1')).toContain('pdfaid:part>3<');
  });

  it('runs over several pages with sixty invoices, repeating the header of the table', async () => {
    const lines = Array.from({ length: 60 }, (_, rank) =>
      invoice(`F2025-${1000 + rank}`, '2026-01-15', { amountCents: 10_000 + rank }),
    );
    const figures = formalNotice({ lines });

    const pdf = await PDFDocument.load(await composeLetter(figures));
    expect(pdf.getPageCount()).toBeGreaterThanOrEqual(3);
    const words = wordsOn(figures);
    expect(lines.every((line) => words.includes(line.number))).toBe(true);
    expect(words).toContain('60 × 40 €');
    expect(JSON.stringify(letterDocument(viewOf(figures), figures).content)).toContain('"headerRows":1');
  });

  it('keeps a hostile name as text, and the font free of spaces that it lacks', () => {
    const words = textOf(
      letterDocument(
        viewOf(figuresOf({ contact: { name: '<b>\u202eX</b>' } })),
        figuresOf({ contact: { name: '<b>\u202eX</b>' } }),
      ).content,
    );

    expect(words).toContain('À l’attention de <b>X</b>');
    expect(words).not.toContain('\u202f');
  });
});
