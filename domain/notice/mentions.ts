import type { DebtorKind } from '../debtor.ts';
import type { CivilDate } from '../time.ts';

/**
 * What a formal notice must state before it may leave (art. 1344 C. civ., and practice: law-fr §9).
 *
 * Its words, its demand with a deadline, the rights that run and what follows are the letter's own and cannot be lost;
 * what can be missing is what nobody has told us. Each is named, as the API names the field that gives it.
 */
export interface NoticeParticulars {
  readonly creditor: {
    readonly legalName: string | null;
    readonly siren: string | null;
    readonly address: readonly string[];
    readonly country: string;
    /** The means of payment. */
    readonly iban: string | null;
    /** Who signs. */
    readonly senderName: string | null;
  };
  readonly debtor: {
    readonly name: string;
    readonly siren: string | null;
    readonly kind: DebtorKind;
    readonly country: string;
    readonly address: readonly string[];
  };
  readonly invoice: {
    readonly number: string;
    readonly issueDate: CivilDate | null;
    readonly dueDate: CivilDate | null;
    readonly askedCents: number;
  };
  /** Days that the debtor is given. */
  readonly noticeDays: number;
}

export const mentions = [
  'creditor.legalName',
  'creditor.siren',
  'creditor.address',
  'creditor.iban',
  'creditor.senderName',
  'debtor.name',
  'debtor.siren',
  'debtor.address',
  'invoice.number',
  'invoice.issueDate',
  'invoice.dueDate',
  'invoice.amount',
  'deadline',
] as const;

export type Mention = (typeof mentions)[number];

/** The mentions that the notice about this invoice would lack, in the order of the letter; empty when it may leave. */
export function missingMentions({
  creditor,
  debtor,
  invoice,
  noticeDays,
}: NoticeParticulars): readonly Mention[] {
  const given: Readonly<Record<Mention, boolean>> = {
    'creditor.legalName': says(creditor.legalName),
    'creditor.siren': creditor.country !== 'FR' || says(creditor.siren),
    'creditor.address': creditor.address.some(says),
    'creditor.iban': says(creditor.iban),
    'creditor.senderName': says(creditor.senderName),
    'debtor.name': says(debtor.name),
    // Elsewhere numbers differ, and a consumer has none.
    'debtor.siren': debtor.country !== 'FR' || debtor.kind === 'consumer' || says(debtor.siren),
    'debtor.address': debtor.address.some(says),
    'invoice.number': says(invoice.number),
    'invoice.issueDate': invoice.issueDate !== null,
    'invoice.dueDate': invoice.dueDate !== null,
    'invoice.amount': invoice.askedCents > 0,
    deadline: noticeDays > 0,
  };
  return mentions.filter((mention) => !given[mention]);
}

function says(text: string | null): boolean {
  return text !== null && text.trim() !== '';
}
