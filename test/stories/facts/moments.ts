import type { Level } from '../../../domain/level.ts';
import type { CivilDate } from '../../../domain/time.ts';

/** When facts come to an invoice that has reached a level and waits for its next step: always in the morning. */
export interface Moment {
  readonly level: Exclude<Level, 'litigation'>;
  /** The morning on which the fact comes. */
  readonly comes: CivilDate;
  /** The day that is promised; the money of kept and partly kept promises comes on its evening, the last moment. */
  readonly promised: CivilDate;
  /** The last day of a hold that ends by itself. */
  readonly heldUntil: CivilDate;
  /** The morning on which the second half comes: a return, a resolution, a lifting. */
  readonly follows: CivilDate;
  readonly end: CivilDate;
}

export const moments = {
  preventive: {
    level: 'preventive',
    comes: '2026-03-11',
    promised: '2026-03-25',
    heldUntil: '2026-03-24',
    follows: '2026-03-23',
    end: '2026-04-07',
  },
  reminder: {
    level: 'reminder',
    comes: '2026-03-23',
    promised: '2026-03-27',
    heldUntil: '2026-03-31',
    follows: '2026-04-02',
    end: '2026-04-10',
  },
  firm: {
    level: 'firm',
    comes: '2026-04-10',
    promised: '2026-04-14',
    heldUntil: '2026-04-16',
    follows: '2026-04-21',
    end: '2026-04-23',
  },
  formal_notice: {
    level: 'formal_notice',
    comes: '2026-05-12',
    promised: '2026-05-27',
    heldUntil: '2026-05-28',
    follows: '2026-05-27',
    end: '2026-06-05',
  },
} satisfies Readonly<Record<Moment['level'], Moment>>;
