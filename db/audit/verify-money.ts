import type { Selectable } from 'kysely';
import type { Fact, FactOf, FactType } from '../../domain/fact.ts';
import type { CivilDate, Instant } from '../../domain/time.ts';
import { grouped } from '../grouped.ts';
import type { Findings } from '../invariants.ts';
import type { CreditNoteTable, LedgerEntryTable, LedgerKind, PaymentTable } from '../schema.ts';

export type LedgerRow = Pick<
  Selectable<LedgerEntryTable>,
  'id' | 'invoice_id' | 'kind' | 'amount_cents' | 'payment_id' | 'credit_note_id' | 'day' | 'at'
>;
export type PaymentRow = Pick<Selectable<PaymentTable>, 'id' | 'value_date' | 'returned_on'>;
export type CreditNoteRow = Pick<Selectable<CreditNoteTable>, 'id' | 'issue_date'>;

/** What tables say of the money of one invoice, and of all payments and credit notes that it names. */
export interface MoneyRows {
  readonly entries: readonly LedgerRow[];
  readonly payments: ReadonlyMap<string, PaymentRow>;
  readonly creditNotes: ReadonlyMap<string, CreditNoteRow>;
}

const moneyTypes = [
  'invoiceRegistered',
  'invoiceCorrected',
  'invoiceCancelled',
  'paymentRecorded',
  'paymentReturned',
  'creditNoteRecorded',
  'writtenOff',
  'waived',
] as const satisfies readonly FactType[];

type MoneyType = (typeof moneyTypes)[number];
type MoneyFact = Fact & FactOf<MoneyType>;

/** One movement, as a fact or the ledger says it; `day` null: the fact names none. */
interface Movement {
  readonly kind: LedgerKind;
  readonly source: string | null;
  readonly cents: number;
  readonly day: CivilDate | null;
  /** Who says so. */
  readonly said: string;
}

/**
 * Compares the money of one invoice as its log tells it with the ledger, and both with the rows of payments and credit notes.
 *
 * The log is chained and anchored, the ledger is not: whoever writes a payment, its day or an amount past the API leaves
 * two stories. A fact and its entries are written in one transaction at one moment of the clock, by which they find each
 * other; at a moment that several share, they are compared together.
 */
export function verifyMoney(
  findings: Findings,
  subject: string,
  facts: readonly Fact[],
  rows: MoneyRows,
): void {
  const add = (about: string, what: string): void => findings.add('I26', about, what);
  const told = facts.filter(isMoney);
  const [factsAt, entriesAt] = [grouped(told, ({ at }) => at), grouped(rows.entries, ({ at }) => at)];
  let [balanceCents, amountCents] = [0, 0];
  for (const at of momentsOf(told, rows.entries)) {
    const [said, entered] = [factsAt.get(at) ?? [], entriesAt.get(at) ?? []];
    const expected = said.flatMap((fact) => {
      const movements = movementsOf(fact, amountCents, unnamedPayment(entered, said));
      if (fact.type === 'invoiceRegistered' || fact.type === 'invoiceCorrected')
        amountCents = fact.amountCents;
      return movements;
    });
    for (const entry of entered) {
      balanceCents += entry.amount_cents;
      if (!hasReason(entry, said)) add(subject, `${entryInWords(entry)} of which no fact speaks`);
    }
    if (said.length > 0)
      for (const what of differences(expected, entered.filter(isMain).map(movementFrom))) add(subject, what);
    const last = said.at(-1);
    if (last && last.balanceCents !== balanceCents)
      add(
        subject,
        `fact ${last.n} (${last.type}) leaves ${last.balanceCents} cents, its ledger ${balanceCents}`,
      );
  }
  verifySources(add, subject, told, rows);
}

function isMoney(fact: Fact): fact is MoneyFact {
  return (moneyTypes as readonly string[]).includes(fact.type);
}

function momentsOf(facts: readonly Fact[], entries: readonly LedgerRow[]): readonly Instant[] {
  return [...new Set([...facts, ...entries].map(({ at }) => at))].sort((a, b) => a - b);
}

/** What the ledger must hold for a fact of an invoice that amounts to so much before it. */
function movementsOf(fact: MoneyFact, amountCents: number, paidBefore: string | null): readonly Movement[] {
  const one = (
    kind: LedgerKind,
    cents: number,
    day: CivilDate | null = null,
    source: string | null = null,
  ): Movement => ({ kind, source, cents, day, said: `fact ${fact.n} (${fact.type})` });
  switch (fact.type) {
    case 'invoiceRegistered':
      return [
        one('invoice', fact.amountCents, fact.issueDate),
        one('payment', fact.balanceCents - fact.amountCents, null, paidBefore),
      ];
    case 'invoiceCorrected':
      return [one('correction', fact.amountCents - amountCents)];
    case 'invoiceCancelled':
      return [one('cancellation', -amountCents)];
    case 'paymentRecorded':
      return [one('payment', -fact.amountCents, fact.on, fact.paymentId)];
    case 'paymentReturned':
      return [one('payment_return', fact.amountCents, fact.on, fact.paymentId)];
    case 'creditNoteRecorded':
      return [one('credit_note', -fact.amountCents, fact.on, fact.creditNoteId)];
    case 'writtenOff':
      return [one('write_off', -fact.amountCents, fact.on)];
    case 'waived':
      return [one('waiver', -fact.amountCents, fact.on)];
  }
}

