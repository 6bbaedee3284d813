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

  it('asks for approval of the hand-over when the person decides so', () => {
    const file = atTheBound();

    file.done('escalation', 'hand_over');
    file.liveThrough('2026-05-05');

    expect(file.diary.at(-1)).toBe('2026-05-05 task: hand_over');
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
