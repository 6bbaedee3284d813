import { outcomeNow } from '../domain/dispute/outcome.ts';
import type { Grant } from '../domain/dispute/outcome.ts';
import { departmentInWords, reasonInWords } from '../domain/dispute/reason.ts';
import type { Fact, FactOf, FactType, LetterState } from '../domain/fact.ts';
import { noticeInWords } from '../domain/law/clock-in-words.ts';
import { eventInWords } from '../domain/law/limitation-in-words.ts';
import { clockInWords } from '../domain/law/clock-in-words.ts';
import type { Language } from '../domain/message.ts';
import { stepName } from '../domain/scenario.ts';
import type { Instant } from '../domain/time.ts';
import { reasonCodeInWords } from './reason-words.ts';
import type { ReasonContext } from './reasons.ts';
import {
  actInWords,
  channelInWords,
  dayInWords,
  momentInWords,
  moneyInWords,
  outcomeInWords,
  taskInWords,
} from './words.ts';

/**
 * Each fact of an invoice as a sentence, for the timeline and the page of the invoice.
 *
 * Facts hold codes, amounts and days alone, so a sentence can be made of them in any language, years later.
 */
export function factSentence(fact: Fact, context: ReasonContext): string {
  const say = sentences[fact.type] as (given: Fact, words: Words) => Readonly<Record<Language, string>>;
  return say(fact, wordsFor(context))[context.language];
}

interface Words {
  readonly money: (cents: number) => string;
  readonly day: (day: string) => string;
  readonly moment: (at: Instant) => string;
  readonly step: (key: string) => string;
  readonly channel: (channel: string) => string;
  readonly task: (kind: string) => string;
  readonly outcome: (code: string) => string;
  /** Why a debtor contests. */
  readonly reason: (code: string) => string;
  /** Why something was done. */
  readonly why: (code: string) => string;
  readonly department: (code: string) => string;
}

function wordsFor({ language, currency, scenario, zone }: ReasonContext): Words {
  return {
    money: (cents) => moneyInWords(cents, currency, language),
    day: (day) => dayInWords(day, language),
    moment: (at) => momentInWords(at, zone, language),
    step: (key) => stepName(scenario, key, language),
    channel: (channel) => channelInWords(channel, language),
    task: (kind) => taskInWords(kind, language),
    outcome: (code) => outcomeInWords(code, language),
    reason: (code) => reasonInWords(code, language),
    why: (code) => reasonCodeInWords(code, language),
    department: (code) => departmentInWords(code, language),
  };
}

type Sentences = {
  readonly [Type in FactType]: (
    fact: Extract<Fact, { type: Type }>,
    words: Words,
  ) => Readonly<Record<Language, string>>;
};

const lettersFr: Readonly<Record<LetterState, string>> = {
  presented: 'présentée',
  received: 'reçue',
  refused: 'refusée',
  returned: 'retournée',
  expired: 'non acceptée dans son délai, constaté',
};

