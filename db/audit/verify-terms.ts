import { atOneMoment } from '../at-one-moment.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { Db, Tx } from '../database.ts';
import type { Findings } from '../invariants.ts';
import { differing } from './salted-groups.ts';
import { areTermsNoted, creditorNoted, debtorsWithRate, groups, lastOf, rateOf } from './terms-noted.ts';
import type { CreditorNoted, Group, RateNoted } from './terms-noted.ts';

/** Holds every creditor, and every rate that is agreed with a debtor, against what the journal last said of it. */
export async function verifyTerms(db: Db, findings: Findings): Promise<void> {
  await atOneMoment(db, async (tx) => {
    const isComplete = await areTermsNoted(tx);
    await verifyCreditors(tx, findings, isComplete);
    await verifyRates(tx, findings, isComplete);
  });
}

const inWords: Record<Group, string> = {
  account: 'bank account',
  identity: 'name, address or registration',
  sender: 'sender or address for replies',
  terms: 'rates or terms',
};

async function verifyCreditors(tx: Tx, findings: Findings, isComplete: boolean): Promise<void> {
  const said = await lastOf(tx, 'creditor/', 'noted');
  const rows = new Map(
    (await tx.selectFrom('creditor').selectAll().execute()).map((row) => [row.id, row] as const),
  );
  for (const id of said.keys())
    if (!rows.has(id)) findings.add('I28', `creditor/${id}`, 'is gone, and the journal names it');
  for (const [id, row] of rows) {
    const noted = said.get(id) as CreditorNoted | undefined;
    if (!noted) {
      if (isComplete) findings.add('I28', `creditor/${id}`, 'is none of whom the journal says how he came');
      continue;
    }
    const changed = differing<Group>(groups, creditorNoted(row, noted.salt), noted);
    if (changed.length > 0)
      findings.add(
        'I28',
        `creditor/${id}`,
        `has another ${changed.map((group) => inWords[group]).join(', another ')} than the journal last said`,
      );
  }
}

async function verifyRates(tx: Tx, findings: Findings, isComplete: boolean): Promise<void> {
  const said = await lastOf(tx, 'debtor/', 'rate');
  const rows = new Map((await debtorsWithRate(tx).execute()).map((row) => [row.id, rateOf(row)] as const));
  for (const id of new Set([...said.keys(), ...rows.keys()])) {
    const noted = said.get(id);
    if (noted === undefined && !isComplete) continue;
    const [then, now] = [noted ?? none, rows.get(id) ?? none].map((rate) => canonicalJson(rate));
    if (then !== now)
      findings.add('I28', `debtor/${id}`, `has ${now} as his rate, and the journal last said ${then}`);
  }
}

const none: RateNoted = { hundredths: null, before: [] };
