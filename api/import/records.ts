import { CsvError, parse } from 'csv-parse/sync';
import { unguarded } from '../../domain/formulas.ts';
import type { Line } from './lines.ts';
import { lineCharsMax } from './lines.ts';
import type { Separator } from './questions.ts';

/**
 * Rows of a CSV file, put together from physical lines and numbered by the line on which they start.
 *
 * A CSV parser alone answers one forgotten quote by swallowing the rest of the file. Here a quoted field that does not
 * end properly costs the line on which it opened, which is rejected by number, and reading goes on with the next line.
 * What is given to the parser is therefore always whole, and what is lost is always named. The apostrophe before what
 * would be a formula (`formulas.ts`) is no part of a cell: rows that we gave out to be mended come back as they were.
 */
export type CsvRecord =
  | { readonly line: number; readonly raw: string; readonly cells: readonly string[] }
  | { readonly line: number; readonly raw: string; readonly broken: Broken };

export interface Broken {
  readonly code: 'quote-not-closed' | 'quote-misplaced' | 'line-too-long';
  readonly problem: string;
  readonly remedy: string;
}

type Frame = { line: number; raw: string; broken?: Broken };

/** A cell of Excel holds 32,767 characters: a quote that is still open after more was forgotten. */
const quotedCharsMax = 33_000;

export class RecordReader {
  readonly #separator: Separator;
  #open: Line[] = [];
  #quotedChars = 0;
  /** Where in `#open` the quote stands that is not closed yet. */
  #quoteAt = 0;

  constructor(separator: Separator) {
    this.#separator = separator;
  }

