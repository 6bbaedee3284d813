import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { factKinds } from '../../domain/fact-kinds.ts';
import type { FactBody } from '../../domain/fact.ts';
import { refusalCodes } from '../../domain/refusal.ts';
import type { RefusalCode } from '../../domain/refusal.ts';
import { AFile } from './a-file.ts';

interface Example {
  readonly code: RefusalCode;
  readonly asked: FactBody;
  readonly field?: string;
  readonly given?: (file: AFile) => unknown;
}

const promise = {
  type: 'promiseMade',
  promiseId: 'p',
  amountCents: 100_000,
  promisedOn: '2026-03-20',
} as const;
const dispute = {
  type: 'disputeOpened',
  disputeId: 'd',
  contestedCents: 100_000,
  reason: 'quality',
} as const;

const escalation = (file: AFile) =>
  file.record({ type: 'taskOpened', taskId: 'why', task: 'escalation', about: null, dueOn: '2026-03-10' });

/** Asked on 2026-03-06, a day after the first reminder was delivered. */
const examples: readonly Example[] = [
  { code: 'invoice-closed', asked: promise, given: (file) => file.pay(100_000) },
  {
    code: 'invoice-closed',
    asked: { type: 'invoiceCancelled', balanceCents: 0, reason: 'error' },
    given: (file) => file.pay(100_000),
  },
  {
    code: 'invoice-closed',
    asked: { type: 'writtenOff', amountCents: 1, balanceCents: 0, on: '2026-03-06', reason: 'small' },
    given: (file) => file.pay(100_000),
  },
  {
    code: 'claim-insolvent',
    asked: promise,
    given: (file) => file.ask({ type: 'debtorInsolvent', judgmentOn: '2026-03-01' }),
  },
  { code: 'not-insured', asked: { type: 'insurerTold', notice: 'overdue', on: '2026-03-05' } },
  { code: 'amount-not-positive', asked: { ...promise, amountCents: 0 }, field: 'amount' },
  { code: 'amount-not-positive', asked: { ...dispute, contestedCents: -1 }, field: 'amount' },
  { code: 'promise-in-the-past', asked: { ...promise, promisedOn: '2026-03-05' }, field: 'date' },
  { code: 'promise-too-far', asked: { ...promise, promisedOn: '2026-05-06' }, field: 'date' },
  {
    code: 'promises-too-many',
    asked: promise,
    given: (file) => [file.promise('2026-03-18'), file.promise('2026-03-19')],
  },
  {
    code: 'in-plan',
    asked: { type: 'planStarted', planId: 'q', amountCents: 1, instalments: 1, endsOn: '2026-06-06' },
    given: (file) =>
      file.ask({
        type: 'planStarted',
        planId: 'plan',
        amountCents: 100_000,
        instalments: 3,
        endsOn: '2026-06-06',
      }),
  },
  {
    code: 'in-plan',
    asked: promise,
    given: (file) =>
      file.ask({
        type: 'planStarted',
        planId: 'plan',
        amountCents: 100_000,
        instalments: 3,
        endsOn: '2026-06-06',
      }),
  },
  { code: 'promise-too-large', asked: { ...promise, amountCents: 100_001 }, field: 'amount' },
  { code: 'promise-too-large', asked: promise, field: 'amount', given: (file) => file.dispute(1) },
  {
    code: 'promise-unknown',
    asked: { type: 'promiseWithdrawn', promiseId: 'other' },
    given: (file) => file.promise('2026-03-20'),
  },
  { code: 'dispute-too-large', asked: { ...dispute, contestedCents: 100_001 }, field: 'amount' },
  { code: 'dispute-too-large', asked: dispute, field: 'amount', given: (file) => file.dispute(1) },
  { code: 'dispute-unknown', asked: { type: 'disputeResolved', disputeId: 'other', outcome: 'justified' } },
  {
    code: 'dispute-unknown',
    asked: { type: 'disputeAnswered', disputeId: 'd', decideBy: '2026-03-13' },
    given: (file) => file.contest(1, 'd') ?? file.resolve('goodwill', 'd'),
  },
  {
    code: 'dispute-unknown',
    asked: {
      type: 'disputeQualified',
      disputeId: 'other',
      reason: 'price',
      department: 'sales',
      resolverId: null,
      answerBy: '2026-03-13',
    },
  },
  {
    code: 'grant-too-large',
    asked: { type: 'disputeResolved', disputeId: 'd', outcome: 'credit_note', grantedCents: 50_001 },
    field: 'granted',
    given: (file) => file.contest(50_000, 'd'),
  },
  {
    code: 'hold-in-the-past',
    asked: { type: 'holdPlaced', holdId: 'h', reason: 'x', until: '2026-03-05' },
    field: 'until',
  },
  { code: 'hold-unknown', asked: { type: 'holdLifted', holdId: 'other' } },
  {
    code: 'step-unknown',
    asked: { type: 'stepSkipped', step: 'no-such-step', occurrence: 1, reason: 'x' },
    field: 'step',
  },
  {
    code: 'step-taken',
    asked: { type: 'stepSkipped', step: 'reminder', occurrence: 1, reason: 'x' },
    field: 'step',
  },
  { code: 'step-not-waiting', asked: { type: 'stepApproved', step: 'formal-notice', occurrence: 1 } },
  {
    code: 'day-not-possible',
    asked: {
      type: 'stepDelivered',
      step: 'reminder',
      occurrence: 1,
      messageId: null,
      channel: 'call',
      on: '2026-03-07',
      proof: 'call',
    },
    field: 'date',
  },
  {
    code: 'day-not-possible',
    asked: {
      type: 'stepPosted',
      step: 'reminder',
      occurrence: 1,
      on: '2025-03-06',
      trackingNumber: null,
      taskId: null,
    },
    field: 'date',
  },
  {
    code: 'letter-not-posted',
    asked: {
      type: 'letterReported',
      step: 'formal-notice',
      occurrence: 1,
      messageId: 'm',
      state: 'received',
      on: '2026-03-06',
      proof: null,
    },
  },
  { code: 'task-unknown', asked: { type: 'taskDone', taskId: 'other', outcome: 'done' } },
  {
    code: 'outcome-unknown',
    asked: { type: 'taskDone', taskId: 'why', outcome: 'reached' },
    field: 'outcome',
    given: escalation,
  },
  {
    code: 'approval-asked',
    asked: approvalAsked('second'),
    given: (file) => void file.record(approvalAsked('first')),
  },
  { code: 'approval-unknown', asked: { type: 'approvalGiven', approvalId: 'other' } },
  { code: 'approval-unknown', asked: { type: 'approvalRefused', approvalId: 'other', reason: 'x' } },
  {
    code: 'invoice-closed',
    asked: { type: 'waived', amountCents: 1, balanceCents: 0, on: '2026-03-06', reason: 'x' },
    given: (file) => file.pay(100_000),
  },
  {
    code: 'no-delivered-reminder',
    asked: { type: 'taskDone', taskId: 'why', outcome: 'formal_notice' },
    field: 'outcome',
    given: (file) => {
      file.collection = { ...file.collection, steps: [] };
      escalation(file);
    },
  },
];

