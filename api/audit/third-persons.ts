import type { InvoiceRecord } from '../../db/audit/invoice-record.ts';
import type { Language } from '../../domain/message.ts';
import type { Role } from '../../domain/role.ts';

/** What is given of persons who are no party to the file: all, everything but who they are, or nothing. */
export const discretions = ['full', 'masked', 'left_out'] as const;
export type Discretion = (typeof discretions)[number];

/** A text as it is given away. */
export interface GivenText {
  readonly text: string;
  /** Something in it was made unreadable, so its hash can't be computed from it. */
  readonly isMasked: boolean;
}

/**
 * Hides who third persons are: our own people, the firms', and those contacts of the debtor to whom nothing of this file
 * was written. The creditor, the debtor and whoever was written to are parties.
 *
 * Names, mail addresses and numbers that are on record are found wherever they stand. In the free words of people also
 * what looks like an address, a number or a name after a title; a name that nobody could know stays, so `left_out` gives
 * no free words at all. The same person has the same alias throughout one bundle.
 */
export interface ThirdPersons {
  readonly discretion: Discretion;
  /** How a user of ours is called; null where only his kind is to be told. */
  readonly nameOf: (userId: string) => string | null;
  /** What we or others wrote freely; null where it is left out. */
  readonly freeWords: (text: string) => GivenText | null;
  /** What was composed from templates, and names of files. */
  readonly composed: (text: string) => GivenText;
  /** Whether that contact is no party. */
  readonly isThird: (contactId: string) => boolean;
}

export function thirdPersonsIn(
  record: InvoiceRecord,
  discretion: Discretion,
  language: Language,
): ThirdPersons {
  const { file, messages, users } = record;
  const written = new Set(messages.map(({ message }) => message.contact_id));
  const isThird = ({ id }: { readonly id: string }): boolean => !written.has(id);
  if (discretion === 'full')
    return {
      discretion,
      nameOf: (id) => users.find((user) => user.id === id)?.name ?? null,
      freeWords: (text) => ({ text, isMasked: false }),
      composed: (text) => ({ text, isMasked: false }),
      isThird: () => false,
    };

  const acting = users.filter(({ acts }) => acts);
  const aliases = new Map(
    acting.map(({ id, role }, place) => [id, aliasOf(place, roleInWords(role, language), language)]),
  );
  const parties = partyWords(record, written);
  const known = [
    ...users.flatMap(({ id, name, email }) => {
      const alias = aliases.get(id) ?? hidden[language];
      return [...namesIn(name, alias), ...whole(email, alias)];
    }),
    ...file.contacts.filter(isThird).flatMap((contact) => {
      const alias = hidden[language];
      return [
        ...namesIn(contact.name, alias),
        ...[contact.email, contact.mobile, contact.phone, ...contact.address].flatMap((text) =>
          whole(text, alias),
        ),
      ];
    }),
  ].filter(({ text }) => !parties.has(text.toLowerCase()));
  // A single word of a name may be a word of the template too.
  const unmistakable = known.filter(({ isWord }) => !isWord);
  const composed = (text: string): GivenText => given(text, withoutKnown(text, unmistakable));
  return {
    discretion,
    nameOf: (id) => (discretion === 'masked' ? (aliases.get(id) ?? null) : null),
    freeWords: (text) =>
      discretion === 'left_out'
        ? null
        : given(text, withoutLookalikes(withoutKnown(text, known), parties, hidden[language])),
    composed,
    isThird: (contactId) => isThird({ id: contactId }),
  };
}

interface Known {
  readonly text: string;
  readonly alias: string;
  /** One word of a name that has several. */
  readonly isWord: boolean;
}

const hidden: Readonly<Record<Language, string>> = { fr: '[tiers]', en: '[third person]' };

/** Shorter ones are words of their own too often. */
const lettersMin = 3;

