import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { opened } from './sealing/opened.ts';

/** Which facts of an invoice a run knows of. */
export interface HeardFacts {
  /** The number of the last fact in the file that the run started with. */
  readonly start: number;
  /** Those that came by signal or as the answer of an activity; a history keeps the answer of a local one as a marker. */
  readonly heard: ReadonlySet<number>;
}

/** Reads from its history what the latest run of a workflow started with and what it was told since. */
export async function factsInHistory(client: Client, workflowId: string): Promise<HeardFacts> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const { payloadConverter, payloadCodecs } = client.options.loadedDataConverter;
  const read = async (payloads: Payload[] | null | undefined): Promise<unknown[]> =>
    (await opened(payloadCodecs, payloads ?? [])).map((payload) => payloadConverter.fromPayload(payload));

  let start = 0;
  const heard = new Set<number>();
  for (const event of events ?? []) {
    const [life] = (await read(event.workflowExecutionStartedEventAttributes?.input?.payloads)) as [
      { collection: { fact: number } }?,
    ];
    if (life) start = life.collection.fact;
    const told = [
      ...(await read(event.workflowExecutionSignaledEventAttributes?.input?.payloads)),
      ...(await read(event.activityTaskCompletedEventAttributes?.result?.payloads)).flat(),
      ...(await read(event.markerRecordedEventAttributes?.details?.['result']?.payloads)).flat(),
    ];
    for (const word of told) if (isNumbered(word)) heard.add(word.n);
  }
  return { start, heard };
}

function isNumbered(word: unknown): word is { readonly n: number } {
  return typeof word === 'object' && word !== null && 'n' in word && typeof word.n === 'number';
}
