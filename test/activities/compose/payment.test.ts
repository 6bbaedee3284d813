import QRCode from 'qrcode';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { dayInFigures, dayInWords, daysAfter } from '../../../activities/compose/day-in-words.ts';
import { epcPayload, qrPng } from '../../../activities/compose/epc-qr.ts';
import { moneyInWords } from '../../../activities/compose/money-in-words.ts';

const transfer = {
  beneficiary: 'Atelier Durand',
  iban: 'FR76 3000 6000 0112 3456 7890 189',
  bic: 'AGRIFRPP',
  amountCents: 123_456,
  reference: 'RF18539007547034',
};

describe('the QR code of a transfer', () => {
  it('holds what a banking app needs, as EPC069-12 orders it', () => {
    expect(epcPayload(transfer)?.split('\n')).toEqual([
      'BCD',
      '002',
      '1',
      'SCT',
      'AGRIFRPP',
      'Atelier Durand',
      'FR7630006000011234567890189',
      'EUR1234.56',
      '',
      'RF18539007547034',
    ]);
  });

  it('stays within 331 bytes whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (beneficiary) => {
        const payload = epcPayload({ ...transfer, beneficiary }) ?? '';
        expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(331);
        expect(payload.split('\n')).toHaveLength(10);
      }),
    );
  });

  it.each([0, -1, 100_000_000_000])('does not exist for %i cents', (amountCents) => {
    expect(epcPayload({ ...transfer, amountCents })).toBeUndefined();
  });

  it('does not exist for an account outside SEPA', () => {
    expect(epcPayload({ ...transfer, iban: 'BR1800360305000010009795493C1' })).toBeUndefined();
  });

  it('is a picture whose size a scanner can resolve', () => {
    const payload = epcPayload(transfer) ?? '';
    const png = qrPng(payload);

    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(
      (QRCode.create(payload, { errorCorrectionLevel: 'M' }).modules.size + 8) * 6,
    );
  });
});

describe('an amount in words', () => {
  it.each([
    [123_456, 'EUR', '1\u202f234,56\u00a0€', '€1,234.56'],
    [5, 'EUR', '0,05\u00a0€', '€0.05'],
    [-123_456_700, 'USD', '−1\u202f234\u202f567,00\u00a0USD', '−USD\u00a01,234,567.00'],
    [100_000, 'GBP', '1\u202f000,00\u00a0GBP', '£1,000.00'],
  ])('of %i %s is written as people write it', (cents, currency, fr, en) => {
    expect(moneyInWords(cents, currency, 'fr')).toBe(fr);
    expect(moneyInWords(cents, currency, 'en')).toBe(en);
  });

  it('never loses a cent', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (cents) => {
        const digits = moneyInWords(cents, 'EUR', 'fr')
          .replace(/[^\d−]/g, '')
          .replace('−', '-');
        expect(Number(digits)).toBe(cents);
      }),
    );
  });

  it('refuses a fraction of a cent', () => {
    expect(() => moneyInWords(1.5, 'EUR', 'fr')).toThrow('whole number of cents');
  });
});

describe('a day in words', () => {
  it('is written in each language', () => {
    expect(dayInWords('2026-04-01', 'fr')).toBe('1er\u00a0avril\u00a02026');
    expect(dayInWords('2026-08-12', 'fr')).toBe('12\u00a0août\u00a02026');
    expect(dayInFigures('2026-03-12', 'fr')).toBe('12/03/2026');
    expect(dayInFigures('2026-03-12', 'en')).toBe('12\u00a0Mar\u00a02026');
  });

  it('moves over the ends of months and years', () => {
    expect(daysAfter('2026-03-05', -8)).toBe('2026-02-25');
    expect(daysAfter('2026-12-31', 1)).toBe('2027-01-01');
  });
});
