import type { RowProblem } from '../../db/row-problem.ts';
import type { CivilDate } from '../../domain/time.ts';
import type { DebtorKind, PaymentMethod } from './cell-words.ts';

/**
 * One invoice as a row of a file gives it: plain data, checked and in our units, not yet anybody's invoice.
 *
 * Absent means that the file does not say; nothing is filled in here that the row does not hold, except the term 1, the
 * reference of a debtor who has no name, and what a settlement date says about the amount paid.
 */
export interface InvoiceRow {
  readonly seller: { readonly name?: string; readonly siren?: string; readonly vat?: string };
  readonly debtor: {
    readonly reference?: string;
    readonly name: string;
    readonly siren?: string;
    readonly vat?: string;
    readonly kind?: DebtorKind;
    /** ISO 3166-1 alpha-2. */
    readonly country?: string;
    /** ISO 639-1. */
    readonly language?: string;
  };
  readonly contact: {
    readonly name?: string;
    readonly email?: string;
    readonly phone?: string;
    readonly mobile?: string;
    readonly addressLines?: readonly string[];
    readonly postcode?: string;
    readonly city?: string;
  };
  readonly number: string;
  /** Which due date of the invoice, from 1. */
  readonly term: number;
  readonly issueDate?: CivilDate;
  readonly dueDate: CivilDate;
  readonly amountCents: number;
  /** ISO 4217; when absent, the creditor's own is meant and the caller says so. */
  readonly currency?: string;
  readonly paidCents?: number;
  readonly settledDate?: CivilDate;
  readonly disputed?: boolean;
  readonly orderNumber?: string;
  readonly paymentMethod?: PaymentMethod;
  readonly factored?: boolean;
  readonly collector?: string;
  readonly salesOwner?: string;
  /** What a person should know about the row, as codes; `Remark` says each in words. */
  readonly flags: readonly string[];
}

/** Why a row is not an invoice, for the person who can mend it. */
export type Rejection = RowProblem;

/** Something about a row that is kept: what was left out or looks wrong, in the same words as a rejection. */
export type Remark = Rejection;

export type RowOutcome =
  | { readonly line: number; readonly row: InvoiceRow; readonly remarks: readonly Remark[] }
  | { readonly line: number; readonly rejected: readonly Rejection[]; readonly raw: string };
