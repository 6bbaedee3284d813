import type { Standing } from './standing.ts';

/** How late what is owed is, as balances are aged: the columns in their order. */
export const ageBands = ['notDue', 'to30', 'to60', 'to90', 'over90'] as const;

export type AgeBand = (typeof ageBands)[number];

export function ageBandOf(daysLate: number): AgeBand {
  if (daysLate <= 0) return 'notDue';
  if (daysLate <= 30) return 'to30';
  if (daysLate <= 60) return 'to60';
  return daysLate <= 90 ? 'to90' : 'over90';
}

/** So many invoices over so much. */
export interface Sum {
  readonly invoices: number;
  readonly cents: number;
}

/** What one creditor was owed in one currency at the end of a day. */
export interface PortfolioTotal {
  readonly creditorId: string;
  readonly currency: string;
  readonly all: Sum;
  readonly ages: Readonly<Record<AgeBand, Sum>>;
  /** Only those that there were, in the order of their names; `none` where no level was reached. */
  readonly states: Readonly<Record<string, Sum>>;
  readonly levels: Readonly<Record<string, Sum>>;
  /** What is contested, promised or held of it; the sums of the first two are parts of balances, that of the last whole ones. */
  readonly contested: Sum;
  readonly promised: Sum;
  readonly held: Sum;
}

const nothing: Sum = { invoices: 0, cents: 0 };

/**
 * Adds up a portfolio, one invoice at a time, so that any number fits into little memory.
 *
 * The totals come in the order of creditor and currency and are the same whatever the order of the invoices: two
 * portfolios are equal when these and their lines are.
 */
export class PortfolioTotals {
  readonly #totals = new Map<string, PortfolioTotal>();

  add(standing: Standing): void {
    const { creditorId, currency, balanceCents, contestedCents, promisedCents, state, level } = standing;
    const key = `${creditorId} ${currency}`;
    const before = this.#totals.get(key) ?? emptyTotal(creditorId, currency);
    const band = ageBandOf(standing.daysLate);
    this.#totals.set(key, {
      ...before,
      all: plus(before.all, balanceCents),
      ages: { ...before.ages, [band]: plus(before.ages[band], balanceCents) },
      states: withMore(before.states, state, balanceCents),
      levels: withMore(before.levels, level ?? 'none', balanceCents),
      contested: contestedCents > 0 ? plus(before.contested, contestedCents) : before.contested,
      promised: promisedCents > 0 ? plus(before.promised, promisedCents) : before.promised,
      held: standing.holds.length > 0 ? plus(before.held, balanceCents) : before.held,
    });
  }

  all(): readonly PortfolioTotal[] {
    return [...this.#totals.entries()]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, total]) => ({ ...total, states: inOrder(total.states), levels: inOrder(total.levels) }));
  }
}

function emptyTotal(creditorId: string, currency: string): PortfolioTotal {
  const ages = { notDue: nothing, to30: nothing, to60: nothing, to90: nothing, over90: nothing };
  const parts = { contested: nothing, promised: nothing, held: nothing };
  return { creditorId, currency, all: nothing, ages, states: {}, levels: {}, ...parts };
}

function plus({ invoices, cents }: Sum, more: number): Sum {
  return { invoices: invoices + 1, cents: cents + more };
}

function withMore(
  sums: Readonly<Record<string, Sum>>,
  name: string,
  cents: number,
): Readonly<Record<string, Sum>> {
  return { ...sums, [name]: plus(sums[name] ?? nothing, cents) };
}

function inOrder(sums: Readonly<Record<string, Sum>>): Readonly<Record<string, Sum>> {
  return Object.fromEntries(Object.entries(sums).sort(([one], [other]) => (one < other ? -1 : 1)));
}
