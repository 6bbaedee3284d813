/**
 * What a template may not say at its level.
 *
 * Publicity, false threats and papers that imitate a court are forbidden by law (law page, section 13), and a word of
 * enforcement in a first reminder costs a customer. Found before publishing, in the words of whoever has to correct them.
 */
import { rankOf } from '../../domain/level.ts';
import type { Level } from '../../domain/level.ts';
import { languages } from '../../domain/message.ts';
import type { Language } from '../../domain/message.ts';
import { valuesNamedBy } from './template-language.ts';
import { debtorScopeNames, internalScopeNames } from './template-scope.ts';
import type { MessageTemplate } from './templates/template.ts';

export interface Finding {
  readonly field: 'subject' | 'body' | 'after' | 'closing' | 'text';
  readonly code: 'unreadable' | 'unknown_value' | 'forbidden_word' | 'markup' | 'address' | 'shouting';
  /** What is wrong, and the remedy. */
  readonly message: string;
}

interface WordRule {
  /** The words are forbidden below this level; null: at every level. */
  readonly below: Level | null;
  readonly reason: string;
  readonly words: Readonly<Record<Language, RegExp>>;
}

// Matched on the text in small letters without accents.
const wordRules: readonly WordRule[] = [
  {
    below: 'reminder',
    reason: 'before the due date nothing is late',
    words: {
      fr: /\b(retards?|impaye\w*|relances?|echues?|en souffrance|mise en demeure|mettre en demeure)\b/g,
      en: /\b(overdue|late|unpaid|past due|arrears|delinquent|formal notice)\b/g,
    },
  },
  {
    below: 'firm',
    reason: 'a first reminder does not announce a formal notice',
    words: { fr: /\b(mise en demeure|mettons en demeure|mettre en demeure)\b/g, en: /\bformal notice\b/g },
  },
  {
    below: 'formal_notice',
    reason: 'only a formal notice may name what the law provides against a debtor',
    words: {
      fr: /\b(saisies?|saisir\w*|saisissons|(est|sont|sera|seront|etre|soient) saisi(s|es?)?|huissiers?|commissaires? de justice|tribuna(l|ux)|cour d'appel|juges?|en justice|justice|judiciaires?|contentieux|avocats?|poursuites?|poursuivre en|injonctions?|assign(ations?|er\w*|ons|e|ez)|condamn\w*|plaintes?|penal\w*|liquidation|gage|hypotheque|prefet|mandatement d'office)\b/g,
      en: /\b(courts?|lawsuits?|su(e|ed|es|ing)|legal (action|proceedings|steps|department|consequences)|litigation|bailiffs?|attorneys?|lawyers?|solicitors?|seizures?|seize|garnish\w*|foreclos\w*|judge?ments?|prosecut\w*|enforcement|injunctions?|debt collectors?|collection agenc(y|ies)|blacklist\w*|credit bureau)\b/g,
    },
  },
  {
    below: null,
    reason: 'it threatens with other people or with costs that stay with the creditor, which the law forbids',
    words: {
      fr: /\b((preven|previen|avert|inform|contact|alert)\w* (votre (employeur|banque|famille|conjointe?)|vos (clients|fournisseurs|voisins|proches))|(a|par|aupres de) la (police(?! d)|gendarmerie)|frais de (relance|dossier)|frais de recouvrement\b[^.]{0,40}\ba votre charge)\b/g,
      en: /\b((tell|inform|contact|notify|warn|alert)\w* your (employer|bank|family|spouse|customers|clients|suppliers|neighbou?rs)|the police|(reminder|administration) (fees?|charges?)|collection (fees?|costs?|charges?)\b[^.]{0,40}\b(charged to you|your expense|borne by you))\b/g,
    },
  },
  {
    below: null,
    reason: 'it imitates an act of a court or puts the debtor to shame, which the law forbids',
    words: {
      fr: /\b(commandement de payer|sommation|republique francaise|au nom du peuple|formule executoire|signifi(e|ons)|proces-verbal|mauvais payeurs?|escroc\w*|honte\w*|malhonnete\w*|dernier avertissement avant saisie)\b/g,
      en: /\b(writ|summons|subpoena|by order of|in the name of the (people|law)|warrant|deadbeat|swindler\w*|shame\w*|dishonest\w*)\b/g,
    },
  },
];

