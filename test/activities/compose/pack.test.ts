import { PDFDocument } from '@cantoo/pdf-lib';
import { describe, expect, it } from 'vitest';

import { missingPiecesOf } from '../../../activities/compose/litigation-pack.ts';
import type { LitigationPack } from '../../../activities/compose/litigation-pack.ts';
import { packDocument } from '../../../activities/compose/pack-document.ts';
import { composePack } from '../../../activities/compose/pack.ts';
import { figuresOf, plain, textOf } from './figures.ts';

const sha256 = 'a1b2c3d4'.repeat(8);

function packOf(wishes: Partial<LitigationPack> = {}): LitigationPack {
  const { creditor, debtor, contact } = figuresOf();
  return {
    reference: 'CTX-2026-0007',
    language: 'fr',
    today: '2026-04-28',
    creditor,
    debtor,
    contacts: [contact],
    responsible: 'Camille Petit',
    reason: 'Mise en demeure restée sans effet',
    invoices: [
      {
        number: 'F2026-0142',
        term: 1,
        issueDate: '2026-01-20',
        dueDate: '2026-02-20',
        amountCents: 1_250_000,
        balanceCents: 1_000_000,
        contestedCents: 120_000,
        currency: 'EUR',
        daysLate: 67,
      },
    ],
    ledger: [
      { day: '2026-01-20', kind: 'invoice', invoiceNumber: 'F2026-0142', cents: 1_250_000, currency: 'EUR' },
      {
        day: '2026-03-01',
        kind: 'payment',
        invoiceNumber: 'F2026-0142',
        reference: 'VIR 88213',
        cents: -250_000,
        currency: 'EUR',
      },
    ],
    chronology: [
      {
        day: '2026-03-26',
        channel: 'registered_letter',
        level: 'formal_notice',
        subject: 'Mise en demeure',
        outcome: 'présentée',
        trackingNumber: '2C 123',
        sha256,
      },
      {
        day: '2026-02-27',
        time: '09:12',
        channel: 'email',
        level: 'reminder',
        recipient: 'compta@vercors.example',
        outcome: 'remis',
        sha256,
      },
    ],
    disputes: [
      {
        invoiceNumber: 'F2026-0142',
        openedOn: '2026-03-05',
        reason: 'Défaut de peinture',
        contestedCents: 120_000,
        currency: 'EUR',
      },
    ],
    promises: [
      {
        madeOn: '2026-02-28',
        madeBy: 'Claire Martin',
        promisedDay: '2026-03-01',
        cents: 250_000,
        currency: 'EUR',
        outcome: 'kept',
      },
    ],
    formalNotice: {
      composedOn: '2026-03-25',
      postedOn: '2026-03-26',
      trackingNumber: '2C 123',
      presentedOn: '2026-03-28',
      answerBy: '2026-04-07',
      sha256,
    },
    missing: ['delivery_proof', 'contract'],
    ...wishes,
  };
}

function wordsOn(pack: LitigationPack): string {
  return plain(textOf(packDocument(pack).content));
}

describe('a hand-over file', () => {
  it('holds the parties, the figures, every contact with its proof, disputes, promises, the notice and the gaps', () => {
    const words = wordsOn(packOf());

    for (const fact of [
      'CTX-2026-0007',
      'SIREN 552 100 554',
      'SIREN 732 829 320',
      '10 000,00 €',
      '1 200,00 €',
      'VIR 88213',
      '−2 500,00 €',
      `SHA-256 ${sha256}`,
      'courriel, relance',
      '09:12',
      'Défaut de peinture',
      'tenue',
      '2C 123',
      '28 mars 2026',
      'Preuve de livraison ou d’exécution',
    ])
      expect(words).toContain(fact);
  });

  it('tells the contacts in the order in which they happened', () => {
    const words = wordsOn(packOf());

    expect(words.indexOf('courriel, relance')).toBeLessThan(
      words.indexOf('lettre recommandée, mise en demeure'),
    );
  });

  it('finds by itself that the notice was never posted or presented', () => {
    const { formalNotice: _, ...unnoticed } = packOf({ missing: [] });

    expect(missingPiecesOf(packOf({ missing: [] }))).toEqual([]);
    expect(missingPiecesOf(packOf({ missing: [], formalNotice: { composedOn: '2026-03-25' } }))).toEqual([
      'posting_proof',
      'presentation_proof',
    ]);
    expect(missingPiecesOf(unnoticed)).toEqual(['formal_notice']);
  });

  it('says in so many words that a part of it is empty', () => {
    expect(wordsOn(packOf({ disputes: [], promises: [], chronology: [] })).match(/Néant\./g)).toHaveLength(3);
  });

  it('is refused when its ledger does not explain a balance', async () => {
    await expect(composePack(packOf({ ledger: [] }))).rejects.toThrow(
      'The ledger of invoice F2026-0142 adds up to 0 cents, its balance is 1000000',
    );
  });

  it('gives the same data as JSON, with sorted keys and the gaps found', async () => {
    const { json } = await composePack(packOf());
    const data = JSON.parse(json) as LitigationPack & { format: string; formatVersion: number };

    expect(data).toMatchObject({
      format: 'relance/litigation-pack',
      formatVersion: 1,
      missing: ['contract', 'delivery_proof'],
      invoices: packOf().invoices,
      chronology: packOf().chronology,
    });
    expect(Object.keys(data)).toEqual([...Object.keys(data)].sort());
  });

  it.each(['fr', 'en'] as const)('is the same, byte for byte, for the same data (%s)', async (language) => {
    const once = await composePack(packOf({ language }));
    const again = await composePack(structuredClone(packOf({ language })));

    expect(again.pdf.equals(once.pdf)).toBe(true);
    expect(again.json).toBe(once.json);
  });

  it('runs over as many pages as a long history needs', async () => {
    const [contact] = packOf().chronology;
    const chronology = Array.from({ length: 120 }, () => ({ ...contact!, outcome: 'remis' }));

    expect(
      (await PDFDocument.load((await composePack(packOf({ chronology }))).pdf)).getPageCount(),
    ).toBeGreaterThan(4);
  });
});
