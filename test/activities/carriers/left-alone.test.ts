import { describe, expect, it } from 'vitest';
import { LeftAlone } from '../../../activities/carriers/left-alone.ts';
import type { CarrierOutcome } from '../../../activities/carriers/carrier.ts';

const unknown: CarrierOutcome = { kind: 'unknown', reason: 'status_503' };
const accepted: CarrierOutcome = { kind: 'accepted', ref: 'r' };

/** What each of these outcomes, one after the other, asks for. */
function heard(outcomes: readonly CarrierOutcome[], account = 'mails', leftAlone = new LeftAlone()) {
  return outcomes.map((outcome) => leftAlone.hear(account, outcome));
}

describe('an account', () => {
  it('is left alone for a minute at the fifth call in a row of which nobody knows what it did, and at each after it', () => {
    expect(heard(Array.from({ length: 6 }, () => unknown))).toEqual([null, null, null, null, 60_000, 60_000]);
  });

  it('is called on when a definite answer came in between', () => {
    const four = Array.from({ length: 4 }, () => unknown);

    expect(heard([...four, accepted, ...four])).toEqual(Array.from({ length: 9 }, () => null));
  });

  it('is left alone as long as it asks when it is too busy, and not for what could not be connected', () => {
    const notSent = { kind: 'not_sent', reason: 'r', retryAfterMs: 7_000 } as const;

    expect(heard([notSent, { ...notSent, busy: true }])).toEqual([null, 7_000]);
  });

  it('is left alone for the longest time that was heard, and no other with it', () => {
    const leftAlone = new LeftAlone();
    const busy = { kind: 'not_sent', reason: 'status_429', busy: true } as const;

    heard(
      [
        { ...busy, retryAfterMs: 90_000 },
        { ...busy, retryAfterMs: 1_000 },
      ],
      'mails',
      leftAlone,
    );

    expect(leftAlone.askMs('mails')).toBeGreaterThan(80_000);
    expect(leftAlone.askMs('texts')).toBe(0);
  });

  it('is called once when its minute is over, and by everybody when that call was answered', () => {
    let now = 1_000;
    const leftAlone = new LeftAlone(() => now);
    heard(
      Array.from({ length: 5 }, () => unknown),
      'mails',
      leftAlone,
    );

    now += 60_000;
    const asked = [leftAlone.askMs('mails'), leftAlone.askMs('mails')];
    leftAlone.hear('mails', accepted);

    expect(asked).toEqual([0, 60_000]);
    expect([leftAlone.askMs('mails'), leftAlone.askMs('mails')]).toEqual([0, 0]);
  });
});
