import { discountHold } from '../domain/discount/discount.ts';
import { clockInWords } from '../domain/law/clock-in-words.ts';
import type { LegalClock } from '../domain/law/legal-date.ts';
import type { Collection } from '../domain/collection.ts';
import type { Reason, ReasonCode } from '../domain/decision.ts';
import type { Language } from '../domain/message.ts';
import { stepName } from '../domain/scenario.ts';
import type { Scenario } from '../domain/scenario.ts';
import { reasonCodeInWords } from './reason-words.ts';
import { actInWords, dayInWords, moneyInWords, momentInWords, stateInWords, taskInWords } from './words.ts';

/**
 * Each reason of a decision as a sentence, in French and English.
 *
 * The decision itself holds codes and data, because it drives workflows and is compared; the sentence is made here,
 * where it is shown. Steps have the names that the pinned scenario gives them.
 */
export interface ReasonContext {
  readonly language: Language;
  /** The debtor's zone, in which moments are told. */
  readonly zone: string;
  readonly currency: string;
  /** The pinned version, which names the steps. */
  readonly scenario: Scenario;
}

/** How an invoice is spoken of to readers of that language. */
export function contextOf({ calendar, currency, scenario }: Collection, language: Language): ReasonContext {
  return { language, zone: calendar.zone, currency, scenario };
}

/** The sentence of a reason. Total: a code without a sentence would not compile. */
export function sentenceOf(reason: Reason, context: ReasonContext): string {
  const words = wordsOf(reason, context);
  return sentences[reason.code][context.language](words);
}

/** The sentence of a reason that lies ahead: an end is told as what would come, not as what was. */
export function foreseenSentence(reason: Reason, context: ReasonContext): string {
  if (reason.code !== 'ended') return sentenceOf(reason, context);
  const end = stateInWords(reason.detail ?? '', context.language);
  return context.language === 'fr' ? `Fin du parcours : ${end}.` : `The end of the road: ${end}.`;
}

interface ReasonWords {
  readonly step: string;
  readonly at: string;
  readonly on: string;
  readonly amount: string;
  readonly count: number;
  /** As code, for sentences that depend on it. */
  readonly detail: string;
  readonly taskWords: string;
}

function wordsOf(reason: Reason, { language, zone, currency, scenario }: ReasonContext): ReasonWords {
  return {
    step: reason.step === undefined ? '' : stepName(scenario, reason.step, language),
    at: reason.at === undefined ? '' : momentInWords(reason.at, zone, language),
    on: reason.on === undefined ? '' : dayInWords(reason.on, language),
    amount: reason.cents === undefined ? '' : moneyInWords(Math.abs(reason.cents), currency, language),
    count: reason.count ?? 0,
    detail: reason.detail ?? '',
    taskWords: taskInWords(reason.detail ?? '', language),
  };
}

