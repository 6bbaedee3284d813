import { dayAt } from '../domain/calendar.ts';
import { isClosed, isOver } from '../domain/collection.ts';
import type { Author } from '../domain/fact.ts';
import type { MandateGap } from '../domain/litigation/mandate.ts';
import { routeOfFirm, takesRoute } from '../domain/litigation/route-of-firm.ts';
import { standstillOf } from '../domain/litigation/standstill.ts';
import type { Standstill } from '../domain/litigation/standstill.ts';
import { withFirm } from '../domain/litigation/with-firm.ts';
import { silencedByJudgmentOn } from '../domain/insolvency/claim-side.ts';
import { litigationHindrance } from '../domain/legal-clocks/clocks-of-file.ts';
import type { Route } from '../domain/law/route.ts';
import { earlierClaim } from '../domain/refusal.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { CivilDate, Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import { gapsOf, workingFirm } from './firms.ts';
import type { FirmRow } from './firms.ts';
import { openInsolvencyOf } from './insolvencies.ts';
import { termsAnew } from './legal-terms.ts';
import { uuidv7 } from './uuid.ts';

/**
 * Files in the hands of an external firm: which firm has which file, from when, until when.
 *
 * The firm sees a file for as long as it has it (`visible.ts`). While it speaks, we are silent: an open file is held with
 * the reason `with_firm`, and goes on where it was when it is taken back. A file that ended as handed over needs no hold.
 */
export interface HandOver {
  readonly id: string;
  readonly firm: { readonly id: string; readonly name: string };
  readonly since: Instant;
}

/** To whom a file is to go, by which way where one was chosen, and why without all that it needs. */
export interface HandedTo {
  readonly firmId: string;
  readonly route: Route | null;
  readonly incompleteBecause: string | null;
}

export type Handing =
  { readonly kind: 'handed'; readonly handOver: HandOver; readonly firmKind: FirmRow['kind'] } | NotHanded;

/** Why a file can't be handed to a firm. */
export type NotHanded =
  /** No firm that works here has this id. */
  | { readonly kind: 'no-firm' }
  | { readonly kind: 'already'; readonly handOver: HandOver }
  | { readonly kind: 'no-mandate'; readonly firm: HandOver['firm']; readonly gaps: readonly MandateGap[] }
  /** It lies before the judgment that opened an insolvency: only a declaration is left of it. */
  | { readonly kind: 'insolvent'; readonly judgmentOn: CivilDate }
  /** Nobody is late yet. */
  | { readonly kind: 'not-due' }
  /** The debtor has until then to answer a formal notice. */
  | { readonly kind: 'answer-runs'; readonly on: CivilDate }
  /** No formal notice has reached the debtor, and nobody said why it goes without. */
  | { readonly kind: 'no-notice' }
  /** We would be silent about it ourselves. */
  | { readonly kind: 'standstill'; readonly why: Standstill; readonly number: string }
  /** A partner of that kind does not go that way with it. */
  | { readonly kind: 'unfit'; readonly firm: HandOver['firm']; readonly route: Route }
  /** It was paid, given up or cancelled: there is nothing to collect. */
  | { readonly kind: 'closed' };

/**
 * Whether a file may be handed to a firm now, and to which; neither firm nor those who come in for it leave meanwhile.
 *
 * Nobody collects a claim of before an opening judgment (L622-21 C. com.); a partner may have it to declare it. Nor does
 * anybody collect while the debtor still has days to answer a formal notice that gave them to him, while all of it is
 * contested, or before a day that we gave him. Without a notice it goes only when somebody has said why: a collection firm
 * sends its own, a court asks for its proof.
 */
