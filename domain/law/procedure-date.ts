import type { CivilDate } from '../time.ts';
import { legalDate } from './legal-date.ts';
import type { LawTerm, LegalDate } from './legal-date.ts';
import type { Law } from './law-value.ts';

/**
 * The terms of the ways to a title and of what follows them, as counted from one event each.
 *
 * All are terms of procedure, and end on a day on which courts are open, but those of debts among the parties.
 */
const procedures = {
  small_claims_answer: { code: 'small_claims_answer_months', because: 'letter_sent', procedural: true },
  merchant_answer: { code: 'merchant_answer_months', because: 'order_served', procedural: true },
  merchant_record: { code: 'merchant_record_days', because: 'not_contested', procedural: true },
  merchant_service: { code: 'merchant_service_months', because: 'record_made', procedural: true },
  order_service: { code: 'order_service_months', because: 'order_made', procedural: true },
  order_opposition: { code: 'order_opposition_months', because: 'order_served', procedural: true },
  order_registry: { code: 'order_registry_months', because: 'order_served', procedural: true },
  opposition_costs: { code: 'opposition_costs_days', because: 'registry_wrote', procedural: true },
  judgment_raise: { code: 'judgment_raise_months', because: 'enforceable', procedural: false },
  public_accessories: { code: 'public_accessories_days', because: 'principal_paid', procedural: false },
  remittance: { code: 'remittance_months', because: 'money_received', procedural: false },
} as const satisfies Partial<Record<LawTerm['clock'], Omit<LawTerm, 'clock' | 'from'>>>;

export type ProcedureClock = keyof typeof procedures;

/** The end of one of these terms, counted from the day of its event. Throws `MissingLawValue`. */
export function procedureDate(law: Law, clock: ProcedureClock, from: CivilDate): LegalDate {
  return legalDate(law, { clock, from, ...procedures[clock] });
}

export type PublicBuyer = 'ordinary' | 'hospital' | 'undertaking';

const publicTerms = {
  ordinary: 'public_term_days',
  hospital: 'public_term_days_hospital',
  undertaking: 'public_term_days_undertaking',
} as const;

/** The last day on which a public buyer pays in time: from receipt of the request, or from performance if later. */
export function publicDueDate(
  law: Law,
  buyer: PublicBuyer,
  received: CivilDate,
  performed: CivilDate | null,
): LegalDate {
  const late = performed !== null && performed > received;
  return legalDate(law, {
    clock: 'public_due',
    code: publicTerms[buyer],
    from: late ? performed : received,
    because: late ? 'performed' : 'request_received',
    procedural: false,
  });
}
