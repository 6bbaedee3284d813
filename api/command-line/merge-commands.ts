import type { MergeSaid, Page, PreviewSaid, Twins } from './answers.ts';
import type { Command } from './command.ts';
import { counted } from './counted.ts';
import { money, say, table } from './paper.ts';
import { dayTyped, percentTyped } from './typed.ts';

/** Debtors: what was agreed with one, and one company that stands here twice. GONE and INTO are ids of debtors. */
export const mergeCommands: readonly Command[] = [
  {
    name: 'debtor rate',
    usage: 'DEBTOR PERCENT|none [--from DAY]',
    summary:
      'Agree a rate of late payment with a debtor; it holds from tomorrow unless its first day is given',
    options: { from: { type: 'string' } },
    words: [2, 2],
    run: async ({ client, words: [debtorId = '', rate = ''], options: { from } }) => {
      const hundredths = rate === 'none' ? null : Math.round(percentTyped(rate) * 100);
      const { approvalId } = await client.patch<{ approvalId?: string }>(`/v1/debtors/${debtorId}`, {
        penaltyRateHundredths: hundredths,
        ...(from === undefined ? {} : { penaltyRateFrom: dayTyped(from) }),
      });
      if (approvalId !== undefined)
        return void say(
          `It gives up interest that has run, so another person must say yes: approval ${approvalId}.`,
        );
      say(
        hundredths === null
          ? 'Nothing is agreed with him any more.'
          : `Agreed: ${hundredths / 100} % per year.`,
      );
    },
  },
  {
    name: 'debtor twins',
    usage: '[--debtor ID]',
    summary: 'Debtors who are probably one company, the surest first',
    options: { debtor: { type: 'string' } },
    words: [0, 0],
    run: async ({ client, options: { debtor } }) => {
      const { items } = await client.get<Twins>('/v1/likely-twins', { debtor });
      if (items.length === 0) return void say('Nobody looks like another.');
      const columns = ['BY', 'ONE', '', 'OTHER', ''].map((title) => ({ title }));
      say(
        table(
          columns,
          items.map(({ by, one, other }) => [by, one.id, one.name, other.id, other.name]),
        ),
      );
    },
  },
  {
    name: 'debtor merge',
    usage: 'GONE INTO [--dry-run]',
    summary: 'Merge a debtor into another who is the same company, or show what would come together',
    options: { 'dry-run': { type: 'boolean' } },
    words: [2, 2],
    run: async ({ client, words: [goneId = '', intoId = ''], options }) => {
      if (options['dry-run'] !== undefined)
        return void sayPreview(
          await client.post<PreviewSaid>('/v1/merges', { goneId, intoId, dryRun: true }),
        );
      const merged = await client.post<{ mergeId: string; invoices: number; undoUntil: string }>(
        '/v1/merges',
        { goneId, intoId },
      );
      say(`Merged: ${counted(merged.invoices, 'invoice')} came.`);
      say(
        `Until ${merged.undoUntil.slice(0, 10)} it can be taken back with: relance debtor part ${merged.mergeId}`,
      );
    },
  },
  {
    name: 'debtor merges',
    usage: '[--debtor ID] [--all]',
    summary: 'The merges that stand, or all of them, the last one first',
    options: { debtor: { type: 'string' }, all: { type: 'boolean' } },
    words: [0, 0],
    run: async ({ client, options: { debtor, all } }) => {
      const standing = all === undefined ? 'true' : undefined;
      const { items } = await client.get<Page<MergeSaid>>('/v1/merges', { debtor, standing, limit: '200' });
      if (items.length === 0) return void say('No merges.');
      const columns = ['MERGE', 'ON', 'UNDO UNTIL', 'GONE', 'INTO'].map((title) => ({ title }));
      say(
        table(
          columns,
          items.map((one) => [
            one.id,
            one.mergedAt.slice(0, 10),
            one.undoneAt === null ? one.undoUntil.slice(0, 10) : 'taken back',
            one.gone.name,
            one.into.name,
          ]),
        ),
      );
    },
  },
  {
    name: 'debtor part',
    usage: 'MERGE',
    summary: 'Take a merge back: exactly what came goes back',
    words: [1, 1],
    run: async ({ client, words: [id = ''] }) => {
      const { invoices, stayed } = await client.post<{ invoices: number; stayed: number }>(
        `/v1/merges/${id}/undo`,
        {},
      );
      say(`Parted: ${counted(invoices, 'invoice')} went back.`);
      if (stayed > 0)
        say(`${counted(stayed, 'invoice')} registered since the merge stay: look whose they are.`);
    },
  },
];

function sayPreview({ gone, into, conflicts }: PreviewSaid): void {
  const rows = [
    'files',
    'contacts',
    'holds',
    'promises',
    'plans',
    'disputes',
    'litigation',
    'tasks',
  ] as const;
  const owed = (side: PreviewSaid['gone']): string =>
    side.open.map(({ balance }) => money(balance)).join(' + ') || '0';
  say(
    table(
      [
        { title: '' },
        { title: `GONE: ${gone.name}`, right: true },
        { title: `INTO: ${into.name}`, right: true },
      ],
      [
        ['SIREN', gone.siren ?? '', into.siren ?? ''],
        ['owed', owed(gone), owed(into)],
        ...rows.map((what) => [what, String(gone[what]), String(into[what])]),
      ],
    ),
  );
  for (const { prevents, text } of conflicts) say(`${prevents ? 'Prevents it: ' : 'Know: '}${text}`);
}
