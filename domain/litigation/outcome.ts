/** How a litigation file ends. Doubtful and irrecoverable are what accounts are told, and they have proposed entries. */
export const litigationOutcomes = ['recovered', 'withdrawn', 'doubtful', 'irrecoverable'] as const;

export type LitigationOutcome = (typeof litigationOutcomes)[number];
