import type { IncomingCreditNote } from '../../../db/incoming-credit-notes.ts';
import type { CivilDate } from '../../../domain/time.ts';
import type { PaymentMethod } from '../cell-words.ts';
import type { InvoiceRow, Rejection } from '../invoice-row.ts';
import { cleanCell } from '../row-notes.ts';
import { isFactored, kindOf } from './document-kind.ts';
import { termsOf } from './due-dates.ts';
import type { Einvoice, Said } from './einvoice.ts';
import { Findings } from './findings.ts';
import type { Cell } from './findings.ts';
import { buyerOf, cellsOfParties, sellerOf, unusedOf } from './parties.ts';
import { totalsOf } from './totals.ts';
import type { Totals } from './totals.ts';
import { dayOf, decimalOf } from './values.ts';

/** A row of a document, as it is staged. */
export type EinvoiceOutcome =
  | {
      readonly line: number;
      readonly row: InvoiceRow | IncomingCreditNote;
      readonly remarks: readonly Rejection[];
    }
  | { readonly line: number; readonly rejected: readonly Rejection[]; readonly raw: string };

export interface Rows {
  readonly outcomes: readonly EinvoiceOutcome[];
  /** What the owner of the file should know beyond its rows. */
  readonly notes: readonly { readonly code: string; readonly message: string }[];
  /** Whether the document says who sold. */
  readonly namesSeller: boolean;
}

/**
 * Turns an e-invoice into what Relance registers: a row for each due date, or one for a credit note.
 *
 * The rules are those of a row of a CSV (`read-row.ts`): what decides money, dates or who is who must be right or the
 * document is rejected with the path, the value and the remedy; what only helps is left out and remarked.
 */
export function rowsOf(document: Einvoice): Rows {
  const { root } = document;
  const findings = new Findings(root.line, cellsOf(document));
  const kind = kindOf(document, findings);
  const seller = sellerOf(document, findings);
  const buyer = buyerOf(findings);
  const number = numberOf(document, findings);
  const issueDate = issueDateOf(document, findings);
  const totals = totalsOf(document, findings);
  const namesSeller = Object.keys(seller).length > 0;
  noteTheRest(document, findings);

  const isCredit = kind === 'credit_note' || (totals !== undefined && totals.totalCents < 0);
  const parties = buyer && number !== undefined ? { seller, ...buyer, number } : undefined;
  const made =
    parties && totals && isSound(document, totals, kind, findings)
      ? isCredit
        ? creditNote(document, { ...parties, issueDate }, totals, kind, findings)
        : invoices(document, { ...parties, issueDate }, totals, findings)
      : undefined;
  const { rejections, remarks } = findings;
  if (!made || rejections.length > 0)
    return {
      outcomes: [{ line: root.line, rejected: rejections, raw: rawOf(document) }],
      notes: findings.notes,
      namesSeller,
    };
  const flags = [...new Set(remarks.map(({ code }) => code))];
  const outcomes = made.map(({ line, row }, at) => ({
    line,
    row: { ...row, flags },
    // Said once, however many due dates the invoice has.
    remarks: at === 0 ? remarks : [],
  }));
  return { outcomes, notes: findings.notes, namesSeller };
}

interface Made {
  readonly line: number;
  readonly row: InvoiceRow | IncomingCreditNote;
}

type Common = Pick<InvoiceRow, 'seller' | 'debtor' | 'contact' | 'number'> & {
  readonly issueDate: CivilDate | undefined;
};

function invoices(
  document: Einvoice,
  { issueDate, ...common }: Common,
  totals: Totals,
  findings: Findings,
): readonly Made[] | undefined {
  const terms = termsOf(document, totals, issueDate, findings);
  const method = paymentMethodOf(document, findings);
  const factored = isFactored(document, findings);
  const orderNumber = findings.cells.text('orderNumber');
  const settledDate = settledDateOf(document, totals, findings);
  if (issueDate === undefined)
    findings.remark(
      'issueDate',
      document.issueDate ?? { ...document.root, path: issueDatePath(document) },
      'issue-date-missing',
      'The invoice has no issue date.',
      'Fill in the issue date, so that nothing leaves too soon after it.',
    );
  const early = terms?.find(({ dueDate }) => issueDate !== undefined && dueDate < issueDate);
  if (early)
    findings.remark(
      'dueDate',
      early.said,
      'due-before-issue',
      `The invoice is due on ${early.dueDate}, before it was issued on ${issueDate}.`,
      'Check both dates.',
    );
  return terms?.map(({ dueDate, amountCents, paidCents, said }, at) => ({
    line: said.line,
    row: {
      ...common,
      term: at + 1,
      ...(issueDate && { issueDate }),
      dueDate,
      amountCents,
      ...(totals.currency && { currency: totals.currency }),
      ...(paidCents !== undefined && { paidCents }),
      ...(settledDate && { settledDate }),
      ...(orderNumber && { orderNumber }),
      ...(method && { paymentMethod: method }),
      ...(factored && { factored }),
      flags: [],
    },
  }));
}

