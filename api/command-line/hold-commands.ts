import type { Page, Recorded, Silence, Stop, WholeInvoice } from './answers.ts';
import type { Client } from './client.ts';
import type { Command } from './command.ts';
import { counted } from './counted.ts';
import { needed, only, sayRecorded } from './fact-commands.ts';
import { Mistake } from './mistake.ts';
import { money, say, table } from './paper.ts';
import { dayTyped, isUuid } from './typed.ts';
import { whichInvoice } from './which-invoice.ts';

/** Keeping silent, whatever it covers: one way to place it, one list, one way to lift it. */
export const holdCommands: readonly Command[] = [
  {
    name: 'hold',
    usage: 'INVOICE|--debtor ID|--creditor ID|--everything --reason CODE [--until DAY] [--dry-run]',
    summary: 'Keep silent through a day or until it is lifted; or count what would be silent',
    options: {
      debtor: { type: 'string' },
      creditor: { type: 'string' },
      everything: { type: 'boolean' },
      reason: { type: 'string' },
      until: { type: 'string' },
      'dry-run': { type: 'boolean' },
    },
    words: [0, 1],
    run: async ({ client, words: [named], options }) => {
      const given = [
        ...(named === undefined
          ? []
          : [{ scope: 'invoice', subjectId: (await whichInvoice(client, named)).id }]),
        ...(['debtor', 'creditor'] as const).flatMap((scope) =>
          options[scope] === undefined ? [] : [{ scope, subjectId: options[scope] }],
        ),
        ...(options['everything'] === undefined ? [] : [{ scope: 'everything' }]),
      ];
      const [covered] = given;
      if (!covered || given.length > 1)
        throw new Mistake(
          'Say what is to be silent: one invoice, --debtor ID, --creditor ID or --everything.',
        );
      const isDry = options['dry-run'] !== undefined;
      const { silences, id } = await client.post<Pick<Stop, 'silences'> & { id?: string }>('/v1/holds', {
        ...covered,
        reason: needed(options, 'reason', 'commercial, waiting_for_document, other'),
        ...(options['until'] === undefined ? {} : { until: dayTyped(options['until']) }),
        ...(isDry ? { dryRun: true } : {}),
      });
      const { invoices, debtors, requests, owed } = silences;
      const sums = owed.length > 0 ? ` (${owed.map(money).join(' + ')})` : '';
      const silent = `${counted(invoices, 'open invoice')} of ${counted(debtors, 'debtor')}${sums}`;
      const waiting = counted(requests, 'message');
      if (isDry) return void say(`It would silence ${silent}; ${waiting} would wait at the door.`);
      say(`Silent: ${silent}; waiting at the door: ${waiting}.`);
      say(`Lift it with: relance lift ${id}`);
    },
  },
  {
    name: 'holds',
    usage: '[--debtor ID]',
    summary: 'All that keeps us silent, holds and stops',
    options: { debtor: { type: 'string' } },
    words: [0, 0],
    run: async ({ client, options }) => {
      const { items } = await client.get<Page<Silence>>('/v1/holds', {
        debtor: options['debtor'],
        limit: '200',
      });
      if (items.length === 0) return void say('Nothing keeps us silent.');
      say(
        table(
          [
            { title: 'HOLD' },
            { title: 'KIND' },
            { title: 'SINCE' },
            { title: 'UNTIL' },
            { title: 'SCOPE' },
            { title: 'OF' },
            { title: 'REASON' },
          ],
          items.map(({ id, kind, since, until, scope, subject, reason }) => [
            id,
            kind,
            since.slice(0, 10),
            until ?? '',
            scope,
            subject?.name ?? '',
            reason,
          ]),
        ),
      );
    },
  },
  {
    name: 'lift',
    usage: 'INVOICE [HOLD]|HOLD',
    summary: 'Lift the hold of an invoice, or any hold or stop by its id',
    words: [1, 2],
    run: async ({ client, words: [named = '', holdId] }) => {
      if (isUuid(named) && holdId === undefined) {
        const one = await silenceWith(client, named);
        if (one) {
          await client.post(one.lift);
          return void say(`Lifted: the ${one.kind} of ${one.subject?.name ?? one.scope}.`);
        }
      }
      const invoice = await whichInvoice(client, named);
      const { holds } = await client.get<WholeInvoice>(`/v1/invoices/${invoice.id}`);
      const inForce = holds.filter(
        (hold) =>
          hold.inForce && !hold.stop && hold.on === 'invoice' && (holdId === undefined || hold.id === holdId),
      );
      const hold = only(inForce, 'hold in force', invoice.number);
      sayRecorded(await client.post<Recorded>(`/v1/invoices/${invoice.id}/holds/${hold.id}/lift`));
    },
  },
];

/** What keeps us silent under that id, if anything does. */
async function silenceWith(client: Client, id: string): Promise<Silence | undefined> {
  let cursor: string | undefined;
  do {
    const query = { limit: '200', ...(cursor === undefined ? {} : { cursor }) };
    const { items, nextCursor } = await client.get<Page<Silence>>('/v1/holds', query);
    const found = items.find((one) => one.id === id);
    if (found) return found;
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  return undefined;
}
