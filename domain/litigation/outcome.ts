/**
 * How a litigation file ends. Nothing is owed any more when somebody paid (`recovered`), or when what was owed was given up
 * or never was. Doubtful and irrecoverable are what accounts are told, and they have proposed entries.
 */
export const litigationOutcomes = [
  'recovered',
  'no_longer_owed',
  'withdrawn',
  'doubtful',
  'irrecoverable',
] as const;

export type LitigationOutcome = (typeof litigationOutcomes)[number];
