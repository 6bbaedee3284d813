import { approvalsOf } from '../../domain/approval/approval.ts';
import { instantAt } from '../../domain/calendar.ts';
import { isDeepStrictEqual } from 'node:util';
import type { Collection } from '../../domain/collection.ts';
import { underWay } from '../../domain/collection.ts';
import { decide } from '../../domain/decide.ts';
import type { State } from '../../domain/decision.ts';
import { enteredInError } from '../../domain/fact.ts';
import type { FactOf, FactType, StepAsked } from '../../domain/fact.ts';
import { refusalOf } from '../../domain/refusal.ts';
import { outcomesOf } from '../../domain/task.ts';
import { addDays } from '../../domain/time.ts';
import type { CivilDate } from '../../domain/time.ts';
import { exampleFiles, withFact } from './example-files.ts';
import type { ExampleFile } from './example-files.ts';

/** What becomes of a file in one state when one kind of fact comes. */
export type Outcome =
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'state'; readonly state: State };

/** The outcome of every pair of state and fact. Throws where one has none: every pair has a defined answer. */
export function outcomes(): ReadonlyMap<FactType, ReadonlyMap<State, Outcome>> {
  const files = [...exampleFiles()];
  return new Map(
    (Object.keys(samples) as FactType[]).map((type) => [
      type,
      new Map(files.map(([state, file]) => [state, outcomeOf(file, type)])),
    ]),
  );
}

/** The table of states and facts. */
export function statesText(): string {
  const all = outcomes();
  const states = [...exampleFiles().keys()];
  const rows = [...all].map(([type, row]) => {
    const cells = states.map((state) => cell(state, row.get(state)));
    return `| \`${type}\` | ${cells.join(' | ')} |`;
  });
  return `# States and facts

What becomes of an invoice in each state when each kind of fact comes: the state right after it. Written by \`npm run docs\`
from the rules themselves, with one invoice of 1,000.00 EUR in the standard scenario for each state, and a fact that fits it
where one can (its own promise, dispute, task or step; half of what is owed paid or credited, a quarter contested).

A dot means that the state stays as it is, though the file may have changed; a circle that the fact is recorded and changes
nothing. In italics: refused with that code ([refusals.md](refusals.md)), nothing is recorded. [facts.md](facts.md) says what
each fact changes.

| fact | ${states.map(inWords).join(' | ')} |
| --- |${' --- |'.repeat(states.length)}
${rows.join('\n')}
`;
}

function cell(before: State, outcome: Outcome | undefined): string {
  if (!outcome) throw new Error(`no outcome in the state ${before}`);
  switch (outcome.kind) {
    case 'refused':
      return `*${outcome.code}*`;
    case 'nothing':
      return '○';
    case 'state':
      return outcome.state === before ? '·' : inWords(outcome.state);
  }
}

function inWords(state: State): string {
  return state.replaceAll('_', ' ');
}

function outcomeOf(file: ExampleFile, type: FactType): Outcome {
  const body = samples[type](file.collection, file.day);
  const refusal = refusalOf(file.collection, body, file.now);
  if (refusal) return { kind: 'refused', code: refusal.code };
  const after = withFact(file, body);
  if (isDeepStrictEqual(after, { ...file.collection, fact: after.fact })) return { kind: 'nothing' };
  return { kind: 'state', state: decide(after, file.now).state };
}

