import { expect } from 'vitest';
import type { Invoice } from '../invoice.ts';
import type { Moment } from './moments.ts';

/**
 * Every fact that can come to an invoice, and what the debtor gets afterwards, by the level at which it comes.
 *
 * All invoices are of 1 200 EUR, known on 2 March and due on 16 March 2026; the days of the facts are in `moments.ts`.
 * Answers are days without a year and amounts in EUR: `call` is the call task, `hand_over?` the question to a person
 * whether the invoice goes to litigation.
 */
export interface Case {
  readonly fact: string;
  /** What happens on the morning. */
  comes?(invoice: Invoice, days: Moment): Promise<unknown>;
  /** The same for a fact of which a second half follows later. */
  begins?(invoice: Invoice, days: Moment): Promise<Later>;
  /** What the debtor gets at each level from that morning on. */
  readonly then: Readonly<Record<Moment['level'], string>>;
  /** The state in the end, where it is the same at every level. */
  readonly state?: string;
}

export interface Later {
  /** On the evening of the promised day. */
  onPromisedDay?(): Promise<unknown>;
  /** On the morning of the second half. */
  follows?(): Promise<unknown>;
}

/** He gets nothing more. */
const silence = { preventive: '', reminder: '', firm: '', formal_notice: '' };

export const cases: readonly Case[] = [
  {
    fact: 'nothing happens',
    comes: async () => {},
    then: {
      preventive: '03-19 reminder 1200, 03-30 second-reminder 1200',
      reminder: '03-30 second-reminder 1200, 04-08 firm-reminder 1200',
      firm: '04-15 call 1200',
      formal_notice: '05-26 hand_over?',
    },
  },

  // Money.
  {
    fact: 'a part is paid',
    comes: (invoice) => invoice.pays(500),
    then: {
      preventive: '03-19 reminder 700, 03-30 second-reminder 700',
      reminder: '03-30 second-reminder 700, 04-08 firm-reminder 700',
      firm: '04-15 call 700',
      formal_notice: '05-26 hand_over?',
    },
  },
  {
    fact: 'all is paid',
    comes: (invoice) => invoice.pays(),
    then: silence,
    state: 'paid',
  },
  {
    fact: 'more is paid than is owed',
    comes: (invoice) => invoice.pays(1500),
    then: silence,
    state: 'paid',
  },
  {
    fact: 'the payment comes back',
    begins: async (invoice) => {
      const payment = await invoice.pays();
      return { follows: () => invoice.comesBack(payment) };
    },
    then: {
      preventive: '03-24 reminder 1200, 04-02 second-reminder 1200',
      reminder: '04-03 second-reminder 1200',
      firm: '04-22 call 1200',
      formal_notice: '05-28 hand_over?',
    },
  },
  {
    fact: 'a credit note for a part',
    comes: (invoice) => invoice.creditNote(200),
    then: {
      preventive: '03-19 reminder 1000, 03-30 second-reminder 1000',
      reminder: '03-30 second-reminder 1000, 04-08 firm-reminder 1000',
      firm: '04-15 call 1000',
      formal_notice: '05-26 hand_over?',
    },
  },
  {
    fact: 'a credit note for all of it',
    comes: (invoice) => invoice.creditNote(),
    then: silence,
    state: 'paid',
  },
  {
    fact: 'it is written off',
    comes: (invoice) => invoice.writtenOff(),
    then: silence,
    state: 'written_off',
  },

  // Promises: two working days of grace; the scenario resumes on the next one.
  {
    fact: 'a promise that is kept on its last evening',
    begins: async (invoice, { promised }) => {
      await invoice.promises({ by: promised });
      return { onPromisedDay: () => invoice.pays() };
    },
    then: silence,
    state: 'paid',
  },
  {
    fact: 'a promise of which half is kept',
    begins: async (invoice, { promised }) => {
      await invoice.promises({ by: promised });
      return { onPromisedDay: () => invoice.pays(600) };
    },
    then: {
      preventive: '03-30 reminder 600',
      reminder: '04-01 second-reminder 600, 04-10 firm-reminder 600',
      firm: '04-17 call 600',
      formal_notice: '06-01 hand_over?',
    },
  },
  {
    fact: 'a promise that is broken',
    comes: (invoice, { promised }) => invoice.promises({ by: promised }),
    then: {
      preventive: '03-30 reminder 1200',
      reminder: '04-01 second-reminder 1200, 04-10 firm-reminder 1200',
      firm: '04-17 call 1200',
      formal_notice: '06-01 hand_over?',
    },
  },

  // Disputes.
  {
    fact: 'all of it is disputed',
    comes: (invoice) => invoice.disputes(),
    then: silence,
    state: 'disputed',
  },
  {
    fact: 'all of it was disputed, wrongly',
    begins: async (invoice) => {
      const dispute = await invoice.disputes();
      return { follows: () => dispute.resolved('unjustified') };
    },
    then: {
      preventive: '03-24 reminder 1200, 04-02 second-reminder 1200',
      reminder: '04-03 second-reminder 1200',
      firm: '04-22 call 1200',
      formal_notice: '05-28 hand_over?',
    },
  },
  {
    fact: 'all of it was disputed, rightly, and gets a credit note',
    begins: async (invoice) => {
      const dispute = await invoice.disputes();
      const follows = async (): Promise<void> => {
        await invoice.creditNote(300);
        await dispute.resolved('justified');
      };
      return { follows };
    },
    then: {
      preventive: '03-24 reminder 900, 04-02 second-reminder 900',
      reminder: '04-03 second-reminder 900',
      firm: '04-22 call 900',
      formal_notice: '05-28 hand_over?',
    },
  },
  {
    fact: 'a part is disputed',
    comes: (invoice) => invoice.disputes(400),
    then: {
      preventive: '03-19 reminder 800, 03-30 second-reminder 800',
      reminder: '03-30 second-reminder 800, 04-08 firm-reminder 800',
      firm: '04-15 call 800',
      formal_notice: '05-26 hand_over?',
    },
  },
  {
    fact: 'a part was disputed, wrongly',
    begins: async (invoice) => {
      const dispute = await invoice.disputes(400);
      return { follows: () => dispute.resolved('unjustified') };
    },
    then: {
      preventive: '03-19 reminder 800, 03-30 second-reminder 1200',
      reminder: '03-30 second-reminder 800, 04-08 firm-reminder 1200',
      firm: '04-15 call 800',
      formal_notice: '05-26 hand_over?',
    },
  },

  // Holds and stops.
  {
    fact: 'a hold that ends by itself',
    comes: (invoice, { heldUntil }) => invoice.isHeld(heldUntil),
    then: {
      preventive: '03-25 reminder 1200, 04-03 second-reminder 1200',
      reminder: '04-01 second-reminder 1200, 04-10 firm-reminder 1200',
      firm: '04-17 call 1200',
      formal_notice: '05-29 hand_over?',
    },
  },
  {
    fact: 'a hold without end',
    comes: (invoice) => invoice.isHeld(null),
    then: silence,
    state: 'held',
  },
  {
    fact: 'a hold that is lifted',
    begins: async (invoice) => {
      const hold = await invoice.isHeld(null);
      return { follows: () => hold.lifted() };
    },
    then: {
      preventive: '03-24 reminder 1200, 04-02 second-reminder 1200',
      reminder: '04-03 second-reminder 1200',
      firm: '04-22 call 1200',
      formal_notice: '05-28 hand_over?',
    },
  },
  {
    fact: 'a hold on all that the debtor owes',
    comes: (invoice, { heldUntil }) =>
      invoice.story.people.ask('POST', `/debtors/${invoice.debtorId}/holds`, {
        reason: 'talks',
        until: heldUntil,
      }),
    then: {
      preventive: '03-25 reminder 1200, 04-03 second-reminder 1200',
      reminder: '04-01 second-reminder 1200, 04-10 firm-reminder 1200',
      firm: '04-17 call 1200',
      formal_notice: '05-29 hand_over?',
    },
  },
  {
    // The questions that we ask ourselves are not stopped: nothing leaves with them.
    fact: 'the debtor is stopped and let go again',
    begins: async (invoice) => {
      const stop = await invoice.story.people.stops('debtor', invoice.debtorId);
      return { follows: () => invoice.story.people.lifts(stop) };
    },
    then: {
      preventive: '03-23 reminder 1200, 04-01 second-reminder 1200',
      reminder: '04-02 second-reminder 1200',
      firm: '04-21 call 1200',
      formal_notice: '05-26 hand_over?',
    },
  },

  // The invoice itself.
  {
    fact: 'the amount is corrected',
    comes: (invoice) => invoice.corrected({ amount: 900 }),
    then: {
      preventive: '03-19 reminder 900, 03-30 second-reminder 900',
      reminder: '03-30 second-reminder 900, 04-08 firm-reminder 900',
      firm: '04-15 call 900',
      formal_notice: '05-26 hand_over?',
    },
  },
  {
    fact: 'the due date is put ten days later',
    comes: (invoice) => invoice.corrected({ due: '2026-03-26' }),
    then: {
      preventive: '03-30 reminder 1200',
      reminder: '04-07 second-reminder 1200',
      firm: '04-23 call 1200',
      formal_notice: '05-29 hand_over?',
    },
  },
  { fact: 'it is cancelled', comes: (invoice) => invoice.cancelled(), then: silence, state: 'cancelled' },

  // Steps.
  {
    fact: 'a person skips the next step',
    comes: async (invoice, { level }) =>
      invoice.skips(
        { preventive: 'reminder', reminder: 'second-reminder', firm: 'call', formal_notice: 'hand-over' }[
          level
        ],
      ),
    then: {
      preventive: '03-30 second-reminder 1200',
      reminder: '04-07 firm-reminder 1200',
      // The firm reminder of 8 April keeps its planned distance too.
      firm: '04-23 last-reminder 1200',
      // Nothing is left that the scenario could do.
      formal_notice: '05-12 escalation?',
    },
  },
  {
    // What was proven stays proven: the file goes on, and a person looks at why the mail came back.
    fact: 'the last message comes back after its proof',
    comes: async (invoice, { level }) => {
      await invoice.bounces(
        {
          preventive: 'pre-due',
          reminder: 'reminder',
          firm: 'firm-reminder',
          formal_notice: 'formal-notice',
        }[level],
      );
      expect(await invoice.tasks()).toEqual(['bounced_late']);
    },
    then: {
      preventive: '03-19 reminder 1200, 03-30 second-reminder 1200',
      reminder: '03-30 second-reminder 1200, 04-08 firm-reminder 1200',
      firm: '04-15 call 1200',
      formal_notice: '05-26 hand_over?',
    },
  },

  // The debtor.
  {
    fact: 'a court opens insolvency proceedings',
    comes: async (invoice) => {
      await invoice.story.people.ask('POST', `/debtors/${invoice.debtorId}/insolvency`, {
        judgmentOn: await invoice.story.today(),
      });
      expect(await invoice.tasks()).toEqual(['insolvency']);
    },
    then: silence,
    state: 'held',
  },
];
