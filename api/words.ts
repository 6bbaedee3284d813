import type { State } from '../domain/decision.ts';
import type { Level } from '../domain/level.ts';
import type { Channel, Language } from '../domain/message.ts';
import type { TaskKind, TaskOutcome } from '../domain/fact.ts';
import type { CivilDate, Instant } from '../domain/time.ts';

/**
 * Our codes in the words of people, in French and English: states, levels, channels, tasks, money and days.
 *
 * Codes travel in JSON and never change; words are for the pages, the sentences of `/why` and the command line.
 */
export type InWords = Readonly<Record<Language, string>>;

const states: Readonly<Record<State, InWords>> = {
  waiting: { fr: 'en attente de la prochaine étape', en: 'waiting for its next step' },
  at_the_door: { fr: 'message prêt à partir', en: 'message about to leave' },
  awaiting_approval: { fr: 'à valider', en: 'awaiting approval' },
  on_its_way: { fr: "message en cours d'acheminement", en: 'message on its way' },
  to_confirm: { fr: 'envoi à confirmer', en: 'to be confirmed' },
  to_do: { fr: 'à traiter', en: 'to do' },
  held: { fr: 'suspendue', en: 'on hold' },
  disputed: { fr: 'contestée', en: 'disputed' },
  promised: { fr: 'promesse en cours', en: 'promised' },
  in_plan: { fr: 'échéancier en cours', en: 'in an instalment plan' },
  notice_running: { fr: 'mise en demeure en cours', en: 'formal notice running' },
  paid: { fr: 'payée', en: 'paid' },
  small_difference: { fr: 'soldée à un petit écart près', en: 'settled but for a small difference' },
  cancelled: { fr: 'annulée', en: 'cancelled' },
  written_off: { fr: 'passée en perte', en: 'written off' },
  handed_over: { fr: 'transmise au contentieux', en: 'handed over to litigation' },
};

const levels: Readonly<Record<Level, InWords>> = {
  preventive: { fr: 'rappel avant échéance', en: 'pre-due reminder' },
  reminder: { fr: 'relance', en: 'reminder' },
  firm: { fr: 'relance ferme', en: 'firm reminder' },
  formal_notice: { fr: 'mise en demeure', en: 'formal notice' },
  litigation: { fr: 'contentieux', en: 'litigation' },
};

const channels: Readonly<Record<Channel, InWords>> = {
  email: { fr: 'e-mail', en: 'e-mail' },
  sms: { fr: 'SMS', en: 'text message' },
  call: { fr: 'appel', en: 'call' },
  letter: { fr: 'courrier', en: 'letter' },
  registered_letter: { fr: 'lettre recommandée', en: 'registered letter' },
  internal: { fr: 'interne', en: 'internal' },
};

const tasks: Readonly<Record<TaskKind | 'draft', InWords>> = {
  call: { fr: 'appeler le débiteur', en: 'call the debtor' },
  manual: { fr: "faire l'étape à la main", en: 'do the step by hand' },
  post: { fr: 'poster la lettre', en: 'post the letter' },
  presentation: { fr: 'noter la présentation de la lettre', en: 'note the presentation of the letter' },
  escalation: { fr: 'décider de la suite', en: 'decide how to go on' },
  unreachable: { fr: 'trouver une adresse valable', en: 'find a valid address' },
  dispute: { fr: 'résoudre la contestation', en: 'resolve the dispute' },
  credit_note: {
    fr: 'établir l’avoir de la contestation justifiée',
    en: 'issue the credit note of the justified dispute',
  },
  corrected_invoice: { fr: 'établir la facture corrigée', en: 'issue the corrected invoice' },
  goodwill: {
    fr: 'faire accorder la remise du geste commercial',
    en: 'have the waiver granted that was agreed as goodwill',
  },
  hand_over: { fr: 'approuver la transmission au contentieux', en: 'approve the hand-over' },
  insolvency: { fr: 'déclarer la créance', en: 'declare the claim' },
  limitation: { fr: 'décider d’une créance prescrite', en: 'decide about a claim past its limitation' },
  bounced_late: { fr: "vérifier l'adresse revenue en erreur", en: 'check the address that bounced' },
  stuck: { fr: 'regarder pourquoi le message ne part pas', en: 'see why the message does not leave' },
  draft: { fr: 'valider le projet de message', en: 'approve the draft' },
};

const outcomes: Readonly<Record<TaskOutcome, InWords>> = {
  done: { fr: 'fait', en: 'done' },
  reached: { fr: 'joint', en: 'reached' },
  not_reached: { fr: 'non joint', en: 'not reached' },
  wrong_number: { fr: 'mauvais numéro', en: 'wrong number' },
  cannot_be_done: { fr: 'impossible', en: 'cannot be done' },
  approved: { fr: 'approuvé', en: 'approved' },
  remind_again: { fr: 'relancer encore une fois', en: 'remind once more' },
  extend: { fr: 'accorder un délai', en: 'grant more time' },
  formal_notice: { fr: 'passer à la mise en demeure', en: 'go on to the formal notice' },
  hand_over: { fr: 'transmettre au contentieux', en: 'hand over to litigation' },
  withdrawn: { fr: 'retiré', en: 'withdrawn' },
};