/** What was paid before we heard of an invoice is no fact of its own: its entry names the payment. */
function unnamedPayment(entered: readonly LedgerRow[], said: readonly MoneyFact[]): string | null {
  const named = said.flatMap((fact) => (fact.type === 'paymentRecorded' ? fact.paymentId : []));
  const first = entered.find(
    ({ kind, payment_id: id }) => kind === 'payment' && id !== null && !named.includes(id),
  );
  return first?.payment_id ?? null;
}

/** What lowers an invoice, and what a fact states by itself; the others follow from a correction, a return or from interest. */
function isMain({ kind, amount_cents: cents }: LedgerRow): boolean {
  if (kind === 'interest') return false;
  return cents < 0 || kind === 'invoice' || kind === 'correction' || kind === 'payment_return';
}

/** What is given back to an invoice follows from a fact of another kind: money of a corrected one is freed, a discount untaken. */
function hasReason(entry: LedgerRow, said: readonly MoneyFact[]): boolean {
  if (isMain(entry) || entry.kind === 'interest') return said.length > 0;
  return said.some(
    ({ type }) =>
      type === 'invoiceCorrected' ||
      type === 'invoiceCancelled' ||
      (entry.kind === 'waiver' && type === 'paymentReturned'),
  );
}

function movementFrom(row: LedgerRow): Movement {
  return {
    kind: row.kind,
    source: row.payment_id ?? row.credit_note_id,
    cents: row.amount_cents,
    day: row.day,
    said: `ledger entry ${row.id}`,
  };
}

/** What two tellings of the same moment differ in: sums by kind and source, and days. */
function differences(expected: readonly Movement[], entered: readonly Movement[]): readonly string[] {
  const found = grouped(entered, placeOf);
  const told = grouped(expected, placeOf);
  return [...new Set([...told.keys(), ...found.keys()])].flatMap((place) => {
    const [said, there] = [told.get(place) ?? [], found.get(place) ?? []];
    if (sumOf(said) !== sumOf(there))
      return `${inWords(said) ?? 'no fact says anything'}, and ${inWords(there) ?? 'its ledger has nothing of it'}`;
    const days = new Set(said.flatMap(({ day }) => day ?? []));
    const stray = there.find(({ day }) => days.size > 0 && day !== null && !days.has(day));
    return stray ? `${inWords(said) ?? ''}, and ${inWords([stray]) ?? ''}` : [];
  });
}

/** Who says what: `fact 7 (paymentRecorded) says payment of -50000 cents on 2026-03-16`. */
function inWords(movements: readonly Movement[]): string | null {
  const [first] = movements;
  if (!first) return null;
  const days = [...new Set(movements.flatMap(({ day }) => day ?? []))].join(' and ');
  const who = movements.map(({ said }) => said).join(' and ');
  return `${who} says ${first.kind} of ${sumOf(movements)} cents${days === '' ? '' : ` on ${days}`}`;
}

function placeOf({ kind, source }: Movement): string {
  return `${kind}/${source ?? ''}`;
}

function sumOf(movements: readonly Movement[]): number {
  return movements.reduce((sum, { cents }) => sum + cents, 0);
}

function entryInWords({ id, kind, amount_cents: cents, day }: LedgerRow): string {
  return `has ledger entry ${id}, ${kind} of ${cents} cents on ${day},`;
}

/** The rows of payments and credit notes against the facts that name them; what no fact names, against its entry. */
function verifySources(
  add: (about: string, what: string) => void,
  subject: string,
  facts: readonly MoneyFact[],
  { entries, payments, creditNotes }: MoneyRows,
): void {
  const named = new Set<string>();
  const compare = (
    about: string,
    row: CivilDate | null | undefined,
    { n, type, on }: { n: number; type: string; on: CivilDate },
  ): void => {
    if (row !== on) add(about, `is of ${row ?? 'no day'}, and fact ${n} (${type}) of ${subject} says ${on}`);
  };
  for (const fact of facts) {
    if (fact.type === 'paymentRecorded') {
      named.add(fact.paymentId);
      compare(`payment/${fact.paymentId}`, payments.get(fact.paymentId)?.value_date, fact);
    }
    if (fact.type === 'paymentReturned')
      compare(`payment/${fact.paymentId}`, payments.get(fact.paymentId)?.returned_on, fact);
    if (fact.type === 'creditNoteRecorded')
      compare(`credit-note/${fact.creditNoteId}`, creditNotes.get(fact.creditNoteId)?.issue_date, fact);
  }
  for (const { id, kind, amount_cents: cents, payment_id: paymentId, day } of entries) {
    if (kind !== 'payment' || cents >= 0 || paymentId === null || named.has(paymentId)) continue;
    const row = payments.get(paymentId);
    if (row?.value_date !== day)
      add(
        `payment/${paymentId}`,
        `is of ${row?.value_date ?? 'no day'}, and ledger entry ${id} of ${subject} says ${day}`,
      );
  }
}
