import type { Field } from './fields.ts';
import { fields, headersOf, mandatory } from './fields.ts';
import { currencyOf } from './iso-currency.ts';
import type { Answers, Question } from './questions.ts';
import { UnreadableFile } from './unreadable-file.ts';

/**
 * Which column means what, by its header.
 *
 * Accents, case, punctuation and small words do not count. Two columns that claim the same meaning with the same right
 * are asked about, because the wrong one of two amounts or dates looks just as good as the right one.
 */
export interface Columns {
  /** Per column of the file, its meaning, if it has one for us. */
  readonly fieldAt: readonly (Field | undefined)[];
  /** Per field, the position of its column, counted from 0. */
  readonly at: Partial<Record<Field, number>>;
  /** The currency that the header of the amount names, as in `Montant TTC (EUR)`. */
  readonly headerCurrency?: string;
  /** A sign there that several currencies share. */
  readonly headerSign?: string;
  readonly questions: readonly Question[];
}

/** Whether a header says itself that its cells say yes or no: `Réglé (O/N)`, `Is paid`, `Soldée ?`. */
export function saysYesOrNo(header: string): boolean {
  return yesNoMark.test(header) || /^(is|est|has been)\b/i.test(header.trim()) || settledMark.test(header);
}

/** Whether a header says `Solde`, which is a balance or, without its accent, `Soldé`. */
export function saysSolde(header: string): boolean {
  return ['solde', 'soldefacture'].includes(wordsOf(header).join(''));
}

/** How many different fields a row of cells names: what makes a row look like the row of headers. */
export function recognised(cells: readonly string[]): number {
  return new Set(cells.flatMap((cell) => claimOf(cell)?.field ?? [])).size;
}

/**
 * Reads the row of headers. Throws `UnreadableFile` when an answer names a column or field that does not exist, and when
 * the number, due date, amount or debtor of the invoices is nowhere to be found.
 */
export function readHeaders(headers: readonly string[], answers: Answers['columns'] = {}): Columns {
  const at: Partial<Record<Field, number>> = {};
  const taken = new Set<number>();
  for (const [field, answer] of Object.entries(answers)) {
    if (!fields.includes(field as Field)) {
      throw new UnreadableFile(
        'field-unknown',
        `"${field}" is not a field of an invoice.`,
        `Use one of: ${fields.join(', ')}.`,
      );
    }
    if (answer === null) continue;
    const position = positionOf(headers, answer);
    at[field as Field] = position;
    taken.add(position);
  }

  const questions: Question[] = [];
  const claims = headers.map((header, position) => (taken.has(position) ? undefined : claimOf(header)));
  for (const field of fields) {
    if (field in answers) continue;
    const claimants = claims.flatMap((claim, position) =>
      claim?.field === field ? [{ position, rank: claim.rank }] : [],
    );
    if (claimants.length === 0) continue;
    const best = Math.min(...claimants.map((claimant) => claimant.rank));
    const winners = claimants.filter((claimant) => claimant.rank === best);
    const [winner] = winners;
    if (winners.length > 1)
      questions.push(
        whichColumn(
          field,
          headers,
          winners.map((winner) => winner.position),
        ),
      );
    else at[field] = winner?.position ?? 0;
  }
  // "Client" beside "Raison sociale" holds the account, unless another column already does.
  const client = claims.findIndex(
    (claim, position) => claim?.field === 'debtorName' && position !== at.debtorName,
  );
  const asked = questions.map((question) => question.field);
  if (
    client >= 0 &&
    at.debtorReference === undefined &&
    !asked.includes('debtorName') &&
    !('debtorReference' in answers)
  ) {
    at.debtorReference = client;
  }
  refuseMissing(headers, at, asked);

  const fieldAt: (Field | undefined)[] = headers.map(() => undefined);
  for (const field of fields) if (at[field] !== undefined) fieldAt[at[field]] = field;
  const header = headers[at.amount ?? -1] ?? '';
  const currency = currencyIn(header);
  return {
    fieldAt,
    at,
    questions,
    ...(currency && { headerCurrency: currency }),
    ...(!currency && header.includes('$') && { headerSign: '$' }),
  };
}

function claimOf(header: string): { field: Field; rank: number } | undefined {
  // Small words do not count elsewhere, but "Payée le" is a date and "Payée" is none.
  if (
    /^(pay[ée]+|r[ée]gl[ée]+|sold[ée]+|encaiss[ée]+|paid|settled)s? (le|on)$/iu.test(
      header.normalize('NFC').trim(),
    )
  )
    return { field: 'settledDate', rank: headersOf.settledDate.length };
  const claim = byHeader.get(wordsOf(header.replace(yesNoMark, ' ')).join(''));
  // A balance that is a yes or a no is no balance: its accent was lost, or stands there.
  const isSettled = claim?.field === 'outstanding' && saysYesOrNo(header);
  return isSettled ? { field: 'paid', rank: headersOf.paid.length } : claim;
}

