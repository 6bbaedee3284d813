import type { FastifyInstance } from 'fastify';
import { isOfPeople } from '../../db/audit/chains-of-people.ts';
import { questionKeys, questionsOfPeople } from '../../db/audit/questions/all.ts';
import type { QuestionKey } from '../../db/audit/questions/all.ts';
import type { Role } from '../../domain/role.ts';
import { toldOfPeople } from '../policy.ts';
import { Problem } from '../problem.ts';

/**
 * Who looked, took away and came in is told to those alone who answer for it, by whatever way it is asked for: where all of a
 * request is about it the request is refused, elsewhere it is left out.
 *
 * To be called before `noteAccesses`: what is refused was not seen.
 */
export function keepWhatIsToldOfPeople(app: FastifyInstance): void {
  app.addHook('preHandler', async ({ caller: { role }, routeOptions: { url = '' }, params, query }) => {
    if (isToldOfPeople(role)) return;
    const { key } = (params ?? {}) as { readonly key?: unknown };
    const { subject } = (query ?? {}) as { readonly subject?: unknown };
    if (url.endsWith('/audit/questions/:key') && questionsOfPeople.some((one) => one === key))
      throw forbidden(role, 'key', 'this question');
    if (url.endsWith('/audit/entries') && typeof subject === 'string' && isOfPeople(subject))
      throw forbidden(role, 'subject', 'this chain of the journal');
  });
}

/** Whether somebody of that role is told what colleagues did with Relance itself. */
export function isToldOfPeople(role: Role): boolean {
  return toldOfPeople.includes(role);
}

/** The questions that somebody of that role may ask. */
export function questionsFor(role: Role): readonly QuestionKey[] {
  return isToldOfPeople(role) ? questionKeys : questionKeys.filter((key) => !questionsOfPeople.includes(key));
}

function forbidden(role: Role, field: string, what: string): Problem {
  return new Problem({
    status: 403,
    code: 'role-forbidden',
    title: 'The role of the caller may not do this.',
    detail: `A user with the role ${role} may not read ${what}: it tells what people did.`,
    field,
    remedy: `Ask somebody with one of these roles: ${toldOfPeople.join(', ')}.`,
  });
}
