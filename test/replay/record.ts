import { describe, it } from 'vitest';
import { dayMs } from '../../domain/time.ts';
import type { Invoice } from '../stories/invoice.ts';
import { begin } from '../stories/world.ts';
import type { Story } from '../stories/world.ts';
import { isRecorded, keepHistories, untilEnded } from './histories.ts';

/**
 * Records golden histories from lives in the real engine, by hand: `npx vitest run --config test/replay/record.config.ts`.
 *
 * A life that is recorded already is left out, because a recorded history never changes. Each scenario lives to its
 * hand-over, each other exit and each turn that a file can take has a life of its own.
 */
interface Life {
  readonly name: string;
  readonly scenario?: 'standard' | 'good-payer' | 'risky' | 'public-body' | 'abroad';
  live(story: Story, invoice: Invoice): Promise<void>;
}

const lives: readonly Life[] = [
  { name: 'standard-handed-over', scenario: 'standard', live: willingPeople },
  { name: 'good-payer-handed-over', scenario: 'good-payer', live: willingPeople },
  { name: 'risky-handed-over', scenario: 'risky', live: willingPeople },
  { name: 'public-body-handed-over', scenario: 'public-body', live: willingPeople },
  { name: 'abroad-handed-over', scenario: 'abroad', live: willingPeople },
  {
    name: 'paid-in-two-parts',
    live: async (story, invoice) => {
      await story.until('2026-03-20');
      await invoice.pays(500);
      await story.until('2026-04-09');
      await invoice.pays();
    },
  },
  {
    name: 'cancelled',
    live: async (story, invoice) => {
      await story.until('2026-03-20');
      await invoice.cancelled();
    },
  },
  {
    name: 'written-off',
    live: async (story, invoice) => {
      await story.until('2026-04-16');
      await invoice.writtenOff();
    },
  },
  {
    name: 'disputed-and-resolved',
    live: async (story, invoice) => {
      await story.until('2026-03-20');
      const part = await invoice.disputes(400);
      await story.until('2026-03-31');
      const rest = await invoice.disputes();
      await story.until('2026-04-10');
      await part.resolved('unjustified');
      await invoice.creditNote(300);
      await rest.resolved('justified');
      await story.until('2026-04-24');
      await invoice.pays();
    },
  },
  {
    name: 'promise-broken',
    live: async (story, invoice) => {
      await story.until('2026-03-20');
      await invoice.promises({ by: '2026-03-27' });
      await story.until('2026-03-27');
      await invoice.pays(600);
      await story.until('2026-04-10');
      await invoice.pays();
    },
  },
  {
    name: 'held-for-months',
    live: async (story, invoice) => {
      await story.until('2026-03-20');
      const hold = await invoice.isHeld(null);
      await story.until('2026-06-12');
      await hold.lifted();
      await story.until('2026-06-16');
      await invoice.pays();
    },
  },
  {
    name: 'call-let-go-and-asked-again',
    live: async (story, invoice) => {
      await story.until('2026-04-15');
      await invoice.task('call', 'not_reached');
      await story.until('2026-04-17');
      const payment = await invoice.pays();
      await story.until('2026-04-20');
      await invoice.comesBack(payment);
      await story.until('2026-04-22');
      await invoice.callReached();
      await invoice.pays();
    },
  },
  {
    name: 'insolvent',
    live: async (story, invoice) => {
      await story.until('2026-04-15');
      await story.people.ask('POST', `/debtors/${invoice.debtorId}/insolvency`, { judgmentOn: '2026-04-14' });
      await invoice.task('insolvency', 'done');
      await story.until('2026-06-30');
      await invoice.writtenOff();
    },
  },
  {
    name: 'act-failed-for-a-day',
    live: async (story, invoice) => {
      await story.until('2026-03-18');
      await invoice.isUnreadableFor(dayMs);
      await story.until('2026-03-24');
      await invoice.pays();
    },
  },
];

/** What the names of lives end in whose acts run beside the workflow. */
const generation = 'local';

describe('the life', () => {
  for (const { name: life, scenario = 'standard', live } of lives) {
    const name = `${life}-${generation}`;
    it.skipIf(isRecorded(name))(name, async () => {
      const story = await begin({ day: '2026-03-02' });
      const debtor = await story.debtor({ scenario });
      const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

      await live(story, invoice);

      const { client } = story.engine.environment;
      await untilEnded(client, `invoice/${invoice.id}`);
      await keepHistories(client, name, `invoice/${invoice.id}`);
    });
  }

  // The second courtesy, a day after the first, waits at the door for the day after.
  it.skipIf(isRecorded('door'))('door', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    await debtor.owes({ number: 'F-2', amount: 300, due: '2026-03-17' });

    await story.until('2026-03-12');

    const { client } = story.engine.environment;
    await untilEnded(client, `debtor/${debtor.id}`);
    await keepHistories(client, 'door', `debtor/${debtor.id}`);
  });
});

/** People who do each evening what they are asked; letters are presented three days after they were posted. */
async function willingPeople(story: Story, invoice: Invoice): Promise<void> {
  for (
    let day = new Date('2026-03-03');
    (await invoice.state()) !== 'handed_over';
    day = new Date(day.getTime() + 86_400_000)
  ) {
    if (day > new Date('2026-09-01'))
      throw new Error(`the invoice was not handed over: ${await invoice.state()}`);
    const date = day.toISOString().slice(0, 10);
    await story.until(date);
    for (const { task, dueOn } of (await invoice.file()).tasks) {
      if (task === 'call') await invoice.callReached();
      else if (task === 'post') await invoice.postsLetter();
      else if (task === 'presentation' && dueOn <= date) await invoice.presentedOn(date);
      else if (task === 'hand_over') await invoice.approvesHandOver();
    }
    if ((await invoice.state()) === 'awaiting_approval') await invoice.approvesDraft();
  }
}
