import { dayInZone } from '../db/calendars.ts';
import type { Desk, InvoiceFile } from '../db/desk.ts';
import { uuidv7 } from '../db/uuid.ts';
import { askedCentsOf, contestedCentsOf } from '../domain/collection.ts';
import type { Action } from '../domain/decision.ts';
import type { InternalNotice, InternalTemplateKey, Language } from '../domain/message.ts';
import { daysBetween } from '../domain/time.ts';

/** Who is told first that work is late, and who next. */
const rolesTold = { owner: ['collector'], manager: ['credit_manager', 'admin'] } as const;

/** Plans a mail to the people concerned: a task or a draft waits longer than it may. Nobody with an address, nobody told. */
export async function remindOfTask(
  desk: Desk,
  file: InvoiceFile,
  { taskId, tell }: Extract<Action, { do: 'remindTask' }>,
): Promise<void> {
  const people = await desk.tx
    .selectFrom('app_user')
    .selectAll()
    .where('role', 'in', rolesTold[tell])
    .where('email', 'is not', null)
    .where('disabled_at', 'is', null)
    .execute();
  if (people.length === 0) return;
  const creditor = await desk.tx
    .selectFrom('creditor')
    .selectAll()
    .where('id', '=', file.collection.creditorId)
    .executeTakeFirstOrThrow();
  const debtor = await desk.tx
    .selectFrom('debtor')
    .select('name')
    .where('id', '=', file.debtorId)
    .executeTakeFirstOrThrow();
  const invoice = await desk.tx
    .selectFrom('invoice')
    .select(['number', 'term', 'due_date', 'order_number'])
    .where('id', '=', file.id)
    .executeTakeFirstOrThrow();
  const task = file.collection.tasks.find((open) => open.taskId === taskId);
  const today = dayInZone(creditor.zone, desk.now);
  const at = new Date(desk.now);

  for (const person of people) {
    const language: Language = person.language === 'en' ? 'en' : 'fr';
    const notice: InternalNotice = {
      template: templateOf(task?.task, tell),
      language,
      today,
      creditorName: creditor.legal_name ?? creditor.key,
      recipientName: person.name,
      debtorName: debtor.name,
      title: titles[language][task?.task ?? 'draft'] ?? '',
      ...(task ? { dueDate: task.dueOn } : {}),
      lines: [
        {
          number: invoice.number,
          term: invoice.term,
          dueDate: invoice.due_date,
          ...(invoice.order_number ? { orderNumber: invoice.order_number } : {}),
          amountCents: file.collection.amountCents,
          balanceCents: file.collection.balanceCents,
          contestedCents: contestedCentsOf(file.collection),
          askedCents: askedCentsOf(file.collection),
          currency: file.collection.currency,
          daysLate: daysBetween(invoice.due_date, today),
          stepTaken: true,
        },
      ],
    };
    await desk.tx
      .insertInto('message')
      .values({
        id: uuidv7(),
        key: `internal/${taskId}/${tell}/${file.id}/${person.id}`,
        purpose: 'internal',
        creditor_id: creditor.id,
        debtor_id: file.debtorId,
        user_id: person.id,
        channel: 'email',
        language,
        template: notice.template,
        state: 'planned',
        planned_at: at,
        state_at: at,
        figures: JSON.stringify(notice),
        recipient: person.email ?? '',
        sha256: '',
      })
      .onConflict((clash) => clash.column('key').doNothing())
      .execute();
  }
  desk.poke(file.debtorId);
}

function templateOf(task: string | undefined, tell: 'owner' | 'manager'): InternalTemplateKey {
  if (task === undefined) return 'internal_draft_waiting';
  if (task === 'escalation') return 'internal_escalation';
  return tell === 'owner' ? 'internal_task_due' : 'internal_task_late';
}

const titles: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  fr: {
    draft: 'relire un message avant envoi',
    call: 'appeler le débiteur',
    manual: 'faire l’étape à la main',
    post: 'poster un courrier',
    presentation: 'noter la présentation du recommandé',
    escalation: 'décider de la suite du dossier',
    unreachable: 'trouver une adresse du débiteur',
    dispute: 'traiter la contestation',
    hand_over: 'valider le passage au contentieux',
    insolvency: 'déclarer la créance',
    bounced_late: 'un message est revenu après coup',
    stuck: 'un message ne peut pas partir',
  },
  en: {
    draft: 'review a message before it leaves',
    call: 'call the debtor',
    manual: 'do the step by hand',
    post: 'post a letter',
    presentation: 'record the presentation of the registered letter',
    escalation: 'decide how the file goes on',
    unreachable: 'find an address of the debtor',
    dispute: 'handle the dispute',
    hand_over: 'approve the hand-over to litigation',
    insolvency: 'declare the claim',
    bounced_late: 'a message came back afterwards',
    stuck: 'a message cannot leave',
  },
};
