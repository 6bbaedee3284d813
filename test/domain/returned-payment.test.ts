import { describe, expect, it } from 'vitest';
import { enteredInError } from '../../domain/fact.ts';
import { levelReached } from '../../domain/schedule.ts';
import { AFile } from './a-file.ts';

describe('a payment that comes back', () => {
  it('makes a direct debit chaseable, from its first reminder, on the next working day', () => {
    const file = new AFile({ paidBy: 'direct_debit' }).reach('2026-03-11');
    expect(file.decision).toMatchObject({
      state: 'held',
      reasons: [{ code: 'not_chased', detail: 'direct_debit' }],
    });
    file.pay(100_000).reach('2026-03-12');

    file.payReturned(100_000).liveThrough('2026-03-13');

    expect(file.diary).toEqual(['2026-03-13 reminder by email']);
  });

  it('leaves a direct debit alone when the payment had been entered in error', () => {
    const file = new AFile({ paidBy: 'direct_debit' }).reach('2026-03-11').pay(5_000);

    file.payReturned(5_000, enteredInError).liveThrough('2026-04-30');

    expect(file.diary).toEqual([]);
    expect(file.decision).toMatchObject({ reasons: [{ code: 'not_chased', detail: 'direct_debit' }] });
  });

  // SEPA gives a debtor eight weeks, and thirteen months without a mandate.
  it('after two months asks for a reminder and not at once for a decision', () => {
    const file = new AFile({ paidBy: 'direct_debit' }).reach('2026-03-11');
    file.pay(100_000).reach('2026-05-29');

    file.payReturned(100_000).liveThrough('2026-06-01');

    expect(file.diary).toEqual(['2026-06-01 reminder by email']);
  });

  it('opens a paid invoice again at its level, never at its first step', () => {
    const file = new AFile().liveThrough('2026-03-16').pay(100_000).reach('2026-04-16');
    expect(file.decision.kind).toBe('close');

    file.payReturned(100_000).liveThrough('2026-04-17');

    expect(file.diary.at(-1)).toBe('2026-04-17 firm-reminder by email');
    expect(levelReached(file.collection, file.now)).toBe('firm');
  });

  it('opens what was written off, when something is owed again', () => {
    const file = new AFile().reach('2026-03-06');
    file.record({
      type: 'writtenOff',
      amountCents: 100_000,
      balanceCents: 0,
      on: '2026-03-06',
      reason: 'small',
    });

    file.payReturned(20_000);

    expect(file.decision.kind).toBe('wait');
  });

  it('leaves a cancelled invoice cancelled when nothing is owed', () => {
    const file = new AFile().reach('2026-03-06').pay(30_000);
    file.record({ type: 'invoiceCancelled', balanceCents: -30_000, reason: 'error' });

    file.payReturned(30_000);

    expect(file.decision).toMatchObject({ kind: 'close', outcome: 'cancelled' });
  });

  it('leaves with the partner what was handed over', () => {
    const file = new AFile().reach('2026-03-06');
    file.record({ type: 'handedOver', packId: 'pack' });

    file.payReturned(10_000);

    expect(file.decision).toMatchObject({ kind: 'close', outcome: 'handed_over' });
  });

  // The call was in somebody's hands when the payment closed the file: without its task nobody would ever call.
  it('asks anew for a call that was open when the invoice was paid', () => {
    const file = new AFile();
    file.liveThrough('2026-03-25');
    file.smooth = false;
    file.liveThrough('2026-04-01');
    file.record({
      type: 'stepHanded',
      step: 'call',
      occurrence: 1,
      messageId: 'm',
      taskId: 'call',
      task: 'call',
      dueOn: '2026-04-02',
    });
    file.pay(100_000);
    expect(file.collection.tasks).toEqual([]);

    file.payReturned(100_000).liveThrough('2026-04-02');

    expect(file.diary.at(-1)).toBe('2026-04-02 call by call');
  });
});