/** What says that the cells hold yes or no, behind the name of a column. */
const yesNoMark =
  /\?\s*$|[([]\s*(o\s*\/\s*n|y\s*\/\s*n|oui\s*\/\s*non|yes\s*\/\s*no|0\s*\/\s*1|1\s*\/\s*0|vrai\s*\/\s*faux|true\s*\/\s*false)\s*[)\]]|\b(o\/n|y\/n|oui\/non|yes\/no)\s*$/iu;
/** `Soldé` with its accent; the pattern knows both ways of composing it. */
const settledMark = /^\s*(facture\s+)?sold(é|É|e\u0301|E\u0301)e?s?\s*$/iu;

/** `N° de Facture` → `number facture`; `InvoiceAmount (EUR)` → `invoice amount`. */
function wordsOf(header: string): string[] {
  return header
    .replace(/\bn\s*[°º]/gi, ' number ')
    .replace(/#/g, ' number ')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}€$£]+/u)
    .filter((word) => word !== '' && !smallWords.has(word) && !currencyWords.has(word))
    .map((word) => (numberWords.has(word) ? 'number' : word));
}

function currencyIn(header: string): string | undefined {
  const words = header
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .split(/[^\p{L}€$£]+/u);
  const named = words.filter((word) => currencyWords.has(word.toLowerCase())).map((word) => currencyOf(word));
  return named.find((code) => code !== undefined);
}

function positionOf(headers: readonly string[], answer: string | number): number {
  const position =
    typeof answer === 'number'
      ? answer - 1
      : (headers.indexOf(answer) + 1 ||
          headers.findIndex((header) => wordsOf(header).join() === wordsOf(answer).join()) + 1) - 1;
  if (headers[position] !== undefined) return position;
  throw new UnreadableFile(
    'column-unknown',
    `The file has no column ${typeof answer === 'number' ? answer : `"${answer}"`}.`,
    `Its columns are: ${listed(headers)}.`,
    headers,
  );
}

function whichColumn(field: Field, headers: readonly string[], positions: readonly number[]): Question {
  const names = positions.map((position) => headers[position] ?? '');
  const same = new Set(names).size < names.length;
  const choices = positions.map((position, index) => ({
    answer: same ? position + 1 : (names[index] ?? ''),
    meaning: `column ${position + 1}, "${names[index] ?? ''}"`,
  }));
  return {
    code: 'column',
    field,
    question: `${positions.length} columns could be ${field}: which one is it?`,
    choices,
    examples: names,
    howToAnswer: `Answer { "columns": { "${field}": ${JSON.stringify(choices[0]?.answer)} } }, or null for none of them.`,
  };
}

function refuseMissing(
  headers: readonly string[],
  at: Columns['at'],
  asked: readonly (Field | undefined)[],
): void {
  const missing = mandatory.filter(({ anyOf }) =>
    anyOf.every((field) => at[field] === undefined && !asked.includes(field)),
  );
  const field = missing[0]?.anyOf[0];
  if (field === undefined) return;
  // What is outstanding is often all that a list of open invoices gives; whether it is the amount, its owner knows.
  const candidate = headers[(field === 'amount' ? at.outstanding : undefined) ?? headers.length - 1] ?? '';
  const example = `{ "columns": { "${field}": ${JSON.stringify(candidate.slice(0, 60))} } }`;
  throw new UnreadableFile(
    'columns-missing',
    `No column gives ${missing.map(({ words }) => words).join(', ')}. The headers found are: ${listed(headers)}.`,
    `Add the column, rename its header (for instance "${usualHeader[field] ?? field}"), or say which one it is, such as ${example}.`,
    headers,
  );
}

function listed(headers: readonly string[]): string {
  const some = headers.slice(0, 40).map((header) => `"${header.slice(0, 60)}"`);
  return headers.length > some.length
    ? `${some.join(', ')} and ${headers.length - some.length} more`
    : some.join(', ');
}

const usualHeader: Partial<Record<Field, string>> = {
  number: 'N° facture',
  dueDate: 'Échéance',
  amount: 'Montant TTC',
  debtorName: 'Client',
};
const smallWords = new Set([
  'de',
  'du',
  'des',
  'la',
  'le',
  'les',
  'l',
  'd',
  'a',
  'au',
  'en',
  'of',
  'the',
  'to',
  'for',
  'pour',
  'par',
  'by',
  'on',
]);
const numberWords = new Set(['number', 'numero', 'num', 'no', 'nr', 'n', 'nbr']);
const currencyWords = new Set(['eur', 'euro', 'euros', 'usd', 'gbp', 'chf', '€', '$', '£']);

/** Headers written as one word (`INVOICENO`) cannot be taken apart, so each way of writing "number" is spelt out. */
const byHeader = new Map<string, { field: Field; rank: number }>();
for (const field of fields) {
  headersOf[field].forEach((header, rank) => {
    const words = wordsOf(header);
    for (const number of words.includes('number') ? numberWords : ['']) {
      const key = words.map((word) => (word === 'number' ? number : word)).join('');
      if (!byHeader.has(key)) byHeader.set(key, { field, rank });
    }
  });
}
