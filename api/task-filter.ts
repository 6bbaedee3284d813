import { z } from 'zod';
import type { WorkFilter } from '../db/work-reads.ts';
import { known } from './known.ts';
import { civilDate, line, uuid } from './shapes.ts';

/** By what a list of tasks is cut, on a page and in a file alike. */
export const taskFilter = {
  debtor: uuid.optional(),
  invoice: uuid.optional(),
  creditor: uuid.optional(),
  kind: line(30).optional(),
  owner: line(100).optional(),
  dueBefore: civilDate.optional(),
  state: z.enum(['open', 'done', 'withdrawn', 'any']).default('open'),
};

type Asked = z.infer<z.ZodObject<typeof taskFilter>>;

export function taskFilterFrom({ debtor, invoice, creditor, ...rest }: Asked): WorkFilter {
  return known({ ...rest, debtorId: debtor, invoiceId: invoice, creditorId: creditor });
}
