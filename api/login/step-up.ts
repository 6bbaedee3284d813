import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Role } from '../../domain/role.ts';
import { minuteMs } from '../../domain/time.ts';
import type { Instant } from '../../domain/time.ts';
import { Problem } from '../problem.ts';
import type { LoginSettings } from './settings.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Open to a session that still lacks its second factor: the ways to get it. */
    beforeSecondFactor?: boolean;
  }
}

/**
 * What a session needs beyond being open: a second factor where one is somebody's duty, and for what is dear a proof of
 * the last minutes that its owner sits before it.
 *
 * A key is asked for neither: it belongs to a program, is made for areas, and an administrator who proved himself made it.
 */
export type Lack = 'set-up' | 'code';

/**
 * What is dear: what ends sessions, lets people in, makes or takes keys and factors, says where money is to go, and sends
 * a whole file's messages. By method and address, as in `api/policy.ts`.
 */
export const dear: ReadonlySet<string> = new Set([
  'DELETE /v1/sessions',
  'DELETE /v1/sessions/:sessionId',
  'DELETE /v1/users/:userId/sessions',
  'DELETE /v1/users/:userId/sessions/:sessionId',
  'POST /v1/users',
  'PATCH /v1/users/:userId',
  'POST /v1/users/:userId/keys',
  'DELETE /v1/keys/:prefix',
  'DELETE /v1/users/:userId/totp',
  'POST /v1/invitations',
  'POST /v1/creditors',
  'PATCH /v1/creditors/:creditorId',
  'POST /v1/imports/:importId/release',
]);

/** Long enough for a task of an administrator, too short for who finds his desk empty. */
export const proofLastsMs = 10 * minuteMs;

/** What a session lacks: a code of the factor that its owner has, or the factor that his role must have; null for nothing. */
export function lackOf(
  session: { readonly role: Role; readonly secondFactor: boolean; readonly hasSecondFactor: boolean },
  { secondFactorOf }: Pick<LoginSettings, 'secondFactorOf'>,
): Lack | null {
  if (session.secondFactor) return null;
  if (session.hasSecondFactor) return 'code';
  return secondFactorOf.includes(session.role) ? 'set-up' : null;
}

export function isProofFresh(provedAt: Instant | null, machine: Instant): boolean {
  return provedAt !== null && machine - provedAt < proofLastsMs;
}

/** Turns away, in this scope, whoever lacks a second factor; to be called as soon as callers are known. */
export function askForFactor(scope: FastifyInstance): void {
  scope.addHook('onRequest', async ({ caller: { by }, routeOptions: { config } }) => {
    if (by.kind !== 'session' || by.lacks === null || config.beforeSecondFactor === true) return;
    throw factorNeeded(by.lacks);
  });
}

/** Turns away, in this scope, whoever asks for what is dear on an old proof; after the policy, which says who may at all. */
export function askForProof(scope: FastifyInstance, login: LoginSettings): void {
  scope.addHook('onRequest', async (request) => {
    const { by } = request.caller;
    if (by.kind !== 'session' || !isDear(request, by.id)) return;
    if (!isProofFresh(by.provedAt, login.machine())) throw proofNeeded();
  });
}

function isDear({ method, routeOptions, params }: FastifyRequest, here: string): boolean {
  if (!dear.has(`${method} ${routeOptions.url ?? ''}`)) return false;
  // To end the session that one sits in is to log out.
  return (params as { readonly sessionId?: string }).sessionId !== here;
}

function factorNeeded(lack: Lack): Problem {
  return new Problem({
    status: 403,
    code: 'second-factor-needed',
    title: 'This needs a second factor.',
    detail:
      lack === 'code'
        ? 'You have one, and this session was opened without it.'
        : 'Your role must have one, and you have none yet.',
    remedy:
      lack === 'code'
        ? 'Give a code with POST /v1/session/proof, or at /account.'
        : 'Begin one with POST /v1/totp, or at /account.',
  });
}

export function proofNeeded(): Problem {
  return new Problem({
    status: 403,
    code: 'proof-needed',
    title: 'Prove once more that it is you.',
    detail: `This is done only within ${proofLastsMs / minuteMs} minutes of a proof, and yours is older.`,
    remedy:
      'Give your password or a code with POST /v1/session/proof, or log in again, and then repeat the request.',
  });
}