const sentences: Readonly<Record<ReasonCode, Readonly<Record<Language, (words: ReasonWords) => string>>>> = {
  settled: {
    fr: () => 'La facture est soldée : il ne reste rien à demander.',
    en: () => 'The invoice is settled: nothing is left to ask for.',
  },
  small_difference: {
    fr: ({ amount }) => `Petit écart de ${amount} : il reste dû et affiché, personne n’est relancé.`,
    en: ({ amount }) => `Small difference of ${amount}: it stays owed and shown, nobody is chased.`,
  },
  ended: {
    fr: ({ detail, on }) => `Le dossier est clos depuis le ${on} (${stateInWords(detail, 'fr')}).`,
    en: ({ detail, on }) => `The file was closed on ${on} (${stateInWords(detail, 'en')}).`,
  },
  insolvent: {
    fr: ({ on }) =>
      `Procédure collective ouverte le ${on} : tout contact pour les créances antérieures est arrêté.`,
    en: ({ on }) => `Insolvency was opened on ${on}: all contact about earlier claims has stopped.`,
  },
  limited: {
    fr: ({ on }) =>
      `La créance est prescrite depuis le ${on} : rien ne part de soi-même, une personne en décide.`,
    en: ({ on }) =>
      `The claim is past its limitation since ${on}: nothing leaves by itself, a person decides.`,
  },
  clock_near: {
    fr: ({ on, detail }) =>
      `Un délai légal approche (${clockInWords(detail as LegalClock, 'fr')}) : dernier jour le ${on}.`,
    en: ({ on, detail }) =>
      `A legal date comes near (${clockInWords(detail as LegalClock, 'en')}): the last day is ${on}.`,
  },
  not_chased: {
    fr: ({ detail }) => exclusionsFr[detail] ?? `Non relancée : ${detail}.`,
    en: ({ detail }) => exclusionsEn[detail] ?? `Not chased: ${detail}.`,
  },
  hold: {
    fr: ({ detail, on }) =>
      `Suspendue${on ? ` jusqu’au ${on}` : endless(detail) ? ' sans date de fin' : ''} : ${reasonCodeInWords(detail, 'fr')}.`,
    en: ({ detail, on }) =>
      `On hold${on ? ` until ${on}` : endless(detail) ? ', with no end set' : ''}: ${reasonCodeInWords(detail, 'en')}.`,
  },
  disputed_whole: {
    fr: ({ amount }) => `Tout ce qui reste dû (${amount}) est contesté : rien ne part avant la résolution.`,
    en: ({ amount }) => `All that is owed (${amount}) is disputed: nothing leaves before it is resolved.`,
  },
  disputed_part: {
    fr: ({ amount }) => `${amount} sont contestés et ne sont pas demandés.`,
    en: ({ amount }) => `${amount} is disputed and not asked for.`,
  },
  promise_running: {
    fr: ({ amount, on, at }) => `Le débiteur a promis ${amount} pour le ${on} : silence jusqu’au ${at}.`,
    en: ({ amount, on, at }) => `The debtor promised ${amount} for ${on}: silence until ${at}.`,
  },
  promise_overdue: {
    fr: ({ amount, on }) => `La promesse du ${on} n’est pas tenue : il manque ${amount}.`,
    en: ({ amount, on }) => `The promise for ${on} was not kept: ${amount} is missing.`,
  },
  plan_running: {
    fr: ({ amount, on }) => `${amount} sont réglés par un échéancier jusqu’au ${on} : silence jusque-là.`,
    en: ({ amount, on }) => `${amount} is paid by an instalment plan until ${on}: silence until then.`,
  },
  plan_late: {
    fr: ({ on }) => `L’échéancier est en retard : l’échéance du ${on} n’est pas arrivée.`,
    en: ({ on }) => `The plan is late: the instalment of ${on} has not come.`,
  },
  bank_data_old: {
    fr: ({ on }) =>
      on
        ? `Les données bancaires s’arrêtent au ${on} : rien n’est déclaré non tenu avant les suivantes.`
        : 'Aucune donnée bancaire n’est arrivée : rien n’est déclaré non tenu avant elles.',
    en: ({ on }) =>
      on
        ? `The bank data end on ${on}: nothing is declared broken before more have come.`
        : 'No bank data have come yet: nothing is declared broken before they do.',
  },
  task_open: {
    fr: ({ taskWords, on }) => `Une personne doit : ${taskWords}${on ? ` (pour le ${on})` : ''}.`,
    en: ({ taskWords, on }) => `A person is asked to ${taskWords}${on ? ` (by ${on})` : ''}.`,
  },
  task_late: {
    fr: ({ taskWords }) => `En retard : ${taskWords}. On le rappelle.`,
    en: ({ taskWords }) => `Late: ${taskWords}. Somebody is told.`,
  },
  amicable_bound: {
    fr: ({ count }) => `La phase amiable a duré ses ${count} jours : une personne décide de la suite.`,
    en: ({ count }) => `The amicable phase has lasted its ${count} days: a person decides how to go on.`,
  },
  no_delivered_reminder: {
    fr: () =>
      'Aucune relance n’a été reçue : pas de mise en demeure sans relance préalable, une personne décide.',
    en: () => 'No reminder was ever delivered: a formal notice needs one, so a person decides.',
  },
  scenario_over: {
    fr: () => 'Le scénario est terminé : une personne décide de la suite.',
    en: () => 'The scenario is over: a person decides how to go on.',
  },
  unreachable: {
    fr: ({ step }) => `Plus aucune adresse valable pour l’étape « ${step} » : une personne en cherche une.`,
    en: ({ step }) => `No valid address is left for step "${step}": a person looks for one.`,
  },
  bounced_late: {
    fr: ({ step }) =>
      `Le message de l’étape « ${step} » est revenu en erreur après coup : une personne vérifie l’adresse.`,
    en: ({ step }) => `The message of step "${step}" bounced late: a person checks the address.`,
  },
  at_the_door: {
    fr: ({ step, at }) =>
      `L’étape « ${step} » est demandée depuis le ${at} ; le message part dès que les règles d’envoi le permettent.`,
    en: ({ step, at }) =>
      `Step "${step}" was asked for on ${at}; the message leaves as soon as the rules of sending allow.`,
  },
  stuck: {
    fr: ({ step, count }) =>
      `Le message de l’étape « ${step} » ne part pas depuis ${count} jours ouvrés : une personne regarde pourquoi.`,
    en: ({ step, count }) =>
      `The message of step "${step}" has not left for ${count} working days: a person looks into it.`,
  },
  awaiting_approval: {
    fr: ({ step, at }) => `Le message de l’étape « ${step} » attend une validation depuis le ${at}.`,
    en: ({ step, at }) => `The message of step "${step}" has awaited approval since ${at}.`,
  },
  proof_awaited: {
    fr: ({ step, at }) =>
      `L’étape « ${step} » est partie ; sans retour en erreur elle compte à partir du ${at}.`,
    en: ({ step, at }) => `Step "${step}" has left; without a bounce it counts from ${at}.`,
  },
  outcome_unknown: {
    fr: ({ step }) => `On ne sait pas encore si le message de l’étape « ${step} » est parti.`,
    en: ({ step }) => `It is not known yet whether the message of step "${step}" has left.`,
  },
  presentation_awaited: {
    fr: ({ step }) => `La lettre de l’étape « ${step} » est postée ; on attend sa présentation.`,
    en: ({ step }) => `The letter of step "${step}" is posted; its presentation is awaited.`,
  },
  step_due: { fr: ({ step }) => `L’étape « ${step} » est due.`, en: ({ step }) => `Step "${step}" is due.` },
  step_planned: {
    fr: ({ step, at }) => `Prochaine étape : « ${step} », le ${at}.`,
    en: ({ step, at }) => `Next step: "${step}", on ${at}.`,
  },
  hand_over_due: {
    fr: () => 'La transmission au contentieux est due.',
    en: () => 'The hand-over to litigation is due.',
  },
  approval_open: {
    fr: ({ detail, amount, on }) =>
      `Une autre personne doit dire oui : ${actInWords(detail, 'fr')} (${amount}), au plus tard le ${on}.`,
    en: ({ detail, amount, on }) =>
      `Another person must say yes: ${actInWords(detail, 'en')} (${amount}), by ${on}.`,
  },
};

const exclusionsFr: Readonly<Record<string, string>> = {
  internal: 'Non relancée : débiteur interne.',
  consumer: 'Non relancée : débiteur particulier.',
  factored: 'Non relancée : créance cédée à un affactureur.',
  direct_debit: 'Non relancée : prélèvement, tant qu’il n’est pas revenu impayé.',
  bill_of_exchange: 'Non relancée : lettre de change, tant qu’elle n’est pas revenue impayée.',
};

const exclusionsEn: Readonly<Record<string, string>> = {
  internal: 'Not chased: the debtor is one of us.',
  consumer: 'Not chased: the debtor is a consumer.',
  factored: 'Not chased: the claim is assigned to a factor.',
  direct_debit: 'Not chased: paid by direct debit, as long as none has come back.',
  bill_of_exchange: 'Not chased: paid by bill of exchange, as long as it has not come back.',
};

/** An offer of a discount ends its hold by itself. */
function endless(hold: string): boolean {
  return hold !== discountHold;
}
