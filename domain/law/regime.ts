import type { DebtorKind } from '../debtor.ts';

/**
 * Which rules of late payment a debt is under.
 *
 * `business`: between professionals under French law. `public`: a French public buyer. `consumer`: a person outside his
 * business. `eu`: the minimum that the directive gives where we know no national rules. `none`: we know no rule, or ask
 * nothing of our own group; then nothing is claimed but the principal.
 */
export type Regime = 'business' | 'public' | 'consumer' | 'eu' | 'none';

/**
 * The rules for a debtor towards a creditor, by the creditor's country; a public body is judged by its own.
 *
 * It is what we propose when a contract says nothing of the law that governs it.
 */
export function regimeOf(creditorCountry: string, debtor: { kind: DebtorKind; country: string }): Regime {
  if (debtor.kind === 'internal') return 'none';
  if (debtor.kind === 'consumer') return creditorCountry === 'FR' ? 'consumer' : 'none';
  if (creditorCountry === 'FR' && debtor.kind === 'company') return 'business';
  if (creditorCountry === 'FR' && debtor.country === 'FR') return 'public';
  const governing = debtor.kind === 'public' ? debtor.country : creditorCountry;
  return memberStates.includes(governing) ? 'eu' : 'none';
}

export const memberStates =
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');
