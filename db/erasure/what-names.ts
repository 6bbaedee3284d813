import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { ContactRow } from '../contact-merge.ts';

/** By what a person is found in words that others wrote. */
export interface Marks {
  /** Mail addresses, in small letters. */
  readonly addresses: readonly string[];
  /** A pattern of Postgres for his names as people write names: `Petit` and `PETIT`, not the `petit` of a small delay. */
  readonly names: string | null;
  /** The last nine digits of his numbers, however they are grouped and prefixed. */
  readonly digits: readonly string[];
}

/** Too short to be anybody's, or everybody's. */
const lettersMin = 3;
const digitsKept = 9;
const titles = new Set(['mme', 'madame', 'monsieur', 'mlle', 'mrs', 'miss']);

/** `formerly` are addresses and numbers that he had before; words of the debtor's own name are no mark of a person. */
export function marksOf(
  { name, email, mobile, phone }: ContactRow,
  debtorName: string,
  formerly: readonly string[],
): Marks {
  const company = new Set(wordsOf(debtorName).map((word) => word.toLowerCase()));
  const words = wordsOf(name ?? '');
  // A first name alone is anybody's; where a name has two words, the one in capitals or the last is the surname.
  const capitals = words.filter((word) => word === word.toUpperCase());
  const surnames = words.length < 2 ? words : capitals.length > 0 ? capitals : words.slice(1);
  const forms = surnames
    .filter((word) => !company.has(word.toLowerCase()))
    .flatMap((word) => [word, word.toUpperCase(), capitalised(word)]);
  const escaped = [...new Set(forms)].map((form) => form.replaceAll(/[^\p{L}\p{N}]/gu, '\\$&'));
  return {
    addresses: [email ?? '', ...formerly].flatMap((one) =>
      one.includes('@') ? [one.trim().toLowerCase()] : [],
    ),
    names: escaped.length === 0 ? null : `\\m(${escaped.join('|')})\\M`,
    digits: [mobile, phone, ...formerly.filter((one) => !one.includes('@'))].flatMap((number) => {
      const digits = (number ?? '').replaceAll(/\D/g, '').slice(-digitsKept);
      return digits.length === digitsKept ? [digits] : [];
    }),
  };
}

/** Whether a text of the database names the person; a text that is null names nobody. */
export function naming(text: RawBuilder<unknown>, { addresses, names, digits }: Marks): RawBuilder<boolean> {
  return sql<boolean>`coalesce(
    exists (select from unnest(${addresses}::text[]) as value where position(value in lower(${text})) > 0)
    or ${text} ~ ${names}
    or exists (select from unnest(${digits}::text[]) as value where position(value in regexp_replace(${text}, '\\D', '', 'g')) > 0), false)`;
}

function wordsOf(name: string): readonly string[] {
  return name.split(/[\s,.]+/).filter((word) => word.length >= lettersMin && !titles.has(word.toLowerCase()));
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}
