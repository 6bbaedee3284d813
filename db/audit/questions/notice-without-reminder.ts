import { isAmicable } from '../../../domain/scenario.ts';
import { remindedOn } from '../../../domain/schedule.ts';
import { entryCandidates, momentsBefore } from './lives.ts';
import type { Moment } from './lives.ts';
import { byJudging } from './question.ts';
import type { Found } from './question.ts';

/** The facts by which a message is on its way or there; the first of an asking is its leaving. */
const leavings = ['stepSent', 'stepUnconfirmed', 'stepPosted', 'stepDelivered'];

/** Which formal notices left before any reminder was delivered. */
export const noticeWithoutReminder = byJudging(
  'notice-without-reminder',
  entryCandidates(leavings),
  async (house, candidates) => {
    const moments = await momentsBefore(house, candidates);
    return candidates.flatMap((candidate): Found[] => {
      const moment = moments.get(candidate.key);
      const step = moment && noticeLeaving(moment);
      if (!moment?.fact || step === null || step === undefined) return [];
      if (remindedOn(moment.before, moment.fact.at) !== null) return [];
      const asked = moment.facts.filter(
        ({ fact }) => fact.type === 'stepRequested' && isReminder(moment, fact.step),
      );
      return [
        {
          at: candidate.at,
          key: candidate.key,
          invoiceId: moment.invoiceId,
          by: moment.fact.by,
          why: asked.length > 0 ? 'none_delivered' : 'none_sent',
          more: { step, askedCents: moment.before.balanceCents, currency: moment.before.currency },
          entries: [
            [candidate.subject, candidate.seq],
            ...asked.map(({ seq }) => [candidate.subject, seq] as const),
          ],
        },
      ];
    });
  },
);

function isReminder({ before }: Moment, key: string): boolean {
  const step = before.scenario.steps.find((one) => one.key === key);
  return step !== undefined && isAmicable(step) && step.level !== 'preventive';
}

/** The step, if the fact is the first by which a formal notice is on its way. */
function noticeLeaving({ fact, before, facts }: Moment): string | null {
  if (!fact || !('step' in fact) || !('occurrence' in fact)) return null;
  const level = before.scenario.steps.find(({ key }) => key === fact.step)?.level;
  if (level !== 'formal_notice') return null;
  const isRepeated = facts.some(
    ({ fact: earlier }) =>
      leavings.includes(earlier.type) &&
      'occurrence' in earlier &&
      earlier.step === fact.step &&
      earlier.occurrence === fact.occurrence,
  );
  return isRepeated ? null : fact.step;
}
