import type { CivilDate } from '../domain/time.ts';
import type { Tx } from './database.ts';
import { Desk } from './desk.ts';
import type { House } from './house.ts';
import type { RowProblem } from './row-problem.ts';
import { claimsOf, Parties } from './parties.ts';
import type { Claim, Found } from './parties.ts';
import { recordCreditNote } from './payments.ts';
import { writeParties } from './registration.ts';
import type { IncomingInvoice, RegistrationContext } from './registration.ts';
import { Sellers } from './sellers.ts';
import type { CreditorRow } from './sellers.ts';

/** A credit note as a file gives it; absent means that it does not say. */
export interface IncomingCreditNote extends Pick<
  IncomingInvoice,
  'seller' | 'debtor' | 'contact' | 'number' | 'currency' | 'flags'
> {
  readonly kind: 'credit_note';
  readonly issueDate: CivilDate;
  /** What it takes off, above zero. */
  readonly amountCents: number;
  /** The numbers of the invoices that it names, in its order. */
  readonly settles: readonly string[];
}

/** What became of a credit note that came in. */
export interface CreditNoteFate {
  readonly kind: 'created' | 'unchanged' | 'rejected';
  /** The credit note that it is; null when it was rejected. */
  readonly creditNoteId: string | null;
  readonly currency: string;
  readonly found: Found;
  /** Why it was rejected; of one that is recorded, what a person should see to. */
  readonly about: Pick<RowProblem, 'code' | 'field' | 'value' | 'problem' | 'remedy'> | null;
}

export function isCreditNote(content: object): content is IncomingCreditNote {
  return 'kind' in content && content.kind === 'credit_note';
}

/**
 * Records credit notes: each settles the invoices that it names, the earliest due date first, up to their balances.
 *
 * What is left over, and all of one whose invoice is not here or is another debtor's or in another currency, stands to
 * the debtor's credit until a person allocates it; an invoice that comes later takes nothing by itself. Locks every
 * debtor concerned, in id order. The caller writes the desk. A number that the creditor has used before is recorded once.
 */
export async function receiveCreditNotes(
  house: House,
  tx: Tx,
  arrivals: readonly IncomingCreditNote[],
  context: RegistrationContext,
): Promise<{ readonly desk: Desk; readonly fates: readonly CreditNoteFate[] }> {
  const before = await house.clock.now();
  const sellers = await Sellers.of(tx, before, context.fallbackCreditorId);
  const cases = await sellers.casesOf(arrivals);
  const named = await namedInvoices(tx, cases);
  const claims = claimsOf(cases);
  const parties = await Parties.lock(
    tx,
    before,
    claims,
    [...named.values()].flat().map((invoice) => invoice.debtorId),
  );
  // An invoice that was given to another debtor meanwhile is met again with his lock: `DebtorElsewhere` has its work done anew.
  const desk = new Desk(tx, house, await house.clock.now(), { locked: parties.locked() });
  const met = cases.map((one, at) => meet(parties, one, claims[at], named));
  await writeParties(
    desk,
    parties,
    context,
    met.map(({ found }) => found.debtorId),
  );
  const fates: CreditNoteFate[] = [];
  for (const one of met) fates.push(await record(desk, one, context));
  return { desk, fates };
}

interface Case {
  readonly arrival: IncomingCreditNote;
  readonly creditor: CreditorRow;
}

interface Named {
  readonly id: string;
  readonly debtorId: string;
}

interface Met extends Case {
  readonly found: Found;
  /** The terms of the invoices that it names, of the same debtor. */
  readonly invoices: readonly Named[];
  /** It names an invoice of somebody else. */
  readonly isAnothers: boolean;
}

async function namedInvoices(tx: Tx, cases: readonly Case[]): Promise<ReadonlyMap<string, readonly Named[]>> {
  const numbers = [...new Set(cases.flatMap(({ arrival }) => arrival.settles))];
  if (numbers.length === 0) return new Map();
  const rows = await tx
    .selectFrom('invoice')
    .select(['id', 'creditor_id', 'number', 'debtor_id'])
    .where('creditor_id', 'in', [...new Set(cases.map(({ creditor }) => creditor.id))])
    .where('number', 'in', numbers)
    .orderBy('due_date')
    .orderBy('term')
    .execute();
  const found = new Map<string, Named[]>();
  for (const row of rows) {
    const key = keyOf(row.creditor_id, row.number);
    found.set(key, [...(found.get(key) ?? []), { id: row.id, debtorId: row.debtor_id }]);
  }
  return found;
}

