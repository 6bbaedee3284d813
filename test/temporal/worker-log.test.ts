import { ApplicationFailure } from '@temporalio/common';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { PayloadNotOpened } from '../../temporal/sealing/sealed-payloads.ts';
import { sdkLogger } from '../../temporal/worker-log.ts';

/** What a line of the SDK becomes in our log. */
function logged(message: string, meta: object): Record<string, unknown> {
  let line = '';
  const log = pino({ level: 'trace' }, { write: (text) => void (line = text) });
  sdkLogger(log).log('WARN', message, { ...meta });
  return JSON.parse(line) as Record<string, unknown>;
}

describe('the log of a worker', () => {
  it('says of an error its class, its code and its place, and nothing that it says', () => {
    const cause = Object.assign(new TypeError('Claire Petit is unknown'), { code: '23505' });
    const error = new Error('no step for Claire Petit\n    and her mail claire@petit.example', { cause });

    const line = logged('Activity failed', { error, activityType: 'perform', attempt: 3 });

    expect(JSON.stringify(line)).not.toMatch(/Claire|claire/);
    expect(line).toMatchObject({
      level: 40,
      msg: 'Activity failed',
      activityType: 'perform',
      attempt: 3,
      error: { type: 'Error', cause: { type: 'TypeError', code: '23505' } },
    });
    expect((line['error'] as { at: string[] }).at[0]).toContain('worker-log.test.ts');
  });

  it('keeps out what was sent with a task, and what a message quotes', () => {
    const error = ApplicationFailure.fromError(new SyntaxError('x'), {
      message: 'cannot read "Claire Petit"',
    });

    const line = logged(`Error while processing ActivityTask.start: ${error.message}`, {
      error,
      task: '{"input":"Claire Petit"}',
      taskEncoded: Buffer.from('Claire Petit').toString('base64'),
    });

    expect(JSON.stringify(line)).not.toMatch(/Claire|Q2xhaXJl/);
    expect(line['msg']).toBe('Error while processing ActivityTask.start');
  });

  it('says which key is missing, also as the cause of something else', () => {
    const missing = new PayloadNotOpened('a payload is sealed with the key 2026-11');

    for (const error of [missing, ApplicationFailure.fromError(missing)])
      expect(JSON.stringify(logged('Failed', { error }))).toContain('sealed with the key 2026-11');
  });
});
