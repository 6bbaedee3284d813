import type { Desk, InvoiceFile } from '../db/desk.ts';
import { dayAt } from '../domain/calendar.ts';
import { approverRoles } from '../domain/approval/approval.ts';
import type { GraveAct } from '../domain/approval/approval.ts';
import type { Language } from '../domain/message.ts';
import { tellPeople, withAddress } from './tell-people.ts';

/**
 * Tells everybody who may say yes, but its author, that a question is about to lapse.
 *
 * Once for each question, whichever of its invoices comes to say it first. Returns how many are told.
 */
export async function remindApprovers(desk: Desk, file: InvoiceFile, approvalId: string): Promise<number> {
  const approval = await desk.tx
    .selectFrom('approval')
    .selectAll()
    .where('id', '=', approvalId)
    .executeTakeFirstOrThrow();
  const rows = await desk.tx
    .selectFrom('approval_invoice')
    .select('invoice_id')
    .where('approval_id', '=', approvalId)
    .where('open', '=', true)
    .execute();
  const files = await desk.files(rows.map(({ invoice_id: id }) => id));
  const people = (await withAddress(desk.tx, approverRoles)).filter(({ id }) => id !== approval.asked_by);
  const dueOn = dayAt(file.collection.calendar, approval.expires_at);
  return tellPeople(desk, files, people, {
    key: `approval/${approvalId}`,
    template: 'internal_approval_waiting',
    titles: titles[approval.act as GraveAct],
    dueOn,
  });
}

const titles: Readonly<Record<GraveAct, Readonly<Record<Language, string>>>> = {
  formal_notice: { fr: 'envoyer la mise en demeure', en: 'send the formal notice' },
  waiver: { fr: 'accorder une remise', en: 'grant a waiver' },
  write_off: { fr: 'passer en perte', en: 'write off' },
  hand_over: { fr: 'transmettre au contentieux', en: 'hand over to litigation' },
};
