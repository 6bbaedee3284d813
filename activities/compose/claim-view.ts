/**
 * What late payment costs, as a message shows it: each period with its days, its base and its rate, and the sums.
 *
 * Every amount comes from the figures, which have it from the claim that screens and the API show; nothing is worked out
 * here. A message that asks for the price alone has no such block.
 */
import type { InvoiceLine, Language, MessageFigures, MessageTotals } from '../../domain/message.ts';
import { dayInFigures, dayInWords } from './day-in-words.ts';
import { moneyInWords, percentInWords } from './money-in-words.ts';
import { askedTotals } from './statement.ts';
import type { Row } from './statement.ts';
import { invoiceLabel, vocabulary } from './vocabulary.ts';

export interface ClaimView {
  readonly title: string;
  /** One row per period of interest; none where only the fixed indemnity is asked. */
  readonly periods: readonly ClaimPeriod[];
  readonly sums: readonly Row[];
  readonly note: string;
}

export interface ClaimPeriod {
  readonly number: string;
  readonly period: string;
  readonly days: string;
  readonly base: string;
  readonly rate: string;
  readonly interest: string;
}

/** The block for these figures; undefined when the message asks for nothing beside the price. */
export function claimViewOf(figures: MessageFigures): ClaimView | undefined {
  const { language, today } = figures;
  const words = vocabulary[language];
  const claimed = figures.totals.filter(({ beside }) => beside !== undefined);
  if (claimed.length === 0) return undefined;
  const perDay = claimed.flatMap(({ beside, currency }) =>
    beside && beside.perDayCents > 0 ? [moneyInWords(beside.perDayCents, currency, language)] : [],
  );
  return {
    title: words.claimTitle(dayInWords(today, language)),
    periods: figures.lines.filter((line) => line.stepTaken).flatMap((line) => periodsOf(line, language)),
    sums: claimed.flatMap((total) => sumsOf(total, figures)),
    note: perDay.length === 0 ? '' : words.perDay(perDay.join(', ')),
  };
}

/** What is asked in all, by currency: the one figure that must not be missed. */
export function claimedRows(figures: MessageFigures): readonly Row[] {
  const label = vocabulary[figures.language].claimedOn(dayInWords(figures.today, figures.language));
  const asked = new Set([...askedTotals(figures), ...figures.totals.filter(({ beside }) => beside)]);
  return figures.totals
    .filter((total) => asked.has(total))
    .map((total) => ({
      label,
      value: moneyInWords(total.beside?.totalCents ?? total.askedCents, total.currency, figures.language),
      strong: true,
    }));
}

/** `14 423,50 €, soit 14 000,00 € en principal, 343,50 € d’intérêts de retard et 80,00 € d’indemnités`. */
export function claimedInWords(figures: MessageFigures): string | undefined {
  const [total, ...others] = figures.totals.filter(({ beside }) => beside !== undefined);
  if (!total?.beside || others.length > 0 || askedTotals(figures).some((asked) => asked !== total))
    return undefined;
  const { language, today } = figures;
  const { interestCents, lumpSumCents, lumpSums, totalCents } = total.beside;
  const money = (cents: number): string => moneyInWords(cents, total.currency, language);
  const day = dayInWords(today, language);
  const parts =
    language === 'fr'
      ? [
          `${money(total.askedCents)} en principal`,
          ...(interestCents > 0 ? [`${money(interestCents)} d’intérêts de retard arrêtés au ${day}`] : []),
          ...(lumpSumCents > 0
            ? [
                `${money(lumpSumCents)} d’indemnité${lumpSums > 1 ? 's' : ''} forfaitaire${lumpSums > 1 ? 's' : ''}`,
              ]
            : []),
        ]
      : [
          `${money(total.askedCents)} of principal`,
          ...(interestCents > 0 ? [`${money(interestCents)} of late-payment interest up to ${day}`] : []),
          ...(lumpSumCents > 0
            ? [`${money(lumpSumCents)} of fixed ${lumpSums > 1 ? 'indemnities' : 'indemnity'}`]
            : []),
        ];
  const [last, ...before] = [...parts].reverse();
  const and = vocabulary[language].and;
  const list = before.length === 0 ? last : `${before.reverse().join(', ')} ${and} ${last}`;
  return language === 'fr' ? `${money(totalCents)}, soit ${list},` : `${money(totalCents)}, namely ${list},`;
}

function periodsOf(line: InvoiceLine, language: Language): readonly ClaimPeriod[] {
  const words = vocabulary[language];
  const money = (cents: number): string => moneyInWords(cents, line.currency, language);
  return (line.claim?.interest?.periods ?? []).map((period) => ({
    number: invoiceLabel(line, language),
    period: words.fromTo(dayInFigures(period.from, language), dayInFigures(period.to, language)),
    days: `${period.days} / ${period.yearDays}`,
    base: money(period.baseCents),
    rate: percentInWords(period.hundredths, language),
    interest: money(period.cents),
  }));
}

/** The periods above come to more than is asked, once some of their interest was paid or waived: by how much, and why. */
function settledOf({ currency, beside }: MessageTotals, lines: readonly InvoiceLine[]) {
  const interests = lines.flatMap((line) =>
    line.stepTaken && line.currency === currency ? (line.claim?.interest ?? []) : [],
  );
  const ranCents = interests.flatMap(({ periods }) => periods).reduce((sum, { cents }) => sum + cents, 0);
  const paidCents = interests.reduce((sum, one) => sum + one.paidCents, 0);
  const waivedCents = ranCents - paidCents - (beside?.interestCents ?? 0);
  const rows = [
    ['interestRan', ranCents],
    ['interestPaid', -paidCents],
    ['interestWaived', -waivedCents],
  ] as const;
  return paidCents === 0 && waivedCents === 0 ? [] : rows.filter(([, cents]) => cents !== 0);
}

function sumsOf(total: MessageTotals, { language, today, lines }: MessageFigures): readonly Row[] {
  const words = vocabulary[language];
  if (!total.beside) return [];
  const { interestCents, lumpSumCents, lumpSums, totalCents } = total.beside;
  const money = (cents: number): string => moneyInWords(cents, total.currency, language);
  return [
    ...(total.askedCents > 0 ? [{ label: words.principal, value: money(total.askedCents) }] : []),
    ...settledOf(total, lines).map(([what, cents]) => ({ label: words[what], value: money(cents) })),
    ...(interestCents > 0 ? [{ label: words.interest, value: money(interestCents) }] : []),
    ...(lumpSums > 0
      ? [
          {
            label: words.lumpSums(lumpSums, money(Math.round(lumpSumCents / lumpSums))),
            value: money(lumpSumCents),
          },
        ]
      : []),
    { label: words.claimedOn(dayInWords(today, language)), value: money(totalCents), strong: true },
  ];
}
