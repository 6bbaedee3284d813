import type { ProviderEventKind } from '../../db/schema.ts';

/**
 * What the statuses of Twilio mean, with their error codes: the same for what it reports and what it answers when asked.
 *
 * `bounced` says that the number is no good, `undelivered` and `failed` that this message did not arrive. A status that we
 * have no word for keeps Twilio's.
 */
export function kindFromTwilio(status: string, errorCode: string | null): string {
  if (status === 'undelivered' || status === 'failed') {
    if (errorCode === optedOutCode) return 'opted_out';
    return badNumberCodes.has(errorCode ?? '') ? 'bounced' : status;
  }
  return kinds.get(status) ?? status;
}

/** How an event is named: Twilio reports each status of a message once, and may repeat that. */
export function twilioEventId(sid: string, status: string): string {
  return `${sid}/${status}`;
}

const kinds: ReadonlyMap<string, ProviderEventKind> = new Map([
  ['accepted', 'accepted'],
  ['scheduled', 'accepted'],
  ['queued', 'accepted'],
  ['sending', 'accepted'],
  ['sent', 'accepted'],
  ['delivered', 'delivered'],
  ['read', 'opened'],
  ['canceled', 'failed'],
]);

/** The recipient has answered STOP before. */
const optedOutCode = '21610';
/** No number, no mobile, unknown at its network, a landline. */
const badNumberCodes: ReadonlySet<string> = new Set(['21211', '21214', '21217', '21614', '30005', '30006']);