const sentences: Sentences = {
  invoiceRegistered: (fact, { money, day }) => ({
    fr: `Facture enregistrée : ${money(fact.amountCents)}, échéance ${day(fact.dueDate)}, scénario « ${fact.scenario.name.fr} ».`,
    en: `Invoice registered: ${money(fact.amountCents)}, due ${day(fact.dueDate)}, scenario "${fact.scenario.name.en}".`,
  }),
  invoiceCorrected: (fact, { money, day }) => ({
    fr: `Facture corrigée : ${money(fact.amountCents)}, échéance ${day(fact.dueDate)}, reste dû ${money(fact.balanceCents)}.`,
    en: `Invoice corrected: ${money(fact.amountCents)}, due ${day(fact.dueDate)}, ${money(fact.balanceCents)} left.`,
  }),
  invoiceCancelled: (fact, { why }) => ({
    fr: `Facture annulée (${why(fact.reason)}).`,
    en: `Invoice cancelled (${why(fact.reason)}).`,
  }),
  paymentRecorded: (fact, { money, day }) => ({
    fr: `Règlement de ${money(fact.amountCents)} en date du ${day(fact.on)} ; reste dû ${money(fact.balanceCents)}.`,
    en: `Payment of ${money(fact.amountCents)} dated ${day(fact.on)}; ${money(fact.balanceCents)} left.`,
  }),
  paymentReturned: (fact, { money, day }) => ({
    fr: `Règlement de ${money(fact.amountCents)} revenu impayé le ${day(fact.on)} ; reste dû ${money(fact.balanceCents)}.`,
    en: `Payment of ${money(fact.amountCents)} came back on ${day(fact.on)}; ${money(fact.balanceCents)} left.`,
  }),
  creditNoteRecorded: (fact, { money }) => ({
    fr: `Avoir de ${money(fact.amountCents)} ; reste dû ${money(fact.balanceCents)}.`,
    en: `Credit note of ${money(fact.amountCents)}; ${money(fact.balanceCents)} left.`,
  }),
  writtenOff: (fact, { money }) => ({
    fr: `${money(fact.amountCents)} passés en perte.`,
    en: `${money(fact.amountCents)} written off.`,
  }),
  promiseMade: (fact, { money, day }) => {
    const several = fact.invoices !== undefined && fact.invoices > 1;
    const more = {
      fr: `${several ? `, part d’une promesse sur ${fact.invoices} factures` : ''}${fact.exceeding === undefined ? '' : `, au-delà des limites du scénario (${fact.exceeding})`}`,
      en: `${several ? `, part of a promise on ${fact.invoices} invoices` : ''}${fact.exceeding === undefined ? '' : `, beyond the bounds of the scenario (${fact.exceeding})`}`,
    };
    return {
      fr: `Promesse de ${money(fact.amountCents)} pour le ${day(fact.promisedOn)}${more.fr}.`,
      en: `Promise of ${money(fact.amountCents)} for ${day(fact.promisedOn)}${more.en}.`,
    };
  },
  promiseKept: () => ({
    fr: 'Promesse tenue : tout ce qui était promis sur ses factures est arrivé.',
    en: 'Promise kept: all that was promised on its invoices is in.',
  }),
  promiseBroken: (fact, { money }) => ({
    fr:
      fact.receivedCents > 0
        ? `Promesse tenue en partie (${money(fact.receivedCents)} reçus).`
        : 'Promesse non tenue.',
    en:
      fact.receivedCents > 0
        ? `Promise partly kept (${money(fact.receivedCents)} received).`
        : 'Promise broken.',
  }),
  bankDataAwaited: (fact, { day }) =>
    fact.knownTo === null
      ? {
          fr: 'Promesse échue, mais aucune donnée bancaire : on attend avant de la dire non tenue.',
          en: 'Promise lapsed, but there are no bank data: it is not called broken before they come.',
        }
      : {
          fr: `Promesse échue, mais les données bancaires s’arrêtent au ${day(fact.knownTo)} : on attend avant de la dire non tenue.`,
          en: `Promise lapsed, but the bank data end on ${day(fact.knownTo)}: it is not called broken before more have come.`,
        },
  promiseWithdrawn: () => ({ fr: 'Promesse retirée.', en: 'Promise withdrawn.' }),
  planStarted: (fact, { money, day }) => ({
    fr: `Échéancier accepté : ${money(fact.amountCents)} de cette facture, en ${fact.instalments} échéances jusqu’au ${day(fact.endsOn)}.`,
    en: `Instalment plan accepted: ${money(fact.amountCents)} of this invoice, in ${fact.instalments} instalments until ${day(fact.endsOn)}.`,
  }),
  instalmentMissed: (fact, { money, day }) => ({
    fr: `Échéance n° ${fact.number} du ${day(fact.dueOn)} non réglée : il manque ${money(fact.missingCents)}.`,
    en: `Instalment ${fact.number} of ${day(fact.dueOn)} missed: ${money(fact.missingCents)} is lacking.`,
  }),
  planCaughtUp: () => ({ fr: 'Échéancier de nouveau à jour.', en: 'Instalment plan back on time.' }),
  planEnded: (fact) => ({
    fr: {
      finished: 'Échéancier tenu jusqu’au bout.',
      broken: 'Échéancier rompu : le scénario reprend.',
      withdrawn: 'Échéancier retiré.',
    }[fact.outcome],
    en: {
      finished: 'Instalment plan kept to its end.',
      broken: 'Instalment plan broken: the scenario resumes.',
      withdrawn: 'Instalment plan withdrawn.',
    }[fact.outcome],
  }),
  disputeOpened: (fact, { money, reason }) => ({
    fr: `Contestation de ${money(fact.contestedCents)} (${reason(fact.reason)}).`,
    en: `Dispute over ${money(fact.contestedCents)} (${reason(fact.reason)}).`,
  }),
  disputeQualified: (fact, { reason, department, day }) => ({
    fr: `Contestation recevable (${reason(fact.reason)}), confiée au service ${department(fact.department)} : réponse attendue pour le ${day(fact.answerBy)}.`,
    en: `Dispute accepted (${reason(fact.reason)}), with ${department(fact.department)}: an answer is due by ${day(fact.answerBy)}.`,
  }),
  disputeAnswered: (fact, { day }) => ({
    fr: `Réponse reçue sur la contestation ; décision attendue pour le ${day(fact.decideBy)}.`,
    en: `The dispute was answered; the decision is due by ${day(fact.decideBy)}.`,
  }),
  disputeChased: (fact) => chasedSentence(fact),
  disputeResolved: (fact, { money }) => {
    const outcome = outcomeNow(fact.outcome);
    if (outcome === 'rejected')
      return {
        fr: 'Contestation rejetée : le montant est de nouveau demandé.',
        en: 'Dispute rejected: the amount is asked for again.',
      };
    const cents = fact.grantedCents === undefined ? null : money(fact.grantedCents);
    const { fr, en } = grants[outcome];
    return {
      fr: `Contestation acceptée : ${fr}${cents === null ? '' : ` de ${cents}`} à établir.`,
      en: `Dispute accepted: ${en}${cents === null ? '' : ` of ${cents}`} to be issued.`,
    };
  },
  holdPlaced: (fact, { day, why }) => ({
    fr: `Suspendue${fact.until === null ? '' : ` jusqu’au ${day(fact.until)}`} (${why(fact.reason)}).`,
    en: `Put on hold${fact.until === null ? '' : ` until ${day(fact.until)}`} (${why(fact.reason)}).`,
  }),
  holdLifted: () => ({ fr: 'Suspension levée.', en: 'Hold lifted.' }),
  debtorChanged: () => ({
    fr: 'Ce que l’on sait du débiteur a changé.',
    en: 'What is known of the debtor has changed.',
  }),
  debtorReplaced: ({ because }) =>
    because === 'merged'
      ? {
          fr: 'Débiteur fusionné avec un autre, qui est le même : la facture passe à celui qui reste.',
          en: 'The debtor was merged with another who is the same: the invoice goes to the one who stays.',
        }
      : {
          fr: 'Fusion annulée : la facture revient à son premier débiteur.',
          en: 'The merge was taken back: the invoice returns to its first debtor.',
        },
  debtorInsolvent: (fact, { day }) => ({
    fr: `Procédure collective ouverte le ${day(fact.judgmentOn)}.`,
    en: `Insolvency procedure opened on ${day(fact.judgmentOn)}.`,
  }),
  legalTermsStated: ({ terms: { years, policy } }) => ({
    fr: `Délais légaux : prescription ${years === null ? 'inconnue' : `de ${years} ${years === 1 ? 'an' : 'ans'}`}${policy ? ', assurance-crédit' : ''}.`,
    en: `Legal terms: limitation ${years === null ? 'unknown' : `of ${years} ${years === 1 ? 'year' : 'years'}`}${policy ? ', credit insurance' : ''}.`,
  }),
  insurerTold: ({ notice, on }, { day }) => ({
    fr: `Assureur-crédit informé le ${day(on)} : ${noticeInWords(notice, 'fr')}.`,
    en: `Credit insurer told on ${day(on)}: ${noticeInWords(notice, 'en')}.`,
  }),
  limitationMoved: ({ event }, { day }) => ({
    fr: `Prescription : ${eventInWords(event, 'fr')} le ${day(event.on)}.`,
    en: `Limitation: ${eventInWords(event, 'en')} on ${day(event.on)}.`,
  }),
  clockWarned: ({ clock, on, people, managers }, { day }) => {
    const told =
      people + managers === 0
        ? {
            fr: 'personne n’a pu être prévenu, faute d’adresse e-mail',
            en: 'nobody could be told, for want of a mail address',
          }
        : {
            fr: `${people + managers} ${people + managers === 1 ? 'personne prévenue' : 'personnes prévenues'}`,
            en: `${people + managers} ${people + managers === 1 ? 'person was' : 'people were'} told`,
          };
    return {
      fr: `Délai légal, ${clockInWords(clock, 'fr')}, dernier jour le ${day(on)} : ${told.fr}.`,
      en: `Legal date, ${clockInWords(clock, 'en')}, last day ${day(on)}: ${told.en}.`,
    };
  },
  calendarExtended: (fact) => ({
    fr: `Jours ouvrés et heures d’après le calendrier ${fact.calendar.id}.`,
    en: `Working days and hours by the calendar ${fact.calendar.id}.`,
  }),
  stepRequested: (fact, { step, channel }) => ({
    fr: `Étape « ${step(fact.step)} » demandée (${channel(fact.channel)}).`,
    en: `Step "${step(fact.step)}" asked for (${channel(fact.channel)}).`,
  }),
  stepWithdrawn: (fact, { step }) =>
    ofWords.get(fact.reason) ?? {
      fr: `Étape « ${step(fact.step)} » retirée avant l’envoi.`,
      en: `Step "${step(fact.step)}" taken back before it left.`,
    },
  stepApproved: (fact, { step }) => ({
    fr: `Étape « ${step(fact.step)} » validée.`,
    en: `Step "${step(fact.step)}" approved.`,
  }),
  stepSkipped: (fact, { step, why }) => ({
    fr: `Étape « ${step(fact.step)} » sautée (${why(fact.reason)}).`,
    en: `Step "${step(fact.step)}" skipped (${why(fact.reason)}).`,
  }),
  stepSent: (fact, { step, channel }) => ({
    fr: `Étape « ${step(fact.step)} » partie (${channel(fact.channel)}).`,
    en: `Step "${step(fact.step)}" sent (${channel(fact.channel)}).`,
  }),
  stepUnconfirmed: (fact, { step }) => ({
    fr: `Étape « ${step(fact.step)} » : on ne sait pas si le message est parti.`,
    en: `Step "${step(fact.step)}": nobody knows whether the message left.`,
  }),
  stepHanded: (fact, { step, task, day }) => ({
    fr: `Étape « ${step(fact.step)} » confiée à une personne : ${task(fact.task)}, pour le ${day(fact.dueOn)}.`,
    en: `Step "${step(fact.step)}" handed to a person: ${task(fact.task)}, by ${day(fact.dueOn)}.`,
  }),
  stepPosted: (fact, { step, day }) => ({
    fr: `Lettre ${fact.electronic ? 'électronique ' : ''}de l’étape « ${step(fact.step)} » ${fact.electronic ? 'envoyée' : 'postée'} le ${day(fact.on)}${fact.trackingNumber === null ? '' : `, suivi ${fact.trackingNumber}`}${fact.acceptBy === undefined ? '' : ` ; à accepter jusqu’au ${day(fact.acceptBy)}`}.`,
    en: `${fact.electronic ? 'Electronic letter' : 'Letter'} of step "${step(fact.step)}" posted on ${day(fact.on)}${fact.trackingNumber === null ? '' : `, tracking ${fact.trackingNumber}`}${fact.acceptBy === undefined ? '' : `; it may be accepted until ${day(fact.acceptBy)}`}.`,
  }),
  // What stays in the built-in outbox counts as taken, and was received by nobody.
  stepDelivered: (fact, { step, channel, day }) =>
    fact.proof === 'outbox'
      ? {
          fr: `Étape « ${step(fact.step)} » gardée dans la boîte d’envoi intégrée le ${day(fact.on)} (${channel(fact.channel)}).`,
          en: `Step "${step(fact.step)}" kept in the built-in outbox on ${day(fact.on)} (${channel(fact.channel)}).`,
        }
      : {
          fr: `Étape « ${step(fact.step)} » reçue le ${day(fact.on)} (${channel(fact.channel)}).`,
          en: `Step "${step(fact.step)}" delivered on ${day(fact.on)} (${channel(fact.channel)}).`,
        },
  stepFailed: (fact, { step, channel, why }) => ({
    fr: `Étape « ${step(fact.step)} » en échec (${channel(fact.channel)}) : ${why(fact.reason)}.`,
    en: `Step "${step(fact.step)}" failed (${channel(fact.channel)}): ${why(fact.reason)}.`,
  }),
  letterReported: (fact, { step, day }) => {
    const proof = fact.proof === null ? '' : `, ${fact.proof}`;
    return {
      fr: `Lettre de l’étape « ${step(fact.step)} » ${lettersFr[fact.state]} le ${day(fact.on)}${proof}.`,
      en: `Letter of step "${step(fact.step)}" ${fact.state} on ${day(fact.on)}${proof}.`,
    };
  },
  taskOpened: (fact, { task, day }) => ({
    fr: `À faire pour le ${day(fact.dueOn)} : ${task(fact.task)}.`,
    en: `To do by ${day(fact.dueOn)}: ${task(fact.task)}.`,
  }),
  taskDone: (fact, { outcome }) => ({
    fr: `Tâche faite : ${outcome(fact.outcome)}.`,
    en: `Task done: ${outcome(fact.outcome)}.`,
  }),
  taskReminded: ({ told, people }) => {
    if (people === 0)
      return {
        fr: 'En retard : personne n’a pu être prévenu, faute d’adresse e-mail.',
        en: 'Late: nobody could be told, for want of a mail address.',
      };
    return told === 'owner'
      ? { fr: 'En retard : la personne chargée est prévenue.', en: 'Late: its owner was told.' }
      : { fr: 'En retard : le responsable est prévenu.', en: 'Late: the manager was told.' };
  },
  smallDifferenceFound: (fact, { money }) => ({
    fr: `Reste ${money(fact.cents)}, en dessous de ce que le créancier relance : petit écart, affiché et non relancé.`,
    en: `${money(fact.cents)} left, below what the creditor chases: a small difference, shown and not chased.`,
  }),
  handedOver: () => ({ fr: 'Dossier transmis au contentieux.', en: 'File handed over to litigation.' }),
  waived: (fact, { money, why }) => ({
    fr: `Remise de ${money(fact.amountCents)} accordée (${why(fact.reason)}) ; reste dû ${money(fact.balanceCents)}.`,
    en: `${money(fact.amountCents)} waived (${why(fact.reason)}); ${money(fact.balanceCents)} left.`,
  }),
  approvalAsked: (fact, { money, moment }) => ({
    fr: `Accord d’une autre personne demandé : ${actInWords(fact.act, 'fr')}, ${money(fact.amountCents)}, jusqu’au ${moment(fact.expiresAt)}.`,
    en: `The yes of another person was asked for: ${actInWords(fact.act, 'en')}, ${money(fact.amountCents)}, until ${moment(fact.expiresAt)}.`,
  }),
  approvalGiven: () => ({ fr: 'Accord donné.', en: 'The yes was given.' }),
  approvalRefused: (fact, { why }) => ({
    fr: `Accord refusé (${why(fact.reason)}).`,
    en: `The yes was refused (${why(fact.reason)}).`,
  }),
  approvalExpired: () => ({
    fr: 'Demande d’accord expirée sans réponse : rien n’a été fait.',
    en: 'The request for a yes lapsed unanswered: nothing was done.',
  }),
  approvalWithdrawn: (fact, { why }) => ({
    fr: `Demande d’accord retirée (${why(fact.reason)}).`,
    en: `The request for a yes was withdrawn (${why(fact.reason)}).`,
  }),
  approvalReminded: ({ people }) => ({
    fr:
      people === 0
        ? 'Demande d’accord bientôt expirée : personne n’a pu être prévenu, faute d’adresse e-mail.'
        : 'Demande d’accord bientôt expirée : rappelée à ceux qui peuvent la donner.',
    en:
      people === 0
        ? 'The request for a yes is about to lapse: nobody could be told, for want of a mail address.'
        : 'The request for a yes is about to lapse: those who may give it were told.',
  }),
};

