import type { Approval, Debtor, Message, Page, Stop, Task, TaskAnswer } from './answers.ts';
import type { Client } from './client.ts';
import type { Command } from './command.ts';
import { counted } from './counted.ts';
import { needed, sayRecorded, sendMe, uuidGiven } from './fact-commands.ts';
import { Mistake } from './mistake.ts';
import { moment, money, say, table } from './paper.ts';
import { dayTyped, isUuid } from './typed.ts';
import { whichInvoice } from './which-invoice.ts';

/** What Relance asks of people, and the switch that silences it. */
export const workCommands: readonly Command[] = [
  {
    name: 'tasks',
    usage: '[--kind KIND]',
    summary: 'Open tasks by due day',
    options: { kind: { type: 'string' } },
    words: [0, 0],
    run: async ({ client, options }) => {
      const { items } = await client.get<Page<Task>>('/v1/tasks', { kind: options['kind'], limit: '200' });
      if (items.length === 0) return void say('No open tasks.');
      const rows = items.map((task) => [
        task.id,
        task.dueOn,
        task.kind,
        stepsNamed(task.invoices),
        task.debtor.name,
        task.invoices.map((invoice) => invoice.number).join(', '),
        task.outcomes.join('|'),
      ]);
      say(
        table(
          [
            { title: 'TASK' },
            { title: 'DUE' },
            { title: 'KIND' },
            { title: 'STEP' },
            { title: 'DEBTOR' },
            { title: 'INVOICES' },
            { title: 'ENDS AS' },
          ],
          rows,
        ),
      );
    },
  },
  {
    name: 'task done',
    usage: 'TASK OUTCOME [--on DAY] [--tracking NUMBER] [--reason CODE] [--comment TEXT]',
    summary: 'Say how a task ended',
    options: {
      on: { type: 'string' },
      tracking: { type: 'string' },
      reason: { type: 'string' },
      comment: { type: 'string' },
    },
    words: [2, 2],
    run: async ({ client, words: [task = '', outcome = ''], options }) => {
      const id = uuidGiven(task, 'task');
      const kind = options['on'] === undefined ? undefined : await kindOf(client, id);
      const day =
        options['on'] === undefined
          ? {}
          : { [kind === 'presentation' ? 'presentedOn' : 'postedOn']: dayTyped(options['on']) };
      const { tracking, reason, comment } = options;
      const answer = await client.post<TaskAnswer>(`/v1/tasks/${id}/outcome`, {
        outcome,
        ...day,
        ...(tracking === undefined ? {} : { trackingNumber: tracking }),
        ...(reason === undefined ? {} : { reason }),
        ...(comment === undefined ? {} : { comment }),
      });
      for (const recorded of answer.invoices) sayRecorded(recorded);
      if (answer.nextTaskId) say(`What follows is task ${answer.nextTaskId}.`);
      sayAsked(answer);
    },
  },
  {
    name: 'drafts',
    usage: '',
    summary: "Messages that wait for a person's word",
    words: [0, 0],
    run: async ({ client }) => {
      const { items } = await client.get<Page<Message>>('/v1/drafts', { limit: '200' });
      if (items.length === 0) return void say('No drafts wait.');
      const rows = items.map((draft) => {
        const taken = draft.invoices.filter((one) => one.taken);
        return [
          draft.id,
          stepsNamed(taken),
          draft.channel,
          draft.debtor?.name ?? '',
          taken.map((one) => one.number).join(', '),
        ];
      });
      say(
        table(
          [
            { title: 'DRAFT' },
            { title: 'STEP' },
            { title: 'CHANNEL' },
            { title: 'DEBTOR' },
            { title: 'INVOICES' },
          ],
          rows,
        ),
      );
      say(`See each at ${client.url}/outbox/DRAFT, and say yes with: relance approve DRAFT`);
    },
  },
  {
    name: 'approve',
    usage: 'DRAFT [--text WORDS]',
    summary: 'Say yes to a draft as it is now, or with your own words',
    options: { text: { type: 'string' } },
    words: [1, 1],
    run: async ({ client, words: [draft = ''], options }) => {
      const message = await client.get<Message>(`/v1/messages/${uuidGiven(draft, 'draft')}`);
      const { text } = options;
      const answer = await client.post<TaskAnswer>(`/v1/drafts/${message.id}/approval`, {
        digest: message.digest,
        ...(text === undefined ? {} : { freeText: text }),
      });
      for (const recorded of answer.invoices) sayRecorded(recorded);
      sayAsked(answer);
    },
  },
  {
    name: 'approvals',
    usage: '',
    summary: 'Grave acts that wait for the yes of another person',
    words: [0, 0],
    run: async ({ client }) => {
      const { items } = await client.get<Page<Approval>>('/v1/approvals', { limit: '200' });
      if (items.length === 0) return void say('Nothing waits for a yes.');
      const rows = items.map((one) => [
        one.id,
        one.text,
        money(one.amount),
        one.debtor.name,
        one.invoices.map(({ number }) => number).join(', '),
        one.askedBy.name ?? '',
        one.expiresAt.slice(0, 10),
      ]);
      say(
        table(
          [
            { title: 'APPROVAL' },
            { title: 'ACT' },
            { title: 'AMOUNT', right: true },
            { title: 'DEBTOR' },
            { title: 'INVOICES' },
            { title: 'ASKED BY' },
            { title: 'UNTIL' },
          ],
          rows,
        ),
      );
      say('Say yes with: relance grant APPROVAL, or no with: relance refuse APPROVAL --reason CODE');
    },
  },
  {
    name: 'grant',
    usage: 'APPROVAL [--comment TEXT]',
    summary: 'Say yes to what another person asked for; it is done at once',
    options: { comment: { type: 'string' } },
    words: [1, 1],
    run: ({ client, words: [approval = ''], options }) =>
      decide(client, approval, { decision: 'approve', ...commentOf(options) }),
  },
  {
    name: 'refuse',
    usage: 'APPROVAL --reason CODE [--comment TEXT]',
    summary: 'Say no to what another person asked for, or take back what you asked for yourself',
    options: { reason: { type: 'string' }, comment: { type: 'string' } },
    words: [1, 1],
    run: ({ client, words: [approval = ''], options }) =>
      decide(client, approval, {
        decision: 'refuse',
        reason: needed(options, 'reason', 'too_early'),
        ...commentOf(options),
      }),
  },
  {
    name: 'send-me',
    usage: 'INVOICE STEP',
    summary: 'Send a sample of a step to yourself',
    words: [2, 2],
    run: ({ client, words: [named = '', step = ''] }) => sendMe(client, named, step),
  },
  {
    name: 'stop',
    usage:
      '[--scope everything|creditor|debtor|invoice] [--subject ID] --reason TEXT [--until DAY] [--dry-run]',
    summary:
      'Pull the stop switch: nothing leaves through a last day, or until it is lifted; or count what would be silent',
    options: {
      scope: { type: 'string' },
      subject: { type: 'string' },
      reason: { type: 'string' },
      until: { type: 'string' },
      'dry-run': { type: 'boolean' },
    },
    words: [0, 0],
    run: async ({ client, options }) => {
      const scope = options['scope'] ?? 'everything';
      const subject = options['subject'];
      const subjectId =
        subject === undefined || isUuid(subject) || scope !== 'invoice'
          ? subject
          : (await whichInvoice(client, subject)).id;
      const stop = await client.post<Stop>('/v1/stops', {
        scope,
        reason: needed(options, 'reason', '"wrong bank details"'),
        ...(subjectId === undefined ? {} : { subjectId }),
        ...(options['until'] === undefined ? {} : { until: dayTyped(options['until']) }),
        ...(options['dry-run'] === undefined ? {} : { dryRun: true }),
      });
      const { invoices, debtors, requests, owed } = stop.silences;
      const silent = `${counted(invoices, 'open invoice')} of ${counted(debtors, 'debtor')}${owed.length > 0 ? ` (${owed.map(money).join(' + ')})` : ''}`;
      if (options['dry-run'] !== undefined)
        return void say(
          `It would silence ${silent}; ${counted(requests, 'message')} would wait at the door.`,
        );
      say(`Stopped: ${silent}; waiting at the door: ${counted(requests, 'message')}.`);
      if (stop.endsAt !== null) say(`It is lifted by itself at ${moment(stop.endsAt)}.`);
      say(`Lift it with: relance stop lift ${stop.id}`);
    },
  },
  {
    name: 'stop list',
    usage: '',
    summary: 'The stops in force',
    words: [0, 0],
    run: async ({ client }) => {
      const { items } = await client.get<Page<Stop>>('/v1/stops');
      if (items.length === 0) return void say('No stop is in force.');
      say(
        table(
          [
            { title: 'STOP' },
            { title: 'SINCE' },
            { title: 'UNTIL' },
            { title: 'SCOPE' },
            { title: 'INVOICES', right: true },
            { title: 'REASON' },
          ],
          items.map((stop) => [
            stop.id,
            stop.since.slice(0, 16),
            stop.until ?? '',
            stop.scope,
            String(stop.silences.invoices),
            stop.reason,
          ]),
        ),
      );
    },
  },
  {
    name: 'stop lift',
    usage: '[STOP]',
    summary: 'Lift a stop; what has gathered leaves little by little',
    words: [0, 1],
    run: async ({ client, words: [given] }) => {
      const { items } = await client.get<Page<Stop>>('/v1/stops');
      const [first] = items;
      if (given === undefined && (!first || items.length > 1))
        throw new Mistake(
          items.length === 0
            ? 'No stop is in force.'
            : 'Several stops are in force: give the id of one, as relance stop list shows it.',
        );
      const answer = await client.post<{ restarting: number; lastAt: string }>(
        `/v1/stops/${given ?? first?.id}/lift`,
      );
      say(
        answer.restarting === 0
          ? 'Lifted; nothing was waiting.'
          : `Lifted; ${answer.restarting} debtors get their turn, the last at ${answer.lastAt.slice(0, 16)} UTC.`,
      );
    },
  },
  {
    name: 'debtors',
    usage: '[--search TEXT]',
    summary: 'Who owes',
    options: { search: { type: 'string' } },
    words: [0, 0],
    run: async ({ client, options }) => {
      const { items } = await client.get<Page<Debtor>>('/v1/debtors', {
        q: options['search'],
        owing: 'true',
        limit: '200',
      });
      if (items.length === 0) return void say('Nobody owes anything.');
      const rows = items.map((debtor) => [
        debtor.id,
        debtor.name,
        debtor.open.map((sum) => String(sum.invoices)).join(' + '),
        debtor.open.map((sum) => money(sum.balance)).join(' + '),
      ]);
      say(
        table(
          [
            { title: 'ID' },
            { title: 'DEBTOR' },
            { title: 'OPEN', right: true },
            { title: 'OWED', right: true },
          ],
          rows,
        ),
      );
    },
  },
];

