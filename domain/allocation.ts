import type { CivilDate } from './time.ts';

/** A debt that money may settle, or a part of one; settled, or in another currency, it only counts when it is named. */
export interface OpenItem {
  readonly invoiceId: string;
  readonly number: string;
  readonly currency: string;
  readonly dueDate: CivilDate;
  readonly balanceCents: number;
  /** Born before an insolvency judgment: its payment is forbidden (L622-7 C. com.), so no rule chooses it. */
  readonly isBarred?: boolean;
}

export interface Allocation {
  readonly invoiceId: string;
  /** Integer cents, above zero. */
  readonly amountCents: number;
}

/** Money or a credit note that came in, as far as its allocation is concerned. */
export interface Incoming {
  readonly currency: string;
  readonly amountCents: number;
  /** What the payer wrote on his transfer. */
  readonly reference: string | null;
}

export interface Allocated {
  readonly allocations: readonly Allocation[];
  /** What settles nothing and stays as credit of the debtor. */
  readonly unallocatedCents: number;
  /** Which rule decided, for the person who checks it. */
  readonly rule: 'wished' | 'reference' | 'exact_amount' | 'oldest_due' | 'nothing_open';
}

/**
 * Says which debts an amount settles.
 *
 * The debtor's word comes first (art. 1342-10 C. civ.): what he asked for, else what his reference names; then a debt of
 * exactly that amount; then the oldest due. Nothing is ever allocated beyond a balance or across currencies, no cent is
 * lost: what is left over when a rule has done its part stays unallocated, because the money of somebody who said what
 * he pays is not spread over what he did not name. That holds too when what he named is settled already: he may have
 * paid twice, and then the money is his until a person has asked him. What no debtor may pay, because it was born before
 * the judgment of his insolvency, is settled only when he or a person names it.
 */
export function allocate(
  incoming: Incoming,
  items: readonly OpenItem[],
  wished?: readonly Allocation[],
): Allocated {
  const open = items
    .filter((item) => item.currency === incoming.currency && item.balanceCents > 0)
    .sort(oldestFirst);
  if (wished) return spread(incoming, capped(open, wished), 'wished');

  const named = namedBy(incoming.reference ?? '', items);
  if (named.length > 0)
    return spread(
      incoming,
      open.filter((item) => named.includes(item)),
      'reference',
    );

  const payable = open.filter((item) => item.isBarred !== true);
  const exact = payable.find((item) => item.balanceCents === incoming.amountCents);
  if (exact) return spread(incoming, [exact], 'exact_amount');
  return spread(incoming, payable, payable.length > 0 ? 'oldest_due' : 'nothing_open');
}

/** Settles the debts in their order, each up to its balance, until the amount is used up. */
function spread(
  incoming: Incoming,
  debts: readonly Pick<OpenItem, 'invoiceId' | 'balanceCents'>[],
  rule: Allocated['rule'],
): Allocated {
  let left = incoming.amountCents;
  const allocations: Allocation[] = [];
  for (const { invoiceId, balanceCents } of debts) {
    const amountCents = Math.min(left, balanceCents);
    if (amountCents <= 0) continue;
    allocations.push({ invoiceId, amountCents });
    left -= amountCents;
  }
  return { allocations, unallocatedCents: left, rule };
}

/** The wish for each debt, in the order of the wishes, no more than what the debt still holds. */
function capped(
  open: readonly OpenItem[],
  wished: readonly Allocation[],
): readonly Pick<OpenItem, 'invoiceId' | 'balanceCents'>[] {
  const wishes = new Map<string, number>();
  for (const { invoiceId, amountCents } of wished)
    wishes.set(invoiceId, (wishes.get(invoiceId) ?? 0) + amountCents);
  return [...wishes].flatMap(([invoiceId, amountCents]) => {
    const item = open.find((candidate) => candidate.invoiceId === invoiceId);
    return item ? [{ invoiceId, balanceCents: Math.min(item.balanceCents, amountCents) }] : [];
  });
}

/** Shorter numbers occur by chance in dates and amounts; they name an invoice only when they are the whole reference. */
const numberCharsMin = 4;
/** How many pieces of a reference one invoice number may have been written in: `FA 2026 - 001`. */
const piecesMax = 6;

/**
 * The invoice numbers that a payer may have written, as `comparableNumber` gives them, whatever the spaces and dashes.
 *
 * An ISO 11649 reference is also the number in it. At most six pieces make one number, so a long text gives few.
 */
export function numbersIn(reference: string): ReadonlySet<string> {
  const pieces = piecesOf(reference);
  const said = new Set<string>();
  for (let from = 0; from < pieces.length; from += 1) {
    let joined = '';
    for (const piece of pieces.slice(from, from + piecesMax)) {
      joined += piece;
      said.add(joined);
      if (/^RF\d{2}./.test(joined)) said.add(joined.slice(4));
    }
  }
  const whole = pieces.join('');
  return new Set([...said].filter((number) => number.length >= numberCharsMin || number === whole));
}

/** An invoice number without what payers write otherwise: case, spaces, dashes. */
export function comparableNumber(number: string): string {
  return piecesOf(number).join('');
}

function piecesOf(text: string): readonly string[] {
  return text
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((piece) => piece !== '');
}

function namedBy(reference: string, items: readonly OpenItem[]): readonly OpenItem[] {
  const said = numbersIn(reference);
  return said.size === 0 ? [] : items.filter((item) => said.has(comparableNumber(item.number)));
}

function oldestFirst(a: OpenItem, b: OpenItem): number {
  if (a.dueDate !== b.dueDate) return a.dueDate < b.dueDate ? -1 : 1;
  return a.invoiceId < b.invoiceId ? -1 : a.invoiceId > b.invoiceId ? 1 : 0;
}
