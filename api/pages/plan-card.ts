import type { House } from '../../db/house.ts';
import { listPlans } from '../../db/plan-reads.ts';
import { toldTo } from '../../db/visible.ts';
import type { Eyes } from '../../db/visible.ts';
import type { Language } from '../../domain/message.ts';
import type { CivilDate } from '../../domain/time.ts';
import { plansOf } from '../plan-shapes.ts';
import type { PlanSaid } from '../plan-shapes.ts';
import { dayInWords, moneyInWords } from '../words.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';

/** The instalment plan that an invoice is in: one that runs or waits for an answer, else the one that ended last. */
export async function planCard(
  eyes: Eyes,
  house: House,
  invoiceId: string,
  today: CivilDate,
  language: Language,
): Promise<Html | false> {
  const plans = await plansOf(house.db, await listPlans(eyes, house.db, { invoiceId }, 20));
  const plan =
    plans.find(({ state }) => state === 'running') ??
    plans.find(({ state }) => state === 'proposed') ??
    plans.find(({ state }) => state !== 'withdrawn');
  if (!plan) return false;
  const words = texts[language];
  const [state, tone] = stateOf(plan, language);
  const money = (given: PlanSaid['amount']): string => moneyInWords(given.amount, given.currency, language);
  const others = plan.invoices.filter(({ id }) => id !== invoiceId).map(({ number }) => number);
  const agreement = markup`<a href="/v1/plans/${plan.id}/agreement?language=${language}">${words.agreement}</a>`;
  return markup`<section class="card"><h2>${words.title} <span class="badge ${tone}">${state}</span></h2>
<p>${words.left(money(plan.open), money(plan.amount))}${others.length > 0 && ` · ${words.together(others.join(', '))}`}<br><span class="small">${words.reference} ${plan.reference}${toldTo(eyes).bank && markup` · ${agreement}`}</span></p>
<div class="scroll"><table><thead><tr><th>${words.instalment}</th><th>${words.dueOn}</th><th class="num">${words.amount}</th><th class="num">${words.paid}</th><th></th></tr></thead><tbody>${plan.instalments.map(
    (one) =>
      markup`<tr><td>${String(one.number)}</td><td>${dayInWords(one.dueOn, language)}</td><td class="num">${money(one.amount)}</td><td class="num">${money(one.paid)}</td><td>${becameOf(one, plan, today, language)}</td></tr>`,
  )}</tbody></table></div></section>`;
}

function becameOf(
  one: PlanSaid['instalments'][number],
  { state }: PlanSaid,
  today: CivilDate,
  language: Language,
): Html | string {
  const words = texts[language];
  if (one.paid.amount >= one.amount.amount) return markup`<span class="badge good">${words.settled}</span>`;
  if (one.missedOn !== null) return markup`<span class="badge bad">${words.missed}</span>`;
  if (state !== 'running') return '';
  return one.dueOn <= today ? markup`<span class="badge warn">${words.awaited}</span>` : words.toCome;
}

function stateOf(plan: PlanSaid, language: Language): readonly [words: string, tone: string] {
  const words = texts[language].states;
  switch (plan.state) {
    case 'running':
      return plan.late ? [words.late, 'warn'] : [words.running, 'brand'];
    case 'broken':
      return [words.broken, 'bad'];
    case 'finished':
      return [words.finished, 'good'];
    case 'proposed':
    case 'withdrawn':
      return [words[plan.state], ''];
  }
}

const texts = {
  fr: {
    title: 'Échéancier',
    left: (left: string, whole: string) => `Reste ${left} sur ${whole}`,
    together: (numbers: string) => `avec ${numbers}`,
    reference: 'Référence des virements :',
    agreement: 'l’accord en PDF',
    instalment: 'N°',
    dueOn: 'À payer le',
    amount: 'Montant',
    paid: 'Reçu',
    settled: 'réglée',
    missed: 'manquée',
    awaited: 'attendue',
    toCome: 'à venir',
    states: {
      proposed: 'proposé',
      running: 'en cours',
      late: 'en retard',
      finished: 'tenu',
      broken: 'rompu',
      withdrawn: 'retiré',
    },
  },
  en: {
    title: 'Instalment plan',
    left: (left: string, whole: string) => `${left} left of ${whole}`,
    together: (numbers: string) => `with ${numbers}`,
    reference: 'Reference of the transfers:',
    agreement: 'the agreement as a PDF',
    instalment: 'No.',
    dueOn: 'To be paid on',
    amount: 'Amount',
    paid: 'Received',
    settled: 'settled',
    missed: 'missed',
    awaited: 'awaited',
    toCome: 'to come',
    states: {
      proposed: 'proposed',
      running: 'running',
      late: 'late',
      finished: 'kept',
      broken: 'broken',
      withdrawn: 'withdrawn',
    },
  },
} as const;
