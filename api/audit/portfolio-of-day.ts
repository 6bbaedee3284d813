import type { z } from 'zod';
import { agedByValueDate, owedByValueDate } from '../../db/audit/by-value-date.ts';
import {
  portfolioLines,
  portfolioOf,
  unallocatedBefore,
  unallocatedByValueDate,
} from '../../db/audit/portfolio.ts';
import type { Snapshot } from '../../db/audit/snapshots.ts';
import type { House } from '../../db/house.ts';
import type { Standing } from '../../domain/audit/standing.ts';
import type { CivilDate } from '../../domain/time.ts';
import { totalOf, totalsByValueDate } from './portfolio-shapes.ts';
import type { portfolioTotal } from './portfolio-shapes.ts';

/** Whether a past day is told as it was known then, or by value date as it is known today. */
export type Known = 'then' | 'today';

export interface PortfolioAsked {
  readonly day: CivilDate;
  readonly known: Known;
  /** Of all creditors when absent. */
  readonly creditorId?: string | undefined;
}

/** A line, of which less is known by value date. */
export type PortfolioLine = Pick<
  Standing,
  'invoiceId' | 'creditorId' | 'debtorId' | 'currency' | 'dueDate' | 'daysLate' | 'balanceCents'
> &
  Partial<Standing>;

export interface PortfolioOfDay {
  /** Null by value date, which is worked out anew each time. */
  readonly snapshot: Snapshot | null;
  readonly totals: z.infer<typeof portfolioTotal>[];
  readonly lines: readonly PortfolioLine[];
}

/**
 * The portfolio of a day that is over: its totals, and up to `limit` lines after that invoice, one more where there are more.
 *
 * Undefined while something of that day may still be being recorded, or another day is being worked out for long.
 */
export async function portfolioOfDay(
  house: House,
  asked: PortfolioAsked,
  limit: number,
  after: string | null,
): Promise<PortfolioOfDay | undefined> {
  const { db } = house;
  if (asked.known === 'today') {
    const [sums, credits, lines] = await Promise.all([
      agedByValueDate(db, asked),
      unallocatedByValueDate(db, asked),
      owedByValueDate(db, asked, limit, after),
    ]);
    return { snapshot: null, totals: totalsByValueDate(sums, credits), lines };
  }
  const snapshot = await portfolioOf(house, asked.day);
  if (!snapshot) return undefined;
  const credits = await unallocatedBefore(db, asked);
  const totals = snapshot.totals
    .filter(({ creditorId }) => asked.creditorId === undefined || creditorId === asked.creditorId)
    .map((total) => totalOf(total, credits));
  return { snapshot, totals, lines: await portfolioLines(db, asked, limit, after) };
}
