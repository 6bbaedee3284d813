import type { House } from '../../db/house.ts';
import { dayAt } from '../../domain/calendar.ts';
import type { Calendar } from '../../domain/calendar.ts';
import type { Level } from '../../domain/level.ts';
import type { Channel } from '../../domain/message.ts';
import type { CivilDate, Instant } from '../../domain/time.ts';

/**
 * What a debtor finds in his post, as the house has written it down.
 *
 * A call is a letter too: the day is that on which it was asked of a person. Messages that never left are not in it.
 */
export interface Letter {
  readonly id: string;
  readonly day: CivilDate;
  readonly at: Instant;
  readonly level: Level;
  readonly channel: Channel;
  /** The steps that it takes, each once. */
  readonly steps: readonly string[];
  /** Whether a person wrote it about a dispute; such a word takes no step. */
  readonly isWord: boolean;
  /** The invoices whose step it is. */
  readonly invoices: readonly string[];
  /** The other invoices that it lists. */
  readonly alsoLists: readonly string[];
  /** What it asks for, in the currency, by currency. */
  readonly asked: Readonly<Record<string, number>>;
  readonly creditor: string;
  readonly recipient: string;
  readonly words: string;
}

/** What left for a debtor, oldest first. */
export async function lettersOf(
  { db }: House,
  calendar: Calendar,
  debtorId: string,
): Promise<readonly Letter[]> {
  const messages = await db
    .selectFrom('message')
    .innerJoin('creditor', 'creditor.id', 'message.creditor_id')
    .select([
      'message.id',
      'message.claimed_at',
      'message.purpose',
      'message.level',
      'message.channel',
      'message.recipient',
      'message.body_text',
      'message.subject',
      'creditor.key',
    ])
    .where('message.debtor_id', '=', debtorId)
    .where('message.purpose', 'in', ['contact', 'word'])
    .where('message.state', 'in', ['accepted', 'delivered', 'unknown', 'bounced', 'complained'])
    .orderBy('message.claimed_at')
    .orderBy('message.id')
    .execute();
  const lines = await db
    .selectFrom('message_line')
    .innerJoin('invoice', 'invoice.id', 'message_line.invoice_id')
    .leftJoin('contact_request', 'contact_request.id', 'message_line.request_id')
    .select([
      'message_line.message_id',
      'message_line.asked_cents',
      'invoice.number',
      'invoice.currency',
      'contact_request.step',
    ])
    .where('invoice.debtor_id', '=', debtorId)
    .orderBy('invoice.number')
    .execute();

  return messages.map((message): Letter => {
    const own = lines.filter((row) => row.message_id === message.id);
    const taking = own.filter((row) => row.step !== null);
    const asked: Record<string, number> = {};
    for (const { currency, asked_cents: cents } of taking)
      asked[currency] = (asked[currency] ?? 0) + cents / 100;
    return {
      id: message.id,
      day: dayAt(calendar, message.claimed_at ?? 0),
      at: message.claimed_at ?? 0,
      level: message.level ?? 'reminder',
      channel: message.channel,
      steps: [...new Set(taking.flatMap((row) => row.step ?? []))],
      isWord: message.purpose === 'word',
      invoices: taking.map((row) => row.number),
      alsoLists: own.filter((row) => row.step === null).map((row) => row.number),
      asked,
      creditor: message.key,
      recipient: message.recipient,
      words: `${message.subject ?? ''}\n${message.body_text ?? ''}`,
    };
  });
}

/** A letter in one line: `2026-03-19 email reminder F-1 1200.00 EUR`. */
export function line({ day, channel, steps, invoices, asked, isWord, alsoLists }: Letter): string {
  if (isWord) return [day, channel, 'word', alsoLists.join('+')].join(' ');
  const money = Object.entries(asked).map(([currency, amount]) => `${amount.toFixed(2)} ${currency}`);
  return [day, channel, steps.join('+'), invoices.join('+'), money.join(' + ')].join(' ');
}

/** Mails to our own people, a line each: `2026-05-07 Chloé internal_draft_waiting`. */
export async function mailsToUs({ db }: House, calendar: Calendar): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('message')
    .innerJoin('app_user', 'app_user.id', 'message.user_id')
    .select(['message.claimed_at', 'message.template', 'app_user.name'])
    .where('purpose', '=', 'internal')
    .where('state', '=', 'delivered')
    .orderBy('message.claimed_at')
    .orderBy('message.id')
    .execute();
  return rows.map((row) => `${dayAt(calendar, row.claimed_at ?? 0)} ${row.name} ${row.template}`);
}
