import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Instant } from '../../domain/time.ts';
import type { Db, Tx } from '../database.ts';
import { hasBegun, note, noteAll } from '../journal.ts';
import type { CreditorTable, DebtorTable } from '../schema.ts';
import { hashesOf } from './salted-groups.ts';

/**
 * What our claims rest on: where they are paid, in whose name we write, at which rates.
 *
 * The journal keeps of a creditor one salted hash of each of these groups of columns, by which it shows what was changed past
 * Relance, and what stood there: another IBAN is what a fraud begins with. Nothing can be read from them.
 */
export interface CreditorNoted {
  readonly salt: string;
  readonly account: string;
  readonly identity: string;
  readonly sender: string;
  readonly terms: string;
}

type CreditorRow = Selectable<CreditorTable>;

export const groups = {
  account: ['iban', 'bic'],
  identity: [
    'key',
    'legal_name',
    'siren',
    'vat_number',
    'registration',
    'address',
    'country',
    'is_individual',
  ],
  sender: ['sender_name', 'reply_to', 'phone', 'mail_account', 'sms_account', 'language', 'zone'],
  terms: [
    'currency',
    'penalty_rate_hundredths',
    'penalty_rates_before',
    'day_base',
    'credit_notes_count',
    'payments_go_to',
    'payments_went_to',
    'small_difference_cents',
    'accessories',
    'promise_grace_days',
    'promise_tolerance_cents',
    'bank_data_days_max',
    'sector',
    'established_abroad',
  ],
} as const satisfies Record<Exclude<keyof CreditorNoted, 'salt'>, readonly (keyof CreditorRow)[]>;

export type Group = keyof typeof groups;

/** What the journal is to say of a creditor as he is now. */
export function creditorNoted(row: CreditorRow, salt: string = randomUUID()): CreditorNoted {
  return { salt, ...hashesOf(groups, row, salt) };
}

/** The rate that is agreed with a debtor, as the journal says it. */
export interface RateNoted {
  readonly hundredths: number | null;
  readonly before: readonly object[];
}

export async function rateNoted(tx: Tx, debtorId: string): Promise<RateNoted> {
  const row = await tx
    .selectFrom('debtor')
    .select(['penalty_rate_hundredths', 'penalty_rates_before'])
    .where('id', '=', debtorId)
    .executeTakeFirstOrThrow();
  return rateOf(row);
}

export function rateOf(
  row: Pick<Selectable<DebtorTable>, 'penalty_rate_hundredths' | 'penalty_rates_before'>,
): RateNoted {
  return { hundredths: row.penalty_rate_hundredths, before: row.penalty_rates_before };
}

/** The chain that says once that all creditors and agreed rates of before were noted. */
const subject = 'terms';

export function areTermsNoted(db: Db | Tx): Promise<boolean> {
  return hasBegun(db, subject);
}

/**
 * Notes once what the creditors and the rates of debtors are of whom the journal says nothing yet; they are of an earlier
 * release. From then on one of whom it says nothing was put in past Relance.
 */
export async function noteTermsOfBefore(db: Db, now: Instant): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // A change that is under way notes itself: nobody's row may change between the look and the entry.
    const rows = await tx.selectFrom('creditor').selectAll().orderBy('id').forNoKeyUpdate().execute();
    const rates = await debtorsWithRate(tx).forNoKeyUpdate().execute();
    const creditors = await lastOf(tx, 'creditor/', 'noted');
    const debtors = await lastOf(tx, 'debtor/', 'rate');
    await noteAll(tx, now, [
      ...rows
        .filter(({ id }) => !creditors.has(id))
        .map((row) => ({
          subject: `creditor/${row.id}`,
          type: 'creditorNoted',
          body: { noted: creditorNoted(row) },
        })),
      ...rates
        .filter(({ id }) => !debtors.has(id))
        .map((row) => ({ subject: `debtor/${row.id}`, type: 'rateNoted', body: { rate: rateOf(row) } })),
    ]);
    await note(tx, subject, 'termsOfBeforeNoted', now, { creditors: rows.length, rates: rates.length });
  });
}

export function debtorsWithRate(db: Db | Tx) {
  return db
    .selectFrom('debtor')
    .select(['id', 'penalty_rate_hundredths', 'penalty_rates_before'])
    .where((row) =>
      row.or([
        row('penalty_rate_hundredths', 'is not', null),
        sql<boolean>`penalty_rates_before <> '[]'::jsonb`,
      ]),
    )
    .orderBy('id');
}

/** The last that the chain of each says under that name, by id. */
export async function lastOf(
  db: Db | Tx,
  chain: string,
  name: string,
): Promise<ReadonlyMap<string, unknown>> {
  const { rows } = await sql<{ id: string; said: unknown }>`
    select distinct on (subject) substr(subject, ${chain.length + 1}::int) as id, body::jsonb -> ${name}::text as said
    from journal where subject like ${`${chain}%`} and type in ('creditorAdded', 'creditorFound', 'creditorChanged', 'creditorNoted',
      'debtorChanged', 'rateNoted') and body::jsonb ? ${name}::text
    order by subject, seq desc`.execute(db);
  return new Map(rows.map(({ id, said }) => [id, said]));
}
