import { readFacts } from '../db/journal.ts';
import type { Fact } from '../domain/fact.ts';
import type { Instant } from '../domain/time.ts';
import { attend } from './attend.ts';
import { deliver } from './deliver.ts';
import { performStep } from './perform-step.ts';
import type { Workshop } from './workshop.ts';

/** What workflows may ask for; they know these signatures and nothing behind them. */
export interface Activities {
  /** Does what is due for an invoice; every fact after `heard` comes back. */
  perform(what: { readonly invoiceId: string; readonly heard: number }): Promise<readonly Fact[]>;
  /** The facts of an invoice with numbers above `after`. */
  readFacts(what: { readonly invoiceId: string; readonly after: number }): Promise<readonly Fact[]>;
  /** Lets at most one message of a debtor leave; says when to look again. */
  deliver(what: { readonly debtorId: string }): Promise<{ readonly lookAt: Instant | null }>;
  /** Does what is due in a matter beside invoices; says when to look again. */
  attend(what: { readonly matterId: string }): Promise<{ readonly lookAt: Instant | null }>;
}

/** The activities at work in this workshop. */
export function activitiesOf(workshop: Workshop): Activities {
  const { house } = workshop;
  return {
    perform: ({ invoiceId, heard }) => performStep(workshop, invoiceId, heard),
    readFacts: ({ invoiceId, after }) => readFacts(house.db, house.rules, invoiceId, after),
    deliver: ({ debtorId }) => deliver(workshop, debtorId),
    attend: ({ matterId }) => attend(workshop, matterId),
  };
}
