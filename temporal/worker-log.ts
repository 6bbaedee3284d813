import { DefaultLogger } from '@temporalio/worker';
import type { Logger as SdkLogger } from '@temporalio/worker';
import type { Logger } from 'pino';
import { PayloadNotOpened } from './sealing/sealed-payloads.ts';

/**
 * Lets Temporal's SDK write into our log, and nothing into it that a debtor could be known by.
 *
 * An error thrown in an activity may quote a value of a row, and a task that could not be read holds all that was sent
 * with it: so of an error stand here its class, its code and where it was thrown, and of all other things those that are
 * listed. Where an error's own words are wanted they are in the history, sealed.
 */
export function sdkLogger(log: Logger): SdkLogger {
  return new DefaultLogger('TRACE', ({ level, message, meta = {} }) => {
    const { error } = meta as { error?: unknown };
    const said: Record<string, unknown> = {};
    for (const name of shownOf) if (meta[name] !== undefined) said[name] = meta[name];
    if (error instanceof Error) said['error'] = withoutWords(error);
    // The part of the SDK below Node tells of connections in words of its own.
    else if (typeof error === 'string') said['error'] = error;
    log[levels[level]](said, error instanceof Error ? withoutQuote(message, error) : message);
  });
}

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Ids, names of our own code, and counts. */
const shownOf = [
  'workflowId',
  'workflowRunId',
  'runId',
  'run_id',
  'workflowType',
  'activityId',
  'activityType',
  'attempt',
  'isLocal',
  'durationMs',
  'taskQueue',
  'task_queue',
  'namespace',
  'sdkComponent',
  'target',
  'workflowExists',
];

interface ErrorInShort {
  readonly type: string;
  /** Only where we know what it holds. */
  readonly message?: string;
  readonly code?: string;
  readonly at: readonly string[];
  readonly cause?: ErrorInShort;
}

/** Classes whose words are names of keys and activities; the first also where the SDK has wrapped it under its name. */
const harmless: ReadonlySet<string> = new Set([PayloadNotOpened.name, 'DeterminismViolationError']);
const framesMax = 10;
const causesMax = 5;

/** An error without what it says: somebody's name may be in it. */
export function withoutWords(error: Error, depth = 0): ErrorInShort {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at \S/.test(line));
  const type = 'type' in error && typeof error.type === 'string' ? error.type : error.name;
  return {
    type: /^\w{1,100}$/.test(type) ? type : 'Error',
    ...(harmless.has(type) ? { message: error.message } : {}),
    ...(typeof code === 'string' && /^\w{1,50}$/.test(code) ? { code } : {}),
    at: frames.slice(0, framesMax).map((line) => line.trim()),
    ...(cause instanceof Error && depth < causesMax ? { cause: withoutWords(cause, depth + 1) } : {}),
  };
}

/** Some messages of the SDK end in the error's own. */
function withoutQuote(message: string, error: Error): string {
  return error.message === '' ? message : message.replace(`: ${error.message}`, '');
}
