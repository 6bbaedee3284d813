import { asked } from './counter.ts';
import type { Counter } from './counter.ts';
import { percentile, rounded } from './report.ts';

/** How long somebody waited for his answers, in milliseconds. */
export interface Waits {
  readonly list: readonly number[];
  readonly one: readonly number[];
}

const everyMs = 100;

/**
 * Somebody who goes on working while others import: he opens the list of invoices and one invoice ten times a second.
 *
 * He asks by the clock, whether or not his last question was answered: an API that stands still for a second costs him
 * ten slow answers, as it would cost ten people.
 */
export class Onlooker {
  readonly #counter: Counter;
  readonly #key: string;
  readonly #invoiceId: string;
  readonly #asking = new Set<Promise<void>>();
  #waits: { list: number[]; one: number[] } = { list: [], one: [] };
  #failure: unknown;
  #timer: NodeJS.Timeout | undefined;

  constructor(counter: Counter, key: string, invoiceId: string) {
    this.#counter = counter;
    this.#key = key;
    this.#invoiceId = invoiceId;
  }

  begin(): void {
    this.#timer = setInterval(() => {
      this.#ask('/v1/invoices?limit=50', this.#waits.list);
      this.#ask(`/v1/invoices/${this.#invoiceId}`, this.#waits.one);
    }, everyMs);
  }

  /** What he waited since he began or was last asked; throws when he got no answer at all. */
  async waits(): Promise<Waits> {
    const waits = this.#waits;
    this.#waits = { list: [], one: [] };
    await Promise.all(this.#asking);
    if (this.#failure !== undefined)
      throw new Error('somebody beside the import got no answer', { cause: this.#failure });
    return waits;
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#asking);
  }

  #ask(path: string, waits: number[]): void {
    const began = performance.now();
    const asking: Promise<void> = asked(this.#counter, this.#key, path)
      .then(() => void waits.push(performance.now() - began))
      .catch((failure: unknown) => (this.#failure ??= failure))
      .then(() => void this.#asking.delete(asking));
    this.#asking.add(asking);
  }
}

/** The waits of several stretches of time as one. */
export function together(stretches: readonly Waits[]): Waits {
  return {
    list: stretches.flatMap(({ list }) => list),
    one: stretches.flatMap(({ one }) => one),
  };
}

/** The 95th percentile of both questions together, and of each. */
export function p95Of({ list, one }: Waits): { both: number; list: number; one: number } {
  const p95 = (waits: readonly number[]): number => rounded(percentile(waits, 0.95));
  return { both: p95([...list, ...one]), list: p95(list), one: p95(one) };
}
