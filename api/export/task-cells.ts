import type { listTasks } from '../../db/work-reads.ts';
import type { Language } from '../../domain/message.ts';
import { capital, outcomeInWords, taskInWords } from '../words.ts';
import type { Cell } from './csv.ts';

/** A task as rows of a spreadsheet: one for each invoice that it is about, so that their balances can be summed. */
export const taskHead = {
  fr: [
    'À faire le',
    'Tâche',
    'Débiteur',
    'Créancier',
    'Facture',
    'Terme',
    'Reste dû',
    'Devise',
    'Confiée à',
    'Rappels',
    'Issue',
    'Tâche n°',
  ],
  en: [
    'Due on',
    'Task',
    'Debtor',
    'Creditor',
    'Invoice',
    'Term',
    'Balance',
    'Currency',
    'Owner',
    'Reminders',
    'Outcome',
    'Task id',
  ],
} as const satisfies Record<Language, readonly string[]>;

export function taskRows(
  task: Awaited<ReturnType<typeof listTasks>>[number],
  language: Language,
): readonly (readonly Cell[])[] {
  const invoices = task.invoices.length === 0 ? [undefined] : task.invoices;
  return invoices.map((invoice) => [
    { day: task.due_on },
    capital(taskInWords(task.kind, language, task)),
    task.debtorName,
    task.creditorName,
    invoice?.number ?? null,
    invoice ? { count: invoice.term } : null,
    invoice ? { cents: invoice.balanceCents } : null,
    invoice?.currency ?? null,
    task.owner,
    { count: task.reminders },
    task.outcome === null ? null : outcomeInWords(task.outcome, language),
    task.id,
  ]);
}
