import { apply, openCollection } from '../../domain/apply.ts';
import type { Fact, FactOf, FactType } from '../../domain/fact.ts';
import type { Findings } from '../invariants.ts';
import { promiseAfter } from '../promise-after.ts';
import type { LogEntry } from '../verify-log.ts';
import type { MatterRows, PlanRow } from './read-matters.ts';

/** What a row must hold by the log, and the facts that name it. */
interface Told {
  readonly columns: Record<string, unknown>;
  /** Values that are as good: what an earlier fact made of it and a later one takes back row by row. */
  readonly or: Record<string, readonly unknown[]>;
  /** Whether its being gone is told. */
  readonly stays: boolean;
}

type ToldOf = Map<string, Told>;
type Named<T extends FactType> = Fact & FactOf<T>;

/**
 * Compares the rows of promises, disputes, holds and plans of one invoice with its facts: lists and ladders read the rows, and
 * whoever writes one past Relance leaves two stories.
 *
 * `facts` are those of the log, 1, 2, 3; `entries` also hold its notes. What other rows of the house decide is not compared:
 * who answers a dispute, whether bank data are awaited, what had been paid before.
 */
export function verifyMatters(
  findings: Findings,
  subject: string,
  { facts, entries }: { readonly facts: readonly Fact[]; readonly entries: readonly LogEntry[] },
  rows: MatterRows,
): void {
  if (facts.length === 0) return;
  const compare = (kind: string, told: ToldOf, stored: readonly { readonly id: string }[]): void => {
    for (const [id, { stays }] of told)
      if (stays && !stored.some((row) => row.id === id))
        findings.add('folds', `${kind}/${id}`, `is gone, and facts of ${subject} name it`);
    for (const row of stored) {
      const expected = told.get(row.id);
      const what = expected ? differenceOf(expected, row) : 'is there, and no fact says so';
      if (what !== '') findings.add('folds', `${kind}/${row.id}`, `${what}: see ${subject}`);
    }
  };
  compare('promise', promisesOf(facts), rows.promises);
  compare('dispute', disputesOf(facts), rows.disputes);
  compare('hold', holdsOf(facts), rows.holds);
  for (const fact of facts)
    if (fact.type === 'planStarted' && !rows.plans.some(({ plan }) => plan.id === fact.planId))
      findings.add('folds', `plan/${fact.planId}`, `is gone, and facts of ${subject} name it`);
  for (const row of rows.plans) {
    const what = planDifference(facts, entries, row);
    if (what !== '') findings.add('folds', `plan/${row.plan.id}`, `${what}: see ${subject}`);
  }
}

