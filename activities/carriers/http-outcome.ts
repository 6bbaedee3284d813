import type { CarrierOutcome } from './carrier.ts';
import type { HttpAnswer } from './http-call.ts';
import { retryAfterMs } from './retry-after.ts';

type Answered = Extract<HttpAnswer, { kind: 'answered' }>;

/** What only the provider's own words tell. */
export interface ProviderWords {
  /** The provider's id of what it took over; null when the answer has none, and then it is no answer of the provider. */
  acceptedAs(answer: Answered): string | null;
  /** Why a message was turned away, as a short code. */
  refusal(answer: Answered): { readonly reason: string; readonly addressInvalid: boolean };
  /** Whether a 403 turns the account away, whatever the message. */
  forbidsAccount(answer: Answered): boolean;
}

/** How long to leave a provider alone that could not be reached. */
const unreachableMs = 60_000;

/**
 * How long to leave an account alone that its provider turns away: until a person has mended its key or its sender.
 * The message is not at fault: taken as a refusal of it, a revoked key would send every debtor on to his next channel.
 */
export const turnedAwayMs = 600_000;

/** These statuses say nothing about what became of the request, or leave it to a later moment. */
const undecided = new Set([408, 409, 425]);

/**
 * Translates the answer of an HTTP provider into the outcome of one call.
 *
 * Only three things are certain: an acceptance with the provider's id, a refusal by a 4xx, and that nothing left
 * because there was no connection, the provider was too busy (429) or it turns the account itself away (401, 403). A time-out, a broken connection, a 5xx and an
 * answer that is not understood leave it unknown: both sending again and giving up would be a guess.
 */
export function outcomeOfHttp(answer: HttpAnswer, words: ProviderWords): CarrierOutcome {
  if (answer.kind === 'not_connected')
    return { kind: 'not_sent', reason: answer.reason, retryAfterMs: unreachableMs };
  if (answer.kind === 'no_answer') return { kind: 'unknown', reason: answer.reason };

  const { status, headers } = answer;
  const reason = `status_${status}`;
  if (status === 429) return { kind: 'not_sent', reason, retryAfterMs: retryAfterMs(headers), busy: true };
  if (status >= 200 && status < 300) {
    const ref = words.acceptedAs(answer);
    return ref === null ? { kind: 'unknown', reason: 'answer_not_understood' } : { kind: 'accepted', ref };
  }
  if (status === 401 || (status === 403 && words.forbidsAccount(answer)))
    return { kind: 'not_sent', reason: 'account_turned_away', retryAfterMs: turnedAwayMs, busy: true };
  if (status >= 400 && status < 500 && !undecided.has(status))
    return { kind: 'refused', ...words.refusal(answer) };
  return { kind: 'unknown', reason };
}

/** The body as an object; an empty one when it is none. */
export function jsonOf(answer: Pick<Answered, 'body'>): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(answer.body) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
