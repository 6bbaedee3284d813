import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { FileQuestion } from './answers.ts';
import { defaultUrl, keyFor } from './keys.ts';
import { Mistake, Refused } from './mistake.ts';

/**
 * The API as the command line asks it.
 *
 * A thin client: every command is one or two requests, and what the API says is what is shown. A POST carries a key of
 * its own, so that asking again after a lost answer does nothing twice.
 */
export interface Client {
  readonly url: string;
  get<Answer>(path: string, query?: Query): Promise<Answer>;
  post<Answer>(path: string, body?: object): Promise<Answer>;
  patch<Answer>(path: string, body: object): Promise<Answer>;
  /** A file of ours, piece by piece as it comes. */
  take(path: string, query?: Query): Promise<AsyncIterable<Uint8Array>>;
  /** Sends a file as it is; see the routes of imports. */
  send<Answer>(path: string, query: Query, bytes: Uint8Array, type: string): Promise<Answer>;
}

export type Query = Readonly<Record<string, string | undefined>>;

const triesMax = 4;
const pauseMs = 500;
const pauseMsMax = 15_000;

/** A client of the house at `url`, or at the default address. Throws a Mistake when there is no key for it. */
export function clientFor(url: string = defaultUrl()): Client {
  const base = checkedUrl(url);
  const key = keyFor(base);
  if (key === undefined)
    throw new Mistake(
      `There is no key for ${base}.\nGive one with RELANCE_KEY, or start Relance on this machine with npm start, which keeps one for you.`,
    );

  const ask = async <Answer>(
    method: string,
    path: string,
    init: { readonly body?: string | Uint8Array<ArrayBuffer>; readonly type?: string } = {},
  ): Promise<Answer> => {
    const headers = {
      authorization: `Bearer ${key}`,
      ...(init.type === undefined ? {} : { 'content-type': init.type }),
      ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
    };
    const request = { method, headers, ...(init.body === undefined ? {} : { body: init.body }) };
    return answerOf<Answer>(await fetchPatiently(`${base}${path}`, request));
  };
  const json = (body: object | undefined) =>
    body === undefined ? {} : { body: JSON.stringify(body), type: 'application/json' };
  return {
    url: base,
    get: (path, query = {}) => ask('GET', `${path}${queryOf(query)}`),
    post: (path, body) => ask('POST', path, json(body)),
    patch: (path, body) => ask('PATCH', path, json(body)),
    take: async (path, query = {}) => {
      const headers = { authorization: `Bearer ${key}` };
      const response = await fetchPatiently(`${base}${path}${queryOf(query)}`, { headers });
      if (!response.ok || response.body === null) await answerOf(response);
      return response.body as unknown as AsyncIterable<Uint8Array>;
    },
    send: (path, query, bytes, type) =>
      ask('POST', `${path}${queryOf(query)}`, { body: new Uint8Array(bytes), type }),
  };
}

function checkedUrl(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    throw new Mistake(`"${url}" is no address: give one such as http://127.0.0.1:8080.`);
  }
}

/** Asks again when nobody answers or the answer is "later": the key makes that safe. */
async function fetchPatiently(url: string, request: RequestInit): Promise<Response> {
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(url, request).catch((fault: unknown) => fault as Error);
    const passing = answer instanceof Error || answer.status === 503 || answer.status === 429;
    if (!passing || tries === triesMax) {
      if (answer instanceof Error)
        throw new Mistake(
          `Relance does not answer at ${new URL(url).origin}.\nStart it with npm start, or give its address with --url or RELANCE_URL.`,
        );
      return answer;
    }
    await pause(answer instanceof Error ? pauseMs : wantedPauseMs(answer));
  }
}

/** As long as the API asks for, but nobody waits a minute before a silent terminal. */
function wantedPauseMs({ headers }: Response): number {
  const seconds = Number(headers.get('retry-after') ?? 0);
  return Math.min(Math.max(pauseMs, seconds * 1_000), pauseMsMax);
}

async function answerOf<Answer>(response: Response): Promise<Answer> {
  const body = parsed(await response.text());
  // The API cuts its answers to their shapes before it sends them.
  if (response.ok) return body as Answer;
  const problem = (body ?? {}) as ProblemDocument;
  throw new Refused(problemInWords(response.status, problem), problem);
}

interface ProblemDocument {
  readonly title?: string;
  readonly detail?: string;
  readonly remedy?: string;
  readonly errors?: readonly { readonly field: string; readonly problem: string; readonly remedy: string }[];
  readonly questions?: readonly FileQuestion[];
}

function parsed(text: string): unknown {
  try {
    return text === '' ? null : (JSON.parse(text) as unknown);
  } catch {
    return { detail: text.slice(0, 500) };
  }
}

/** A problem document as a person reads it: what, where, and what would help. */
function problemInWords(status: number, problem: ProblemDocument): string {
  const errors = problem.errors ?? [];
  if (errors.length > 0)
    return [
      problem.title,
      ...errors.map((error) => `  ${error.field}: ${error.problem} ${error.remedy}`),
    ].join('\n');
  return [problem.detail ?? problem.title ?? `Relance answered ${status}.`, problem.remedy]
    .filter(Boolean)
    .join('\n');
}

function queryOf(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
