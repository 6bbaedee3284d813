import { expect, it } from 'vitest';
import { dayInWords } from '../../api/words.ts';

it('a first of the month is written as the French write it, and no other day', () => {
  expect(dayInWords('2026-04-01', 'fr')).toBe('1er avril 2026');
  expect(dayInWords('2026-04-11', 'fr')).toBe('11 avril 2026');
  expect(dayInWords('2026-04-01', 'en')).toBe('1 April 2026');
});
