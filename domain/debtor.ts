import type { CivilDate } from './time.ts';

export type DebtorKind = 'company' | 'public' | 'consumer' | 'internal';

/** A way to reach a debtor that needs an address of its own. */
export type Reach = 'email' | 'sms' | 'call' | 'letter';

/**
 * What a decision reads of a debtor, copied into each of his open collections.
 *
 * It changes by a fact written to each open invoice in the transaction that changes the debtor, so that a decision
 * needs nothing but the Collection. Names and addresses stay out: this travels through workflow histories.
 */
export interface DebtorView {
  readonly kind: DebtorKind;
  readonly country: string;
  readonly language: 'fr' | 'en';
  readonly grade: string | null;
  /** How many valid addresses there are for each way. */
  readonly reach: Readonly<Record<Reach, number>>;
  /** The day of the judgment that opened an insolvency procedure. */
  readonly insolventOn: CivilDate | null;
  /** Claims born after that judgment go on; absent where an earlier release recorded it, which silenced them all. */
  readonly claimsAreSplit?: true;
  readonly holds: readonly Hold[];
}

/** A named reason to be silent, on one invoice or on a whole debtor. */
export interface Hold {
  readonly holdId: string;
  readonly reason: string;
  readonly from: CivilDate;
  /** The last silent day; null until somebody lifts it. */
  readonly until: CivilDate | null;
}
