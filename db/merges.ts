import { isDeepStrictEqual } from 'node:util';
import type { Author, FactBody } from '../domain/fact.ts';
import type { MergeConflict } from '../domain/merge/conflicts.ts';
import type { DebtorView } from '../domain/debtor.ts';
import type { Refusal } from '../domain/refusal.ts';
import { dayMs } from '../domain/time.ts';
import type { Instant } from '../domain/time.ts';
import { pairNoted } from './audit/debtors-noted.ts';
import { dayInZone } from './calendars.ts';
import type { Tx } from './database.ts';
import { debtorViewOf, homeOf } from './debtor-view.ts';
import { factsOfChange } from './debtors.ts';
import { Desk, lockDebtors } from './desk.ts';
import type { House } from './house.ts';
import { openInsolvencyOf } from './insolvencies.ts';
import { note } from './journal.ts';
import { followJudgment } from './litigation-follow.ts';
import { moveAccount, moveAccountBack } from './merge-account.ts';
import { marksBetween, setMarks } from './merge-contacts.ts';
import type { Mark } from './merge-contacts.ts';
import { previewMerge } from './merge-preview.ts';
import { joinProcedures, partProcedures } from './merge-procedures.ts';
import type { JoinedProcedures } from './merge-procedures.ts';
import { grownTogether, moveRows, moveRowsBack } from './merge-rows.ts';
import type { Pair } from './merge-rows.ts';
import { takeStopLockShared } from './stops.ts';
import { mergedAway } from './who-stays.ts';
import { uuidv7 } from './uuid.ts';

/** How long a merge can be taken back. */
export const mergeDays = 30;

/** What the one who stays learnt of the other: columns that were empty, and what is known against addresses. */
interface Learnt {
  readonly columns: Readonly<Partial<Record<LearntColumn, string>>>;
  readonly marks: readonly Mark[];
  /** Absent where not both were in a procedure. */
  readonly procedures?: JoinedProcedures;
}

const learntColumns = [
  'siren',
  'vat_number',
  'grade',
  'insolvent_on',
  'deposit_required_since',
  'guarantee',
  'guarantee_until',
] as const;

type LearntColumn = (typeof learntColumns)[number];

