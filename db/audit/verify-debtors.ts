import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { atOneMoment } from '../at-one-moment.ts';
import type { Db, Tx } from '../database.ts';
import { grouped } from '../grouped.ts';
import { inPages } from '../in-pages.ts';
import type { Findings } from '../invariants.ts';
import type { ContactTable, DebtorTable } from '../schema.ts';
import { areDebtorsNoted, contactGroups, debtorGroups, lastNoted } from './debtors-noted.ts';
import type { ContactGroup, DebtorGroup, DebtorNoted } from './debtors-noted.ts';
import { differing, hashesOf } from './salted-groups.ts';

const debtorsAtOnce = 1_000;

/** Holds every debtor and every contact who was not erased against what the chain of the debtor last said of them. */
export async function verifyDebtors(db: Db, findings: Findings): Promise<void> {
  const read = (after: string | null) => atOneMoment(db, (tx) => readPage(tx, after));
  for await (const page of inPages(debtorsAtOnce, read, ({ debtor }) => debtor.id))
    for (const held of page) {
      verifyDebtor(findings, held);
      verifyContacts(findings, held);
    }
  await verifyNoneGone(db, findings);
}

interface Held {
  readonly debtor: Selectable<DebtorTable>;
  readonly contacts: readonly Selectable<ContactTable>[];
  readonly said: DebtorNoted | undefined;
  /** Whether those of before were noted. */
  readonly isComplete: boolean;
}

async function readPage(tx: Tx, after: string | null): Promise<readonly Held[]> {
  const debtors = await tx
    .selectFrom('debtor')
    .selectAll()
    .$if(after !== null, (query) => query.where('id', '>', after))
    .orderBy('id')
    .limit(debtorsAtOnce)
    .execute();
  const ids = debtors.map(({ id }) => id);
  const contacts = await tx
    .selectFrom('contact')
    .selectAll()
    .where('debtor_id', '=', (eb) => eb.fn.any(eb.val(ids)))
    .orderBy('id')
    .execute();
  const isComplete = await areDebtorsNoted(tx);
  const contactsOf = grouped(contacts, (row) => row.debtor_id);
  const said = await lastNoted(tx, ids);
  return debtors.map((debtor) => ({
    debtor,
    contacts: contactsOf.get(debtor.id) ?? [],
    said: said.get(debtor.id),
    isComplete,
  }));
}

const debtorInWords: Record<DebtorGroup, string> = {
  identity: 'name or registration',
  treatment: 'kind, place, language, grade, judgment or security',
};

const contactInWords: Record<ContactGroup, string> = {
  reach: 'address or number',
  person: 'name, role or language',
  marks: 'say on what may be sent to him',
};

function verifyDebtor(findings: Findings, { debtor: row, said, isComplete }: Held): void {
  const noted = said?.noted;
  const add = (what: string): void => findings.add('I28', `debtor/${row.id}`, what);
  if (!noted) {
    if (isComplete) add('is none of whom the journal says how he came');
    return;
  }
  const changed = differing(debtorGroups, hashesOf(debtorGroups, row, row.noted_salt), noted);
  if (changed.length > 0)
    add(
      `has another ${changed.map((group) => debtorInWords[group]).join(', another ')} than the journal last said`,
    );
}

function verifyContacts(
  findings: Findings,
  { debtor: { id: debtorId }, contacts: rows, said, isComplete }: Held,
): void {
  const add = (id: string, what: string): void => findings.add('I28', `contact/${id}`, what);
  const noted = said?.contacts ?? {};
  for (const [id, hashes] of Object.entries(noted))
    if (hashes !== null && !rows.some((row) => row.id === id))
      add(id, `is gone from debtor/${debtorId}, and the journal names him there`);
  for (const row of rows) {
    // That his erasure is in the journal is looked at with all that it emptied.
    if (row.erased_at !== null) continue;
    const hashes = noted[row.id];
    if (!hashes) {
      if (isComplete || hashes === null)
        add(row.id, `is none of whom the journal says how he came to debtor/${debtorId}`);
      continue;
    }
    const changed = differing(contactGroups, hashesOf(contactGroups, row, row.noted_salt ?? ''), hashes);
    if (changed.length > 0)
      add(
        row.id,
        `has another ${changed.map((group) => contactInWords[group]).join(', another ')} than the journal last said`,
      );
  }
}

async function verifyNoneGone(db: Db, findings: Findings): Promise<void> {
  const { rows } = await sql<{ subject: string }>`
    select distinct subject from journal
    where type in ('debtorAdded', 'debtorNoted') and subject like 'debtor/%'
      and not exists (select from debtor where debtor.id::text = substr(subject, 8))
    order by subject`.execute(db);
  for (const { subject } of rows) findings.add('I28', subject, 'is gone, and the journal names him');
}
