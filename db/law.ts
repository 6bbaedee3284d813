import { sql } from 'kysely';
import type { LawCode } from '../domain/law/law-code.ts';
import { lawWith } from '../domain/law/shipped-law.ts';
import type { Law, LawValue } from '../domain/law/law-value.ts';
import type { Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { note, subjectOf } from './journal.ts';
import { watchingLitigations } from './litigation-reads.ts';
import { lookAgain } from './matters.ts';
import type { Matter } from './matters.ts';
import { debtorsWaitingFor, poke, pokeDebtors } from './pokes.ts';

/** A value of the law with who added it; null for those that ship with the product. */
export interface KnownLawValue extends LawValue {
  readonly added: { readonly at: Instant; readonly by: string } | null;
}

/**
 * The law that this installation computes with: what ships with the product, and what its administrators added since.
 *
 * Nothing is kept between two readings: a rate that was added a moment ago counts for the next letter.
 */
export async function lawIn(db: Db | Tx): Promise<Law> {
  return lawWith(await addedValues(db));
}

/** Only what was added, in the order in which it was. */
export async function addedValues(db: Db | Tx): Promise<readonly KnownLawValue[]> {
  const rows = await db.selectFrom('law_value').selectAll().orderBy('id').execute();
  return rows.map((row) => ({
    code: row.code,
    from: row.from_day,
    to: row.to_day,
    value: row.value,
    source: row.source,
    sourced: row.sourced,
    lawyerValidated: row.lawyer_validated,
    added: { at: row.added_at, by: row.added_by },
  }));
}

/** Adds a value that `problemOf` has nothing against, says in the journal who did, and has looked again what waited for it. */
export async function addLawValue(tx: Tx, now: Instant, value: LawValue, by: string): Promise<KnownLawValue> {
  await tx
    .insertInto('law_value')
    .values({
      code: value.code,
      from_day: value.from,
      to_day: value.to,
      value: value.value,
      source: value.source,
      sourced: value.sourced,
      lawyer_validated: value.lawyerValidated,
      added_at: new Date(now),
      added_by: by,
    })
    .execute();
  // Where it was read are the words of a person: they stay in the row.
  const { source: _source, ...said } = value;
  await note(tx, 'law', 'lawValueAdded', now, { ...said, by });
  await pokeDebtors(tx, await debtorsWaitingFor(tx, 'law_value_missing'), 'people');
  await lookAgain(tx, await mattersUnderLaw(tx), now);
  await wakeWithoutTerms(tx, value.code);
  return { ...value, added: { at: now, by } };
}

/** What counts its days or sums by the law, and sleeps where a value was missing; few, and a value is added rarely. */
async function mattersUnderLaw(tx: Tx): Promise<readonly Matter[]> {
  const insolvencies = await tx
    .selectFrom('insolvency')
    .select(['id', 'debtor_id'])
    .where('ended_at', 'is', null)
    .execute();
  return [
    ...insolvencies.map((row) => ({ kind: 'insolvency' as const, id: row.id, debtorId: row.debtor_id })),
    ...(await watchingLitigations(tx)),
  ];
}

/** Every open file of whose limitation the law said nothing looks at itself: that value has been entered. */
async function wakeWithoutTerms(tx: Tx, code: LawCode): Promise<void> {
  if (!code.startsWith('limitation_years')) return;
  const rows = await tx
    .selectFrom('invoice')
    .select('id')
    .where('open', '=', true)
    .where(sql<boolean>`collection -> 'legalTerms' ->> 'code' = ${code}`)
    .where(sql<boolean>`collection -> 'legalTerms' ->> 'years' is null`)
    .execute();
  await poke(
    tx,
    rows.map(({ id }) => subjectOf(id)),
    'bulk',
  );
}
