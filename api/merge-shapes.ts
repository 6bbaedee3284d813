import { z } from 'zod';
import type { MergePreview, MergeSide } from '../db/merge-preview.ts';
import type { MergeInList } from '../db/merge-reads.ts';
import { mergeConflictCodes } from '../domain/merge/conflicts.ts';
import type { MergeConflict } from '../domain/merge/conflicts.ts';
import type { Language } from '../domain/message.ts';
import { conflictInWords } from './merge-words.ts';
import { instant, instantOf, money, moneyOf } from './shapes.ts';

/** How two debtors who may be one are shown before and after they are merged. */
const party = z.object({ id: z.string(), name: z.string() });

const side = party.extend({
  siren: z.string().nullable(),
  vatNumber: z.string().nullable(),
  reference: z.string().nullable(),
  insolventOn: z.string().nullable(),
  files: z.int().describe('All invoices, the closed ones too.'),
  open: z.array(z.object({ invoices: z.int(), balance: money })).describe('One entry per currency.'),
  credits: z.array(z.object({ creditorId: z.string(), amount: money })),
  contacts: z.int(),
  holds: z.int().describe('Holds in force on all of him; merged, they silence the files of both.'),
  promises: z.int(),
  plans: z.int(),
  disputes: z.int(),
  litigation: z.int(),
  tasks: z.int(),
  approvals: z.int(),
  requests: z.int().describe('Steps that wait at his door.'),
  messagesUnderWay: z.int().describe('Claimed by a worker, or with an outcome that nobody knows yet.'),
});

export const conflict = z.object({
  code: z.enum(mergeConflictCodes as [string, ...string[]]),
  prevents: z.boolean().describe('Whether the two can’t be merged as long as it is so.'),
  text: z.string(),
});

export const mergePreview = z
  .object({ gone: side, into: side, conflicts: z.array(conflict) })
  .meta({ id: 'MergePreview' });

export const merge = z
  .object({
    id: z.string(),
    gone: party.describe('Whose id is an old name of the other one.'),
    into: party,
    mergedAt: instant,
    mergedBy: z.string(),
    undoUntil: instant,
    undoneAt: instant.nullable(),
    invoices: z.int().describe('That came.'),
  })
  .meta({ id: 'Merge' });

export function mergeOf(row: MergeInList): z.infer<typeof merge> {
  return {
    id: row.id,
    gone: row.gone,
    into: row.into,
    mergedAt: instantOf(row.mergedAt),
    mergedBy: row.mergedBy,
    undoUntil: instantOf(row.undoUntil),
    undoneAt: instantOf(row.undoneAt),
    invoices: row.invoices,
  };
}

export function previewOf(
  { gone, into, conflicts }: MergePreview,
  language: Language,
): z.infer<typeof mergePreview> {
  return {
    gone: sideOf(gone),
    into: sideOf(into),
    conflicts: conflicts.map((one) => conflictOf(one, language)),
  };
}

export function conflictOf({ code, prevents }: MergeConflict, language: Language): z.infer<typeof conflict> {
  return { code, prevents, text: conflictInWords(code, language) };
}

function sideOf({ twin, mergedInto: _none, open, credits, ...rest }: MergeSide): z.infer<typeof side> {
  return {
    ...rest,
    siren: twin.siren,
    vatNumber: twin.vatNumber,
    insolventOn: twin.insolventOn,
    files: twin.files,
    open: open.map(({ currency, invoices, balanceCents }) => ({
      invoices,
      balance: moneyOf(balanceCents, currency),
    })),
    credits: credits.map(({ creditorId, currency, cents }) => ({
      creditorId,
      amount: moneyOf(cents, currency),
    })),
  };
}
