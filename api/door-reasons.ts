import type { DeferralReason } from '../domain/door-caps.ts';
import type { Language } from '../domain/message.ts';
import type { StopScope } from '../db/stops.ts';
import { dayInWords, mentionInWords, momentInWords } from './words.ts';
import type { CivilDate, Instant } from '../domain/time.ts';

/** Why the door keeps a message for now, as a sentence: caps, windows, stops, a creditor who is not complete. */
export function doorSentence(
  deferral: { readonly reason: DeferralReason; readonly until: Instant | null },
  context: { readonly language: Language; readonly zone: string; readonly missing?: readonly string[] },
): string {
  const when = deferral.until === null ? '' : momentInWords(deferral.until, context.zone, context.language);
  const missing = (context.missing ?? []).map((one) => mentionInWords(one, context.language));
  return sentences[deferral.reason][context.language](when, missing.join(', '));
}

/** A stop in force, as a sentence: what it covers, through which day, and why. */
export function stopSentence(
  {
    scope,
    until,
    reason,
  }: { readonly scope: StopScope; readonly until: CivilDate | null; readonly reason: string },
  language: Language,
): string {
  const width = widths[scope][language];
  if (language === 'fr')
    return `Plus rien ne part pour ${width}${until === null ? '' : `, jusqu’au ${dayInWords(until, 'fr')} inclus`} : ${reason}.`;
  return `Nothing leaves for ${width}${until === null ? '' : `, through ${dayInWords(until, 'en')}`}: ${reason}.`;
}

const widths: Readonly<Record<StopScope, Readonly<Record<Language, string>>>> = {
  everything: { fr: 'personne', en: 'anybody' },
  creditor: { fr: 'ce créancier', en: 'this creditor' },
  debtor: { fr: 'ce débiteur', en: 'this debtor' },
  invoice: { fr: 'cette facture', en: 'this invoice' },
};

/** Whether a reason on a message is one of the door. */
export function isDeferralReason(reason: string): reason is DeferralReason {
  return Object.hasOwn(sentences, reason);
}

const sentences: Readonly<
  Record<DeferralReason, Readonly<Record<Language, (when: string, missing: string) => string>>>
> = {
  stopped: {
    fr: (when) =>
      when ? `Un arrêt des envois est en vigueur jusqu’au ${when}.` : 'Un arrêt des envois est en vigueur.',
    en: (when) => (when ? `A stop is in force until ${when}.` : 'A stop is in force.'),
  },
  creditor_incomplete: {
    fr: (_, missing) =>
      `Rien ne part au nom du créancier tant qu’il n’est pas complet${missing ? ` (il manque : ${missing})` : ''}.`,
    en: (_, missing) =>
      `Nothing leaves in the creditor's name until it is complete${missing ? ` (missing: ${missing})` : ''}.`,
  },
  notice_incomplete: {
    fr: (_, missing) => `La mise en demeure est incomplète, elle ne part pas : il manque ${missing}.`,
    en: (_, missing) => `The formal notice is incomplete and does not leave: ${missing} is missing.`,
  },
  law_value_missing: {
    fr: (_, missing) =>
      `Le message réclame des pénalités qui ne peuvent être calculées : il manque ${missing}. Un administrateur l’ajoute aux valeurs légales.`,
    en: (_, missing) =>
      `The message asks for penalties that cannot be worked out: ${missing} is missing. An administrator adds it to the values of the law.`,
  },
  restarting: {
    fr: (when) => `Reprise échelonnée après un arrêt : son tour vient le ${when}.`,
    en: (when) => `Staggered restart after a stop: its turn comes on ${when}.`,
  },
  cannot_be_composed: {
    fr: (when) =>
      `Le message n’a pas pu être composé : l’exploitant trouve la cause dans le journal technique, nouvel essai le ${when}.`,
    en: (when) =>
      `The message could not be composed: the operator finds the cause in the log; it is tried again on ${when}.`,
  },
  muted: {
    fr: (when) =>
      `Nous ne parlons pas au débiteur de ce dossier${when ? ` avant le ${when}` : ''} : silence demandé, procédure collective, dossier clos ou confié à l’extérieur.`,
    en: (when) =>
      `We do not speak to the debtor about this file${when ? ` before ${when}` : ''}: silence was asked for, an insolvency, or it is over or with somebody else.`,
  },
  no_address: {
    fr: () => 'Aucun interlocuteur n’a d’adresse valable pour ce canal.',
    en: () => 'No contact has a valid address for this channel.',
  },
  unallocated_credit: {
    fr: () =>
      'Le débiteur a un crédit non lettré qui couvre ce qui est demandé : une personne le lettre d’abord.',
    en: () => 'The debtor has unallocated credit that covers what is asked: a person allocates it first.',
  },
  awaiting_approval: {
    fr: () => 'Le message attend une validation.',
    en: () => 'The message awaits approval.',
  },
  window: {
    fr: (when) => `Hors des heures d’envoi : départ le ${when}.`,
    en: (when) => `Outside the hours of sending: it leaves on ${when}.`,
  },
  cap: {
    fr: (when) => `Le débiteur a été contacté assez souvent : départ le ${when}.`,
    en: (when) => `The debtor has been contacted often enough: it leaves on ${when}.`,
  },
  formal_notice_today: {
    fr: (when) => `Une mise en demeure est partie aujourd’hui : départ le ${when}.`,
    en: (when) => `A formal notice left today: it leaves on ${when}.`,
  },
  message_today: {
    fr: (when) =>
      `Une mise en demeure part seule dans sa journée, et un message est déjà parti : départ le ${when}.`,
    en: (when) =>
      `A formal notice stands alone on its day, and a message has left today: it leaves on ${when}.`,
  },
};
