import type { Author } from '../domain/fact.ts';
import type { Desk } from './desk.ts';
import { note } from './journal.ts';
import { keepText } from './private-texts.ts';
import type { TextRef } from './private-texts.ts';

/**
 * Adds the words of a person to the story of an invoice; they touch no Collection.
 *
 * `about` says in codes and ids what they are about: a dispute, a task, a hold. Empty words add nothing.
 */
export async function addNote(
  desk: Desk,
  invoiceId: string,
  type: NoteType,
  text: string | undefined,
  about: object,
  by: Author,
): Promise<TextRef | null> {
  if (text === undefined || text.trim() === '') return null;
  const kept = await keepText(desk.tx, `invoice/${invoiceId}`, text);
  await desk.note(invoiceId, type, { ...about, ...kept, by });
  return kept;
}

/** The same for a debtor, in his own journal. */
export async function addDebtorNote(
  desk: Desk,
  debtorId: string,
  text: string | undefined,
  by: Author,
): Promise<void> {
  if (text === undefined || text.trim() === '') return;
  const kept = await keepText(desk.tx, `debtor/${debtorId}`, text);
  await note(desk.tx, `debtor/${debtorId}`, 'noteAdded', desk.now, { ...kept, by });
}

export type NoteType =
  | 'noteAdded'
  | 'promiseNote'
  | 'disputeNote'
  | 'holdNote'
  | 'stepNote'
  | 'taskNote'
  | 'invoiceNote'
  | 'paymentNote'
  | 'handOverNote'
  | 'approvalNote';