function creditNote(
  document: Einvoice,
  { issueDate, ...common }: Common,
  totals: Totals,
  kind: 'invoice' | 'credit_note',
  findings: Findings,
): readonly Made[] | undefined {
  const { root, preceding } = document;
  // What was prepaid the other way round was paid by the debtor, and is owed to him as well.
  const isRefund = (totals.prepaidCents ?? 0) * totals.totalCents >= 0;
  const amountCents = Math.abs(isRefund ? totals.totalCents : totals.payableCents);
  if (issueDate === undefined)
    findings.reject(
      'issueDate',
      document.issueDate ?? { ...root, path: issueDatePath(document) },
      'issue-date-missing',
      'The credit note has no issue date.',
      `Fill in ${issueDatePath(document)}.`,
    );
  if (kind === 'invoice')
    findings.remark(
      'amount',
      totals.said,
      'negative-invoice',
      `The amount is negative: the invoice is a credit note over ${decimalOf(amountCents)}.`,
      'Nothing needs to be done.',
    );
  if (totals.prepaidCents !== undefined && totals.prepaidCents !== 0 && isRefund)
    findings.remark(
      'paid',
      document.prepaid[0] ?? totals.said,
      'credit-note-prepaid',
      `${decimalOf(Math.abs(totals.prepaidCents))} of the credit note were refunded or set off before; the whole of it counts as credit.`,
      'If it was refunded, take that part of the credit back.',
    );
  if (preceding.length > 1)
    findings.remark(
      'documentKind',
      preceding[0] ?? root,
      'several-invoices-credited',
      'The credit note names several invoices without saying how much is for each: they are settled in their order.',
      'Check what it was allocated to.',
    );
  const settles = [...new Set(preceding.map(({ value }) => cleanCell(value)))];
  return [
    {
      line: root.line,
      row: {
        kind: 'credit_note',
        ...common,
        issueDate: issueDate ?? '',
        amountCents,
        ...(totals.currency && { currency: totals.currency }),
        settles,
        flags: [],
      },
    },
  ];
}

/** Whether its total makes sense for what it is. */
function isSound(
  document: Einvoice,
  { totalCents, prepaidCents, said }: Totals,
  kind: 'invoice' | 'credit_note',
  findings: Findings,
): boolean {
  if (totalCents === 0)
    findings.reject(
      'amount',
      said,
      'amount-zero',
      'The amount is zero, so nothing is owed.',
      'Nothing needs to be done, unless the amount is wrong.',
    );
  if (kind === 'credit_note' && totalCents < 0)
    findings.reject(
      'amount',
      said,
      'credit-note-negative',
      'A credit note with a negative amount would raise what is owed, and many that are written so are meant to lower it.',
      'Ask the seller which is meant; record it by POST /v1/credit-notes, or by POST /v1/invoices if it raises the debt.',
    );
  if (kind === 'invoice' && totalCents > 0 && (prepaidCents ?? 0) < 0)
    findings.reject(
      'paid',
      document.prepaid[0] ?? said,
      'paid-negative',
      'The amount prepaid is negative.',
      'Write what was paid as a positive amount.',
    );
  return totalCents > 0 || (totalCents < 0 && kind === 'invoice');
}

function cellsOf(document: Einvoice): readonly Cell[] {
  const { root, number, orderNumber, buyerReference } = document;
  // Networks that ask for an order number get "NA" from whoever has none.
  const order = orderNumber && !/^N\.?A\.?$/i.test(orderNumber.value) ? orderNumber : buyerReference;
  const numberPath = document.syntax === 'CII' ? `${root.path}/ExchangedDocument/ID` : `${root.path}/ID`;
  return [
    ...cellsOfParties(document),
    { field: 'number', said: number ?? { ...root, path: numberPath } },
    ...(order ? [{ field: 'orderNumber' as const, said: order }] : []),
  ];
}

function numberOf({ root }: Einvoice, findings: Findings): string | undefined {
  const number = findings.cells.text('number');
  if (number === undefined && !findings.cells.wasRefused('number'))
    findings.cells.reject(
      'number',
      'number-missing',
      'The document has no number.',
      `Fill in the number of the ${root.path}.`,
    );
  return number;
}

