import type { DebtorKind } from '../debtor.ts';
import { isOtherRate } from '../law/agreed-rate.ts';
import type { AgreedRate } from '../law/agreed-rate.ts';
import type { CivilDate } from '../time.ts';

/** One of two debtors who may be one, as far as it speaks against it or must be known before. */
export interface Twin {
  readonly siren: string | null;
  readonly vatNumber: string | null;
  readonly kind: DebtorKind;
  readonly country: string;
  readonly demonstration: boolean;
  readonly insolventOn: CivilDate | null;
  /** Of the publication of that judgment, from which the days to declare run. */
  readonly publishedOn: CivilDate | null;
  /** Agreed with him. */
  readonly penaltyRate: AgreedRate;
  /** A stop of his own is in force. */
  readonly stopped: boolean;
  /** A hold on all of his is in force. */
  readonly held: boolean;
  readonly files: number;
  readonly creditorIds: readonly string[];
  readonly currencies: readonly string[];
  /** The creditor and currency of each litigation file that is being prepared. */
  readonly preparing: readonly string[];
}

/** Whether they can't be merged as they are, or only what whoever merges them should know. */
export interface MergeConflict {
  readonly code: MergeConflictCode;
  readonly prevents: boolean;
}

/** Each file hears of a merge under one lock: with more of them others would wait too long. */
export const mergedFilesMax = 5_000;

const prevents = {
  other_siren: true,
  other_kind: true,
  other_world: true,
  insolvent_otherwise: true,
  other_rate: true,
  litigation_twice: true,
  stopped: true,
  too_many_files: true,
  other_vat: false,
  other_country: false,
  other_creditor: false,
  other_currency: false,
  insolvent: false,
  held: false,
} as const;

export type MergeConflictCode = keyof typeof prevents;

export const mergeConflictCodes = Object.keys(prevents) as MergeConflictCode[];

/**
 * What speaks against taking one debtor for another, or has to be known before.
 *
 * Prevented is what no person may decide away (another SIREN is another company; a demonstration never meets the real
 * world), and what would make two contradicting truths one: whoever merges mends that first, so that nothing is chosen
 * for him. A stop is an emergency brake: it is placed on the one who stays before the other one goes.
 */
export function conflictsOf(gone: Twin, into: Twin): readonly MergeConflict[] {
  const differ = <T>(one: T | null, other: T | null): boolean =>
    one !== null && other !== null && one !== other;
  const others = (all: readonly string[], known: readonly string[]): boolean =>
    all.length > 0 && known.length > 0 && all.some((one) => !known.includes(one));
  const found: Readonly<Record<MergeConflictCode, boolean>> = {
    other_siren: differ(gone.siren, into.siren),
    other_kind: gone.kind !== into.kind,
    other_world: gone.demonstration !== into.demonstration,
    insolvent_otherwise:
      differ(gone.insolventOn, into.insolventOn) || differ(gone.publishedOn, into.publishedOn),
    other_rate: isOtherRate(gone.penaltyRate, into.penaltyRate),
    litigation_twice: gone.preparing.some((one) => into.preparing.includes(one)),
    stopped: gone.stopped,
    too_many_files: gone.files > mergedFilesMax,
    other_vat: differ(gone.vatNumber, into.vatNumber),
    other_country: gone.country !== into.country,
    other_creditor: others(gone.creditorIds, into.creditorIds),
    other_currency: others(gone.currencies, into.currencies),
    insolvent: (gone.insolventOn === null) !== (into.insolventOn === null),
    held: gone.held !== into.held,
  };
  return mergeConflictCodes.filter((code) => found[code]).map((code) => ({ code, prevents: prevents[code] }));
}
