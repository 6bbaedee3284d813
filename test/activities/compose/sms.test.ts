import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { inGsm7, segmentsOf } from '../../../activities/compose/gsm7.ts';
import { composeSms } from '../../../activities/compose/sms.ts';
import { languages } from '../../../domain/message.ts';
import type { Level } from '../../../domain/level.ts';
import { figuresOf, invoice } from './figures.ts';

const gsm7 = /^[@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€\r]*$/;

describe('an SMS', () => {
  it.each(['preventive', 'reminder', 'firm'] as const satisfies Level[])(
    'fits its alphabet and two segments at level %s',
    (level) => {
      for (const language of languages) {
        for (const count of [1, 2]) {
          const sms = composeSms(
            figuresOf({ level, language, template: 'reminder', lines: figuresOf().lines.slice(0, count) }),
          );

          expect(sms).toMatch(gsm7);
          expect(segmentsOf(sms)).toBeLessThanOrEqual(2);
          expect(sms).toContain(count === 1 ? '843' : '343');
          expect(sms).toContain('RF83732829320A1');
        }
      }
    },
  );

  it('shortens long names rather than paying for a third segment', () => {
    const creditor = {
      ...figuresOf().creditor,
      legalName: 'Société anonyme des établissements Œuvrard et fils réunis de Bourgogne-Franche-Comté',
    };
    const sms = composeSms(
      figuresOf({
        creditor,
        lines: [invoice('FACTURE-2026-000000000000000117', '2026-02-01', { amountCents: 123_456_789 })],
      }),
    );

    expect(segmentsOf(sms)).toBeLessThanOrEqual(2);
    expect(sms).toContain('1 234 567,89 €');
  });

  it('holds no bank account', () => {
    expect(composeSms(figuresOf())).not.toMatch(/FR76|IBAN/);
  });

  it('refuses a draft that is too long instead of cutting it', () => {
    expect(() => composeSms(figuresOf({ freeText: 'Bonjour. '.repeat(60) }))).toThrow('2 are allowed');
  });
});

describe('the alphabet of SMS', () => {
  it('keeps the accents that cost nothing and rewrites the others', () => {
    expect(inGsm7('Où est l’été à Œuvre ? « Ça », naïve forêt, 1\u202f234,56\u00a0€ – dû…')).toBe(
      'Où est l\'été à OEuvre ? "Ça", naive foret, 1 234,56 € - du...',
    );
  });

  it('takes any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => gsm7.test(inGsm7(text))));
  });

  it.each([
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
  ])('counts segments as operators do (%#)', (text, segments) => {
    expect(segmentsOf(text)).toBe(segments);
  });
});
