import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { isOver, isPursuedOutside } from '../domain/collection.ts';
import type { FactBody } from '../domain/fact.ts';
import type { InsurancePolicy } from '../domain/law/insurer-dates.ts';
import type { Law } from '../domain/law/law-value.ts';
import { shippedLaw } from '../domain/law/shipped-law.ts';
import { legalTermsOf } from '../domain/legal-clocks/terms-under-law.ts';
import type { LegalTerms } from '../domain/legal-clocks/legal-terms.ts';
import type { Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import { subjectOf } from './journal.ts';
import { lawIn } from './law.ts';
import { watchingLitigations } from './litigation-reads.ts';
import { lookAgain } from './matters.ts';
import { poke } from './pokes.ts';
import type { InsurancePolicyTable } from './schema.ts';

/** What is needed to say the terms of any claim of these creditors. */
export interface TermsAtHand {
  readonly law: Law;
  readonly creditors: ReadonlyMap<string, Pick<LegalTerms, 'sector' | 'policy'>>;
}

/**
 * The law, and what each of these creditors has said of his claims.
 *
 * One query where nobody has added to the law of limitation, for every step of every file asks.
 */
export async function termsAtHand(db: Db | Tx, creditorIds: readonly string[]): Promise<TermsAtHand> {
  const ids = [...new Set(creditorIds)];
  if (ids.length === 0) return { law: shippedLaw, creditors: new Map() };
  const rows = await db
    .selectFrom('creditor')
    .leftJoin('insurance_policy', (join) =>
      join
        .onRef('insurance_policy.creditor_id', '=', 'creditor.id')
        .on('insurance_policy.ended_at', 'is', null),
    )
    .select(['creditor.id', 'creditor.sector', 'insurance_policy.number', 'overdue_notice_days'])
    .select(['intervention_days', 'extension_days', 'insolvency_notice_days', 'indemnity_days'])
    .select(({ exists, selectFrom }) =>
      exists(
        selectFrom('law_value')
          .select('law_value.id')
          .where(sql<boolean>`code like 'limitation_years%'`),
      ).as('added'),
    )
    .where('creditor.id', 'in', ids)
    .execute();
  const creditors = rows.map(
    (row) =>
      [
        row.id,
        { sector: row.sector, policy: row.number === null ? null : policyOf({ ...row, number: row.number }) },
      ] as const,
  );
  return { law: rows[0]?.added ? await lawIn(db) : shippedLaw, creditors: new Map(creditors) };
}

type PolicyColumns = Pick<
  Selectable<InsurancePolicyTable>,
  | 'number'
  | 'overdue_notice_days'
  | 'intervention_days'
  | 'extension_days'
  | 'insolvency_notice_days'
  | 'indemnity_days'
>;

/** The terms of a policy as the domain knows them. */
export function policyOf(row: PolicyColumns): InsurancePolicy {
  return {
    number: row.number,
    overdueNoticeDays: row.overdue_notice_days,
    interventionDays: row.intervention_days,
    extensionDays: row.extension_days,
    insolvencyNoticeDays: row.insolvency_notice_days,
    indemnityDays: row.indemnity_days,
  };
}

/**
 * The terms of a file where they are no longer what it was told; null when they are.
 *
 * Asked whenever a file looks at itself, so that a change of the law, of the creditor or of the debtor's kind reaches it
 * before it acts. A file of an earlier release is told once its creditor has said what he sells: until then it goes on as
 * it began. What is pursued outside goes nowhere any more, and is told at once: its litigation file watches by it.
 */
export async function termsAnew(desk: Desk, { collection }: InvoiceFile): Promise<FactBody | null> {
  if (isOver(collection)) return null;
  const { law, creditors } = await termsAtHand(desk.tx, [collection.creditorId]);
  const said = creditors.get(collection.creditorId);
  if (!said) return null;
  const isOfBefore = !collection.legalTerms && !isPursuedOutside(collection);
  if (isOfBefore && said.sector === null && said.policy === null) return null;
  const terms = legalTermsOf(law, collection, said);
  return isDeepStrictEqual(terms, collection.legalTerms) ? null : { type: 'legalTermsStated', terms };
}

/** Every open file of a creditor looks at itself, and what watches over others: what their legal dates depend on has changed. */
export async function wakeForTerms(tx: Tx, creditorId: string, now: Instant): Promise<void> {
  await lookAgain(tx, await watchingLitigations(tx, creditorId), now);
  const rows = await tx
    .selectFrom('invoice')
    .select('id')
    .where('creditor_id', '=', creditorId)
    .where('open', '=', true)
    .execute();
  await poke(
    tx,
    rows.map(({ id }) => subjectOf(id)),
    'bulk',
  );
}
