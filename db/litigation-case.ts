import { contestedCentsOf } from '../domain/collection.ts';
import type { Collection } from '../domain/collection.ts';
import type { DebtorKind } from '../domain/debtor.ts';
import { limitationOfFile } from '../domain/legal-clocks/legal-terms.ts';
import { legalTermsOf } from '../domain/legal-clocks/terms-under-law.ts';
import { MissingLawValue, orMissing } from '../domain/law/law-value.ts';
import { memberStates } from '../domain/law/regime.ts';
import { proposeRoute } from '../domain/law/route.ts';
import type { Route, RouteAnswer, RouteProposal } from '../domain/law/route.ts';
import { isHeard } from '../domain/litigation/standstill.ts';
import { readinessOf } from '../domain/litigation/readiness.ts';
import type { Readiness } from '../domain/litigation/readiness.ts';
import { noticePresented } from '../domain/notice/notice-presented.ts';
import type { CivilDate } from '../domain/time.ts';
import { claimUnder, penaltyCasesOf } from './claims.ts';
import type { Claim } from './claims.ts';
import type { Db, Tx } from './database.ts';
import { collectionFrom } from './journal.ts';
import { Rules } from './rules.ts';
import { gapsOf } from './firms.ts';
import { lawIn } from './law.ts';
import { balancesOf } from './ledger.ts';
import { invoiceIdsOf } from './litigation.ts';
import { piecesOf } from './litigation-pieces.ts';
import type { LitigationRow } from './litigation.ts';

/** One invoice of a file as it is claimed today; the claim is null where a value of the law is missing. */
export interface ClaimedInvoice {
  readonly invoiceId: string;
  readonly number: string;
  readonly term: number;
  readonly dueDate: CivilDate;
  readonly balanceCents: number;
  readonly amountCents: number;
  readonly contestedCents: number;
  readonly claim: Claim | null;
  /** The last day on which it can be brought to court. */
  readonly limitedOn: CivilDate | null;
}

/**
 * Everything that a litigation file is judged by today: what is claimed, which ways are open, which pieces are missing.
 *
 * Amounts come from `claimUnder` alone: all of the claim where a court hears what is contested, else what nobody contests. Where the law of a day is not known, the file says which value is missing and
 * nothing is proposed; it is never guessed.
 */
export interface LitigationCase {
  readonly invoices: readonly ClaimedInvoice[];
  /** Null while a value of the law is missing. */
  readonly proposal: RouteProposal | null;
  readonly readiness: Readiness;
  readonly lawMissing: MissingLawValue | null;
}

export async function caseOf(db: Db | Tx, litigation: LitigationRow, on: CivilDate): Promise<LitigationCase> {
  const ids = await invoiceIdsOf(db, litigation);
  const law = await lawIn(db);
  const cases = await penaltyCasesOf(db, ids, on);
  const rows = await invoiceRows(db, ids);
  const parties = await partiesOf(db, litigation);
  let lawMissing: MissingLawValue | null = null;
  const known = <T>(work: () => T): T | null => {
    const found = orMissing(work);
    if (!(found instanceof MissingLawValue)) return found;
    lawMissing = found;
    return null;
  };

  // A file of an earlier release carries no terms, and has kept no record of what interrupted them: the earliest day holds.
  const withTerms = (file: Collection): Collection => ({
    ...file,
    legalTerms: file.legalTerms ?? legalTermsOf(law, file, { sector: parties.creditor.sector, policy: null }),
  });
  const claimOf = (id: string, contested: 'with' | 'without'): Claim | null => {
    const found = cases.find(({ invoiceId }) => invoiceId === id);
    if (!found) return null;
    const whole = { ...found, given: { ...found.given, contestedCents: 0 } };
    return known(() => claimUnder(law, contested === 'with' ? whole : found));
  };
  const whole = rows.map((row): ClaimedInvoice => {
    const collection = row.collection as Collection;
    return {
      invoiceId: row.id,
      number: row.number,
      term: row.term,
      dueDate: row.due_date,
      balanceCents: row.balance_cents,
      amountCents: row.amount_cents,
      contestedCents: contestedCentsOf(collection),
      claim: claimOf(row.id, 'with'),
      limitedOn: limitationOfFile(withTerms(collection), on)?.on ?? null,
    };
  });
  const firmMandated = await hasMandatedFirm(db, litigation.creditor_id, on);
  const proposal =
    whole.length === 0 || whole.some(({ claim, limitedOn }) => claim === null || limitedOn === null)
      ? null
      : known(() =>
          proposeRoute(law, {
            on,
            principalCents: sum(whole, ({ claim }) => claim?.penalties.principalCents ?? 0),
            interestCents: sum(whole, ({ claim }) => claim?.penalties.interestDueCents ?? 0),
            debtor: parties.debtor.kind as DebtorKind,
            claim: litigation.claim_kind,
            contested: whole.some(({ contestedCents }) => contestedCents > 0),
            merchants: parties.debtor.kind === 'consumer' ? 'no' : (litigation.merchants ?? 'unknown'),
            border: borderOf(parties.creditor.country, parties.debtor.country),
            insolvent: whole.some(({ claim }) => claim?.insolvency?.side === 'earlier'),
            limitedOn: earliest(whole),
            insured: litigation.insured,
            factored: rows.some(({ collection }) => (collection as Collection).factored),
            firmMandated,
            merchantProcedure: litigation.merchant_procedure,
            wished: litigation.route,
          }),
        );
  // Whoever hears the objection is asked for all of it; whoever collects, for what nobody contests.
  const hears = isHeard(litigation.route ?? proposal?.proposed.route ?? null);
  const invoices = hears ? whole : whole.map((one) => ({ ...one, claim: claimOf(one.invoiceId, 'without') }));
  const pieces = await piecesOf(db, litigation.id);
  const rules = new Rules();
  const noticed = new Set<string>();
  for (const row of rows)
    if (noticePresented(await collectionFrom(db, rules, row.collection), on)) noticed.add(row.id);
  const askedInNotice = await noticeSums(db, ids);
  const principalOf = (id: string): number =>
    invoices.find(({ invoiceId }) => invoiceId === id)?.claim?.penalties.principalCents ?? 0;
  const readiness = readinessOf(
    rows.map((row) => ({
      invoiceId: row.id,
      number: row.number,
      noticePresented: noticed.has(row.id),
      noticeCovers: (askedInNotice.get(row.id) ?? Infinity) >= principalOf(row.id),
      exchanges: row.exchanges,
      statementAddsUp: row.ledger_cents === row.balance_cents,
      penaltiesKnown: invoices.find(({ invoiceId }) => invoiceId === row.id)?.claim !== null,
    })),
    pieces.map(({ piece, invoice_id: invoiceId }) => ({ piece, invoiceId })),
  );
  return { invoices, proposal, readiness, lawMissing };
}

