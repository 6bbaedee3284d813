import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Author } from '../domain/fact.ts';
import type { Tx } from './database.ts';
import { Desk, lockDebtors } from './desk.ts';
import type { House } from './house.ts';
import type { RowProblem } from './row-problem.ts';
import { isCreditNote, receiveCreditNotes } from './incoming-credit-notes.ts';
import type { CreditNoteFate, IncomingCreditNote } from './incoming-credit-notes.ts';
import { updateInvoice } from './import-update.ts';
import type { Change } from './import-update.ts';
import { importHold, registerAll } from './registration.ts';
import type { Fate, IncomingInvoice, RegistrationContext } from './registration.ts';
import { codeOf, retrying } from './retrying.ts';
import type { ImportTable } from './schema.ts';

type ImportRecord = Selectable<ImportTable>;

const rowsAtOnce = 1000;

/**
 * Works through every import that is not finished, oldest first.
 *
 * Each transaction takes the import's row, the next thousand rows after its cursor, and leaves the cursor behind them:
 * whatever kills the process, the next call goes on there, and several processes may call at once. A row that can't be
 * recorded is rejected alone; when the database is the trouble this throws, and is called again.
 */
export async function applyImports(
  house: House,
  options: { readonly rowsAtOnce?: number } = {},
): Promise<void> {
  const size = options.rowsAtOnce ?? rowsAtOnce;
  for (;;) {
    const next = await house.db
      .selectFrom('import')
      .select('id')
      .where('state', '=', 'applying')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    if (!next) return;
    while (await applyNext(house, next.id, size));
  }
}

/**
 * Releases what people have released: lifts the import hold of each invoice, a few hundred at a time.
 *
 * Resumes after its cursor like `applyImports`. Invoices that another file updated since stay in the import that
 * brought them.
 */
export async function releaseImports(
  house: House,
  options: { readonly invoicesAtOnce?: number } = {},
): Promise<void> {
  for (;;) {
    const next = await house.db
      .selectFrom('import')
      .select('id')
      .where('state', '=', 'applied')
      .where('released_at', 'is not', null)
      .where('release_finished_at', 'is', null)
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    if (!next) return;
    while (await releaseNext(house, next.id, options.invoicesAtOnce ?? 500));
  }
}

/** Applies the next rows; false when none is left. */
async function applyNext(house: House, importId: string, size: number): Promise<boolean> {
  try {
    return await retrying(() => house.db.transaction().execute((tx) => applyRows(house, tx, importId, size)));
  } catch (fault) {
    if (!isAboutARow(fault)) throw fault;
    if (size === 1) return house.db.transaction().execute((tx) => rejectNext(tx, importId, fault));
    // One of them is the trouble: each goes alone, and only that one stays behind.
    for (let done = 0; done < size; done += 1) if (!(await applyNext(house, importId, 1))) return false;
    return true;
  }
}

/** Values that Postgres can't take (22) or that contradict others (23), and faults of our own reckoning. */
function isAboutARow(fault: unknown): boolean {
  const code = codeOf(fault);
  return code === undefined
    ? !(fault instanceof Error && /connection|terminated/i.test(fault.message))
    : /^2[23]...$/.test(code);
}

