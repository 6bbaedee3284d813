import { sql } from 'kysely';
import { dayAt } from '../../../domain/calendar.ts';
import { isClosed } from '../../../domain/collection.ts';
import type { Collection } from '../../../domain/collection.ts';
import { nextAllowed } from '../../../domain/door-caps.ts';
import type { Level } from '../../../domain/level.ts';
import type { Channel } from '../../../domain/message.ts';
import { mayBeListed, silence } from '../../../domain/silence.ts';
import type { Instant } from '../../../domain/time.ts';
import { capsAt } from './caps-then.ts';
import { momentsBefore } from './lives.ts';
import { byJudging } from './question.ts';
import type { AfterFound, Candidate, Found, Period } from './question.ts';

/** One invoice of a message to a debtor that left or may have left. */
interface Line extends Candidate {
  readonly messageId: string;
  readonly invoiceId: string;
  readonly debtorId: string;
  readonly channel: Exclude<Channel, 'internal'>;
  readonly level: Level | null;
  readonly takesStep: boolean;
  /** The entry of the last fact that the message knew. */
  readonly seq: number;
  /** Where the invoice says that it left. */
  readonly saidSeq: number | null;
  /** What was owed by value date on the day of the message, by all that is known today. */
  readonly owedCents: number;
  readonly balanceCents: number;
  readonly past: readonly { readonly at: string; readonly level: Level }[];
}

/**
 * Which contacts went against what was known: paid, disputed, promised, held, insolvent; or outside the hours and caps of that
 * moment. And which turned out needless: the money had come by its value date, and nobody knew yet.
 *
 * Messages that came to a debtor with a later merge were those of another then, and do not count for his caps.
 */
export const contactOutOfTurn = byJudging('contact-out-of-turn', lines, async (house, candidates) => {
  const moments = await momentsBefore(
    house,
    candidates.map(({ key, invoiceId, seq }) => ({ key, subject: `invoice/${invoiceId}`, seq: seq + 1 })),
  );
  const found: Found[] = [];
  for (const line of candidates) {
    const file = moments.get(line.key)?.before;
    if (!file) continue;
    const why = againstTheFile(file, line) ?? (await againstTheHours(house.db, file, line)) ?? needless(line);
    if (why === null) continue;
    const entries = [line.seq, ...(line.saidSeq === null ? [] : [line.saidSeq])];
    found.push({
      at: line.at,
      key: line.key,
      invoiceId: line.invoiceId,
      by: { kind: 'relance', id: 'relance' },
      why,
      more: {
        messageId: line.messageId,
        channel: line.channel,
        level: line.level,
        askedAs: line.takesStep ? 'step' : 'listed',
        balanceCents: line.balanceCents,
        currency: file.currency,
      },
      entries: entries.map((seq) => [`invoice/${line.invoiceId}`, seq] as const),
    });
  }
  return found;
});

async function lines(
  db: Parameters<typeof capsAt>[0],
  { from, to }: Period,
  after: AfterFound | null,
  count: number,
): Promise<readonly Line[]> {
  const { rows } = await sql<Line>`
    select * from (
      select message.claimed_at as at, message.id || '/' || line.invoice_id as key, message.id as "messageId",
        line.invoice_id as "invoiceId", message.debtor_id as "debtorId", message.channel, message.level,
        line.request_id is not null as "takesStep", line.balance_cents as "balanceCents",
        (select seq from journal where subject = 'invoice/' || line.invoice_id and fact = line.fact) as seq,
        (select min(seq) from journal where subject = 'invoice/' || line.invoice_id and type like 'step%'
          and body::jsonb ->> 'messageId' = message.id::text) as "saidSeq",
        (select coalesce(sum(amount_cents), 0)::bigint from ledger_entry where invoice_id = line.invoice_id
          and day <= (message.claimed_at at time zone 'Europe/Paris')::date) as "owedCents",
        (select coalesce(json_agg(json_build_object('at', other.claimed_at, 'level', coalesce(other.level, 'reminder'))), '[]')
          from message other where other.debtor_id = message.debtor_id and other.id <> message.id
            and (other.purpose = 'contact' and other.level is not null or other.purpose = 'word')
            and other.state in ('claimed', 'accepted', 'unknown', 'delivered', 'bounced', 'complained')
            and not exists (select from merge_row came join merge on merge.id = came.merge_id
              where came.place = 'message' and came.row_id in (other.id::text, message.id::text) and merge.merged_at > message.claimed_at
                and merge.undone_at is null group by merge.id having count(*) = 1)
            and other.claimed_at < message.claimed_at and other.claimed_at > message.claimed_at - interval '40 days') as past
      from message_line line join message on message.id = line.message_id
      where message.purpose = 'contact' and message.channel <> 'internal' and message.claimed_at >= ${new Date(from)}
        and message.claimed_at < ${new Date(to)}
        and message.state in ('claimed', 'accepted', 'unknown', 'delivered', 'bounced', 'complained')) line
    where line.seq is not null ${after === null ? sql`` : sql`and (at, key) > (${new Date(after[0])}, ${after[1]})`}
    order by at, key limit ${count}`.execute(db);
  return rows;
}

/** What the file said against it then: the very question that the door asks before a message leaves. */
function againstTheFile(file: Collection, { at, takesStep }: Line): string | null {
  if (isClosed(file)) return file.end?.kind ?? 'paid';
  if (!takesStep) return mayBeListed(file, at) ? null : 'listed_while_silent';
  return silence(file, at)?.reasons[0]?.code ?? null;
}

async function againstTheHours(
  db: Parameters<typeof capsAt>[0],
  { calendar, scenario }: Collection,
  { at, debtorId, channel, level, past, takesStep }: Line,
): Promise<string | null> {
  if (!takesStep || level === null) return null;
  const view = { now: at, debtorId, calendar, past: [] };
  const leaving = { channel, level, window: scenario.window };
  const free = { perDay: 1_000, perWeek: 1_000, gapDaysMin: 0 };
  if (nextAllowed({ ...view, caps: free }, leaving, undefined).at > at) return 'outside_hours';
  const caps = await capsAt(db, at);
  const earlier = past.map((one): { at: Instant; level: Level } => ({
    at: Date.parse(one.at),
    level: one.level,
  }));
  const within = earlier.filter((one) => dayAt(calendar, one.at) <= dayAt(calendar, at));
  return nextAllowed({ ...view, past: within, caps }, leaving, undefined).at > at ? 'beyond_caps' : null;
}

/** Nobody could know: the payment was entered later, for that day or one before. */
function needless({ owedCents, balanceCents }: Line): string | null {
  return owedCents <= 0 && balanceCents > 0 ? 'paid_by_value_date' : null;
}
