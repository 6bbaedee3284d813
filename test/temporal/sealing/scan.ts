/**
 * Looks for planted texts in bytes, however they may have been written: as UTF-8 in any case, as UTF-16, and as base64 at
 * any place of a longer text.
 */
export function found(planted: Readonly<Record<string, string>>, bytes: Uint8Array): readonly string[] {
  const exact = Buffer.from(bytes).toString('latin1');
  const small = exact.toLowerCase();
  return Object.entries(planted).flatMap(([name, text]) => {
    const ways = waysOf(text);
    return [
      ...ways.texts.filter((way) => small.includes(way)).map(() => `${name} as text`),
      ...ways.base64.filter((way) => exact.includes(way)).map(() => `${name} as base64`),
    ];
  });
}

function waysOf(text: string): { texts: readonly string[]; base64: readonly string[] } {
  const utf8 = Buffer.from(text);
  const utf16 = Buffer.from(text, 'utf16le');
  const texts = [utf8, utf16, Buffer.from(utf16).swap16()].map((way) => way.toString('latin1').toLowerCase());
  const base64 = [utf8, utf16].flatMap((way) => [0, 1, 2].map((shift) => innerBase64(way, shift)));
  return { texts, base64 };
}

/** What is the same in every base64 of a text that has it after so many bytes. */
function innerBase64(bytes: Buffer, shift: number): string {
  const whole = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const first = Math.ceil((shift * 8) / 6);
  const last = Math.floor(((shift + bytes.length) * 8) / 6);
  return whole.slice(first, last);
}
