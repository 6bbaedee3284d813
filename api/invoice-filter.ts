import type { z } from 'zod';
import type { InvoiceFilter } from '../db/invoice-reads.ts';
import { known } from './known.ts';
import { civilDate, flag, level, line, uuid } from './shapes.ts';

/** By what a list of invoices is cut, on a page and in a file alike. */
export const invoiceFilter = {
  state: line(300).optional().describe('One state, or several with commas between them.'),
  open: flag.optional(),
  creditor: uuid.optional(),
  debtor: uuid.optional(),
  import: uuid.optional(),
  number: line(200).optional().describe('The whole number.'),
  q: line(200).optional().describe("Part of the number or of the debtor's name."),
  dueBefore: civilDate.optional(),
  dueAfter: civilDate.optional(),
  late: flag.optional().describe('Open, owed and past the due date.'),
  level: level.optional(),
};

type Asked = z.infer<z.ZodObject<typeof invoiceFilter>>;

export function invoiceFilterFrom(given: Asked, today: string): InvoiceFilter {
  const {
    state,
    open,
    creditor,
    debtor,
    number,
    q,
    dueBefore,
    dueAfter,
    late,
    level: reached,
    import: importId,
  } = given;
  return known({
    states: state?.split(',').map((one) => one.trim()),
    open,
    creditorId: creditor,
    debtorId: debtor,
    number,
    text: q,
    dueBefore,
    dueAfter,
    lateOn: late ? today : undefined,
    level: reached,
    importId,
  });
}
