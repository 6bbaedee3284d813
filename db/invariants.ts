/**
 * What must hold at every moment, whatever was killed when, and what is known to be broken.
 *
 * Each has a number by which people speak of it. Some are views that must be empty, some need the rules or Temporal
 * beside the tables; a finding names the invariant all the same.
 */
export const invariants = {
  I01: 'Every asking stands at the door once, has one open message, and is repeated only after a recorded failure; every key of a caller did one thing.',
  I02: 'No asking has more than one message that may have left, unless it is flagged as a possible duplicate.',
  I03: 'No message was claimed against what its invoices’ logs said by then: paid, cancelled, wholly disputed, insolvent or stopped.',
  I04: 'Of every payment and credit note, what is allocated and what is not make up its amount, in its currency; what went to interest names its payment.',
  I05: 'Every balance is the sum of its ledger, between nothing and the amount; credit beyond it stands in the debtor’s account.',
  I06: 'Every fact reaches its workflow within ten minutes, stands in a history, and is applied once.',
  I07: 'Every open invoice with a wake-up has one running workflow that moves, and no closed one has any.',
  I08: 'Every report of a provider is stored once, and acted upon within ten minutes.',
  I09: 'Every chain of the journal verifies from its beginning to its head.',
  I15: 'Steps are asked for in the order of the scenario, none is taken twice, and every skip has a reason.',
  I17: 'Every open file has a wake-up that has not long passed, an open task or a named reason to be silent; what was handed over and is owed is in a litigation file.',
  I18: 'Of every import, rows created, updated, unchanged and rejected make up its rows, and their sums agree.',
  I21: 'Nothing open points to a debtor who was merged with another; an invoice, its file and its ledger name one debtor.',
  I23: 'What left is what was composed, to whom it was addressed; papers and the words of people are those that the journal names, and stand where it names them.',
  I24: 'The history of every run that is over is archived within a day, whole and as it was; each fact stands in a history as in the journal.',
  I25: 'Every chain still holds, at its place, what the anchors kept outside the database say of it; none of them was altered or taken away.',
  I26: 'Every movement of an invoice’s money has its fact, and every such fact its movement, of the same amount, day and balance; payments, credit notes and accounts say what the journal says was recorded.',
  I22: 'Every portfolio that was written down at the end of a day is what the log still says of that day, and nobody has changed it since.',
  I27: 'Every version of a scenario and every calendar says what it said when it came to be used.',
  I28: 'Every creditor, every debtor with his contacts and every agreed rate is as the journal last said.',
  I29: 'Who has which role, who asked and who answered, who holds and stops, what the house has set and what was added to the law is as the journal says.',
  folds:
    'The stored file is the fold of its facts, its columns are what the rules decide of it, its promises, disputes, holds and plans are as the facts say, and its workflow holds the same.',
} as const;

export type InvariantId = keyof typeof invariants;

/** What `npm run verify` can't look at, for it needs more than the database and Temporal: `npm run audit -- verify` does. */
const beyond: ReadonlySet<InvariantId> = new Set(['I24', 'I25']);

/** One thing that is wrong. */
export interface Finding {
  readonly subject: string;
  readonly what: string;
}

/** What one invariant came to. */
export interface Verdict {
  readonly id: InvariantId;
  readonly says: string;
  /** The first offenders, `offendersShownMax` at most where nobody asks for more; empty when it holds. */
  readonly offenders: readonly Finding[];
  readonly count: number;
  /** Which part of it could not be looked at, and why; null when all of it was. */
  readonly skipped: string | null;
}

export const offendersShownMax = 10;

/** Gathers what the checks find; it keeps the first few offenders, or as many as is said, and counts the others. */
export class Findings {
  readonly #shownMax: number;
  readonly #found = new Map<InvariantId, { offenders: Finding[]; count: number }>();
  readonly #skipped = new Map<InvariantId, string>();
  readonly #looked = new Set<InvariantId>();

  constructor(shownMax = offendersShownMax) {
    this.#shownMax = shownMax;
  }

  add(id: InvariantId, subject: string, what: string): void {
    const found = this.#found.get(id) ?? { offenders: [], count: 0 };
    this.#found.set(id, found);
    found.count += 1;
    if (found.offenders.length < this.#shownMax) found.offenders.push({ subject, what });
  }

  /** Says that a part of the invariant could not be looked at. */
  skip(id: InvariantId, why: string): void {
    this.#skipped.set(id, why);
  }

  /** Says that one is looked at that not everybody looks at. */
  looksAt(id: InvariantId): void {
    this.#looked.add(id);
  }

  /** One for each invariant that was looked at. */
  verdicts(): readonly Verdict[] {
    const ids = (Object.keys(invariants) as InvariantId[]).filter(
      (id) => !beyond.has(id) || this.#looked.has(id),
    );
    return ids.map((id) => ({
      id,
      says: invariants[id],
      offenders: this.#found.get(id)?.offenders ?? [],
      count: this.#found.get(id)?.count ?? 0,
      skipped: this.#skipped.get(id) ?? null,
    }));
  }
}
