import { describe, expect, it } from 'vitest';
import { levelReached } from '../../domain/schedule.ts';
import { AFile, aCompany } from './a-file.ts';

function atTheReminder(reach = { email: 2, sms: 1, call: 1, letter: 1 }): AFile {
  const file = new AFile({ on: '2026-03-02', debtor: aCompany({ reach }) });
  file.smooth = false;
  return file.liveThrough('2026-03-05');
}

function diaryOf(file: AFile): readonly string[] {
  return file.diary.map((line) => line.slice(11));
}

describe('a step that fails', () => {
  it('is tried with the next contact, then through the next channel, then becomes a task', () => {
    const file = atTheReminder();

    file.failed('reminder').work();
    file
      .debtor({ reach: { email: 0, sms: 1, call: 1, letter: 1 } })
      .failed('reminder')
      .work();
    file
      .debtor({ reach: { email: 0, sms: 1, call: 1, letter: 0 } })
      .failed('reminder')
      .work();
    file.debtor({ reach: { email: 0, sms: 1, call: 0, letter: 0 } }).work();

    expect(diaryOf(file)).toEqual([
      'reminder by email',
      'reminder by email',
      'reminder by letter',
      'reminder by call',
      'task: unreachable',
    ]);
  });

  it('gets a new number with each failure, so that the door asks again', () => {
    const file = atTheReminder().failed('reminder').work();

    expect(file.collection.steps).toMatchObject([
      { step: 'reminder', occurrence: 2, failures: [{ reason: 'bounced' }] },
    ]);
  });

  it('leaves the level where it was', () => {
    const file = atTheReminder().failed('reminder');

    expect(levelReached(file.collection, file.now)).toBeNull();
  });

  it('goes another way when its address is lost while it stands at the door', () => {
    const file = atTheReminder();

    file.debtor({ reach: { email: 0, sms: 0, call: 0, letter: 1 } }).work();

    expect(diaryOf(file)).toEqual(['reminder by email', 'reminder by letter']);
    expect(file.collection.steps).toMatchObject([{ occurrence: 1, channel: 'letter', state: 'requested' }]);
  });

  it('for want of an answer is tried again on the next working day, three times, then in writing', () => {
    const file = new AFile();
    file.liveThrough('2026-03-31').smooth = false;
    for (const day of ['2026-04-01', '2026-04-02', '2026-04-03', '2026-04-07']) {
      file.liveThrough(day);
      file.failed('call', 'not_reached');
    }

    expect(file.diary.slice(4)).toEqual([
      '2026-04-01 call by call',
      '2026-04-02 call by call',
      '2026-04-03 call by call',
      '2026-04-07 call by email',
    ]);
  });

  it('goes on by itself once the debtor can be reached again, and its task is gone', () => {
    const file = atTheReminder({ email: 0, sms: 0, call: 0, letter: 0 });
    expect(file.task('unreachable')).toBeDefined();

    file.debtor({ reach: { email: 1, sms: 0, call: 0, letter: 0 } }).work();

    expect(file.task('unreachable')).toBeUndefined();
    expect(diaryOf(file)).toEqual(['task: unreachable', 'reminder by email']);
  });

  it('for want of any address becomes a question of how to go on', () => {
    const file = atTheReminder({ email: 0, sms: 0, call: 0, letter: 0 });

    file.done('unreachable', 'cannot_be_done');
    file.work();

    expect(file.task('escalation')).toBeDefined();
  });

  it('after its proof leaves the level and opens a task', () => {
    const file = atTheReminder().delivered('reminder');

    file.failed('reminder').work();

    expect(levelReached(file.collection, file.now)).toBe('reminder');
    expect(diaryOf(file)).toEqual(['reminder by email', 'task: bounced_late']);
  });

  // Accepted, silent for 48 hours, then a bounce: the level once fell and the reminder left twice.
  it('after 48 hours of silence leaves the level as well', () => {
    const file = atTheReminder().sent('reminder').liveThrough('2026-03-09');

    file.failed('reminder').work();

    expect(levelReached(file.collection, file.now)).toBe('reminder');
    expect(diaryOf(file)).toEqual(['reminder by email', 'task: bounced_late']);
  });
});

describe('a step of which nobody knows whether it left', () => {
  function unknown(): AFile {
    const file = atTheReminder();
    return file.record({ type: 'stepUnconfirmed', step: 'reminder', occurrence: 1, messageId: 'm' });
  }

  it('is not sent again, and is shown to a person after a day', () => {
    const file = unknown();

    file.liveThrough('2026-03-06');

    expect(diaryOf(file)).toEqual(['reminder by email', 'task: stuck']);
    expect(file.decision.state).toBe('to_confirm');
  });

  it('counts as taken when the person finds that it arrived', () => {
    const file = unknown().liveThrough('2026-03-06');

    file.done('stuck', 'reached');

    expect(file.collection.steps).toMatchObject([{ state: 'taken', on: '2026-03-05' }]);
  });

  it('is asked again when the person finds that it did not', () => {
    const file = unknown().liveThrough('2026-03-06');

    file.done('stuck', 'not_reached');
    file.work();

    expect(diaryOf(file).at(-1)).toBe('reminder by email');
    expect(file.collection.steps).toMatchObject([{ occurrence: 2 }]);
  });

  it('does not become doubtful again once its delivery is known', () => {
    const file = atTheReminder().sent('reminder');

    file.record({ type: 'stepUnconfirmed', step: 'reminder', occurrence: 1, messageId: 'm' });

    expect(file.collection.steps).toMatchObject([{ state: 'sent' }]);
  });
});

describe('a request that stays at the door', () => {
  it('is shown to a person after ten working days, and goes on standing', () => {
    const file = atTheReminder().liveThrough('2026-03-19');

    expect(diaryOf(file)).toEqual(['reminder by email', 'task: stuck']);
    expect(file.decision).toMatchObject({ standing: { step: 'reminder', occurrence: 1 } });
  });

  it('frees that person when it leaves after all', () => {
    const file = atTheReminder().liveThrough('2026-03-19');

    file.sent('reminder');

    expect(file.collection.tasks).toEqual([]);
  });

  // A courtesy that announces a due date must not arrive after it.
  it('is forgotten when it was a courtesy and the due date has come', () => {
    const file = new AFile();
    file.smooth = false;
    file.liveThrough('2026-02-23');

    file.liveThrough('2026-03-02');

    expect(file.decision).toMatchObject({
      standing: null,
      reasons: [{ code: 'step_planned', step: 'reminder' }],
    });
  });
});
