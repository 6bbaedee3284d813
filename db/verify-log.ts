import { isDeepStrictEqual } from 'node:util';
import type { Selectable } from 'kysely';
import { apply, openCollection } from '../domain/apply.ts';
import { askedCentsOf, isClosed, isWhollyDisputed, recordOf } from '../domain/collection.ts';
import type { Collection } from '../domain/collection.ts';
import { decide } from '../domain/decide.ts';
import type { Decision } from '../domain/decision.ts';
import type { Fact, FactOf } from '../domain/fact.ts';
import { silencedByJudgmentOn } from '../domain/insolvency/claim-side.ts';
import { levelReached } from '../domain/schedule.ts';
import type { Instant } from '../domain/time.ts';
import type { Db } from './database.ts';
import { grouped } from './grouped.ts';
import type { Findings } from './invariants.ts';
import { factFrom, storedFrom } from './journal.ts';
import type { Rules } from './rules.ts';
import type { InvoiceTable, JournalTable, MessageLineTable } from './schema.ts';

export type LogEntry = Selectable<JournalTable>;
export type StoredInvoice = Pick<
  Selectable<InvoiceTable>,
  | 'id'
  | 'state'
  | 'level'
  | 'wake_at'
  | 'open'
  | 'fact'
  | 'collection'
  | 'journal_seq'
  | 'journal_hash'
  | 'number'
  | 'term'
  | 'creditor_id'
  | 'currency'
  | 'amount_cents'
  | 'due_date'
  | 'issue_date'
  | 'performed_on'
  | 'known_at'
>;
export type ClaimedLine = Pick<
  Selectable<MessageLineTable>,
  'message_id' | 'invoice_id' | 'request_id' | 'fact' | 'balance_cents' | 'asked_cents'
>;

export interface LogCheck {
  readonly db: Db;
  readonly rules: Rules;
  readonly findings: Findings;
  /** Business time. */
  readonly now: Instant;
}

/** A file that nothing wakes for so often is followed no further; no life has as many moments without a fact. */
const momentsMax = 50;

/**
 * Lives the log of one invoice again and compares: with the stored file, with its columns, and with what was said.
 *
 * The fold is made by the same `apply` and `decide` that made the stored file; what differs was written past them. Answers
 * its facts, as far as they number 1, 2, 3.
 */
export async function verifyLog(
  check: LogCheck,
  invoice: StoredInvoice,
  entries: readonly LogEntry[],
  lines: readonly ClaimedLine[],
): Promise<readonly Fact[]> {
  const { findings } = check;
  const subject = `invoice/${invoice.id}`;
  const facts = await factsOf(check, subject, entries);
  const first = facts[0];
  if (first?.type !== 'invoiceRegistered') {
    findings.add('folds', subject, 'has no log that begins with its registration');
    return [];
  }

  const linesAt = grouped(lines, (line) => line.fact);
  let file = openCollection(first);
  for (const fact of facts) {
    if (fact !== first) {
      verifyStep(findings, subject, file, fact);
      file = apply(file, fact);
    }
    for (const line of linesAt.get(fact.n) ?? []) verifyLine(findings, line, file);
  }
  for (const line of lines)
    if (line.fact > file.fact)
      findings.add(
        'I03',
        `message/${line.message_id}`,
        `speaks of fact ${line.fact} of ${subject}, which ends at ${file.fact}`,
      );

  if (!isDeepStrictEqual(JSON.parse(storedFrom(file)), invoice.collection))
    findings.add(
      'folds',
      subject,
      `its stored file is not the fold of its ${facts.length} facts: ${differenceOf(JSON.parse(storedFrom(file)) as object, invoice.collection)}`,
    );
  if (invoice.fact !== file.fact)
    findings.add('folds', subject, `its row stands at fact ${invoice.fact}, its log at ${file.fact}`);
  verifyFace(findings, subject, invoice, file, first);
  verifyColumns(check, subject, invoice, file, entries.at(-1)?.at ?? check.now);
  return facts;
}

/** The facts as far as they number 1, 2, 3 and say so themselves. */
async function factsOf(
  { db, rules, findings }: LogCheck,
  subject: string,
  entries: readonly LogEntry[],
): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const entry of entries) {
    if (entry.fact === null) continue;
    const fact = await factFrom(db, rules, entry.body);
    if (
      entry.fact !== facts.length + 1 ||
      fact.n !== entry.fact ||
      fact.type !== entry.type ||
      fact.at !== entry.at
    ) {
      findings.add(
        'folds',
        subject,
        `entry ${entry.seq} should be fact ${facts.length + 1}; it is ${entry.type} ${entry.fact}, and says ${fact.type} ${fact.n}`,
      );
      break;
    }
    facts.push(fact);
  }
  return facts;
}

/** What the scenario allows, asked before the fact is applied. */
function verifyStep(findings: Findings, subject: string, before: Collection, fact: Fact): void {
  if (fact.type === 'stepSkipped' && fact.reason.trim() === '')
    findings.add('I15', subject, `fact ${fact.n} skips ${fact.step} without a reason`);
  if (fact.type === 'stepRequested') verifyRequest(findings, subject, before, fact, fact.n);
  if (fact.type !== 'stepDelivered' && fact.type !== 'stepSent' && fact.type !== 'stepHanded') return;
  const record = recordOf(before, fact.step);
  if (record?.occurrence === fact.occurrence && record.state === 'taken' && fact.type !== 'stepDelivered')
    findings.add('I15', subject, `fact ${fact.n} takes ${fact.step} a second time`);
}

