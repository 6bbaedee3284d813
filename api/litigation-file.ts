import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Desk } from '../db/desk.ts';
import type { House } from '../db/house.ts';
import { litigationWith } from '../db/litigation.ts';
import type { LitigationRow } from '../db/litigation.ts';
import { atTheDeskOnce } from './idempotency.ts';
import { litigationOf } from './litigation-shapes.ts';
import { Problem } from './problem.ts';
import { uuid } from './shapes.ts';

export const litigationParams = z.object({ litigationId: uuid });

/** Works on a litigation file under the lock of its debtor, once per idempotency key. Throws 404 when there is no such file. */
export async function onLitigation<T>(
  request: FastifyRequest,
  house: House,
  litigationId: string,
  work: (desk: Desk, row: LitigationRow) => Promise<T>,
): Promise<T> {
  const found = await litigationWith(house.db, litigationId);
  if (!found) throw Problem.notFound('litigation', litigationId);
  return atTheDeskOnce(request, house, [found.debtor_id], async (desk) => {
    const row = await litigationWith(desk.tx, litigationId);
    if (!row) throw Problem.notFound('litigation', litigationId);
    return work(desk, row);
  });
}

/** The file as it stands after the work, in the shape of the API. */
export async function litigationSaid(request: FastifyRequest, desk: Desk, litigationId: string) {
  const row = await litigationWith(desk.tx, litigationId);
  if (!row) throw Problem.notFound('litigation', litigationId);
  // Names and balances are read by SQL, so what was just recorded must be written.
  await desk.write();
  return litigationOf(desk.tx, row, desk.now, request.caller.language);
}