async function applyRows(house: House, tx: Tx, importId: string, size: number): Promise<boolean> {
  const job = await takeJob(tx, importId);
  if (job?.state !== 'applying') return false;
  const rows = await nextRows(tx, job, size);
  if (rows.length === 0) {
    await finish(house, tx, job);
    return false;
  }
  const by: Author = { kind: 'import', id: importId };
  const context: RegistrationContext = {
    by,
    importId,
    held: true,
    fallbackCreditorId: job.creditor_id,
    lane: 'bulk',
  };
  const [first] = rows;
  if (first && isCreditNote(first.content)) {
    await applyCreditNotes(house, tx, job, runOf(rows, true), context);
    return true;
  }
  const invoices = runOf(rows, false);
  const arrivals = invoices.map((row) => row.content as IncomingInvoice);
  const { desk, fates } = await registerAll(house, tx, arrivals, context);
  const said = await lastSaid(tx, fates);
  await desk.files(fates.flatMap((fate) => (fate.kind === 'known' ? fate.invoiceId : [])));
  const results: RowResult[] = [];
  for (const [index, fate] of fates.entries()) {
    const row = invoices[index];
    if (!row) throw new Error(`import ${importId} has more fates than rows`);
    const result = await settle(desk, importId, row, fate, said, by);
    results.push(result);
    if (result.invoice_id !== null)
      said.set(result.invoice_id, { importId, line: row.line, content: row.content as IncomingInvoice });
  }
  await desk.write();
  await writeResults(tx, job, results);
  return true;
}

/** The rows up to the first of the other kind: the next transaction goes on with that. */
function runOf(rows: readonly StagedRow[], areCreditNotes: boolean): readonly StagedRow[] {
  const end = rows.findIndex((row) => isCreditNote(row.content) !== areCreditNotes);
  return end < 0 ? rows : rows.slice(0, end);
}

async function applyCreditNotes(
  house: House,
  tx: Tx,
  job: ImportRecord,
  rows: readonly StagedRow[],
  context: RegistrationContext,
): Promise<void> {
  const arrivals = rows.map((row) => row.content as IncomingCreditNote);
  const { desk, fates } = await receiveCreditNotes(house, tx, arrivals, context);
  await desk.write();
  await writeResults(
    tx,
    job,
    rows.flatMap((row, index) => {
      const fate = fates[index];
      return fate ? creditNoteResult(row, fate) : [];
    }),
  );
}

/** A credit note is no invoice, so its row names none: what the latest file said of one is never a credit note. */
function creditNoteResult(row: StagedRow, fate: CreditNoteFate): RowResult {
  const { kind, creditNoteId, currency, found, about } = fate;
  const problem = about && { line: row.line, column: '', ...about };
  const changes = kind === 'rejected' ? [] : changesOf({ found });
  return {
    place: row.place,
    state: kind,
    invoice_id: null,
    credit_note_id: creditNoteId,
    currency,
    changes,
    problem,
  };
}

/** Whoever holds the row of the import works on it; the others wait for their turn. */
async function takeJob(tx: Tx, importId: string): Promise<ImportRecord | undefined> {
  return tx.selectFrom('import').selectAll().where('id', '=', importId).forUpdate().executeTakeFirst();
}

interface StagedRow {
  readonly place: number;
  readonly line: number;
  readonly content: object;
}

async function nextRows(tx: Tx, job: ImportRecord, size: number): Promise<readonly StagedRow[]> {
  return tx
    .selectFrom('import_row')
    .select(['place', 'line', 'content'])
    .where('import_id', '=', job.id)
    .where('place', '>', job.cursor)
    .where('state', '=', 'staged')
    .orderBy('place')
    .limit(size)
    .execute();
}

interface Said {
  readonly importId: string;
  readonly line: number;
  readonly content: IncomingInvoice;
}

/** What the latest file said of each known invoice. */
async function lastSaid(tx: Tx, fates: readonly Fate[]): Promise<Map<string, Said>> {
  const ids = fates.flatMap((fate) => (fate.kind === 'known' ? fate.invoiceId : []));
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('import_row')
    .distinctOn('invoice_id')
    .select(['invoice_id', 'import_id', 'line', 'content'])
    .where('invoice_id', 'in', ids)
    .orderBy('invoice_id')
    .orderBy('import_id', 'desc')
    .orderBy('place', 'desc')
    .execute();
  return new Map(
    rows.map((row) => [
      row.invoice_id ?? '',
      { importId: row.import_id, line: row.line, content: row.content as IncomingInvoice },
    ]),
  );
}

