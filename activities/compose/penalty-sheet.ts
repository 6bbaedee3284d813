import { lumpSumCurrency } from '../../db/claims.ts';
import type { Claim } from '../../db/claims.ts';
import { guarded } from '../../domain/formulas.ts';

/** Each line with its days, base, rate and cents: whoever doubts can do the sum again. */
export function penaltySheet(
  invoices: readonly { readonly number: string; readonly claim: Claim | null }[],
): string {
  return csv([
    [
      'invoice',
      'what',
      'from',
      'to',
      'days',
      'base_cents',
      'rate_hundredths',
      'year_days',
      'cents',
      'source',
      'currency',
    ],
    ...invoices.flatMap(({ number, claim }) =>
      claim === null
        ? [[number, 'not_known', '', '', '', '', '', '', '', '', '']]
        : [
            [
              number,
              'principal',
              '',
              claim.until,
              '',
              '',
              '',
              '',
              String(claim.penalties.principalCents),
              '',
              claim.currency,
            ],
            ...claim.penalties.lines.map((line) => [
              number,
              'interest',
              line.from,
              line.to,
              String(line.days),
              String(line.baseCents),
              String(line.rate.hundredths),
              String(line.yearDays),
              String(line.cents),
              line.rate.source,
              claim.currency,
            ]),
            ...interestSettled(claim).map(([what, cents]) => [
              ...[number, what, '', claim.until, '', '', '', ''],
              ...[String(-cents), '', claim.currency],
            ]),
            [
              number,
              'fixed_indemnity',
              claim.penalties.lumpSum.lateOn ?? '',
              '',
              '',
              '',
              '',
              '',
              String(claim.penalties.lumpSum.cents),
              claim.penalties.lumpSum.source ?? '',
              lumpSumCurrency,
            ],
            [number, 'total', '', claim.until, '', '', '', '', String(claim.totalCents), '', claim.currency],
          ],
    ),
  ]);
}

/** What of the interest above is not asked any more: without it the lines would not make the total. */
function interestSettled({ penalties }: Claim): readonly (readonly [what: string, cents: number])[] {
  const { interestCents, interestPaidCents: paidCents, interestDueCents } = penalties;
  const settled = [
    ['interest_paid', paidCents],
    ['interest_waived', interestCents - paidCents - interestDueCents],
  ] as const;
  return settled.filter(([, cents]) => cents !== 0);
}

/** Rows as the programs of accountants read them, with semicolons. */
export function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(';')}\n`).join('');
}

/** A cell that a spreadsheet would take for a formula is none; a negative number is a number. */
function cell(text: string): string {
  const safe = /^-\d+$/.test(text) ? text : guarded(text);
  return /[";\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
