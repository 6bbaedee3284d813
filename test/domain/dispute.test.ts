import { describe, expect, it } from 'vitest';
import { askedCentsOf } from '../../domain/collection.ts';
import { AFile } from './a-file.ts';

describe('a dispute', () => {
  it('over the whole invoice silences it and gives somebody the task', () => {
    const file = new AFile().reach('2026-03-06');

    file.dispute();
    file.reach('2026-05-15');

    expect(file.decision.state).toBe('disputed');
    expect(file.task('dispute')).toMatchObject({ about: 'id-1' });
    expect(file.diary.slice(2)).toEqual([
      '2026-03-06 task: dispute',
      '2026-03-16 owner told',
      '2026-03-19 manager told',
    ]);
  });

  it('that is resolved lets the invoice rejoin on the next working day, where it left, with its time given back', () => {
    const file = new AFile().reach('2026-03-06');
    file.dispute();
    file.reach('2026-06-05');

    file.resolve('unjustified');
    file.liveThrough('2026-06-16');

    expect(file.task('dispute')).toBeUndefined();
    expect(file.diary.slice(-1)).toEqual(['2026-06-08 second-reminder by email']);
  });

  it('over a part lets the rest be asked for', () => {
    const file = new AFile().reach('2026-03-06');

    file.dispute(30_000);
    file.liveThrough('2026-03-16');

    expect(askedCentsOf(file.collection)).toBe(70_000);
    expect(file.diary.at(-1)).toBe('2026-03-16 second-reminder by email');
  });

  // A file with two half disputes was once counted as amicable while it was silent.
  it('over one half and then the other silences the invoice, and gives the time back', () => {
    const file = new AFile().reach('2026-03-06');
    file.dispute(50_000, 'first half');
    file.dispute(50_000, 'second half');
    expect(file.decision).toMatchObject({ kind: 'act', action: { task: 'dispute' } });
    file.reach('2026-06-05');
    expect(file.decision.state).toBe('disputed');

    file.resolve('unjustified', 'first half');
    file.liveThrough('2026-06-08');

    expect(file.diary.at(-1)).toBe('2026-06-08 second-reminder by email');
  });

  it('that is justified keeps the debtor unasked until the credit note is there, and asks somebody for it', () => {
    const file = new AFile().reach('2026-03-06');
    file.dispute();
    file.reach('2026-03-20').resolve('justified');
    file.liveThrough('2026-04-30');
    expect(file.decision.state).toBe('disputed');
    expect(file.diary.slice(-3)).toEqual([
      '2026-03-20 task: credit_note',
      '2026-03-30 owner told',
      '2026-04-02 manager told',
    ]);

    file.credit(30_000).liveThrough('2026-05-04');

    expect(file.task('credit_note')).toBeUndefined();
    expect(file.diary.at(-1)).toBe('2026-05-04 second-reminder by email');
    expect(askedCentsOf(file.collection)).toBe(70_000);
  });

  it('that is justified after its credit note lets the rest be asked for at once', () => {
    const file = new AFile().reach('2026-03-06');
    file.dispute(30_000);

    file.credit(30_000).resolve('justified');

    expect(file.collection.disputes).toEqual([]);
    expect(askedCentsOf(file.collection)).toBe(70_000);
  });

  it('that is justified is over when somebody says that no credit note is to come', () => {
    const file = new AFile().reach('2026-03-06');
    file.dispute();
    file.resolve('justified');
    file.work();

    file.done('credit_note', 'done');

    expect(askedCentsOf(file.collection)).toBe(100_000);
  });

  it('is resolved once', () => {
    const file = new AFile().reach('2026-03-06');
    file.dispute(30_000, 'part');
    file.resolve('justified', 'part');

    expect(file.resolve('unjustified', 'part')).toMatchObject({ code: 'dispute-unknown' });
  });

  it('over a part becomes whole when the rest is paid, and silences what is left', () => {
    const file = new AFile().reach('2026-03-06');
    file.dispute(30_000);

    file.work().pay(70_000).reach('2026-05-04');

    expect(file.decision.state).toBe('disputed');
    expect(file.diary.join()).not.toContain('second-reminder');
  });

  it('keeps its task for as long as it is open', () => {
    const file = new AFile().reach('2026-03-06');
    file.dispute();
    file.work();

    expect(file.done('dispute', 'done')?.message).toContain('resolution');
    file.record({ type: 'taskDone', taskId: file.task('dispute')?.taskId ?? '', outcome: 'done' });

    expect(file.decision).toMatchObject({ kind: 'act', action: { do: 'openTask', task: 'dispute' } });
  });

  it('leaves nobody waiting when the invoice is settled meanwhile', () => {
    const file = new AFile().reach('2026-03-06');
    file.dispute();
    file.work().pay(100_000);

    expect(file.decision).toMatchObject({ kind: 'close', outcome: 'paid' });
    expect(file.collection.tasks).toEqual([]);
  });
});
