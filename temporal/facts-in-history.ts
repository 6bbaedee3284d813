import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';

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
  const { payloadConverter } = client.options.loadedDataConverter;
  const read = (payloads: Payload[] | null | undefined): unknown[] =>
    (payloads ?? []).map((payload) => payloadConverter.fromPayload(payload));

  let start = 0;
  const heard = new Set<number>();
  for (const event of events ?? []) {
    const [life] = read(event.workflowExecutionStartedEventAttributes?.input?.payloads) as [
      { collection: { fact: number } }?,
    ];
    if (life) start = life.collection.fact;
    const told = [
      ...read(event.workflowExecutionSignaledEventAttributes?.input?.payloads),
      ...read(event.activityTaskCompletedEventAttributes?.result?.payloads).flat(),
      ...read(event.markerRecordedEventAttributes?.details?.['result']?.payloads).flat(),
    ];
    for (const word of told) if (isNumbered(word)) heard.add(word.n);
  }
  return { start, heard };
}

function isNumbered(word: unknown): word is { readonly n: number } {
  return typeof word === 'object' && word !== null && 'n' in word && typeof word.n === 'number';
}
