/**
 * One line of a proposed entry. We propose, a person posts.
 */
export interface EntryLine {
  readonly account: string;
  readonly debitCents: number;
  readonly creditCents: number;
}

export interface ProposedEntry {
  readonly kind: 'doubtful' | 'impairment' | 'reversal' | 'loss';
  readonly lines: readonly EntryLine[];
  /** The article by which VAT comes back, where it does. */
  readonly source: string | null;
}

/** The accounts of a creditor; charts have their own subaccounts. */
export interface Accounts {
  readonly customers: string;
  readonly doubtful: string;
  readonly impairment: string;
  readonly impairmentExpense: string;
  readonly impairmentReversal: string;
  readonly loss: string;
  readonly vat: string;
}

export const usualAccounts: Accounts = {
  customers: '411',
  doubtful: '416',
  impairment: '491',
  impairmentExpense: '6817',
  impairmentReversal: '7817',
  loss: '654',
  vat: '44571',
};

/** What is open of an invoice, with VAT, and the VAT that the whole invoice bore; null where nobody has told it. */
export interface OpenAmount {
  readonly openCents: number;
  readonly invoicedCents: number;
  readonly vatCents: number | null;
}

/** The VAT in what is open: its share of the invoice's, half a cent up; null where the invoice's is not known. */
export function vatIn({ openCents, invoicedCents, vatCents }: OpenAmount): number | null {
  if (vatCents === null || invoicedCents <= 0) return null;
  const [part, whole] = [BigInt(openCents) * BigInt(vatCents), BigInt(invoicedCents)];
  return Number((2n * part + whole) / (2n * whole));
}

/** A claim that becomes doubtful moves from 411 to 416, with its VAT. */
export function doubtfulEntry(amount: OpenAmount, accounts = usualAccounts): ProposedEntry {
  return {
    kind: 'doubtful',
    source: null,
    lines: lines([accounts.doubtful, amount.openCents], [accounts.customers, -amount.openCents]),
  };
}

/**
 * The impairment of a doubtful claim, up to `hundredths` of a percent of what is open without VAT, less `alreadyCents`;
 * where that is more than needed, the reversal of the rest. Null when nothing changes, or when the VAT is not known:
 * an impairment never covers VAT, and a rate is not guessed.
 */
export function impairmentEntry(
  amount: OpenAmount,
  hundredths: number,
  alreadyCents: number,
  accounts = usualAccounts,
): ProposedEntry | null {
  const vat = vatIn(amount);
  if (vat === null) return null;
  const needed = Number((2n * BigInt(amount.openCents - vat) * BigInt(hundredths) + 10_000n) / 20_000n);
  const more = needed - alreadyCents;
  if (more === 0) return null;
  return more > 0
    ? {
        kind: 'impairment',
        source: null,
        lines: lines([accounts.impairmentExpense, more], [accounts.impairment, -more]),
      }
    : {
        kind: 'reversal',
        source: null,
        lines: lines([accounts.impairment, -more], [accounts.impairmentReversal, more]),
      };
}

/** Whether VAT on a lost claim may be recovered, and why. */
export type VatRecovery = 'irrecoverable' | 'liquidation_ordered' | 'not_yet';

/**
 * The end of a claim that is lost: 654 without VAT, the VAT back through 44571, and nothing left in 416.
 *
 * The VAT comes back when the claim is finally irrecoverable, or from the judgment that orders liquidation (CGI 272-1),
 * and needs a duplicate of the invoice that says so. Before that the whole claim can't be lost yet: null, as when the
 * VAT is not known. `wasDoubtful`: the claim stands in 416, else in 411.
 */
export function lossEntry(
  amount: OpenAmount,
  recovery: VatRecovery,
  wasDoubtful: boolean,
  accounts = usualAccounts,
): ProposedEntry | null {
  const vat = vatIn(amount);
  if (vat === null || recovery === 'not_yet') return null;
  return {
    kind: 'loss',
    source: 'CGI 272-1',
    lines: lines(
      [accounts.loss, amount.openCents - vat],
      [accounts.vat, vat],
      [wasDoubtful ? accounts.doubtful : accounts.customers, -amount.openCents],
    ),
  };
}

/** All entries for a lost claim, the impairment that it no longer needs among them. */
export function lossEntries(
  amount: OpenAmount,
  recovery: VatRecovery,
  before: { readonly wasDoubtful: boolean; readonly impairedCents: number },
  accounts = usualAccounts,
): readonly ProposedEntry[] {
  const loss = lossEntry(amount, recovery, before.wasDoubtful, accounts);
  if (loss === null) return [];
  const reversal = impairmentEntry(amount, 0, before.impairedCents, accounts);
  return reversal === null ? [loss] : [loss, reversal];
}

/** Positive cents are a debit, negative ones a credit; lines of nothing are left out. */
function lines(...amounts: readonly (readonly [account: string, cents: number])[]): readonly EntryLine[] {
  return amounts
    .filter(([, cents]) => cents !== 0)
    .map(([account, cents]) => ({
      account,
      debitCents: Math.max(0, cents),
      creditCents: Math.max(0, -cents),
    }));
}
