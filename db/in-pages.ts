/**
 * Rows a page at a time, each page read behind the last row of the one before, so that a table of any length fits into the
 * same memory.
 *
 * `read` gets the place of that row, null at the beginning, and reads up to `size` rows behind it in the order of their
 * places; a page that is not full is the last one. Pages are never empty.
 */
export async function* inPages<Row, Place>(
  size: number,
  read: (after: Place | null) => Promise<readonly Row[]>,
  placeOf: (row: Row) => Place,
): AsyncGenerator<readonly Row[]> {
  let after: Place | null = null;
  for (;;) {
    const rows: readonly Row[] = await read(after);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    if (rows.length < size) return;
    after = placeOf(last);
  }
}