/** A fact of each kind, such as it may come to that file. */
const samples: { readonly [T in FactType]: (c: Collection, day: CivilDate) => FactOf<T> } = {
  invoiceRegistered: (c) => ({ ...c, type: 'invoiceRegistered' }),
  invoiceCorrected: (c) => ({ ...c, type: 'invoiceCorrected', dueDate: addDays(c.dueDate, 10) }),
  invoiceCancelled: () => ({ type: 'invoiceCancelled', balanceCents: 0, reason: 'entered_twice' }),
  paymentRecorded: (c, on) => ({ type: 'paymentRecorded', paymentId: 'another', on, ...halfOf(c) }),
  paymentReturned: (c, on) => ({
    type: 'paymentReturned',
    paymentId: 'payment',
    amountCents: c.amountCents,
    balanceCents: c.amountCents,
    on,
    reason: enteredInError,
  }),
  creditNoteRecorded: (c, on) => ({ type: 'creditNoteRecorded', creditNoteId: 'note', on, ...halfOf(c) }),
  writtenOff: (c, on) => ({
    type: 'writtenOff',
    amountCents: c.balanceCents,
    balanceCents: 0,
    on,
    reason: 'too_small',
  }),
  promiseMade: (c, day) => ({
    type: 'promiseMade',
    promiseId: 'another',
    amountCents: Math.max(1, c.balanceCents),
    promisedOn: addDays(day, 10),
  }),
  planStarted: (c, day) => ({
    type: 'planStarted',
    planId: 'another',
    amountCents: Math.max(1, c.balanceCents),
    instalments: 3,
    endsOn: addDays(day, 90),
  }),
  instalmentMissed: (c, day) => ({
    type: 'instalmentMissed',
    planId: planOf(c),
    number: 1,
    dueOn: addDays(day, -1),
    missingCents: 100,
  }),
  planCaughtUp: (c) => ({ type: 'planCaughtUp', planId: planOf(c) }),
  planEnded: (c) => ({ type: 'planEnded', planId: planOf(c), outcome: 'broken' }),
  promiseKept: (c) => ({ type: 'promiseKept', promiseId: promiseOf(c), receivedCents: 0 }),
  bankDataAwaited: (c, day) => ({
    type: 'bankDataAwaited',
    promiseId: promiseOf(c),
    knownTo: addDays(day, -5),
  }),
  promiseBroken: (c) => ({ type: 'promiseBroken', promiseId: promiseOf(c), receivedCents: 0 }),
  promiseWithdrawn: (c) => ({ type: 'promiseWithdrawn', promiseId: promiseOf(c) }),
  disputeOpened: (c, day) => ({
    type: 'disputeOpened',
    disputeId: 'another',
    contestedCents: Math.max(1, c.balanceCents / 4),
    reason: 'price',
    qualifyBy: addDays(day, 7),
  }),
  disputeQualified: (c, day) => ({
    type: 'disputeQualified',
    disputeId: disputeOf(c),
    reason: 'price',
    department: 'sales',
    resolverId: null,
    answerBy: addDays(day, 7),
  }),
  disputeAnswered: (c, day) => ({
    type: 'disputeAnswered',
    disputeId: disputeOf(c),
    decideBy: addDays(day, 7),
  }),
  disputeChased: (c) => ({
    type: 'disputeChased',
    disputeId: disputeOf(c),
    stage: 'answer',
    rung: 0,
    told: 'resolver',
    people: 1,
    managers: 0,
  }),
  disputeResolved: (c) => ({ type: 'disputeResolved', disputeId: disputeOf(c), outcome: 'rejected' }),
  holdPlaced: (_, day) => ({
    type: 'holdPlaced',
    holdId: 'another',
    reason: 'talks',
    until: addDays(day, 10),
  }),
  holdLifted: (c) => ({ type: 'holdLifted', holdId: c.holds[0]?.holdId ?? 'none' }),
  debtorChanged: (c) => ({
    type: 'debtorChanged',
    debtor: { ...c.debtor, reach: { email: 0, sms: 0, call: 0, letter: 0 } },
  }),
  debtorReplaced: (c) => ({
    type: 'debtorReplaced',
    mergeId: 'a-merge',
    debtorId: 'the-one-who-stays',
    because: 'merged',
    debtor: { ...c.debtor, grade: 'B' },
  }),
  debtorInsolvent: (_, day) => ({ type: 'debtorInsolvent', judgmentOn: addDays(day, -1) }),
  calendarExtended: (c) => ({ type: 'calendarExtended', calendar: { ...c.calendar, holidays: [] } }),
  stepRequested: (c) => ({ type: 'stepRequested', ...askedOf(c), channel: 'email' }),
  stepWithdrawn: (c) => ({ type: 'stepWithdrawn', ...askedOf(c), reason: 'overtaken' }),
  legalTermsStated: () => ({
    type: 'legalTermsStated',
    terms: { sector: 'general', code: 'limitation_years', years: 5, possibly: null, policy: null },
  }),
  insurerTold: (_, on) => ({ type: 'insurerTold', notice: 'overdue', on }),
  limitationMoved: (_, on) => ({
    type: 'limitationMoved',
    event: { kind: 'court_claim', on, evidence: { kind: 'document', id: 'summons' } },
  }),
  clockWarned: (_, day) => ({
    type: 'clockWarned',
    clock: 'claim_declaration',
    on: addDays(day, 30),
    for: day,
    people: 1,
    managers: 1,
  }),
  stepApproved: (c) => ({ type: 'stepApproved', ...askedOf(c) }),
  stepSkipped: (c) => ({ type: 'stepSkipped', ...askedOf(c), reason: 'agreed' }),
  stepSent: (c) => ({ type: 'stepSent', ...askedOf(c), messageId: 'message', channel: 'email' }),
  stepUnconfirmed: (c) => ({ type: 'stepUnconfirmed', ...askedOf(c), messageId: 'message' }),
  stepHanded: (c, day) => ({
    type: 'stepHanded',
    ...askedOf(c),
    messageId: 'message',
    taskId: 'another',
    task: 'post',
    dueOn: day,
  }),
  stepPosted: (c, on) => ({
    type: 'stepPosted',
    ...askedOf(c),
    on,
    trackingNumber: '1A00000000000',
    taskId: 'another',
  }),
  stepDelivered: (c, on) => ({
    type: 'stepDelivered',
    ...askedOf(c),
    messageId: 'message',
    channel: 'email',
    on,
    proof: 'provider',
  }),
  stepFailed: (c) => ({
    type: 'stepFailed',
    ...askedOf(c),
    messageId: 'message',
    channel: 'email',
    reason: 'bounced',
  }),
  letterReported: (c, on) => ({
    type: 'letterReported',
    ...askedOf(c),
    messageId: 'message',
    state: 'received',
    on,
    proof: null,
  }),
  taskOpened: (_, day) => ({
    type: 'taskOpened',
    taskId: 'another',
    task: 'manual',
    about: null,
    dueOn: day,
  }),
  taskDone: (c) => {
    const task = c.tasks[0];
    const outcome = (task && outcomesOf(task.task)[0]) ?? 'done';
    return { type: 'taskDone', taskId: task?.taskId ?? 'none', outcome };
  },
  taskReminded: (c) => ({
    type: 'taskReminded',
    taskId: c.tasks[0]?.taskId ?? 'none',
    told: 'owner',
    people: 1,
  }),
  smallDifferenceFound: (c: Collection) => ({ type: 'smallDifferenceFound', cents: c.balanceCents }),
  handedOver: () => ({ type: 'handedOver', packId: 'pack' }),
  waived: (c, on) => ({ type: 'waived', on, reason: 'goodwill', ...halfOf(c) }),
  approvalAsked: (c, day) => ({
    type: 'approvalAsked',
    approvalId: 'approval',
    act: 'waiver',
    amountCents: 1,
    about: null,
    expiresAt: instantAt(c.calendar, addDays(day, 5), 0),
  }),
  approvalGiven: (c) => ({ type: 'approvalGiven', approvalId: approvalOf(c) }),
  approvalRefused: (c) => ({ type: 'approvalRefused', approvalId: approvalOf(c), reason: 'too_early' }),
  approvalExpired: (c) => ({ type: 'approvalExpired', approvalId: approvalOf(c) }),
  approvalWithdrawn: (c) => ({
    type: 'approvalWithdrawn',
    approvalId: approvalOf(c),
    reason: 'overtaken',
  }),
  approvalReminded: (c) => ({ type: 'approvalReminded', approvalId: approvalOf(c), people: 1 }),
};

function approvalOf(c: Collection): string {
  return approvalsOf(c)[0]?.approvalId ?? 'none';
}

function halfOf({ balanceCents }: Collection): { amountCents: number; balanceCents: number } {
  const amountCents = Math.max(1, Math.floor(balanceCents / 2));
  return { amountCents, balanceCents: Math.max(0, balanceCents - amountCents) };
}

function promiseOf({ promise }: Collection): string {
  return promise?.promiseId ?? 'none';
}

function disputeOf({ disputes }: Collection): string {
  return disputes[0]?.disputeId ?? 'none';
}

function planOf({ plan }: Collection): string {
  return plan?.planId ?? 'none';
}

/** The step that is under way, else the latest one, else the first reminder. */
function askedOf({ steps }: Collection): StepAsked {
  const record = steps.find(({ state }) => underWay.includes(state)) ?? steps.at(-1);
  return { step: record?.step ?? 'reminder', occurrence: record?.occurrence ?? 1 };
}