interface RowResult {
  readonly place: number;
  readonly state: 'created' | 'updated' | 'unchanged' | 'rejected';
  readonly invoice_id: string | null;
  readonly credit_note_id: string | null;
  readonly currency: string;
  readonly changes: readonly Change[];
  readonly problem: RowProblem | null;
}

async function settle(
  desk: Desk,
  importId: string,
  row: StagedRow,
  fate: Fate,
  said: ReadonlyMap<string, Said>,
  by: Author,
): Promise<RowResult> {
  const content = row.content as IncomingInvoice;
  const currency = content.currency ?? fate.creditor.currency;
  const own = { place: row.place, credit_note_id: null, currency, problem: null };
  const parties = changesOf(fate);
  if (fate.kind === 'created')
    return { ...own, state: 'created', invoice_id: fate.file.id, changes: parties };

  const file = await desk.file(fate.invoiceId);
  if (!file) throw new Error(`invoice ${fate.invoiceId} is not in this database`);
  const last = said.get(fate.invoiceId) ?? null;
  const problem = conflictOf(row, fate, file.collection, last, importId);
  if (problem) return { ...own, state: 'rejected', invoice_id: null, changes: [], problem };
  if (last?.importId === importId) return { ...own, state: 'unchanged', invoice_id: file.id, changes: [] };

  const changes = [
    ...(await updateInvoice(desk, { file, row: content, last: last?.content ?? null }, by)),
    ...parties,
  ];
  return {
    ...own,
    state: changes.some((change) => change.applied) ? 'updated' : 'unchanged',
    invoice_id: file.id,
    currency: file.collection.currency,
    changes,
  };
}

/** What was learnt of debtor and contact, and what stays as it was. */
function changesOf({ found }: Pick<Fate, 'found'>): readonly Change[] {
  if (!found) return [];
  return [
    ...found.filled.map((change) => ({ ...change, applied: true })),
    ...found.differing.map((change) => ({ ...change, applied: false })),
  ];
}

/** Why a row can't be about the invoice whose key it has. */
function conflictOf(
  row: StagedRow,
  fate: Fate & { kind: 'known' },
  known: { currency: string; end: { kind: string } | null },
  last: Said | null,
  importId: string,
): RowProblem | null {
  const content = row.content as IncomingInvoice;
  const problem = (field: string, value: string, code: string, text: string, remedy: string): RowProblem => ({
    line: row.line,
    column: '',
    field,
    value,
    code,
    problem: text,
    remedy,
  });
  // What a row said of somebody who was erased is not kept.
  const isBare = last !== null && Object.keys(last.content.contact).length === 0;
  const isSame =
    last !== null && isDeepStrictEqual(last.content, isBare ? { ...content, contact: {} } : content);
  if (last?.importId === importId && !isSame)
    return problem(
      'number',
      content.number,
      'key-twice',
      `Line ${last.line} has the same seller, number and term, and says something else.`,
      'Give each due date of an invoice a term of its own, or remove one of the rows.',
    );
  if (!fate.found)
    return problem(
      'debtor',
      content.debtor.name,
      'debtor-differs',
      'The invoice is known as that of another debtor.',
      'Correct the debtor in the file; if the invoice changed hands, cancel it and give it another number.',
    );
  const { currency } = content;
  if (currency !== undefined && currency !== known.currency)
    return problem(
      'currency',
      currency,
      'currency-differs',
      `The invoice is known in ${known.currency}.`,
      'Correct the currency; an invoice that was issued anew has another number.',
    );
  if (known.end?.kind === 'cancelled' && !isSame)
    return problem(
      'number',
      content.number,
      'invoice-cancelled',
      'The invoice is cancelled.',
      'Remove the row, or give the new invoice another number.',
    );
  return null;
}

