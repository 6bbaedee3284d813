import type { Desk, InvoiceFile } from '../db/desk.ts';
import { handOverOf } from '../db/hand-overs.ts';
import type { Action } from '../domain/decision.ts';
import { clockInWords } from '../domain/law/clock-in-words.ts';
import type { LegalDate } from '../domain/law/legal-date.ts';
import { endsOfPhases, endsPhase } from '../domain/legal-clocks/ends-of-phases.ts';
import { managersOf } from './remind-of-task.ts';
import { ownersAmong, tellOwners } from './tell-owners.ts';
import { tellPartner } from './tell-partner.ts';
import { tellPeople } from './tell-people.ts';
import type { Telling } from './tell-people.ts';

/**
 * Tells those who work these files, and the managers, that a legal date comes near: a right is lost once for all. Of the
 * day on which a claim lapses, the firm that has it hears too.
 *
 * Returns how many of our people were told; nobody is told twice under the same key.
 */
export async function tellOfClock(
  desk: Desk,
  files: readonly InvoiceFile[],
  key: string,
  { clock, on }: Pick<LegalDate, 'clock' | 'on'>,
): Promise<{ readonly people: number; readonly managers: number }> {
  const telling: Telling = {
    key,
    template: 'internal_legal_clock',
    titles: { fr: clockInWords(clock, 'fr'), en: clockInWords(clock, 'en') },
    dueOn: on,
  };
  if (clock === 'limitation' || clock === 'limitation_possible') await tellFirms(desk, files, telling);
  const owners = await ownersAmong(desk, files);
  const managers = (await managersOf(desk.tx)).filter(({ id }) => !owners.some((owner) => owner.id === id));
  return {
    people: await tellPeople(desk, files, owners, telling),
    managers: await tellPeople(desk, files, managers, telling),
  };
}

/** Each firm hears of those of the files that it has. */
async function tellFirms(desk: Desk, files: readonly InvoiceFile[], telling: Telling): Promise<void> {
  const having = new Map<string, InvoiceFile[]>();
  for (const file of files) {
    const handed = await handOverOf(desk.tx, file.id);
    if (handed) having.set(handed.firm.id, [...(having.get(handed.firm.id) ?? []), file]);
  }
  for (const [firmId, theirs] of having) await tellPartner(desk, firmId, theirs, telling);
}

/**
 * Tells of a legal date of one file. The end of a phase is told to those who work it alone, once for all invoices that a
 * debtor owes the same creditor and whose phase ends on the same day: a notice is about all of them.
 */
export async function tellOfFileClock(
  desk: Desk,
  file: InvoiceFile,
  { clock, on, for: day }: Extract<Action, { do: 'warnOfClock' }>,
): Promise<{ readonly people: number; readonly managers: number }> {
  if (!endsPhase(clock))
    return tellOfClock(desk, [file], `clock/${file.id}/${clock}/${on}/${day}`, { clock, on });
  const { creditorId } = file.collection;
  const together = (await desk.openFiles(file.debtorId)).filter(
    ({ id, collection }) =>
      id === file.id ||
      (collection.creditorId === creditorId &&
        endsOfPhases(collection, desk.now).some((end) => end.clock === clock && end.on === on)),
  );
  const people = await tellOwners(desk, together, {
    key: `clock/${file.debtorId}/${creditorId}/${clock}/${on}/${day}`,
    template: 'internal_phase_ends',
    titles: { fr: clockInWords(clock, 'fr'), en: clockInWords(clock, 'en') },
    dueOn: on,
  });
  return { people, managers: 0 };
}
