import type { Author } from '../domain/fact.ts';
import { dayAt } from '../domain/calendar.ts';
import { asksCreditor, routeOfFirm, takesRoute } from '../domain/litigation/route-of-firm.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import { workingFirm } from './firms.ts';
import type { FirmRow } from './firms.ts';
import type { HandedTo } from './hand-overs.ts';
import {
  fileOfInvoice,
  invoiceIdsOf,
  join,
  leave,
  litigationWith,
  noteOnAll,
  wordsOn,
} from './litigation.ts';
import type { LitigationRow } from './litigation.ts';
import { caseOf } from './litigation-case.ts';
import { copyPieces } from './litigation-pieces.ts';
import { uuidv7 } from './uuid.ts';

/**
 * Puts an invoice that a firm gets by itself into a litigation file that is handed: however it was asked for, a hand-over
 * is one thing, whose partner is told of payments, watched and heard.
 *
 * The file in which it is prepared goes when the invoice is alone in it; else the invoice leaves the others, with the
 * pieces that are about it.
 */
export async function handAlone(
  desk: Desk,
  file: InvoiceFile,
  {
    firm,
    incompleteBecause,
  }: { readonly firm: Pick<FirmRow, 'id' | 'kind'>; readonly incompleteBecause: string | null },
  by: Author,
): Promise<void> {
  const joined = await fileOfInvoice(desk.tx, file.id);
  const before = joined && (await litigationWith(desk.tx, joined.id));
  // A way to a court was chosen for nothing as long as the creditor has not agreed to it.
  const agreed = before?.consent_on && takesRoute(firm.kind, before.route) ? before.route : null;
  const handed = { firmId: firm.id, route: agreed ?? routeOfFirm(firm.kind), incompleteBecause };
  if (before && (await invoiceIdsOf(desk.tx, before)).length === 1)
    return markHanded(desk, before, handed, by);

  if (before) {
    await leave(desk, before, file.id);
    desk.attend({ kind: 'litigation', id: before.id, debtorId: before.debtor_id });
  }
  const id = uuidv7();
  await desk.tx
    .insertInto('litigation')
    .values({
      id,
      debtor_id: file.debtorId,
      creditor_id: file.collection.creditorId,
      currency: file.collection.currency,
      state: 'handed',
      firm_id: firm.id,
      opened_at: new Date(desk.now),
      opened_by: by.id,
      ...(before && {
        claim_kind: before.claim_kind,
        merchants: before.merchants,
        insured: before.insured,
        merchant_procedure: before.merchant_procedure,
        consent_on: before.consent_on,
        consent_by: before.consent_by,
      }),
    })
    .execute();
  await join(desk, id, file, by);
  if (before) await copyPieces(desk, before.id, id, [file.id]);
  const row = await litigationWith(desk.tx, id);
  if (row) await markHanded(desk, row, handed, by);
}

/**
 * Why an invoice does not go to that firm by itself, which a litigation file would be refused for as well: a lawyer or an
 * officer has it only with the word of the creditor, and without a piece that proves it only when somebody has said why.
 */
export async function refusalOfAlone(
  desk: Desk,
  file: InvoiceFile,
  firmId: string,
  incompleteBecause: string | null,
): Promise<Refusal | null> {
  const firm = await workingFirm(desk.tx, firmId);
  if (!firm || !asksCreditor(firm.kind)) return null;
  const joined = await fileOfInvoice(desk.tx, file.id);
  const row = joined && (await litigationWith(desk.tx, joined.id));
  if (!row || row.consent_on === null)
    return {
      code: 'creditor-consent-missing',
      message: `${firm.name} may go to court: open a litigation file (POST /v1/litigation), and record when the creditor agreed (POST /v1/litigation/:litigationId/route).`,
      field: 'firmId',
    };
  if (incompleteBecause !== null) return null;
  const { readiness } = await caseOf(desk.tx, row, dayAt(file.collection.calendar, desk.now));
  if (readiness.ready && (await invoiceIdsOf(desk.tx, row)).length === 1) return null;
  return {
    code: 'litigation-incomplete',
    message:
      'A piece that proves the claim is missing, or stays with the other invoices of its litigation file: hand that file over (POST /v1/litigation/:litigationId/hand-over), or say in "incompleteBecause" why the invoice goes without.',
    field: 'incompleteBecause',
  };
}

/** Says of a file that a partner has it from now on; its invoices are handed by the caller. */
export async function markHanded(
  desk: Desk,
  litigation: LitigationRow,
  { firmId, route, incompleteBecause }: HandedTo,
  by: Author,
): Promise<void> {
  await desk.tx
    .updateTable('litigation')
    .set({
      state: 'handed',
      firm_id: firmId,
      route,
      handed_at: new Date(desk.now),
      handed_by: by.id,
      incomplete_because: incompleteBecause,
      told_at: null,
    })
    .where('id', '=', litigation.id)
    .execute();
  const incomplete = incompleteBecause === null ? {} : { incomplete: true };
  await noteOnAll(desk, litigation, 'litigationHanded', { firmId, route, ...incomplete, by });
  const words = await wordsOn(desk, litigation, incompleteBecause ?? undefined);
  const [first] = await invoiceIdsOf(desk.tx, litigation);
  if (words && first !== undefined)
    await desk.note(first, 'litigationNote', { litigationId: litigation.id, ...words, by });
  desk.attend({ kind: 'litigation', id: litigation.id, debtorId: litigation.debtor_id });
}
