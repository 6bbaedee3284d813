import type { DebtorKind } from '../debtor.ts';
import { lawOn } from './law-value.ts';
import type { Law } from './law-value.ts';
import type { Merchants, Route, RouteCase, RouteReason } from './route.ts';

/** Everything that closes a way, or else speaks for it. */
export interface RouteJudgment {
  readonly against: readonly RouteReason[];
  readonly inFavour: readonly RouteReason[];
}

/**
 * Judges one way to a title by what the law asks of it.
 *
 * A single barrier (an assignment, an insolvency, a limitation that has passed) leaves one way and closes all others;
 * without one each way has its own conditions, all of which are told when they are not met.
 */
export function judgeRoute(law: Law, route: Route, given: RouteCase): RouteJudgment {
  const barrier = barrierOf(given);
  if (barrier !== null) {
    const [only, reason] = barrier;
    return route === only ? { against: [], inFavour: [reason] } : { against: [reason], inFavour: [] };
  }
  const [against, inFavour] = conditionsOf(law, route, given);
  return {
    against: against.filter((reason) => reason !== null),
    inFavour: inFavour.filter((one) => one !== null),
  };
}

/** What leaves one way and closes all others. */
function barrierOf(given: RouteCase): readonly [Route, RouteReason] | null {
  if (given.debtor === 'internal') return ['legal_advice', 'own_group'];
  if (given.factored) return ['factor', 'assigned_to_factor'];
  if (given.insolvent) return ['declaration', 'insolvency_opened'];
  if (given.limitedOn < given.on) return ['legal_advice', 'limitation_passed'];
  return null;
}

type Reasons = readonly (RouteReason | null)[];

function conditionsOf(
  law: Law,
  route: Route,
  given: RouteCase,
): readonly [against: Reasons, inFavour: Reasons] {
  const { principalCents, interestCents, debtor, claim, contested, border } = given;
  const merchants = debtor === 'consumer' ? 'no' : given.merchants;
  const within = principalCents + interestCents <= lawOn(law, 'small_claims_limit', given.on).value;
  const isPublic = debtor === 'public' ? 'public_debtor' : null;
  const isPrivate = debtor === 'public' ? null : 'private_debtor';
  const disputed = contested ? 'contested' : null;
  const fromContract = claim === 'contract' ? null : 'not_contract_debt';
  const abroad = border === 'none' ? null : 'cross_border';
  switch (route) {
    case 'factor':
      return [['not_assigned'], []];
    case 'declaration':
      return [['no_insolvency'], []];
    case 'legal_advice':
      return [['other_ways_open'], []];
    case 'insurer':
      return [[given.insured ? disputed : 'not_insured'], ['insured', 'not_contested']];
    case 'public_payment_order':
      return [
        [isPrivate, disputed, abroad],
        ['public_debtor', 'not_contested'],
      ];
    case 'public_interim_payment':
      return [
        [isPrivate, disputed, abroad],
        ['public_debtor', 'not_contested'],
      ];
    case 'merchant_procedure':
      return [
        [
          isPublic,
          given.merchantProcedure ? null : 'behind_flag',
          merchants === 'yes' ? null : merchants === 'no' ? 'not_between_merchants' : 'merchants_not_asked',
          disputed,
          abroad,
        ],
        ['between_merchants', 'not_contested', 'no_limit_of_amount'],
      ];
    case 'small_claims':
      return [
        [
          isPublic,
          within ? null : 'above_small_claims_limit',
          claim === 'other' ? 'not_contract_debt' : null,
          merchants === 'yes' ? 'kept_for_merchant_procedure' : null,
          disputed,
          abroad,
        ],
        ['within_small_claims_limit', caveatOf(merchants, debtor)],
      ];
    case 'european_order':
      return [
        [isPublic, border === 'eu' ? null : notEuropean(border), disputed],
        ['cross_border', 'not_contested'],
      ];
    case 'european_small_claims':
      return [
        [
          isPublic,
          border === 'eu' ? null : notEuropean(border),
          principalCents <= lawOn(law, 'european_small_claims_limit', given.on).value
            ? null
            : 'above_small_claims_limit',
        ],
        ['cross_border', 'within_small_claims_limit'],
      ];
    case 'order_to_pay':
      return [
        [isPublic, fromContract, disputed, abroad],
        ['contract_debt', 'not_contested', within ? null : 'above_small_claims_limit'],
      ];
    case 'interim_payment':
      return [
        [isPublic, disputed, abroad],
        ['not_contested', lawyerReason(law, given)],
      ];
    case 'summons':
      return [
        [isPublic, abroad],
        [contested ? 'contested' : 'not_contested', lawyerReason(law, given)],
      ];
    case 'collection_firm':
      return [
        [isPublic, given.firmMandated ? null : 'no_mandate', disputed],
        ['firm_mandated', 'not_contested'],
      ];
  }
}

/** The small-claims procedure is closed to claims between merchants, so that somebody should ask before it is taken. */
function caveatOf(merchants: Merchants, debtor: DebtorKind): RouteReason | null {
  if (debtor === 'consumer' || merchants === 'no') return 'not_between_merchants';
  return merchants === 'suggested' ? 'merchants_suggested_by_form' : 'merchants_not_asked';
}

function notEuropean(border: RouteCase['border']): RouteReason {
  return border === 'outside' ? 'outside_european_union' : 'not_cross_border';
}

function lawyerReason(law: Law, { principalCents, interestCents, on }: RouteCase): RouteReason | null {
  return principalCents + interestCents > lawOn(law, 'lawyer_limit', on).value ? 'lawyer_needed' : null;
}
