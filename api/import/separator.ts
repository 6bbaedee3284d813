import type { Line } from './lines.ts';
import type { CsvRecord } from './records.ts';
import { RecordReader } from './records.ts';
import { recognised } from './headers.ts';
import type { Question, Separator } from './questions.ts';

/**
 * What stands between the cells, and which row holds the headers, judged on the beginning of the file.
 *
 * A separator is right when the row of headers it makes has known headers and the rows below have as many cells. The
 * decimal comma makes `,` look like a separator in the rows of a French file, but not in its headers.
 */
export interface Layout {
  readonly separator: Separator;
  /** The line of the row of headers; what stands above it (a title, `sep=;`) is no data. */
  readonly headerLine: number;
  readonly headers: readonly string[];
  readonly why: string;
  readonly question?: Question;
}

const candidates: readonly Separator[] = [';', ',', '\t'];
const titleRowsMax = 20;

/** Judges the first lines of a file; `undefined` if they hold no text at all. */
export function findLayout(
  lines: readonly Line[],
  wanted?: Separator,
  named: readonly string[] = [],
): Layout | undefined {
  const announced = /^"?sep=([;,\t])"?;*,*$/i.exec(lines[0]?.text ?? '');
  const body = announced ? lines.slice(1) : lines;
  const forced = wanted ?? (announced?.[1] as Separator | undefined);
  const layouts = (forced ? [forced] : candidates)
    .flatMap((separator) => layoutWith(body, separator, named) ?? [])
    .sort((a, b) => b.known - a.known || b.regular - a.regular || b.headers.length - a.headers.length);
  const [best, second] = layouts;
  if (!best) return undefined;
  const { separator, headerLine, headers } = best;
  const layout = { separator, headerLine, headers };
  if (wanted) return { ...layout, why: 'as answered' };
  if (announced) return { ...layout, why: 'the first line announces it' };
  const tied =
    second &&
    second.known === best.known &&
    second.regular === best.regular &&
    second.headers.length === headers.length;
  if (tied && headers.length > 1) {
    return {
      ...layout,
      why: 'not decided',
      question: whichSeparator(layouts.filter((l) => l.known === best.known)),
    };
  }
  const share = Math.round(best.regular * 100);
  return {
    ...layout,
    why: `${best.known} known headers, ${share} % of the first rows have ${headers.length} cells`,
  };
}

interface Scored {
  separator: Separator;
  headerLine: number;
  headers: readonly string[];
  known: number;
  regular: number;
}

function layoutWith(
  lines: readonly Line[],
  separator: Separator,
  named: readonly string[],
): Scored | undefined {
  const reader = new RecordReader(separator);
  const rows = [...reader.push(lines), ...reader.end()].filter(hasCells);
  const knownIn = (cells: readonly string[]) =>
    recognised(cells) + cells.filter((cell) => named.includes(cell)).length;
  const top = rows.slice(0, titleRowsMax);
  const most = Math.max(0, ...top.map((row) => knownIn(row.cells)));
  // With fewer than three known headers, a title that happens to hold a known word would pass for the row of headers.
  const at = most >= 3 ? top.findIndex((row) => knownIn(row.cells) === most) : 0;
  const header = rows[at];
  if (!header) return undefined;
  const below = rows.slice(at + 1);
  const regular =
    below.filter((row) => row.cells.length === header.cells.length).length / Math.max(1, below.length);
  return { separator, headerLine: header.line, headers: header.cells, known: knownIn(header.cells), regular };
}

/** Whether a record was read and holds anything but blank cells. */
export function hasCells(record: CsvRecord): record is Extract<CsvRecord, { cells: readonly string[] }> {
  return 'cells' in record && record.cells.some((cell) => cell.trim() !== '');
}

function whichSeparator(layouts: readonly Scored[]): Question {
  const names: Record<Separator, string> = { ';': 'semicolon', ',': 'comma', '\t': 'tab' };
  return {
    code: 'separator',
    question: 'What separates the cells?',
    choices: layouts.map(({ separator, headers }) => ({
      answer: separator,
      meaning: `${names[separator]}: ${headers.length} columns, ${headers.slice(0, 5).join(' | ')}`,
    })),
    examples: layouts.slice(0, 1).map(({ headers, separator }) => headers.join(separator)),
    howToAnswer: `Answer { "separator": ${JSON.stringify(layouts[0]?.separator)} }.`,
  };
}
