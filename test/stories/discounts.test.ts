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
    expect((await debtor.post()).slice(2)).toEqual(['2026-03-23 email word F-1']);
    await story.morning('2026-03-30');
    await invoice.pays(1140);
    await story.until('2026-04-30');

    expect([await invoice.state(), await invoice.owes()]).toEqual(['paid', 0]);
    const [, , offer, thanks] = await debtor.letters();
    expect((await debtor.post()).slice(2)).toEqual([
      '2026-03-23 email word F-1',
      '2026-03-30 email word F-1',
    ]);
    expect(offer?.words.replaceAll(/[\u00a0\u202f]/g, ' ')).toMatch(
      /^Facture F-1 : 60,00 € de remise jusqu’au 30 mars 2026\n.*si 1 140,00 € nous parviennent au plus tard le 30 mars 2026\..*IBAN : FR/s,
    );
    expect(thanks?.words.replaceAll(/[\u00a0\u202f]/g, ' ')).toMatch(
      /^Facture F-1 : votre remise est acquise\n.*la remise de 60,00 € vous est acquise/s,
    );
    expect(thanks?.words).not.toContain('IBAN');
    const facts = /approval|discount|waived|holdPlaced/;
    expect((await invoice.told()).filter((line) => facts.test(line))).toEqual([
      'Chloé approvalAsked: Accord d’une autre personne demandé : remise, 60,00 €, jusqu’au 28 mars 2026, 08:00.',
      'Marc approvalGiven: Accord donné.',
      'Marc discountOffered: Remise proposée : 60,00 € si 1 140,00 € sont réglés au plus tard le 30 mars 2026.',
      'Marc holdPlaced: Suspendue (remise proposée pour règlement anticipé).',
      'null discountEnded: Règlement anticipé reçu à temps : la remise proposée est acquise.',
      'null waived: Remise de 60,00 € accordée (règlement anticipé) ; reste dû 0,00 €.',
    ]);
  });

  it('that is let pass gives nothing: after the days of grace the file goes on and asks for the whole', async () => {
    const { story, debtor, invoice } = await reminded();
    await offered(story, invoice);

    await story.morning('2026-03-30');
    await invoice.pays(1139.99);
    await story.until('2026-04-10');

    expect(await invoice.owes()).toBe(60.01);
    expect((await debtor.post()).slice(2)).toEqual([
      '2026-03-23 email word F-1',
      '2026-04-03 email second-reminder F-1 60.01 EUR',
    ]);
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

  it('that has lapsed before the bank told of money that came in time is given after all, also when that comes back and again', async () => {
    const { story, debtor, invoice } = await reminded();
    await offered(story, invoice);
    await story.morning('2026-04-10');
    expect([await invoice.state(), await invoice.owes()]).toEqual(['waiting', 1200]);
    const paid = { amount: { amount: 114_000, currency: 'EUR' }, valueDate: '2026-03-30' };

    const first = await story.people.ask('POST', `/invoices/${invoice.id}/payments`, paid);
    expect([await invoice.state(), await invoice.owes()]).toEqual(['paid', 0]);
    await story.people.ask('POST', `/payments/${first.id}/return`, { reason: 'mistaken' });
    expect(await invoice.owes()).toBe(1200);
    await story.people.ask('POST', `/invoices/${invoice.id}/payments`, paid);
    await story.until('2026-04-20');

    expect([await invoice.state(), await invoice.owes()]).toEqual(['paid', 0]);
    expect((await debtor.post()).at(-1)).toBe('2026-04-10 email word F-1');
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

  it('goes by letter to whoever has no mail address: a person posts it, and no step is taken with it', async () => {
    const story = await begin({ day: '2026-03-02' });
    const { debtor, invoice } = await onPaper(story);
    await offered(story, invoice);
    await story.until('2026-03-06');

    const { items } = (await story.people.ask(
      'GET',
      `/tasks?invoice=${invoice.id}&kind=post`,
    )) as unknown as {
      items: { messageId: string }[];
    };
    const letter = (await story.people.ask('GET', `/messages/${items[0]?.messageId}`)) as unknown as {
      channel: string;
      document: { name: string };
    };
    expect(letter).toMatchObject({ channel: 'letter', document: { name: 'remise-2026-03-03.pdf' } });
    await story.people.answersTask(invoice.id, 'post', 'done');
    await story.until('2026-03-10');

    expect((await story.people.ask('GET', `/tasks?invoice=${invoice.id}&state=open`)).items).toEqual([]);
    expect(await debtor.post()).toEqual(['2026-03-03 letter word F-1']);
  });

  it('is not posted any more while we must be silent, nor once its day has passed: its letter is taken back', async () => {
    const story = await begin({ day: '2026-03-02' });
    const { debtor, invoice } = await onPaper(story);
    await offered(story, invoice);
    const letters = async (state: string) =>
      (await story.people.ask('GET', `/tasks?invoice=${invoice.id}&kind=post&state=${state}`))
        .items as unknown as readonly { messageId: string }[];
    await story.until('2026-03-04');
    const [first] = await letters('open');

    await invoice.isHeld('2026-03-10');
    expect([(await letters('open')).length, await invoice.tasks()]).toEqual([0, []]);
    await story.until('2026-03-12');
    const [again] = await letters('open');
    expect(first).toBeDefined();
    expect(again).toMatchObject({ messageId: first?.messageId });

    await story.until('2026-03-31');
    expect([(await letters('open')).length, (await letters('withdrawn')).length]).toEqual([0, 2]);
    const said = await story.people.ask('GET', `/messages/${first?.messageId}`);
    const { state } = said as unknown as { state: string };
    expect([state, await debtor.post()]).toEqual(['cancelled', []]);
  });

  it('is confirmed by a letter that can be posted though the invoice is over; what was offered is not posted any more', async () => {
    const story = await begin({ day: '2026-03-02' });
    const { debtor, invoice } = await onPaper(story);
    await offered(story, invoice);
    await story.until('2026-03-04');
    await invoice.pays(1140);
    await story.until('2026-03-12');

    await story.people.answersTask(invoice.id, 'post', 'done');

    expect((await story.people.ask('GET', `/tasks?invoice=${invoice.id}&state=open`)).items).toEqual([]);
    expect(await debtor.post()).toEqual([expect.stringMatching(/^2026-03-\d\d letter word F-1$/)]);
  });

  it('is asked about when nobody can be told of it, though the invoice is over', async () => {
    const story = await begin({ day: '2026-03-02' });
    const nowhere = { email: null, mobile: null, phone: null, address: [] };
    const debtor = await story.debtor({ contacts: [nowhere] });
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    await story.morning('2026-03-03');
    await offered(story, invoice);
    await story.until('2026-03-05');
    await invoice.pays(1140);
    const asked = async () =>
      (await story.people.ask('GET', `/tasks?invoice=${invoice.id}&kind=stuck&state=open`)).items.length;

    await story.until('2026-03-18');
    const before = await asked();
    // Ten working days after Thursday the 5th.
    await story.until('2026-03-19');
    const after = await asked();
    await story.people.answersTask(invoice.id, 'stuck', 'done');
    await story.until('2026-04-01');

    expect([await invoice.state(), before, after, await asked()]).toEqual(['paid', 0, 1, 0]);
  });

  it('that is taken back before he was told is not told', async () => {
    const { story, debtor, invoice } = await reminded();
    const stop = await story.people.stops('debtor', debtor.id);
    await offered(story, invoice);
    const { holds } = (await story.people.ask('GET', `/invoices/${invoice.id}`)) as unknown as {
      holds: { id: string }[];
    };
    await story.people.ask('POST', `/invoices/${invoice.id}/holds/${holds[0]?.id}/lift`);
    await story.people.lifts(stop);
    await story.until('2026-03-25');

    expect((await debtor.post()).filter((line) => line.includes('word'))).toEqual([]);
  });

  // A debtor in insolvency may pay none of what he owed before (L622-7 C. com.).
  it('is taken back by a judgment against its debtor, and none is offered on a claim of before it', async () => {
    const { story, debtor, invoice } = await reminded();
    await offered(story, invoice);
    await story.until('2026-03-24');

    await story.people.ask('POST', `/debtors/${debtor.id}/insolvency`, { judgmentOn: '2026-03-24' });
    await story.until('2026-03-25');

    const { holds, tasks } = (await story.people.ask('GET', `/invoices/${invoice.id}`)) as unknown as {
      holds: { inForce: boolean }[];
      tasks: { kind: string }[];
    };
    expect(holds.map(({ inForce }) => inForce)).toEqual([false]);
    expect(tasks.map(({ kind }) => kind)).toEqual(['insolvency']);
    expect((await invoice.told()).filter((line) => line.includes('discountEnded'))).toEqual([
      'null discountEnded: Proposition de remise retirée.',
    ]);
    await expect(offered(story, invoice)).rejects.toThrow('claim-insolvent');
    await invoice.pays(1140);
    await story.until('2026-04-30');
    expect(await invoice.owes()).toBe(60);
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

/** A debtor who gets letters alone, on the morning of 3 March; nothing is due yet. */
async function onPaper(story: Story): Promise<{ debtor: Debtor; invoice: Invoice }> {
  const paper = { email: null, mobile: null, phone: null, address: ['1 rue du Port', '69002 LYON'] };
  const debtor = await story.debtor({ contacts: [paper] });
  const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
  await story.morning('2026-03-03');
  return { debtor, invoice };
}

async function offered(story: Story, invoice: Invoice, who: 'Chloé' | 'Marc' = 'Marc'): Promise<void> {
  await story.people
    .as(who)
    .ask('POST', `/invoices/${invoice.id}/discount`, { percent: 5, payBy: '2026-03-30' });
}
