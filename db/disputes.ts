import { sql } from 'kysely';
import { dayAt } from '../domain/calendar.ts';
import { isOver } from '../domain/collection.ts';
import type { Collection } from '../domain/collection.ts';
import { hasLadder } from '../domain/dispute/course.ts';
import { termOf } from '../domain/dispute/ladder.ts';
import type { Climb } from '../domain/dispute/ladder.ts';
import { usualDepartment } from '../domain/dispute/reason.ts';
import type { Author, Fact } from '../domain/fact.ts';
import type { CivilDate } from '../domain/time.ts';
import type { Tx } from './database.ts';
import type { Answer, Desk, InvoiceFile } from './desk.ts';

/**
 * The rows of disputes: what lists and ladders read of them.
 *
 * A row says nothing about amounts and stages that the facts of its invoice do not say; it is written with each of them.
 * What is said and handed in about a dispute stands beside it (`dispute-file.ts`).
 */
type DisputeFact = Extract<
  Fact,
  { type: 'disputeOpened' | 'disputeQualified' | 'disputeAnswered' | 'disputeChased' | 'disputeResolved' }
>;

/** Writes what a fact changes in the row of its dispute. */
export async function projectDispute(desk: Desk, file: InvoiceFile, fact: DisputeFact): Promise<void> {
  const at = new Date(desk.now);
  const row = desk.tx.updateTable('dispute').where('id', '=', fact.disputeId);
  switch (fact.type) {
    case 'disputeOpened': {
      const { disputeId, contestedCents, reason, qualifyBy } = fact;
      await desk.tx
        .insertInto('dispute')
        .values({
          id: disputeId,
          invoice_id: file.id,
          contested_cents: contestedCents,
          reason,
          department: (await whoAnswersFor(desk.tx, reason)).department,
          state: 'open',
          opened_at: at,
          opened_on: fact.day,
          opened_by: fact.by.id,
          ...(qualifyBy === undefined
            ? {}
            : { qualify_by: qualifyBy, stage: 'qualification', stage_since: fact.day }),
        })
        .execute();
      return;
    }
    case 'disputeQualified':
      await row
        .set({
          reason: fact.reason,
          department: fact.department,
          assigned_to: fact.resolverId,
          // The first who qualified it is kept: after him it is given to another resolver.
          qualified_at: sql<Date>`coalesce(qualified_at, ${at})`,
          qualified_by: sql<string>`coalesce(qualified_by, ${fact.by.id})`,
          stage: 'answer',
          stage_since: fact.day,
          rungs: 0,
        })
        .where('state', '=', 'open')
        .execute();
      return moveTask(desk, fact.disputeId, fact.answerBy);
    case 'disputeAnswered':
      await row
        .set({ answered_at: at, stage: 'decision', stage_since: fact.day, rungs: 0 })
        .where('state', '=', 'open')
        .execute();
      return moveTask(desk, fact.disputeId, fact.decideBy);
    case 'disputeChased':
      await row
        .set({ rungs: fact.rung + 1 })
        .where('stage', '=', fact.stage)
        .execute();
      return;
    case 'disputeResolved':
      await row
        .set({
          state: 'resolved',
          outcome: fact.outcome,
          granted_cents: fact.grantedCents ?? null,
          resolved_at: at,
          resolved_by: fact.by.id,
          stage: null,
        })
        .execute();
      return;
  }
}

/** Accepts a dispute of a locked debtor as one, or gives it to another resolver: his term begins today. */
export async function qualify(
  desk: Desk,
  invoiceId: string,
  who: {
    readonly disputeId: string;
    readonly reason: string;
    readonly department: string;
    readonly resolverId: string | null;
  },
  by: Author,
): Promise<Answer> {
  const answerBy = await termFromToday(desk, invoiceId);
  return desk.ask(invoiceId, { type: 'disputeQualified', ...who, answerBy }, by);
}

/** Notes that the resolver has answered, if he who says something is the resolver and was asked; null if not. */
export async function answerAs(
  desk: Desk,
  dispute: { readonly invoiceId: string; readonly disputeId: string },
  by: Author,
): Promise<Answer | null> {
  const { invoiceId, disputeId } = dispute;
  const row = await desk.tx
    .selectFrom('dispute')
    .select(['stage', 'assigned_to'])
    .where('id', '=', disputeId)
    .executeTakeFirst();
  if (row?.stage !== 'answer' || row.assigned_to !== by.id) return null;
  const decideBy = await termFromToday(desk, invoiceId);
  return desk.ask(invoiceId, { type: 'disputeAnswered', disputeId, decideBy }, by);
}

/** The last day of a stage that begins today. */
export async function termFromToday(desk: Desk, invoiceId: string): Promise<CivilDate> {
  const file = await desk.file(invoiceId);
  if (!file) throw new Error(`invoice ${invoiceId} is not in this database`);
  const { calendar } = file.collection;
  return termOf(calendar, dayAt(calendar, desk.now));
}

/** Has the ladders look at what a fact has changed: a dispute that moved, a debt that is settled or owed again. */
export function followDisputes(
  desk: Desk,
  { collection, debtorId }: InvoiceFile,
  before: Collection,
  fact: Fact,
): void {
  const isTurned = isOver(collection) !== isOver(before);
  const climbing = new Set(
    [...before.disputes, ...collection.disputes].filter(hasLadder).map(({ disputeId }) => disputeId),
  );
  for (const id of climbing)
    if (isTurned || ('disputeId' in fact && fact.disputeId === id))
      desk.attend({ kind: 'dispute', id, debtorId });
}

/** Where an open dispute stands on its ladder; undefined when it stands on none. */
export async function climbOf(
  tx: Tx,
  disputeId: string,
): Promise<(Climb & { invoiceId: string }) | undefined> {
  const row = await tx
    .selectFrom('dispute')
    .select(['invoice_id', 'stage', 'stage_since', 'rungs'])
    .where('id', '=', disputeId)
    .executeTakeFirst();
  if (!row || row.stage === null || row.stage_since === null) return undefined;
  return { invoiceId: row.invoice_id, stage: row.stage, since: row.stage_since, rungs: row.rungs };
}

export interface Answerer {
  readonly department: string;
  readonly resolverId: string | null;
}

/** Who answers for a reason: whom the house has named, else the department that usually does. */
export async function whoAnswersFor(tx: Tx, reason: string): Promise<Answerer> {
  const row = await tx
    .selectFrom('dispute_reason')
    .leftJoin('app_user', (join) =>
      join.onRef('app_user.id', '=', 'dispute_reason.resolver_id').on('app_user.disabled_at', 'is', null),
    )
    .select(['dispute_reason.department', 'app_user.id as resolverId'])
    .where('reason', '=', reason)
    .executeTakeFirst();
  return row ?? { department: usualDepartment(reason), resolverId: null };
}

/** Its task stands for it in the lists of tasks, and is due when the stage ends. */
async function moveTask({ tx }: Desk, disputeId: string, dueOn: string): Promise<void> {
  await tx
    .updateTable('task')
    .set({ due_on: dueOn })
    .where('about', '=', disputeId)
    .where('kind', '=', 'dispute')
    .where('state', '=', 'open')
    .execute();
}
