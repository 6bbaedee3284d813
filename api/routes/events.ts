import { Readable } from 'node:stream';
import { z } from 'zod';
import { EventBell, eventsAfter, lastPosition } from '../../db/events.ts';
import type { Event } from '../../db/events.ts';
import type { Db } from '../../db/database.ts';
import type { Eyes } from '../../db/visible.ts';
import type { Routes } from '../route-parts.ts';
import { isStillLetIn } from '../authentication.ts';
import { Problem } from '../problem.ts';
import { problems } from '../shapes.ts';

/**
 * Live changes as server-sent events: which invoice got which fact.
 *
 * The id of an event is its place in the feed, so a browser that lost the connection goes on where it was
 * (`Last-Event-ID`). Events carry no content: clients read the invoice again.
 *
 * A stream ends within two seconds of the end of its session or key, and of whatever changes what its listener is: role,
 * portfolio, name. A browser then asks again, and is let in as what he is now. A file that he has no more is silent at once.
 */
const clientsMax = 200;
/** As many tabs and machines as anybody has; more would be the streams of others. */
const clientsOfOneMax = 10;
const batch = 500;
const heartbeatMs = 15_000;

const query = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('A place to begin after; the newest when absent.'),
});

export const eventRoutes: Routes = async (app, { house, listenUrl, login }) => {
  const bell = new EventBell(listenUrl);
  let clients = 0;
  const clientsOf = new Map<string, number>();
  // Before the server waits for open requests: these never end by themselves.
  app.addHook('preClose', () => bell.stop());

  app.get(
    '/events',
    {
      schema: {
        summary: 'Live changes, as server-sent events',
        tags: ['events'],
        querystring: query,
        response: {
          200: {
            description: '`id` is the place, `event` the fact, `data` is `{ invoiceId, fact, type }`.',
            content: { 'text/event-stream': { schema: z.any() } },
          },
          ...problems(503),
        },
      },
    },
    async (request, reply) => {
      if (clients >= clientsMax)
        throw Problem.unavailable('too-many-streams', `${clientsMax} clients listen already.`);
      const { userId } = request.caller;
      const his = clientsOf.get(userId) ?? 0;
      if (his >= clientsOfOneMax) throw tooManyOfHis();
      const gone = new AbortController();
      clients += 1;
      clientsOf.set(userId, his + 1);
      request.raw.once('close', () => {
        clients -= 1;
        const left = (clientsOf.get(userId) ?? 1) - 1;
        if (left > 0) clientsOf.set(userId, left);
        else clientsOf.delete(userId);
        gone.abort();
      });
      const after =
        placeFrom(request.headers['last-event-id']) ?? request.query.after ?? (await lastPosition(house.db));
      const headers = {
        'content-type': 'text/event-stream; charset=utf-8',
        'x-accel-buffering': 'no',
        connection: 'close',
      };
      const isLetIn = (): Promise<boolean> => isStillLetIn(request.caller, { db: house.db, login });
      const events = feed(request.eyes, house.db, bell, after, gone.signal, isLetIn);
      // Nothing is read ahead: what waits for a slow listener would have been read with the rights of before.
      return reply.headers(headers).send(Readable.from(events, { highWaterMark: 1 }));
    },
  );
};

/** The events after a place that he sees who listens, for as long as he does and is let in: looked at anew before each round. */
async function* feed(
  eyes: Eyes,
  db: Db,
  bell: EventBell,
  after: number,
  gone: AbortSignal,
  isLetIn: () => Promise<boolean>,
): AsyncGenerator<string> {
  yield 'retry: 2000\n\n';
  let position = after;
  let lastWord = performance.now();
  while (!gone.aborted && !bell.stopped) {
    const rung = bell.next(gone);
    // While Postgres is away nobody can be looked up: then nothing is told, and nobody cut off.
    const letIn = await isLetIn().catch(() => undefined);
    if (letIn === false) return;
    const read = letIn && (await eventsAfter(eyes, db, position, batch).catch(() => undefined));
    if (read && read.events.length > 0) {
      yield read.events.map(inWords).join('');
      lastWord = performance.now();
    }
    if (read) position = read.position;
    if (read?.isFull) continue;
    if (performance.now() - lastWord > heartbeatMs) {
      yield ': still here\n\n';
      lastWord = performance.now();
    }
    await rung;
  }
}

function inWords({ position, type, invoiceId, fact }: Event): string {
  return `id: ${position}\nevent: ${type}\ndata: ${JSON.stringify({ invoiceId, fact, type })}\n\n`;
}

function tooManyOfHis(): Problem {
  return new Problem({
    status: 429,
    code: 'too-many-streams-of-one',
    title: 'One user listens too often.',
    detail: `The user has ${clientsOfOneMax} streams open, and others want theirs.`,
    remedy: 'Close one that nobody looks at, and ask again.',
  });
}

function placeFrom(lastEventId: string | string[] | undefined): number | undefined {
  return typeof lastEventId === 'string' && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : undefined;
}
