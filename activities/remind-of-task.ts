import type { Tx } from '../db/database.ts';
import type { Desk, InvoiceFile } from '../db/desk.ts';
import { foldedName } from '../db/sellers.ts';
import type { Action } from '../domain/decision.ts';
import type { InternalTemplateKey, Language } from '../domain/message.ts';
import type { Role } from '../domain/role.ts';
import { tellPeople, withAddress } from './tell-people.ts';
import type { Person } from './tell-people.ts';

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
  const { collector } = await desk.tx
    .selectFrom('invoice')
    .select('collector')
    .where('id', '=', file.id)
    .executeTakeFirstOrThrow();
  const people = tell === 'owner' ? await ownersOf(desk.tx, collector) : await managersOf(desk.tx);
  const task = file.collection.tasks.find((open) => open.taskId === taskId);
  const titleIn = (language: Language): string => titles[language][task?.task ?? 'draft'] ?? '';
  return tellPeople(desk, [file], people, {
    // The invoices of a declaration share its task: who is told of it once knows it of all.
    key: task?.task === 'insolvency' ? `${taskId}/${tell}` : `${taskId}/${tell}/${file.id}`,
    template: templateOf(task?.task, tell),
    titles: { fr: titleIn('fr'), en: titleIn('en') },
    ...(task ? { dueOn: task.dueOn } : {}),
  });
}

/** Who works a file when it is his: the roles that may answer its tasks. */
const ownerRoles: readonly Role[] = ['collector', 'credit_manager', 'admin', 'legal'];

/** The collector whom the file of invoices names, by name or mail; all collectors when it names nobody who is here. */
export async function ownersOf(tx: Tx, collector: string | null): Promise<readonly Person[]> {
  const people = await withAddress(tx, ownerRoles);
  const named = collector === null ? [] : people.filter((person) => isNamed(person, collector));
  return named.length > 0 ? named : people.filter(({ role }) => role === 'collector');
}

/** The credit managers, or the admins of a house that has none. */
export async function managersOf(tx: Tx): Promise<readonly Person[]> {
  const people = await withAddress(tx, ['credit_manager', 'admin']);
  const managers = people.filter(({ role }) => role === 'credit_manager');
  return managers.length > 0 ? managers : people;
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
    corrected_invoice: 'établir la facture corrigée de la contestation',
    goodwill: 'faire accorder la remise promise par geste commercial',
    hand_over: 'valider le passage au contentieux',
    insolvency: 'déclarer la créance',
    limitation: 'décider d’une créance prescrite',
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
    corrected_invoice: 'issue the corrected invoice of the dispute',
    goodwill: 'have the waiver granted that was agreed as goodwill',
    hand_over: 'approve the hand-over to litigation',
    insolvency: 'declare the claim',
    limitation: 'decide about a claim past its limitation',
    bounced_late: 'a message came back afterwards',
    stuck: 'a message cannot leave',
  },
};
