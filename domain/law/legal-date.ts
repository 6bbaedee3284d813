import type { CivilDate } from '../time.ts';
import type { LawCode } from './law-code.ts';
import { lawCodes } from './law-code.ts';
import { lawOn } from './law-value.ts';
import type { Law } from './law-value.ts';
import { openToCourts } from './open-to-courts.ts';
import { endOf } from './legal-term.ts';
import type { Term } from './legal-term.ts';

/** A day on which a right ends or begins, with what it was counted from and where that stands. */
export interface LegalDate {
  readonly clock: LegalClock;
  /** The last day to do it, or the last day to wait. */
  readonly on: CivilDate;
  /** The day that the term was counted from, which is not part of it. */
  readonly from: CivilDate;
  /** What happened on that day. */
  readonly because: LegalEvent;
  readonly term: Term;
  /** The day on which the term ended by its number, when the courts were closed on it; else null. */
  readonly movedFrom: CivilDate | null;
  readonly source: string;
}

/** Everything that has a last day. */
export type LegalClock =
  | 'amicable_bound'
  | 'notice_answer'
  | 'limitation'
  /** By the shortest term, as long as nobody has said what the creditor sells: to warn by, and no more. */
  | 'limitation_possible'
  | 'public_due'
  | 'public_accessories'
  | 'small_claims_answer'
  | 'merchant_answer'
  | 'merchant_record'
  | 'merchant_service'
  | 'order_service'
  | 'order_opposition'
  | 'order_registry'
  | 'opposition_costs'
  | 'judgment_raise'
  | 'claim_declaration'
  | 'declaration_relief'
  | 'retention_of_title'
  | 'remittance'
  | 'insurer_overdue_notice'
  | 'insurer_intervention'
  | 'insurer_extension'
  | 'insurer_insolvency_notice'
  | 'insurer_indemnity';

/** What a term is counted from. */
export type LegalEvent =
  | 'collection_began'
  | 'letter_presented'
  | 'letter_received'
  | 'letter_refused'
  | 'letter_expired'
  | 'performed'
  | 'invoiced'
  | 'fell_due'
  | 'interrupted'
  | 'title_given'
  | 'principal_paid'
  | 'request_received'
  | 'letter_sent'
  | 'order_served'
  | 'order_made'
  | 'not_contested'
  | 'record_made'
  | 'registry_wrote'
  | 'enforceable'
  | 'published'
  | 'money_received'
  | 'insolvency_opened'
  | 'declared_to_insurer';

/** What there is to know of a term whose length the law gives. */
export interface LawTerm {
  readonly clock: LegalClock;
  readonly code: LawCode;
  readonly from: CivilDate;
  readonly because: LegalEvent;
  /** A term of procedure that ends on a closed day ends on the next open one. */
  readonly procedural: boolean;
}

/**
 * The end of a term of the law, by the law of the day from which it is counted.
 *
 * Throws `MissingLawValue` when that law is not known, and RangeError for a value that is no length of time.
 */
export function legalDate(law: Law, { clock, code, from, because, procedural }: LawTerm): LegalDate {
  const { value, source } = lawOn(law, code, from);
  const term = { count: value, unit: timeUnitOf(code) };
  const end = endOf(from, term);
  const on = procedural ? openToCourts(end) : end;
  return { clock, on, from, because, term, movedFrom: on === end ? null : end, source };
}

/** The unit of a value that is a length of time. Throws RangeError for another. */
export function timeUnitOf(code: LawCode): Term['unit'] {
  const { unit } = lawCodes[code];
  if (unit === 'days' || unit === 'months' || unit === 'years') return unit;
  throw new RangeError(`The ${lawCodes[code].name} is no length of time.`);
}
