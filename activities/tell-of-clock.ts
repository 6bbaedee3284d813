import type { Desk, InvoiceFile } from '../db/desk.ts';
import { clockInWords } from '../domain/law/clock-in-words.ts';
import type { LegalDate } from '../domain/law/legal-date.ts';
import { managersOf } from './remind-of-task.ts';
import { ownersAmong } from './tell-owners.ts';
import { tellPeople } from './tell-people.ts';
import type { Telling } from './tell-people.ts';

/**
 * Tells those who work these files, and the managers, that a legal date comes near: a right is lost once for all.
 *
 * Returns how many of each were told; nobody is told twice under the same key.
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
  const owners = await ownersAmong(desk, files);
  const managers = (await managersOf(desk.tx)).filter(({ id }) => !owners.some((owner) => owner.id === id));
  return {
    people: await tellPeople(desk, files, owners, telling),
    managers: await tellPeople(desk, files, managers, telling),
  };
}
