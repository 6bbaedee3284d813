import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from '../../domain/apply.ts';
import type { Collection } from '../../domain/collection.ts';
import { isClosed } from '../../domain/collection.ts';
import { decide } from '../../domain/decide.ts';
import type { Fact, FactBody } from '../../domain/fact.ts';
import { levelReached } from '../../domain/schedule.ts';
import { AFile, someone } from './a-file.ts';

/*
 * F22 and F23, on the file: money that comes, is too much, is credited and comes back, in 5,000 sequences. A file that has
 * had two reminders is opened again where it was, and never begins anew.
 */
const start = new AFile().liveThrough('2026-04-01');

const event = fc.oneof(
  fc.record({ do: fc.constant('pay' as const), cents: fc.integer({ min: 1, max: 150_000 }) }),
  fc.record({ do: fc.constant('credit' as const), cents: fc.integer({ min: 1, max: 150_000 }) }),
  fc.record({ do: fc.constant('return' as const), which: fc.nat({ max: 9 }) }),
);

type Apply = (file: Collection, fact: Fact) => Collection;

/** What is wrong with the file after one of the events, if anything. */
function wrongIn(events: readonly (typeof event extends fc.Arbitrary<infer E> ? E : never)[], fold: Apply) {
  let file = start.collection;
  const payments: number[] = [];
  const before = { level: levelReached(file, start.now), steps: taken(file), place: file.place };
  for (const one of events) {
    const body = bodyOf(one, file.balanceCents, payments);
    if (!body) continue;
    const stamp = { n: file.fact + 1, at: start.now, day: start.today, by: someone };
    const owed = 'balanceCents' in body ? body.balanceCents : file.balanceCents;
    file = fold(file, { ...body, ...stamp });
    if (file.balanceCents !== owed) return 'owes something else';
    if (isClosed(file) !== owed <= 0)
      return owed <= 0 ? 'goes on for nothing' : 'is closed though it is owed';
    if (levelReached(file, start.now) !== before.level) return 'fell to another level';
    if (taken(file) !== before.steps || file.place !== before.place) return 'begins anew';
    const decision = decide(file, start.now);
    if (decision.kind === 'act' && decision.action.do === 'requestStep')
      if (before.steps.includes(`${decision.action.step};`)) return `asks for ${decision.action.step} again`;
  }
  return undefined;
}

/** The event as the ledger makes a fact of it: no more settles an invoice than it owes, and the rest is credit. */
function bodyOf(
  one: Parameters<typeof wrongIn>[0][number],
  owed: number,
  payments: number[],
): FactBody | undefined {
  if (one.do === 'return') {
    const [cents] = payments.splice(one.which % (payments.length || 1), 1);
    if (cents === undefined) return undefined;
    const balanceCents = owed + cents;
    const back = { paymentId: 'p', amountCents: cents, balanceCents, on: start.today };
    return { type: 'paymentReturned', ...back, reason: 'insufficient_funds' };
  }
  const amountCents = Math.min(one.cents, owed);
  if (amountCents === 0) return undefined;
  const settled = { amountCents, balanceCents: owed - amountCents, on: start.today };
  if (one.do === 'credit') return { type: 'creditNoteRecorded', creditNoteId: 'c', ...settled };
  payments.push(amountCents);
  return { type: 'paymentRecorded', paymentId: 'p', ...settled };
}

function taken(file: Collection): string {
  return file.steps
    .filter((record) => record.state === 'taken')
    .map(({ step }) => `${step};`)
    .join('');
}

function sequences(fold: Apply): void {
  const some = fc.array(event, { minLength: 3, maxLength: 14 });
  fc.assert(
    fc.property(some, (events) => {
      const wrong = wrongIn(events, fold);
      if (wrong) throw new Error(wrong);
    }),
    { numRuns: 5_000 },
  );
}

describe('money that comes, is credited and comes back in any order', () => {
  it('leaves the file at its level and step, open exactly while something is owed', () => {
    expect(taken(start.collection).split(';').length).toBeGreaterThan(2);

    sequences(apply);
  });

  it('would be found out, were a reversal to start the file anew, or not to open it', () => {
    const anew: Apply = (file, fact) =>
      fact.type === 'paymentReturned' ? { ...apply(file, fact), steps: [], place: 0 } : apply(file, fact);
    const deaf: Apply = (file, fact) =>
      fact.type === 'paymentReturned' ? { ...file, fact: fact.n } : apply(file, fact);

    expect(() => sequences(anew)).toThrow('Property failed');
    expect(() => sequences(deaf)).toThrow('Property failed');
  });
});
