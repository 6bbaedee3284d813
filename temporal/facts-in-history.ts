import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import type { Collection } from '../domain/collection.ts';
import type { Fact } from '../domain/fact.ts';
import { openedHistory } from './sealing/opened-history.ts';
import type { History } from './sealing/opened-history.ts';

/** What a run of an invoice knows of its facts. */
export interface HeardFacts {
  /** The file that it started with; null for a run of something else. */
  readonly start: Collection | null;
  /** The facts that came by signal or as the answer of an activity, in order; one may have come more than once. */
  readonly heard: readonly Fact[];
}

/** Reads from its history what the latest run of a workflow started with and what it was told since. */
export async function factsInHistory(client: Client, workflowId: string): Promise<HeardFacts> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  return factsHeardIn(await openedHistory(history, client.options.loadedDataConverter.payloadCodecs));
}

/** The same of a history whose payloads are open. A history keeps the answer of a local activity as a marker. */
export function factsHeardIn({ events }: History): HeardFacts {
  let start: Collection | null = null;
  const heard: Fact[] = [];
  for (const event of events ?? []) {
    const [life] = read(event.workflowExecutionStartedEventAttributes?.input?.payloads);
    if (isLife(life)) start = life.collection;
    const told = [
      ...read(event.workflowExecutionSignaledEventAttributes?.input?.payloads),
      ...read(event.activityTaskCompletedEventAttributes?.result?.payloads).flat(),
      ...read(event.markerRecordedEventAttributes?.details?.['result']?.payloads).flat(),
    ];
    heard.push(...told.filter(isNumbered));
  }
  return { start, heard };
}

function read(payloads: Payload[] | null | undefined): unknown[] {
  return (payloads ?? []).map((payload) => defaultPayloadConverter.fromPayload(payload));
}

function isLife(word: unknown): word is { readonly collection: Collection } {
  return typeof word === 'object' && word !== null && 'collection' in word;
}

function isNumbered(word: unknown): word is Fact {
  return typeof word === 'object' && word !== null && 'n' in word && typeof word.n === 'number';
}
