/**
 * The alphabet of an SMS (GSM 03.38), and a text brought down to it.
 *
 * One letter outside it makes the whole message twice as long, and as dear: no-break spaces of a French amount are
 * enough. é è à ù are inside; ç ê î ô û œ are not.
 */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extended = new Set('^{}\\[~]|€');

const twins: Readonly<Record<string, string>> = {
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '−': '-',
  '‑': '-',
  '…': '...',
  œ: 'oe',
  Œ: 'OE',
  ÿ: 'y',
  Ÿ: 'Y',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  '·': '.',
  '•': '-',
  '×': 'x',
  '№': 'No',
};

/** The same text in the alphabet of an SMS: spaces become plain, accents it lacks are dropped, the rest becomes `?`. */
export function inGsm7(text: string): string {
  const plain = text
    .replace(/« /g, '"')
    .replace(/[\s\u00a0\u202f]»/g, '"')
    .replace(/[\u00a0\u202f\u2000-\u200a]/g, ' ');
  let result = '';
  for (const character of plain.normalize('NFC')) result += letterInGsm7(character);
  return result;
}

function letterInGsm7(character: string): string {
  if (basic.has(character) || extended.has(character)) return character;
  const twin = twins[character] ?? character.normalize('NFD').replace(/\p{M}/gu, '');
  return [...twin].every((letter) => basic.has(letter)) ? twin : '?';
}

/** How many SMS a text in that alphabet takes: 160 characters in one, 153 in each of several; €, [ and the like are two. */
export function segmentsOf(text: string): number {
  let length = 0;
  for (const character of text) length += extended.has(character) ? 2 : 1;
  return length <= 160 ? 1 : Math.ceil(length / 153);
}
