import { isDeepStrictEqual } from 'node:util';
import { PortfolioTotals } from '../../domain/audit/ageing.ts';
import type { PortfolioTotal } from '../../domain/audit/ageing.ts';
import type { Standing } from '../../domain/audit/standing.ts';
import type { CivilDate } from '../../domain/time.ts';
import type { Db } from '../database.ts';
import type { House } from '../house.ts';
import { allStandings, asOf } from './as-it-was.ts';
import { linesOf, readSnapshot } from './snapshots.ts';
import type { Snapshot } from './snapshots.ts';

/** What a comparison of the log with what was written down came to. */
export interface Comparison {
  readonly snapshot: Snapshot | undefined;
  readonly totals: readonly PortfolioTotal[];
  readonly invoices: number;
  /** The invoices of which log and snapshot say different things; null without a snapshot. */
  readonly differing: readonly string[] | null;
}

/**
 * Lives the whole portfolio of a day again, each file from its first fact, and holds it against what was written down.
 *
 * Both are read side by side in the order of ids, a page of each at a time.
 */
export async function comparePortfolio(
  house: Pick<House, 'db' | 'rules'>,
  day: CivilDate,
): Promise<Comparison> {
  const snapshot = await readSnapshot(house.db, day);
  const written = new Lines(house.db, day);
  const totals = new PortfolioTotals();
  const differing: string[] = [];
  let invoices = 0;
  for await (const standings of allStandings(house, asOf(day), { fromFirstFact: true }))
    for (const standing of standings) {
      totals.add(standing);
      invoices += 1;
      differing.push(...(await written.upTo(standing.invoiceId)));
      if (!isDeepStrictEqual(await written.about(standing.invoiceId), standing))
        differing.push(standing.invoiceId);
    }
  differing.push(...(await written.upTo(null)));
  return { snapshot, totals: totals.all(), invoices, differing: snapshot ? differing : null };
}

/** The lines of a snapshot, taken one by one. */
class Lines {
  readonly #pages: AsyncGenerator<readonly Standing[]>;
  #page: readonly Standing[] = [];
  #at = 0;

  constructor(db: Db, day: CivilDate) {
    this.#pages = linesOf(db, day);
  }

  /** The invoices of all lines before that one, which are passed over; of all that are left for null. */
  async upTo(invoiceId: string | null): Promise<readonly string[]> {
    const passed: string[] = [];
    for (let line = await this.#next(); line; line = await this.#next()) {
      if (invoiceId !== null && line.invoiceId >= invoiceId) break;
      passed.push(line.invoiceId);
      this.#at += 1;
    }
    return passed;
  }

  /** The line of that invoice, which is passed over; undefined when the next one is another's. */
  async about(invoiceId: string): Promise<Standing | undefined> {
    const line = await this.#next();
    if (line?.invoiceId !== invoiceId) return undefined;
    this.#at += 1;
    return line;
  }

  async #next(): Promise<Standing | undefined> {
    while (this.#at >= this.#page.length) {
      const next = await this.#pages.next();
      if (next.done === true) return undefined;
      [this.#page, this.#at] = [next.value, 0];
    }
    return this.#page[this.#at];
  }
}
