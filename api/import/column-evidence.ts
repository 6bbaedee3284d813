/**
 * Which of two ways of writing a whole column uses.
 *
 * A value that can only be read one way decides, a value that reads the same both ways says nothing, and a value that
 * reads differently both ways must never be read before something else has decided. A few values that contradict a
 * large majority are mistakes of their own rows; contradictions without a large majority are asked about.
 */
export abstract class ColumnEvidence<Way extends string> {
  readonly #ways: readonly [Way, Way];
  readonly #only: [number, number] = [0, 0];
  readonly #examples: string[] = [];
  #either = 0;
  #unreadable = 0;
  #values = 0;

  protected constructor(first: Way, second: Way) {
    this.#ways = [first, second];
  }

  /** What a value means if it is written this way, in a form that can be compared; undefined if it cannot be. */
  protected abstract readingOf(value: string, way: Way): string | undefined;

  add(value: string): void {
    this.#values++;
    const [first, second] = [this.readingOf(value, this.#ways[0]), this.readingOf(value, this.#ways[1])];
    if (first === undefined && second === undefined) this.#unreadable++;
    else if (second === undefined) this.#only[0]++;
    else if (first === undefined) this.#only[1]++;
    else if (first !== second) {
      this.#either++;
      if (this.#examples.length < 5 && !this.#examples.includes(value)) this.#examples.push(value);
    }
  }

  verdict(): Verdict<Way> {
    const [first, second] = this.#only;
    const counts = {
      values: this.#values,
      deciding: first + second,
      either: this.#either,
      unreadable: this.#unreadable,
    };
    const winner = first >= majority * second ? 0 : second >= majority * first ? 1 : undefined;
    if (first + second > 0) {
      return winner === undefined
        ? { kind: 'contradictory', counts, examples: this.#examples }
        : { kind: 'decided', way: this.#ways[winner], counts };
    }
    return this.#either > 0
      ? { kind: 'ambiguous', counts, examples: this.#examples }
      : { kind: 'indifferent', counts };
  }
}

export interface EvidenceCounts {
  readonly values: number;
  /** Values that can be read one way only. */
  readonly deciding: number;
  /** Values that would mean something else the other way. */
  readonly either: number;
  readonly unreadable: number;
}

export type Verdict<Way extends string> =
  | { readonly kind: 'decided'; readonly way: Way; readonly counts: EvidenceCounts }
  | { readonly kind: 'indifferent'; readonly counts: EvidenceCounts }
  | {
      readonly kind: 'ambiguous' | 'contradictory';
      readonly counts: EvidenceCounts;
      readonly examples: readonly string[];
    };

/** One typing mistake in twenty is a bad file that is still one way; more is two ways in one column. */
const majority = 20;
