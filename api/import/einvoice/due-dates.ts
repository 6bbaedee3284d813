import type { CivilDate } from '../../../domain/time.ts';
import type { Einvoice, Instalment, Said } from './einvoice.ts';
import type { Findings } from './findings.ts';
import type { Totals } from './totals.ts';
import { basisPointsOf, centsOf, dayOf, decimalOf } from './values.ts';

/** One due date of an invoice, with its share of the amount and of what was prepaid. */
export interface Term {
  readonly dueDate: CivilDate;
  readonly amountCents: number;
  readonly paidCents: number | undefined;
  readonly said: Said;
}

/**
 * The due dates of an invoice, each with what falls due on it, the earliest first.
 *
 * An invoice is split only when its instalments say how and add up to what is asked for. Otherwise the whole counts on
 * one day: the due date of the document, or the latest that it names, because nobody is reminded of what is not yet due.
 * A due date is never reckoned from payment terms in words. Undefined, with a rejection, when there is none.
 */
export function termsOf(
  document: Einvoice,
  totals: Totals,
  issueDate: CivilDate | undefined,
  findings: Findings,
): readonly Term[] | undefined {
  const before = findings.rejections.length;
  const whole = document.dueDate && dated({ due: document.dueDate }, findings);
  const instalments = document.instalments.flatMap((one) => dated(one, findings) ?? []).sort(earliestFirst);
  if (findings.rejections.length > before) return undefined;

  const days = [...new Set(instalments.map(({ day }) => day))];
  const isSplit = days.length > 1 && instalments.some(({ amount, percent }) => amount ?? percent);
  const parts = isSplit ? partsOf(instalments, totals, document.root, findings) : undefined;
  if (parts) {
    if (whole && !days.includes(whole.day)) remarkDifferent(whole.due, whole.day, days, findings);
    return withPrepaid(parts, totals);
  }
  const chosen = whole ?? instalments.at(-1);
  if (!chosen) return withoutDueDate(document, totals, issueDate, findings);
  const others = days.filter((day) => day !== chosen.day);
  if (others.length > 0 && !isSplit) remarkDifferent(chosen.due, chosen.day, others, findings);
  if (instalments.length === 1) checkSingle(instalments[0], totals, findings);
  return [
    {
      dueDate: chosen.day,
      amountCents: totals.totalCents,
      paidCents: totals.prepaidCents,
      said: chosen.due,
    },
  ];
}

type Dated = Instalment & { readonly day: CivilDate };

function dated(one: Instalment, findings: Findings): Dated | undefined {
  const reading = dayOf(one.due);
  if ('value' in reading) return { ...one, day: reading.value };
  findings.reject(
    'dueDate',
    one.due,
    'date-invalid',
    `It cannot be read as a date: ${reading.problem}.`,
    'Write it as YYYY-MM-DD in UBL, as YYYYMMDD with format="102" in CII.',
  );
  return undefined;
}

function earliestFirst(a: Dated, b: Dated): number {
  return a.day < b.day ? -1 : a.day > b.day ? 1 : 0;
}

interface Part {
  readonly day: CivilDate;
  readonly cents: number;
  readonly said: Said;
}

/** The instalments with their amounts, one per day; undefined, and remarked, when they do not add up. */
function partsOf(
  instalments: readonly Dated[],
  totals: Totals,
  root: Said,
  findings: Findings,
): readonly Part[] | undefined {
  const { payableCents, totalCents } = totals;
  const amounts = instalments.map((one) => amountOf(one, payableCents));
  const missing = amounts.filter((cents) => cents === undefined).length;
  const known = amounts.reduce<number>((sum, cents) => sum + (cents ?? 0), 0);
  const byPercent = instalments.every(({ amount, percent }) => !amount && percent);
  const rest = payableCents - known;
  const filled = amounts.map((cents, at) => {
    if (cents === undefined) return missing === 1 ? rest : 0;
    // Shares of a hundred leave a cent over now and then.
    const isLast = at === amounts.length - 1;
    return byPercent && isLast && Math.abs(rest) < amounts.length ? cents + rest : cents;
  });
  const sum = filled.reduce((all, cents) => all + cents, 0);
  const isWhole =
    missing <= 1 && (sum === payableCents || sum === totalCents) && filled.every((cents) => cents > 0);
  if (!isWhole) {
    findings.remark(
      'dueDate',
      instalments.at(-1)?.due ?? root,
      'instalments-do-not-add-up',
      `There are ${instalments.length} due dates, and their amounts (${decimalOf(known)}) do not make up the ${decimalOf(payableCents)} that are asked for: the whole counts as due on one day.`,
      'Correct the due date, or register each instalment as a term of the invoice.',
    );
    return undefined;
  }
  const parts: Part[] = [];
  for (const [at, { day, due }] of instalments.entries()) {
    const cents = filled[at] ?? 0;
    const last = parts.at(-1);
    if (last?.day === day) parts[parts.length - 1] = { ...last, cents: last.cents + cents };
    else parts.push({ day, cents, said: due });
  }
  return parts;
}

