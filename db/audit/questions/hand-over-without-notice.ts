import { litigationHindrance } from '../../../domain/legal-clocks/clocks-of-file.ts';
import { authorOf } from '../../authors.ts';
import { entryCandidates, momentsBefore } from './lives.ts';
import { byJudging } from './question.ts';
import type { Found } from './question.ts';

/** Which files went to a firm, or to litigation, though no formal notice was proved to have reached the debtor, or while its time to answer ran. */
export const handOverWithoutNotice = byJudging(
  'hand-over-without-notice',
  entryCandidates(['handedOver', 'handedToFirm']),
  async (house, candidates) => {
    const moments = await momentsBefore(house, candidates);
    const found: Found[] = [];
    for (const { at, key, subject, seq, type } of candidates) {
      const moment = moments.get(key);
      const hindrance = moment && litigationHindrance(moment.before, at);
      if (!moment || !hindrance) continue;
      const { body } = await house.db
        .selectFrom('journal')
        .select('body')
        .where('subject', '=', subject)
        .where('seq', '=', seq)
        .executeTakeFirstOrThrow();
      const notices = moment.facts.filter(
        ({ fact }) =>
          'step' in fact &&
          moment.before.scenario.steps.find((step) => step.key === fact.step)?.level === 'formal_notice',
      );
      found.push({
        at,
        key,
        invoiceId: moment.invoiceId,
        by: authorOf(JSON.parse(body) as Readonly<Record<string, unknown>>) ?? null,
        why: hindrance.code,
        more: {
          as: type,
          balanceCents: moment.before.balanceCents,
          currency: moment.before.currency,
          ...(hindrance.code === 'answer_runs' ? { answerUntil: hindrance.on } : {}),
        },
        entries: [[subject, seq], ...notices.map((one) => [subject, one.seq] as const)],
      });
    }
    return found;
  },
);
