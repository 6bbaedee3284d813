import { z } from 'zod';
import { caseOf } from '../db/litigation-case.ts';
import { entriesOf, fundsOf } from '../db/litigation-entries.ts';
import { piecesOf } from '../db/litigation-pieces.ts';
import type { LitigationRow } from '../db/litigation.ts';
import { referenceOf } from '../activities/litigation-pack.ts';
import { lawDay } from '../db/calendars.ts';
import type { Db, Tx } from '../db/database.ts';
import { routes } from '../domain/law/route.ts';
import type { RouteAnswer } from '../domain/law/route.ts';
import { handedPieces } from '../domain/litigation/readiness.ts';
import { litigationOutcomes } from '../domain/litigation/outcome.ts';
import { stillHeld } from '../domain/litigation/remittance.ts';
import type { Language } from '../domain/message.ts';
import type { Instant } from '../domain/time.ts';
import { pieceInWords, routeInWords, routeReasonInWords } from './litigation-words.ts';
import { instant, instantOf, money, moneyOf } from './shapes.ts';

/** Litigation files as answers show them. */
const answer = z.object({
  route: z.enum(routes),
  named: z.string().describe("In the caller's language."),
  needsConsent: z.boolean().describe('A court or its officers act: only with the word of the creditor.'),
  reasons: z.array(z.object({ code: z.string(), text: z.string() })),
});

export const litigationInList = z
  .object({
    id: z.string(),
    reference: z.string(),
    state: z.enum(['preparing', 'handed', 'closed']),
    outcome: z.enum(litigationOutcomes).nullable(),
    debtor: z.object({ id: z.string(), name: z.string() }),
    creditor: z.object({ id: z.string(), name: z.string() }),
    firm: z.object({ id: z.string(), name: z.string() }).nullable(),
    route: z.enum(routes).nullable(),
    status: z.string().nullable().describe('What the partner said last.'),
    statusOn: z.string().nullable(),
    open: money.describe('What is left of the price of its invoices.'),
    invoices: z.int(),
    openedAt: instant,
    handedAt: instant.nullable(),
    closedAt: instant.nullable(),
  })
  .meta({ id: 'LitigationInList' });

export const litigation = litigationInList
  .omit({ invoices: true })
  .extend({
    invoices: z.array(
      z.object({
        id: z.string(),
        number: z.string(),
        term: z.int(),
        dueDate: z.string(),
        balance: money,
        contested: money,
        claimed: money
          .nullable()
          .describe(
            'Principal, interest and fixed indemnity of today; null while a value of the law is missing.',
          ),
        limitedOn: z
          .string()
          .nullable()
          .describe('The last day on which it can be brought to court, as far as is known.'),
      }),
    ),
    claimed: money.nullable(),
    claimKind: z.enum(['contract', 'statute', 'other']),
    merchants: z.enum(['yes', 'no']).nullable(),
    insured: z.boolean(),
    merchantProcedure: z.boolean(),
    consentOn: z.string().nullable(),
    ways: z
      .object({ proposed: answer, others: z.array(answer), closed: z.array(answer) })
      .nullable()
      .describe('Null while a value of the law is missing.'),
    lawMissing: z.string().nullable().describe('Which value of the law is missing, and what to do.'),
    ready: z.boolean(),
    missing: z.array(
      z.object({
        piece: z.string(),
        text: z.string(),
        invoiceId: z.string().nullable(),
        number: z.string().nullable(),
        term: z.int().nullable(),
      }),
    ),
    incompleteBecause: z.string().nullable(),
    pieces: z.array(
      z.object({
        id: z.string(),
        piece: z.enum(handedPieces),
        invoiceId: z.string().nullable(),
        documentId: z.string().nullable(),
        name: z.string().nullable(),
        sha256: z.string().nullable(),
        notNeededBecause: z.string().nullable(),
      }),
    ),
    pack: z.object({ documentId: z.string(), url: z.string() }).nullable(),
    entries: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(['status', 'cost', 'recovery', 'remittance', 'told']),
        code: z.string().nullable(),
        on: z.string(),
        amount: money.nullable(),
        remitBy: z.string().nullable(),
        at: instant,
      }),
    ),
    costs: money,
    recovered: money,
    remitted: money,
    held: money.describe('What the partner received and has not passed on.'),
    remitBy: z.string().nullable().describe('By when he must have passed on the oldest of it.'),
  })
  .meta({ id: 'Litigation' });

export type LitigationSaid = z.infer<typeof litigation>;
export type LitigationInList = z.infer<typeof litigationInList>;

