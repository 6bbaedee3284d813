import { describe, expect, it } from 'vitest';
import { dialled } from '../../../activities/carriers/dialled.ts';

describe('a telephone number', () => {
  it.each([
    ['06 12 34 56 78', 'FR', '+33612345678'],
    ['06.12.34.56.78', 'FR', '+33612345678'],
    ['+33 6 12 34 56 78', 'FR', '+33612345678'],
    ['+33 (0)6 12 34 56 78', 'FR', '+33612345678'],
    ['0033 6 12 34 56 78', 'FR', '+33612345678'],
    ['0033 (0)6 12 34 56 78', 'FR', '+33612345678'],
    // What a spreadsheet leaves of the first.
    ['612345678', 'FR', '+33612345678'],
    ['33612345678', 'FR', '+33612345678'],
    ['06 12 34 56 78 poste 12', 'FR', '+33612345678'],
    ['0690 12 34 56', 'GP', '+590690123456'],
    ['0470 12 34 56', 'BE', '+32470123456'],
    ['621 123 456', 'LU', '+352621123456'],
    ['333 123 4567', 'IT', '+393331234567'],
    ['+1 415 555 2671', 'FR', '+14155552671'],
    ['+32 470 12 34 56', 'FR', '+32470123456'],
  ])('is dialled from anywhere, however it is written: %s in %s', (written, country, number) => {
    expect(dialled(written, country)).toBe(number);
  });

  it.each([
    ['0912 345 678', 'VN'],
    ['12', 'FR'],
    ['+33', 'FR'],
    ['+0612345678', 'FR'],
    ['Tel.', 'FR'],
    ['dupont@debiteur.example', 'FR'],
  ])('cannot be dialled when nobody can tell its country, or it is none: %s in %s', (written, country) => {
    expect(dialled(written, country)).toBeNull();
  });
});
