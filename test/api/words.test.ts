import { expect, it } from 'vitest';
import { reasonCodeInWords } from '../../api/reason-words.ts';
import { dayInWords } from '../../api/words.ts';
import { withFirm } from '../../domain/litigation/with-firm.ts';
import { importedReason } from '../../db/registration.ts';
import { discountHold } from '../../domain/discount/discount.ts';

it('a first of the month is written as the French write it, and no other day', () => {
  expect(dayInWords('2026-04-01', 'fr')).toBe('1er avril 2026');
  expect(dayInWords('2026-04-11', 'fr')).toBe('11 avril 2026');
  expect(dayInWords('2026-04-01', 'en')).toBe('1 April 2026');
});

it('a code that says why is shown in the language of its reader, and one that a house made up as it reads', () => {
  for (const code of [withFirm, importedReason, discountHold, 'talks', 'too_early', 'overtaken']) {
    expect(reasonCodeInWords(code, 'fr')).not.toBe(reasonCodeInWords(code, 'en'));
    expect(reasonCodeInWords(code, 'fr')).not.toContain('_');
  }
  expect(reasonCodeInWords('seasonal_trade', 'fr')).toBe('seasonal trade');
});
