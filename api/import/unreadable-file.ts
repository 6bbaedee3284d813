/**
 * Why a whole file cannot be read: a spreadsheet instead of a CSV, no due dates in it, an answer that names no column.
 *
 * It is the caller's turn, so it carries a code for machines, a sentence and a remedy for people, and what was found.
 * A single bad row is never a reason for this: rows are rejected one by one, and the good ones are read.
 */
export class UnreadableFile extends Error {
  readonly code: UnreadableCode;
  readonly remedy: string;
  /** The headers that were found, where the trouble is a column. */
  readonly headers: readonly string[] | undefined;

  constructor(code: UnreadableCode, message: string, remedy: string, headers?: readonly string[]) {
    super(message);
    this.name = 'UnreadableFile';
    this.code = code;
    this.remedy = remedy;
    this.headers = headers;
  }
}

export type UnreadableCode =
  | 'file-empty'
  | 'file-has-no-rows'
  | 'file-is-spreadsheet'
  | 'file-is-pdf'
  | 'file-is-archive'
  | 'file-is-binary'
  | 'encoding-unknown'
  | 'separator-unknown'
  | 'columns-missing'
  | 'columns-too-many'
  | 'column-unknown'
  | 'field-unknown'
  | 'questions-open'
  | 'xml-encoding'
  | 'xml-has-dtd'
  | 'xml-malformed'
  | 'xml-not-an-invoice'
  | 'xml-too-deep'
  | 'xml-too-large'
  | 'einvoice-too-large'
  | 'pdf-broken'
  | 'pdf-encrypted'
  | 'pdf-without-invoice';
