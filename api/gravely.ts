import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { hasFourEyes } from '../db/approvals.ts';
import type { GraveRequest, RecordedFact } from '../db/approvals.ts';
import type { Desk } from '../db/desk.ts';
import { doGravely } from '../db/grave-deeds.ts';
import type { GraveAnswer } from '../db/grave-deeds.ts';
import { said, unlessRefused } from './at-the-counter.ts';
import type { recorded } from './shapes.ts';

/** What became of a grave act at the counter: done, or asked for under that id. */
export interface Gravely {
  readonly approvalId: string | null;
  readonly recorded: readonly RecordedFact[];
}

/** Does a grave act or asks for it, as the house has it; a refusal is thrown, which undoes what was written. */
export async function gravely(desk: Desk, what: GraveRequest, request: FastifyRequest): Promise<Gravely> {
  return saidOrThrown(await doGravely(desk, what, request.caller.author));
}

/** What became of it; a refusal is thrown. */
export function saidOrThrown(said: GraveAnswer): Gravely {
  const answer = unlessRefused(said);
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

/**
 * Notes on each invoice that one person alone made vanish what two would have to give up: by a credit note, which has a
 * number in the books, by a rate of the days to come, by saying what the invoice or its debtor is.
 *
 * With four eyes the story says that nobody else was asked.
 */
export async function noteAlone(
  desk: Desk,
  act: 'credit_note' | 'penalty_rate' | 'not_chased' | 'kind',
  invoiceIds: readonly string[],
  request: FastifyRequest,
): Promise<void> {
  if (invoiceIds.length === 0 || !(await hasFourEyes(desk.tx))) return;
  const { author: by } = request.caller;
  for (const id of new Set(invoiceIds)) await desk.note(id, 'doneAlone', { act, why: 'paper', by });
}
