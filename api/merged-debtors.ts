import type { FastifyInstance } from 'fastify';
import type { Db } from '../db/database.ts';
import { sees } from '../db/visible.ts';
import { mergedAway, whoStays } from '../db/who-stays.ts';
import { Problem } from './problem.ts';
import { uuid } from './shapes.ts';

/** Where an old id is asked for as such. */
const askedByOldId: ReadonlySet<string> = new Set(['/v1/merges']);

/**
 * The old id of a debtor who was merged with another: reading by it is sent on to the one who stays, a list that is cut by
 * it is his, acting by it is refused with his id.
 *
 * Ledgers and mails of other houses keep old ids for ever. The answer is not to be kept, though its code says
 * "permanently": within 30 days a merge can be taken back. Whoever does not see the one who stays is told nothing.
 */
export function pointToWhoStays(app: FastifyInstance, db: Db): void {
  app.addHook('preHandler', async (request) => {
    const query = (request.query ?? {}) as { debtor?: unknown };
    if (typeof query.debtor !== 'string' || askedByOldId.has(request.routeOptions.url ?? '')) return;
    if (!uuid.safeParse(query.debtor).success) return;
    query.debtor = (await whoStays(db, query.debtor)) ?? query.debtor;
  });
  app.addHook('preHandler', async (request, reply) => {
    const { debtorId } = (request.params ?? {}) as { debtorId?: unknown };
    if (typeof debtorId !== 'string' || !uuid.safeParse(debtorId).success) return;
    const stays = await whoStays(db, debtorId);
    if (stays === undefined || stays === debtorId) return;
    if (!(await sees(db, request.eyes, 'debtor', stays))) return;
    if (!['GET', 'HEAD'].includes(request.method)) throw Problem.refused(mergedAway(debtorId, stays));
    return reply.header('cache-control', 'no-store').redirect(request.url.replace(debtorId, stays), 301);
  });
}

/** Throws a 409 with the id of the one who stays, for a body that names a debtor who was merged with another. */
export async function mustNotBeMerged(db: Db, debtorId: string): Promise<void> {
  const stays = await whoStays(db, debtorId);
  if (stays !== undefined && stays !== debtorId) throw Problem.refused(mergedAway(debtorId, stays));
}