function approvalAsked(approvalId: string): FactBody {
  const expiresAt = Date.parse('2026-03-11T09:00:00Z');
  return { type: 'approvalAsked', approvalId, act: 'waiver', amountCents: 1, about: null, expiresAt };
}

describe('a refusal', () => {
  it.each(examples)('$code answers $asked.type', ({ code, asked, field, given }) => {
    const file = new AFile().reach('2026-03-06');
    given?.(file);

    const refusal = file.ask(asked);

    expect(refusal?.code).toBe(code);
    expect(refusal?.message).toMatch(/.{20}/);
    expect(refusal?.field).toBe(field);
  });

  it('has an example here for every code that the rules of the domain answer', () => {
    const source = readFileSync(new URL('../../domain/refusal.ts', import.meta.url), 'utf8');
    const answered = [...source.matchAll(/refuse\(\s*'([a-z-]+)'/g)].map(([, code]) => code);

    expect(new Set(examples.map(({ code }) => code))).toEqual(new Set(answered));
    expect(Object.keys(refusalCodes)).toEqual(expect.arrayContaining(answered));
  });

  it('exists for exactly the facts that are said to be refusable', () => {
    const refusable = Object.entries(factKinds).filter(([, kind]) => kind.refusable);

    expect(new Set(examples.map(({ asked }) => asked.type))).toEqual(
      new Set(refusable.map(([type]) => type)),
    );
  });

  it.each<FactBody>([promise, dispute, { type: 'holdPlaced', holdId: 'h', reason: 'x', until: null }])(
    'is not given to a $type that makes sense',
    (asked) => {
      const file = new AFile().reach('2026-03-06');

      expect(file.ask(asked)).toBeNull();
    },
  );

  it('names the days between which an answer is possible', () => {
    const file = new AFile().reach('2026-03-06');

    expect(file.ask({ ...promise, promisedOn: '2026-05-06' })?.message).toContain('2026-05-05');
  });

  // What has happened is recorded, whatever we think of it.
  it.each<FactBody>([
    { type: 'paymentRecorded', paymentId: 'p', amountCents: 5, balanceCents: -5, on: '2026-03-06' },
    {
      type: 'paymentReturned',
      paymentId: 'p',
      amountCents: 5,
      balanceCents: 5,
      on: '2026-03-06',
      reason: 'AC04',
    },
    {
      type: 'stepFailed',
      step: 'no-such-step',
      occurrence: 9,
      messageId: null,
      channel: 'email',
      reason: 'bounced',
    },
    { type: 'debtorInsolvent', judgmentOn: '2026-03-01' },
  ])('is never given to a $type, also on a closed invoice', (asked) => {
    const file = new AFile().reach('2026-03-06').pay(100_000);

    expect(file.ask(asked)).toBeNull();
  });
});
