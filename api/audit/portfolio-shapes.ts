import { z } from 'zod';
import { ageBands } from '../../domain/audit/ageing.ts';
import type { AgeBand, PortfolioTotal, Sum } from '../../domain/audit/ageing.ts';
import type { AgedSum } from '../../db/audit/by-value-date.ts';
import { civilDate, instant, level, money, moneyOf } from '../shapes.ts';

/** A past portfolio in answers: its totals per creditor and currency, and its lines. */
const sum = z.object({ invoices: z.int(), amount: money }).meta({ id: 'PortfolioSum' });

export const portfolioTotal = z
  .object({
    creditorId: z.string(),
    currency: z.string(),
    all: sum,
    ages: z
      .object({ notDue: sum, to30: sum, to60: sum, to90: sum, over90: sum })
      .describe('By days since the due day: not due, 1–30, 31–60, 61–90, more than 90.'),
    unallocated: money.describe('Money of debtors that belonged to no invoice.'),
    states: z.record(z.string(), sum).nullable(),
    levels: z.record(z.string(), sum).nullable().describe('`none` where no level was reached.'),
    contested: sum.nullable(),
    promised: sum.nullable().describe('Promised or in a plan, as far as it had not come.'),
    held: sum.nullable(),
  })
  .meta({ id: 'PortfolioTotal' });

export const portfolioLine = z
  .object({
    invoiceId: z.string(),
    number: z.string(),
    term: z.int(),
    creditor: z.object({ id: z.string(), name: z.string() }),
    debtor: z
      .object({ id: z.string(), name: z.string() })
      .describe('Who owed it then, under the name that he has today: names are no facts.'),
    dueDate: civilDate,
    daysLate: z.int(),
    age: z.enum(ageBands),
    balance: money,
    contested: money.nullable(),
    promised: money.nullable(),
    promisedOn: civilDate.nullable(),
    disputes: z.int().nullable(),
    holds: z.array(z.string()).nullable(),
    state: z.string().nullable(),
    level: level.nullable(),
  })
  .meta({ id: 'PortfolioLine' });

export const writtenDown = z
  .object({
    takenAt: instant.describe('The night after the day, or when somebody first asked for it.'),
    sha256: z.string().describe('As the journal has it, in the chain `snapshots`.'),
  })
  .nullable()
  .describe('Null where the answer is by value date, which is worked out anew each time.');

interface Credit {
  readonly creditorId: string;
  readonly currency: string;
  readonly cents: number;
}

/** The totals as they were written down. */
export function totalOf(total: PortfolioTotal, credits: readonly Credit[]): z.infer<typeof portfolioTotal> {
  const { creditorId, currency } = total;
  const named = (sums: Readonly<Record<string, Sum>>) =>
    Object.fromEntries(Object.entries(sums).map(([name, one]) => [name, sumOf(one, currency)]));
  return {
    creditorId,
    currency,
    all: sumOf(total.all, currency),
    ages: agesOf(total.ages, currency),
    unallocated: moneyOf(creditOf(credits, total), currency),
    states: named(total.states),
    levels: named(total.levels),
    contested: sumOf(total.contested, currency),
    promised: sumOf(total.promised, currency),
    held: sumOf(total.held, currency),
  };
}

/** The totals by value date, which know ages alone. */
export function totalsByValueDate(
  sums: readonly AgedSum[],
  credits: readonly Credit[],
): z.infer<typeof portfolioTotal>[] {
  const keys = [...new Set(sums.map(({ creditorId, currency }) => `${creditorId} ${currency}`))];
  return keys.map((key) => {
    const own = sums.filter(({ creditorId, currency }) => `${creditorId} ${currency}` === key);
    const [creditorId = '', currency = ''] = key.split(' ');
    const add = (one: readonly Sum[]): Sum =>
      one.reduce(
        (all, { invoices, cents }) => ({ invoices: all.invoices + invoices, cents: all.cents + cents }),
        {
          invoices: 0,
          cents: 0,
        },
      );
    const ages = Object.fromEntries(
      ageBands.map((band) => [band, add(own.filter((one) => one.band === band))]),
    ) as Record<AgeBand, Sum>;
    return {
      creditorId,
      currency,
      all: sumOf(add(own), currency),
      ages: agesOf(ages, currency),
      unallocated: moneyOf(creditOf(credits, { creditorId, currency }), currency),
      states: null,
      levels: null,
      contested: null,
      promised: null,
      held: null,
    };
  });
}

function agesOf(ages: Readonly<Record<AgeBand, Sum>>, currency: string) {
  const { notDue, to30, to60, to90, over90 } = ages;
  return {
    notDue: sumOf(notDue, currency),
    to30: sumOf(to30, currency),
    to60: sumOf(to60, currency),
    to90: sumOf(to90, currency),
    over90: sumOf(over90, currency),
  };
}

function sumOf({ invoices, cents }: Sum, currency: string): z.infer<typeof sum> {
  return { invoices, amount: moneyOf(cents, currency) };
}

function creditOf(
  credits: readonly Credit[],
  { creditorId, currency }: { readonly creditorId: string; readonly currency: string },
): number {
  return (
    credits.find((credit) => credit.creditorId === creditorId && credit.currency === currency)?.cents ?? 0
  );
}
