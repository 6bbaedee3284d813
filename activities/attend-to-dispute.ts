import type { Tx } from '../db/database.ts';
import { climbOf } from '../db/disputes.ts';
import { ourselves } from '../db/desk.ts';
import type { Desk, InvoiceFile } from '../db/desk.ts';
import { moneyInWords } from './compose/money-in-words.ts';
import { isOver } from '../domain/collection.ts';
import type { Dispute } from '../domain/collection.ts';
import { nextOnLadder, termOf } from '../domain/dispute/ladder.ts';
import type { Rung, Stage } from '../domain/dispute/ladder.ts';
import { reasonInWords } from '../domain/dispute/reason.ts';
import type { Language } from '../domain/message.ts';
import type { CivilDate, Instant } from '../domain/time.ts';
import { managersOf, ownersOf } from './remind-of-task.ts';
import { tellPeople } from './tell-people.ts';
import type { Person, Telling } from './tell-people.ts';

/**
 * Looks at the ladder of one dispute: tells whoever has its stage, and from its term on the managers, each rung once.
 *
 * Null: it is decided, or nothing is owed any more; money that comes back has it looked at again. What a partner pursues
 * is examined all the same: he was told to wait for it. A rung is climbed by its
 * fact, in the transaction of its mails, so a second try finds it behind.
 */
export async function attendToDispute(desk: Desk, disputeId: string): Promise<Instant | null> {
  const climb = await climbOf(desk.tx, disputeId);
  const file = climb && (await desk.file(climb.invoiceId));
  const dispute = file?.collection.disputes.find((one) => one.disputeId === disputeId);
  if (!climb || !file || !dispute || isOver(file.collection)) return null;

  const { calendar } = file.collection;
  const { due, lookAt } = nextOnLadder(calendar, climb, desk.now);
  if (due) {
    const term = termOf(calendar, climb.since);
    await tell(desk, file, dispute, { ...due, stage: climb.stage, since: climb.since, term });
  }
  return lookAt;
}

interface Due extends Rung {
  readonly stage: Stage;
  readonly since: CivilDate;
  readonly term: CivilDate;
}

async function tell(desk: Desk, file: InvoiceFile, dispute: Dispute, due: Due): Promise<void> {
  const { disputeId } = dispute;
  const { stage, rung, since } = due;
  const resolver = stage === 'answer' ? await resolverOf(desk.tx, disputeId) : undefined;
  const inCharge = resolver ? [resolver] : await ownersOf(desk.tx, await collectorOf(desk.tx, file.id));
  const others = due.managers ? without(await managersOf(desk.tx), inCharge) : [];
  const telling: Telling = {
    key: `dispute/${disputeId}/${stage}/${since}/${rung}`,
    template: due.managers ? 'internal_dispute_late' : 'internal_dispute_due',
    titles: { fr: titleOf(file, dispute, stage, 'fr'), en: titleOf(file, dispute, stage, 'en') },
    dueOn: due.term,
  };
  await desk.state(
    file.id,
    {
      type: 'disputeChased',
      disputeId,
      stage,
      rung,
      told: resolver ? 'resolver' : 'owner',
      people: await tellPeople(desk, [file], inCharge, telling),
      managers: await tellPeople(desk, [file], others, telling),
    },
    ourselves,
  );
}

/** The resolver of a dispute, if he still works here and can be written to; else whoever works the file has to see to it. */
async function resolverOf(tx: Tx, disputeId: string): Promise<Person | undefined> {
  return tx
    .selectFrom('dispute')
    .innerJoin('app_user', 'app_user.id', 'dispute.assigned_to')
    .selectAll('app_user')
    .where('dispute.id', '=', disputeId)
    .where('email', 'is not', null)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
}

async function collectorOf(tx: Tx, invoiceId: string): Promise<string | null> {
  const row = await tx
    .selectFrom('invoice')
    .select('collector')
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  return row.collector;
}

/** Nobody is told twice of the same. */
function without(people: readonly Person[], told: readonly Person[]): readonly Person[] {
  return people.filter(({ id }) => !told.some((other) => other.id === id));
}

function titleOf(
  { collection: { currency } }: InvoiceFile,
  { contestedCents, reason }: Dispute,
  stage: Stage,
  language: Language,
): string {
  const amount = moneyInWords(contestedCents, currency, language);
  const why = reasonInWords(reason, language);
  const { fr, en } = asked[stage];
  return language === 'fr'
    ? `${fr} la contestation de ${amount} (${why})`
    : `${en} the dispute over ${amount} (${why})`;
}

const asked: Readonly<Record<Stage, Readonly<Record<Language, string>>>> = {
  qualification: { fr: 'qualifier', en: 'qualify' },
  answer: { fr: 'instruire', en: 'answer' },
  decision: { fr: 'trancher', en: 'decide' },
};
