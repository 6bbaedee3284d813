import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedCentsOf, contestedCentsOf } from '../../../domain/collection.ts';
import { disputeOutcomes, grantOf } from '../../../domain/dispute/outcome.ts';
import { AFile } from '../a-file.ts';

const grants = ['credit_note', 'corrected_invoice', 'goodwill'] as const;

/** 1,000.00 EUR, the first reminder delivered on 2026-03-05; a part is contested on Friday the 6th. */
function contested(cents = 50_000): AFile {
  const file = new AFile().reach('2026-03-06');
  file.contest(cents, 'd');
  return file.work();
}

const toSales = {
  type: 'disputeQualified',
  disputeId: 'd',
  reason: 'price',
  department: 'sales',
  resolverId: 'r',
  answerBy: '2026-03-18',
} as const;

describe('a dispute with a ladder', () => {
  it('stops its amount at once, and nothing else', () => {
    const file = contested(20_000);

    expect(askedCentsOf(file.collection)).toBe(80_000);
    file.liveThrough('2026-03-16');
    expect(file.diary.at(-1)).toBe('2026-03-16 second-reminder by email');
  });

  it('leaves the telling of people to its ladder', () => {
    const file = contested(100_000).reach('2026-04-30');

    expect(file.decision.state).toBe('disputed');
    expect(file.diary.join()).not.toContain('told');
  });

  it('that is qualified has its task due when the resolver is to have answered, then when it is to be decided', () => {
    const file = contested();
    expect(file.task('dispute')?.dueOn).toBe('2026-03-13');

    file.record(toSales);
    expect(file.task('dispute')?.dueOn).toBe('2026-03-18');
    expect(file.collection.disputes[0]).toMatchObject({ reason: 'price', qualified: true });

    file.record({ type: 'disputeAnswered', disputeId: 'd', decideBy: '2026-03-20' });
    expect(file.task('dispute')?.dueOn).toBe('2026-03-20');
  });

  it('of an import gets its ladder when it is qualified', () => {
    const file = new AFile().reach('2026-03-06');
    file.dispute(100_000, 'd');
    file.work().record(toSales);

    file.reach('2026-04-30');

    expect(file.diary.join()).not.toContain('told');
  });

  it('that is rejected is asked for again on the next working day, from where the file left', () => {
    const file = contested(100_000).reach('2026-06-05');

    file.resolve('rejected', 'd');
    file.liveThrough('2026-06-16');

    expect(askedCentsOf(file.collection)).toBe(100_000);
    expect(file.diary.slice(-1)).toEqual(['2026-06-08 second-reminder by email']);
  });

  it.each(grants)('that ends with %s waits for it, with a task whose owner is told', (outcome) => {
    const file = contested(100_000);

    file.resolve(outcome, 'd');
    file.reach('2026-03-30');

    expect(file.decision.state).toBe('disputed');
    expect(file.task(outcome)).toMatchObject({ about: 'd', dueOn: '2026-03-13' });
    expect(file.diary.slice(-2)).toEqual(['2026-03-16 owner told', '2026-03-19 manager told']);
    file.credit(30_000);
    expect(file.task(outcome)).toBeUndefined();
    expect(askedCentsOf(file.collection)).toBe(70_000);
  });

  it('of which a part is granted has the rest asked for at once, and the granted part never', () => {
    const file = contested(50_000);

    file.resolve('credit_note', 'd', 30_000);
    expect(askedCentsOf(file.collection)).toBe(70_000);
    file.work().credit(30_000);

    expect(file.collection.disputes).toEqual([]);
    expect([file.collection.balanceCents, askedCentsOf(file.collection)]).toEqual([70_000, 70_000]);
  });

  it('of which a part is granted waits for all of that part, however many credit notes it takes', () => {
    const file = contested(50_000);
    file.resolve('credit_note', 'd', 30_000);

    file.work().credit(10_000);
    expect([file.collection.balanceCents, askedCentsOf(file.collection)]).toEqual([90_000, 70_000]);
    expect(file.task('credit_note')).toBeDefined();
    file.credit(20_000);

    expect(file.collection.disputes).toEqual([]);
    expect(askedCentsOf(file.collection)).toBe(70_000);
  });

  it('counts what was credited before it was decided', () => {
    const file = contested(50_000);
    file.credit(20_000);
    // Nobody has said yet that the credit was for this: what is contested stays unasked.
    expect(askedCentsOf(file.collection)).toBe(30_000);

    file.resolve('credit_note', 'd', 30_000);
    expect(contestedCentsOf(file.collection)).toBe(10_000);
    file.credit(10_000);

    expect([file.collection.balanceCents, askedCentsOf(file.collection)]).toEqual([70_000, 70_000]);
  });

  it('that is granted and gets more than it waited for leaves the rest to the next one', () => {
    const file = contested(30_000);
    file.contest(20_000, 'e');
    file.resolve('credit_note', 'd', 30_000);
    file.resolve('goodwill', 'e', 20_000);

    file.work().credit(40_000);

    expect(file.collection.disputes).toMatchObject([{ disputeId: 'e', contestedCents: 10_000 }]);
    expect(file.collection.balanceCents - askedCentsOf(file.collection)).toBe(10_000);
  });

  // Days under a whole dispute do not count towards the bound of the friendly phase; days under a partial one do.
  it('that is rejected after the end of the amicable phase leaves the question to a person, and repeats nothing', () => {
    const file = contested(20_000);
    // Nobody carries the next message.
    file.smooth = false;
    file.reach('2026-05-20');
    const before = file.diary.length;
    expect(file.task('escalation')).toBeDefined();

    file.resolve('rejected', 'd');
    file.liveThrough('2026-06-05');

    expect(file.diary.slice(before).filter((line) => line.includes(' by '))).toEqual([]);
    expect(file.decision.state).toBe('to_do');
    expect(askedCentsOf(file.collection)).toBe(100_000);
  });

  it('that closes with its invoice is there again when the payment comes back', () => {
    const file = contested(50_000);
    file.pay(100_000);
    expect(file.decision.kind).toBe('close');

    file.payReturned(100_000);

    expect(askedCentsOf(file.collection)).toBe(50_000);
    expect(file.work().task('dispute')).toMatchObject({ about: 'd' });
  });

  it('keeps unasked what is contested until it is decided, then what is granted until its paper has come', () => {
    const someCents = fc.integer({ min: 1, max: 20_000 });
    const someCourse = fc.record({
      contestedCents: fc.integer({ min: 1, max: 100_000 }),
      outcome: fc.constantFrom(...disputeOutcomes),
      part: fc.option(fc.integer({ min: 1, max: 1_000 })),
      before: fc.array(someCents, { maxLength: 3 }),
      after: fc.array(someCents, { maxLength: 6 }),
    });
    fc.assert(
      fc.property(someCourse, ({ contestedCents, outcome, part, before, after }) => {
        const file = new AFile();
        file.contest(contestedCents, 'd');
        let credited = 0;
        const unaskedIs = (cents: number): void => {
          const { balanceCents } = file.collection;
          expect(balanceCents - askedCentsOf(file.collection)).toBe(Math.min(cents, balanceCents));
        };
        const credits = (all: readonly number[], unasked: () => number): void => {
          for (const wanted of all) {
            const cents = Math.min(wanted, file.collection.balanceCents);
            if (cents <= 0) return;
            file.credit(cents);
            credited += cents;
            unaskedIs(unasked());
          }
        };
        const isPart = grantOf(outcome) !== null && part !== null;
        const grantedCents = isPart ? Math.max(1, Math.floor((contestedCents * part) / 1_000)) : undefined;
        const left = (): number => {
          if (grantOf(outcome) === null) return 0;
          if (grantedCents === undefined) return credited > 0 ? 0 : contestedCents;
          return Math.max(0, grantedCents - credited);
        };

        credits(before, () => contestedCents);
        expect(file.resolve(outcome, 'd', grantedCents)).toBeNull();
        unaskedIs(left());
        credits(after, left);
      }),
    );
  });

  it.each(grants)('that ends with %s is over when somebody says that no paper is to come', (outcome) => {
    const file = contested(50_000);
    file.resolve(outcome, 'd');
    file.work();

    expect(file.done(outcome, 'done')).toBeNull();

    expect(askedCentsOf(file.collection)).toBe(100_000);
  });
});
