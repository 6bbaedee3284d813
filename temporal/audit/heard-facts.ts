import { isDeepStrictEqual } from 'node:util';
import { apply, openCollection } from '../../domain/apply.ts';
import { isClosed } from '../../domain/collection.ts';
import type { Collection } from '../../domain/collection.ts';
import type { Fact } from '../../domain/fact.ts';
import { storedFrom, textOf } from '../../db/journal.ts';
import { factsHeardIn } from '../facts-in-history.ts';
import type { RunHistory } from './histories.ts';

/** What the facts of a journal and the histories of its workflow say of each other. */
export interface Compared {
  /** What differs, as it reads after the name of the invoice. */
  readonly differences: readonly string[];
  /** The facts that the workflow had to hear, and that stand in no history. */
  readonly unheard: readonly number[];
}

/**
 * Compares the log of an invoice with what its runs heard: every fact in the same words, and every file with which a run
 * started the fold of the facts up to there.
 *
 * A fact counts as heard by a run that was told it, or that started with a file that holds it: while Temporal was down,
 * or the invoice closed, nobody was told. One that found the invoice closed and left it closed is told to nobody.
 */
export function compareHeard(facts: readonly Fact[], runs: readonly RunHistory[]): Compared {
  const lives = runs.flatMap(({ runId, history }) => (history ? [{ runId, ...factsHeardIn(history) }] : []));
  const differences: string[] = [];
  const said = new Map(facts.map((fact) => [fact.n, plainFact(fact)]));
  for (const { runId, heard } of lives)
    for (const fact of heard) {
      const own = said.get(fact.n);
      if (own === undefined)
        differences.push(`has no fact ${fact.n}, and its run ${runId} heard ${fact.type} under that number`);
      else if (!isDeepStrictEqual(plainFact(fact), own))
        differences.push(`has fact ${fact.n} (${fact.type}) otherwise than its run ${runId} heard it`);
    }

  const heardByAny = new Set(lives.flatMap(({ heard }) => heard.map(({ n }) => n)));
  const carriedTo = Math.max(0, ...lives.map(({ start }) => start?.fact ?? 0));
  const unheard: number[] = [];
  for (const { fact, openBefore, file } of filesAfter(facts)) {
    for (const { runId, start } of lives)
      if (start?.fact === fact.n && !isDeepStrictEqual(plainFile(start), plainFile(file)))
        differences.push(`does not make of ${fact.n} facts the file with which its run ${runId} started`);
    if ((openBefore || !isClosed(file)) && fact.n > carriedTo && !heardByAny.has(fact.n))
      unheard.push(fact.n);
  }
  return { differences, unheard };
}

/** The file after each fact, and whether it was open before. */
function* filesAfter(
  facts: readonly Fact[],
): Generator<{ fact: Fact; openBefore: boolean; file: Collection }> {
  const [first, ...others] = facts;
  if (first?.type !== 'invoiceRegistered') return;
  let file = openCollection(first);
  yield { fact: first, openBefore: true, file };
  for (const fact of others) {
    const openBefore = !isClosed(file);
    file = apply(file, fact);
    yield { fact, openBefore, file };
  }
}

/** Rules by their ids, as the journal keeps them. */
function plainFact(fact: Fact): unknown {
  return JSON.parse(textOf(fact));
}

function plainFile(file: Collection): unknown {
  return JSON.parse(storedFrom(file));
}
