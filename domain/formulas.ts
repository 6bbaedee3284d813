/**
 * Text that a spreadsheet would take for a formula, and the apostrophe that keeps it text.
 *
 * A debtor may be called `=HYPERLINK(…)`, and whoever opens an export must not run it. A cell is guarded when it starts with
 * a sign that begins a formula, or its full-width or small twin: at once, or behind spaces, invisible characters, quotes and
 * apostrophes; or with a tab or a line break. Apostrophes are skipped so that a guard is never ambiguous: what `guarded`
 * adds to whichever text, `unguarded` takes off again.
 */
const start = String.raw`'*[\t\r\n]|[\s'"\p{Cc}\p{Cf}‘’“”«»]*[=+\-@＝＋－＠﹢﹣﹦﹫−]`;
const beginsFormula = new RegExp(`^(?:${start})`, 'u');
const isGuarded = new RegExp(`^'(?:${start})`, 'u');

/** The text as a cell may hold it. */
export function guarded(text: string): string {
  return beginsFormula.test(text) ? `'${text}` : text;
}

/** The text of a cell that `guarded` wrote; any other as it is. */
export function unguarded(cell: string): string {
  return isGuarded.test(cell) ? cell.slice(1) : cell;
}
