import { sql } from 'kysely';
import { levels } from '../../domain/level.ts';
import type { Level } from '../../domain/level.ts';
import type { Instant } from '../../domain/time.ts';
import type { Db } from '../database.ts';
import { grouped } from '../grouped.ts';
import { inPages } from '../in-pages.ts';
import type { Findings } from '../invariants.ts';
import type { Rules } from '../rules.ts';

const messagesAtOnce = 200;

/** A message as its row says that it left. */
interface Left {
  readonly id: string;
  readonly purpose: 'contact' | 'word';
  readonly state: string;
  readonly level: Level | null;
  readonly claimed_at: Instant;
  readonly hasSalt: boolean;
}

/** An entry of an invoice of that message which names it, or which asks for a step. */
interface Telling {
  readonly message_id: string;
  readonly subject: string;
  readonly type: string;
  readonly at: Instant;
  readonly named: string | null;
  readonly proof: string | null;
  readonly step: string | null;
  readonly occurrence: number | null;
  readonly scenario: string;
}

/**
 * Looks whether everything that left is told by the journal, the other way round than `verifyNamed`: a message that
 * somebody put in by hand, or dated otherwise, is one of which no entry speaks, or speaks otherwise.
 *
 * `slackMs`: how far clocks may differ, in business time.
 */
export async function verifyLeft(db: Db, rules: Rules, findings: Findings, slackMs: number): Promise<void> {
  const since = await firstProofAt(db);
  const read = (after: string | null) => messagesAfter(db, after);
  for await (const messages of inPages(messagesAtOnce, read, ({ id }) => id)) {
    const tellings = grouped(await tellingsOf(db, messages), (one) => one.message_id);
    for (const message of messages)
      for (const what of await wrongWith(message, tellings.get(message.id) ?? [], {
        levelOf: async (scenario, step) =>
          (await rules.scenario(db, scenario)).steps.find(({ key }) => key === step)?.level,
        since,
        slackMs,
      }))
        findings.add('I23', `message/${message.id}`, what);
  }
}

/** Messages of before there were proofs have none. */
async function firstProofAt(db: Db): Promise<Instant> {
  const { rows } = await sql<{ at: Instant | null }>`
    select min(at) as at from journal where type = any(${[...leaving]}) and body like '%"messageProof"%'`.execute(
    db,
  );
  return rows[0]?.at ?? Infinity;
}

/** Entries that say that a message left. */
const leaving: ReadonlySet<string> = new Set([
  'stepSent',
  'stepUnconfirmed',
  'stepHanded',
  'stepDelivered',
  'wordSent',
  'wordUnconfirmed',
  'wordHanded',
]);

/** By which entries a message came to a state. */
const arrivals: Readonly<Record<string, readonly string[]>> = {
  delivered: ['stepDelivered', 'deliveryReported', 'letterReported'],
  bounced: ['stepFailed', 'deliveryReported'],
  complained: ['stepFailed', 'deliveryReported'],
};

async function messagesAfter(db: Db, after: string | null): Promise<readonly Left[]> {
  const { rows } = await sql<Left>`
    select id, purpose, state, level, claimed_at, salt is not null as "hasSalt" from message
    where claimed_at is not null and purpose in ('contact', 'word') and state in ('accepted', 'delivered', 'bounced', 'complained')
      and (${after}::uuid is null or id > ${after}::uuid)
    order by id limit ${messagesAtOnce}`.execute(db);
  return rows;
}

async function tellingsOf(db: Db, messages: readonly Left[]): Promise<readonly Telling[]> {
  const types = [...leaving, 'stepRequested', 'stepFailed', 'deliveryReported', 'letterReported'];
  const { rows } = await sql<Telling>`
    select line.message_id, journal.subject, journal.type, journal.at, body::jsonb ->> 'messageId' as named, body::jsonb ->> 'messageProof' as proof,
      body::jsonb ->> 'step' as step, (body::jsonb ->> 'occurrence')::int as occurrence, invoice.collection -> 'scenario' ->> 'id' as scenario
    from message_line line join invoice on invoice.id = line.invoice_id
      join journal on journal.subject = 'invoice/' || line.invoice_id and journal.type = any(${types})
    where line.message_id = any(${messages.map(({ id }) => id)}::uuid[])
      and (journal.type = 'stepRequested' or body::jsonb ->> 'messageId' = line.message_id::text)
    order by journal.subject, journal.seq`.execute(db);
  return rows;
}

interface Around {
  readonly levelOf: (scenario: string, step: string) => Promise<Level | undefined>;
  readonly since: Instant;
  readonly slackMs: number;
}

/** What the row says and the journal does not, in words. */
async function wrongWith(
  message: Left,
  tellings: readonly Telling[],
  { levelOf, since, slackMs }: Around,
): Promise<readonly string[]> {
  const naming = tellings.filter(({ named, type }) => named === message.id && leaving.has(type));
  const [first] = naming;
  if (!first) return ['is said to have left, and no entry of the journal says so'];
  if (
    !naming.some(({ proof }) => proof !== null) &&
    (message.hasSalt || message.claimed_at > since + slackMs)
  )
    return ['has left without a proof in the journal, though those of its time have one'];

  const wrong: string[] = [];
  const firstAt = Math.min(...naming.map(({ at }) => at));
  const asked = tellings.filter(
    ({ type, subject, step, occurrence, at }) =>
      type === 'stepRequested' &&
      at <= firstAt &&
      naming.some((one) => one.subject === subject && one.step === step && one.occurrence === occurrence),
  );
  const askedAt = asked.length === 0 ? -Infinity : Math.min(...asked.map(({ at }) => at));
  if (message.claimed_at > firstAt + slackMs || message.claimed_at < askedAt - slackMs)
    wrong.push(
      `is dated ${dayOf(message.claimed_at)}, and the journal has it asked for on ${dayOf(askedAt)} and gone by ${dayOf(firstAt)}`,
    );
  const by = arrivals[message.state];
  if (
    message.purpose === 'contact' &&
    by &&
    !tellings.some((one) => one.named === message.id && by.includes(one.type))
  )
    wrong.push(`is said to be ${message.state}, and no entry of the journal says so`);
  const reached = await Promise.all(
    naming.flatMap(({ scenario, step }) => (step === null ? [] : levelOf(scenario, step))),
  );
  if (message.level !== null && reached.length > 0 && !reached.includes(message.level))
    wrong.push(
      `is said to be of level ${message.level}, and its steps are of ${levels.filter((level) => reached.includes(level)).join(' and ')}`,
    );
  return wrong;
}

function dayOf(at: Instant): string {
  return Number.isFinite(at) ? new Date(at).toISOString().slice(0, 16) : 'some day';
}