  /** The records that these lines complete; blank lines give a record of one empty cell. */
  push(lines: readonly Line[]): CsvRecord[] {
    const frames: Frame[] = [];
    for (const line of lines) this.#take([line], frames);
    return cellsOf(frames, this.#separator);
  }

  /** What remains when the text ends: if a quote is still open, the line it stands on is lost and the others are not. */
  end(): CsvRecord[] {
    const frames: Frame[] = [];
    while (this.#open.length > 0) this.#take(this.#giveUp(frames, 'quote-not-closed'), frames);
    return cellsOf(frames, this.#separator);
  }

  #take(lines: Line[], frames: Frame[]): void {
    const waiting = lines.reverse();
    for (let line = waiting.pop(); line; line = waiting.pop()) {
      if (line.tooLong) {
        if (this.#open.length === 0) frames.push({ line: line.number, raw: line.text, broken: tooLong });
        else waiting.push(line, ...this.#giveUp(frames, 'quote-not-closed').reverse());
        continue;
      }
      if (this.#open.length === 0 && !line.text.includes('"')) {
        frames.push({ line: line.number, raw: line.text });
        continue;
      }
      const state = quotesIn(line.text, this.#open.length > 0, this.#separator);
      if (state.opened) {
        this.#quoteAt = this.#open.length;
        this.#quotedChars = 0;
      }
      this.#open.push(line);
      this.#quotedChars += line.text.length + 1;
      if (state.ends === 'closed') {
        frames.push({
          line: this.#open[0]?.number ?? line.number,
          raw: this.#open.map((part) => part.text).join('\n'),
        });
        this.#forget();
      } else if (state.ends === 'misplaced') {
        waiting.push(...this.#giveUp(frames, 'quote-misplaced').reverse());
      } else if (this.#open.length - this.#quoteAt > 1 && this.#quotedChars > quotedCharsMax) {
        waiting.push(...this.#giveUp(frames, 'quote-not-closed').reverse());
      }
    }
  }

  /** Rejects up to the line of the faulty quote and gives back the lines after it, to be read anew. */
  #giveUp(frames: Frame[], code: 'quote-not-closed' | 'quote-misplaced'): Line[] {
    const lost = this.#open.slice(0, this.#quoteAt + 1);
    const first = lost[0]?.number ?? 0;
    const last = lost.at(-1)?.number ?? 0;
    const where = first === last ? `line ${last}` : `line ${last} (the row starts on line ${first})`;
    const problem =
      code === 'quote-not-closed'
        ? `A quote (") opens on ${where} and is never closed.`
        : `A quote (") that opens on ${where} is followed by text where the field should end.`;
    const remedy = `Close the quote, or double it ("") if it belongs to the text; the rows after line ${last} were read.`;
    frames.push({
      line: last,
      raw: lost.map((part) => part.text).join('\n'),
      broken: { code, problem, remedy },
    });
    const rest = this.#open.slice(this.#quoteAt + 1);
    this.#forget();
    return rest;
  }

  #forget(): void {
    this.#open = [];
    this.#quotedChars = 0;
    this.#quoteAt = 0;
  }
}

/** How a line leaves the quoting: only a quote at the start of a field opens, and only a separator may follow a closed one. */
function quotesIn(
  text: string,
  open: boolean,
  separator: Separator,
): { ends: 'closed' | 'open' | 'misplaced'; opened: boolean } {
  let at = 0;
  let opened = false;
  let inside = open;
  while (true) {
    if (inside) {
      const quote = text.indexOf('"', at);
      if (quote < 0) return { ends: 'open', opened };
      if (text[quote + 1] === '"') {
        at = quote + 2;
        continue;
      }
      inside = false;
      at = quote + 1;
      while (isSpace(text[at], separator)) at++;
      if (at >= text.length) return { ends: 'closed', opened };
      if (text[at] !== separator) return { ends: 'misplaced', opened };
      at++;
    } else {
      let start = at;
      while (isSpace(text[start], separator)) start++;
      if (text[start] === '"') {
        inside = true;
        opened = true;
        at = start + 1;
        continue;
      }
      const next = text.indexOf(separator, at);
      if (next < 0) return { ends: 'closed', opened };
      at = next + 1;
    }
  }
}

/** The parser trims these around quotes, so they do not count as text here either. */
function isSpace(char: string | undefined, separator: Separator): boolean {
  return char !== undefined && char !== separator && /\s/.test(char);
}

function cellsOf(frames: readonly Frame[], separator: Separator): CsvRecord[] {
  const whole = frames.filter((frame) => frame.broken === undefined);
  const rows = parseAll(
    whole.map((frame) => frame.raw),
    separator,
  );
  let at = 0;
  return frames.map(({ line, raw, broken }) => {
    if (broken !== undefined) return { line, raw, broken };
    const cells = rows[at++];
    return cells ? { line, raw, cells: cells.map(unguarded) } : { line, raw, broken: notOneRow(line) };
  });
}

/** One array of cells per record, in order; nothing where the parser does not agree that it is one whole record. */
function parseAll(records: readonly string[], separator: Separator): (string[] | undefined)[] {
  const together = tryParse(records.join('\n'), separator);
  // A final empty record has no line end to announce it.
  if (together && together.length < records.length && records.at(-1) === '') together.push(['']);
  if (together?.length === records.length) return together;
  return records.map((record) => {
    if (record === '') return [''];
    const alone = tryParse(record, separator);
    return alone?.length === 1 ? alone[0] : undefined;
  });
}

function tryParse(text: string, separator: Separator): string[][] | undefined {
  try {
    return parse(text, {
      delimiter: separator,
      record_delimiter: '\n',
      relax_column_count: true,
      relax_quotes: true,
      trim: true,
    });
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

function notOneRow(line: number): Broken {
  return {
    code: 'quote-misplaced',
    problem: `The quotes (") of line ${line} do not enclose whole fields.`,
    remedy: 'Put a quote at the start and the end of a field, and double those that belong to its text.',
  };
}

const tooLong: Broken = {
  code: 'line-too-long',
  problem: `The line is longer than ${lineCharsMax} characters.`,
  remedy: 'Check that the file has line ends, and export it again.',
};
