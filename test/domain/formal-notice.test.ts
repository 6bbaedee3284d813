import { describe, expect, it } from 'vitest';
import { mayLeave, wantsStep } from '../../domain/decide.ts';
import { levelReached } from '../../domain/schedule.ts';
import { shippedScenarios } from '../../domain/shipped-scenarios.ts';
import { AFile } from './a-file.ts';

const notice = { step: 'formal-notice', occurrence: 1 };

/** An invoice of last year: its last reminder on 2026-03-05, its formal notice asked for on 2026-03-16. */
function atTheNotice(): AFile {
  const file = new AFile({ on: '2026-03-02', dueDate: '2025-03-01' }).liveThrough('2026-03-15');
  file.smooth = false;
  return file.liveThrough('2026-03-16');
}

function posted(): AFile {
  const file = atTheNotice();
  file.ask({ type: 'stepApproved', ...notice });
  file.record({
    type: 'stepHanded',
    ...notice,
    messageId: 'm',
    taskId: 'post',
    task: 'post',
    dueOn: '2026-03-17',
  });
  file.ask({ type: 'stepPosted', ...notice, on: '2026-03-16', trackingNumber: '1A', taskId: 'presentation' });
  return file;
}

describe('a formal notice', () => {
  it('waits as a draft, and may leave only after a person said yes', () => {
    const file = atTheNotice();
    expect(file.decision.state).toBe('awaiting_approval');
    expect(wantsStep(file.collection, notice, file.now)).toBe(true);
    expect(mayLeave(file.collection, notice, file.now)).toBe(false);

    file.ask({ type: 'stepApproved', ...notice });

    expect(mayLeave(file.collection, notice, file.now)).toBe(true);
  });

  it('of a scenario that needs nobody leaves by itself, and never while a part of it is contested', () => {
    const standard = shippedScenarios.find(({ id }) => id.startsWith('standard'));
    const steps = standard!.steps.map((step) =>
      step.level === 'formal_notice' ? { ...step, mode: 'automatic' as const } : step,
    );
    const asked = () => {
      const file = new AFile({
        on: '2026-03-02',
        dueDate: '2025-03-01',
        scenario: { ...standard!, steps },
      }).liveThrough('2026-03-15');
      file.smooth = false;
      return file.liveThrough('2026-03-16');
    };
    expect(mayLeave(asked().collection, notice, asked().now)).toBe(true);

    const contested = asked();
    contested.dispute(100);

    expect(mayLeave(contested.collection, notice, contested.now)).toBe(false);
    contested.ask({ type: 'stepApproved', ...notice });
    expect(mayLeave(contested.collection, notice, contested.now)).toBe(true);
  });

  it('in somebody’s hands that is taken back is asked for anew, and asks nobody to post it', () => {
    const file = atTheNotice();
    file.ask({ type: 'stepApproved', ...notice });
    const handed = { messageId: 'm', taskId: 'post', task: 'post', dueOn: '2026-03-17' } as const;
    file.record({ type: 'stepHanded', ...notice, ...handed });

    file.record({ type: 'stepWithdrawn', ...notice, reason: 'figures_changed' });

    expect(file.collection.tasks).toEqual([]);
    expect(file.decision).toMatchObject({
      kind: 'act',
      action: { do: 'requestStep', step: 'formal-notice' },
    });
  });

  it('tells its reader, then his manager, that its draft waits', () => {
    const file = atTheNotice().liveThrough('2026-03-26');

    expect(file.diary.slice(2)).toEqual(['2026-03-19 owner told', '2026-03-24 manager told']);
  });

  it('is asked of a person to post, then for its presentation, and counts from that day', () => {
    const file = posted();
    expect(file.collection.tasks).toMatchObject([{ task: 'presentation', about: 'formal-notice' }]);
    expect(levelReached(file.collection, file.now)).toBe('firm');

    file.reach('2026-03-20').delivered('formal-notice', '2026-03-18');

    expect(levelReached(file.collection, file.now)).toBe('formal_notice');
    expect(file.collection.tasks).toEqual([]);
    expect(file.decision).toMatchObject({ state: 'notice_running', reasons: [{ step: 'hand-over' }] });
  });

  it('is followed by the hand-over eighteen days after its presentation, by approval only', () => {
    const file = posted().reach('2026-03-20').delivered('formal-notice', '2026-03-18');

    file.liveThrough('2026-04-07');

    expect(file.diary.at(-1)).toBe('2026-04-07 task: hand_over');
    expect(file.decision).toMatchObject({ kind: 'wait', state: 'to_do' });
  });

  // A registered letter whose presentation nobody looks up would keep the file silent for ever.
  it('that was posted without a task for its presentation gets one', () => {
    const file = atTheNotice();
    file.ask({ type: 'stepApproved', ...notice });
    file.record({ type: 'stepPosted', ...notice, on: '2026-03-16', trackingNumber: null, taskId: null });

    expect(file.decision).toMatchObject({ kind: 'act', action: { do: 'openTask', task: 'presentation' } });
  });

  it('that comes back is asked for again, as a draft', () => {
    const file = posted().reach('2026-03-24');

    file.failed('formal-notice', 'returned').work();

    expect(file.decision).toMatchObject({
      state: 'awaiting_approval',
      standing: { step: 'formal-notice', occurrence: 2 },
    });
  });

  it('is never followed by a friendly reminder, also when it was taken back', () => {
    const file = atTheNotice();
    file.promise('2026-03-20');
    file.record({ type: 'stepWithdrawn', ...notice, reason: 'overtaken' });

    file.liveThrough('2026-03-25');

    expect(file.diary.slice(2)).toEqual([
      '2026-03-25 promise broken',
      '2026-03-25 formal-notice by registered_letter',
    ]);
  });

  it('takes its place in the file only when it is its turn, so that skipping it early drops no reminder', () => {
    const file = new AFile().liveThrough('2026-03-06');

    file.ask({ type: 'stepSkipped', ...notice, reason: 'good customer' });
    file.liveThrough('2026-03-16');

    expect(file.diary.at(-1)).toBe('2026-03-16 second-reminder by email');
  });
});

describe('the hand-over', () => {
  function atTheHandOver(): AFile {
    return posted().reach('2026-03-20').delivered('formal-notice', '2026-03-18').liveThrough('2026-04-07');
  }

  it('happens when a person approves it', () => {
    const file = atTheHandOver();

    file.done('hand_over', 'approved');
    file.work();

    expect(file.diary.at(-1)).toBe('2026-04-07 handed over');
    expect(file.decision).toMatchObject({ kind: 'close', outcome: 'handed_over' });
  });

  it('that a person withdraws is asked about again after two weeks, not on the next morning', () => {
    const file = atTheHandOver();

    file.done('hand_over', 'withdrawn');
    file.liveThrough('2026-04-22');
    expect(file.task('hand_over')).toBeUndefined();
    file.liveThrough('2026-04-23');

    expect(file.diary.at(-1)).toBe('2026-04-23 task: hand_over');
  });
});
