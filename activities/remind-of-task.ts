import type { Selectable } from 'kysely';
import { dayInZone } from '../db/calendars.ts';
import type { Tx } from '../db/database.ts';
import type { Desk, InvoiceFile } from '../db/desk.ts';
import type { UserTable } from '../db/schema.ts';
import { foldedName } from '../db/sellers.ts';
import { uuidv7 } from '../db/uuid.ts';
import { askedCentsOf, contestedCentsOf } from '../domain/collection.ts';
import type { Action } from '../domain/decision.ts';
import type { InternalNotice, InternalTemplateKey, Language } from '../domain/message.ts';
import { daysBetween } from '../domain/time.ts';

/**
 * Plans a mail to the people concerned: a task or a draft waits longer than it may.
 *
 * Returns how many are told, so that the fact says it as it is: where nobody has an address, nobody was told.
 */
export async function remindOfTask(
  desk: Desk,
  file: InvoiceFile,
  { taskId, tell }: Extract<Action, { do: 'remindTask' }>,
): Promise<number> {
  const invoice = await desk.tx
    .selectFrom('invoice')
    .select(['number', 'term', 'due_date', 'order_number', 'collector'])
    .where('id', '=', file.id)
    .executeTakeFirstOrThrow();
  const people = tell === 'owner' ? await ownersOf(desk.tx, invoice.collector) : await managersOf(desk.tx);
  if (people.length === 0) return 0;
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
  return people.length;
}

type Person = Selectable<UserTable>;

/** Who works a file when it is his: the roles that may answer its tasks. */
const ownerRoles = ['collector', 'credit_manager', 'admin', 'legal'];

/** The collector whom the file of invoices names, by name or mail; all collectors when it names nobody who is here. */
async function ownersOf(tx: Tx, collector: string | null): Promise<readonly Person[]> {
  const people = await withAddress(tx, ownerRoles);
  const named = collector === null ? [] : people.filter((person) => isNamed(person, collector));
  return named.length > 0 ? named : people.filter(({ role }) => role === 'collector');
}

/** The credit managers, or the admins of a house that has none. */
async function managersOf(tx: Tx): Promise<readonly Person[]> {
  const people = await withAddress(tx, ['credit_manager', 'admin']);
  const managers = people.filter(({ role }) => role === 'credit_manager');
  return managers.length > 0 ? managers : people;
}

function withAddress(tx: Tx, roles: readonly string[]): Promise<readonly Person[]> {
  return tx
    .selectFrom('app_user')
    .selectAll()
    .where('role', 'in', roles)
    .where('email', 'is not', null)
    .where('disabled_at', 'is', null)
    .orderBy('id')
    .execute();
}

/** Files write a person as DUPONT Marie, Marie Dupont or marie.dupont@example.com. */
function isNamed({ name, email }: Person, written: string): boolean {
  return wordsOf(name) === wordsOf(written) || email?.toLowerCase() === written.trim().toLowerCase();
}

function wordsOf(name: string): string {
  return foldedName(name).split(' ').sort().join(' ');
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
    credit_note: 'établir l’avoir de la contestation justifiée',
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
    credit_note: 'issue the credit note of the justified dispute',
    hand_over: 'approve the hand-over to litigation',
    insolvency: 'declare the claim',
    bounced_late: 'a message came back afterwards',
    stuck: 'a message cannot leave',
  },
};
