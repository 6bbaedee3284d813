import fc from 'fast-check';
import { apply, draftIdOf, openCollection } from '../../domain/apply.ts';
import { approvalsOf, expiryOf, graveActs } from '../../domain/approval/approval.ts';
import { dayAt, instantAt } from '../../domain/calendar.ts';
import type { Collection, Dispute, OpenTask, StepRecord } from '../../domain/collection.ts';
import { underWay } from '../../domain/collection.ts';
import { decide } from '../../domain/decide.ts';
import type { Action, Decision } from '../../domain/decision.ts';
import { disputeOutcomes, grantOf } from '../../domain/dispute/outcome.ts';
import type { DisputeOutcome } from '../../domain/dispute/outcome.ts';
import type { Fact, FactBody, PaidBy } from '../../domain/fact.ts';
import { refusalOf } from '../../domain/refusal.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { stepOf } from '../../domain/scenario.ts';
import { shippedScenarios } from '../../domain/shipped-scenarios.ts';
import { outcomesOf } from '../../domain/task.ts';
import { addDays, dayMs, hourMs, minuteMs } from '../../domain/time.ts';
import type { CivilDate, Instant } from '../../domain/time.ts';
import { aCompany, anInvoice, ourselves, someone } from './a-file.ts';
import { auckland, newYork, paris } from './calendars.ts';

/**
 * Random lives of invoices, driven by the rules themselves.
 *
 * A life is a beginning and a list of moves. Each move lets time pass and then something happen: the workflow does
 * what is resolved, the door and the post do their part or fail, people and banks say what people and banks say, and
 * sometimes a fact comes that speaks of nothing. Every moment and every deed is kept, so that a property is a question
 * about a finished life. The rules are a parameter: a property must notice rules that are broken on purpose.
 */
export interface Rules {
  readonly decide: (collection: Collection, now: Instant) => Decision;
  readonly apply: (collection: Collection, fact: Fact) => Collection;
}

export const ourRules: Rules = { decide, apply };

/** A look at the file: what the rules answered at that moment. */
export interface Moment {
  readonly at: Instant;
  readonly day: CivilDate;
  readonly file: Collection;
  readonly decision: Decision;
  /** Whether the workflow had done everything that was resolved before this look. */
  readonly settled: boolean;
  /** The last fact before this look. */
  readonly last: Fact;
}

/** A fact that was recorded, with the file around it and what it was the doing of, if of ours. */
export interface Deed {
  readonly at: Instant;
  readonly day: CivilDate;
  readonly before: Collection;
  readonly fact: Fact;
  readonly after: Collection;
  readonly action: Action | null;
}

export interface Life {
  readonly first: Fact;
  readonly moments: readonly Moment[];
  readonly deeds: readonly Deed[];
  readonly refusals: readonly { readonly body: FactBody; readonly refusal: Refusal }[];
  readonly end: Collection;
}

export interface Beginning {
  readonly scenario: number;
  readonly zone: number;
  readonly knownOn: CivilDate;
  readonly dueInDays: number;
  readonly amountCents: number;
  readonly paidBy: PaidBy;
  readonly factored: boolean;
  readonly emails: number;
  readonly heldFor: number;
  readonly debtorId: string;
}

export interface Move {
  readonly wait: 'not' | 'a little' | 'part' | 'until' | 'long';
  readonly part: number;
  readonly what: Happening;
  readonly a: number;
  readonly b: number;
}

/** The more often a happening stands here, the more often it happens. */
const stormy = [
  ...times(12, 'carry'),
  ...times(5, 'time'),
  ...times(4, 'answer'),
  ...times(2, 'payment'),
  ...times(2, 'promise'),
  ...times(2, 'dispute'),
  ...times(2, 'resolve'),
  ...times(2, 'debtor'),
  ...(['return', 'credit', 'withdraw promise', 'hold', 'lift', 'insolvency', 'correction'] as const),
  ...times(2, 'approval'),
  ...(['cancellation', 'write-off', 'skip', 'nonsense', 'outage'] as const),
] as const;

/** Lives in which little happens get far: to the notice, to the hand-over. */
const calm = [
  ...times(40, 'carry'),
  ...times(10, 'time'),
  ...times(16, 'answer'),
  ...times(3, 'resolve'),
  ...times(3, 'lift'),
  ...([
    'part payment',
    'promise',
    'withdraw promise',
    'dispute',
    'approval',
    'hold',
    'skip',
    'nonsense',
    'outage',
    'debtor',
  ] as const),
] as const;