/** Files as lists show them, in the order given. */
export async function litigationsInList(
  db: Db | Tx,
  rows: readonly LitigationRow[],
): Promise<LitigationInList[]> {
  if (rows.length === 0) return [];
  const sums = await db
    .selectFrom('litigation_invoice')
    .innerJoin('litigation', 'litigation.id', 'litigation_invoice.litigation_id')
    .innerJoin('invoice', 'invoice.id', 'litigation_invoice.invoice_id')
    .select(({ fn }) => [
      'litigation.id',
      fn.countAll<string>().as('count'),
      fn.sum<string>('invoice.balance_cents').as('cents'),
    ])
    .where(
      'litigation.id',
      'in',
      rows.map(({ id }) => id),
    )
    .where((row) =>
      row.or([row('left_at', 'is', null), row('left_at', '=', row.ref('litigation.closed_at'))]),
    )
    .groupBy('litigation.id')
    .execute();
  const named = await db
    .selectFrom('litigation')
    .innerJoin('debtor', 'debtor.id', 'litigation.debtor_id')
    .innerJoin('creditor', 'creditor.id', 'litigation.creditor_id')
    .leftJoin('firm', 'firm.id', 'litigation.firm_id')
    .select(['litigation.id', 'debtor.name as debtor', 'creditor.legal_name', 'creditor.key'])
    .select('firm.name as firm')
    .where(
      'litigation.id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
  return rows.map((row) => {
    const sum = sums.find(({ id }) => id === row.id);
    const names = named.find(({ id }) => id === row.id);
    return {
      id: row.id,
      reference: referenceOf(row),
      state: row.state,
      outcome: row.outcome,
      debtor: { id: row.debtor_id, name: names?.debtor ?? '' },
      creditor: { id: row.creditor_id, name: names?.legal_name ?? names?.key ?? '' },
      firm: row.firm_id === null ? null : { id: row.firm_id, name: names?.firm ?? '' },
      route: row.route,
      status: row.status,
      statusOn: row.status_on,
      open: moneyOf(Number(sum?.cents ?? 0), row.currency),
      invoices: Number(sum?.count ?? 0),
      openedAt: instantOf(row.opened_at),
      handedAt: instantOf(row.handed_at),
      closedAt: instantOf(row.closed_at),
    };
  });
}

/** One whole file as it is today. */
export async function litigationOf(
  db: Db | Tx,
  row: LitigationRow,
  now: Instant,
  language: Language,
): Promise<LitigationSaid> {
  const [inList] = await litigationsInList(db, [row]);
  if (!inList) throw new Error(`litigation ${row.id} is not in this database`);
  const { invoices, proposal, readiness, lawMissing } = await caseOf(db, row, lawDay(now));
  const pieces = await piecesOf(db, row.id);
  const entries = await entriesOf(db, row.id);
  const { recoveries, remittedCents } = await fundsOf(db, row.id);
  const held = stillHeld(recoveries, remittedCents);
  const sum = (cents: readonly number[]) =>
    moneyOf(
      cents.reduce((total, one) => total + one, 0),
      row.currency,
    );
  const said = (one: RouteAnswer): z.infer<typeof answer> => ({
    route: one.route,
    named: routeInWords(one.route, language),
    needsConsent: one.needsConsent,
    reasons: one.reasons.map((code) => ({ code, text: routeReasonInWords(code, language) })),
  });
  const whole = invoices.every(({ claim }) => claim !== null);
  return {
    ...inList,
    invoices: invoices.map((one) => ({
      id: one.invoiceId,
      number: one.number,
      term: one.term,
      dueDate: one.dueDate,
      balance: moneyOf(one.balanceCents, row.currency),
      contested: moneyOf(one.contestedCents, row.currency),
      claimed: one.claim ? moneyOf(one.claim.totalCents, row.currency) : null,
      limitedOn: one.limitedOn,
    })),
    claimed: whole ? sum(invoices.map(({ claim }) => claim?.totalCents ?? 0)) : null,
    claimKind: row.claim_kind,
    merchants: row.merchants,
    insured: row.insured,
    merchantProcedure: row.merchant_procedure,
    consentOn: row.consent_on,
    ways: proposal && {
      proposed: said(proposal.proposed),
      others: proposal.others.map(said),
      closed: proposal.closed.map(said),
    },
    lawMissing: lawMissing?.message ?? null,
    ready: readiness.ready,
    missing: readiness.missing.map((one) => ({
      ...one,
      term: invoices.find(({ invoiceId }) => invoiceId === one.invoiceId)?.term ?? null,
      text: pieceInWords(one.piece, language),
    })),
    incompleteBecause: row.incomplete_because,
    pieces: pieces.map((one) => ({
      id: one.id,
      piece: one.piece,
      invoiceId: one.invoice_id,
      documentId: one.document_id,
      name: one.name,
      sha256: one.sha256,
      notNeededBecause: one.not_needed_because,
    })),
    pack: row.pack_id === null ? null : { documentId: row.pack_id, url: `/v1/litigation/${row.id}/pack` },
    entries: entries.map((one) => ({
      id: one.id,
      kind: one.kind,
      code: one.code,
      on: one.day,
      amount: one.amount_cents === null ? null : moneyOf(one.amount_cents, row.currency),
      remitBy: one.remit_by,
      at: instantOf(one.at),
    })),
    costs: sum(entries.filter(({ kind }) => kind === 'cost').map((one) => one.amount_cents ?? 0)),
    recovered: sum(recoveries.map(({ amountCents }) => amountCents)),
    remitted: moneyOf(remittedCents, row.currency),
    held: sum(held.map(({ heldCents }) => heldCents)),
    remitBy: held[0]?.remitBy ?? null,
  };
}
