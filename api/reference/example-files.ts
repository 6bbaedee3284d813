import { calendarCovering } from '../../db/calendars.ts';
import { apply, openCollection } from '../../domain/apply.ts';
import { instantAt } from '../../domain/calendar.ts';
import type { Collection } from '../../domain/collection.ts';
import { decide } from '../../domain/decide.ts';
import type { State } from '../../domain/decision.ts';
import type { Author, FactBody, Registered } from '../../domain/fact.ts';
import { shippedScenarios } from '../../domain/shipped-scenarios.ts';
import { hourMs } from '../../domain/time.ts';
import type { CivilDate, Instant } from '../../domain/time.ts';

/** A file on an evening of its life. */
export interface ExampleFile {
  readonly collection: Collection;
  readonly now: Instant;
  readonly day: CivilDate;
}

/** How a file came to a state: what happened on which days, and the day on which it is looked at. */
interface Way {
  readonly facts: readonly (readonly [CivilDate, FactBody])[];
  readonly seenOn: CivilDate;
}

const balanceCents = 100_000;
const reminder = { step: 'reminder', occurrence: 1 } as const;
const notice = { step: 'formal-notice', occurrence: 1 } as const;
const byMail = { messageId: 'message', channel: 'email' } as const;

const reminderAsked: FactBody = { type: 'stepRequested', ...reminder, channel: 'email' };
const reminderTaken: readonly (readonly [CivilDate, FactBody])[] = [
  ['2026-03-05', reminderAsked],
  ['2026-03-05', { type: 'stepDelivered', ...reminder, ...byMail, on: '2026-03-05', proof: 'provider' }],
];
const noticeAsked: readonly (readonly [CivilDate, FactBody])[] = [
  ...reminderTaken,
  ['2026-04-17', { type: 'stepRequested', ...notice, channel: 'registered_letter' }],
];

/** A way to each state, for an invoice of 1,000.00 EUR that is known on 2 February and due on 2 March 2026. */
const ways: Readonly<Record<State, Way>> = {
  waiting: { facts: [], seenOn: '2026-02-03' },
  at_the_door: { facts: [['2026-03-05', reminderAsked]], seenOn: '2026-03-05' },
  awaiting_approval: { facts: noticeAsked, seenOn: '2026-04-17' },
  on_its_way: {
    facts: [
      ['2026-03-05', reminderAsked],
      ['2026-03-05', { type: 'stepSent', ...reminder, ...byMail }],
    ],
    seenOn: '2026-03-06',
  },
  to_confirm: {
    facts: [
      ['2026-03-05', reminderAsked],
      ['2026-03-05', { type: 'stepUnconfirmed', ...reminder, messageId: 'message' }],
    ],
    seenOn: '2026-03-05',
  },
  to_do: {
    facts: [
      ...reminderTaken,
      ['2026-03-30', { type: 'stepRequested', step: 'call', occurrence: 1, channel: 'call' }],
      [
        '2026-03-30',
        {
          type: 'stepHanded',
          step: 'call',
          occurrence: 1,
          messageId: 'message',
          taskId: 'task',
          task: 'call',
          dueOn: '2026-03-31',
        },
      ],
    ],
    seenOn: '2026-03-30',
  },
  held: {
    facts: [
      ...reminderTaken,
      ['2026-03-09', { type: 'holdPlaced', holdId: 'hold', reason: 'talks', until: '2026-03-20' }],
    ],
    seenOn: '2026-03-10',
  },
  disputed: {
    facts: [
      ...reminderTaken,
      [
        '2026-03-09',
        { type: 'disputeOpened', disputeId: 'dispute', contestedCents: balanceCents, reason: 'quality' },
      ],
      [
        '2026-03-09',
        { type: 'taskOpened', taskId: 'task', task: 'dispute', about: 'dispute', dueOn: '2026-03-16' },
      ],
    ],
    seenOn: '2026-03-10',
  },
  promised: {
    facts: [
      ...reminderTaken,
      [
        '2026-03-09',
        {
          type: 'promiseMade',
          promiseId: 'promise',
          amountCents: balanceCents,
          promisedOn: '2026-03-20',
        },
      ],
    ],
    seenOn: '2026-03-10',
  },
  in_plan: {
    facts: [
      ...reminderTaken,
      [
        '2026-03-09',
        {
          type: 'planStarted',
          planId: 'plan',
          amountCents: balanceCents,
          instalments: 3,
          endsOn: '2026-06-09',
        },
      ],
    ],
    seenOn: '2026-03-10',
  },
  notice_running: {
    facts: [
      ...noticeAsked,
      [
        '2026-04-22',
        {
          type: 'stepDelivered',
          ...notice,
          messageId: 'message',
          channel: 'registered_letter',
          on: '2026-04-21',
          proof: 'presentation',
        },
      ],
    ],
    seenOn: '2026-04-23',
  },
  paid: {
    facts: [
      ...reminderTaken,
      [
        '2026-03-09',
        {
          type: 'paymentRecorded',
          paymentId: 'payment',
          amountCents: balanceCents,
          balanceCents: 0,
          on: '2026-03-09',
        },
      ],
    ],
    seenOn: '2026-03-10',
  },
  small_difference: {
    facts: [
      ...reminderTaken,
      [
        '2026-03-09',
        {
          type: 'paymentRecorded',
          paymentId: 'payment',
          amountCents: balanceCents - 300,
          balanceCents: 300,
          on: '2026-03-09',
        },
      ],
      ['2026-03-09', { type: 'smallDifferenceFound', cents: 300 }],
    ],
    seenOn: '2026-03-10',
  },
  cancelled: {
    facts: [
      ...reminderTaken,
      ['2026-03-09', { type: 'invoiceCancelled', balanceCents: 0, reason: 'entered_twice' }],
    ],
    seenOn: '2026-03-10',
  },
  written_off: {
    facts: [
      ...reminderTaken,
      [
        '2026-03-09',
        {
          type: 'writtenOff',
          amountCents: balanceCents,
          balanceCents: 0,
          on: '2026-03-09',
          reason: 'too_small',
        },
      ],
    ],
    seenOn: '2026-03-10',
  },
  handed_over: {
    facts: [...reminderTaken, ['2026-05-11', { type: 'handedOver', packId: 'pack' }]],
    seenOn: '2026-05-12',
  },
};