const reports: Readonly<Record<string, InWords>> = {
  deferred: {
    fr: 'Le serveur du destinataire fait attendre le message ; l’envoi continue d’être tenté.',
    en: "The recipient's server makes the message wait; it is being tried again.",
  },
  blocked: {
    fr: 'Le serveur du destinataire a écarté le message, sans rien dire de l’adresse.',
    en: "The recipient's server turned the message away, which says nothing of the address.",
  },
  delivered: { fr: 'Le message est bien arrivé.', en: 'The message has arrived.' },
  bounced: {
    fr: 'Le message est revenu : l’adresse ne fonctionne pas.',
    en: 'The message came back: the address does not work.',
  },
  undelivered: { fr: 'Le message n’est pas arrivé.', en: 'The message did not arrive.' },
  failed: { fr: 'Le message n’a pas pu être remis.', en: 'The message could not be handed over.' },
  opted_out: {
    fr: 'Le destinataire ne veut plus être contacté par cette voie.',
    en: 'The recipient wants to hear no more in this way.',
  },
  complained: {
    fr: 'Le destinataire a signalé le message comme indésirable.',
    en: 'The recipient marked the message as spam.',
  },
};

/** What a provider reported of a message, as a sentence. */
export function reportInWords(kind: string, language: Language): string {
  return reports[kind]?.[language] ?? kind;
}

/** What a formal notice lacks; any other field is named as the API names it. */
export function mentionInWords(mention: string, language: Language): string {
  const mentions: Readonly<Record<string, InWords>> = {
    'creditor.legalName': { fr: 'le nom légal du créancier', en: 'the legal name of the creditor' },
    'creditor.siren': { fr: 'le SIREN du créancier', en: 'the SIREN of the creditor' },
    'creditor.address': { fr: 'l’adresse du créancier', en: 'the address of the creditor' },
    'creditor.iban': { fr: 'le moyen de paiement (IBAN)', en: 'the means of payment (IBAN)' },
    'creditor.senderName': { fr: 'le signataire', en: 'the signatory' },
    'debtor.name': { fr: 'le nom du débiteur', en: 'the name of the debtor' },
    'debtor.siren': { fr: 'le SIREN du débiteur', en: 'the SIREN of the debtor' },
    'debtor.address': { fr: 'l’adresse du débiteur', en: 'the address of the debtor' },
    'invoice.number': { fr: 'le numéro de la facture', en: 'the number of the invoice' },
    'invoice.issueDate': { fr: 'la date de la facture', en: 'the date of the invoice' },
    'invoice.dueDate': { fr: 'l’échéance de la facture', en: 'the due date of the invoice' },
    'invoice.amount': { fr: 'le montant dû', en: 'the amount owed' },
    deadline: { fr: 'le délai pour payer', en: 'the deadline' },
  };
  const law = /^law\.(\w+) (.+)$/.exec(mention);
  if (law) return lawValueInWords(law[1] ?? '', law[2] ?? '', language);
  return mentions[mention]?.[language] ?? mention;
}

/** A value of the law that nobody has entered, by its code and its semester or day. */
function lawValueInWords(code: string, when: string, language: Language): string {
  const values: Readonly<Record<string, InWords>> = {
    ecb_refinancing_rate: { fr: 'le taux directeur de la BCE', en: 'the ECB refinancing rate' },
    legal_rate_business: { fr: 'le taux d’intérêt légal', en: 'the legal interest rate' },
    legal_rate_individual: {
      fr: 'le taux d’intérêt légal des particuliers',
      en: 'the legal interest rate of private persons',
    },
  };
  const value = values[code]?.[language] ?? code;
  const [year, half] = when.split('-H');
  if (half === undefined) return language === 'fr' ? `${value} au ${when}` : `${value} on ${when}`;
  const semester = language === 'fr' ? `du ${half === '1' ? '1er' : '2e'} semestre ${year}` : `of ${when}`;
  return `${value} ${semester}`;
}

