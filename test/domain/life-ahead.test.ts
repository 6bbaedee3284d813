import { describe, expect, it } from 'vitest';
import { dayAt } from '../../domain/calendar.ts';
import { lifeAhead } from '../../domain/life-ahead.ts';
import { shippedScenarios } from '../../domain/shipped-scenarios.ts';
import { AFile, aCompany, anInvoice } from './a-file.ts';

function ahead(file: AFile): readonly string[] {
  const { steps } = lifeAhead(file.collection, file.now);
  return steps.map(({ step, channel, at }) => `${dayAt(file.collection.calendar, at)} ${step} by ${channel}`);
}

describe('the life ahead', () => {
  it.each(shippedScenarios.map((scenario) => [scenario.id, scenario] as const))(
    'of %s is the life that comes, if nobody answers',
    (_, scenario) => {
      const file = new AFile({
        scenario,
        debtor: aCompany({ kind: scenario.audience.kinds?.[0] ?? 'company' }),
      });

      const foreseen = ahead(file);
      for (let day = 0; day < 400 && file.decision.kind !== 'close'; day += 1) {
        file.smooth = !file.collection.steps.some(({ channel }) => channel === 'registered_letter');
        file.reachInstant(file.now + 12 * 3_600_000);
        if (file.task('hand_over')) file.done('hand_over', 'approved');
      }

      const lived = file.diary.filter((line) => line.includes(' by '));
      expect(foreseen.slice(0, -1)).toEqual(lived);
      expect(foreseen.at(-1)).toContain('hand-over');
      expect(file.decision.kind).toBe('close');
    },
  );

  it('goes on behind a step that stands at the door, a call in somebody’s hands, a letter on its way', () => {
    const file = new AFile();
    const whole = ahead(file);
    file.smooth = false;

    file.liveThrough('2026-02-23');

    expect(ahead(file)).toEqual(whole.slice(1));
  });

  it('ends where people must decide, and says so', () => {
    const file = new AFile({ debtor: aCompany({ reach: { email: 0, sms: 0, call: 0, letter: 0 } }) });

    expect(lifeAhead(file.collection, file.now)).toMatchObject({
      steps: [],
      then: [{ code: 'unreachable' }],
    });
  });

  it('of a held file is silent until the hold ends', () => {
    const endless = new AFile().reach('2026-03-06');
    endless.hold(null);
    const short = new AFile().reach('2026-03-06');
    short.hold('2026-04-10');

    expect(lifeAhead(endless.collection, endless.now)).toMatchObject({ steps: [], then: [{ code: 'hold' }] });
    expect(ahead(short)[0]).toBe('2026-04-13 second-reminder by email');
  });

  it('of a promised file begins when the promise will be broken', () => {
    const file = new AFile().reach('2026-03-06');
    file.promise('2026-03-20');

    expect(ahead(file)[0]).toBe('2026-03-25 second-reminder by email');
  });

  it('of a settled file is empty', () => {
    const file = new AFile().pay(anInvoice().balanceCents);

    expect(lifeAhead(file.collection, file.now)).toMatchObject({ steps: [], then: [{ code: 'settled' }] });
  });
});
