import type { Selectable } from 'kysely';
import type { Author } from '../domain/fact.ts';
import type { CivilDate } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { Desk } from './desk.ts';
import { note } from './journal.ts';
import type { InsolvencyTable } from './schema.ts';
import { uuidv7 } from './uuid.ts';

/** What the court opened: a safeguard, a receivership, a liquidation. */
export const procedureKinds = ['safeguard', 'receivership', 'liquidation'] as const;

export type ProcedureKind = (typeof procedureKinds)[number];

/** What is learnt of an insolvency; absent means untouched. */
export interface InsolvencyGiven {
  readonly judgmentOn: CivilDate;
  readonly kind?: ProcedureKind | null;
  /** Of its publication in the BODACC. */
  readonly publishedOn?: CivilDate | null;
  /** To whom the claim is declared, as it stands in the announcement. */
  readonly administrator?: string | null;
  readonly court?: string | null;
}

export type InsolvencyRow = Selectable<InsolvencyTable>;

/**
 * The insolvency procedures of debtors.
 *
 * A debtor is in one procedure at a time. Its matter `insolvency/<id>` watches the days of its declarations
 * (`declarations.ts`), one for each creditor who has claims of before the judgment.
 */
export async function openInsolvency(
  desk: Desk,
  debtorId: string,
  given: InsolvencyGiven,
  by: Author,
): Promise<void> {
  const { tx } = desk;
  const known = await openInsolvencyOf(tx, debtorId);
  const set = {
    judgment_on: given.judgmentOn,
    ...(given.kind === undefined ? {} : { kind: given.kind }),
    ...(given.publishedOn === undefined ? {} : { published_on: given.publishedOn }),
    ...(given.administrator === undefined ? {} : { administrator: given.administrator }),
    ...(given.court === undefined ? {} : { court: given.court }),
  };
  const id = known?.id ?? uuidv7();
  if (known) await tx.updateTable('insolvency').set(set).where('id', '=', id).execute();
  else
    await tx
      .insertInto('insolvency')
      .values({ id, debtor_id: debtorId, ...set, recorded_at: new Date(desk.now), recorded_by: by.id })
      .execute();
  const { administrator: _words, court: _place, ...told } = given;
  await note(tx, `debtor/${debtorId}`, 'insolvencyRecorded', desk.now, { insolvencyId: id, ...told, by });
  desk.attend({ kind: 'insolvency', id, debtorId });
  // What was agreed of claims of before the judgment may not be paid any more.
  const plans = await tx
    .selectFrom('plan')
    .select('id')
    .where('debtor_id', '=', debtorId)
    .where('state', '=', 'running')
    .execute();
  for (const plan of plans) desk.attend({ kind: 'plan', id: plan.id, debtorId });
}

/** Ends the procedure of a debtor that was recorded by mistake, or is over. */
export async function endInsolvency(desk: Desk, debtorId: string, by: Author): Promise<void> {
  const known = await openInsolvencyOf(desk.tx, debtorId);
  if (!known) return;
  await desk.tx
    .updateTable('insolvency')
    .set({ ended_at: new Date(desk.now), ended_by: by.id })
    .where('id', '=', known.id)
    .execute();
  desk.attend({ kind: 'insolvency', id: known.id, debtorId });
}

/** The procedure that a debtor is in; undefined when he is in none. */
export async function openInsolvencyOf(db: Db | Tx, debtorId: string): Promise<InsolvencyRow | undefined> {
  return db
    .selectFrom('insolvency')
    .selectAll()
    .where('debtor_id', '=', debtorId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
}

/** The procedure with this id, also one that has ended; undefined when there is none. */
export async function insolvencyWith(db: Db | Tx, id: string): Promise<InsolvencyRow | undefined> {
  return db.selectFrom('insolvency').selectAll().where('id', '=', id).executeTakeFirst();
}
