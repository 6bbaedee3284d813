import { performance } from 'node:perf_hooks';
import type { CarrierOutcome } from './carrier.ts';

/** Calls in a row of which nobody knows what they did, after which the account is left alone. */
const unknownsMax = 5;
/** How long; then one call shows whether it is over, because the next unknown one begins the time anew. */
const troubledMs = 60_000;

/**
 * What the calls of this process have shown of the accounts: which are to be left alone, and for how long.
 *
 * A provider that is too busy says so. One that breaks down answers with 5xx or not at all, and every message that is
 * given to it then is one of which nobody knows whether it left: evidence is sought for a day, then a person decides. So
 * a few in a row are enough; what else is due stays at the door, where it is certain that it has not left. A call that
 * waited for its turn asks again before it is made: what the others learned meanwhile holds for it too.
 */
export class LeftAlone {
  readonly #unknowns = new Map<string, number>();
  readonly #until = new Map<string, number>();

  /** Hears what a call came to; answers for how many real milliseconds its account is to be left alone, or null. */
  hear(account: string, outcome: CarrierOutcome): number | null {
    const ms = this.#askedBy(account, outcome);
    if (ms !== null)
      this.#until.set(account, Math.max(this.#until.get(account) ?? 0, performance.now() + ms));
    return ms;
  }

  /** Real milliseconds until the account may be called; 0 when it may be now. */
  awayMs(account: string): number {
    return Math.max(0, (this.#until.get(account) ?? 0) - performance.now());
  }

  #askedBy(account: string, outcome: CarrierOutcome): number | null {
    if (outcome.kind === 'not_sent') return outcome.busy === true ? outcome.retryAfterMs : null;
    const unknowns = outcome.kind === 'unknown' ? (this.#unknowns.get(account) ?? 0) + 1 : 0;
    this.#unknowns.set(account, unknowns);
    return unknowns >= unknownsMax ? troubledMs : null;
  }
}
