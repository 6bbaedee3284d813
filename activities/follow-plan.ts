import { ourselves } from '../db/desk.ts';
import type { Desk } from '../db/desk.ts';
import { planViewOf, wholePlan } from '../db/plan-reads.ts';
import type { WholePlan } from '../db/plan-reads.ts';
import { endPlan } from '../db/plans.ts';
import { dayAt } from '../domain/calendar.ts';
import { silencedByJudgmentOn } from '../domain/insolvency/claim-side.ts';
import { nextOfPlan } from '../domain/plan/next-of-plan.ts';
import type { PlanMove } from '../domain/plan/next-of-plan.ts';
import type { Instant } from '../domain/time.ts';
import { moneyInWords } from './compose/money-in-words.ts';
import { tellOwners } from './tell-owners.ts';

/** More moves than this at one moment would be a loop of ours. */
const movesMax = 50;

/**
 * Looks after a plan that runs: tells the owner of what was missed, ends it when it is paid or broken.
 *
 * Says when to look again; null when it is over, or only money, bank data or a person can move it.
 */
export async function followPlan(desk: Desk, planId: string): Promise<Instant | null> {
  for (let moves = 0; moves < movesMax; moves += 1) {
    const whole = await wholePlan(desk.tx, planId);
    const { plan, parts } = whole;
    const files = await desk.files(parts.map((part) => part.invoice_id));
    const [file] = files;
    if (plan.state !== 'running' || !file) return null;
    // What was agreed may not be paid any more, so nobody misses it (L622-7 C. com.): the claim is declared.
    if (files.some(({ collection }) => silencedByJudgmentOn(collection) !== null)) {
      await endPlan(desk, planId, 'withdrawn', ourselves, 'insolvency');
      return null;
    }
    const view = await planViewOf(desk.tx, whole, file.collection.calendar);
    const move = nextOfPlan(view, desk.now);
    if (move.do === 'wait') return move.until;
    if (move.do === 'awaitBankData') {
      await awaitBankData(desk, whole, view.bank.knownTo);
      return null;
    }
    await carryOut(desk, whole, move);
  }
  throw new Error(`plan ${planId}: ${movesMax} moves at one moment`);
}

async function carryOut(
  desk: Desk,
  { plan, parts }: WholePlan,
  move: Exclude<PlanMove, { do: 'wait' } | { do: 'awaitBankData' }>,
): Promise<void> {
  const ids = parts.map((part) => part.invoice_id);
  const files = await desk.files(ids);
  const write = (set: { late_since: string | null }) =>
    desk.tx
      .updateTable('plan')
      .set({ ...set, bank_data_awaited: false })
      .where('id', '=', plan.id)
      .execute();
  switch (move.do) {
    case 'finish':
      await endPlan(desk, plan.id, 'finished', ourselves);
      return;
    case 'break':
      await endPlan(desk, plan.id, 'broken', ourselves);
      await tellOwners(desk, files, {
        key: `plan/${plan.id}/broken`,
        template: 'internal_plan_broken',
        titles: titlesOf(plan.amount_cents, plan.currency),
      });
      return;
    case 'catchUp':
      await write({ late_since: null });
      for (const id of ids) await desk.state(id, { type: 'planCaughtUp', planId: plan.id }, ourselves);
      return;
    case 'miss': {
      const { number, dueOn, missingCents } = move;
      const file = files[0];
      await desk.tx
        .updateTable('plan_instalment')
        .set({ missed_on: file ? dayAt(file.collection.calendar, desk.now) : dueOn })
        .where('plan_id', '=', plan.id)
        .where('number', '=', number)
        .execute();
      await write({ late_since: plan.late_since ?? dueOn });
      for (const id of ids)
        await desk.state(
          id,
          { type: 'instalmentMissed', planId: plan.id, number, dueOn, missingCents },
          ourselves,
        );
      await tellOwners(desk, files, {
        key: `plan/${plan.id}/${number}`,
        template: 'internal_instalment_missed',
        titles: titlesOf(missingCents, plan.currency),
        dueOn,
      });
    }
  }
}

async function awaitBankData(desk: Desk, { plan, parts }: WholePlan, knownTo: string | null): Promise<void> {
  await desk.tx.updateTable('plan').set({ bank_data_awaited: true }).where('id', '=', plan.id).execute();
  await tellOwners(desk, await desk.files(parts.map((part) => part.invoice_id)), {
    key: `bank-data/${plan.creditor_id}/${knownTo ?? 'none'}`,
    template: 'internal_bank_data_old',
    titles: { fr: knownTo ?? 'aucune donnée', en: knownTo ?? 'no data' },
  });
}

function titlesOf(cents: number, currency: string) {
  return { fr: moneyInWords(cents, currency, 'fr'), en: moneyInWords(cents, currency, 'en') };
}
