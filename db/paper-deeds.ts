import { isOver } from '../domain/collection.ts';
import type { Author } from '../domain/fact.ts';
import { penaltiesOf } from '../domain/law/penalties.ts';
import type { CivilDate } from '../domain/time.ts';
import { hasFourEyes } from './approvals.ts';
import { lawDay } from './calendars.ts';
import { penaltyCasesOf } from './claims.ts';
import { cancelInvoice, correctInvoice } from './corrections.ts';
import type { Correction } from './corrections.ts';
import type { Answer, Desk, InvoiceFile } from './desk.ts';
import { doGravely } from './grave-deeds.ts';
import type { GraveAnswer } from './grave-deeds.ts';
import { lawIn } from './law.ts';

/**
 * Corrects an invoice, or asks for it where two must agree.
 *
 * Who lowers what an invoice asks, or moves its due date and so gives up what ran since, makes money vanish as a write-off
 * does. A paper of its own says more than a person: a credit note, an import or an electronic invoice is not asked about.
 * Throws `MissingLawValue` where it cannot be worked out what another due date gives up.
 */
export async function correctGravely(
  desk: Desk,
  file: InvoiceFile,
  correction: Correction,
  by: Author,
): Promise<GraveAnswer> {
  const { amountCents: before } = file.collection;
  const amountCents = (await asksTwo(desk, file)) ? await givenUpBy(desk, file, correction) : 0;
  if (amountCents === 0) return asGrave(await correctInvoice(desk, file.id, correction, by));
  const lines = [{ invoiceId: file.id, amountCents }];
  const deed = { does: 'correct', correction, amountBeforeCents: before } as const;
  return doGravely(desk, { act: 'write_off', lines, about: null, deed }, by);
}

/** The same of an invoice that is said never to have been owed. */
export async function cancelGravely(
  desk: Desk,
  file: InvoiceFile,
  reason: string,
  by: Author,
): Promise<GraveAnswer> {
  if (!(await asksTwo(desk, file))) return asGrave(await cancelInvoice(desk, file.id, reason, by));
  const lines = [{ invoiceId: file.id, amountCents: file.collection.balanceCents }];
  return doGravely(desk, { act: 'write_off', lines, about: null, deed: { does: 'cancel', reason } }, by);
}

/** Of what is paid nothing is given up: what was paid too much is the payer's. */
async function asksTwo(desk: Desk, { collection }: InvoiceFile): Promise<boolean> {
  return !isOver(collection) && collection.balanceCents > 0 && (await hasFourEyes(desk.tx));
}

async function givenUpBy(
  desk: Desk,
  { id, collection }: InvoiceFile,
  { amountCents = collection.amountCents, dueDate = collection.dueDate }: Correction,
): Promise<number> {
  const lowered = Math.min(collection.balanceCents, Math.max(0, collection.amountCents - amountCents));
  return lowered + (dueDate > collection.dueDate ? await ranUntil(desk, id, dueDate) : 0);
}

/** By how much less interest and indemnity the invoice owes today if it was due on that day. */
async function ranUntil(desk: Desk, invoiceId: string, dueDate: CivilDate): Promise<number> {
  const [one] = await penaltyCasesOf(desk.tx, [invoiceId], lawDay(desk.now));
  if (!one) return 0;
  const law = await lawIn(desk.tx);
  const owes = (due: CivilDate): number => {
    const { interestDueCents, lumpSum } = penaltiesOf(law, { ...one.given, dueDate: due, contestedCents: 0 });
    return interestDueCents + lumpSum.cents;
  };
  return Math.max(0, owes(one.dueDate) - owes(dueDate));
}

function asGrave(said: Answer): GraveAnswer {
  return said.kind === 'refused' ? said : { kind: 'done', recorded: [said] };
}
