import { describe, expect, it } from 'vitest';
import { AFile } from './a-file.ts';

// Due on Monday 2026-03-02: reminder on Thursday 03-05, second reminder on Monday 03-16, grace of two working days.
describe('a promise to pay', () => {
  it('silences reminders through its day and its grace', () => {
    const file = new AFile().reach('2026-03-06');
    file.promise('2026-03-20');

    file.liveThrough('2026-03-24');

    expect(file.diary).toEqual(['2026-02-23 pre-due by email', '2026-03-05 reminder by email']);
    expect(file.decision.state).toBe('promised');
  });

  it('lets the scenario resume on the day on which it is found broken', () => {
    const file = new AFile().reach('2026-03-06');
    file.promise('2026-03-20');

    file.liveThrough('2026-03-25');

    expect(file.diary.slice(2)).toEqual(['2026-03-25 promise broken', '2026-03-25 second-reminder by email']);
  });

  it('keeps the planned distance after it was broken', () => {
    const file = new AFile().reach('2026-03-06');
    file.promise('2026-03-20');

    file.reach('2026-04-10');

    expect(file.diary.slice(4)).toEqual(['2026-04-03 firm-reminder by email']);
  });

  it('is kept when the money comes on its last day of grace', () => {
    const file = new AFile().reach('2026-03-06');
    file.promise('2026-03-20');

    file.liveThrough('2026-03-24').pay(100_000);

    expect(file.decision).toMatchObject({ kind: 'close', outcome: 'paid' });
    expect(file.collection.promise).toBeNull();
  });

  it('is kept when several payments make up its amount, and the rest is asked for from the next working day', () => {
    const file = new AFile().reach('2026-03-16').liveThrough('2026-03-16');
    file.promise('2026-04-30', 50_000);

    file.reach('2026-03-27').pay(20_000);
    expect(file.decision.state).toBe('promised');
    file.pay(30_000).liveThrough('2026-03-30');

    expect(file.collection.promise).toBeNull();
    expect(file.diary.at(-1)).toBe('2026-03-30 firm-reminder by email');
  });

  it('that is kept in part is broken for the rest', () => {
    const file = new AFile().reach('2026-03-06');
    file.promise('2026-03-20');
    file.reach('2026-03-19').pay(40_000);

    file.reachInstant(file.now + 6 * 86_400_000);

    expect(file.diary).toContain('2026-03-25 promise broken');
    expect(file.collection.balanceCents).toBe(60_000);
  });

  it('is not kept by money that went back', () => {
    const file = new AFile().reach('2026-03-06');
    file.promise('2026-03-20', 50_000);

    file.pay(40_000).payReturned(40_000).pay(10_000);

    expect(file.collection.promise?.receivedCents).toBe(10_000);
  });

  it('loses nothing of what came under it when a payment of before goes back', () => {
    const file = new AFile().reach('2026-03-06');
    file.pay(50_000);
    file.promise('2026-03-20', 40_000);

    file.pay(30_000).payReturned(50_000, 'AC04', 0);

    expect(file.collection.promise?.receivedCents).toBe(30_000);
    expect(file.pay(10_000).collection.promise).toBeNull();
  });

  it('does not count against the debtor’s amicable time', () => {
    const promised = new AFile().reach('2026-03-06');
    promised.promise('2026-05-04');

    promised.liveThrough('2026-05-20');

    expect(promised.diary.at(-1)).toBe('2026-05-18 firm-reminder by email');
    expect(promised.diary.join()).not.toContain('escalation');
  });

  it('that is withdrawn lets the scenario resume on the next working day', () => {
    const file = new AFile().reach('2026-03-06');
    file.promise('2026-04-20');
    file.reach('2026-03-27');

    file.ask({ type: 'promiseWithdrawn', promiseId: file.collection.promise?.promiseId ?? '' });
    file.liveThrough('2026-03-30');

    expect(file.diary.at(-1)).toBe('2026-03-30 second-reminder by email');
  });

  it('takes what stands at the door back', () => {
    const file = new AFile();
    file.smooth = false;
    file.liveThrough('2026-02-23');
    expect(file.decision).toMatchObject({
      state: 'at_the_door',
      standing: { step: 'pre-due', occurrence: 1 },
    });

    file.promise('2026-03-10');

    expect(file.decision).toMatchObject({ state: 'promised', standing: null });
  });
});