export type MergeAnswer =
  | {
      readonly kind: 'merged';
      readonly mergeId: string;
      readonly invoices: number;
      readonly undoUntil: Instant;
    }
  | { readonly kind: 'undone'; readonly mergeId: string; readonly invoices: number; readonly stayed: number }
  | { readonly kind: 'prevented'; readonly conflicts: readonly MergeConflict[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unknown'; readonly id: string };

/**
 * Makes one debtor of two who are one company; `docs/merging.md` says what moves and what stays.
 *
 * Under the locks of both, and of the stop: a message is claimed either before, and counts for the caps of the one who stays, or
 * after, at his door. Each file of the one who goes hears that it is owed by another; nothing of its steps, tasks, promises or
 * disputes changes. 'unknown' for an id that is not here, 'prevented' for what would make two truths one.
 */
export async function mergeDebtors(
  house: House,
  tx: Tx,
  { goneId, intoId }: { readonly goneId: string; readonly intoId: string },
  by: Author,
): Promise<MergeAnswer> {
  const pair: Pair = { mergeId: uuidv7(), goneId, intoId };
  const desk = await deskOfBoth(house, tx, pair);
  await takeStopLockShared(tx);
  const preview = await previewMerge(tx, desk.now, pair);
  if (!preview) return { kind: 'unknown', id: await unknownOf(tx, pair) };
  for (const { id, mergedInto } of [preview.gone, preview.into])
    if (mergedInto !== null) return { kind: 'refused', refusal: mergedAway(id, mergedInto) };
  if (preview.conflicts.some(({ prevents }) => prevents))
    return { kind: 'prevented', conflicts: preview.conflicts };

  const before = await debtorViewOf(tx, intoId);
  const { insolventOn: judgedBefore } = await debtorViewOf(tx, goneId);
  const learnt = await learn(tx, pair);
  await tx
    .insertInto('merge')
    .values({
      id: pair.mergeId,
      gone_id: goneId,
      into_id: intoId,
      merged_at: new Date(desk.now),
      merged_by: by.id,
      learnt: JSON.stringify(learnt),
    })
    .execute();
  await moveRows(tx, pair);
  await moveAccount(desk, pair, await todayOf(desk, intoId));
  await tx
    .updateTable('debtor')
    .set({ merged_into: intoId, look_at: null })
    .where('id', '=', goneId)
    .execute();

  const files = await cameWith(tx, pair, intoId);
  await tellOthers(desk, intoId, before, files, by);
  await tellFiles(desk, pair, { files, debtorId: intoId, because: 'merged' }, by);
  // What one of both owed is a claim in the procedure of the other from now on: its partner hears of the judgment too.
  if ((before.insolventOn === null) !== (judgedBefore === null)) await followJudgment(desk, intoId, by);
  await attendAll(desk, intoId);
  const noted = await pairNoted(tx, pair);
  for (const id of [goneId, intoId])
    await note(tx, `debtor/${id}`, 'debtorMerged', desk.now, { ...pair, ...noted(id), by });
  await desk.write();
  const undoUntil = desk.now + mergeDays * dayMs;
  return { kind: 'merged', mergeId: pair.mergeId, invoices: files.length, undoUntil };
}

/**
 * Takes a merge back within 30 days: exactly what came goes back, with what has been made of it since.
 *
 * Refused when it is too old or taken back already, when the one who stays was merged himself, while a stop of his is in
 * force, and while a plan or a litigation file is about invoices of both. Money that has settled an invoice since stays
 * where it settled.
 */
export async function undoMerge(house: House, tx: Tx, mergeId: string, by: Author): Promise<MergeAnswer> {
  const found = await tx.selectFrom('merge').selectAll().where('id', '=', mergeId).executeTakeFirst();
  if (!found) return { kind: 'unknown', id: mergeId };
  const pair: Pair = { mergeId, goneId: found.gone_id, intoId: found.into_id };
  const desk = await deskOfBoth(house, tx, pair);
  await takeStopLockShared(tx);
  const refusal = await refusalOfUndo(desk, pair);
  if (refusal) return { kind: 'refused', refusal };

  const { goneId, intoId } = pair;
  const before = await debtorViewOf(tx, intoId);
  const files = await cameWith(tx, pair, intoId);
  await moveAccountBack(desk, pair, await todayOf(desk, intoId));
  await moveRowsBack(tx, pair);
  await forget(tx, pair, found.learnt as unknown as Learnt);
  await tx.updateTable('debtor').set({ merged_into: null }).where('id', '=', goneId).execute();
  await tx
    .updateTable('merge')
    .set({ undone_at: new Date(desk.now), undone_by: by.id })
    .where('id', '=', mergeId)
    .execute();

  await tellOthers(desk, intoId, before, [], by);
  await tellFiles(desk, pair, { files, debtorId: goneId, because: 'parted' }, by);
  const noted = await pairNoted(tx, pair);
  for (const id of [goneId, intoId]) {
    await attendAll(desk, id);
    await note(tx, `debtor/${id}`, 'mergeUndone', desk.now, { ...pair, ...noted(id), by });
  }
  await desk.write();
  const { stayed } = await tx
    .selectFrom('invoice')
    .select(({ fn }) => fn.countAll<string>().as('stayed'))
    .where('debtor_id', '=', intoId)
    .where('known_at', '>', new Date(found.merged_at) as never)
    .executeTakeFirstOrThrow();
  return { kind: 'undone', mergeId, invoices: files.length, stayed: Number(stayed) };
}

/** Both are locked at once, in the order of their ids, whether they are merged or not. */
async function deskOfBoth(house: House, tx: Tx, { goneId, intoId }: Pair): Promise<Desk> {
  const locked = [goneId, intoId];
  await lockDebtors(tx, locked, { mergedToo: true });
  return new Desk(tx, house, await house.clock.now(), { locked });
}

async function unknownOf(tx: Tx, { goneId, intoId }: Pair): Promise<string> {
  const gone = await tx.selectFrom('debtor').select('id').where('id', '=', goneId).executeTakeFirst();
  return gone ? intoId : goneId;
}

async function refusalOfUndo(desk: Desk, pair: Pair): Promise<Refusal | null> {
  const { tx, now } = desk;
  const merge = await tx
    .selectFrom('merge')
    .selectAll()
    .where('id', '=', pair.mergeId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (merge.undone_at !== null) return { code: 'merge-undone', message: 'The merge was taken back already.' };
  if (now > merge.merged_at + mergeDays * dayMs)
    return {
      code: 'merge-too-old',
      message: `A merge can be taken back for ${mergeDays} days; this one is of ${new Date(merge.merged_at).toISOString()}.`,
    };
  const { merged_into: further } = await tx
    .selectFrom('debtor')
    .select('merged_into')
    .where('id', '=', pair.intoId)
    .executeTakeFirstOrThrow();
  if (further !== null)
    return {
      code: 'merge-grown-together',
      message: `The one who stayed was merged into ${further} since: take that back first.`,
    };
  const stop = await tx
    .selectFrom('stop')
    .select('id')
    .where('scope', '=', 'debtor')
    .where('subject_id', '=', pair.intoId)
    .where('lifted_at', 'is', null)
    .executeTakeFirst();
  if (stop)
    return {
      code: 'merge-grown-together',
      message: `The stop ${stop.id} silences both: lift it first, so that somebody says for whom it goes on.`,
    };
  const together = await grownTogether(tx, pair);
  if (together.length === 0) return null;
  return {
    code: 'merge-grown-together',
    message: `About invoices of both: ${together.join(', ')}. End them, or take the invoices of the one out, first.`,
  };
}

/** The ids of all invoices that came and are still there. */
async function cameWith(tx: Tx, { mergeId }: Pair, debtorId: string): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('merge_row')
    .innerJoin('invoice', (join) =>
      join.on(({ eb, cast, ref }) =>
        eb(cast<string>(ref('invoice.id'), 'text'), '=', ref('merge_row.row_id')),
      ),
    )
    .select('invoice.id')
    .where('merge_id', '=', mergeId)
    .where('place', '=', 'invoice')
    .where('invoice.debtor_id', '=', debtorId)
    .orderBy('invoice.id')
    .execute();
  return rows.map(({ id }) => id);
}

/** The one who stays gets what is known of the other alone. */
async function learn(tx: Tx, pair: Pair): Promise<Learnt> {
  const { goneId, intoId } = pair;
  const rows = await tx
    .selectFrom('debtor')
    .select(['id', ...learntColumns])
    .where('id', 'in', [goneId, intoId])
    .execute();
  const gone = rows.find(({ id }) => id === goneId);
  const into = rows.find(({ id }) => id === intoId);
  const columns: Partial<Record<LearntColumn, string>> = {};
  for (const column of learntColumns) {
    const value = gone?.[column] ?? null;
    if (value !== null && (into?.[column] ?? null) === null) columns[column] = value;
  }
  // Its last day says nothing of another guarantee.
  if (columns.guarantee === undefined) delete columns.guarantee_until;
  if (Object.keys(columns).length > 0)
    await tx.updateTable('debtor').set(columns).where('id', '=', intoId).execute();
  const contacts = await tx
    .selectFrom('contact')
    .selectAll()
    .where('debtor_id', 'in', [goneId, intoId])
    .orderBy('id')
    .execute();
  const marks = marksBetween(contacts);
  await setMarks(tx, marks, true);
  const procedures = await joinProcedures(tx, pair);
  return { columns, marks, ...(procedures && { procedures }) };
}

/** What was learnt is forgotten where it is still as it came; an insolvency is where its procedure is. */
async function forget(tx: Tx, pair: Pair, { columns, marks, procedures }: Learnt): Promise<void> {
  const { goneId, intoId } = pair;
  await setMarks(tx, marks, false);
  if (procedures) await partProcedures(tx, pair, procedures);
  for (const [column, value] of Object.entries(columns) as [LearntColumn, string][])
    if (column !== 'insolvent_on')
      await tx
        .updateTable('debtor')
        .set({ [column]: null })
        .where('id', '=', intoId)
        .where(column, '=', value)
        .execute();
  if (columns.insolvent_on === undefined) return;
  const ofInto = await openInsolvencyOf(tx, intoId);
  const ofGone = await openInsolvencyOf(tx, goneId);
  const into = await tx
    .selectFrom('debtor')
    .select('insolvent_on')
    .where('id', '=', intoId)
    .executeTakeFirstOrThrow();
  // The judgment may have been corrected or taken back since: whoever had it hears of it with what goes back.
  await tx
    .updateTable('debtor')
    .set({ insolvent_on: ofGone?.judgment_on ?? into.insolvent_on })
    .where('id', '=', goneId)
    .execute();
  await tx
    .updateTable('debtor')
    .set({ insolvent_on: ofInto?.judgment_on ?? null })
    .where('id', '=', intoId)
    .execute();
}

/** The open files of whoever stays that did not come: what is known of him has changed for them. */
async function tellOthers(
  desk: Desk,
  debtorId: string,
  before: DebtorView,
  came: readonly string[],
  by: Author,
): Promise<void> {
  const view = await debtorViewOf(desk.tx, debtorId);
  if (isDeepStrictEqual(before, view)) return;
  const others = (await desk.openFiles(debtorId)).filter(({ id }) => !came.includes(id));
  for (const { id } of others) for (const body of factsOfChange(before, view)) await desk.state(id, body, by);
}

/** Tells each of these files by whom it is owed, closed ones too: any of them may open again. */
async function tellFiles(
  desk: Desk,
  { mergeId }: Pair,
  { files, debtorId, because }: Told,
  by: Author,
): Promise<void> {
  const debtor = await debtorViewOf(desk.tx, debtorId);
  const { country, zone } = await homeOf(desk.tx, debtorId);
  const today = dayInZone(zone, desk.now);
  for (const { id, collection } of await desk.files(files)) {
    const { calendar } = collection;
    const replaced: FactBody = { type: 'debtorReplaced', mergeId, debtorId, because, debtor };
    if (calendar.country !== country || calendar.zone !== zone) {
      const moved = await desk.house.rules.calendarFrom(desk.tx, country, zone, today);
      await desk.state(id, { type: 'calendarExtended', calendar: moved }, by);
    }
    await desk.state(id, replaced, by);
  }
}

interface Told {
  readonly files: readonly string[];
  readonly debtorId: string;
  readonly because: 'merged' | 'parted';
}

/** Looks anew at the door and at all that is about the debtor and not over. */
async function attendAll(desk: Desk, debtorId: string): Promise<void> {
  const plans = await desk.tx
    .selectFrom('plan')
    .select('id')
    .where('debtor_id', '=', debtorId)
    .where('state', '=', 'running')
    .execute();
  const litigation = await desk.tx
    .selectFrom('litigation')
    .select('id')
    .where('debtor_id', '=', debtorId)
    .where('state', '<>', 'closed')
    .execute();
  const insolvency = await openInsolvencyOf(desk.tx, debtorId);
  for (const { id } of plans) desk.attend({ kind: 'plan', id, debtorId });
  for (const { id } of litigation) desk.attend({ kind: 'litigation', id, debtorId });
  if (insolvency) desk.attend({ kind: 'insolvency', id: insolvency.id, debtorId });
  desk.poke(debtorId);
}

async function todayOf(desk: Desk, debtorId: string): Promise<string> {
  return dayInZone((await homeOf(desk.tx, debtorId)).zone, desk.now);
}
