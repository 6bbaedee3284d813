import { sql } from 'kysely';
import { creditGoingBack } from '../domain/merge/credit-back.ts';
import type { CivilDate } from '../domain/time.ts';
import type { Tx } from './database.ts';
import { creditOf, enter } from './ledger.ts';
import type { NewEntry } from './ledger.ts';
import type { Pair } from './merge-rows.ts';
import type { LedgerKind } from './schema.ts';

type At = { readonly tx: Tx; readonly now: number };

/** What stands on an account by what it came from: a payment, a credit note, or what accessories took of it. */
interface Source {
  readonly creditor_id: string;
  readonly currency: string;
  readonly kind: LedgerKind;
  readonly payment_id: string | null;
  readonly credit_note_id: string | null;
  readonly cents: number;
}

/**
 * Gives what stands to the account of the one to the other, source by source, by entries that say so.
 *
 * Entries are never changed: the account that is left sums up to nothing, the other one to both. What came is noted, for it
 * may be spent when it is to go back.
 */
export async function moveAccount(
  desk: At,
  { mergeId, goneId, intoId }: Pair,
  day: CivilDate,
): Promise<void> {
  const sources = await sourcesOf(desk.tx, goneId);
  if (sources.length === 0) return;
  await enter(
    desk,
    sources.flatMap((source) => transferOf(source, source.cents, { from: goneId, to: intoId, day })),
  );
  await desk.tx
    .insertInto('merge_credit')
    .values(sources.map((source) => ({ merge_id: mergeId, ...source })))
    .execute();
}

/** Gives back what came of the account and is still there: `creditGoingBack`. */
export async function moveAccountBack(
  desk: At,
  { mergeId, goneId, intoId }: Pair,
  day: CivilDate,
): Promise<void> {
  const came = await desk.tx.selectFrom('merge_credit').selectAll().where('merge_id', '=', mergeId).execute();
  const left = new Map((await sourcesOf(desk.tx, intoId)).map((source) => [nameOf(source), source.cents]));
  const accounts = new Map<string, typeof came>();
  for (const source of came) {
    const account = `${source.creditor_id}/${source.currency}`;
    accounts.set(account, [...(accounts.get(account) ?? []), source]);
  }
  for (const sources of accounts.values()) {
    const [first] = sources;
    if (!first) continue;
    const account = { debtorId: intoId, creditorId: first.creditor_id, currency: first.currency };
    const back = creditGoingBack(
      sources.map((source) => ({ cents: source.cents, leftCents: left.get(nameOf(source)) ?? 0 })),
      await creditOf(desk.tx, account),
    );
    await enter(
      desk,
      sources.flatMap((source, index) =>
        transferOf(source, back[index] ?? 0, { from: intoId, to: goneId, day }),
      ),
    );
  }
}

/** A return belongs to the payment that it takes back, so one that came back whole counts for nothing. */
async function sourcesOf(tx: Tx, debtorId: string): Promise<readonly Source[]> {
  const { rows } = await sql<Source>`
    select creditor_id, currency, case kind when 'payment_return' then 'payment' else kind end as kind, payment_id, credit_note_id,
      sum(amount_cents)::bigint as cents
    from ledger_entry where debtor_id = ${debtorId} and invoice_id is null
    group by 1, 2, 3, 4, 5 having sum(amount_cents) <> 0 order by min(id::text)`.execute(tx);
  return rows;
}

function transferOf(
  source: Omit<Source, 'cents'>,
  cents: number,
  { from, to, day }: { readonly from: string; readonly to: string; readonly day: CivilDate },
): readonly NewEntry[] {
  const entry = (debtorId: string, amountCents: number): NewEntry => ({
    creditorId: source.creditor_id,
    debtorId,
    invoiceId: null,
    currency: source.currency,
    kind: source.kind,
    amountCents,
    paymentId: source.payment_id,
    creditNoteId: source.credit_note_id,
    day,
  });
  return [entry(from, -cents), entry(to, cents)];
}

function nameOf({ creditor_id, currency, kind, payment_id, credit_note_id }: Omit<Source, 'cents'>): string {
  return [creditor_id, currency, kind, payment_id, credit_note_id].join('/');
}
