import { performance } from 'node:perf_hooks';
import type { CarrierOutcome } from './carrier.ts';

/** Calls in a row of which nobody knows what they did, after which the account is left alone. */
const unknownsMax = 5;
/** How long; then one call, and no other beside it, shows whether it is over. */
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
  readonly #now: () => number;

  /** `now` counts real milliseconds from anywhere. */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** Hears what a call came to, whatever it was; answers for how many real milliseconds its account is to be left alone, or null. */
  hear(account: string, outcome: CarrierOutcome): number | null {
    const ms = this.#askedBy(account, outcome);
    if (ms !== null) this.#until.set(account, Math.max(this.#until.get(account) ?? 0, this.#now() + ms));
    return ms;
  }

  /** Real milliseconds until the account may be called; 0 when it may be now: of a troubled one, only the first who asks is told so. */
  askMs(account: string): number {
    const awayMs = Math.max(0, (this.#until.get(account) ?? 0) - this.#now());
    if (awayMs === 0 && this.#isTroubled(account)) this.#until.set(account, this.#now() + troubledMs);
    return awayMs;
  }

  #isTroubled(account: string): boolean {
    return (this.#unknowns.get(account) ?? 0) >= unknownsMax;
  }

  #askedBy(account: string, outcome: CarrierOutcome): number | null {
    // Who could not be reached has said nothing.
    if (outcome.kind === 'not_sent' && outcome.busy !== true) return null;
    if (outcome.kind === 'unknown') {
      this.#unknowns.set(account, (this.#unknowns.get(account) ?? 0) + 1);
      return this.#isTroubled(account) ? troubledMs : null;
    }
    if (this.#isTroubled(account)) this.#until.delete(account);
    this.#unknowns.set(account, 0);
    return outcome.kind === 'not_sent' ? outcome.retryAfterMs : null;
  }
}
