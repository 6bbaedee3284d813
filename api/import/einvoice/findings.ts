import type { Field } from '../fields.ts';
import type { Rejection } from '../invoice-row.ts';
import { RowNotes, shortened } from '../row-notes.ts';
import type { Said } from './einvoice.ts';

/** A value of an e-invoice as a cell of a row: what CSV has under a header, XML has at a path. */
export interface Cell {
  readonly field: Field;
  readonly said: Said;
}

/**
 * What is said about an e-invoice for the person who can mend it: the same words as for a row of a CSV, with the path of
 * the element where a row has its column.
 */
export class Findings {
  readonly cells: RowNotes;
  readonly notes: { code: string; message: string }[] = [];
  readonly #lines: ReadonlyMap<string, number>;
  readonly #rejections: Rejection[] = [];
  readonly #remarks: Rejection[] = [];

  constructor(line: number, cells: readonly Cell[]) {
    this.cells = new RowNotes({
      line,
      headers: cells.map(({ said }) => said.path),
      at: Object.fromEntries(cells.map(({ field }, at) => [field, at])),
      cells: cells.map(({ said }) => said.value),
    });
    this.#lines = new Map(cells.map(({ said }) => [said.path, said.line]));
  }

  get rejections(): readonly Rejection[] {
    return [...this.cells.rejections.map((one) => this.#placed(one)), ...this.#rejections];
  }

  get remarks(): readonly Rejection[] {
    return [...this.cells.remarks.map((one) => this.#placed(one)), ...this.#remarks];
  }

  reject(field: Field, said: Said, code: string, problem: string, remedy: string): void {
    this.#rejections.push(about(field, said, code, problem, remedy));
  }

  remark(field: Field, said: Said, code: string, problem: string, remedy: string): void {
    this.#remarks.push(about(field, said, code, problem, remedy));
  }

  note(code: string, message: string): void {
    this.notes.push({ code, message });
  }

  #placed(one: Rejection): Rejection {
    return { ...one, line: this.#lines.get(one.column) ?? one.line };
  }
}

function about(field: Field, said: Said, code: string, problem: string, remedy: string): Rejection {
  return { line: said.line, column: said.path, field, value: shortened(said.value), code, problem, remedy };
}