/** A file in each state, as real facts bring it there. Throws when the way to a state leads to another. */
export function exampleFiles(): ReadonlyMap<State, ExampleFile> {
  const files = new Map<State, ExampleFile>();
  for (const [state, way] of Object.entries(ways) as [State, Way][]) {
    const file = fileAfter(way);
    const found = decide(file.collection, file.now).state;
    if (found !== state) throw new Error(`the way to "${state}" leads to "${found}"`);
    files.set(state, file);
  }
  return files;
}

/** One more fact, as it would be recorded at that moment. */
export function withFact({ collection, now, day }: ExampleFile, body: FactBody): Collection {
  return apply(collection, { ...body, n: collection.fact + 1, at: now, day, by: someone });
}

function fileAfter({ facts, seenOn }: Way): ExampleFile {
  const opened = openCollection({
    ...anInvoice(),
    n: 1,
    at: eveningOf('2026-02-02'),
    day: '2026-02-02',
    by: someone,
  });
  const collection = facts.reduce(
    (file, [day, body]) => withFact({ collection: file, now: eveningOf(day), day }, body),
    opened,
  );
  return { collection, now: eveningOf(seenOn), day: seenOn };
}

/** Six in Paris: whatever was to leave on a day has been asked for. */
function eveningOf(day: CivilDate): Instant {
  return instantAt(calendar, day, 18 * hourMs);
}

const calendar = calendarCovering('FR', 'Europe/Paris', 2026);
const someone: Author = { kind: 'user', id: 'somebody' };

function anInvoice(): Registered {
  const scenario = shippedScenarios.find(({ id }) => id.startsWith('standard@'));
  if (!scenario) throw new Error('no standard scenario is shipped');
  return {
    type: 'invoiceRegistered',
    invoiceId: 'invoice',
    creditorId: 'creditor',
    debtorId: 'debtor',
    currency: 'EUR',
    amountCents: balanceCents,
    balanceCents,
    issueDate: '2026-01-30',
    dueDate: '2026-03-02',
    paidBy: 'transfer',
    factored: false,
    debtor: {
      kind: 'company',
      country: 'FR',
      language: 'fr',
      grade: null,
      reach: { email: 1, sms: 1, call: 1, letter: 1 },
      insolventOn: null,
      holds: [],
    },
    holds: [],
    scenario,
    calendar,
  };
}