type InWords = Readonly<Record<Language, string>>;

/** Why the task about what is to be said to a debtor is over; no step of the file is taken with it. */
const ofWords: ReadonlyMap<string, InWords> = new Map([
  [
    'word_taken_back',
    {
      fr: 'Lettre à poster retirée : elle n’est pas, ou plus, à envoyer.',
      en: 'Letter to post taken back: it is not, or no longer, to be sent.',
    },
  ],
  [
    'word_waits_no_more',
    {
      fr: 'Le message au débiteur n’attend plus : il part, ou n’est plus à envoyer.',
      en: 'What was to be said to the debtor waits no more: it leaves, or is not to be sent any more.',
    },
  ],
]);

const grants: Readonly<Record<Grant, InWords>> = {
  credit_note: { fr: 'avoir', en: 'a credit note' },
  corrected_invoice: { fr: 'facture corrigée', en: 'a corrected invoice' },
  goodwill: { fr: 'geste commercial', en: 'a waiver as goodwill' },
};

const late: Readonly<Record<FactOf<'disputeChased'>['stage'], InWords>> = {
  qualification: { fr: 'à qualifier', en: 'to be qualified' },
  answer: { fr: 'sans réponse', en: 'unanswered' },
  decision: { fr: 'à décider', en: 'to be decided' },
};

function chasedSentence({ stage, told, people, managers }: FactOf<'disputeChased'>): InWords {
  const { fr, en } = late[stage];
  if (people + managers === 0)
    return {
      fr: `Contestation ${fr} : personne n’a pu être prévenu, faute d’adresse e-mail.`,
      en: `Dispute ${en}: nobody could be told, for want of a mail address.`,
    };
  const who =
    told === 'resolver'
      ? { fr: 'la personne qui doit répondre', en: 'its resolver' }
      : { fr: 'la personne chargée du dossier', en: 'whoever works the file' };
  return managers > 0
    ? {
        fr: `Contestation ${fr} : ${who.fr} et le responsable sont prévenus.`,
        en: `Dispute ${en}: ${who.en} and the manager were told.`,
      }
    : { fr: `Contestation ${fr} : ${who.fr} est prévenue.`, en: `Dispute ${en}: ${who.en} was told.` };
}
