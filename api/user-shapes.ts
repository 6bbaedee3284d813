import { z } from 'zod';
import { languages } from '../domain/message.ts';
import type { Caller } from './authentication.ts';
import { line, mailAddress, role, uuid } from './shapes.ts';

/** People as requests and answers name them. */

/** Whoever asks, as he is told it. */
export const me = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    role,
    language: z.enum(languages),
  })
  .meta({ id: 'Me' });

export function meOf({ userId: id, name, email, role: hiredAs, language }: Caller): z.infer<typeof me> {
  return { id, name, email, role: hiredAs, language };
}

/** Which files a collector sees. */
export const portfolio = z
  .enum(['all', 'own'])
  .describe('Of a collector: all files, or those alone that name him.');

/** Somebody who is added, with a key or by a link. Nobody comes to see all files because it was not said which. */
export const newcomer = z
  .strictObject({
    name: line(200),
    email: mailAddress.optional(),
    role,
    language: z.enum(languages).default('fr'),
    portfolio: portfolio.optional().meta({
      description: 'Which files he sees: all, or those alone that name him. To be said of a collector.',
    }),
    firmId: uuid.optional().meta({
      description:
        'Of an external firm: for which firm he comes in; for a new one of his own name when absent.',
    }),
  })
  .refine(({ role: hiredAs, firmId }) => firmId === undefined || hiredAs === 'external_firm', {
    path: ['firmId'],
    message: 'only an external firm comes in for a firm: give the role external_firm, or leave it out',
  })
  .refine(({ role: hiredAs, portfolio: sees }) => hiredAs !== 'collector' || sees !== undefined, {
    path: ['portfolio'],
    message: 'which files a collector sees must be said: give own for those that name him, or all',
  });
