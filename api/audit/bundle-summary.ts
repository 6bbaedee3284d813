import { sirenInWords } from '../../activities/compose/message-view.ts';
import { contestedCentsOf } from '../../domain/collection.ts';
import { decide } from '../../domain/decide.ts';
import { levelReached } from '../../domain/schedule.ts';
import { capital, dayInWords, levelInWords, moneyInWords, stateInWords } from '../words.ts';
import type { BundleFile } from './bundle-file.ts';
import { bundleWords } from './bundle-words.ts';

/** One of the two who face each other, in the lines in which papers name him. */
export interface PartyLines {
  readonly title: string;
  readonly name: string;
  readonly lines: readonly string[];
}

/** What stands at the head of the readable file. */
export interface Summary {
  readonly title: string;
  readonly subtitle: string;
  readonly parties: readonly [creditor: PartyLines, debtor: PartyLines];
  /** In pairs of a label and what it says. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** What is given of third persons. */
  readonly note: string;
}

export function summaryOf({ record, third, language, today, now }: BundleFile): Summary {
  const words = bundleWords[language];
  const { invoice, creditor, debtor } = record.file;
  const { collection } = record;
  const money = (cents: number): string => moneyInWords(cents, collection.currency, language);
  const day = (value: string | null): string => (value === null ? '–' : dayInWords(value, language));
  const contested = contestedCentsOf(collection);
  const creditorName = creditor.legal_name ?? creditor.key;
  const number = `${invoice.number}${invoice.term > 1 ? ` (${words.term} ${invoice.term})` : ''}`;
  return {
    title: `${words.title} – ${words.invoice.toLowerCase()} ${number}`,
    subtitle: words.between(creditorName, debtor.name),
    parties: [
      {
        title: words.creditor,
        name: creditorName,
        lines: [
          ...creditor.address,
          ...(creditor.siren ? [`${words.siren} ${sirenInWords(creditor.siren)}`] : []),
          ...(creditor.registration ? [creditor.registration] : []),
          ...(creditor.vat_number ? [`${words.vat} ${creditor.vat_number}`] : []),
        ],
      },
      {
        title: words.debtor,
        name: debtor.name,
        lines: [
          ...(debtor.siren ? [`${words.siren} ${sirenInWords(debtor.siren)}`] : []),
          ...(debtor.vat_number ? [`${words.vat} ${debtor.vat_number}`] : []),
          ...record.file.contacts
            .filter(({ id }) => record.messages.some(({ message }) => message.contact_id === id))
            .flatMap(({ name, email, address }) => [
              [name, email].flatMap((part) => part ?? []).join(' – '),
              address.join(', '),
            ])
            .filter((line) => line !== ''),
        ],
      },
    ],
    facts: [
      [words.number, number],
      [words.issued, day(invoice.issue_date)],
      [words.due, day(collection.dueDate)],
      [words.amount, money(collection.amountCents)],
      [words.balance, money(collection.balanceCents)],
      ...(contested > 0 ? [[words.contested, money(contested)] as const] : []),
      [words.state, capital(stateInWords(decide(collection, now).state, language))],
      [words.level, capital(levelInWords(levelReached(collection, now), language))],
      [words.scenario, `${collection.scenario.name[language]} (${words.version} ${collection.scenario.id})`],
      [words.drawnUp, words.upTo(day(today), invoice.journal_seq)],
    ],
    note: words.thirdPersons[third.discretion],
  };
}