function issueDateOf({ issueDate }: Einvoice, findings: Findings): CivilDate | undefined {
  if (!issueDate) return undefined;
  const reading = dayOf(issueDate);
  if ('value' in reading) return reading.value;
  findings.reject(
    'issueDate',
    issueDate,
    'date-invalid',
    `It cannot be read as a date: ${reading.problem}.`,
    'Write it as YYYY-MM-DD in UBL, as YYYYMMDD with format="102" in CII.',
  );
  return undefined;
}

/** The day of its last prepayment, where these settle it whole and each says its day. */
function settledDateOf(
  { prepayments }: Einvoice,
  { payableCents, prepaidCents }: Totals,
  findings: Findings,
): CivilDate | undefined {
  if (payableCents > 0 || prepaidCents === undefined || prepayments.length === 0) return undefined;
  const days = prepayments.map(({ date }) => date && dayOf(date));
  const read = days.flatMap((day) => (day && 'value' in day ? [day.value] : []));
  if (read.length === days.length) return read.sort().at(-1);
  findings.note(
    'prepayment-day-unknown',
    'A prepayment does not say its day: that of the import stands for it.',
  );
  return undefined;
}

/** UNTDID 4461, as far as it says who moves the money. */
const methods: readonly (readonly [PaymentMethod, RegExp])[] = [
  ['direct_debit', /^(49|59|85)$/],
  ['bill_of_exchange', /^(24|60|61|62|63|64|65|66|67|70|74|75|76|77|78)$/],
  ['transfer', /^(30|31|42|44|45|58|68)$/],
  ['cheque', /^(20|21|22|23|25|26|91|92)$/],
  ['card', /^(48|54|55)$/],
  ['other', /^(10|57|93|94|95|96|97)$/],
];

/** How it is paid. A debt that we present ourselves is never chased meanwhile, so that way wins over the others. */
function paymentMethodOf({ meansCodes }: Einvoice, findings: Findings): PaymentMethod | undefined {
  const found = meansCodes.flatMap((said) => {
    const method = methods.find(([, codes]) => codes.test(said.value))?.[0];
    return method ? [{ method, said }] : [];
  });
  const kinds = [...new Set(found.map(({ method }) => method))];
  const chosen = kinds.find((kind) => kind === 'direct_debit' || kind === 'bill_of_exchange') ?? kinds[0];
  const [, second] = kinds;
  if (second !== undefined)
    findings.remark(
      'paymentMethod',
      found.find(({ method }) => method === chosen)?.said ?? (meansCodes[0] as Said),
      'payment-methods-several',
      `The document offers several ways to pay (${kinds.join(', ')}): ${chosen} counts.`,
      'Correct how the invoice is paid, if another one was agreed.',
    );
  const unknown = meansCodes.find(({ value }) => !methods.some(([, codes]) => codes.test(value)));
  // 1 is "not defined", ZZZ "agreed between the two".
  if (unknown && chosen === undefined && !['1', 'ZZZ'].includes(unknown.value))
    findings.note(
      'payment-means-unknown',
      `${unknown.path} ${unknown.value} is not a known way to pay: the invoice counts as payable by transfer.`,
    );
  return chosen;
}

function noteTheRest(document: Einvoice, findings: Findings): void {
  const { paymentTerms, buyerReference, invoicee, buyer } = document;
  const used = findings.cells.text('orderNumber');
  if (buyerReference && used !== undefined && used !== buyerReference.value)
    findings.note(
      'buyer-reference-unused',
      `${buyerReference.path} ${buyerReference.value} is kept nowhere.`,
    );
  const [words] = paymentTerms;
  if (words)
    findings.note(
      'payment-terms-in-words',
      `The payment terms in words are not interpreted: "${words.value.slice(0, 200)}"`,
    );
  const unused = unusedOf(document);
  if (unused.length > 0) findings.note('identifiers-unused', `Kept nowhere: ${unused.join('; ')}.`);
  if (invoicee?.name && invoicee.name.value !== buyer.name?.value)
    findings.remark(
      'debtorName',
      invoicee.name,
      'invoicee-is-another',
      'The invoice is addressed to another company than the buyer, who counts as the debtor.',
      'If the other one pays, change whom to write to.',
    );
}

function issueDatePath({ syntax, root }: Einvoice): string {
  return syntax === 'CII'
    ? `${root.path}/ExchangedDocument/IssueDateTime/DateTimeString`
    : `${root.path}/IssueDate`;
}

/** Enough of a rejected document to know it again and mend it by hand. */
function rawOf(document: Einvoice): string {
  const { number, typeCode, issueDate, dueDate, seller, buyer, currency } = document;
  const saids = [number, typeCode, issueDate, dueDate, seller.name, buyer.name, currency];
  return [...saids, ...document.taxInclusive, ...document.prepaid, ...document.payable]
    .flatMap((said) => (said ? [`${said.path}: ${said.value}`] : []))
    .join('\n')
    .slice(0, 2_000);
}
