/**
 * Text that came from somebody else, made safe to print in each target.
 *
 * Names and numbers reach us from imports and people. They are printed as they are, except for characters that nobody
 * can see: those could break a mail header or turn the reading order around, and make an amount look like another.
 */
import type { Language } from '../../domain/message.ts';

// Controls, line separators, bidirectional marks and overrides, zero-width characters, the byte-order mark.
const invisible =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** One line without anything invisible; runs of breaking white space become one space. For names, numbers, subjects. */
export function oneLine(text: string): string {
  return text
    .replace(/[ \t-\r\u0085\u2028\u2029]+/g, ' ')
    .replace(invisible, '')
    .trim();
}

/** The paragraphs of a text: blank lines separate them, single line breaks stay inside as `\n`. */
export function paragraphsOf(text: string): string[] {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, ' ')
    .replace(invisible, '')
    .split(/\n[ ]*\n+/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
}

/** For HTML text and double-quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Curly apostrophes, and in French the spaces that keep punctuation on its line. */
export function typographic(text: string, language: Language): string {
  const curly = text.replace(/(?<=\p{L})'(?=\p{L})/gu, '’');
  if (language === 'en') return curly.replace(/\b([LRD])\. (?=\d)/g, '$1.\u00a0');
  return curly
    .replace(/ (?=[:»])/g, '\u00a0')
    .replace(/ (?=[;!?])/g, '\u202f')
    .replace(/« /g, '«\u00a0')
    .replace(/(?<=\d) (?=€)/g, '\u00a0')
    .replace(/\b([LRD])\. (?=\d)/g, '$1.\u00a0');
}

/** The same text with plain no-break spaces, for fonts and mail readers that do not know the narrow one. */
export function withoutNarrowSpaces(text: string): string {
  return text.replaceAll('\u202f', '\u00a0');
}

/** `FR76 3000 6000 …`: a long identifier in groups of four, as people read it aloud. */
export function inGroups(identifier: string, space = '\u00a0'): string {
  const compact = oneLine(identifier).replace(/\s/g, '').toUpperCase();
  return compact.replace(/(.{4})(?=.)/g, `$1${space}`);
}