/** A grave act, as it reads after "asked for". */
export function actInWords(act: string, language: Language): string {
  const acts: Readonly<Record<string, InWords>> = {
    formal_notice: { fr: 'mise en demeure', en: 'formal notice' },
    waiver: { fr: 'remise', en: 'waiver' },
    discount: { fr: 'remise pour règlement anticipé', en: 'discount for early settlement' },
    accessories: { fr: 'abandon de pénalités', en: 'waiver of penalties' },
    write_off: { fr: 'passage en perte', en: 'write-off' },
    hand_over: { fr: 'transmission au contentieux', en: 'hand-over to litigation' },
    correction: {
      fr: 'montant corrigé à la baisse ou échéance reportée',
      en: 'amount corrected downwards or due date moved',
    },
    cancellation: { fr: 'facture annulée', en: 'invoice cancelled' },
    credit_note: { fr: 'avoir', en: 'credit note' },
    kind: { fr: 'nature du débiteur changée', en: 'kind of the debtor changed' },
    not_chased: {
      fr: 'créance retirée des relances (cédée, prélèvement, effet ou échéance lointaine)',
      en: 'claim taken out of dunning (factored, direct debit, bill or due much later)',
    },
    agreed_rate: {
      fr: 'taux de pénalités convenu pour le passé, intérêts abandonnés',
      en: 'rate of late payment agreed for the past, interest given up',
    },
    penalty_rate: { fr: 'taux de pénalités abaissé', en: 'rate of late payment lowered' },
  };
  return acts[act]?.[language] ?? act;
}

/** How a task ended. */
export function outcomeInWords(outcome: string, language: Language): string {
  return (outcomes as Readonly<Record<string, InWords>>)[outcome]?.[language] ?? outcome;
}

/** A state as it reads after "the invoice is". */
export function stateInWords(state: string, language: Language): string {
  return (states as Readonly<Record<string, InWords>>)[state]?.[language] ?? state;
}

export function levelInWords(level: string | null, language: Language): string {
  if (level === null) return language === 'fr' ? 'aucune relance' : 'no reminder yet';
  return (levels as Readonly<Record<string, InWords>>)[level]?.[language] ?? level;
}

export function channelInWords(channel: string, language: Language): string {
  return (channels as Readonly<Record<string, InWords>>)[channel]?.[language] ?? channel;
}

/** A message that is planned or foreseen: `formal notice, registered letter`. */
export function messageInWords(
  { level, channel }: { readonly level: Level; readonly channel: Channel },
  language: Language,
): string {
  return `${levelInWords(level, language)}, ${channelInWords(channel, language)}`;
}

/** A task as it reads in "somebody is asked to …"; `stopped` or `silent` while it is not to be done. */
export function taskInWords(
  kind: string,
  language: Language,
  { stopped = false, silent = false }: { readonly stopped?: boolean; readonly silent?: boolean } = {},
): string {
  const words = (tasks as Readonly<Record<string, InWords>>)[kind]?.[language] ?? kind;
  const but = stopped ? notUnderStop : silent ? notInSilence : null;
  return but ? `${words} (${but[language]})` : words;
}

const notInSilence: InWords = {
  fr: 'pas maintenant : nous gardons le silence envers le débiteur',
  en: 'not now: we keep silent towards the debtor',
};

const notUnderStop: InWords = {
  fr: 'pas avant la fin de l’arrêt des envois',
  en: 'not before sending starts again',
};

/** Money as the language writes it: `1 234,56 €`, `€1,234.56`. */
export function moneyInWords(cents: number, currency: string, language: Language): string {
  return new Intl.NumberFormat(localeOf(language), { style: 'currency', currency }).format(cents / 100);
}

/** A day in full: `22 novembre 2026`, `1er avril 2026`. */
export function dayInWords(day: CivilDate, language: Language): string {
  const words = new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'long', timeZone: 'UTC' }).format(
    Date.parse(`${day}T00:00:00Z`),
  );
  return language === 'fr' ? words.replace(/^1 /, '1er ') : words;
}

/** A moment on the clocks of a zone, to the minute. */
export function momentInWords(at: Instant, zone: string, language: Language): string {
  const words = new Intl.DateTimeFormat(localeOf(language), {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: zone,
  }).format(at);
  return language === 'fr' ? words.replace(/^1 /, '1er ') : words;
}

/** That somebody, and what was said to him, is not known any more: `effacé le 3 mars 2026`. */
export function erasedInWords(at: Instant, language: Language): string {
  const day = dayInWords(new Date(at).toISOString().slice(0, 10), language);
  return language === 'fr' ? `effacé le ${day}` : `erased on ${day}`;
}

function localeOf(language: Language): string {
  return language === 'fr' ? 'fr-FR' : 'en-GB';
}

/** Who did something, when it was no person of ours. */
export function authorInWords(kind: string, language: Language): string {
  const words: Readonly<Record<string, InWords>> = {
    user: { fr: 'une personne', en: 'a person' },
    import: { fr: 'import', en: 'import' },
    bank: { fr: 'banque', en: 'bank' },
    provider: { fr: 'prestataire d’envoi', en: 'carrier' },
    relance: { fr: 'Relance', en: 'Relance' },
  };
  return words[kind]?.[language] ?? kind;
}

/** With a capital letter, as at the beginning of a line. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
