/** What stands about a row in words for the person who can mend it; of a row that entered, a remark. */
export interface RowProblem {
  readonly line: number;
  readonly column: string;
  readonly field: string;
  readonly value: string;
  readonly code: string;
  readonly problem: string;
  readonly remedy: string;
}
