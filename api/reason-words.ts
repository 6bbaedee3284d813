import type { Language } from '../domain/message.ts';

/**
 * The codes that say why something was done, in the words of people.
 *
 * Codes are counted by reports and never change, and houses have codes of their own: one that is not here is shown as it
 * reads, without its underscores. Why debtors contest has a list of its own (`domain/dispute/reason.ts`).
 */
const reasons: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  // Holds.
  import: { fr: 'import à libérer', en: 'the import awaits its release' },
  extended: { fr: 'délai accordé', en: 'more time was granted' },
  discount_offer: {
    fr: 'remise proposée pour règlement anticipé',
    en: 'a discount is offered for early settlement',
  },
  with_firm: { fr: 'confiée à un partenaire', en: 'with an external firm' },
  doubtful: { fr: 'créance douteuse', en: 'doubtful claim' },
  legal_only: { fr: 'suivie par le service juridique', en: 'the legal department follows it' },
  talks: { fr: 'discussion en cours', en: 'in talks' },
  negotiation: { fr: 'négociation en cours', en: 'negotiation' },
  debtor_asked: { fr: 'à la demande du débiteur', en: 'the debtor asked' },

  // Questions that wait for a yes.
  too_early: { fr: 'trop tôt', en: 'too early' },
  wrong_amount: { fr: 'montant inexact', en: 'wrong amount' },
  in_talks: { fr: 'discussion en cours', en: 'in talks' },
  disputed: { fr: 'créance contestée', en: 'the claim is disputed' },
  not_justified: { fr: 'pas justifié', en: 'not justified' },
  overtaken: { fr: 'dépassée par les événements', en: 'overtaken by events' },
  draft_changed: { fr: 'le projet a changé', en: 'the draft has changed' },

  // Money given up, papers cancelled, files that end.
  early_settlement: { fr: 'règlement anticipé', en: 'early settlement' },
  mistake: { fr: 'erreur', en: 'a mistake' },
  goodwill: { fr: 'geste commercial', en: 'goodwill' },
  commercial: { fr: 'raison commerciale', en: 'commercial' },
  small_balance: { fr: 'petit solde', en: 'small balance' },
  duplicate: { fr: 'en double', en: 'duplicate' },
  issued_by_mistake: { fr: 'émise par erreur', en: 'issued by mistake' },
  imported: { fr: 'signalé dans un import', en: 'marked in an import' },
  irrecoverable: { fr: 'irrécouvrable', en: 'irrecoverable' },
  uncollectable: { fr: 'irrécouvrable', en: 'uncollectable' },
  taken_back: { fr: 'repris au partenaire', en: 'taken back' },
  withdrawn: { fr: 'retiré', en: 'withdrawn' },

  // Why a message did not arrive, or a task could not be done.
  wrong_number: { fr: 'mauvais numéro', en: 'wrong number' },
  not_reached: { fr: 'non joint', en: 'not reached' },
  cannot_be_done: { fr: 'impossible', en: 'cannot be done' },
  cannot_be_composed: { fr: 'le message ne peut être rédigé', en: 'the message cannot be written' },
  hard_bounce: { fr: 'l’adresse ne fonctionne pas', en: 'the address does not work' },
  bounced: { fr: 'l’adresse ne fonctionne pas', en: 'the address does not work' },
  blocked: { fr: 'écarté par le serveur du destinataire', en: "turned away by the recipient's server" },
  undelivered: { fr: 'non remis', en: 'not delivered' },
  failed: { fr: 'non remis', en: 'could not be handed over' },
  opted_out: { fr: 'le destinataire ne veut plus être contacté ainsi', en: 'the recipient opted out' },
  complained: { fr: 'signalé comme indésirable', en: 'marked as spam' },
  no_mail_address: { fr: 'adresse e-mail non valable', en: 'no valid mail address' },
  no_mobile_number: { fr: 'numéro de mobile non valable', en: 'no valid mobile number' },
  not_a_mail: { fr: 'e-mail refusé', en: 'the mail was refused' },
  not_a_text_message: { fr: 'SMS refusé', en: 'the text message was refused' },
  timed_out: { fr: 'sans réponse dans le délai', en: 'no answer in time' },
  interrupted: { fr: 'envoi interrompu', en: 'interrupted' },
  answer_not_understood: { fr: 'réponse incomprise', en: 'answer not understood' },
  unknown_address: { fr: 'adresse inconnue', en: 'unknown address' },
  unclaimed: { fr: 'non réclamée', en: 'unclaimed' },
  refused: { fr: 'refusée', en: 'refused' },
  returned: { fr: 'retournée', en: 'returned' },
  expired: { fr: 'délai passé', en: 'its time was over' },
  moved: { fr: 'parti sans laisser d’adresse', en: 'moved away' },
  lost: { fr: 'perdue', en: 'lost' },

  other: { fr: 'autre raison', en: 'other reason' },
};

/** The code as people read it. */
export function reasonCodeInWords(code: string, language: Language): string {
  return reasons[code]?.[language] ?? code.replaceAll('_', ' ');
}
