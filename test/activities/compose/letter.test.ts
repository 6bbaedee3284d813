import { PDFDocument } from '@cantoo/pdf-lib';
import { describe, expect, it } from 'vitest';

import { letterDocument } from '../../../activities/compose/letter-document.ts';
import { composeLetter } from '../../../activities/compose/letter.ts';
import { viewOf } from '../../../activities/compose/message-view.ts';
import type { InvoiceLine, MessageFigures } from '../../../domain/message.ts';
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

  it('that asks for penalties shows how they come about, with the indemnity of 40 € on a line of its own', () => {
    const words = wordsOn(formalNotice({ lines: figuresOf().lines.map((line) => claiming(line)) }));

    for (const line of [
      'F2026-0117\n01/03/2026 au 12/03/2026\n12 / 365\n1 843,50 €\n12,15 %\n7,36 €',
      'Principal\n14 343,50 €\nIntérêts de retard\n14,72 €',
      'Indemnités forfaitaires pour frais de recouvrement (2 × 40,00 €)\n80,00 €',
      'Somme réclamée au 12 mars 2026\n14 438,22 €',
      'régler la somme de 14 438,22 €, soit 14 343,50 € en principal, 14,72 € d’intérêts de retard arrêtés au 12 mars 2026 et 80,00 € d’indemnités forfaitaires, au plus tard',
      'Chaque jour de retard supplémentaire ajoute 1,22 € d’intérêts.',
      'Celles qui ont couru à ce jour figurent au décompte ci-dessus.',
    ])
      expect(words).toContain(line);
  });

  it('that asks for what is left of the interest says what was paid and waived of what ran', () => {
    const paid = figuresOf().lines.map((line) => claiming(line, { cents: 400, paidCents: 300 }));

    expect(wordsOn(formalNotice({ lines: paid }))).toContain(
      'Intérêts courus\n14,72 €\nIntérêts déjà réglés\n−6,00 €\nIntérêts abandonnés\n−0,72 €\nIntérêts de retard\n8,00 €',
    );
  });

  it.each([
    ['fr', 'd’une indemnité forfaitaire pour frais de recouvrement de 45 € par facture'],
    ['en', 'a fixed indemnity for recovery costs of €45 per invoice'],
  ] as const)('names the indemnity that the law gives on the day (%s)', (language, sentence) => {
    expect(wordsOn(formalNotice({ language, indemnityCents: 4_500 }))).toContain(sentence);
  });

  it.each([
    ['fr', 'd’indemnités forfaitaires, partie non contestée de notre créance, au plus tard'],
    ['en', 'fixed indemnities, the undisputed part of our claim, by'],
  ] as const)('about the uncontested part says so in one sentence (%s)', (language, sentence) => {
    const [first, second] = figuresOf().lines.map((line) => claiming(line));
    const contested = { ...first!, contestedCents: 50_000, askedCents: first!.balanceCents - 50_000 };
    const words = wordsOn(formalNotice({ language, lines: [contested, second!] }));

    expect(words).toContain(sentence);
    expect(words).not.toContain(',,');
    const { claim: _, ...alone } = contested;
    expect(wordsOn(formalNotice({ language, lines: [alone] }))).not.toContain(',,');
  });

  it('asks for the price alone where the scenario says so, and only names the rights', () => {
    const words = wordsOn(formalNotice());

    expect(words).toContain('régler la somme de 14 343,50 € au plus tard');
    expect(words).toContain('Elles vous seront décomptées séparément.');
    expect(words).not.toContain('80,00');
  });

  it('counts the indemnity in euros beside a price in another currency', () => {
    const lines = [invoice('US-1', '2026-02-10', { amountCents: 100_000, currency: 'USD' })].map((line) =>
      claiming(line),
    );
    const words = wordsOn(formalNotice({ language: 'en', lines }));

    expect(words).toContain('Amount claimed as of 12 March 2026\nUSD 1,007.36');
    expect(words).toContain('Amount claimed as of 12 March 2026\n€40.00');
    expect(words).toContain('the sum of USD 1,000.00 by');
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

  it.each([
    ['business', 'GB', /441-10/],
    ['eu', 'FR', /loi applicable/],
    ['public', 'FR', /2192-13/],
    ['consumer', 'FR', /1231-6/],
  ] as const)('rests on the law of its sums: %s, to a debtor in %s', (regime, country, cited) => {
    const { debtor } = figuresOf();
    const words = wordsOn(formalNotice({ regime, debtor: { ...debtor, country } }));

    expect(words).toMatch(cited);
    if (regime !== 'business') expect(words).not.toMatch(/441-10/);
  });

  it('threatens our own group, or whom no rule binds, with no penalties', () => {
    expect(wordsOn(formalNotice({ regime: 'none' }))).not.toMatch(/441-10|intérêts de retard|40/);
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
  it('says on each page what the law wants of whoever writes: register, form and capital beside the SIREN', () => {
    const { creditor } = figuresOf();
    const registration = 'RCS Lyon, SAS au capital de 50 000 €';
    const figures = figuresOf({ channel: 'letter', creditor: { ...creditor, registration } });

    expect(plain(viewOf(figures).legal)).toContain(`SIREN 552 100 554 – ${registration} – TVA`);
  });

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
      claiming(invoice(`F2025-${1000 + rank}`, '2026-01-15', { amountCents: 10_000 + rank })),
    );
    const figures = formalNotice({ lines });

    const pdf = await PDFDocument.load(await composeLetter(figures));
    expect(pdf.getPageCount()).toBeGreaterThanOrEqual(3);
    const words = wordsOn(figures);
    expect(lines.every((line) => words.includes(line.number))).toBe(true);
    expect(words).toContain('60 × 40,00 €');
    expect(JSON.stringify(letterDocument(viewOf(figures), figures).content)).toContain('"headerRows":1');
  });

  it('writes a long address smaller, so that the envelope shows its last line and no line runs into the text', () => {
    const ordinary = figuresOf({ channel: 'letter' });
    const long = figuresOf({
      channel: 'letter',
      contact: {
        name: 'Mme Marie-Antoinette de La Rochefoucauld, responsable de la comptabilité fournisseurs',
      },
      debtor: {
        ...ordinary.debtor,
        name: 'Société Civile de Construction-Vente Résidence des Hauts de la Chapelle-Saint-Mesmin et Associés',
        addressLines: [
          'Immeuble Le Grand Pavois, bâtiment C, 4e étage, porte 412',
          '320 avenue du Président-Franklin-Delano-Roosevelt prolongée',
          'Zone d’activités concertée de la Plaine des Bords de Loire',
          '45380 LA CHAPELLE-SAINT-MESMIN CEDEX',
        ],
      },
    });
    const endless = { ...long, debtor: { ...long.debtor, name: long.debtor.name.repeat(12) } };

    expect(inWindow(ordinary)).toMatchObject({ fontSize: 11, last: '38000 GRENOBLE', isBelow: false });
    expect(inWindow(long)).toMatchObject({ last: '45380 LA CHAPELLE-SAINT-MESMIN CEDEX' });
    expect(inWindow(long).fontSize).toBeLessThan(11);
    // Nobody is lost for want of room: the person is named below, and the text begins lower.
    expect(inWindow(endless)).toMatchObject({ fontSize: 8, isBelow: true });
    expect(inWindow(endless).headHeight).toBeGreaterThan(inWindow(long).headHeight);
  });

  it('begins a page with a title that would end the one before', () => {
    const { pageBreakBefore } = letterDocument(viewOf(figuresOf()), figuresOf());
    const at = (headlineLevel: number | undefined, verticalRatio: number) =>
      pageBreakBefore?.({ headlineLevel, startPosition: { verticalRatio } } as never, {} as never);

    expect([at(1, 0.95), at(1, 0.5), at(undefined, 0.95)]).toEqual([true, false, false]);
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

/** How the address stands in the window of the envelope, and where the text begins. */
function inWindow(figures: MessageFigures) {
  const [head, address, ...below] = letterDocument(viewOf(figures), figures).content as unknown as [
    { table: { heights: [number] } },
    { stack: { text: string; fontSize: number }[] },
    ...unknown[],
  ];
  return {
    fontSize: address.stack[0]?.fontSize ?? 0,
    last: plain(address.stack.at(-1)?.text ?? ''),
    isBelow: plain(textOf(below)).includes('À l’attention de'),
    headHeight: head.table.heights[0],
  };
}

/** The line with penalties asked for beside it. */
function claiming(line: InvoiceLine, left: { cents?: number; paidCents?: number } = {}): InvoiceLine {
  const period = { from: '2026-03-01', to: '2026-03-12', days: 12, yearDays: 365, hundredths: 1_215 };
  const periods = [{ ...period, baseCents: line.askedCents, cents: 736 }];
  const interest = { cents: 736, paidCents: 0, perDayCents: 61, periods, ...left };
  return { ...line, claim: { interest, lumpSumCents: 4_000 } };
}
