import { ageBands } from '../../domain/audit/ageing.ts';
import type { PortfolioTotal, Sum } from '../../domain/audit/ageing.ts';
import type { Comparison } from './compare-portfolio.ts';

const shownMax = 20;

/** A past portfolio as lines for a terminal: the aged balance of each creditor, and whether it is what was written down then. */
export function portfolioInLines(
  day: string,
  { snapshot, totals, invoices, differing }: Comparison,
  nameOf: ReadonlyMap<string, string>,
): readonly string[] {
  const lines = totals.flatMap((total) =>
    totalInLines(total, nameOf.get(total.creditorId) ?? total.creditorId),
  );
  return [
    `The portfolio at the end of ${day}, of all that was recorded by then: ${counted(invoices)} owed.`,
    ...lines,
    ...comparedInLines(snapshot?.takenAt, differing),
  ];
}

function totalInLines({ currency, ...total }: PortfolioTotal, name: string): readonly string[] {
  const row = (label: string, { invoices, cents }: Sum): string =>
    `  ${label.padEnd(16)}${String(invoices).padStart(8)}${amount(cents).padStart(18)}`;
  return [
    `${name}, ${currency}`,
    ...ageBands.map((band) => row(bandNames[band], total.ages[band])),
    row('in all', total.all),
    row('contested', total.contested),
    row('promised', total.promised),
    row('held', total.held),
    ...Object.entries(total.levels).map(([level, sum]) => row(`level ${level}`, sum)),
  ];
}

const bandNames = {
  notDue: 'not due',
  to30: '1–30 days',
  to60: '31–60 days',
  to90: '61–90 days',
  over90: 'over 90 days',
} as const;

function comparedInLines(
  takenAt: number | undefined,
  differing: readonly string[] | null,
): readonly string[] {
  if (takenAt === undefined || differing === null) return ['Nothing was written down of that day.'];
  const written = `what was written down on ${new Date(takenAt).toISOString()}`;
  if (differing.length === 0) return [`It is ${written}, line by line.`];
  return [
    `It is NOT ${written}: ${counted(differing.length)} ${differing.length === 1 ? 'differs' : 'differ'}.`,
    ...differing.slice(0, shownMax).map((id) => `  invoice/${id}`),
    ...(differing.length > shownMax ? [`  … and ${differing.length - shownMax} more`] : []),
  ];
}

function counted(invoices: number): string {
  return `${invoices} ${invoices === 1 ? 'invoice' : 'invoices'}`;
}

function amount(cents: number): string {
  return `${Math.trunc(cents / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;
}
