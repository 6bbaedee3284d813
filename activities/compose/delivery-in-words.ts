import type { MessageState } from '../../db/schema.ts';
import type { Language } from '../../domain/message.ts';

const deliveries: Readonly<Record<MessageState, Readonly<Record<Language, string>>>> = {
  planned: { fr: 'préparé', en: 'planned' },
  claimed: { fr: 'en cours d’envoi', en: 'being sent' },
  accepted: { fr: 'parti', en: 'sent' },
  refused: { fr: 'refusé', en: 'refused' },
  unknown: { fr: 'envoi incertain', en: 'outcome unknown' },
  cancelled: { fr: 'annulé', en: 'cancelled' },
  delivered: { fr: 'reçu', en: 'delivered' },
  bounced: { fr: 'revenu en erreur', en: 'bounced' },
  complained: { fr: 'signalé comme indésirable', en: 'marked as spam' },
};

const inHands: readonly string[] = ['call', 'letter', 'registered_letter'];

/** What became of a message, on its way: one that stayed in the built-in outbox was received by nobody. */
export function deliveryInWords(
  state: string,
  language: Language,
  channel?: string,
  provider?: string | null,
): string {
  if (state === 'delivered' && provider === 'outbox')
    return language === 'fr' ? 'gardé dans la boîte d’envoi intégrée' : 'kept in the built-in outbox';
  // Nobody says that a call has left; and a letter has only once somebody brought it to the post.
  if (state === 'accepted' && channel !== undefined && inHands.includes(channel))
    return language === 'fr' ? 'par une personne' : 'by a person';
  return (
    (deliveries as Readonly<Record<string, Readonly<Record<Language, string>>>>)[state]?.[language] ?? state
  );
}
