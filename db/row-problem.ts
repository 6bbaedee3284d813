/** What stands about a row in words for the person who can mend it; of a row that entered, a remark. */
export interface RowProblem {
  /** The line of the file on which the row starts, from 1. */
  readonly line: number;
  /** The header of the column; empty when the whole row is meant. */
  readonly column: string;
  /** A field of the import, or `row`. */
  readonly field: string;
  /** What the cell holds, cut after 120 characters. */
  readonly value: string;
  readonly code: string;
  readonly problem: string;
  readonly remedy: string;
}