/** The invoice says best who its debtor is: another file may have named him otherwise. */
function meet(
  parties: Parties,
  { arrival, creditor }: Case,
  claim: Claim | undefined,
  named: ReadonlyMap<string, readonly Named[]>,
): Met {
  if (!claim) throw new Error('a credit note without a claim');
  const invoices = arrival.settles.flatMap((number) => named.get(keyOf(creditor.id, number)) ?? []);
  const [first] = invoices;
  const known = first && parties.findKnown(claim, first.debtorId);
  const found = known ?? parties.find(claim);
  const own = invoices.filter((invoice) => invoice.debtorId === found.debtorId);
  return { arrival, creditor, found, invoices: own, isAnothers: own.length < invoices.length };
}

async function record(desk: Desk, met: Met, context: RegistrationContext): Promise<CreditNoteFate> {
  const { arrival, creditor, found, invoices } = met;
  const currency = arrival.currency ?? creditor.currency;
  const files = await desk.files(invoices.map(({ id }) => id));
  const inCurrency = files.filter(({ collection }) => collection.currency === currency);
  const allocations: { invoiceId: string; amountCents: number }[] = [];
  let left = arrival.amountCents;
  for (const { id } of invoices) {
    const open = inCurrency.find((file) => file.id === id)?.collection.balanceCents ?? 0;
    const amountCents = Math.min(left, open);
    if (amountCents <= 0) continue;
    allocations.push({ invoiceId: id, amountCents });
    left -= amountCents;
  }
  const answer = await recordCreditNote(
    desk,
    {
      creditorId: creditor.id,
      debtorId: found.debtorId,
      number: arrival.number,
      currency,
      amountCents: arrival.amountCents,
      issueDate: arrival.issueDate,
      reference: null,
      allocations,
    },
    context.by,
  );
  if (answer.kind === 'recorded') {
    const about = left > 0 ? unallocated(met, left, currency, files.length - inCurrency.length) : null;
    return { kind: 'created', creditNoteId: answer.id, currency, found, about };
  }
  if (answer.refusal.code !== 'credit-note-known')
    throw new Error(`credit note ${arrival.number} was refused: ${answer.refusal.message}`);
  const known = await desk.tx
    .selectFrom('credit_note')
    .select(['id', 'debtor_id', 'currency', 'amount_cents'])
    .where('creditor_id', '=', creditor.id)
    .where('number', '=', arrival.number)
    .executeTakeFirstOrThrow();
  const isSame =
    known.debtor_id === found.debtorId &&
    known.currency === currency &&
    known.amount_cents === arrival.amountCents;
  if (isSame) return { kind: 'unchanged', creditNoteId: known.id, currency, found, about: null };
  return {
    kind: 'rejected',
    creditNoteId: null,
    currency,
    found,
    about: {
      field: 'number',
      value: arrival.number,
      code: 'credit-note-differs',
      problem: `Credit note ${arrival.number} is known with another amount, currency or debtor: ${known.amount_cents} cents ${known.currency}.`,
      remedy: 'Correct the file; a credit note that was issued anew has another number.',
    },
  };
}

/** Why something of it stands to the debtor's credit. */
function unallocated(
  { arrival, isAnothers, invoices }: Met,
  left: number,
  currency: string,
  foreign: number,
): CreditNoteFate['about'] {
  const numbers = arrival.settles.join(', ');
  const why =
    arrival.settles.length === 0
      ? 'The credit note names no invoice'
      : isAnothers
        ? `Invoice ${numbers} is that of another debtor`
        : foreign > 0
          ? `Invoice ${numbers} is in another currency`
          : invoices.length === 0
            ? `Invoice ${numbers} is not known here`
            : `Less than that was open of invoice ${numbers}`;
  return {
    field: 'documentKind',
    value: numbers,
    code: 'credit-unallocated',
    problem: `${why}: ${left} cents ${currency} stand to the debtor's credit.`,
    remedy: 'Allocate them by POST /v1/credit-notes/{id}/allocations when it is known what they are for.',
  };
}

function keyOf(creditorId: string, number: string): string {
  return `${creditorId}/${number}`;
}