async function writeResults(tx: Tx, job: ImportRecord, results: readonly RowResult[]): Promise<void> {
  const rows = JSON.stringify(
    results.map(({ changes, problem, ...row }) => ({
      ...row,
      erased: changes.some(({ field, from }) => field === 'contact' && from === 'erased'),
      changes: changes.length > 0 ? changes : null,
      problem: problem ? [problem] : null,
    })),
  );
  await sql`
    update import_row set state = result.state, invoice_id = result.invoice_id, credit_note_id = result.credit_note_id,
      currency = result.currency, changes = result.changes,
      content = case when result.erased then jsonb_set(content, '{contact}', '{}') else content end,
      problems = case when result.problem is null then problems else coalesce(problems, '[]') || result.problem end
    from jsonb_to_recordset(${rows}::jsonb) as result (place int, state text, invoice_id uuid, credit_note_id uuid, currency text, erased boolean, changes jsonb, problem jsonb)
    where import_row.import_id = ${job.id} and import_row.place = result.place`.execute(tx);
  const count = (state: RowResult['state']): number =>
    results.filter((result) => result.state === state).length;
  await tx
    .updateTable('import')
    .set((row) => ({
      cursor: results.at(-1)?.place ?? job.cursor,
      created: row('created', '+', count('created')),
      updated: row('updated', '+', count('updated')),
      unchanged: row('unchanged', '+', count('unchanged')),
      rejected: row('rejected', '+', count('rejected')),
    }))
    .where('id', '=', job.id)
    .execute();
}

async function rejectNext(tx: Tx, importId: string, fault: unknown): Promise<boolean> {
  const job = await takeJob(tx, importId);
  if (job?.state !== 'applying') return false;
  const [row] = await nextRows(tx, job, 1);
  if (!row) return true;
  const content = row.content as IncomingInvoice;
  const problem = {
    line: row.line,
    column: '',
    field: 'row',
    value: content.number,
    code: 'cannot-be-recorded',
    problem: `It could not be recorded: ${fault instanceof Error ? fault.message : String(fault)}.`,
    remedy:
      'Compare its values with those of the other rows; if nothing is wrong with them, tell the operator.',
  };
  await writeResults(tx, job, [
    {
      place: row.place,
      state: 'rejected',
      invoice_id: null,
      credit_note_id: null,
      currency: content.currency ?? '',
      changes: [],
      problem,
    },
  ]);
  return true;
}

async function finish(house: House, tx: Tx, job: ImportRecord): Promise<void> {
  const now = new Date(await house.clock.now());
  const release = job.release_when_applied
    ? { released_at: now, released_by: job.released_by ?? job.imported_by }
    : {};
  await tx
    .updateTable('import')
    .set({ state: 'applied', applied_at: now, ...release })
    .where('id', '=', job.id)
    .execute();
}

/** Lifts the hold of the next invoices; false when none is left. */
async function releaseNext(house: House, importId: string, size: number): Promise<boolean> {
  return retrying(() =>
    house.db.transaction().execute(async (tx) => {
      const job = await takeJob(tx, importId);
      if (!job?.released_at || job.release_finished_at) return false;
      const rows = await tx
        .selectFrom('invoice')
        .select(['id', 'debtor_id'])
        .where('import_id', '=', importId)
        .$if(job.release_cursor !== null, (query) => query.where('id', '>', job.release_cursor))
        .orderBy('id')
        .limit(size)
        .execute();
      const locked = rows.map((row) => row.debtor_id);
      await lockDebtors(tx, locked);
      const desk = new Desk(tx, house, await house.clock.now(), { locked });
      for (const file of await desk.files(rows.map((row) => row.id)))
        for (const hold of file.collection.holds.filter(({ reason }) => reason === importHold))
          await desk.state(
            file.id,
            { type: 'holdLifted', holdId: hold.holdId },
            { kind: 'user', id: job.released_by ?? job.imported_by },
            { lane: 'bulk' },
          );
      await desk.write();
      const last = rows.at(-1);
      const done = last ? { release_cursor: last.id } : { release_finished_at: new Date(desk.now) };
      await tx.updateTable('import').set(done).where('id', '=', importId).execute();
      return last !== undefined;
    }),
  );
}
