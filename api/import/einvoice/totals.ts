import { currencyOf } from '../iso-currency.ts';
import type { Einvoice, Said } from './einvoice.ts';
import type { Findings } from './findings.ts';
import { centsOf, decimalOf } from './values.ts';

/** What a document amounts to. Negative for a document that takes back. */
export interface Totals {
  /** What it asks for. */
  readonly payableCents: number;
  /** What was paid before it was issued; undefined when it does not say. */
  readonly prepaidCents: number | undefined;
  /** Both together: what is owed before anything was paid. */
  readonly totalCents: number;
  readonly currency: string | undefined;
  /** The element that says what it asks for. */
  readonly said: Said;
}

/**
 * Reads what a document asks for, and checks it against its other totals.
 *
 * The payable amount is the seller's word and stands even where the others contradict it: the contradiction is remarked.
 * Only when there is none is it reckoned from them. Undefined, with a rejection, when nothing says it.
 */
export function totalsOf(document: Einvoice, findings: Findings): Totals | undefined {
  const currency = currencyIn(document, findings);
  const read = (
    list: readonly Said[],
    field: 'amount' | 'paid',
  ): { cents: number; said: Said } | undefined => {
    const said = list.find(({ scheme }) => scheme === undefined || scheme === currency) ?? list[0];
    if (!said) return undefined;
    if (said.scheme && currency && currencyOf(said.scheme) !== currency)
      findings.reject(
        field,
        said,
        'currency-contradiction',
        `The amount is in ${said.scheme}, but the document in ${currency}.`,
        'Correct one of them.',
      );
    const reading = centsOf(said);
    if ('value' in reading) return { cents: reading.value, said };
    findings.reject(
      field,
      said,
      'amount-invalid',
      `It cannot be read as an amount: ${reading.problem}.`,
      'Write it with at most two decimals, as 1234.56.',
    );
    return undefined;
  };
  const before = findings.rejections.length;
  const payable = read(document.payable, 'amount');
  const inclusive = read(document.taxInclusive, 'amount');
  const rounding = read(document.rounding, 'amount');
  const prepaid = prepaidIn(document, findings, read);
  if (findings.rejections.length > before) return undefined;

  const reckoned = inclusive && inclusive.cents - (prepaid?.cents ?? 0) + (rounding?.cents ?? 0);
  if (!payable) {
    if (!inclusive || reckoned === undefined) {
      const said = document.payable[0] ?? { ...document.root, path: payablePath(document) };
      findings.reject(
        'amount',
        said,
        'amount-missing',
        'The document does not say what is to be paid.',
        `Fill in ${payablePath(document)}.`,
      );
      return undefined;
    }
    findings.remark(
      'amount',
      { ...inclusive.said, path: payablePath(document), value: '' },
      'payable-missing',
      `The document does not say what is to be paid: its other totals make ${decimalOf(reckoned)}.`,
      'Check the amount.',
    );
    return totals(reckoned, prepaid?.cents, currency, inclusive.said);
  }
  if (reckoned !== undefined && reckoned !== payable.cents) {
    findings.remark(
      'amount',
      payable.said,
      'totals-contradict',
      `The document asks for ${decimalOf(payable.cents)}, but with tax it comes to ${decimalOf(inclusive?.cents ?? 0)}, less ${decimalOf(prepaid?.cents ?? 0)} prepaid, plus ${decimalOf(rounding?.cents ?? 0)} of rounding: ${decimalOf(reckoned)}. What it asks for counts.`,
      'Ask the seller which of them is right, and correct the invoice if need be.',
    );
    // Nothing to pay of an amount, and nothing said of how: it is settled.
    if (payable.cents === 0 && prepaid === undefined) return totals(0, reckoned, currency, payable.said);
  }
  return totals(payable.cents, prepaid?.cents, currency, payable.said);
}

function totals(
  payableCents: number,
  prepaidCents: number | undefined,
  currency: string | undefined,
  said: Said,
): Totals {
  return { payableCents, prepaidCents, totalCents: payableCents + (prepaidCents ?? 0), currency, said };
}

/** The total of what was prepaid, else the sum of the single prepayments. */
function prepaidIn(
  document: Einvoice,
  findings: Findings,
  read: (list: readonly Said[], field: 'paid') => { cents: number; said: Said } | undefined,
): { cents: number; said: Said } | undefined {
  const total = read(document.prepaid, 'paid');
  const single = document.prepayments.flatMap(({ amount }) => {
    const one = amount && read([amount], 'paid');
    return one ? [one] : [];
  });
  const [firstOne] = single;
  if (!firstOne) return total;
  const cents = single.reduce((sum, one) => sum + one.cents, 0);
  if (!total) return { cents, said: firstOne.said };
  if (total.cents !== cents)
    findings.remark(
      'paid',
      total.said,
      'prepayments-contradict',
      `${decimalOf(total.cents)} counts as prepaid, but the single prepayments make ${decimalOf(cents)}.`,
      'Check what was paid before the invoice was issued.',
    );
  return total;
}

function currencyIn(document: Einvoice, findings: Findings): string | undefined {
  const said = document.currency ?? document.payable.find(({ scheme }) => scheme !== undefined);
  if (!said) {
    findings.note('currency-missing', 'The file gives no currency: it is that of the creditor.');
    return undefined;
  }
  const code = currencyOf(document.currency ? said.value : (said.scheme ?? ''));
  if (code === undefined)
    findings.reject(
      'currency',
      said,
      'currency-unknown',
      'It is not the code of a currency.',
      'Write a code of ISO 4217, such as EUR, USD or CHF.',
    );
  const { taxCurrency } = document;
  if (taxCurrency && taxCurrency.value !== code)
    findings.note(
      'tax-currency',
      `The tax is stated in ${taxCurrency.value} too; the amounts of the document, in ${code ?? said.value}, were read.`,
    );
  return code;
}

function payablePath({ syntax, root }: Einvoice): string {
  return syntax === 'CII'
    ? `${root.path}/SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/SpecifiedTradeSettlementHeaderMonetarySummation/DuePayableAmount`
    : `${root.path}/LegalMonetaryTotal/PayableAmount`;
}
