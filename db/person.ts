import type { Language } from '../domain/message.ts';
import type { Role } from '../domain/role.ts';
import type { Portfolio } from './visible.ts';

/** Who stands behind a key or a session. */
export interface Person {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  readonly email: string | null;
  readonly language: Language;
  readonly portfolio: Portfolio;
}

/** What is read of a user to know the person, and the person. */
export const personColumns = [
  'app_user.id as userId',
  'app_user.name',
  'app_user.role',
  'app_user.email',
  'app_user.language',
  'app_user.portfolio',
] as const;

/** The person, without what else was read with it. */
export function personFrom({ userId, name, role, email, language, portfolio }: Person): Person {
  return { userId, name, role, email, language, portfolio };
}
