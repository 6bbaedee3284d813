import type { Fact, FactType } from '../../domain/fact.ts';
import type { Language } from '../../domain/message.ts';
import type { CivilDate } from '../../domain/time.ts';
import { storyOf } from '../story.ts';
import type { StoryEntry } from '../story.ts';
import { authorInWords, capital, dayInWords, momentInWords } from '../words.ts';
import type { BundleFile } from './bundle-file.ts';
import { folderOf, readablePath } from './bundle-messages.ts';
import type { PlacedPaper } from './bundle-papers.ts';
import type { Cell, Section } from './bundle-sections.ts';
import { bundleWords } from './bundle-words.ts';

/** So much of a hash tells entries apart at a glance; the whole of it is in `journal.jsonl`. */
const hashShown = 12;

/** What somebody who has a minute must know: what was owed, said, answered, paid and decided, a line each. */
export function keyDates({ record, language, ...bundle }: BundleFile): Section {
  const words = bundleWords[language];
  const facts = new Map(record.past.entries.flatMap(({ seq, fact }) => (fact ? [[seq, fact] as const] : [])));
  const told = storyGiven({ record, language, ...bundle }).flatMap((entry) => {
    const fact = entry.seq === null ? undefined : facts.get(entry.seq);
    return fact && isKey(fact, [...facts.values()])
      ? [{ day: dayOf(fact), text: entry.text, notes: proofInWords(fact, language) }]
      : [];
  });
  const due = { day: record.collection.dueDate, text: words.due, notes: [] };
  return {
    id: 'key-dates',
    title: words.keyDates,
    columns: [
      { head: words.day, width: 96 },
      { head: words.what, width: '*' },
    ],
    rows: [due, ...told]
      .sort((one, other) => (one.day < other.day ? -1 : one.day > other.day ? 1 : 0))
      .map(({ day, text, notes }) => [
        { text: dayInWords(day, language) },
        { text, isStrong: text === due.text, notes },
      ]),
  };
}

/** By what a delivery is proved: that nothing came back in 48 hours is another thing than a receipt. */
export function proofInWords(fact: Fact, language: Language): readonly string[] {
  return fact.type === 'stepDelivered' ? [bundleWords[language].proofs[fact.proof]] : [];
}

/** The day that a fact speaks of; that of its recording where it speaks of none. */
function dayOf(fact: Fact): CivilDate {
  return 'on' in fact && typeof fact.on === 'string' ? fact.on : fact.day;
}

const keyTypes: ReadonlySet<FactType> = new Set([
  'invoiceRegistered',
  'invoiceCorrected',
  'invoiceCancelled',
  'paymentRecorded',
  'paymentReturned',
  'creditNoteRecorded',
  'writtenOff',
  'waived',
  'promiseMade',
  'promiseKept',
  'promiseBroken',
  'planStarted',
  'planEnded',
  'disputeOpened',
  'disputeResolved',
  'debtorInsolvent',
  'limitationMoved',
  'insurerTold',
  'stepSent',
  'stepPosted',
  'stepDelivered',
  'letterReported',
  'handedOver',
]);

/** A message that is known to have been delivered is told once. */
function isKey(fact: Fact, all: readonly Fact[]): boolean {
  if (fact.type !== 'stepSent') return keyTypes.has(fact.type);
  return !all.some(
    (other) =>
      other.type === 'stepDelivered' && other.step === fact.step && other.occurrence === fact.occurrence,
  );
}

/** Everything that is in the journal of the invoice, and every message, in the order in which it happened. */
export function chronology(bundle: BundleFile, papers: readonly PlacedPaper[]): Section {
  const { record, language } = bundle;
  const words = bundleWords[language];
  const { zone } = record.collection.calendar;
  const hashes = new Map(record.chain.map(({ seq, hash }) => [seq, hash]));
  const story = storyGiven(bundle);
  const untold = untoldEntries(record, story);
  return {
    id: 'chronology',
    title: words.chronology,
    note: words.chronologyNote(zone),
    columns: [
      { head: words.entry, width: 70 },
      { head: words.date, width: 92 },
      { head: words.what, width: '*' },
      { head: words.by, width: 80 },
    ],
    rows: story.map((entry) => [
      placeInJournal(entry.seq ?? untold.get(entry.messageId ?? ''), hashes),
      { text: momentInWords(Date.parse(entry.at), zone, language) },
      whatHappened(entry, bundle, papers),
      {
        text:
          entry.author === null
            ? ''
            : capital(entry.author.name ?? authorInWords(entry.author.kind, language)),
      },
    ]),
  };
}

function placeInJournal(seq: number | undefined, hashes: ReadonlyMap<number, string>): Cell {
  if (seq === undefined) return { text: '' };
  return { text: String(seq), notes: [(hashes.get(seq) ?? '').slice(0, hashShown)] };
}

/** Entries that say of a message no more than its own line does: the line takes their place, so that none seems to lack. */
function untoldEntries(
  { chain }: BundleFile['record'],
  story: readonly StoryEntry[],
): ReadonlyMap<string, number> {
  const told = new Set(story.map(({ seq }) => seq));
  return new Map(
    chain.flatMap(({ seq, body }) => {
      const { messageId } = JSON.parse(body) as Readonly<Record<string, unknown>>;
      return !told.has(seq) && typeof messageId === 'string' ? [[messageId, seq] as const] : [];
    }),
  );
}

function whatHappened(
  entry: StoryEntry,
  { record, language }: BundleFile,
  papers: readonly PlacedPaper[],
): Cell {
  const fact = record.past.entries.find(({ seq }) => seq === entry.seq)?.fact ?? null;
  const place = record.messages.findIndex(({ message }) => message.id === entry.messageId);
  const said = record.messages[place];
  const paper = papers.find((one) => one.paper.id === entry.documentId);
  const links = [
    ...(entry.kind === 'message' && said
      ? [readablePath(said, folderOf(said, place, record.file.creditor.zone), papers)]
      : []),
    ...(paper && paper.path !== null ? [paper.path] : []),
  ].filter((path, index, all) => all.indexOf(path) === index);
  return {
    text: entry.text,
    isStrong: entry.kind === 'message',
    notes: fact === null ? [] : proofInWords(fact, language),
    ...(entry.words === null ? {} : { quote: entry.words }),
    links: links.map((path) => ({ path, text: path })),
  };
}

/** The story as it is told to whom the bundle is given: people under their aliases, words as far as they are given. */
function storyGiven({ record, third, language }: BundleFile): readonly StoryEntry[] {
  const { past, collection, messages } = record;
  const people = [...past.people.keys()].flatMap((id) => {
    const name = third.nameOf(id);
    return name === null ? [] : [[id, name] as const];
  });
  const texts = [...past.texts].map(
    ([id, content]) => [id, third.freeWords(content)?.text ?? bundleWords[language].leftOut] as const,
  );
  // Mails to our own people are none of the debtor's exchanges.
  const toDebtor = new Set(messages.map(({ message }) => message.id));
  const given = {
    ...past,
    people: new Map(people),
    texts: new Map(texts),
    messages: past.messages
      .filter(({ id }) => toDebtor.has(id))
      .map((message) => ({
        ...message,
        subject: message.subject === null ? null : third.composed(message.subject).text,
      })),
  };
  return storyOf(given, collection, language);
}
