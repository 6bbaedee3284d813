import type { Step } from '../domain/scenario.ts';
import type { Scenario } from '../domain/scenario.ts';

/**
 * A scenario that nothing slows down: one automatic mail a day, at any hour, from the day after the due date.
 *
 * The hand-over at its end lies far behind the bench, so a life ends by payment.
 */
export function benchScenario(steps: number): Scenario {
  const mails = Array.from({ length: steps }, (_, index): Step => ({
    key: `mail-${index + 1}`,
    name: { fr: `Mesure ${index + 1}`, en: `Bench mail ${index + 1}` },
    level: 'reminder',
    offsetDays: index + 1,
    channel: 'email',
    fallbacks: [],
    mode: 'automatic',
    template: 'reminder',
    recipient: 'billing',
  }));
  const handOver: Step = {
    key: 'hand-over',
    name: { fr: 'Transmission au contentieux', en: 'Hand-over to litigation' },
    level: 'litigation',
    offsetDays: 3_650,
    channel: 'internal',
    fallbacks: [],
    mode: 'review',
    template: 'internal_task_due',
    recipient: 'legal',
  };
  return {
    id: `bench-${steps}@1`,
    name: { fr: 'Mesure', en: 'Bench' },
    audience: {},
    window: { fromMinute: 0, toMinute: 1_440 },
    bounds: {
      amicableDays: 60,
      knownDaysMin: 0,
      promiseGraceDays: 2,
      promiseDaysMax: 60,
      noticeAnswerDays: 8,
    },
    steps: [...mails, handOver],
  };
}
