import type { Fact } from '../fact.ts';

/** Which steps a file had been asked for, as its log is gone through. */
export class Askings {
  readonly #asked = new Set<string>();

  /** Whether what a fact says of a step follows its asking; a fact about anything else follows whatever it likes. */
  precede(fact: Fact): boolean {
    switch (fact.type) {
      case 'stepRequested':
        this.#asked.add(nameOf(fact.step, fact.occurrence));
        return true;
      case 'stepSent':
      case 'stepUnconfirmed':
      case 'stepHanded':
      case 'stepPosted':
      case 'stepDelivered':
        return this.#asked.has(nameOf(fact.step, fact.occurrence));
      default:
        return true;
    }
  }
}

function nameOf(step: string, occurrence: number): string {
  return `${occurrence} ${step}`;
}
