import { isCivilDate } from '../domain/time.ts';
import { Problem } from './problem.ts';
import { uuid } from './shapes.ts';

/**
 * Where the next page of a list begins: the sort values of the last row seen, as an opaque text.
 *
 * A cursor names a place in the order, not a number of rows, so a list that changes while it is read neither repeats
 * nor skips what was there. It is bound to the order that it was made in.
 */
export type CursorValue = string | number | null;

/** What a cursor of each order holds: a forged one must not reach the database. */
const shapeOfOrder: Readonly<Record<string, readonly Kind[]>> = {
  debtors: ['text', 'uuid'],
  messages: ['instant', 'uuid'],
  drafts: ['instant', 'uuid'],
  outbox: ['instant', 'uuid'],
  tasks: ['day', 'uuid'],
  promises: ['day', 'uuid', 'uuid'],
  disputes: ['instant', 'uuid'],
  plans: ['instant', 'uuid'],
  merges: ['uuid'],
  portfolio: ['uuid'],
  litigation: ['uuid'],
  approvals: ['instant', 'uuid'],
  holds: ['uuid'],
  facts: ['place'],
  anchors: ['place'],
  imports: ['uuid'],
  'legal-clocks': ['uuid'],
  entries: ['instant', 'text', 'place'],
  questions: ['instant', 'text'],
  'import-rows': ['place'],
  dueDate: ['day', 'uuid'],
  '-dueDate': ['day', 'uuid'],
  balance: ['cents', 'uuid'],
  '-balance': ['cents', 'uuid'],
  wakeAt: ['instant', 'uuid'],
};

type Kind = keyof typeof isOfKind;

/** The bounds are those of the columns: beyond them Postgres fails instead of finding nothing. */
const isOfKind = {
  uuid: (value: unknown) => uuid.safeParse(value).success,
  text: (value: unknown) => typeof value === 'string' && !/[\0\p{Cs}]/u.test(value),
  day: (value: unknown) => typeof value === 'string' && isCivilDate(value) && value >= '0001-01-01',
  cents: (value: unknown) => Number.isSafeInteger(value),
  instant: (value: unknown) => Number.isSafeInteger(value) && isWithin(value, 0, 8.64e15),
  place: (value: unknown) => Number.isSafeInteger(value) && isWithin(value, 0, 2 ** 31 - 1),
} as const;

function isWithin(value: unknown, from: number, to: number): boolean {
  return typeof value === 'number' && value >= from && value <= to;
}

/** The cursor after a row of a list in that order. An order may have a part that no list shares: `outbox/drafts`. */
export function cursorAfter(order: string, values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify([order, ...values])).toString('base64url');
}

/** The values of a cursor that was made in that order; undefined without one. Throws a 400 for one that was not. */
export function readCursor(order: string, cursor: unknown): readonly CursorValue[] | undefined {
  if (cursor === undefined) return undefined;
  const shape = shapeOfOrder[order.split('/', 1)[0] ?? ''];
  if (!shape) throw new Error(`nobody says what a cursor in the order ${order} holds`);
  // A page that has no shape for its address gets a list where the cursor stands there twice.
  const [made, ...values] = (typeof cursor === 'string' ? parsed(cursor) : undefined) ?? [];
  const isWhole =
    values.length === shape.length && shape.every((kind, place) => isOfKind[kind](values[place]));
  if (made === order && isWhole) return values;
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