async function decide(client: Client, approval: string, word: object): Promise<void> {
  const id = uuidGiven(approval, 'approval');
  const answer = await client.post<TaskAnswer>(`/v1/approvals/${id}/decision`, word);
  // A yes and what it brings are two facts of an invoice: how it stands after both is said once.
  const last = new Map(answer.invoices.map((recorded) => [recorded.invoice.id, recorded]));
  for (const recorded of last.values()) sayRecorded(recorded);
}

function commentOf({ comment }: Readonly<Record<string, string | undefined>>): object {
  return comment === undefined ? {} : { comment };
}

function sayAsked({ approvalId }: TaskAnswer): void {
  if (approvalId !== undefined)
    say(`It is asked for, not done: another person says yes with: relance grant ${approvalId}`);
}

/** A day means another thing for a letter that was posted than for one that was presented. */
async function kindOf(client: Client, id: string): Promise<string | undefined> {
  const { items } = await client.get<Page<Task>>('/v1/tasks', { kind: 'presentation', limit: '200' });
  return items.find((task) => task.id === id)?.kind;
}

/** The steps that a task or a draft is about: several when one message takes them for several invoices. */
function stepsNamed(invoices: readonly { readonly stepName: string | null }[]): string {
  return [...new Set(invoices.flatMap(({ stepName }) => stepName ?? []))].join(', ');
}
