import type { Refusal } from '../../domain/refusal.ts';
import type { ContactRow } from '../contact-merge.ts';
import type { Desk } from '../desk.ts';

/**
 * Why a contact of a locked debtor is not erased now; null when he may be.
 *
 * Nobody has a right to the erasure of what proves a claim (art. 17(3)(e) GDPR): while a litigation file is open, or an
 * invoice is owed of which he got the formal notice, what he was told may have to be shown to a court. Nor may a debt lose
 * the last person who can be told of it. Whoever objects meanwhile is written to no more, which stands in the remedy.
 */
export async function refusalToErase(
  { tx }: Desk,
  { id: contactId, debtor_id: debtorId, erased_at: erasedAt }: ContactRow,
): Promise<Refusal | null> {
  if (erasedAt !== null)
    return refuse('contact-erased', 'That contact was erased already: nothing is known of him.');

  const underWay = await tx
    .selectFrom('message')
    .select('id')
    .where('contact_id', '=', contactId)
    .where('state', 'in', ['claimed', 'unknown'])
    .limit(1)
    .executeTakeFirst();
  if (underWay)
    return refuse(
      'erasure-under-way',
      'A message to him is on its way, or nobody knows yet whether it left: ask again once it has arrived or failed.',
    );

  const litigation = await tx
    .selectFrom('litigation')
    .select('id')
    .where('debtor_id', '=', debtorId)
    .where('state', '!=', 'closed')
    .limit(1)
    .executeTakeFirst();
  if (litigation)
    return refuse(
      'erasure-claim-pending',
      `A litigation file with his company is open, and what he was told is proof in it: erase him once it is closed. ${silenced}`,
    );

  const notice = await tx
    .selectFrom('message')
    .innerJoin('message_line', 'message_line.message_id', 'message.id')
    .innerJoin('invoice', 'invoice.id', 'message_line.invoice_id')
    .select('invoice.number')
    .where('message.contact_id', '=', contactId)
    .where('message.level', '=', 'formal_notice')
    .where('message_line.request_id', 'is not', null)
    .where('invoice.balance_cents', '>', 0)
    .orderBy('invoice.number')
    .limit(1)
    .executeTakeFirst();
  if (notice)
    return refuse(
      'erasure-claim-pending',
      `He got the formal notice of invoice ${notice.number}, which is still owed: erase him once it is paid or given up. ${silenced}`,
    );

  const owed = await tx
    .selectFrom('invoice')
    .select('number')
    .where('debtor_id', '=', debtorId)
    .where('open', '=', true)
    .limit(1)
    .executeTakeFirst();
  if (!owed) return null;
  const other = await tx
    .selectFrom('contact')
    .select('id')
    .where('debtor_id', '=', debtorId)
    .where('id', '!=', contactId)
    .where('erased_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return other
    ? null
    : refuse(
        'erasure-last-contact',
        `Invoice ${owed.number} is open, and nobody else is known there: add another contact first (POST /v1/debtors/${debtorId}/contacts).`,
      );
}

const silenced = 'Until then PATCH the contact with "optedOut": true, and nothing more is sent to him.';

function refuse(code: Refusal['code'], message: string): Refusal {
  return { code, message };
}
