import type { Desk, InvoiceFile } from '../db/desk.ts';
import { ownersOf } from './remind-of-task.ts';
import { tellPeople } from './tell-people.ts';
import type { Person, Telling } from './tell-people.ts';

/** Tells those who work these files of one debtor, each once; returns how many are told. */
export async function tellOwners(
  desk: Desk,
  files: readonly InvoiceFile[],
  telling: Telling,
): Promise<number> {
  return tellPeople(desk, files, await ownersAmong(desk, files), telling);
}

/** Those who work these files, each once. */
export async function ownersAmong(desk: Desk, files: readonly InvoiceFile[]): Promise<readonly Person[]> {
  const owners = new Map<string, Person>();
  for (const file of files) {
    const { collector } = await desk.tx
      .selectFrom('invoice')
      .select('collector')
      .where('id', '=', file.id)
      .executeTakeFirstOrThrow();
    for (const person of await ownersOf(desk.tx, collector)) owners.set(person.id, person);
  }
  return [...owners.values()];
}
