import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

/** How a person is, or was, called and reached: as they stand in his row, or stood. */
export interface Known {
  readonly names: readonly string[];
  /** Mail addresses. */
  readonly emails: readonly string[];
  readonly numbers: readonly string[];
  /** Lines of postal addresses. */
  readonly lines: readonly string[];
}

/** By what a person is found in words that others wrote. */
export interface Marks {
  /** All at which he was reached, in small letters, as one of them stands in a column of its own. */
  readonly reachedAt: readonly string[];
  /** Patterns of Postgres for his mail addresses, in small letters without accents. */
  readonly emails: readonly string[];
  /** Patterns for his numbers, however they are grouped and prefixed, and for the street that he lives in. */
  readonly others: readonly string[];
  /** Patterns for his names as people write names: `Petit` and `PETIT`, not the `petit` of a small delay. */
  readonly names: readonly string[];
}

/** Too short to be anybody's, or everybody's. */
const lettersMin = 3;
const digitsKept = 9;
const lineMin = 8;
const titles = ['M', 'Mr', 'Monsieur', 'Mme', 'Madame', 'Mlle', 'Mrs', 'Ms', 'Miss'];

/**
 * `shared` is what others bear too, the company and whoever else is known there: such a word names him beside his first
 * name or a title alone, and the street where all of them are to be found does not name him.
 */
export function marksOf({ names, emails, numbers, lines }: Known, shared: readonly string[]): Marks {
  const common = new Set(shared.flatMap(wordsOf).map((word) => word.toLowerCase()));
  const commonText = shared.map((text) => folded(text).toLowerCase());
  const digits = numbers.map((number) => number.replaceAll(/\D/g, '').slice(-digitsKept));
  const streets = lines
    .map((line) => folded(line).toLowerCase().trim())
    // A line that begins with a postcode is a town.
    .filter((line) => line.length >= lineMin && /\d/.test(line) && !/^\d{4,5}\s/.test(line))
    .filter((line) => !commonText.includes(line));
  return {
    reachedAt: [...emails, ...numbers].map((one) => one.trim().toLowerCase()),
    emails: emails.map((email) => {
      const whole = escaped(folded(email).trim().toLowerCase());
      return `(?<![a-z0-9._%+-])${whole}(?![a-z0-9-]|\\.[a-z0-9])`;
    }),
    others: [
      ...digits
        .filter((one) => one.length === digitsKept)
        .map((one) => `${[...one].join('\\W{0,2}')}(?!\\d)`),
      ...streets.map((line) => `(?<![a-z0-9])${escaped(line)}(?![a-z0-9])`),
    ],
    names: names.flatMap((name) => patternsOf(name, common)),
  };
}

/** A first name alone is anybody's; where a name has two words, the one in capitals or the last is the surname. */
function patternsOf(name: string, common: ReadonlySet<string>): readonly string[] {
  const words = wordsOf(name);
  const capitals = words.filter((word) => word === word.toUpperCase());
  const isCapital = capitals.length > 0 && capitals.length < words.length;
  const surnames = words.length < 2 ? words : isCapital ? capitals : words.slice(1);
  const firsts = words.filter((word) => !surnames.includes(word));
  return surnames.map((word) => {
    const surname = oneOf([word]);
    if (!common.has(word.toLowerCase())) return `\\m${surname}\\M`;
    const before = `\\m${oneOf([...titles, ...firsts])}\\.?\\s+${surname}\\M`;
    return firsts.length === 0 ? before : `(${before}|\\m${surname}\\s+${oneOf(firsts)}\\M)`;
  });
}

/** Whether a text of the database names the person; a text that is null names nobody. */
export function naming(text: RawBuilder<unknown>, { emails, others, names }: Marks): RawBuilder<boolean> {
  return sql<boolean>`coalesce(
    lower(${withoutAccents(text)}) ~ any(${[...emails, ...others]}::text[]) or ${withoutAccents(text)} ~ any(${names}::text[]), false)`;
}

/** Whether a text of the database holds a mail address of his. */
export function addressing(text: RawBuilder<unknown>, { emails }: Marks): RawBuilder<boolean> {
  return sql<boolean>`coalesce(lower(${withoutAccents(text)}) ~ any(${emails}::text[]), false)`;
}

const accents = [
  'ÀÂÄÁÃÇÉÈÊËÎÏÍÔÖÓÙÛÜÚŸÑàâäáãçéèêëîïíôöóùûüúÿñ',
  'AAAAACEEEEIIIOOOUUUUYNaaaaaceeeeiiiooouuuuyn',
];

function withoutAccents(text: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`translate(${text}, ${accents[0]}, ${accents[1]})`;
}

function folded(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '');
}

function wordsOf(name: string): readonly string[] {
  const isTitle = new Set(titles.map((title) => title.toLowerCase()));
  return folded(name)
    .split(/[\s,.]+/)
    .filter((word) => word.length >= lettersMin && !isTitle.has(word.toLowerCase()));
}

function oneOf(words: readonly string[]): string {
  const forms = words.flatMap((word) => [word, word.toUpperCase(), capitalised(word)]);
  return `(${[...new Set(forms)].map(escaped).join('|')})`;
}

function escaped(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} ]/gu, '\\$&');
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}
