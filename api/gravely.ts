import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { GraveRequest, RecordedFact } from '../db/approvals.ts';
import type { Desk } from '../db/desk.ts';
import { doGravely } from '../db/grave-deeds.ts';
import { said, unlessRefused } from './at-the-counter.ts';
import type { recorded } from './shapes.ts';

/** What became of a grave act at the counter: done, or asked for under that id. */
export interface Gravely {
  readonly approvalId: string | null;
  readonly recorded: readonly RecordedFact[];
}

/** Does a grave act or asks for it, as the house has it; a refusal is thrown, which undoes what was written. */
export async function gravely(desk: Desk, what: GraveRequest, request: FastifyRequest): Promise<Gravely> {
  const answer = unlessRefused(await doGravely(desk, what, request.caller.author));
  return { approvalId: answer.kind === 'asked' ? answer.approvalId : null, recorded: answer.recorded };
}

/** The answer about one of the invoices. */
export function saidGravely(
  request: FastifyRequest,
  desk: Desk,
  { approvalId }: Gravely,
  one: RecordedFact,
): z.infer<typeof recorded> {
  return { ...said(request, desk, one), ...(approvalId === null ? {} : { approvalId }) };
}