/** What forbids using this template at this level; empty when nothing does. `audience` says which values it may name. */
export function lintTemplate(
  template: MessageTemplate,
  level: Level,
  language: Language,
  audience: 'debtor' | 'internal' = 'debtor',
): Finding[] {
  const names = audience === 'debtor' ? debtorScopeNames : internalScopeNames;
  return (['subject', 'body', 'after', 'closing'] as const).flatMap((field) => {
    const source = template[field];
    const findings: Finding[] = [];
    try {
      for (const name of valuesNamedBy(source)) {
        if (!names.has(name))
          findings.push({
            field,
            code: 'unknown_value',
            message: `"${name}" is not a value of a message: use one of ${[...names].join(', ')}.`,
          });
      }
    } catch (error) {
      findings.push({
        field,
        code: 'unreadable',
        message: `The template cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      });
    }
    // Our own users speak of courts and lateness among themselves.
    const words =
      audience === 'debtor'
        ? lintSource(source.replace(/\{%.*?%\}|\{\{.*?\}\}/gs, ' 0 '), level, language)
        : [];
    return [...findings, ...words.map((finding) => ({ ...finding, field }))];
  });
}

function lintSource(text: string, level: Level, language: Language): Finding[] {
  return [...forbiddenIn(text, level, language), ...misshapenIn(visible(text))];
}

/**
 * The same for words that a person typed, into a draft or to a debtor: in every language, for nothing makes him write in
 * that of the debtor, and who is threatened in another one understands it all the same.
 */
export function lintText(text: string, level: Level, language: Language): Finding[] {
  const others = languages
    .filter((other) => other !== language)
    .flatMap((other) => forbiddenIn(text, level, other, harmlessElsewhere[other]));
  return [...forbiddenIn(text, level, language), ...others, ...misshapenIn(visible(text))];
}

interface Homographs {
  readonly words: RegExp;
  readonly but: RegExp;
}

/** Words of one language that say something else in the other; there they are threats only in these phrases. */
const harmlessElsewhere: Readonly<Record<Language, Homographs>> = {
  fr: { words: /^penal(ty|ties|i[sz]\w*)$/, but: /(?!)/g },
  en: {
    words: /^(courts?|seize|sue)$/,
    but: /\b((the|to|in|of|by|before) courts?|courts? (action|orders?|proceedings?|case|costs)|seize (your|the|all|assets|goods)|(will|shall|may|can|must|to) sue|sue (you|your))\b/g,
  },
};

function forbiddenIn(text: string, level: Level, language: Language, harmless?: Homographs): Finding[] {
  const plain = visible(text).normalize('NFD').replace(/\p{M}/gu, '').replaceAll('’', "'").toLowerCase();
  return wordRules.flatMap(({ below, reason, words }) => {
    if (below !== null && rankOf(level) >= rankOf(below)) return [];
    const found = [...plain.matchAll(words[language])].map(([word]) => word);
    const meant = harmless ? found.filter((word) => !harmless.words.test(word)) : found;
    const phrases = harmless && below === 'formal_notice' ? [...plain.matchAll(harmless.but)] : [];
    return [...meant, ...phrases.map(([phrase]) => phrase)].map((word) => ({
      field: 'text' as const,
      code: 'forbidden_word' as const,
      message: `"${word}" may not stand in a message of level ${level}: ${reason}. Take it out.`,
    }));
  });
}

/** As it is read: without characters that nobody sees and that would hide a word from its rule, and with plain spaces. */
function visible(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ');
}

function misshapenIn(text: string): Finding[] {
  const findings: Finding[] = [];
  if (/<[a-z!/][^>]*>/i.test(text))
    findings.push({
      field: 'text',
      code: 'markup',
      message: 'HTML is shown as it is typed: write plain text, blank lines make paragraphs.',
    });
  if (/\b(https?:\/\/|www\.)/i.test(text) || /\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,}/.test(text))
    findings.push({
      field: 'text',
      code: 'address',
      message: 'Links and bank accounts come from the creditor’s settings: take this one out.',
    });
  if (/!\s*!/.test(text) || /(?:\b\p{Lu}{4,}\b[\s,]*){3,}/u.test(text))
    findings.push({
      field: 'text',
      code: 'shouting',
      message: 'Several capitals or exclamation marks in a row read as shouting: write it calmly.',
    });
  return findings;
}
