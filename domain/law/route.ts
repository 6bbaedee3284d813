import type { CivilDate } from '../time.ts';
import type { DebtorKind } from '../debtor.ts';
import type { Law } from './law-value.ts';
import { judgeRoute } from './route-conditions.ts';

/** The ways on from a formal notice that was not answered. */
export const routes = [
  'factor',
  'declaration',
  'legal_advice',
  'insurer',
  'public_payment_order',
  'public_interim_payment',
  'merchant_procedure',
  'small_claims',
  'european_order',
  'european_small_claims',
  'order_to_pay',
  'interim_payment',
  'summons',
  'collection_firm',
] as const;

export type Route = (typeof routes)[number];

/** Whether both parties trade as merchants; a company's form only suggests it, a person who has looked says yes or no. */
export type Merchants = 'yes' | 'no' | 'suggested' | 'unknown';

/** What a proposal is made from: the due invoices of one debtor towards one creditor. */
export interface RouteCase {
  /** The day of the proposal, whose law holds. */
  readonly on: CivilDate;
  readonly principalCents: number;
  /** Late-payment interest, without the fixed indemnity. */
  readonly interestCents: number;
  readonly debtor: DebtorKind;
  readonly claim: 'contract' | 'statute' | 'other';
  /** The debtor seriously disputes what is claimed. */
  readonly contested: boolean;
  readonly merchants: Merchants;
  /** Where the debtor sits, seen from the creditor. */
  readonly border: 'none' | 'eu' | 'outside';
  /** An insolvency was opened and the claim is earlier. */
  readonly insolvent: boolean;
  readonly limitedOn: CivilDate;
  readonly insured: boolean;
  readonly factored: boolean;
  /** A collection firm holds a mandate of this creditor. */
  readonly firmMandated: boolean;
  /** The merchants' procedure is law, but without decree or tariff: only who asks for it gets it. */
  readonly merchantProcedure: boolean;
  /** What the creditor wants where it is possible. */
  readonly wished: Route | null;
}

export type RouteReason =
  | 'assigned_to_factor'
  | 'not_assigned'
  | 'insolvency_opened'
  | 'no_insolvency'
  | 'limitation_passed'
  | 'other_ways_open'
  | 'insured'
  | 'not_insured'
  | 'public_debtor'
  | 'private_debtor'
  | 'within_small_claims_limit'
  | 'above_small_claims_limit'
  | 'no_limit_of_amount'
  | 'between_merchants'
  | 'not_between_merchants'
  | 'merchants_not_asked'
  | 'merchants_suggested_by_form'
  | 'kept_for_merchant_procedure'
  | 'behind_flag'
  | 'not_contested'
  | 'contested'
  | 'contract_debt'
  | 'not_contract_debt'
  | 'cross_border'
  | 'not_cross_border'
  | 'outside_european_union'
  | 'lawyer_needed'
  | 'firm_mandated'
  | 'no_mandate'
  | 'own_group'
  | 'wished';

/** One way, whether it is open, and everything that speaks for or against it. */
export interface RouteAnswer {
  readonly route: Route;
  readonly possible: boolean;
  readonly reasons: readonly RouteReason[];
  /** A court or its officers act: only with the creditor's word. */
  readonly needsConsent: boolean;
}

export interface RouteProposal {
  readonly proposed: RouteAnswer;
  /** Open as well. */
  readonly others: readonly RouteAnswer[];
  /** Closed, with the reason that a person will ask for. */
  readonly closed: readonly RouteAnswer[];
}

/**
 * Proposes the way by which a claim should go on, by its amount, its kind and its debtor; a person decides.
 *
 * What forbids all ways but one comes first: an assignment to a factor, an insolvency, a limitation that has passed. A
 * public body is never sent to a court of companies. Of the ways that are open the first of `routes` is proposed, unless
 * the creditor wishes another of them. Throws `MissingLawValue` when the limits of that day are not known.
 */
export function proposeRoute(law: Law, given: RouteCase): RouteProposal {
  const answers = routes.map((route) => answerOf(law, route, given));
  const open = answers.filter(({ possible }) => possible);
  const wished = open.find(({ route }) => route === given.wished);
  const first = wished ? { ...wished, reasons: [...wished.reasons, 'wished' as const] } : open[0];
  const proposed = first ?? adviceOf(given);
  return {
    proposed,
    others: open.filter(({ route }) => route !== proposed.route),
    closed: answers.filter(({ possible, route }) => !possible && route !== proposed.route),
  };
}

const withoutCourt: readonly Route[] = ['factor', 'legal_advice', 'insurer', 'collection_firm'];

function answerOf(law: Law, route: Route, given: RouteCase): RouteAnswer {
  const { against, inFavour } = judgeRoute(law, route, given);
  const possible = against.length === 0;
  return {
    route,
    possible,
    reasons: possible ? inFavour : against,
    needsConsent: !withoutCourt.includes(route) && route !== 'declaration',
  };
}

/** Nothing else is open: somebody who knows the law has to look. */
function adviceOf({ debtor, contested, border, claim }: RouteCase): RouteAnswer {
  const reasons: readonly (RouteReason | null)[] = [
    debtor === 'public' ? 'public_debtor' : null,
    contested ? 'contested' : null,
    border === 'outside' ? 'outside_european_union' : border === 'eu' ? 'cross_border' : null,
    claim === 'contract' ? null : 'not_contract_debt',
  ];
  return {
    route: 'legal_advice',
    possible: true,
    reasons: reasons.filter((reason) => reason !== null),
    needsConsent: false,
  };
}

/** What a company's legal form suggests (art. L210-1 C. com.); the text of the law looks at the invoicing. */
export function merchantsByForm(creditorForm: string | null, debtorForm: string | null): Merchants {
  return isCommercial(creditorForm) && isCommercial(debtorForm) ? 'suggested' : 'unknown';
}

const commercialForms = ['SNC', 'SCS', 'SARL', 'EURL', 'SA', 'SAS', 'SASU', 'SCA'];

function isCommercial(form: string | null): boolean {
  return form !== null && commercialForms.includes(form.replaceAll('.', '').trim().toUpperCase());
}
