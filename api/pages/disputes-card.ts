import { disputesOf } from '../../db/dispute-file.ts';
import type { DisputeInShort } from '../../db/dispute-file.ts';
import type { House } from '../../db/house.ts';
import type { Eyes } from '../../db/visible.ts';
import type { Collection } from '../../domain/collection.ts';
import { termOf } from '../../domain/dispute/ladder.ts';
import { departmentInWords, reasonInWords } from '../../domain/dispute/reason.ts';
import type { Language } from '../../domain/message.ts';
import { dayInWords, moneyInWords, taskInWords } from '../words.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';

/** What is contested of an invoice now, and whom it waits for; nothing when nothing is. */
export async function disputesCard(
  eyes: Eyes,
  house: House,
  collection: Collection,
  language: Language,
): Promise<Html | false> {
  const ids = new Set(collection.disputes.map(({ disputeId }) => disputeId));
  const rows = (await disputesOf(eyes, house.db, collection.invoiceId)).filter(({ id }) => ids.has(id));
  if (rows.length === 0) return false;
  return markup`<section class="card"><h2>${texts[language].title}</h2><ul class="plain">${rows.map((row) => item(row, collection, language))}</ul></section>`;
}

function item(row: DisputeInShort, collection: Collection, language: Language): Html {
  const dispute = collection.disputes.find(({ disputeId }) => disputeId === row.id);
  const who = [
    texts[language].department(departmentInWords(row.department, language)),
    ...(row.resolver === null ? [] : [row.resolver]),
  ];
  const amount = moneyInWords(dispute?.contestedCents ?? 0, collection.currency, language);
  return markup`<li><strong>${amount}</strong> · ${reasonInWords(row.reason, language)} · ${who.join(', ')}<br><span class="small">${
    dispute?.justified === true
      ? taskInWords(dispute.awaits ?? 'credit_note', language)
      : waiting(row, collection, language)
  }</span></li>`;
}

function waiting({ stage, since }: DisputeInShort, { calendar }: Collection, language: Language): string {
  const words = texts[language];
  if (stage === null || since === null) return words.open;
  return words[stage](dayInWords(termOf(calendar, since), language));
}

const texts = {
  fr: {
    title: 'Contestations',
    department: (name: string) => `service ${name}`,
    open: 'à résoudre',
    qualification: (day: string) => `à qualifier avant le ${day}`,
    answer: (day: string) => `réponse attendue pour le ${day}`,
    decision: (day: string) => `à trancher pour le ${day}`,
  },
  en: {
    title: 'Disputes',
    department: (name: string) => `${name} department`,
    open: 'to be resolved',
    qualification: (day: string) => `to be qualified by ${day}`,
    answer: (day: string) => `an answer is due by ${day}`,
    decision: (day: string) => `to be decided by ${day}`,
  },
} as const;
