import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { opened } from './opened.ts';
import { isSealed } from './sealed-payloads.ts';

const { History: HistoryMessage } = proto.temporal.api.history.v1;

export type History = proto.temporal.api.history.v1.IHistory;

/**
 * A copy of a history in which everything that was sealed is open: inputs, results, signals, markers, summaries, errors.
 *
 * So it can be kept, read and replayed without the keys that sealed it. What was in clear stays as it is. Throws
 * `PayloadNotOpened` when a key is missing or something was changed.
 */
export async function openedHistory(history: History, codecs: readonly PayloadCodec[]): Promise<History> {
  const copy = HistoryMessage.decode(HistoryMessage.encode(history).finish());
  await openWithin(copy as unknown as Part, codecs);
  return copy;
}

type Part = Record<string, unknown>;

/** Opens the payloads of a message in their places, however deep: a history has them in some sixty fields. */
async function openWithin(part: Part, codecs: readonly PayloadCodec[]): Promise<void> {
  for (const [name, value] of Object.entries(part)) {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) continue;
    if (!isPayload(value)) await openWithin(value as Part, codecs);
    else if (isSealed(value)) [part[name]] = await opened(codecs, [value]);
  }
}

/** No other message of a history has both members. */
function isPayload(value: object): value is Payload {
  return 'metadata' in value && 'data' in value;
}
