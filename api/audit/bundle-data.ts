import type { ArchivedFile } from '../../activities/compose/litigation-archive.ts';
import { penaltySheet } from '../../activities/compose/penalty-sheet.ts';
import type { ChainEntry } from '../../db/audit/invoice-record.ts';
import { genesisOf, subjectOf } from '../../db/journal.ts';
import { MissingLawValue } from '../../domain/law/law-value.ts';
import { jsonFile, jsonLines } from './bundle-file.ts';
import type { BundleFile } from './bundle-file.ts';

/**
 * The record of an invoice for programs: its chain as it is stored and hashed, its facts, its ledger with the balance that
 * runs, the words of people with what their hashes are made of, and the rules that it lived by.
 */
export function dataFiles(bundle: BundleFile): readonly ArchivedFile[] {
  const { chain, others, collection } = bundle.record;
  return [
    jsonLines('journal.jsonl', chain.map(entryGiven)),
    jsonLines('journal-others.jsonl', others.map(entryGiven)),
    {
      path: 'facts.jsonl',
      bytes: Buffer.from(chain.flatMap(({ fact, body }) => (fact === null ? [] : [`${body}\n`])).join('')),
    },
    jsonLines('ledger.jsonl', ledgerGiven(bundle)),
    jsonLines('texts.jsonl', textsGiven(bundle)),
    jsonFile('parties.json', partiesGiven(bundle)),
    jsonFile('scenario.json', collection.scenario),
    jsonFile('calendar.json', collection.calendar),
    ...claimFiles(bundle),
  ];
}

/** An entry as `/facts` gives it: its hash is that of these fields, joined by line feeds. */
function entryGiven({ subject, seq, fact, type, at, body, prev_hash, hash }: ChainEntry): object {
  return { subject, seq, fact, type, at: new Date(at).toISOString(), body, prev_hash, hash };
}

/** What stands of a chain in the bundle: whole from its beginning, or some entries of it. */
export interface ChainGiven {
  readonly subject: string;
  readonly entries: number;
  /** The hash before its first entry and that of its last; null of an excerpt. */
  readonly whole: { readonly genesis: string; readonly head: string } | null;
}

/** The chains of the bundle, as its manifest names them. */
export function chainsGiven({ record: { chain, others } }: BundleFile): readonly ChainGiven[] {
  const subjects = [...new Set([...chain, ...others].map(({ subject }) => subject))];
  return subjects.map((subject) => {
    const entries = [...chain, ...others].filter((entry) => entry.subject === subject);
    const genesis = genesisOf(subject).hash;
    const whole = subject === 'stop' ? null : { genesis, head: entries.at(-1)?.hash ?? genesis };
    return { subject, entries: entries.length, whole };
  });
}

function ledgerGiven({ record: { ledger }, third }: BundleFile): readonly object[] {
  let balanceCents = 0;
  return ledger.map((entry) => {
    balanceCents += entry.amount_cents;
    // Whoever pays writes it.
    const given = entry.reference === null ? null : third.freeWords(entry.reference);
    const isWhole = entry.reference === null || given?.isMasked === false;
    return {
      id: entry.id,
      at: new Date(entry.at).toISOString(),
      day: entry.day,
      kind: entry.kind,
      amountCents: entry.amount_cents,
      balanceCents,
      currency: entry.currency,
      paymentId: entry.payment_id,
      creditNoteId: entry.credit_note_id,
      reference: given?.text ?? null,
      referenceState: isWhole ? 'whole' : given ? 'masked' : 'left_out',
      referenceSalt: isWhole ? entry.referenceSalt : null,
    };
  });
}

/** With its salt where it is given as it was written: masked, its hash would help to guess what is hidden. */
function textsGiven({ record: { chain, others, texts, collection }, third }: BundleFile): readonly object[] {
  const named = [...chain, ...others].flatMap(({ subject, seq, body }) =>
    [...body.matchAll(/"textId":"([0-9a-f-]{36})"/g)].map(([, id]) => ({ id: id ?? '', subject, seq })),
  );
  return named.map(({ id, subject, seq }) => {
    const kept = texts.find((text) => text.id === id);
    const place = { textId: id, subject, seq };
    if (!kept || kept.salt === '') return { ...place, state: 'erased' };
    // What was noted of a debtor is about his other invoices too, and other creditors of the house.
    const isOurs = subject === subjectOf(collection.invoiceId);
    const given = isOurs || third.discretion === 'full' ? third.freeWords(kept.content) : null;
    if (given === null) return { ...place, state: 'left_out' };
    if (given.isMasked) return { ...place, state: 'masked', content: given.text };
    return { ...place, state: 'whole', sha256: kept.sha256, salt: kept.salt, content: kept.content };
  });
}

function partiesGiven({ record, third }: BundleFile): object {
  const { creditor, debtor, contacts, invoice } = record.file;
  return {
    invoice: {
      id: invoice.id,
      number: invoice.number,
      term: invoice.term,
      issueDate: invoice.issue_date,
      performedOn: invoice.performed_on,
      dueDate: invoice.due_date,
      amountCents: invoice.amount_cents,
      balanceCents: invoice.balance_cents,
      currency: invoice.currency,
      orderNumber: invoice.order_number,
    },
    creditor: {
      id: creditor.id,
      legalName: creditor.legal_name,
      siren: creditor.siren,
      vatNumber: creditor.vat_number,
      registration: creditor.registration,
      address: creditor.address,
      country: creditor.country,
    },
    debtor: {
      id: debtor.id,
      name: debtor.name,
      siren: debtor.siren,
      vatNumber: debtor.vat_number,
      kind: debtor.kind,
      country: debtor.country,
    },
    contacts: contacts.flatMap((contact): readonly object[] => {
      const { id, role } = contact;
      if (third.isThird(id)) return third.discretion === 'masked' ? [{ id, role, masked: true }] : [];
      const { name, email, mobile, phone, address } = contact;
      return [{ id, role, name, email, mobile, phone, address }];
    }),
    people: record.users.flatMap(({ id, role, acts }) => {
      const name = acts ? third.nameOf(id) : null;
      return name === null ? [] : [{ id, role, name }];
    }),
  };
}

function claimFiles({ claim, record }: BundleFile): readonly ArchivedFile[] {
  const { number } = record.file.invoice;
  if (claim instanceof MissingLawValue) {
    const { code, day, semester } = claim;
    return [jsonFile('claim/claim.json', { known: false, missing: { code, day, semester } })];
  }
  return [
    jsonFile('claim/claim.json', { known: true, ...claim }),
    { path: 'claim/claim.csv', bytes: Buffer.from(penaltySheet([{ number, claim: claim.claim }])) },
  ];
}
