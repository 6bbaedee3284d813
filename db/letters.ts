import { recordOf } from '../domain/collection.ts';
import type { Author, Fact, LetterState } from '../domain/fact.ts';
import type { CivilDate } from '../domain/time.ts';
import { stepsOf } from './deliveries.ts';
import type { MessageStep } from './deliveries.ts';
import type { Answers, Desk, InvoiceFile } from './desk.ts';
import { completeTask } from './tasks.ts';
import type { TaskAnswer } from './tasks.ts';

/** What the post says of a letter: on paper the slip, electronically the provider's proof. */
export interface LetterReport {
  readonly state: LetterState;
  readonly on: CivilDate;
  /** Of a letter that was received, refused or came back: when it was first presented. */
  readonly presentedOn?: CivilDate;
  /** Why it came back, as a code: unclaimed, unknown_address, moved … */
  readonly reason?: string;
  /** The number of the slip or of the provider's proof. */
  readonly proof?: string;
}

/**
 * Records what became of a posted letter, for every invoice that it speaks of.
 *
 * The days of a formal notice run from its first presentation, whether it was then received, refused or left unclaimed.
 * One that came back without having been presented has not been said: its step fails, and a person looks for an address.
 * What is known to be presented stays so, whatever comes back afterwards; then a person looks at why. An electronic letter
 * that was refused, or not accepted in its days, was offered all the same: the notice stands, and a person is asked whether
 * it goes on paper as well.
 */
export async function reportLetter(
  desk: Desk,
  messageId: string,
  { state, on, presentedOn, reason, proof }: LetterReport,
  by: Author,
): Promise<Answers> {
  if (presentedOn !== undefined && presentedOn > on)
    return {
      kind: 'refused',
      refusal: {
        code: 'day-not-possible',
        message: `The letter was ${state} on ${on}, so it was not first presented on ${presentedOn}: give that day or an earlier one.`,
        field: 'presentedOn',
      },
    };
  const recorded: { file: InvoiceFile; fact: Fact }[] = [];
  const steps = await stepsOf(desk.tx, messageId);
  const reported = { messageId, state, on, proof: proof ?? null } as const;
  for (const { invoiceId, step, occurrence } of steps) {
    const fact = { type: 'letterReported', step, occurrence, ...reported } as const;
    const said = await desk.ask(invoiceId, fact, by);
    if (said.kind === 'refused') return said;
    recorded.push(said);
  }

  const task = await desk.tx
    .selectFrom('task')
    .select('id')
    .where('message_id', '=', messageId)
    .where('kind', '=', 'presentation')
    .where('state', '=', 'open')
    .executeTakeFirst();
  if (task) {
    const done = await completeTask(desk, task.id, answerOf({ state, on, presentedOn, reason }), by);
    if (done.kind === 'refused') return done;
    recorded.push(...done.recorded);
  }
  const isUntaken = state === 'expired' || (state === 'refused' && (await isElectronic(desk, steps)));
  if (!isUntaken && (task || state !== 'returned' || reason === 'unclaimed' || presentedOn !== undefined))
    return { kind: 'recorded', recorded };
  for (const { invoiceId, step, occurrence } of steps) {
    const file = await desk.file(invoiceId);
    const channel = file && recordOf(file.collection, step)?.channel;
    if (!file || !channel) continue;
    const why = reason ?? state;
    const body = { type: 'stepFailed', step, occurrence, messageId, channel, reason: why } as const;
    recorded.push({ file, fact: await desk.state(invoiceId, body, by) });
  }
  return { kind: 'recorded', recorded };
}

async function isElectronic(desk: Desk, steps: readonly MessageStep[]): Promise<boolean> {
  const files = await desk.files(steps.map(({ invoiceId }) => invoiceId));
  return files.some(({ id, collection }) => {
    const step = steps.find(({ invoiceId }) => invoiceId === id)?.step;
    return step !== undefined && recordOf(collection, step)?.acceptBy !== undefined;
  });
}

function answerOf({
  state,
  on,
  presentedOn,
  reason,
}: {
  state: LetterState;
  on: CivilDate;
  presentedOn: CivilDate | undefined;
  reason: string | undefined;
}): TaskAnswer {
  if (state === 'returned' && presentedOn === undefined)
    return { outcome: 'cannot_be_done', reason: reason ?? 'returned' };
  return { outcome: 'done', on: presentedOn ?? on };
}