export async function mayHand(
  desk: Desk,
  file: InvoiceFile,
  { firmId, route: chosen, incompleteBecause }: HandedTo,
): Promise<NotHanded | { readonly kind: 'may'; readonly firm: Pick<FirmRow, 'id' | 'name' | 'kind'> }> {
  const firm = await workingFirm(desk.tx, firmId);
  if (!firm) return { kind: 'no-firm' };
  const people = await desk.tx
    .selectFrom('app_user')
    .select('id')
    .where('firm_id', '=', firmId)
    .where('disabled_at', 'is', null)
    .forShare()
    .execute();
  if (people.length === 0 && firm.email === null) return { kind: 'no-firm' };
  const before = await handOverOf(desk.tx, file.id);
  if (before) return { kind: 'already', handOver: before };
  const { collection } = file;
  if (isOver(collection)) return { kind: 'closed' };
  const named = { id: firm.id, name: firm.name, kind: firm.kind };
  const route = chosen ?? routeOfFirm(firm.kind);
  if (route !== null && (!takesRoute(firm.kind, route) || isClosedTo(route, collection)))
    return { kind: 'unfit', firm: named, route };
  const judgmentOn = route === 'declaration' ? null : await judgmentBefore(desk.tx, file);
  if (judgmentOn !== null) return { kind: 'insolvent', judgmentOn };
  const today = dayAt(collection.calendar, desk.now);
  if (collection.dueDate >= today) return { kind: 'not-due' };
  const anew = await termsAnew(desk, file);
  const asKnown = anew?.type === 'legalTermsStated' ? { ...collection, legalTerms: anew.terms } : collection;
  const why = standstillOf(asKnown, route, desk.now);
  if (why !== null) return { kind: 'standstill', why, number: file.number };
  const hindrance = route === 'declaration' ? null : litigationHindrance(collection, desk.now);
  if (hindrance?.code === 'answer_runs') return { kind: 'answer-runs', on: hindrance.on };
  const gaps = await gapsOf(desk.tx, firm, collection.creditorId, today);
  if (gaps.length > 0) return { kind: 'no-mandate', firm: named, gaps };
  if (hindrance?.code === 'no_notice' && incompleteBecause === null) return { kind: 'no-notice' };
  return { kind: 'may', firm: named };
}

/** A public body is brought to pay by ways of its own, never by who collects from companies. */
function isClosedTo(route: Route, { debtor }: InvoiceFile['collection']): boolean {
  return debtor.kind === 'public' && route === 'collection_firm';
}

/** Hands a file to a firm; its debtor is locked. */
export async function handToFirm(desk: Desk, file: InvoiceFile, to: HandedTo, by: Author): Promise<Handing> {
  const may = await mayHand(desk, file, to);
  if (may.kind !== 'may') return may;
  const { firmId } = to;
  const id = uuidv7();
  const holdId = isClosed(file.collection) ? null : uuidv7();
  await desk.note(file.id, 'handedToFirm', { handOverId: id, firmId, by });
  if (holdId !== null)
    await desk.state(file.id, { type: 'holdPlaced', holdId, reason: withFirm, until: null }, by);
  await desk.tx
    .insertInto('hand_over')
    .values({
      id,
      invoice_id: file.id,
      firm_id: firmId,
      hold_id: holdId,
      handed_at: new Date(desk.now),
      handed_by: by.id,
    })
    .execute();
  const { kind, ...firm } = may.firm;
  return { kind: 'handed', handOver: { id, firm, since: desk.now }, firmKind: kind };
}

/** The same as a refusal, where a yes that came later meets it. */
export function refusalOfHanding(not: NotHanded): Refusal {
  switch (not.kind) {
    case 'no-firm':
      return { code: 'firm-unknown', message: 'No firm that works here has this id.', field: 'firmId' };
    case 'already':
      return {
        code: 'handed-already',
        message: `${not.handOver.firm.name} has the file already: take it back first.`,
      };
    case 'no-mandate':
      return {
        code: 'mandate-incomplete',
        message: `The mandate of ${not.firm.name} lacks: ${not.gaps.join(', ')}. Complete the firm (PATCH /v1/firms/:firmId) or record the mandate (POST /v1/firms/:firmId/mandates).`,
        field: 'firmId',
      };
    case 'insolvent':
      return earlierClaim(not.judgmentOn);
    case 'not-due':
      return { code: 'litigation-not-due', message: 'The invoice is not late yet: nobody may collect it.' };
    case 'answer-runs':
      return {
        code: 'answer-runs',
        message: `The debtor has until ${not.on} to answer the formal notice: hand it over from the next day on.`,
      };
    case 'no-notice':
      return {
        code: 'litigation-incomplete',
        message:
          'No formal notice has reached the debtor: send one first, or say in "incompleteBecause" why it goes without.',
        field: 'incompleteBecause',
      };
    case 'standstill':
      return { code: not.why, message: remedies[not.why](not.number) };
    case 'unfit':
      return {
        code: 'route-closed',
        message: `${not.firm.name} does not go the way "${not.route}" with this claim: choose another way (POST /v1/litigation/:litigationId/route) or another partner.`,
        field: 'firmId',
      };
    case 'closed':
      return {
        code: 'invoice-closed',
        message: 'The invoice is closed: there is nothing left to collect.',
      };
  }
}

