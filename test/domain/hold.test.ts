import { describe, expect, it } from 'vitest';
import { AFile, aCompany } from './a-file.ts';

describe('a hold', () => {
  it('silences the invoice through its last day, and the next step comes on the working day after', () => {
    const file = new AFile().reach('2026-03-06');

    file.hold('2026-03-27');
    file.liveThrough('2026-03-27');
    expect(file.decision).toMatchObject({ state: 'held', reasons: [{ code: 'hold', on: '2026-03-27' }] });
    file.liveThrough('2026-03-30');

    expect(file.diary.at(-1)).toBe('2026-03-30 second-reminder by email');
  });

  it('without an end lasts until somebody lifts it', () => {
    const file = new AFile().reach('2026-03-06');
    file.hold(null);
    file.reach('2026-09-04');
    expect(file.decision).toMatchObject({ kind: 'wait', until: null, state: 'held' });

    file.ask({ type: 'holdLifted', holdId: 'hold' });
    file.liveThrough('2026-09-07');

    expect(file.diary.at(-1)).toBe('2026-09-07 second-reminder by email');
  });

  it('on the debtor holds each of his invoices until the debtor is free', () => {
    const holds = [{ holdId: 'talks', reason: 'negotiation', from: '2026-02-01', until: null }];
    const file = new AFile({ debtor: aCompany({ holds }) }).reach('2026-05-15');
    expect(file.decision.state).toBe('held');

    file.debtor({ holds: [] }).liveThrough('2026-05-18');

    expect(file.diary).toEqual(['2026-05-18 reminder by email']);
  });

  it('until the end of time needs no date of its own', () => {
    const file = new AFile().reach('2026-03-06');

    file.hold('9999-12-31');

    expect(file.decision.state).toBe('held');
  });

  it('that ran out long ago gives no more time when it is lifted', () => {
    const file = new AFile().reach('2026-03-06');
    file.hold('2026-03-10');
    file.reach('2026-03-20');

    file.record({ type: 'holdLifted', holdId: 'hold' });

    expect(file.collection.silences).toEqual([{ from: '2026-03-06', to: '2026-03-10' }]);
  });

  it('presses nobody to make the call that it forbids', () => {
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

    file.hold(null);
    file.reach('2026-04-30');

    expect(file.diary.join()).not.toContain('told');
  });
});
