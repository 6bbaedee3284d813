import type { z } from 'zod';
import type { aroundInvoice, invoiceInList, lifeAhead } from '../invoice-shapes.ts';
import type { merge, mergePreview } from '../merge-shapes.ts';
import type { PlanSaid } from '../plan-shapes.ts';
import type { money, next, reason, recorded } from '../shapes.ts';

/**
 * What the command line reads of the API's answers.
 *
 * Where the API has named a shape it is that shape; elsewhere the few members that are printed.
 */
export type Money = z.infer<typeof money>;
export type Recorded = z.infer<typeof recorded>;
export type Invoice = z.infer<typeof invoiceInList>;
export type WholeInvoice = Invoice & z.infer<typeof aroundInvoice>;

export type Plan = PlanSaid;
export type MergeSaid = z.infer<typeof merge>;
export type PreviewSaid = z.infer<typeof mergePreview>;

export interface Twins {
  readonly items: readonly {
    readonly one: { readonly id: string; readonly name: string };
    readonly other: { readonly id: string; readonly name: string };
    readonly by: string;
  }[];
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface Why {
  readonly state: string;
  readonly level: string | null;
  readonly balance: Money;
  readonly next: z.infer<typeof next>;
  readonly door: readonly { readonly text: string }[];
  readonly lifeAhead: Omit<z.infer<typeof lifeAhead>, 'then'> & {
    readonly then: readonly z.infer<typeof reason>[];
  };
}

export interface Timeline {
  readonly items: readonly { readonly at: string; readonly text: string; readonly words: string | null }[];
}

export type Qualified = Recorded & { readonly answerBy: string | null };

export interface DisputeFile {
  readonly contested: Money;
  readonly reasonText: string;
  readonly departmentText: string;
  readonly stage: string | null;
  readonly dueOn: string | null;
  readonly resolver: { readonly name: string | null } | null;
  readonly documents: readonly { readonly name: string }[];
  readonly history: Timeline['items'];
}

export interface Cause {
  readonly text: string;
  readonly disputes: number;
  readonly contested: Money;
  readonly open: number;
  readonly rejected: number;
  readonly granted: number;
  readonly grantedAmount: Money;
}

export interface Settled {
  readonly invoices: readonly Recorded[];
  readonly unallocated: Money;
}

export interface Task {
  readonly id: string;
  readonly kind: string;
  readonly dueOn: string;
  readonly debtor: { readonly name: string };
  readonly invoices: readonly { readonly number: string; readonly stepName: string | null }[];
  readonly outcomes: readonly string[];
}

export interface TaskAnswer {
  readonly invoices: readonly Recorded[];
  readonly nextTaskId: string | null;
  /** There when it is only asked for. */
  readonly approvalId?: string;
}

export interface Approval {
  readonly id: string;
  readonly text: string;
  readonly amount: { readonly amount: number; readonly currency: string };
  readonly debtor: { readonly name: string };
  readonly invoices: readonly { readonly number: string }[];
  readonly askedBy: { readonly name: string | null };
  readonly expiresAt: string;
}

export interface Message {
  readonly id: string;
  readonly channel: string;
  readonly digest: string;
  readonly debtor: { readonly name: string } | null;
  readonly invoices: readonly {
    readonly number: string;
    readonly taken: boolean;
    readonly stepName: string | null;
  }[];
}

/** What keeps us silent: a hold or a stop. */
export interface Silence {
  readonly id: string;
  readonly kind: string;
  readonly scope: string;
  readonly subject: { readonly id: string; readonly name: string } | null;
  readonly reason: string;
  readonly until: string | null;
  readonly since: string;
  readonly lift: string;
}

export interface Stop {
  readonly id: string;
  readonly scope: string;
  readonly since: string;
  readonly reason: string;
  readonly until: string | null;
  readonly endsAt: string | null;
  readonly silences: {
    readonly invoices: number;
    readonly debtors: number;
    readonly requests: number;
    readonly owed: readonly Money[];
  };
}

export interface Debtor {
  readonly id: string;
  readonly name: string;
  readonly open: readonly { readonly invoices: number; readonly balance: Money }[];
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly email: string | null;
  readonly keys: readonly { readonly prefix: string; readonly revokedAt: string | null }[];
}

export interface Creditor {
  readonly id: string;
  readonly key: string;
  readonly legalName: string | null;
  readonly address: readonly string[];
  readonly missing: readonly string[];
  /** The other fields, by their names. */
  readonly [field: string]: unknown;
}

export interface Import {
  readonly id: string;
  readonly name: string;
  readonly state: 'staging' | 'applying' | 'applied' | 'failed';
  readonly at: string;
  readonly rows: number;
  readonly done: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly releasedAt: string | null;
  readonly known: boolean;
  readonly held: number;
  readonly sums: readonly { readonly state: string; readonly rows: number; readonly amount: Money }[];
  readonly remarks: readonly { readonly code: string; readonly rows: number; readonly example: string }[];
  /** What the file was read as; only e-invoices have a format. */
  readonly reading: { readonly format?: string; readonly notes?: readonly { readonly message: string }[] };
  readonly differing: number;
}

export interface ImportRow {
  readonly line: number;
  readonly amount: Money | null;
  readonly content: { readonly number?: string };
  readonly changes: readonly {
    readonly field: string;
    readonly from: unknown;
    readonly to: unknown;
    readonly applied: boolean;
  }[];
  readonly problems: readonly {
    readonly line: number;
    readonly column: string;
    readonly field: string;
    readonly value: string;
    readonly problem: string;
    readonly remedy: string;
  }[];
}

export interface Preview {
  readonly open: number;
  readonly looked: number;
  readonly settled: number;
  readonly days: readonly {
    readonly day: string;
    readonly text: string;
    readonly mode: string;
    readonly messages: number;
    readonly invoices: number;
    readonly blocked: number;
  }[];
  readonly silent: readonly {
    readonly code: string;
    readonly detail: string | null;
    readonly invoices: number;
    readonly examples: readonly { readonly number: string; readonly debtor: string }[];
  }[];
  readonly creditors: readonly {
    readonly id: string;
    readonly key: string;
    readonly name: string | null;
    readonly missing: readonly string[];
    readonly invoices: number;
  }[];
}

/** What the API asks about a file; see `api/import/questions.ts`. */
export interface FileQuestion {
  readonly code: string;
  readonly field?: string;
  readonly question: string;
  readonly choices: readonly { readonly answer: string | number | null; readonly meaning: string }[];
  readonly examples: readonly string[];
}

export interface LapsingClock {
  readonly on: string;
  readonly text: string;
  readonly number: string | null;
  readonly debtorName: string;
}

export interface Clocks {
  readonly clocks: readonly {
    readonly on: string;
    readonly text: string;
    readonly passed: boolean;
    readonly from: string;
    readonly source: string;
  }[];
}

export interface Insolvency {
  readonly judgmentOn: string;
  readonly publishedOn: string | null;
  readonly lawMissing: string | null;
  readonly declarations: readonly {
    readonly creditorId: string;
    readonly creditorName: string;
    readonly sentOn: string | null;
    readonly taskId: string | null;
    readonly lastDay: { readonly on: string } | null;
    readonly claims: readonly unknown[];
    readonly totals: readonly Money[];
  }[];
}
