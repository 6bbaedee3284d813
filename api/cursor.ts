import { Problem } from './problem.ts';

/**
 * Where the next page of a list begins: the sort values of the last row seen, as an opaque text.
 *
 * A cursor names a place in the order, not a number of rows, so a list that changes while it is read neither repeats
 * nor skips what was there. It is bound to the order that it was made in.
 */
export type CursorValue = string | number | null;

/** The cursor after a row of a list in that order. */
export function cursorAfter(order: string, values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify([order, ...values])).toString('base64url');
}

/** The values of a cursor that was made in that order; undefined without one. Throws a 400 for one that was not. */
export function readCursor(order: string, cursor: string | undefined): readonly CursorValue[] | undefined {
  if (cursor === undefined) return undefined;
  const values = parsed(cursor);
  if (values?.[0] === order) return values.slice(1);
  throw Problem.invalid(
    'cursor',
    'It belongs to no list in this order.',
    'Repeat the request with the nextCursor of the page before, and change neither sort nor filters.',
  );
}

/** Cuts the one row too many that tells whether there is a next page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
  cursor: (row: Row) => string,
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(item),
    nextCursor: rows.length > limit && last !== undefined ? cursor(last) : null,
  };
}

function parsed(cursor: string): readonly CursorValue[] | undefined {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const isPlain = (value: unknown): boolean =>
      value === null || typeof value === 'string' || typeof value === 'number';
    return Array.isArray(values) && values.every(isPlain) ? (values as CursorValue[]) : undefined;
  } catch {
    return undefined;
  }
}
