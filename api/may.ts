import type { Role } from '../domain/role.ts';

/** Who works files: agrees with debtors, answers tasks, approves drafts. */
export const collectors: readonly Role[] = ['admin', 'credit_manager', 'collector', 'legal'];

/** Who records money and corrects papers. */
export const accountants: readonly Role[] = ['admin', 'credit_manager', 'collector', 'accountant'];

/** Who hears of objections first: those who sold or delivered among them. */
export const objectors: readonly Role[] = [...collectors, 'accountant', 'sales', 'resolver'];

/** Who gives up money or cancels papers. */
export const deciders: readonly Role[] = ['admin', 'credit_manager', 'accountant'];
