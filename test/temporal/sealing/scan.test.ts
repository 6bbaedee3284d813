import { describe, expect, it } from 'vitest';
import { found } from './scan.ts';

// A scan that finds nothing says nothing, unless it would have found something.
describe('the scan for planted texts', () => {
  const planted = { name: 'Zoé Kanari' };
  const filling = 'x'.repeat(1_000);

  it.each([
    ['as it is', Buffer.from(`${filling}Zoé Kanari${filling}`)],
    ['in capitals', Buffer.from(`${filling}ZOé KANARI`)],
    ['as UTF-16', Buffer.from(`${filling}Zoé Kanari`, 'utf16le')],
    ['as UTF-16 of the other order', Buffer.from(`${filling}Zoé Kanari`, 'utf16le').swap16()],
    ['in base64', Buffer.from(Buffer.from('Zoé Kanari').toString('base64'))],
    ['in base64, one byte later', Buffer.from(Buffer.from('"Zoé Kanari"').toString('base64'))],
    ['in base64, two bytes later', Buffer.from(Buffer.from('{"Zoé Kanari"}').toString('base64'))],
  ])('finds one %s', (_, bytes) => {
    expect(found(planted, bytes)).not.toEqual([]);
  });

  it('finds none where there is none', () => {
    expect(found(planted, Buffer.from(`${filling}Zoe Kanari Zoé Canari`))).toEqual([]);
  });
});
