/**
 * Physical lines of a text that arrives in pieces, numbered from 1 as an editor numbers them.
 *
 * Windows, Unix and old Macintosh line ends may be mixed. A line longer than any invoice could need is cut and marked,
 * so that a file without line ends cannot fill the memory.
 */
export interface Line {
  readonly number: number;
  readonly text: string;
  readonly tooLong: boolean;
}

/** 200 columns of 500 characters. */
export const lineCharsMax = 100_000;

export class LineSplitter {
  #rest = '';
  #number = 0;
  #cut = false;

  /** The lines that this piece completes. */
  push(piece: string): Line[] {
    const text = this.#rest + piece;
    // A carriage return at the end may be the first half of a Windows line end.
    const held = text.endsWith('\r') ? '\r' : '';
    const parts = (held ? text.slice(0, -1) : text).split(/\r\n|\n|\r/);
    this.#rest = parts.pop() ?? '';
    const lines = parts.map((part) => this.#line(part));
    if (this.#rest.length > lineCharsMax) {
      this.#rest = this.#rest.slice(0, lineCharsMax);
      this.#cut = true;
    }
    this.#rest += held;
    return lines;
  }

  /** The last line, if the text does not end with a line end. */
  end(): Line[] {
    const text = this.#rest;
    this.#rest = '';
    if (text.endsWith('\r')) return [this.#line(text.slice(0, -1))];
    return text === '' ? [] : [this.#line(text)];
  }

  #line(text: string): Line {
    const tooLong = this.#cut || text.length > lineCharsMax;
    this.#cut = false;
    return { number: ++this.#number, text: tooLong ? text.slice(0, lineCharsMax) : text, tooLong };
  }
}
