/** An event of a Temporal history, as far as a reader needs it. */
export interface EventInShort {
  readonly id: number;
  /** `workflowExecutionSignaled`, `timerStarted`, … */
  readonly type: string;
  readonly at: string;
  readonly name: string | null;
}

interface ProtoEvent {
  readonly eventId?: { toString(): string } | null;
  readonly eventTime?: {
    readonly seconds?: { toString(): string } | null;
    readonly nanos?: number | null;
  } | null;
  /** protobuf's name of the one member that is set. */
  readonly attributes?: string;
}

/**
 * Reads an event without knowing its kind: each sets one member, named after the kind, which names what it is about.
 *
 * What travelled with it stays out: payloads are sealed, and hold nothing that the facts do not.
 */
export function eventIn(event: ProtoEvent): EventInShort {
  const member = event.attributes ?? '';
  const attributes = (event as Record<string, unknown>)[member] as Record<string, unknown> | undefined;
  const seconds = Number(event.eventTime?.seconds?.toString() ?? 0);
  return {
    id: Number(event.eventId?.toString() ?? 0),
    type: member.replace(/EventAttributes$/, ''),
    at: new Date(seconds * 1000 + Math.floor((event.eventTime?.nanos ?? 0) / 1e6)).toISOString(),
    name: nameIn(attributes ?? {}),
  };
}

function nameIn(attributes: Record<string, unknown>): string | null {
  const typed = (member: string): unknown =>
    (attributes[member] as { name?: unknown } | null | undefined)?.name;
  const candidates = [
    attributes['signalName'],
    typed('activityType'),
    typed('workflowType'),
    attributes['timerId'],
    attributes['markerName'],
  ];
  const name = candidates.find((candidate) => typeof candidate === 'string' && candidate !== '');
  return typeof name === 'string' ? name : null;
}