const remedies: Readonly<Record<Standstill, (number: string) => string>> = {
  'dispute-open': (number) =>
    `All of invoice ${number} is contested: resolve the dispute first (POST /v1/disputes/:disputeId/resolution).`,
  'promise-running': (number) =>
    `The debtor was given a day to pay invoice ${number}: wait for it, or withdraw the promise first (POST /v1/promises/:promiseId/withdrawal).`,
  'in-plan': (number) =>
    `Invoice ${number} is in an instalment plan: withdraw that first (POST /v1/plans/:planId/withdrawal).`,
  'discount-open': (number) =>
    `A discount stands open on invoice ${number}: lift its hold to take the offer back, or wait for its day.`,
  'invoice-held': (number) =>
    `Somebody has placed a hold on invoice ${number} or on its debtor: lift it first (GET /v1/holds says where).`,
  'not-collected': (number) =>
    `Invoice ${number} is a factor’s, inside our own group, or presented by our bank: correct it first if that is wrong (POST /v1/invoices/:invoiceId/correction).`,
  'claim-limited': (number) =>
    `Invoice ${number} is past its limitation: it goes to legal advice alone, or record what interrupted it (POST /v1/invoices/:invoiceId/limitation-events).`,
};

/** The judgment that silences a file; one that ended as handed over has not heard of it. */
export async function judgmentBefore(tx: Tx, { collection }: InvoiceFile): Promise<CivilDate | null> {
  if (!isClosed(collection)) return silencedByJudgmentOn(collection);
  const opened = await openInsolvencyOf(tx, collection.debtorId);
  if (!opened) return null;
  return silencedByJudgmentOn(collection, opened.judgment_on);
}

/** Takes a file back from the firm that has it, which loses sight of it at once; undefined when none has it. */
export async function takeBack(desk: Desk, file: InvoiceFile, by: Author): Promise<HandOver | undefined> {
  const before = await handOverOf(desk.tx, file.id);
  if (!before) return undefined;
  const { hold_id: holdId } = await desk.tx
    .updateTable('hand_over')
    .set({ ended_at: new Date(desk.now), ended_by: by.id })
    .where('id', '=', before.id)
    .returning('hold_id')
    .executeTakeFirstOrThrow();
  await desk.note(file.id, 'takenBackFromFirm', { handOverId: before.id, firmId: before.firm.id, by });
  if (file.collection.holds.some((hold) => hold.holdId === holdId && hold.until === null) && holdId !== null)
    await desk.state(file.id, { type: 'holdLifted', holdId }, by);
  return before;
}

/** Who has the file now. */
export async function handOverOf(db: Db | Tx, invoiceId: string): Promise<HandOver | undefined> {
  const row = await db
    .selectFrom('hand_over')
    .innerJoin('firm', 'firm.id', 'hand_over.firm_id')
    .select(['hand_over.id', 'firm_id', 'firm.name', 'handed_at'])
    .where('invoice_id', '=', invoiceId)
    .where('hand_over.ended_at', 'is', null)
    .executeTakeFirst();
  return row && { id: row.id, firm: { id: row.firm_id, name: row.name }, since: row.handed_at };
}

/** The firm whose hand-over silences a file by this hold: it is lifted by taking the file back, and by nothing else. */
export async function handOverOfHold(tx: Tx, holdId: string): Promise<{ readonly name: string } | undefined> {
  return tx
    .selectFrom('hand_over')
    .innerJoin('firm', 'firm.id', 'hand_over.firm_id')
    .select('firm.name')
    .where('hold_id', '=', holdId)
    .where('hand_over.ended_at', 'is', null)
    .executeTakeFirst();
}
