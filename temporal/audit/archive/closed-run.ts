import { tsToMs } from '@temporalio/common/lib/time.js';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto';
import type { Instant } from '../../../domain/time.ts';
import type { History } from '../../sealing/opened-history.ts';

const { EventType } = proto.temporal.api.enums.v1;
const { History: HistoryMessage } = proto.temporal.api.history.v1;

/** What a history says of its run. */
export interface RunInHistory {
  readonly workflowType: string;
  readonly startedAt: Instant;
  /** Null while it runs. */
  readonly closedAt: Instant | null;
  /** As Temporal names it: RUNNING, COMPLETED, CONTINUED_AS_NEW … */
  readonly status: string;
  /** The run that this one goes on from, and the one that goes on from this. */
  readonly continuedFrom: string | null;
  readonly continuesAs: string | null;
  readonly events: number;
}

const prefix = 'EVENT_TYPE_WORKFLOW_EXECUTION_';
const ends = new Set(['COMPLETED', 'FAILED', 'TIMED_OUT', 'CANCELED', 'TERMINATED', 'CONTINUED_AS_NEW']);

/** Reads the run from its first and its last event. Throws an Error when it does not begin with a start. */
export function runIn({ events }: History): RunInHistory {
  const [first, last] = [events?.[0], events?.at(-1)];
  const start = first?.workflowExecutionStartedEventAttributes;
  if (!events || !first || !last || !start)
    throw new Error('a history does not begin with the start of a run');
  const end = (EventType[last.eventType ?? 0] ?? '').replace(prefix, '');
  const closed = ends.has(end);
  const next =
    last.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ??
    last.workflowExecutionCompletedEventAttributes?.newExecutionRunId ??
    last.workflowExecutionFailedEventAttributes?.newExecutionRunId ??
    last.workflowExecutionTimedOutEventAttributes?.newExecutionRunId;
  return {
    workflowType: start.workflowType?.name ?? '',
    startedAt: tsToMs(first.eventTime),
    closedAt: closed ? tsToMs(last.eventTime) : null,
    status: closed ? end : 'RUNNING',
    continuedFrom: start.continuedExecutionRunId || null,
    continuesAs: next || null,
    events: events.length,
  };
}

/** A history as text: the JSON that Temporal's own tools write and read, without blanks. */
export function textOfHistory(history: History): string {
  return JSON.stringify(JSON.parse(historyToJSON(history)));
}

/** The same history again, in the shape in which Temporal gives it: what is read from JSON has other numbers. */
export function historyFromText(text: string): History {
  return HistoryMessage.decode(HistoryMessage.encode(historyFromJSON(JSON.parse(text))).finish());
}
