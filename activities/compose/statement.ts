/**
 * The statement inside a message: its invoices, those asked first, and the sums under them.
 *
 * Each sum is the one of the figures, in words; nothing is computed here that a debtor would pay.
 */
import { rankOf } from '../../domain/level.ts';
import type { InvoiceLine, Language, MessageFigures, MessageTotals } from '../../domain/message.ts';
import { dayInFigures } from './day-in-words.ts';
import { moneyInWords } from './money-in-words.ts';
import { oneLine } from './plain-text.ts';
import { countedDays, invoiceLabel, vocabulary } from './vocabulary.ts';

export interface Row {
  readonly label: string;
  readonly value: string;
  readonly strong?: boolean;
}

/** One invoice of the statement. Notes are the small print under a cell; an empty one is not drawn. */
export interface InvoiceRow {
  readonly number: string;
  readonly issued: string;
  readonly numberNote: string;
  readonly due: string;
  readonly situation: string;
  readonly amount: string;
  readonly amountNotes: readonly string[];
}

export interface InvoiceGroup {
  readonly title: string;
  readonly rows: readonly InvoiceRow[];
}

/** The invoices that take their step, then the other open ones, if there are any. */
export function groupsOf(figures: MessageFigures): InvoiceGroup[] {
  const words = vocabulary[figures.language];
  const taken = figures.lines.filter((line) => line.stepTaken);
  const others = figures.lines.filter((line) => !line.stepTaken);
  const preventive = figures.level === 'preventive';
  const title = preventive
    ? words.invoicesAnnounced
    : figures.level === 'formal_notice'
      ? words.invoicesClaimed
      : words.invoicesAsked;
  const groups: InvoiceGroup[] = [
    { title: title(taken.length), rows: taken.map((line) => rowOf(line, figures, true)) },
  ];
  if (others.length > 0)
    groups.push({
      title: words.otherInvoices(others.length),
      rows: others.map((line) => rowOf(line, figures, false)),
    });
  return groups;
}

function rowOf(line: InvoiceLine, { language, level }: MessageFigures, taken: boolean): InvoiceRow {
  const words = vocabulary[language];
  const money = (cents: number): string => moneyInWords(cents, line.currency, language);
  const notes: string[] = [];
  if (line.balanceCents !== line.amountCents) notes.push(words.partlyPaid(money(line.amountCents)));
  if (line.contestedCents > 0)
    notes.push(
      taken
        ? words.contested(money(Math.min(line.contestedCents, line.balanceCents)))
        : words.contestedOf(money(line.contestedCents)),
    );
  return {
    number: invoiceLabel(line, language),
    issued: line.issueDate ? dayInFigures(line.issueDate, language) : '',
    numberNote: line.orderNumber ? words.order(oneLine(line.orderNumber)) : '',
    due: dayInFigures(line.dueDate, language),
    // A courtesy before the due date counts nobody's days.
    situation: level === 'preventive' ? '' : situationOf(line, language),
    amount: money(taken ? line.askedCents : line.balanceCents),
    amountNotes: notes,
  };
}

function situationOf(line: InvoiceLine, language: Language): string {
  const words = vocabulary[language];
  if (line.daysLate > 0) return words.dueFor(countedDays(line.daysLate, language));
  return line.daysLate === 0 ? words.dueToday : words.notYetDue;
}

/** The sums under the statement; a sum that would only repeat the line above it is left out. */
export function totalRows(figures: MessageFigures): Row[] {
  const words = vocabulary[figures.language];
  const many = figures.totals.length > 1;
  // One invoice that says it all needs no sum under it.
  if (figures.lines.length === 1 && figures.totals.every((total) => total.creditsCents === 0)) return [];
  return figures.totals.flatMap((total) => {
    const money = (cents: number): string => moneyInWords(cents, total.currency, figures.language);
    const label = (text: string): string => (many ? `${text} (${total.currency})` : text);
    const rows: Row[] = [];
    if (
      total.askedCents > 0 ||
      figures.lines.some((line) => line.stepTaken && line.currency === total.currency)
    )
      rows.push({
        label: label(figures.level === 'formal_notice' ? words.totalClaimed : words.totalAsked),
        value: money(total.askedCents),
        strong: true,
      });
    if (
      rankOf(figures.level) > 0 &&
      total.dueCents > 0 &&
      total.dueCents !== total.askedCents &&
      total.dueCents !== total.openCents
    )
      rows.push({ label: label(words.totalDue), value: money(total.dueCents) });
    if (total.openCents !== total.askedCents)
      rows.push({ label: label(words.totalOpen), value: money(total.openCents) });
    if (total.creditsCents > 0) {
      rows.push({ label: label(words.credits), value: money(-total.creditsCents) });
      rows.push({ label: label(words.balance), value: money(total.openCents - total.creditsCents) });
    }
    return rows;
  });
}

/** The totals of the currencies in which this message asks. */
export function askedTotals(figures: MessageFigures): MessageTotals[] {
  const asking = new Set(figures.lines.filter((line) => line.stepTaken).map((line) => line.currency));
  return figures.totals.filter((total) => asking.has(total.currency));
}
