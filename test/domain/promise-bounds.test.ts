import { describe, expect, it } from 'vitest';
import { isBankDataOld } from '../../domain/promise/bank-data-age.ts';
import { splitPromise } from '../../domain/promise/split-promise.ts';
import { isWhollyKept } from '../../domain/promise/whole-promise.ts';
import { addDays } from '../../domain/time.ts';
import { AFile } from './a-file.ts';
import { paris } from './calendars.ts';

const a = { invoiceId: 'a', dueDate: '2026-03-02', freeCents: 60_000 };
const b = { invoiceId: 'b', dueDate: '2026-02-02', freeCents: 40_000 };

describe('a promise over several invoices', () => {
  it('is meant for the oldest due first', () => {
    expect(splitPromise([a, b], 70_000)).toEqual([
      { invoiceId: 'b', amountCents: 40_000 },
      { invoiceId: 'a', amountCents: 30_000 },
    ]);
  });

  it('is about all of each when no sum is named', () => {
    expect(splitPromise([a, b])).toEqual([
      { invoiceId: 'b', amountCents: 40_000 },
      { invoiceId: 'a', amountCents: 60_000 },
    ]);
  });

  it('leaves out an invoice that the sum does not reach', () => {
    expect(splitPromise([a, b], 40_000)).toEqual([{ invoiceId: 'b', amountCents: 40_000 }]);
  });

  it('asks too much of the last when more is promised than owed, so that it is refused', () => {
    expect(splitPromise([a, b], 110_000).at(-1)).toEqual({ invoiceId: 'a', amountCents: 70_000 });
  });

  const part = (state: 'active' | 'kept' | 'withdrawn', amountCents: number, paidCents: number) => ({
    invoiceId: 'x',
    state,
    amountCents,
    paidCents,
  });

  it('is kept when the sum is in, on whichever invoice it was booked', () => {
    expect(isWhollyKept([part('kept', 60_000, 90_000), part('active', 40_000, 10_000)], 0)).toBe(true);
    expect(isWhollyKept([part('kept', 60_000, 90_000), part('active', 40_000, 9_999)], 0)).toBe(false);
  });

  it('is kept when no more is missing than the creditor lets pass', () => {
    expect(isWhollyKept([part('kept', 60_000, 60_000), part('active', 40_000, 39_500)], 500)).toBe(true);
    expect(isWhollyKept([part('kept', 60_000, 60_000), part('active', 40_000, 39_499)], 500)).toBe(false);
  });

  it('asks nothing for a part that was taken back', () => {
    expect(isWhollyKept([part('kept', 60_000, 60_000), part('withdrawn', 40_000, 0)], 0)).toBe(true);
    expect(isWhollyKept([part('withdrawn', 40_000, 0)], 0)).toBe(false);
  });
});

describe('the bounds of a promise', () => {
  const promise = (file: AFile, daysAhead: number, exceeding?: string) =>
    file.ask({
      type: 'promiseMade',
      promiseId: `${daysAhead}-${file.collection.fact}`,
      amountCents: 10_000,
      promisedOn: addDays(file.today, daysAhead),
      ...(exceeding === undefined ? {} : { exceeding }),
    });

  it('let 30 days stand by themselves and not one more', () => {
    const file = new AFile().reach('2026-03-06');

    expect(promise(file, 31)?.code).toBe('promise-too-far');
    expect(promise(file, 30)).toBeNull();
  });

  it('let two promises on an invoice stand by themselves and no third, however the first two ended', () => {
    const file = new AFile().reach('2026-03-06');

    expect(promise(file, 3)).toBeNull();
    expect(promise(file, 4)).toBeNull();
    file.ask({ type: 'promiseWithdrawn', promiseId: file.collection.promise?.promiseId ?? '' });

    expect(promise(file, 5)?.code).toBe('promises-too-many');
  });

  it('give way to a person who says why, up to the farthest day of the scenario', () => {
    const file = new AFile().reach('2026-03-06');
    promise(file, 3);
    promise(file, 4);

    expect(promise(file, 60, 'known_well')).toBeNull();
    expect(promise(file, 61, 'known_well')?.code).toBe('promise-too-far');
  });

  it('count the one that runs in a file of before promises were counted', () => {
    const file = new AFile().reach('2026-03-06');
    promise(file, 3);
    const { promisesMade: _counted, ...old } = file.collection;
    file.collection = old;

    expect(promise(file, 4)).toBeNull();
    expect(promise(file, 5)?.code).toBe('promises-too-many');
  });
});

describe('a promise with terms of its creditor', () => {
  it('is kept when no more is missing than he lets pass', () => {
    const file = new AFile().reach('2026-03-06');
    const terms = { promiseId: 'p', amountCents: 50_000, promisedOn: '2026-03-20', toleranceCents: 500 };
    file.ask({ type: 'promiseMade', ...terms });

    file.pay(49_499);
    expect(file.collection.promise).not.toBeNull();
    file.pay(1);

    expect(file.collection.promise).toBeNull();
  });

  it('waits for his days of grace in place of those of the scenario', () => {
    const file = new AFile().reach('2026-03-06');
    file.ask({
      type: 'promiseMade',
      promiseId: 'p',
      amountCents: 50_000,
      promisedOn: '2026-03-20',
      graceDays: 0,
    });

    file.liveThrough('2026-03-23');

    expect(file.diary).toContain('2026-03-21 promise broken');
  });

  it('is not broken while the bank data are awaited, and says so', () => {
    const file = new AFile().reach('2026-03-06');
    file.promise('2026-03-20');
    file.liveThrough('2026-03-24');
    const promiseId = file.collection.promise?.promiseId ?? '';
    file.record({ type: 'bankDataAwaited', promiseId, knownTo: '2026-03-18' });

    file.liveThrough('2026-04-10');

    expect(file.decision).toMatchObject({
      kind: 'wait',
      state: 'promised',
      reasons: [{ code: 'bank_data_old', on: '2026-03-18' }, { code: 'promise_overdue' }],
    });
    expect(file.diary.join()).not.toContain('promise broken');
  });
});

describe('bank data', () => {
  // 2026-03-20 is a Friday.
  it('are as old as the working days since their last day', () => {
    const limits = { knownTo: '2026-03-20', daysMax: 1 };

    expect(isBankDataOld(paris, limits, '2026-03-23')).toBe(false);
    expect(isBankDataOld(paris, limits, '2026-03-24')).toBe(true);
  });

  it('are never too old where nobody watches them, and always where none ever came', () => {
    expect(isBankDataOld(paris, { knownTo: '2025-01-01', daysMax: null }, '2026-03-23')).toBe(false);
    expect(isBankDataOld(paris, { knownTo: null, daysMax: 5 }, '2026-03-23')).toBe(true);
  });
});
