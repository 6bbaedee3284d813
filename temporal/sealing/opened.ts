import type { Payload, PayloadCodec } from '@temporalio/common';

/** Payloads as they stand in a history that was fetched raw, opened as the SDK would; the last codec sealed last. */
export async function opened(
  codecs: readonly PayloadCodec[],
  payloads: readonly Payload[],
): Promise<readonly Payload[]> {
  let found = [...payloads];
  for (const codec of codecs.toReversed()) found = await codec.decode(found);
  return found;
}
