import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { findEncoding, textOf } from '../../../api/import/encoding.ts';
import { Utf8Survey } from '../../../api/import/utf8-survey.ts';

async function decoded(bytes: Uint8Array): Promise<string> {
  const { encoding } = await findEncoding(bytes);
  let text = '';
  for await (const piece of textOf(bytes, encoding)) text += piece;
  return text;
}

describe('the encoding of a file', () => {
  it.each([
    ['utf-8', 'utf8', 'Société Œuvre à 12 €'],
    ['windows-1252', 'windows-1252', 'Société Œuvre à 12 €, l’été – naïve'],
    ['windows-1252', 'windows-1252', 'Façade Noël à Évry'],
    ['windows-1252', 'windows-1252', 'Größe Straße'],
    ['iso-8859-15', 'iso-8859-15', 'Société à 12 €'],
  ])('is found to be %s', async (expected, written, text) => {
    const bytes = iconv.encode(text, written);

    const found = await findEncoding(bytes);

    expect(found.encoding).toBe(expected);
    expect(found.question).toBeUndefined();
    expect(await decoded(bytes)).toBe(text);
  });

  it.each(['utf8', 'utf-16le', 'utf-16be'])('is announced by its byte order mark: %s', async (encoding) => {
    const bytes = iconv.encode('Société', encoding, { addBOM: true });

    expect((await findEncoding(bytes)).byteOrderMark).toBe(true);
    expect(await decoded(bytes)).toBe('Société');
  });

  it.each([
    ['windows-1251', 'Общество с ограниченной ответственностью'],
    ['windows-1253', 'Εταιρεία περιορισμένης ευθύνης'],
    ['windows-1250', 'Spółka Żółta Gęś'],
    ['macintosh', 'Société générale à Évry'],
    ['cp850', 'Société générale à Évry'],
  ])('is asked about when it may be %s', async (written, text) => {
    const { question } = await findEncoding(iconv.encode(text, written));

    expect(question?.code).toBe('encoding');
    expect(question?.choices.map(({ answer }) => answer)).toContain('windows-1252');
  });

  it('is UTF-8 exactly when a strict decoder accepts the bytes, however they are cut', () => {
    const accepted = (bytes: Uint8Array) => {
      try {
        new TextDecoder('utf-8', { fatal: true }).decode(bytes);
        return true;
      } catch {
        return false;
      }
    };
    const mixed = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 3 }).map((text) => Buffer.from(text)),
        fc.uint8Array({ maxLength: 4 }),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(mixed, (pieces) => {
        const survey = new Utf8Survey();
        pieces.forEach((piece) => survey.read(piece));
        survey.end();
        expect(survey.invalid === 0).toBe(accepted(Buffer.concat(pieces)));
      }),
      { numRuns: 2000 },
    );
  });
});
