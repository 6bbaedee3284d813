import { performance } from 'node:perf_hooks';
import type { IncomingHttpHeaders } from 'node:http';

/** Where the provider names no time. */
const usualMs = 60_000;
/** Below a second nothing gets better; beyond a day a person has looked. */
const minMs = 1_000;
const maxMs = 86_400_000;

/**
 * How long a provider asks to be left alone: `Retry-After` in seconds or as a date, else a minute.
 *
 * A date is read against the provider's own `Date` where it sends one, because the two clocks need not agree.
 */
export function retryAfterMs(headers: IncomingHttpHeaders): number {
  const asked = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}$/.test(asked)) return bounded(Number(asked) * 1_000);
  const until = Date.parse(asked);
  if (Number.isNaN(until)) return usualMs;
  const theirs = Date.parse(headers.date ?? '');
  return bounded(until - (Number.isNaN(theirs) ? performance.timeOrigin + performance.now() : theirs));
}

function bounded(ms: number): number {
  return Math.min(maxMs, Math.max(minMs, ms));
}