/** `has state kept, its facts broken; amount_cents 5, its facts 3`, or nothing. */
function differenceOf({ columns, or }: Pick<Told, 'columns' | 'or'>, row: object): string {
  const stored = row as Readonly<Record<string, unknown>>;
  const wrong = Object.entries(columns).filter(
    ([column, value]) => stored[column] !== value && !or[column]?.includes(stored[column]),
  );
  const words = wrong.map(
    ([column, value]) => `${column} ${textOf(stored[column])}, its facts ${textOf(value)}`,
  );
  return words.length === 0 ? '' : `has ${words.join('; ')}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'empty';
}

function change(told: ToldOf, id: string, columns: Record<string, unknown>): void {
  const before = told.get(id);
  if (before) told.set(id, { ...before, columns: { ...before.columns, ...columns } });
}

/** Promises live as long as the file says, so that is folded again, where there are any. */
function promisesOf(facts: readonly Fact[]): ToldOf {
  const told: ToldOf = new Map();
  const [first] = facts;
  if (first?.type !== 'invoiceRegistered' || !facts.some(({ type }) => type === 'promiseMade')) return told;
  let file = openCollection(first);
  for (const fact of facts.slice(1)) {
    const before = file;
    file = apply(before, fact);
    if (fact.type === 'promiseMade') told.set(fact.promiseId, promiseOf(fact));
    if (fact.type === 'paymentReturned')
      for (const [id, one] of told) if (one.columns['state'] === 'kept') told.set(id, unkept(one, fact));
    const after = promiseAfter(before, file, fact);
    if (after) change(told, after.promiseId, { state: after.state, received_cents: after.receivedCents });
  }
  return told;
}

/** What was kept with that money was not kept; whether it was, rows of payments say. */
function unkept(told: Told, { amountCents }: Named<'paymentReturned'>): Told {
  const leftCents = Math.max(0, (told.columns['received_cents'] as number) - amountCents);
  const before = told.or['received_cents'] ?? [];
  return { ...told, or: { state: ['broken', 'partly_kept'], received_cents: [...before, leftCents] } };
}

function promiseOf(fact: Named<'promiseMade'>): Told {
  const columns = {
    amount_cents: fact.amountCents,
    promised_on: fact.promisedOn,
    made_at: fact.at,
    made_by: fact.by.id,
    grace_days: fact.graceDays ?? null,
    tolerance_cents: fact.toleranceCents ?? 0,
    exceeding: fact.exceeding ?? null,
    received_cents: 0,
    state: 'active',
  };
  return { columns, or: {}, stays: true };
}

function disputesOf(facts: readonly Fact[]): ToldOf {
  const told: ToldOf = new Map();
  for (const fact of facts)
    if (fact.type === 'disputeOpened') told.set(fact.disputeId, disputeOf(fact));
    else if (fact.type === 'disputeQualified')
      change(told, fact.disputeId, { reason: fact.reason, stage: 'answer' });
    else if (fact.type === 'disputeAnswered') change(told, fact.disputeId, { stage: 'decision' });
    else if (fact.type === 'disputeResolved')
      change(told, fact.disputeId, {
        state: 'resolved',
        outcome: fact.outcome,
        granted_cents: fact.grantedCents ?? null,
        resolved_at: fact.at,
        resolved_by: fact.by.id,
        stage: null,
      });
  return told;
}

function disputeOf(fact: Named<'disputeOpened'>): Told {
  const columns = {
    contested_cents: fact.contestedCents,
    reason: fact.reason,
    state: 'open',
    outcome: null,
    opened_at: fact.at,
    opened_on: fact.day,
    opened_by: fact.by.id,
    qualify_by: fact.qualifyBy ?? null,
    stage: fact.qualifyBy === undefined ? null : 'qualification',
    granted_cents: null,
    resolved_at: null,
    resolved_by: null,
  };
  return { columns, or: {}, stays: true };
}

function holdsOf(facts: readonly Fact[]): ToldOf {
  const told: ToldOf = new Map();
  for (const fact of facts)
    if (fact.type === 'holdPlaced')
      told.set(fact.holdId, {
        columns: {
          reason: fact.reason,
          until: fact.until,
          placed_at: fact.at,
          placed_by: fact.by.id,
          lifted_at: null,
        },
        or: {},
        stays: true,
      });
    else if (fact.type === 'holdLifted') change(told, fact.holdId, { lifted_at: fact.at });
    else if (fact.type === 'invoiceRegistered')
      for (const { holdId, reason, until } of fact.holds)
        told.set(holdId, { columns: { reason, until, lifted_at: null }, or: {}, stays: false });
  return told;
}

/** What a note says of a plan. */
interface PlanNote {
  readonly planId?: string;
  readonly instalments?: readonly { number: number; dueOn: string; amountCents: number }[];
}

function planDifference(
  facts: readonly Fact[],
  entries: readonly LogEntry[],
  { plan, part, instalments }: PlanRow,
): string {
  const notes = entries.flatMap(({ fact, type, body }) => {
    const said = fact === null && type.startsWith('plan') ? (JSON.parse(body) as PlanNote) : {};
    return said.planId === plan.id ? [{ type, said }] : [];
  });
  const about = facts.filter((fact) => 'planId' in fact && fact.planId === plan.id);
  const started = about.find((fact) => fact.type === 'planStarted');
  const ended = about.find((fact) => fact.type === 'planEnded');
  const isWithdrawn = notes.some(({ type }) => type === 'planWithdrawn');
  if (!started && notes.length === 0) return 'is there, and nothing says that it was proposed';
  const state = ended?.outcome ?? (started ? 'running' : isWithdrawn ? 'withdrawn' : 'proposed');
  const sumCents = instalments.reduce((sum, one) => sum + one.amount_cents, 0);
  const missed = new Set(about.flatMap((fact) => (fact.type === 'instalmentMissed' ? fact.number : [])));
  const columns = {
    state,
    amount_cents: sumCents,
    ...(started && {
      part: started.amountCents,
      started_at: started.at,
      count: started.instalments,
      ends_on: started.endsOn,
      missed: [...missed].sort((a, b) => a - b).join(),
      ...(started.writtenOn === undefined ? {} : { accepted_on: started.writtenOn }),
    }),
    ...proposedAs(notes.find(({ said }) => said.instalments)?.said),
  };
  const stored = {
    ...plan,
    part: part.amount_cents,
    count: instalments.length,
    ends_on: instalments.at(-1)?.due_on,
    missed: instalments
      .filter((one) => one.missed_on !== null)
      .map((one) => one.number)
      .join(),
    due: instalments.map((one) => `${one.amount_cents} on ${one.due_on}`).join(', '),
  };
  // Money that settled another of its invoices may have gone back.
  const unkept = state === 'finished' && plan.reason === 'money_came_back' ? ['broken'] : [];
  return differenceOf({ columns, or: { state: unkept } }, stored);
}

function proposedAs(said: PlanNote | undefined): { due?: string } {
  if (!said?.instalments) return {};
  return { due: said.instalments.map((one) => `${one.amountCents} on ${one.dueOn}`).join(', ') };
}
