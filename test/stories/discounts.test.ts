import { describe, expect, it } from 'vitest';
import type { Invoice } from './invoice.ts';
import { begin } from './world.ts';
import type { Debtor, Story } from './world.ts';

// Due on Monday 2026-03-16; the first reminder leaves on 03-19. Five percent off if 1140 is paid by Monday 03-30.
describe('a discount for early settlement', () => {
  it('that somebody else has granted is given to whoever pays in time, without another question, and the invoice is paid', async () => {
    const { story, debtor, invoice } = await reminded({ fourEyes: true });
    await offered(story, invoice, 'Chloé');
    expect(await invoice.state()).not.toBe('held');
    await story.people.decides(invoice.id, 'approve');
    expect(await invoice.state()).toBe('held');

    await story.until('2026-03-27');
    expect((await debtor.post()).slice(2)).toEqual([]);
    await story.morning('2026-03-30');
    await invoice.pays(1140);
    await story.until('2026-04-30');

    expect([await invoice.state(), await invoice.owes()]).toEqual(['paid', 0]);
    expect((await debtor.post()).slice(2)).toEqual([]);
    expect((await invoice.told()).filter((line) => /discount|waived|approval/.test(line))).toEqual([
      'Chloé approvalAsked: Accord d’une autre personne demandé : remise, 60,00 €, jusqu’au 28 mars 2026, 08:00.',
      'Marc approvalGiven: Accord donné.',
      'Marc discountOffered: Remise proposée : 60,00 € si 1 140,00 € sont réglés au plus tard le 30 mars 2026.',
      'Marc holdPlaced: Suspendue (discount_offer).',
      'null discountEnded: Règlement anticipé reçu à temps : la remise proposée est acquise.',
      'null waived: Remise de 60,00 € accordée (early_settlement) ; reste dû 0,00 €.',
    ]);
  });

  it('that is let pass gives nothing: after the days of grace the file goes on and asks for the whole', async () => {
    const { story, debtor, invoice } = await reminded();
    await offered(story, invoice);

    await story.morning('2026-03-30');
    await invoice.pays(1139.99);
    await story.until('2026-04-10');

    expect(await invoice.owes()).toBe(60.01);
    expect((await debtor.post()).slice(2)).toEqual(['2026-04-03 email second-reminder F-1 60.01 EUR']);
    expect((await invoice.told()).filter((line) => line.includes('discountEnded'))).toEqual([
      'null discountEnded: La remise proposée n’a pas été saisie : le scénario reprend.',
    ]);
  });

  it('is judged by the date of the bank, not by the day on which we hear of the money', async () => {
    const { story, debtor, invoice } = await reminded();
    const late = await debtor.owes({ number: 'F-2', amount: 1200, due: '2026-03-16' });
    await offered(story, invoice);
    await offered(story, late);

    await story.morning('2026-03-31');
    for (const [one, valueDate] of [
      [invoice, '2026-03-30'],
      [late, '2026-03-31'],
    ] as const)
      await story.people.ask('POST', `/invoices/${one.id}/payments`, {
        amount: { amount: 114_000, currency: 'EUR' },
        valueDate,
      });
    await story.until('2026-04-10');

    expect([await invoice.owes(), await late.owes()]).toEqual([0, 60]);
  });

  it('that is taken back by lifting its hold lets the file go on, and money that comes then gets nothing', async () => {
    const { story, invoice } = await reminded();
    await offered(story, invoice);
    const { holds } = (await story.people.ask('GET', `/invoices/${invoice.id}`)) as unknown as {
      holds: { id: string }[];
    };

    await story.people.ask('POST', `/invoices/${invoice.id}/holds/${holds[0]?.id}/lift`);
    await story.until('2026-03-24');
    await invoice.pays(1140);
    await story.until('2026-03-31');

    expect(await invoice.owes()).toBe(60);
    expect((await invoice.told()).filter((line) => line.includes('discountEnded'))).toEqual([
      'null discountEnded: Proposition de remise retirée.',
    ]);
  });

  it('is not called let pass on old bank data, and at once when they come', async () => {
    const { story, invoice } = await reminded();
    await story.people.ask('PATCH', `/creditors/${story.creditor}`, { bankDataDaysMax: 2 });
    await story.people.ask('POST', `/creditors/${story.creditor}/bank-data`, { completeTo: '2026-03-22' });
    await offered(story, invoice);

    await story.until('2026-04-10');
    expect(await invoice.state()).toBe('held');
    await story.morning('2026-04-13');
    await story.people.ask('POST', `/creditors/${story.creditor}/bank-data`, { completeTo: '2026-04-12' });
    await story.until('2026-04-13');

    expect((await invoice.told()).some((line) => line.includes('n’a pas été saisie'))).toBe(true);
  });
});

/** A debtor who owes 1200 and got a first reminder. */
async function reminded(
  more: { fourEyes?: boolean } = {},
): Promise<{ story: Story; debtor: Debtor; invoice: Invoice }> {
  const story = await begin({ day: '2026-03-02', ...more });
  const debtor = await story.debtor();
  const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
  await story.morning('2026-03-23');
  return { story, debtor, invoice };
}

async function offered(story: Story, invoice: Invoice, who: 'Chloé' | 'Marc' = 'Marc'): Promise<void> {
  await story.people
    .as(who)
    .ask('POST', `/invoices/${invoice.id}/discount`, { percent: 5, payBy: '2026-03-30' });
}
