import { describe, expect, it } from 'vitest';
import { letterDocument } from '../../activities/compose/letter-document.ts';
import { viewOf } from '../../activities/compose/message-view.ts';
import type { MessageFigures } from '../../domain/message.ts';
import { plain, textOf } from '../activities/compose/figures.ts';
import type { Invoice } from './invoice.ts';
import { begin } from './world.ts';
import type { Story } from './world.ts';

describe('what late payment costs', () => {
  it('is asked from the formal notice on, and the letter states what the API does', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    await story.until('2026-04-15');
    await invoice.callReached();
    await story.until('2026-05-04');
    expect(await asked(story, 'firm')).toEqual([null, null]);

    await invoice.approvesDraft();
    await story.until('2026-05-05');

    const { figures, words } = await notice(story);
    const claim = await claimOn(invoice, figures.today);
    expect(figures.today).toBe('2026-05-05');
    expect(claim.interest.lines).toMatchObject([{ days: 50, rateHundredths: 1_215 }]);
    expect(claim.interest.amount.amount).toBe(1_997);
    expect(await asked(story, 'formal_notice')).toEqual([1_997, 4_000]);
    expect(figures.totals[0]?.beside?.totalCents).toBe(claim.total.amount);
    expect(words).toContain('1 200,00 €\n12,15 %\n19,97 €');
    expect(words).toContain('Somme réclamée au 5 mai 2026\n1 259,97 €');
  });

  it('that cannot be worked out for the want of a rate keeps the notice back, asks a person, and loses nothing', async () => {
    const story = await begin({ day: '2026-11-02', fourEyes: true });
    await story.people.as('Ada').ask('PATCH', '/settings', { fourEyes: false });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-11-16' });
    await story.until('2026-12-16');
    await invoice.callReached();

    await story.until('2027-01-06');
    expect(await invoice.doorSays()).toEqual([
      'Le message réclame des pénalités qui ne peuvent être calculées : il manque le taux d’intérêt légal du 1er semestre 2027. Un administrateur l’ajoute aux valeurs légales.',
    ]);
    expect(await invoice.tasks()).toEqual(['stuck']);
    await expect(claimOn(invoice, '2027-01-06')).rejects.toThrow('law-value-missing');
    await invoice.pays(200);

    for (const [code, value] of [
      ['ecb_refinancing_rate', 265],
      ['legal_rate_business', 280],
    ] as const)
      await story.people.as('Ada').ask('POST', '/law-values', {
        ...{ code, value, from: '2027-01-01', to: '2027-06-30', source: 'A table of the test' },
      });
    await story.until('2027-01-07');
    await invoice.approvesDraft();
    await story.until('2027-01-08');

    const { figures } = await notice(story);
    const claim = await claimOn(invoice, figures.today);
    expect(figures.totals[0]?.beside?.totalCents).toBe(claim.total.amount);
    expect(claim.interest.lines).toHaveLength(3);
    expect((await debtor.post()).at(-1)).toContain('registered_letter formal-notice F-1 1000.00 EUR');
  });
});

describe('penalties that outlive the price', () => {
  it('stay on the debtor’s account, are paid by whoever pays what the letter asks, or waived, and come back with the money', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const owed = { amount: 1200, due: '2026-03-16' };
    const kept = await debtor.owes({ number: 'F-1', ...owed });
    const paid = await debtor.owes({ number: 'F-2', ...owed });
    const waived = await debtor.owes({ number: 'F-3', ...owed });
    const before = await debtor.owes({ number: 'F-4', ...owed });
    await story.until('2026-04-15');
    await kept.callReached();
    await before.pays();
    await story.until('2026-05-04');
    await kept.approvesDraft();
    await story.until('2026-05-05');
    // What nobody has posted has claimed nothing.
    await kept.postsLetter();

    await story.morning('2026-05-12');
    await kept.pays();
    const payment = await story.people.pays({
      creditorId: story.creditor,
      debtorId: debtor.id,
      amount: { amount: 125_997, currency: 'EUR' },
      allocations: [{ invoiceId: paid.id, amount: 120_000 }],
    });
    await story.people.ask('PATCH', `/creditors/${story.creditor}`, { accessories: 'waived' });
    await waived.pays();

    // Nothing had been claimed of what was paid before the notice: nothing is left of it. Interest runs to the payment.
    const accessories = async () => {
      const { items } = await story.people.ask('GET', `/debtors/${debtor.id}/accessories`);
      return (items as unknown as { number: string; state: string; interest: Sum; lumpSum: Sum }[])
        .map(
          ({ number, state, interest, lumpSum }) => `${number} ${state} ${interest.amount} ${lumpSum.amount}`,
        )
        .sort();
    };
    expect([await kept.state(), await paid.state(), await waived.state()]).toEqual(['paid', 'paid', 'paid']);
    expect(await accessories()).toEqual(['F-1 open 2277 4000', 'F-2 paid 1997 4000', 'F-3 waived 2277 4000']);
    expect((await kept.told()).join('\n')).toContain('les pénalités réclamées restent dues par le débiteur');
    const end = (outcome: string) =>
      story.people.ask('POST', `/invoices/${kept.id}/accessories/end`, { outcome });
    await expect(end('paid')).rejects.toThrow('no-credit');

    await paid.comesBack(payment);
    expect(await paid.state()).not.toBe('paid');
    expect((await accessories())[1]).toBe('F-2 reopened 1997 4000');

    await end('waived');
    expect((await accessories())[0]).toBe('F-1 waived 2277 4000');
    await expect(end('waived')).rejects.toThrow('no-accessories');
  });
});

interface ClaimTold {
  readonly interest: { readonly amount: Sum; readonly lines: readonly object[] };
  readonly principal: Sum;
  readonly smallDifference: Sum;
  readonly lumpSum: { readonly amount: Sum };
  readonly total: Sum;
}

interface Sum {
  readonly amount: number;
}

async function claimOn(invoice: Invoice, on: string): Promise<ClaimTold> {
  const told: unknown = await invoice.story.people.ask('GET', `/invoices/${invoice.id}/claim?on=${on}`);
  return told as ClaimTold;
}

/** What the last message of that level asked for beside the price: interest and indemnity, as its line was written down. */
async function asked(story: Story, level: 'firm' | 'formal_notice'): Promise<readonly (number | null)[]> {
  const row = await story.engine.house.db
    .selectFrom('message_line')
    .innerJoin('message', 'message.id', 'message_line.message_id')
    .select(['interest_cents', 'lump_sum_cents'])
    .where('message.level', '=', level)
    .where('message.state', 'in', ['accepted', 'delivered'])
    .orderBy('message.id', 'desc')
    .executeTakeFirstOrThrow();
  return [row.interest_cents, row.lump_sum_cents];
}

/** The formal notice that left: its figures, and the words that stand on it. */
async function notice(story: Story): Promise<{ figures: MessageFigures; words: string }> {
  const row = await story.engine.house.db
    .selectFrom('message')
    .select('figures')
    .where('level', '=', 'formal_notice')
    .where('state', 'in', ['accepted', 'delivered'])
    .executeTakeFirstOrThrow();
  const figures = row.figures as MessageFigures;
  return { figures, words: plain(textOf(letterDocument(viewOf(figures), figures).content)) };
}