/** What is said of a way: open or not, and why. */
export function answerAbout(proposal: RouteProposal, route: Route): RouteAnswer | undefined {
  return [proposal.proposed, ...proposal.others, ...proposal.closed].find((one) => one.route === route);
}

/** What the last formal notice asked for of each of these invoices, in cents; nothing where none is known to have left. */
async function noticeSums(db: Db | Tx, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('message_line')
    .innerJoin('contact_request', 'contact_request.id', 'message_line.request_id')
    .innerJoin('message', 'message.id', 'message_line.message_id')
    .select(['message_line.invoice_id', 'message_line.asked_cents'])
    .where('message_line.invoice_id', 'in', ids)
    .where('contact_request.level', '=', 'formal_notice')
    .where('message.state', 'in', ['accepted', 'delivered'])
    .orderBy('message.id')
    .execute();
  return new Map(rows.map((row) => [row.invoice_id, row.asked_cents]));
}

async function invoiceRows(db: Db | Tx, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('invoice')
    .selectAll()
    .select(({ selectFrom, fn }) => [
      selectFrom('message_line')
        .innerJoin('message', 'message.id', 'message_line.message_id')
        .select(fn.countAll<string>().as('count'))
        .whereRef('message_line.invoice_id', '=', 'invoice.id')
        .where('message.purpose', '=', 'contact')
        .where('message.state', 'in', ['accepted', 'delivered'])
        .as('exchanges'),
    ])
    .where('id', 'in', ids)
    .orderBy('due_date')
    .orderBy('id')
    .execute();
  const balances = await balancesOf(db, ids);
  return rows.map((row) => ({
    ...row,
    exchanges: Number(row.exchanges ?? 0),
    ledger_cents: balances.get(row.id) ?? 0,
  }));
}

async function partiesOf(db: Db | Tx, litigation: LitigationRow) {
  const creditor = await db
    .selectFrom('creditor')
    .select(['country', 'sector'])
    .where('id', '=', litigation.creditor_id)
    .executeTakeFirstOrThrow();
  const debtor = await db
    .selectFrom('debtor')
    .select(['kind', 'country'])
    .where('id', '=', litigation.debtor_id)
    .executeTakeFirstOrThrow();
  return { creditor, debtor };
}

async function hasMandatedFirm(db: Db | Tx, creditorId: string, on: CivilDate): Promise<boolean> {
  const firms = await db
    .selectFrom('firm')
    .selectAll()
    .where('kind', '=', 'collection_firm')
    .where('ended_at', 'is', null)
    .execute();
  for (const firm of firms) if ((await gapsOf(db, firm, creditorId, on)).length === 0) return true;
  return false;
}

function borderOf(creditor: string, debtor: string): 'none' | 'eu' | 'outside' {
  if (creditor === debtor) return 'none';
  return memberStates.includes(creditor) && memberStates.includes(debtor) ? 'eu' : 'outside';
}

function earliest(invoices: readonly ClaimedInvoice[]): CivilDate {
  const days = invoices
    .filter(({ balanceCents }) => balanceCents > 0)
    .flatMap(({ limitedOn }) => limitedOn ?? [])
    .sort();
  return days[0] ?? '9999-12-31';
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}
