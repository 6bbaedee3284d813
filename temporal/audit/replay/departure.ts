import type proto from '@temporalio/proto';
import { eventIn } from '../../event-in-short.ts';
import type { History } from '../../sealing/opened-history.ts';

/** Where a history and the code of today part, in words for an auditor. */
export interface ReplayDeparture {
  /** The event of the history; null when it could not be told which. */
  readonly eventId: number | null;
  /** `timerStarted`, `activityTaskScheduled` … */
  readonly eventType: string | null;
  /** What was done, as the history has it. */
  readonly expected: string;
  /** What the code of today does in its place. */
  readonly found: string;
  /** The SDK's own words. */
  readonly message: string;
}

type Event = proto.temporal.api.history.v1.IHistoryEvent;

interface Part {
  readonly eventId?: number;
  /** Which events it can be about, where its number is not told. */
  readonly isAbout?: (event: Event) => boolean;
  readonly found: string;
}

const command = "(.+?)' does not match activity type of (?:local )?activity command '(.+?)'";

/** How the SDK says it (sdk-core, `worker/workflow/machines`), and what that means. */
const sayings: readonly (readonly [RegExp, (groups: readonly string[]) => Part])[] = [
  [
    /^(.+?) machine does not handle this event: HistoryEvent\(id: (\d+), \w+\)/,
    ([, machine = '', id]) => ({ eventId: Number(id), found: machines[machine] ?? machine.toLowerCase() }),
  ],
  [
    /^No command scheduled for event HistoryEvent\(id: (\d+), \w+\)/,
    ([, id]) => ({ eventId: Number(id), found: 'nothing' }),
  ],
  [
    /^Missing associated machine for LocalActivity\((\d+)\)/,
    ([, seq]) => ({
      isAbout: (event) => markerIn(event)?.seq === Number(seq),
      found: 'something else, or nothing',
    }),
  ],
  [
    new RegExp(`^Activity type of scheduled event '${command}`),
    ([, recorded, made = '']) => ({
      isAbout: (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === recorded,
      found: `activity ${made}`,
    }),
  ],
  [
    new RegExp(`^Activity type of recorded marker '${command}`),
    ([, recorded, made = '']) => ({
      isAbout: (event) => markerIn(event)?.activity_type === recorded,
      found: `local activity ${made}`,
    }),
  ],
  [
    /History is out of order\. Last processed event: (\d+), event id: (\d+)/,
    ([, last, id]) => ({
      eventId: Number(id),
      found: `event ${Number(id)} after event ${last ?? ''}: the history itself lacks what is between them`,
    }),
  ],
];

const machines: Readonly<Record<string, string>> = {
  Timer: 'a timer',
  Activity: 'an activity',
  'Local activity': 'a local activity',
  'Complete workflow': 'the end of the workflow',
  'Fail workflow': 'the failure of the workflow',
  'Continue as new workflow': 'the beginning of a new run',
};

/** Whether the SDK names the event itself; if not, only what follows the last task that replays can be meant. */
export function namesItsEvent(error: string): boolean {
  return partOf(wordsOf(error))?.eventId !== undefined;
}

/** Reads the error of a replay; `after` is the last event that is known to replay, 0 when none is. */
export function departureFrom(error: string, { events }: History, after = 0): ReplayDeparture {
  const message = wordsOf(error);
  const part = partOf(message);
  const later = (events ?? []).filter((event) => eventIn(event).id > after);
  const event = part?.eventId
    ? later.find((candidate) => eventIn(candidate).id === part.eventId)
    : (part?.isAbout && later.find(part.isAbout)) || later.find(isDoing);
  return {
    eventId: event ? eventIn(event).id : (part?.eventId ?? null),
    eventType: event ? eventIn(event).type : null,
    expected: event ? doingIn(event) : 'the end of what is recorded',
    found: part?.found ?? `an error: ${message}`,
    message,
  };
}

function partOf(message: string): Part | undefined {
  for (const [saying, read] of sayings) {
    const groups = saying.exec(message);
    if (groups) return read(groups);
  }
  return undefined;
}

/** The message inside what the SDK wraps around it, written as Rust writes a string. */
function wordsOf(error: string): string {
  const [, quoted] = /message: "((?:[^"\\]|\\.)*)"/.exec(error) ?? [];
  const words = quoted?.replaceAll(/\\(.)/g, '$1') ?? error;
  return words.replace(/^(\[TMPRL\d+\] )?(Nondeterminism error: |Fatal error in workflow machines: )?/, '');
}

/** What a workflow does, and not what is done to it: these events are made by its commands. */
function isDoing(event: Event): boolean {
  return /^(activityTaskScheduled|timer(Started|Canceled)|markerRecorded|workflowExecution(Completed|Failed|Canceled|ContinuedAsNew)|upsertWorkflowSearchAttributes|workflowPropertiesModified)$/.test(
    eventIn(event).type,
  );
}

function doingIn(event: Event): string {
  const { type, name } = eventIn(event);
  switch (type) {
    case 'activityTaskScheduled':
      return `activity ${name ?? ''}`;
    case 'markerRecorded':
      return markerIn(event)
        ? `local activity ${markerIn(event)?.activity_type ?? ''}`
        : `marker ${name ?? ''}`;
    case 'timerStarted':
      return 'a timer';
    case 'workflowExecutionCompleted':
      return 'the end of the workflow';
    case 'workflowExecutionContinuedAsNew':
      return 'the beginning of a new run';
    default:
      return name === null ? type : `${type} ${name}`;
  }
}

/** What the SDK keeps of a local activity beside its answer. */
function markerIn(event: Event): { readonly seq: number; readonly activity_type: string } | undefined {
  const attributes = event.markerRecordedEventAttributes;
  if (attributes?.markerName !== 'core_local_activity') return undefined;
  const data = attributes.details?.['data']?.payloads?.[0]?.data;
  return data ? (JSON.parse(Buffer.from(data).toString()) as ReturnType<typeof markerIn>) : undefined;
}