/** A name as a whole, and each of its words: people write of each other by one of them. */
function namesIn(name: string | null, alias: string): readonly Known[] {
  if (name === null) return [];
  const words = name.split(/\s+/).filter((word) => /^\p{Lu}/u.test(word) && word.length >= lettersMin);
  return [...whole(name, alias), ...words.map((text) => ({ text, alias, isWord: true }))];
}

function whole(text: string | null, alias: string): readonly Known[] {
  return text === null || text.trim().length < lettersMin
    ? []
    : [{ text: text.trim(), alias, isWord: false }];
}

/** What parties are called and reached by, which is nobody else's even where a third person has it too. */
function partyWords(
  { file, messages }: InvoiceRecord,
  written: ReadonlySet<string | null>,
): ReadonlySet<string> {
  const { creditor, debtor, contacts } = file;
  const parties = contacts.filter(({ id }) => written.has(id));
  const texts = [
    ...[creditor.legal_name, creditor.sender_name, creditor.reply_to, creditor.phone, debtor.name],
    ...creditor.address,
    ...parties.flatMap(({ name, email, mobile, phone, address }) => [name, email, mobile, phone, ...address]),
    ...messages.map(({ message }) => message.recipient),
  ].flatMap((text) => text ?? []);
  return new Set(texts.flatMap((text) => [text, ...text.split(/\s+/)]).map((text) => text.toLowerCase()));
}

function withoutKnown(text: string, known: readonly Known[]): string {
  // The longest first: a mail address before the name that stands in it.
  return [...known]
    .sort((one, other) => other.text.length - one.text.length)
    .reduce(
      (masked, { text: name, alias }) =>
        masked.replace(
          new RegExp(`(?<![\\p{L}\\p{N}])${escaped(name)}(?![\\p{L}\\p{N}])`, 'giu'),
          () => alias,
        ),
      text,
    );
}

/** Addresses, numbers and titled names that are not on record, but for those of parties. */
function withoutLookalikes(text: string, parties: ReadonlySet<string>, alias: string): string {
  const unlessParty = (found: string): string => (parties.has(found.toLowerCase()) ? found : alias);
  return text
    .replace(/[^\s<>()"',;:]+@[^\s<>()"',;:]+\.[\p{L}]{2,}/gu, unlessParty)
    .replace(/(?<![\p{L}\p{N}])(?:\+|00?)\d(?:[ .()-]?\d){7,13}(?!\d)/gu, unlessParty)
    .replace(
      /(?<![\p{L}])((?:M\.|Mr\.?|MM\.|Mme|Mlle|Mrs\.?|Ms\.?|Dr\.?|Me|Monsieur|Madame|Mademoiselle|Maître)\s+)((?:\p{Lu}[\p{L}'’-]*\.?\s?)+)/gu,
      (found: string, title: string, name: string) =>
        parties.has(name.trim().toLowerCase()) ? found : `${title}${alias}${name.endsWith(' ') ? ' ' : ''}`,
    );
}

function given(before: string, after: string): GivenText {
  return { text: after, isMasked: after !== before };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function aliasOf(place: number, role: string, language: Language): string {
  return language === 'fr' ? `personne ${place + 1} (${role})` : `person ${place + 1} (${role})`;
}

/** What somebody is here for, in words. */
export function roleInWords(role: Role, language: Language): string {
  const words: Readonly<Record<Role, Readonly<Record<Language, string>>>> = {
    admin: { fr: 'administrateur', en: 'administrator' },
    credit_manager: { fr: 'responsable crédit', en: 'credit manager' },
    collector: { fr: 'chargé de recouvrement', en: 'collector' },
    accountant: { fr: 'comptable', en: 'accountant' },
    sales: { fr: 'commercial', en: 'sales' },
    resolver: { fr: 'chargé de litiges', en: 'resolver' },
    external_firm: { fr: 'cabinet extérieur', en: 'external firm' },
    legal: { fr: 'juriste', en: 'legal' },
    auditor: { fr: 'auditeur', en: 'auditor' },
  };
  return words[role][language];
}
