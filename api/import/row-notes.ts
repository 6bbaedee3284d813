import type { Field } from './fields.ts';
import type { Rejection } from './invoice-row.ts';

/**
 * The cells of one row by meaning, and all that is said about them.
 *
 * A cell is cleaned before anyone reads it: spaces are made plain, the `="0012"` by which spreadsheets keep zeros is
 * opened (a constant, not a calculation), and characters that no invoice holds are refused. Any other formula stays the
 * text that it is.
 */
export class RowNotes {
  readonly rejections: Rejection[] = [];
  readonly remarks: Rejection[] = [];
  readonly #line: number;
  readonly #headers: readonly string[];
  readonly #at: Partial<Record<Field, number>>;
  readonly #cells: readonly string[];
  readonly #refused = new Set<Field>();

  constructor(row: {
    line: number;
    headers: readonly string[];
    at: Partial<Record<Field, number>>;
    cells: readonly string[];
  }) {
    this.#line = row.line;
    this.#headers = row.headers;
    this.#at = row.at;
    this.#cells = row.cells;
  }

  /** The text of a field on one line, or undefined when the file or the row does not have it. */
  text(field: Field): string | undefined {
    return this.lines(field)?.join(' ');
  }

  /** The text of a field that may hold several lines, such as an address. */
  lines(field: Field): string[] | undefined {
    const value = this.#raw(field);
    if (value === undefined || this.#refused.has(field)) return undefined;
    const refusal = refusalOf(value);
    if (refusal) {
      this.#refused.add(field);
      this.reject(field, refusal.code, refusal.problem, refusal.remedy);
      return undefined;
    }
    const lines = cleanCell(value)
      .split('\n')
      .filter((line) => line !== '');
    return lines.length === 0 || isPlaceholder(lines) ? undefined : lines;
  }

  has(field: Field): boolean {
    return this.#at[field] !== undefined;
  }

  /** Whether a cell of this field was already rejected, so that its absence is no second problem. */
  wasRefused(field: Field): boolean {
    return this.rejections.some((rejection) => rejection.field === field);
  }

  reject(field: Field, code: string, problem: string, remedy: string): void {
    this.rejections.push(this.#note(field, code, problem, remedy));
  }

  remark(field: Field, code: string, problem: string, remedy: string): void {
    this.remarks.push(this.#note(field, code, problem, remedy));
  }

  #note(field: Field, code: string, problem: string, remedy: string): Rejection {
    const position = this.#at[field];
    const column = position === undefined ? '' : (this.#headers[position] ?? '');
    return {
      line: this.#line,
      column,
      field,
      value: shortened(this.#raw(field) ?? ''),
      code,
      problem,
      remedy,
    };
  }

  #raw(field: Field): string | undefined {
    const position = this.#at[field];
    return position === undefined ? undefined : this.#cells[position];
  }
}

/** A cell as people read it: composed letters, plain single spaces, trimmed lines. */
export function cleanCell(value: string): string {
  const constant = /^\s*="([^"]*)"\s*$/.exec(value);
  return (constant?.[1] ?? value)
    .normalize('NFC')
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/[\s\u200b\ufeff]+/g, ' ').trim())
    .join('\n')
    .trim();
}

/** At most 120 characters, without characters that would upset a terminal or a page. */
export function shortened(value: string): string {
  const visible = value.replace(unprintable, '\ufffd');
  return visible.length > 120 ? `${visible.slice(0, 119)}…` : visible;
}

export const cellCharsMax = 500;

/** Control codes, the mark of a damaged byte, and the marks that turn the direction of writing (a way to disguise a name). */
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffd]/g;

function refusalOf(value: string): { code: string; problem: string; remedy: string } | undefined {
  if (value.length > cellCharsMax) {
    return {
      code: 'too-long',
      problem: `It is longer than ${cellCharsMax} characters.`,
      remedy: 'Shorten it.',
    };
  }
  if (value.includes('\ufffd')) {
    return {
      code: 'damaged-text',
      problem: 'It holds bytes that are no text.',
      remedy: 'Export the file again as "CSV UTF-8", or correct the accents of this row.',
    };
  }
  if (value.search(unprintable) >= 0) {
    return {
      code: 'control-character',
      problem: 'It holds an invisible control character.',
      remedy: 'Type the value again.',
    };
  }
  return undefined;
}

/** What people and spreadsheets write into a cell that has nothing to say. */
export function isPlaceholder(lines: readonly string[]): boolean {
  return (
    lines.length === 1 &&
    /^(-+|—|–|\/|\.|n\/a|#n\/a|#ref!|#value!|#valeur!|#nom\?|#name\?|null)$/i.test(lines[0] ?? '')
  );
}
