import { deliveryInWords } from '../../activities/compose/delivery-in-words.ts';
import { dayInZone } from '../../db/calendars.ts';
import type { FactType } from '../../domain/fact.ts';
import { factSentence } from '../fact-sentences.ts';
import { contextOf } from '../reasons.ts';
import { capital, channelInWords, dayInWords, levelInWords, moneyInWords, momentInWords } from '../words.ts';
import { claimed } from './bundle-claim.ts';
import { chainsGiven } from './bundle-data.ts';
import type { BundleFile } from './bundle-file.ts';
import { factsAbout, folderOf, readablePath, receiptPath } from './bundle-messages.ts';
import type { PlacedPaper } from './bundle-papers.ts';
import { chronology, keyDates, proofInWords } from './bundle-story.ts';
import { bundleWords } from './bundle-words.ts';

/** One part of the readable file: a table, as the page and the PDF both draw it. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly note?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Column {
  readonly head: string;
  /** In points on paper; one takes what is left. */
  readonly width: number | '*';
  readonly isNumber?: true;
}

export interface Cell {
  readonly text: string;
  readonly isStrong?: boolean;
  /** In small print below it. */
  readonly notes?: readonly string[];
  /** The words of a person. */
  readonly quote?: string;
  /** Files of the bundle, by their path. */
  readonly links?: readonly { readonly path: string; readonly text: string }[];
}

/** The readable parts in their order: what mattered, all that happened, what was said, what is owed, what proves it. */
export function sectionsOf(bundle: BundleFile, papers: readonly PlacedPaper[]): readonly Section[] {
  return [
    keyDates(bundle),
    exchanges(bundle, papers),
    account(bundle),
    claimed(bundle),
    enclosed(bundle, papers),
    chronology(bundle, papers),
    integrity(bundle),
  ];
}

function exchanges({ record, language, third }: BundleFile, papers: readonly PlacedPaper[]): Section {
  const words = bundleWords[language];
  const { currency, calendar } = record.collection;
  return {
    id: 'exchanges',
    title: words.exchanges,
    note: words.exchangesNote,
    columns: [
      { head: words.date, width: 78 },
      { head: words.message, width: '*' },
      { head: words.asked, width: 68, isNumber: true },
      { head: words.outcome, width: 104 },
    ],
    rows: record.messages.map((said, place) => {
      const { message, line } = said;
      const folder = folderOf(said, place, record.file.creditor.zone);
      const channel = channelInWords(message.channel, language);
      const what = message.level === null ? channel : `${levelInWords(message.level, language)}, ${channel}`;
      const isLetter = papers.some(({ paper }) => paper.id === message.document_id);
      return [
        { text: momentInWords(message.claimed_at ?? message.planned_at, calendar.zone, language) },
        {
          text: capital(what),
          isStrong: true,
          notes: [third.composed(message.subject ?? '').text, message.recipient.split('\n').join(', ')],
          links: [
            { path: readablePath(said, folder, papers), text: isLetter ? words.letter : words.asSeen },
            { path: `${folder}/headers.json`, text: words.headers },
            { path: receiptPath(folder), text: words.receipt },
          ],
        },
        { text: line.request_id === null ? '–' : moneyInWords(line.asked_cents, currency, language) },
        {
          text: capital(deliveryInWords(message.state, language, message.channel, message.provider)),
          notes: [
            ...(message.provider_ref === null ? [] : [`${message.provider ?? ''} ${message.provider_ref}`]),
            ...factsAbout(record.past.entries, message.id, said.step).flatMap((fact) =>
              ofDelivery.has(fact.type)
                ? [
                    [
                      factSentence(fact, contextOf(record.collection, language)),
                      ...proofInWords(fact, language),
                    ].join(' '),
                  ]
                : [],
            ),
          ],
        },
      ];
    }),
  };
}

/** What a reader of an exchange wants to know of it: by which proof it arrived. */
const ofDelivery: ReadonlySet<FactType> = new Set([
  'stepPosted',
  'stepDelivered',
  'letterReported',
  'stepFailed',
]);

function account({ record, language, third }: BundleFile): Section {
  const words = bundleWords[language];
  let balance = 0;
  const money = (cents: number): string => moneyInWords(cents, record.collection.currency, language);
  return {
    id: 'account',
    title: words.account,
    note: words.accountNote,
    columns: [
      { head: words.day, width: 84 },
      { head: words.movement, width: '*' },
      { head: words.valueDay, width: 84 },
      { head: words.sum, width: 76, isNumber: true },
      { head: words.balanceAfter, width: 76, isNumber: true },
    ],
    rows: record.ledger.map((entry) => {
      balance += entry.amount_cents;
      const reference =
        entry.reference === null ? '' : (third.freeWords(entry.reference)?.text ?? words.leftOut);
      return [
        { text: dayInWords(dayInZone(record.file.creditor.zone, entry.at), language) },
        { text: words.ledgerKinds[entry.kind], notes: [reference] },
        { text: dayInWords(entry.day, language) },
        { text: money(entry.amount_cents) },
        { text: money(balance), isStrong: true },
      ];
    }),
  };
}

function enclosed({ record, language }: BundleFile, papers: readonly PlacedPaper[]): Section {
  const words = bundleWords[language];
  return {
    id: 'papers',
    title: words.papers,
    columns: [
      { head: words.kept, width: 84 },
      { head: words.paper, width: '*' },
      { head: words.files, width: 120 },
    ],
    rows: papers.map(({ paper, name, path }) => [
      { text: dayInWords(dayInZone(record.file.creditor.zone, paper.at), language) },
      { text: name, notes: [words.paperKinds[paper.kind] ?? paper.kind] },
      path === null
        ? { text: paper.removed ? words.removed : words.keptBack }
        : { text: '', links: [{ path, text: words.open }] },
    ]),
  };
}

function integrity(bundle: BundleFile): Section {
  const words = bundleWords[bundle.language];
  return {
    id: 'integrity',
    title: words.integrity,
    note: words.integrityNote,
    columns: [
      { head: words.chain, width: '*' },
      { head: words.entries, width: 60, isNumber: true },
    ],
    rows: chainsGiven(bundle).map(({ subject, entries, whole }) => [
      {
        text: subject,
        notes: whole
          ? [`${words.beginning} ${whole.genesis}`, `${words.head} ${whole.head}`]
          : [words.excerpt],
      },
      { text: String(entries) },
    ]),
  };
}
