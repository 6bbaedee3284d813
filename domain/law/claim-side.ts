import type { CivilDate } from '../time.ts';

/** A claim, by the days that tell whether it was born before a judgment. */
export interface DatedClaim {
  readonly performedOn: CivilDate | null;
  readonly invoicedOn: CivilDate | null;
}

export interface ClaimSide {
  /** `earlier` claims are declared and no longer asked; `later` ones are paid when due. */
  readonly side: 'earlier' | 'later';
  /** `not_split`: the judgment was recorded when all claims still counted as earlier. */
  readonly because: 'performed' | 'invoiced' | 'day_unknown' | 'not_split';
}

/**
 * On which side of the judgment a claim lies: by the day of performance, else of the invoice, never by its due date.
 *
 * The judgment holds for the whole of its day. A claim of which neither day is known counts as earlier: not asking for
 * it does less harm than asking for what must not be paid.
 */
export function claimSideOf({ performedOn, invoicedOn }: DatedClaim, judgmentOn: CivilDate): ClaimSide {
  const day = performedOn ?? invoicedOn;
  if (day === null) return { side: 'earlier', because: 'day_unknown' };
  return {
    side: day < judgmentOn ? 'earlier' : 'later',
    because: performedOn === null ? 'invoiced' : 'performed',
  };
}