function verifyRequest(
  findings: Findings,
  subject: string,
  before: Collection,
  { step, occurrence }: FactOf<'stepRequested'>,
  n: number,
): void {
  const steps = before.scenario.steps.map(({ key }) => key);
  const record = recordOf(before, step);
  if (!steps.includes(step))
    return void findings.add(
      'I15',
      subject,
      `fact ${n} asks for ${step}, which ${before.scenario.id} does not have`,
    );
  if (steps.indexOf(step) < before.place)
    findings.add('I15', subject, `fact ${n} asks for ${step} after ${steps[before.place] ?? ''}`);
  if (record && ['taken', 'skipped', 'sent', 'handed', 'posted', 'unconfirmed'].includes(record.state))
    findings.add('I15', subject, `fact ${n} asks for ${step} again, which is ${record.state}`);

  const failures = (record?.occurrence ?? 0) + (record?.state === 'failed' ? 1 : 0);
  if (occurrence !== Math.max(1, failures))
    findings.add('I01', subject, `fact ${n} is asking ${occurrence} of ${step} without a failure before it`);
}

/** What a message said of an invoice, against the file as it was at the claim. */
function verifyLine(findings: Findings, line: ClaimedLine, file: Collection): void {
  const subject = `message/${line.message_id}`;
  const about = `invoice ${file.invoiceId} at fact ${file.fact}`;
  if (isClosed(file))
    findings.add('I03', subject, `speaks of ${about}, which was over: ${file.end?.kind ?? 'paid'}`);
  const judgmentOn = silencedByJudgmentOn(file);
  if (judgmentOn !== null)
    findings.add('I03', subject, `speaks of ${about}, whose debtor was insolvent since ${judgmentOn}`);
  // A wholly disputed invoice may be listed with the others, where nothing is asked for it; it takes no step.
  if (isWhollyDisputed(file) && (line.request_id !== null || line.asked_cents > 0))
    findings.add('I03', subject, `asks for ${about}, all of which was disputed`);
  if (line.balance_cents !== file.balanceCents || line.asked_cents !== askedCentsOf(file))
    findings.add(
      'I03',
      subject,
      `states ${line.balance_cents} and ${line.asked_cents} cents for ${about}, which says ${file.balanceCents} and ${askedCentsOf(file)}`,
    );
}

/** What the row says of the paper itself: people see it there, and its log has it too. */
function verifyFace(
  findings: Findings,
  subject: string,
  row: StoredInvoice,
  file: Collection,
  { at, number, term }: Pick<Fact & FactOf<'invoiceRegistered'>, 'at' | 'number' | 'term'>,
): void {
  const said = {
    creditor_id: file.creditorId,
    currency: file.currency,
    amount_cents: file.amountCents,
    due_date: file.dueDate,
    issue_date: file.issueDate,
    performed_on: file.performedOn ?? null,
    known_at: at,
    ...(number === undefined ? {} : { number }),
    ...(term === undefined ? {} : { term }),
  };
  for (const column of Object.keys(said) as (keyof typeof said)[])
    if (row[column] !== said[column])
      findings.add(
        'folds',
        subject,
        `its row has ${column} ${row[column] ?? 'empty'}, its log ${said[column] ?? 'empty'}`,
      );
}

/**
 * The columns were written with the last entry, or later when a moment came that changed the answer without a fact:
 * they must be what `decide` says at one of those moments.
 */
function verifyColumns(
  { findings, now }: LogCheck,
  subject: string,
  row: StoredInvoice,
  file: Collection,
  writtenAt: Instant,
): void {
  const moments: Instant[] = [writtenAt];
  for (let at = writtenAt; !hasPlace(row, decide(file, at), at); moments.push(at)) {
    const next = nextMoment(decide(file, at), at);
    if (next === null || next > now || moments.length === momentsMax) {
      const first = decide(file, writtenAt);
      findings.add(
        'folds',
        subject,
        `its row says ${row.state} until ${textOf(row.wake_at)}, its file ${first.state} until ${first.kind === 'wait' ? textOf(first.until) : first.kind}`,
      );
      return;
    }
    at = next;
  }
  const levels = [...moments, now].map((at) => levelReached(file, at));
  if (!levels.includes(row.level))
    findings.add(
      'folds',
      subject,
      `its row has reached ${row.level ?? 'no level'}, its file ${levels.map((level) => level ?? 'no level').join(' or ')}`,
    );
}

function nextMoment(decision: Decision, after: Instant): Instant | null {
  return decision.kind === 'wait' && decision.until !== null && decision.until > after
    ? decision.until
    : null;
}

function hasPlace(row: StoredInvoice, decision: Decision, at: Instant): boolean {
  if (row.state !== decision.state || row.open !== (decision.kind !== 'close')) return false;
  if (decision.kind === 'act') return row.wake_at !== null && row.wake_at >= at;
  return row.wake_at === (decision.kind === 'wait' ? decision.until : null);
}

function textOf(at: Instant | null): string {
  return at === null ? 'somebody acts' : new Date(at).toISOString();
}

/** The names of the fields in which two files differ. */
function differenceOf(one: object, other: object): string {
  const [a, b] = [one as Record<string, unknown>, other as Record<string, unknown>];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((key) => !isDeepStrictEqual(a[key], b[key]))
    .join(', ');
}
