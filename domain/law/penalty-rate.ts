import type { CivilDate } from '../time.ts';
import type { LawCode } from './law-code.ts';
import { lawOn } from './law-value.ts';
import type { Law, LawValue } from './law-value.ts';
import type { Regime } from './regime.ts';
import { semesterOf } from './semester.ts';
import type { Semester } from './semester.ts';

/** A rate as it must be shown: the number, the semester, what it is made of and where that stands. */
export interface PenaltyRate {
  /** Per year, in hundredths of a percent. */
  readonly hundredths: number;
  readonly kind: 'default' | 'contract' | 'public' | 'legal' | 'eu' | 'judgment';
  readonly semester: Semester;
  /** Values of the law that add up to the rate; empty for a rate that was agreed. */
  readonly of: readonly { readonly code: LawCode; readonly hundredths: number }[];
  /** The least that may be agreed, where there is such a floor. */
  readonly floorHundredths: number | null;
  readonly source: string;
  readonly sourced: boolean;
  readonly lawyerValidated: boolean;
}

export interface RateTerms {
  readonly regime: Exclude<Regime, 'none'>;
  /** What was agreed between professionals, in hundredths of a percent per year; null for nothing. */
  readonly contractHundredths: number | null;
  /** A private person as creditor has a legal rate of his own. */
  readonly creditorIsIndividual: boolean;
}

/**
 * The rate of late payment on a day.
 *
 * A public buyer owes the rate of the semester in which interest began to run, `begin`, however long he waits
 * (R2192-31); all others owe each day the rate of its own semester. Throws `MissingLawValue` for a semester without rate,
 * also when only the floor of an agreed rate lacks: a rate that can't be checked is not claimed.
 */
export function penaltyRate(law: Law, terms: RateTerms, begin: CivilDate, day: CivilDate): PenaltyRate {
  switch (terms.regime) {
    case 'public':
      return sum('public', begin, [
        lawOn(law, 'ecb_refinancing_rate', begin),
        lawOn(law, 'public_margin', begin),
      ]);
    case 'consumer':
      return sum('legal', day, [
        lawOn(law, terms.creditorIsIndividual ? 'legal_rate_individual' : 'legal_rate_business', day),
      ]);
    case 'eu':
      return terms.contractHundredths === null
        ? sum('eu', day, [lawOn(law, 'ecb_refinancing_rate', day), lawOn(law, 'eu_margin', day)])
        : agreed(terms.contractHundredths, day, null);
    case 'business': {
      const floor = floorOn(law, day);
      return terms.contractHundredths === null
        ? sum(
            'default',
            day,
            [lawOn(law, 'ecb_refinancing_rate', day), lawOn(law, 'default_margin', day)],
            floor,
          )
        : agreed(terms.contractHundredths, day, floor);
    }
  }
}

/** The legal rate after a judgment, raised from `raisedFrom` on (L313-3 CMF); null when the raise is not known yet. */
export function judgmentRate(
  law: Law,
  creditorIsIndividual: boolean,
  day: CivilDate,
  raisedFrom: CivilDate | null,
): PenaltyRate {
  const legal = lawOn(law, creditorIsIndividual ? 'legal_rate_individual' : 'legal_rate_business', day);
  if (raisedFrom === null || day < raisedFrom) return sum('judgment', day, [legal]);
  return sum('judgment', day, [legal, lawOn(law, 'judgment_margin', day)]);
}

interface Floor {
  readonly hundredths: number;
  readonly rows: readonly LawValue[];
}

/** Three times the legal rate, which for a company is that of business creditors. */
function floorOn(law: Law, day: CivilDate): Floor {
  const rows = [lawOn(law, 'floor_multiple', day), lawOn(law, 'legal_rate_business', day)];
  return { hundredths: rows.reduce((product, { value }) => product * value, 1), rows };
}

function sum(
  kind: PenaltyRate['kind'],
  day: CivilDate,
  rows: readonly LawValue[],
  floor: Floor | null = null,
): PenaltyRate {
  return {
    hundredths: rows.reduce((total, { value }) => total + value, 0),
    kind,
    semester: semesterOf(day),
    of: rows.map(({ code, value }) => ({ code, hundredths: value })),
    floorHundredths: floor?.hundredths ?? null,
    source: rows.map(({ source }) => source).join('; '),
    sourced: rows.every(({ sourced }) => sourced),
    lawyerValidated: rows.every(({ lawyerValidated }) => lawyerValidated),
  };
}

function agreed(hundredths: number, day: CivilDate, floor: Floor | null): PenaltyRate {
  return {
    ...sum('contract', day, floor?.rows ?? []),
    hundredths,
    of: [],
    floorHundredths: floor?.hundredths ?? null,
    source: ['contract', ...(floor?.rows ?? []).map(({ source }) => source)].join('; '),
  };
}