type Happening = (typeof stormy)[number] | (typeof calm)[number];

function times<T extends string>(count: number, what: T): readonly T[] {
  return Array<T>(count).fill(what);
}

/** Registration on ordinary days and on those where calendars break. */
const edges = [
  '2026-03-27',
  '2026-03-30',
  '2026-10-23',
  '2028-02-28',
  '2028-02-29',
  '2026-12-30',
  '2027-01-01',
  '2026-04-30',
  '2025-08-14',
];

export const someBeginning: fc.Arbitrary<Beginning> = fc.record({
  scenario: fc.nat({ max: shippedScenarios.length - 1 }),
  zone: fc.nat({ max: 2 }),
  knownOn: fc.oneof(
    fc.constantFrom(...edges),
    fc.integer({ min: 0, max: 1500 }).map((days) => addDays('2024-06-01', days)),
  ),
  dueInDays: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: -20, max: 45 }) },
    { weight: 1, arbitrary: fc.integer({ min: -900, max: 200 }) },
  ),
  amountCents: fc.oneof(fc.constantFrom(1, 100_000), fc.integer({ min: 1, max: 10_000_000 })),
  paidBy: fc.constantFrom<PaidBy>(
    'transfer',
    'transfer',
    'transfer',
    'transfer',
    'cheque',
    'direct_debit',
    'bill_of_exchange',
  ),
  factored: fc.integer({ min: 0, max: 19 }).map((value) => value === 0),
  emails: fc.nat({ max: 2 }),
  heldFor: fc.constantFrom(-1, -1, -1, 0, 5, 400),
  debtorId: fc.constantFrom('debtor', '018f-a', '018f-b', 'z'),
});

export const someMoves: fc.Arbitrary<readonly Move[]> = fc.oneof(
  fc.array(moveAmong(stormy), { minLength: 5, maxLength: 50, size: 'max' }),
  fc.array(moveAmong(calm), { minLength: 20, maxLength: 90, size: 'max' }),
);

function moveAmong(happenings: readonly Happening[]): fc.Arbitrary<Move> {
  return fc.record({
    wait: fc.constantFrom('not', 'a little', 'part', 'until', 'until', 'until', 'until', 'long'),
    part: fc.integer({ min: 1, max: 999 }),
    what: fc.constantFrom(...happenings),
    a: fc.nat({ max: 999 }),
    b: fc.nat({ max: 999 }),
  });
}

/** Lives a life under the rules. Deep-freezes what it hands to them, so that a rule that changes its input throws. */
export function live(rules: Rules, beginning: Beginning, moves: readonly Move[]): Life {
  const world = new World(rules, beginning);
  for (const move of moves) world.move(move);
  world.settle();
  return world.life();
}

/** Two acts at one moment are ordinary; so many are a loop. */
export const actsMax = 20;

class World {
  readonly #rules: Rules;
  readonly #first: Fact;
  readonly #moments: Moment[] = [];
  readonly #deeds: Deed[] = [];
  readonly #refusals: { body: FactBody; refusal: Refusal }[] = [];
  #file: Collection;
  #now: Instant;
  #ids = 0;

  constructor(rules: Rules, beginning: Beginning) {
    this.#rules = rules;
    const calendar = [paris, newYork, auckland][beginning.zone] ?? paris;
    const scenario = shippedScenarios[beginning.scenario] ?? anInvoice().scenario;
    const { knownOn, heldFor, emails } = beginning;
    this.#now = instantAt(calendar, knownOn, 10 * hourMs + 17 * minuteMs);
    const until = heldFor === 0 ? null : addDays(knownOn, heldFor);
    const first = {
      ...anInvoice(),
      scenario,
      calendar,
      debtorId: beginning.debtorId,
      dueDate: addDays(knownOn, beginning.dueInDays),
      amountCents: beginning.amountCents,
      balanceCents: beginning.amountCents,
      paidBy: beginning.paidBy,
      factored: beginning.factored,
      debtor: aCompany({ reach: { email: emails, sms: 1, call: 1, letter: 1 } }),
      holds: heldFor < 0 ? [] : [{ holdId: 'import', reason: 'to release', from: knownOn, until }],
      n: 1,
      at: this.#now,
      day: knownOn,
      by: someone,
    };
    this.#first = frozen(first);
    this.#file = frozen(openCollection(first));
  }

  life(): Life {
    return {
      first: this.#first,
      moments: this.#moments,
      deeds: this.#deeds,
      refusals: this.#refusals,
      end: this.#file,
    };
  }

