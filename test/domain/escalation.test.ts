import { describe, expect, it } from 'vitest';
import { AFile } from './a-file.ts';

/** Reminded once; then the call stays undone, and the amicable phase of 60 days ends on 2026-05-04. */
function atTheBound(): AFile {
  const file = new AFile().liveThrough('2026-03-31');
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
  return file.liveThrough('2026-05-04');
}

describe('the end of the amicable phase', () => {
  it('comes also while somebody else is slow, and asks a person', () => {
    const file = atTheBound();

    expect(file.diary.slice(5)).toEqual([
      '2026-04-03 owner told',
      '2026-04-09 manager told',
      '2026-05-04 task: escalation',
    ]);
  });

  it('asks for no formal notice by itself', () => {
    const file = atTheBound().reach('2026-12-01');

    expect(file.diary.join()).not.toContain('formal-notice');
  });

  it('is put off by two weeks of silence when the person grants time', () => {
    const file = atTheBound();

    file.done('escalation', 'extend');
    file.liveThrough('2026-05-19');
    expect(file.decision).toMatchObject({ state: 'held', reasons: [{ code: 'hold', detail: 'extended' }] });
    file.liveThrough('2026-05-20');

    expect(file.diary.at(-1)).toBe('2026-05-20 task: escalation');
  });

  it('lets the formal notice be drafted on the next working day when the person decides so, and drops the call', () => {
    const file = atTheBound();

    file.done('escalation', 'formal_notice');
    file.liveThrough('2026-05-05');

    expect(file.diary.at(-1)).toBe('2026-05-05 formal-notice by registered_letter');
    expect(file.task('call')).toBeUndefined();
  });

  it('hands the file over on the next working day when the person decides so, without asking twice', () => {
    const file = atTheBound();

    file.done('escalation', 'hand_over');
    file.liveThrough('2026-05-05');

    expect(file.diary.slice(-2)).toEqual(['2026-05-04 task: escalation', '2026-05-05 handed over']);
  });

  it('asks once more for the hand-over when the debtor promised between the decision and its day', () => {
    const file = atTheBound();

    file.done('escalation', 'hand_over');
    file.promise('2026-05-05');
    file.liveThrough('2026-05-11');

    expect(file.diary.slice(-2)).toEqual(['2026-05-08 promise broken', '2026-05-11 task: hand_over']);
  });

  it('lets the last reminder leave, and not the call that was open, when the person has the debtor reminded', () => {
    const file = atTheBound();

    file.done('escalation', 'remind_again');
    file.liveThrough('2026-05-05');

    expect(file.diary.at(-1)).toBe('2026-05-05 last-reminder by email');
    expect(file.task('call')).toBeUndefined();
  });

  it('comes also while the draft of the formal notice lies unread, and takes it back', () => {
    const file = new AFile().liveThrough('2026-04-16');
    file.smooth = false;
    file.liveThrough('2026-05-04');

    expect(file.diary.slice(-4)).toEqual([
      '2026-04-20 formal-notice by registered_letter',
      '2026-04-23 owner told',
      '2026-04-28 manager told',
      '2026-05-04 task: escalation',
    ]);
    expect(file.decision).toMatchObject({ state: 'to_do', standing: null });
  });

  it('is decided once: the draft that the decision asks for may lie as long as the first', () => {
    const file = new AFile().liveThrough('2026-04-16');
    file.smooth = false;
    file.liveThrough('2026-05-04');

    file.done('escalation', 'formal_notice');
    file.liveThrough('2026-06-15');

    expect(file.diary.filter((line) => line.includes('escalation'))).toHaveLength(1);
    expect(file.decision).toMatchObject({ standing: { step: 'formal-notice' } });
  });

  it('lets the last reminder leave once more, and its level stays reached', () => {
    const file = new AFile({ on: '2026-03-02', dueDate: '2025-03-01' }).liveThrough('2026-03-05');
    file.hold('2026-03-10');
    file.record({ type: 'taskOpened', taskId: 'why', task: 'escalation', about: null, dueOn: '2026-03-10' });

    file.done('escalation', 'remind_again');
    file.liveThrough('2026-03-11');

    expect(file.diary).toEqual(['2026-03-05 last-reminder by email', '2026-03-11 last-reminder by email']);
    expect(file.collection.steps).toMatchObject([{ occurrence: 2, takenBefore: '2026-03-05' }]);
  });

  it('refuses a formal notice to whom no reminder was delivered', () => {
    const file = new AFile({ on: '2026-03-02', dueDate: '2025-03-01' });
    file.ask({ type: 'stepSkipped', step: 'last-reminder', occurrence: 1, reason: 'x' });
    file.liveThrough('2026-03-12');
    expect(file.diary).toEqual(['2026-03-12 task: escalation']);

    expect(file.done('escalation', 'formal_notice')).toMatchObject({ code: 'no-delivered-reminder' });
    expect(file.done('escalation', 'remind_again')).toBeNull();
    file.liveThrough('2026-03-13');

    expect(file.diary.at(-1)).toBe('2026-03-13 last-reminder by email');
  });
});

describe('a decision for the formal notice before its day', () => {
  it('lets it be drafted at once, and stands until it has left', () => {
    const file = new AFile().liveThrough('2026-03-06');
    file.debtor({ reach: { email: 0, sms: 0, call: 0, letter: 0 } }).liveThrough('2026-03-16');
    file.done('unreachable', 'cannot_be_done');
    file.liveThrough('2026-03-17');
    file.debtor({ reach: { email: 0, sms: 0, call: 0, letter: 1 } });
    file.smooth = false;

    file.done('escalation', 'formal_notice');
    file.liveThrough('2026-03-18');
    file.reach('2026-03-20');

    expect(file.diary.at(-1)).toBe('2026-03-18 formal-notice by registered_letter');
    expect(file.decision).toMatchObject({
      state: 'awaiting_approval',
      standing: { step: 'formal-notice', occurrence: 1 },
    });
  });
});

describe('an insolvency', () => {
  it('stops all contact at once, takes the call back, and asks for the claim to be declared', () => {
    const file = atTheBound();

    file.record({ type: 'debtorInsolvent', judgmentOn: '2026-05-02' }).work();

    expect(file.task('call')).toBeUndefined();
    expect(file.task('insolvency')).toMatchObject({ about: '2026-05-02' });
    expect(file.decision).toMatchObject({
      state: 'held',
      reasons: [{ code: 'insolvent', on: '2026-05-02' }],
    });
  });

  it('stays silent once the claim is declared, with its reason', () => {
    const file = new AFile()
      .liveThrough('2026-03-06')
      .record({ type: 'debtorInsolvent', judgmentOn: '2026-03-02' })
      .work();

    file.done('insolvency', 'done');
    file.reach('2027-03-01');

    expect(file.decision).toMatchObject({ kind: 'wait', state: 'held', reasons: [{ code: 'insolvent' }] });
    expect(file.diary.filter((line) => line.includes('reminder'))).toEqual(['2026-03-05 reminder by email']);
  });

  it('that was a mistake gives the time back', () => {
    const file = new AFile()
      .liveThrough('2026-03-06')
      .record({ type: 'debtorInsolvent', judgmentOn: '2026-03-02' });
    file.reach('2026-06-05').debtor({ insolventOn: null });

    file.liveThrough('2026-06-08');

    expect(file.diary.at(-1)).toBe('2026-06-08 second-reminder by email');
  });
});
