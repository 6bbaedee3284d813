import { createHash } from 'node:crypto';
import { analyse } from 'chardet';
import iconv from 'iconv-lite';
import type { ByteSource } from './byte-source.ts';
import { bytesOf } from './byte-source.ts';
import type { Choice, Question } from './questions.ts';
import { UnreadableFile } from './unreadable-file.ts';
import { Utf8Survey } from './utf8-survey.ts';

/**
 * Which characters the bytes stand for, decided over the whole file.
 *
 * UTF-8 proves itself: text in another encoding is practically never valid UTF-8. Everything else is an opinion, and
 * French files that are not UTF-8 come from Windows, so Windows-1252 wins wherever its reading looks like Western text;
 * where it does not (an old DOS or Macintosh export, Polish, Cyrillic), the owner is asked.
 */
export interface EncodingFound {
  readonly sha256: string;
  readonly bytes: number;
  readonly encoding: string;
  readonly byteOrderMark: boolean;
  readonly why: string;
  readonly question?: Question;
}

/** Reads the whole source once. Throws `UnreadableFile` when it is empty or no text at all, or when `wanted` is no encoding. */
export async function findEncoding(source: ByteSource, wanted?: string): Promise<EncodingFound> {
  const hash = createHash('sha256');
  const survey = new Utf8Survey();
  for await (const piece of bytesOf(source)) {
    hash.update(piece);
    survey.read(piece);
  }
  survey.end();
  refuseOtherFormats(survey);

  const found = (encoding: string, why: string, question?: Question): EncodingFound => ({
    sha256: hash.digest('hex'),
    bytes: survey.bytes,
    encoding,
    byteOrderMark: startsWith(survey.head, [0xef, 0xbb, 0xbf]) || utf16Of(survey.head) !== undefined,
    why,
    ...(question && { question }),
  });
  if (wanted !== undefined) {
    const name: string = wanted;
    if (!iconv.encodingExists(wanted)) {
      throw new UnreadableFile(
        'encoding-unknown',
        `"${name}" is not a known encoding.`,
        'Answer with "utf-8", "windows-1252", "macintosh" or "cp850".',
      );
    }
    return found(wanted.toLowerCase(), 'as answered');
  }
  const utf16 = utf16Of(survey.head);
  if (utf16) return found(utf16, 'it starts with the byte order mark of UTF-16');
  if (survey.invalid === 0) {
    return found('utf-8', survey.sequences === 0 ? 'plain ASCII' : 'every byte is valid UTF-8');
  }
  // A few broken bytes in a UTF-8 file spoil their own rows; read as Windows-1252 they would spoil every accent.
  if (survey.sequences >= 10 * survey.invalid) {
    return found('utf-8', `valid UTF-8 except ${survey.invalid} damaged bytes`);
  }
  if (survey.looksWestern()) {
    // 0xA4 is the euro in ISO-8859-15 and a sign that no invoice holds in Windows-1252, whose euro is 0x80.
    const latin9 = survey.count(0xa4) > 0 && !survey.usesWindowsBytes();
    return latin9
      ? found('iso-8859-15', 'not UTF-8; its euro signs are those of ISO-8859-15')
      : found('windows-1252', 'not UTF-8; reads as Western text in Windows-1252');
  }
  return found('windows-1252', 'not UTF-8, and Windows-1252 does not look right', whichEncoding(survey));
}

/** The text of the source, without its byte order mark; damaged bytes become U+FFFD. */
export async function* textOf(source: ByteSource, encoding: string): AsyncGenerator<string> {
  const utf8 = encoding === 'utf-8' || encoding === 'utf8';
  const decoder = utf8 ? new TextDecoder('utf-8') : iconv.getDecoder(encoding);
  for await (const piece of bytesOf(source)) {
    yield decoder instanceof TextDecoder
      ? decoder.decode(piece, { stream: true })
      : decoder.write(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
  }
  yield (decoder instanceof TextDecoder ? decoder.decode() : decoder.end()) ?? '';
}

function whichEncoding(survey: Utf8Survey): Question {
  const sample = Buffer.from(survey.sample());
  const guesses = analyse(sample).map((guess) => guess.name.toLowerCase());
  const names = [...new Set(['windows-1252', 'macintosh', 'cp850', ...guesses.slice(0, 3)])];
  const choices = names
    .filter((name) => name !== 'utf-8' && iconv.encodingExists(name))
    .map((name): Choice => ({ answer: name, meaning: iconv.decode(sample.subarray(0, 60), name) }));
  return {
    code: 'encoding',
    question: 'Which encoding makes the accents right?',
    choices,
    examples: choices.slice(0, 1).map((choice) => choice.meaning),
    howToAnswer: `Answer { "encoding": "${names[0]}" }, or save the file again as "CSV UTF-8".`,
  };
}

function refuseOtherFormats(survey: Utf8Survey): void {
  const { head } = survey;
  if (survey.bytes === 0) {
    throw new UnreadableFile(
      'file-empty',
      'The file is empty.',
      'Export it again: it should hold a row of headers, then one invoice per row.',
    );
  }
  const csv = 'save it as CSV ("CSV UTF-8" in Excel) and import that.';
  if (startsWith(head, [0x50, 0x4b, 0x03, 0x04]) || startsWith(head, [0x50, 0x4b, 0x05, 0x06])) {
    const names = Buffer.from(head).toString('latin1');
    const workbook = /\[Content_Types\]|xl\/|opendocument\.spreadsheet/.test(names);
    throw workbook
      ? new UnreadableFile(
          'file-is-spreadsheet',
          'This is an Excel or OpenDocument workbook, not a CSV file.',
          `Open it and ${csv}`,
        )
      : new UnreadableFile(
          'file-is-archive',
          'This is a ZIP archive, not a CSV file.',
          'Unpack it and import the CSV file inside.',
        );
  }
  if (startsWith(head, [0xd0, 0xcf, 0x11, 0xe0])) {
    throw new UnreadableFile(
      'file-is-spreadsheet',
      'This is an old Excel workbook (.xls), not a CSV file.',
      `Open it and ${csv}`,
    );
  }
  if (startsWith(head, [0x25, 0x50, 0x44, 0x46])) {
    throw new UnreadableFile(
      'file-is-pdf',
      'This is a PDF, not a CSV file.',
      'Export the invoices from the accounting software as CSV.',
    );
  }
  if (startsWith(head, [0x1f, 0x8b])) {
    throw new UnreadableFile(
      'file-is-archive',
      'This is a gzip archive, not a CSV file.',
      'Unpack it and import the CSV file inside.',
    );
  }
  if (utf16Of(head) === undefined && survey.nulsInHead() > head.length / 10) {
    throw new UnreadableFile(
      'file-is-binary',
      'The file is not text: it is full of zero bytes.',
      'Save it as "CSV UTF-8" and import that.',
    );
  }
}

function utf16Of(head: Uint8Array): string | undefined {
  if (startsWith(head, [0xff, 0xfe])) return 'utf-16le';
  if (startsWith(head, [0xfe, 0xff])) return 'utf-16be';
  return undefined;
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, at) => bytes[at] === byte);
}
