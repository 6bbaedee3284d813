import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Tx } from '../db/database.ts';
import type { House } from '../db/house.ts';
import { silencedBy } from '../db/stop-effect.ts';
import type { Silenced } from '../db/stop-effect.ts';
import { pullStop, seesSubject } from '../db/stops.ts';
import type { StopInForce, WantedStop } from '../db/stops.ts';
import type { Eyes } from '../db/visible.ts';
import type { Instant } from '../domain/time.ts';
import { inTransactionOnce } from './idempotency.ts';
import { Problem } from './problem.ts';
import { civilDate, instantOf, money, moneyOf, uuid } from './shapes.ts';

/**
 * What holds and stops have in common at the counter: what they cover, how that is asked for, and how it is counted.
 */
export const scope = z.enum(['everything', 'creditor', 'debtor', 'invoice']);

export const silences = z.object({
  invoices: z.int(),
  debtors: z.int(),
  requests: z.int().describe('Messages that stand at the door and stay there.'),
  owed: z.array(money).describe('What these invoices owe, by currency.'),
});

/** The fields by which somebody asks for silence; the reason is each route's own. */
export const silencing = {
  scope,
  subjectId: uuid.optional(),
  until: civilDate.nullish().describe('The last silent day; until it is lifted when absent.'),
  dryRun: z.boolean().default(false).describe('Counts what would be silent, and changes nothing.'),
};

/** For the `refine` of such a body. */
export const subjectIsNamed: readonly [(asked: Subject) => boolean, { path: string[]; error: string }] = [
  ({ scope: width, subjectId }) => (width === 'everything') === (subjectId === undefined),
  {
    path: ['subjectId'],
    error: 'give the id of the creditor, debtor or invoice, and none for everything',
  },
];

interface Subject {
  readonly scope: Scope;
  readonly subjectId?: string | undefined;
}

type Scope = z.infer<typeof scope>;

/** What silence over that would cover, of what the caller sees; nothing is changed. Throws 404 where he sees no such thing. */
export async function wouldSilence(
  request: FastifyRequest,
  house: House,
  width: Scope,
  subjectId: string | null,
): Promise<{ silences: z.infer<typeof silences> }> {
  const { eyes } = request;
  return inTransactionOnce(request, house, async (tx) => {
    if (!(await seesSubject(eyes, tx, width, subjectId))) throw Problem.notFound(width, subjectId ?? '');
    return { silences: silencesOf(await silencedBy(eyes, tx, width, subjectId)) };
  });
}

/** Pulls a stop. Throws 404 where the caller sees no such thing, 409 where it is stopped already. */
export async function stopped(
  eyes: Eyes,
  tx: Tx,
  house: House,
  now: Instant,
  wanted: WantedStop,
): Promise<{ stop: StopInForce; silenced: Silenced }> {
  const pulled = await pullStop(eyes, tx, house, now, wanted);
  if (pulled.kind === 'unknown') throw Problem.notFound(wanted.scope, wanted.subjectId ?? '');
  if (pulled.kind === 'refused') throw Problem.refused(pulled.refusal);
  if (pulled.kind === 'already') throw alreadyStopped(pulled.stop);
  return pulled;
}

export function silencesOf({ owed, ...counted }: Silenced): z.infer<typeof silences> {
  return { ...counted, owed: owed.map(({ cents, currency }) => moneyOf(cents, currency)) };
}

function alreadyStopped(inForce: StopInForce): Problem {
  return Problem.conflict(
    'already-stopped',
    'It is stopped already.',
    `A stop over this has been in force since ${instantOf(inForce.since)}.`,
    `Lift it with POST /v1/stops/${inForce.id}/lift.`,
  );
}