function amountOf({ amount, percent }: Dated, payableCents: number): number | undefined {
  if (amount) {
    const reading = centsOf(amount);
    return 'value' in reading ? reading.value : undefined;
  }
  if (!percent) return undefined;
  const share = basisPointsOf(percent);
  // Half a cent up; in whole numbers, which hold 10^17 here only as BigInt.
  return 'value' in share
    ? Number((BigInt(payableCents) * BigInt(share.value) + 5_000n) / 10_000n)
    : undefined;
}

/** What was prepaid lies on the first terms; where the parts are only what is still open, it comes to the first. */
function withPrepaid(parts: readonly Part[], { prepaidCents, payableCents }: Totals): readonly Term[] {
  const sum = parts.reduce((all, { cents }) => all + cents, 0);
  const isNet = sum === payableCents;
  let left = prepaidCents ?? 0;
  return parts.map(({ day, cents, said }, at) => {
    const amountCents = isNet && at === 0 ? cents + left : cents;
    const paid = Math.min(left, amountCents);
    left -= paid;
    return { dueDate: day, amountCents, paidCents: prepaidCents === undefined ? undefined : paid, said };
  });
}

function checkSingle(one: Dated | undefined, { payableCents, totalCents }: Totals, findings: Findings): void {
  if (!one?.amount) return;
  const reading = centsOf(one.amount);
  if ('value' in reading && [payableCents, totalCents].includes(reading.value)) return;
  findings.remark(
    'dueDate',
    one.amount,
    'instalments-do-not-add-up',
    `Only this amount has a due date, and ${decimalOf(payableCents)} are asked for: the whole counts as due on that day.`,
    'Correct the due date, or register each instalment as a term of the invoice.',
  );
}

function remarkDifferent(said: Said, day: CivilDate, others: readonly CivilDate[], findings: Findings): void {
  findings.remark(
    'dueDate',
    said,
    'due-dates-differ',
    `The file names ${others.join(', ')} too, without saying how much is due then: ${day} counts as its due date.`,
    'Check the due date.',
  );
}

/** Nothing is left to pay, so the day does not matter; otherwise only a person can say it. */
function withoutDueDate(
  document: Einvoice,
  { totalCents, payableCents, prepaidCents }: Totals,
  issueDate: CivilDate | undefined,
  findings: Findings,
): readonly Term[] | undefined {
  const path =
    document.syntax === 'CII'
      ? `${document.root.path}/SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/SpecifiedTradePaymentTerms/DueDateDateTime`
      : `${document.root.path}/DueDate`;
  const [words] = document.paymentTerms;
  const said = { ...(words ?? document.root), path };
  if (payableCents <= 0 && issueDate !== undefined) {
    findings.remark(
      'dueDate',
      { ...said, value: '' },
      'due-date-assumed',
      'The invoice has no due date, and nothing is left to pay: it counts as due when it was issued.',
      'Nothing needs to be done.',
    );
    return [{ dueDate: issueDate, amountCents: totalCents, paidCents: prepaidCents, said }];
  }
  findings.reject(
    'dueDate',
    said,
    'due-date-missing',
    words
      ? 'The invoice has no due date, only payment terms in words, from which none is guessed.'
      : 'The invoice has no due date.',
    `Have ${path} filled in where the invoice is made, or register it with its due date by POST /v1/invoices.`,
  );
  return undefined;
}
