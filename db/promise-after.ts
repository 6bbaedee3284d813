import type { Collection, PromiseToPay } from '../domain/collection.ts';
import type { Fact } from '../domain/fact.ts';
import type { PartState } from '../domain/promise/whole-promise.ts';

/** What a fact made of the promise that ran before it. */
export interface PromiseAfter {
  readonly promiseId: string;
  readonly receivedCents: number;
  readonly state: PartState;
}

/**
 * A promise ends in many ways: by money, by a day that passed, by another promise, by the end of the file. Null when the fact
 * says nothing about one.
 */
export function promiseAfter(before: Collection, after: Collection, fact: Fact): PromiseAfter | null {
  const promise = before.promise;
  if (!promise || promise === after.promise) return null;
  const running = after.promise?.promiseId === promise.promiseId ? after.promise : null;
  const receivedCents =
    running?.receivedCents ??
    (fact.type === 'paymentRecorded' ? promise.receivedCents + fact.amountCents : promise.receivedCents);
  const state = running ? 'active' : outcomeOf(fact, receivedCents, promise, after);
  return { promiseId: promise.promiseId, receivedCents, state };
}

function outcomeOf(
  fact: Fact,
  receivedCents: number,
  { amountCents, toleranceCents = 0 }: PromiseToPay,
  after: Collection,
): PartState {
  if (fact.type === 'promiseKept' || receivedCents >= amountCents - toleranceCents) return 'kept';
  // Whoever pays all that is still owed has kept his word, whatever a credit note has made of the sum.
  if (fact.type === 'paymentRecorded' && after.balanceCents <= 0) return 'kept';
  // What is missing was found too little to speak of.
  if (fact.type === 'smallDifferenceFound') return 'kept';
  if (fact.type === 'promiseMade') return 'replaced';
  if (fact.type === 'promiseBroken') return receivedCents > 0 ? 'partly_kept' : 'broken';
  return 'withdrawn';
}
