import type { Invoice, Page } from './answers.ts';
import type { Client } from './client.ts';
import { Mistake } from './mistake.ts';
import { isUuid } from './typed.ts';

/** The invoice that a person means by its number or its id. Throws a Mistake when there is none, or more than one. */
export async function whichInvoice(client: Client, named: string): Promise<Invoice> {
  if (isUuid(named)) return client.get(`/v1/invoices/${named}`);
  const { items } = await client.get<Page<Invoice>>('/v1/invoices', { number: named, limit: '20' });
  const [only] = items;
  if (only && items.length === 1) return only;
  if (items.length === 0)
    throw new Mistake(
      `No invoice has the number ${named}.\nLook for it with: relance list --search ${named}`,
    );
  const candidates = items.map(
    (item) => `  ${item.id}  ${item.creditor.name}, term ${item.term}, due ${item.dueDate}`,
  );
  throw new Mistake(
    [`Several invoices have the number ${named}. Give the id of one:`, ...candidates].join('\n'),
  );
}
