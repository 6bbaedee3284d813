/**
 * A transaction began with a debtor that is no longer the right one: he was merged with another, or what it works on
 * belongs to somebody whom it has not locked.
 *
 * Debtors are read before they are locked, and a merge may come in between. It passes when the ids are read again, so it
 * carries the code of a serialization failure: whoever tries those again tries this again, and a caller is told to ask
 * anew.
 */
export class DebtorElsewhere extends Error {
  readonly code = '40001';
  readonly debtorId: string;
  /** `merged`: he is another one now. `unlocked`: he is the one whose lock is missing. */
  readonly why: 'merged' | 'unlocked';

  constructor(debtorId: string, why: 'merged' | 'unlocked') {
    super(
      why === 'merged'
        ? `debtor ${debtorId} was merged with another`
        : `the work is about debtor ${debtorId}, who is not locked`,
    );
    this.name = 'DebtorElsewhere';
    this.debtorId = debtorId;
    this.why = why;
  }
}