  move(move: Move): void {
    if (move.what === 'outage') {
      this.#look();
      this.#now += ((move.a % 12) + 1) * dayMs;
      return;
    }
    this.#pass(move, this.settle());
    this.#happen(move, this.#look());
  }

  /** The workflow works until there is nothing to do at this moment. */
  settle(): Decision {
    let decision = this.#look();
    for (let acts = 0; acts < actsMax && decision.kind === 'act'; acts += 1) {
      this.#record(bodyOf(decision.action, this.#id()), decision.action);
      decision = this.#look();
    }
    const last = this.#moments.at(-1);
    if (last) this.#moments.push({ ...last, settled: true });
    return decision;
  }

  #look(): Decision {
    const decision = frozen(this.#rules.decide(this.#file, this.#now));
    const last = this.#deeds.at(-1)?.fact ?? this.#first;
    this.#moments.push({ at: this.#now, day: this.#today, file: this.#file, decision, settled: false, last });
    return decision;
  }

  get #today(): CivilDate {
    return dayAt(this.#file.calendar, this.#now);
  }

  #pass({ wait, part }: Move, decision: Decision): void {
    const until = decision.kind === 'wait' ? decision.until : null;
    if (wait === 'a little') this.#now += part * minuteMs;
    if (wait === 'part')
      this.#now += Math.floor((((until ?? this.#now + 10 * dayMs) - this.#now) * part) / 1000);
    if (wait === 'until') this.#now = until ?? this.#now + Math.floor(part / 100) * dayMs;
    // Never past a wake-up: only an outage lets one pass.
    if (wait === 'long') this.#now = Math.min(until ?? Infinity, this.#now + part * 2 * hourMs);
  }

  #record(body: FactBody, action: Action | null = null): Collection {
    const before = this.#file;
    const by = action ? ourselves : someone;
    const fact = frozen({ ...body, n: before.fact + 1, at: this.#now, day: this.#today, by });
    this.#file = frozen(this.#rules.apply(before, fact));
    this.#deeds.push({ at: this.#now, day: this.#today, before, fact, after: this.#file, action });
    return this.#file;
  }

  #ask(body: FactBody): unknown {
    const refusal = refusalOf(this.#file, frozen(body), this.#now);
    return refusal ? this.#refusals.push({ body, refusal }) : this.#record(body);
  }

  #happen(move: Move, decision: Decision): unknown {
    const { a, b } = move;
    const file = this.#file;
    const today = this.#today;
    switch (move.what) {
      case 'time':
      case 'outage':
        return;
      case 'carry':
        return this.#carry(decision, a, b);
      case 'answer': {
        const task = pick(file.tasks, a);
        return task && void this.#answer(task, b);
      }
      case 'payment': {
        const amountCents = amountFrom(a, b, file.balanceCents);
        const balanceCents = file.balanceCents - amountCents;
        return this.#record({
          type: 'paymentRecorded',
          paymentId: this.#id(),
          amountCents,
          balanceCents,
          on: addDays(today, -(b % 4)),
        });
      }
      case 'approval':
        return this.#approve(a, b);
      case 'part payment': {
        const amountCents = Math.floor(file.balanceCents / 3);
        const balanceCents = file.balanceCents - amountCents;
        return this.#record({
          type: 'paymentRecorded',
          paymentId: this.#id(),
          amountCents,
          balanceCents,
          on: today,
        });
      }
      case 'return': {
        const amountCents = amountFrom(a, b, file.amountCents);
        const balanceCents = file.balanceCents + amountCents;
        return this.#record({
          type: 'paymentReturned',
          paymentId: this.#id(),
          amountCents,
          balanceCents,
          on: today,
          reason: 'AC04',
        });
      }
      case 'credit': {
        const amountCents = amountFrom(a, b, file.balanceCents);
        return this.#record({
          type: 'creditNoteRecorded',
          creditNoteId: this.#id(),
          amountCents,
          balanceCents: file.balanceCents - amountCents,
          on: today,
        });
      }
      case 'promise':
        return this.#ask({
          type: 'promiseMade',
          promiseId: this.#id(),
          amountCents: amountFrom(a, b, file.balanceCents),
          promisedOn: addDays(today, (b % 45) - 2),
          ...(a % 2 ? { exceeding: 'known_well' } : {}),
          ...(b % 3 ? {} : { graceDays: b % 5, toleranceCents: a % 700, invoices: 1 + (a % 2) }),
        });
      case 'withdraw promise':
        return this.#ask({ type: 'promiseWithdrawn', promiseId: file.promise?.promiseId ?? 'none' });
      case 'dispute':
        return this.#ask({
          type: 'disputeOpened',
          disputeId: this.#id(),
          contestedCents: amountFrom(a, b, file.balanceCents),
          reason: 'quality',
          ...(b % 3 ? { qualifyBy: addDays(today, 7) } : {}),
        });
      case 'resolve':
        return this.#resolve(a, b);
      case 'hold':
        return this.#ask({
          type: 'holdPlaced',
          holdId: this.#id(),
          reason: 'commercial',
          until: a % 3 === 0 ? null : addDays(today, (b % 30) - 2),
        });
      case 'lift':
        return this.#ask({ type: 'holdLifted', holdId: pick(file.holds, a)?.holdId ?? 'none' });
      case 'debtor':
        return this.#debtorChanges(a, b);
      case 'insolvency':
        return a % 3 === 0
          ? void this.#record({ type: 'debtorInsolvent', judgmentOn: addDays(today, -(b % 20)) })
          : undefined;
      case 'correction': {
        const dueDate = a % 2 ? addDays(file.dueDate, (b % 60) - 20) : file.dueDate;
        const { issueDate, amountCents, balanceCents, paidBy } = file;
        return this.#record({
          type: 'invoiceCorrected',
          dueDate,
          issueDate,
          amountCents,
          balanceCents: a % 5 ? balanceCents : balanceCents + 10_00,
          paidBy: b % 7 ? paidBy : 'transfer',
          factored: b % 11 === 0,
        });
      }
      case 'cancellation':
        return a % 4 === 0
          ? void this.#ask({ type: 'invoiceCancelled', balanceCents: 0, reason: 'error' })
          : undefined;
      case 'write-off': {
        const balanceCents = a % 3 === 0 ? 0 : Math.ceil(file.balanceCents / 2);
        return this.#ask({
          type: 'writtenOff',
          amountCents: file.balanceCents - balanceCents,
          balanceCents,
          on: today,
          reason: 'small',
        });
      }
      case 'skip': {
        const step = pick(file.scenario.steps, a)?.key ?? '';
        const occurrence = file.steps.find((record) => record.step === step)?.occurrence ?? 1;
        return this.#ask({ type: 'stepSkipped', step, occurrence, reason: 'agreed' });
      }
      case 'nonsense':
        return this.#nonsense(a, b);
    }
  }

  /** A dispute goes one stage further, or is decided: in the words of today or of the first releases, in part or whole. */
  #resolve(a: number, b: number): unknown {
    const dispute = pick(this.#file.disputes, a);
    const disputeId = dispute?.disputeId ?? 'none';
    const by = addDays(this.#today, 7);
    if (b % 8 === 0) {
      const who = { reason: 'price', department: 'sales', resolverId: null };
      return this.#ask({ type: 'disputeQualified', disputeId, ...who, answerBy: by });
    }
    if (b % 8 === 1) return this.#ask({ type: 'disputeAnswered', disputeId, decideBy: by });
    const outcome = pick(outcomes, b) ?? 'rejected';
    const granted = grantOf(outcome) === null || a % 2 ? {} : { grantedCents: grantedFrom(dispute, b) };
    return this.#ask({ type: 'disputeResolved', disputeId, outcome, ...granted });
  }

  #debtorChanges(a: number, b: number): unknown {
    const { debtor } = this.#file;
    const { reach } = debtor;
    const change = [
      { reach: { ...reach, email: 0 } },
      { reach: { email: 0, sms: 0, call: 0, letter: 0 } },
      { reach: { email: 2, sms: 1, call: 1, letter: 1 } },
      { kind: 'consumer' as const },
      { kind: 'company' as const },
      { grade: 'B' },
      { insolventOn: null },
      {
        holds: [
          {
            holdId: this.#id(),
            reason: 'negotiation',
            from: this.#today,
            until: b % 2 ? null : addDays(this.#today, b % 20),
          },
        ],
      },
      { holds: [] },
    ][a % 9];
    return this.#record({ type: 'debtorChanged', debtor: { ...debtor, ...change } });
  }

  /** The door, the carriers and the post do what comes next for the step that is under way. */
  #carry(decision: Decision, a: number, b: number): unknown {
    const file = this.#file;
    const record = file.steps.find((candidate) => underWay.includes(candidate.state));
    if (!record) return;
    const { step, occurrence, channel } = record;
    const asked = { step, occurrence };
    const stands =
      decision.kind !== 'close' &&
      decision.standing?.step === step &&
      decision.standing.occurrence === occurrence;

    switch (record.state) {
      case 'requested':
      case 'approved':
        if (!stands) return this.#record({ type: 'stepWithdrawn', ...asked, reason: 'overtaken' });
        if (record.state === 'requested' && stepOf(file.scenario, step).mode === 'review')
          return this.#ask({ type: 'stepApproved', ...asked });
        return this.#leave(record, a, b);
      case 'sent':
        if (a % 4 === 0) return this.#fail(record, 'bounced');
        if (a % 4 === 1) return;
        return this.#deliver(record, b);
      case 'unconfirmed':
        if (a % 3 === 0) return this.#fail(record, 'refused');
        if (a % 3 === 1) return this.#deliver(record, b);
        return this.#record({ type: 'stepSent', ...asked, messageId: this.#id(), channel });
      case 'handed':
        if (a % 4 === 0)
          return this.#fail(record, pick(['not_reached', 'wrong_number', 'cannot_be_done'], b) ?? '');
        if (channel === 'call' || channel === 'email' || channel === 'sms') return this.#deliver(record, b);
        return this.#ask({
          type: 'stepPosted',
          ...asked,
          on: addDays(this.#today, -(b % 3)),
          trackingNumber: null,
          taskId: b % 2 ? this.#id() : null,
        });
      default:
        if (a % 6 === 0) return this.#fail(record, 'returned');
        return this.#deliver(record, b);
    }
  }

  #leave(record: StepRecord, a: number, b: number): unknown {
    const { step, occurrence, channel } = record;
    const asked = { step, occurrence };
    const messageId = this.#id();
    if (channel === 'call' || channel === 'letter' || channel === 'registered_letter') {
      const task = channel === 'call' ? 'call' : 'post';
      return this.#record({
        type: 'stepHanded',
        ...asked,
        messageId,
        taskId: this.#id(),
        task,
        dueOn: addDays(this.#today, 1),
      });
    }
    if (a % 8 === 0) return this.#record({ type: 'stepUnconfirmed', ...asked, messageId });
    if (a % 8 === 1) return this.#fail(record, pick(['refused', 'bounced', 'no_address'], b) ?? '');
    return this.#record({ type: 'stepSent', ...asked, messageId, channel });
  }

  #fail({ step, occurrence, channel }: StepRecord, reason: string): unknown {
    return this.#record({ type: 'stepFailed', step, occurrence, messageId: null, channel, reason });
  }

  #deliver({ step, occurrence, channel, on }: StepRecord, b: number): unknown {
    const today = this.#today;
    const day = on && b % 2 ? on : today;
    return this.#record({
      type: 'stepDelivered',
      step,
      occurrence,
      messageId: null,
      channel,
      on: day,
      proof: 'provider',
    });
  }

  #answer(task: OpenTask, b: number): unknown {
    const outcome = pick(outcomesOf(task.task), b) ?? 'done';
    return this.#ask({ type: 'taskDone', taskId: task.taskId, outcome });
  }

  /** Somebody asks for a grave act, or somebody else answers. */
  #approve(a: number, b: number): unknown {
    const open = pick(approvalsOf(this.#file), a);
    if (open && b % 2)
      return this.#ask(
        b % 3
          ? { type: 'approvalGiven', approvalId: open.approvalId }
          : { type: 'approvalRefused', approvalId: open.approvalId, reason: 'x' },
      );
    const act = pick(graveActs, b) ?? 'waiver';
    const draft = this.#file.steps.find(({ state }) => state === 'requested');
    const task = pick(this.#file.tasks, a);
    const about =
      act === 'formal_notice' && draft
        ? draftIdOf(draft)
        : act === 'hand_over'
          ? (task?.taskId ?? null)
          : null;
    return this.#ask({
      type: 'approvalAsked',
      approvalId: this.#id(),
      act,
      amountCents: 1,
      about,
      expiresAt: expiryOf(this.#now),
    });
  }

  /** Facts that speak of steps and tasks that are not there, or not any more. */
  #nonsense(a: number, b: number): unknown {
    const file = this.#file;
    const record = pick(file.steps, a);
    const unknown = { step: 'no-such-step', occurrence: 1 };
    const old = record ? { step: record.step, occurrence: record.occurrence + (b % 3) - 1 } : unknown;
    const asked = b % 2 ? old : unknown;
    const [messageId, channel] = ['late', 'email'] as const;
    const bodies: FactBody[] = [
      { type: 'stepRequested', ...unknown, channel },
      { type: 'stepApproved', ...unknown },
      { type: 'stepSkipped', ...unknown, reason: 'x' },
      { type: 'stepSent', ...asked, messageId, channel },
      { type: 'stepUnconfirmed', ...asked, messageId },
      {
        type: 'stepDelivered',
        ...asked,
        messageId,
        channel,
        on: addDays(this.#today, -(b % 30)),
        proof: 'provider',
      },
      { type: 'stepFailed', ...asked, messageId, channel, reason: 'bounced' },
      { type: 'stepHanded', ...unknown, messageId, taskId: this.#id(), task: 'call', dueOn: this.#today },
      { type: 'stepPosted', ...unknown, on: this.#today, trackingNumber: null, taskId: this.#id() },
      { type: 'letterReported', ...asked, messageId, state: 'refused', on: this.#today, proof: null },
      { type: 'stepWithdrawn', ...asked, reason: 'late' },
      { type: 'taskDone', taskId: 'none', outcome: 'done' },
      { type: 'taskReminded', taskId: record ? draftIdOf(record) : 'none', told: 'owner', people: 1 },
      { type: 'promiseBroken', promiseId: 'none', receivedCents: 0 },
      {
        type: 'promiseKept',
        promiseId: b % 2 ? 'none' : (file.promise?.promiseId ?? 'none'),
        receivedCents: 0,
      },
      { type: 'bankDataAwaited', promiseId: 'none', knownTo: null },
      { type: 'instalmentMissed', planId: 'none', number: 1, dueOn: this.#today, missingCents: 1 },
      { type: 'planCaughtUp', planId: 'none' },
      { type: 'planEnded', planId: 'none', outcome: 'broken' },
      { type: 'promiseWithdrawn', promiseId: 'none' },
      { type: 'disputeResolved', disputeId: 'none', outcome: 'justified' },
      { type: 'disputeAnswered', disputeId: 'none', decideBy: this.#today },
      { type: 'holdLifted', holdId: 'none' },
      { type: 'approvalGiven', approvalId: 'none' },
      { type: 'approvalExpired', approvalId: 'none' },
      { type: 'approvalWithdrawn', approvalId: 'none', reason: 'overtaken' },
      { type: 'calendarExtended', calendar: file.calendar },
    ];
    const body = pick(bodies, a);
    return body && this.#record(body);
  }

  #id(): string {
    this.#ids += 1;
    return `id-${this.#ids}`;
  }
}

/** The fact that doing this becomes. */
function bodyOf(action: Action, id: string): FactBody {
  switch (action.do) {
    case 'requestStep':
      return {
        type: 'stepRequested',
        step: action.step,
        occurrence: action.occurrence,
        channel: action.channel,
      };
    case 'openTask':
      return { type: 'taskOpened', taskId: id, task: action.task, about: action.about, dueOn: action.dueOn };
    case 'remindTask':
      return { type: 'taskReminded', taskId: action.taskId, told: action.tell, people: 1 };
    case 'warnOfClock': {
      const { clock, on, for: day } = action;
      return { type: 'clockWarned', clock, on, for: day, people: 1, managers: 1 };
    }
    case 'breakPromise':
      return { type: 'promiseBroken', promiseId: action.promiseId, receivedCents: action.receivedCents };
    case 'handOver':
      return { type: 'handedOver', packId: id };
    case 'remindApprovers':
      return { type: 'approvalReminded', approvalId: action.approvalId, people: 1 };
    case 'expireApproval':
      return { type: 'approvalExpired', approvalId: action.approvalId };
    case 'withdrawApproval':
      return { type: 'approvalWithdrawn', approvalId: action.approvalId, reason: 'overtaken' };
  }
}

function amountFrom(a: number, b: number, wholeCents: number): number {
  if (a % 3 === 0) return Math.max(1, wholeCents);
  if (a % 13 === 1) return Math.max(1, wholeCents) + b;
  return Math.max(1, Math.floor((wholeCents * (b + 1)) / 1001));
}

const outcomes: readonly DisputeOutcome[] = [...disputeOutcomes, 'justified', 'unjustified'];

function grantedFrom(dispute: Dispute | undefined, b: number): number {
  return Math.max(1, Math.floor(((dispute?.contestedCents ?? 1) * (b + 1)) / 1001));
}

function pick<T>(all: readonly T[], index: number): T | undefined {
  return all[index % Math.max(1, all.length)];
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) frozen(member);
  }
  return value;
}
