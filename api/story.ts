import { deliveryInWords } from '../activities/compose/delivery-in-words.ts';
import { authorOf } from '../db/authors.ts';
import { textIdOf } from '../db/timeline.ts';
import type { Past, PastEntry, PastMessage } from '../db/timeline.ts';
import type { Collection } from '../domain/collection.ts';
import type { Author } from '../domain/fact.ts';
import type { Language } from '../domain/message.ts';
import { factSentence } from './fact-sentences.ts';
import { litigationSentence } from './litigation-sentences.ts';
import { contextOf } from './reasons.ts';
import type { ReasonContext } from './reasons.ts';
import { instantOf } from './shapes.ts';
import {
  actInWords,
  capital,
  channelInWords,
  dayInWords,
  erasedInWords,
  moneyInWords,
  reportInWords,
} from './words.ts';

/** One line of an invoice's story, as `/timeline` answers it and its page shows it. */
export interface StoryEntry {
  readonly at: string;
  /** Its place in the journal; null for a message. */
  readonly seq: number | null;
  readonly kind: 'fact' | 'message' | 'note';
  readonly type: string;
  readonly number: number | null;
  readonly author: {
    readonly kind: Author['kind'];
    readonly id: string;
    readonly name: string | null;
  } | null;
  readonly text: string;
  readonly words: string | null;
  readonly messageId: string | null;
  readonly documentId: string | null;
}

/**
 * The past of an invoice as one story: facts, notes and messages in the order in which they happened.
 *
 * Of one moment, what the journal says comes first, in its order; the message that it speaks of follows.
 */
export function storyOf(past: Past, collection: Collection, language: Language): StoryEntry[] {
  const context = contextOf(collection, language);
  const told = [
    ...past.entries
      .filter(({ type }) => !proofsOfWords.has(type))
      .map((entry) => ({ at: entry.at, line: fromJournal(entry, past, context) })),
    ...past.messages.map((message) => ({
      at: message.claimed_at ?? message.planned_at,
      line: fromMessage(message, language),
    })),
  ];
  return told.sort((a, b) => a.at - b.at).map(({ line }) => line);
}

/** They say in the journal what the message itself says here. */
const proofsOfWords: ReadonlySet<string> = new Set(['wordSent', 'wordUnconfirmed', 'wordHanded']);

function fromJournal(entry: PastEntry, past: Past, context: ReasonContext): StoryEntry {
  const { fact, body, type } = entry;
  const by = fact?.by ?? authorOf(body);
  const textId = textIdOf(body);
  return {
    at: instantOf(entry.at),
    seq: entry.seq,
    kind: fact ? 'fact' : 'note',
    type,
    number: fact?.n ?? null,
    author: by ? { kind: by.kind, id: by.id, name: past.people.get(by.id) ?? null } : null,
    text: fact ? factSentence(fact, context) : noteSentence(entry, context),
    words: textId === undefined ? null : (past.texts.get(textId) ?? null),
    messageId: fact && 'messageId' in fact ? fact.messageId : idIn(body['messageId']),
    documentId: idIn(body['documentId']),
  };
}

function fromMessage(message: PastMessage, language: Language): StoryEntry {
  const what = channelInWords(message.channel, language);
  const subject =
    message.subject === null ? '' : language === 'fr' ? ` « ${message.subject} »` : ` "${message.subject}"`;
  const whom =
    message.erased_at === null
      ? `${language === 'fr' ? 'à' : 'to'} ${message.recipient.split('\n').join(', ')}`
      : `– ${erasedInWords(message.erased_at, language)}`;
  return {
    at: instantOf(message.claimed_at ?? message.planned_at),
    seq: null,
    kind: 'message',
    type: message.purpose,
    number: null,
    author: { kind: 'relance', id: 'relance', name: null },
    text: `${capital(what)}${subject} ${whom} (${deliveryInWords(message.state, language, message.channel, message.provider)}).`,
    words: null,
    messageId: message.id,
    documentId: message.document_id,
  };
}

function idIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function noteSentence({ type, body }: PastEntry, context: ReasonContext): string {
  const { language } = context;
  if (type === 'deliveryReported') return reportInWords(String(body['kind']), language);
  const ofLitigation = litigationSentence(type, body, language);
  if (ofLitigation !== null) return ofLitigation;
  if (type === 'discountOffered') return discountSentence(body, context)[language];
  if (type === 'discountEnded') return discountEnds[String(body['how'])]?.[language] ?? type;
  const way = disputeWays[type]?.[String(body['way'])];
  if (way) return way[language];
  const known: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
    noteAdded: { fr: 'Note.', en: 'Note.' },
    documentKept: { fr: 'Document conservé.', en: 'Document kept.' },
    handedToFirm: { fr: 'Dossier confié à un cabinet extérieur.', en: 'File handed to an external firm.' },
    takenBackFromFirm: { fr: 'Dossier repris au cabinet extérieur.', en: 'File taken back from the firm.' },
    accessoriesKept: {
      fr: 'Le principal est réglé ; les pénalités réclamées restent dues par le débiteur.',
      en: 'The principal is settled; the penalties that were claimed stay owed by the debtor.',
    },
    accessoriesWaived: {
      fr: 'Pénalités réclamées et non réglées : abandonnées.',
      en: 'Penalties claimed and not paid: waived.',
    },
    accessoriesPaid: {
      fr: 'Pénalités réglées sur le crédit du débiteur.',
      en: "Penalties paid from the debtor's credit.",
    },
    declarationAsked: {
      fr: 'Créance à déclarer à la procédure collective.',
      en: 'The claim is to be declared in the insolvency.',
    },
    claimDeclared: { fr: 'Créance déclarée.', en: 'Claim declared.' },
    disputeAssigned: { fr: 'Contestation confiée pour résolution.', en: 'Dispute given to a resolver.' },
    disputeNote: { fr: 'Note sur la contestation.', en: 'Note on the dispute.' },
    disputeMessage: { fr: 'Message sur la contestation.', en: 'Message about the dispute.' },
    handOverNote: { fr: 'Note sur la transmission.', en: 'Note on the hand-over.' },
    approvalNote: { fr: 'Note sur l’accord demandé.', en: 'Note on the approval.' },
    doneAlone:
      body['why'] === 'paper'
        ? {
            fr: `Fait seul, sans second accord : ${actInWords(String(body['act']), 'fr')}.`,
            en: `Done alone, with no second person: ${actInWords(String(body['act']), 'en')}.`,
          }
        : {
            fr: `Fait seul, la double validation étant désactivée : ${actInWords(String(body['act']), 'fr')}.`,
            en: `Done alone, four eyes being off: ${actInWords(String(body['act']), 'en')}.`,
          },
    planUnkept: {
      fr: 'De l’argent de l’échéancier est revenu : il n’a pas été tenu.',
      en: 'Money of the instalment plan came back: it was not kept.',
    },
    planProposed: { fr: 'Échéancier proposé au débiteur.', en: 'Instalment plan proposed to the debtor.' },
    planWithdrawn: { fr: 'Proposition d’échéancier retirée.', en: 'Proposed instalment plan taken back.' },
    disputeDescribed: { fr: 'Description de la contestation.', en: 'Description of the dispute.' },
  };
  return known[type]?.[language] ?? type;
}

/** What was offered, in figures. */
function discountSentence(
  body: PastEntry['body'],
  { currency }: ReasonContext,
): Readonly<Record<Language, string>> {
  const money = (cents: unknown, language: Language) => moneyInWords(Number(cents), currency, language);
  const { payCents, discountCents, payBy } = body;
  return {
    fr: `Remise proposée : ${money(discountCents, 'fr')} si ${money(payCents, 'fr')} sont réglés au plus tard le ${dayInWords(String(payBy), 'fr')}.`,
    en: `Discount offered: ${money(discountCents, 'en')} if ${money(payCents, 'en')} is paid by ${dayInWords(String(payBy), 'en')}.`,
  };
}

const discountEnds: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  taken: {
    fr: 'Règlement anticipé reçu à temps : la remise proposée est acquise.',
    en: 'Paid early, in time: the discount that was offered is granted.',
  },
  lapsed: {
    fr: 'La remise proposée n’a pas été saisie : le scénario reprend.',
    en: 'The discount that was offered was let pass: the scenario resumes.',
  },
  withdrawn: { fr: 'Proposition de remise retirée.', en: 'The offer of a discount was taken back.' },
  overtaken: {
    fr: 'La remise proposée est sans objet : la facture est close.',
    en: 'The discount that was offered is moot: the invoice is closed.',
  },
};

const disputeWays: Readonly<Record<string, Readonly<Record<string, Readonly<Record<Language, string>>>>>> = {
  disputeMessage: {
    internal: { fr: 'Message interne sur la contestation.', en: 'Internal message about the dispute.' },
    to_debtor: {
      fr: 'Message au débiteur sur la contestation.',
      en: 'Message to the debtor about the dispute.',
    },
    from_debtor: {
      fr: 'Message du débiteur sur la contestation.',
      en: 'Message of the debtor about the dispute.',
    },
  },
  documentKept: {
    internal: { fr: 'Document interne sur la contestation.', en: 'Internal document about the dispute.' },
    to_debtor: {
      fr: 'Document pour le débiteur sur la contestation.',
      en: 'Document for the debtor about the dispute.',
    },
    from_debtor: {
      fr: 'Document du débiteur sur la contestation.',
      en: 'Document of the debtor about the dispute.',
    },
  },
};
