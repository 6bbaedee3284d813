import { describe, expect, it } from 'vitest';
import { begin } from './world.ts';

// Without pre-due mails: every invoice here is known when it is due or later, and never chased within three days of that.
describe('the door of a debtor', () => {
  it('lets six late invoices out in one message, in the tone of the hardest', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const due = ['2026-02-24', '2026-02-20', '2026-02-18', '2026-02-16', '2026-02-09', '2026-02-06'];
    for (const [place, day] of due.entries())
      await debtor.owes({ number: `F-${place + 1}`, amount: 100 * (place + 1), due: day });

    await story.until('2026-03-17');

    const [first] = await debtor.letters();
    expect(first).toMatchObject({ level: 'firm', alsoLists: [], asked: { EUR: 2100 } });
    for (const number of ['F-1', 'F-2', 'F-3', 'F-4', 'F-5', 'F-6']) expect(first?.words).toContain(number);
    // From there each goes its own way, at its own distance.
    expect(await debtor.post()).toEqual([
      '2026-03-05 email reminder+second-reminder+firm-reminder F-1+F-2+F-3+F-4+F-5+F-6 2100.00 EUR',
      '2026-03-12 call call F-5+F-6 1100.00 EUR',
      '2026-03-16 email second-reminder+firm-reminder F-1+F-2+F-3+F-4 1000.00 EUR',
    ]);
  });

  it('lists every other open invoice of the creditor beside the one that is asked for', async () => {
    const story = await begin({ day: '2026-03-16' });
    const debtor = await story.debtor();
    await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    await debtor.owes({ number: 'F-2', amount: 300, due: '2026-06-30' });

    await story.until('2026-03-19');

    const [letter] = await debtor.letters();
    expect(letter).toMatchObject({ invoices: ['F-1'], alsoLists: ['F-2'], asked: { EUR: 1200 } });
    expect(letter?.words).toContain('F-2');
  });

  it('keeps two days between two messages, and says why the second waits', async () => {
    const story = await begin({ day: '2026-03-16' });
    const debtor = await story.debtor();
    await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    const second = await debtor.owes({ number: 'F-2', amount: 300, due: '2026-03-17' });

    await story.until('2026-03-20');
    expect(await second.state()).toBe('at_the_door');
    expect(await second.heldAtTheDoorBy()).toBe('cap');
    await story.until('2026-04-01');

    expect(await debtor.post()).toEqual([
      '2026-03-19 email reminder F-1 1200.00 EUR',
      '2026-03-23 email reminder F-2 300.00 EUR',
      '2026-03-30 email second-reminder F-1 1200.00 EUR',
      '2026-04-01 email second-reminder F-2 300.00 EUR',
    ]);
  });

  it('counts calls and mails of a week together', async () => {
    const story = await begin({ day: '2026-03-02' });
    await story.people.setsDoor({ contactsPerWeek: 1 });
    const debtor = await story.debtor();
    await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-02-24' });
    await debtor.owes({ number: 'F-2', amount: 300, due: '2026-02-09' });

    await story.until('2026-03-20');

    // The second reminder would be due on the 16th, four days after the call.
    expect(await debtor.post()).toEqual([
      '2026-03-05 email reminder+firm-reminder F-1+F-2 1500.00 EUR',
      '2026-03-12 call call F-2 300.00 EUR',
      '2026-03-19 email second-reminder F-1 1200.00 EUR',
    ]);
  });

  it('speaks for two creditors on two days, each in its own name', async () => {
    const story = await begin({ day: '2026-03-16' });
    const other = await story.creditorNamed('Fonderies Durand');
    const debtor = await story.debtor();
    await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    await debtor.owes({ number: 'F-1', amount: 500, due: '2026-03-16', creditor: other });

    await story.until('2026-03-24');

    const letters = await debtor.letters();
    expect(letters.map(({ day }) => day)).toEqual(['2026-03-19', '2026-03-23']);
    expect(letters.map(({ creditor, asked }) => [creditor, asked]).sort()).toEqual([
      ['Ateliers Martin', { EUR: 1200 }],
      ['Fonderies Durand', { EUR: 500 }],
    ]);
  });

  it('asks for two currencies in one message, each with its own total', async () => {
    const story = await begin({ day: '2026-03-16' });
    const debtor = await story.debtor();
    await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    await debtor.owes({ number: 'F-2', amount: 500, due: '2026-03-16', currency: 'USD' });
    await debtor.owes({ number: 'F-3', amount: 250, due: '2026-03-16', currency: 'USD' });

    await story.until('2026-03-24');

    expect(await debtor.post()).toEqual(['2026-03-19 email reminder F-1+F-2+F-3 1200.00 EUR + 750.00 USD']);
  });

  it('lets a formal notice pass the caps, alone, about nothing but its own invoices', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    await story.until('2026-04-15');
    await invoice.callReached();
    await story.until('2026-04-23');
    const second = await debtor.owes({ number: 'F-2', amount: 300, due: '2026-04-30' });
    await story.until('2026-05-06');
    await story.people.setsDoor({ gapDaysMin: 14 });

    await invoice.approvesDraft();
    await story.until('2026-05-07');

    // Both would leave on 7 May. The reminder may not follow on that day, nor within fourteen days: 21 May.
    expect(await second.heldAtTheDoorBy()).toMatch(/^(formal_notice_today|cap)$/);
    await story.until('2026-05-21');
    const letters = await debtor.letters();
    expect(
      letters.slice(-3).map(({ day, steps, invoices, alsoLists }) => ({ day, steps, invoices, alsoLists })),
    ).toEqual([
      { day: '2026-04-27', steps: ['pre-due'], invoices: ['F-2'], alsoLists: ['F-1'] },
      { day: '2026-05-07', steps: ['formal-notice'], invoices: ['F-1'], alsoLists: [] },
      { day: '2026-05-21', steps: ['reminder'], invoices: ['F-2'], alsoLists: ['F-1'] },
    ]);
  });

  it('lets no formal notice out on a day on which it has spoken already', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    await story.until('2026-04-15');
    await invoice.callReached();
    await story.until('2026-04-23');
    await debtor.owes({ number: 'F-2', amount: 300, due: '2026-04-30' });
    await story.hour('2026-05-07', 14);

    await invoice.approvesDraft();
    await story.until('2026-05-07');

    expect(await invoice.heldAtTheDoorBy()).toBe('message_today');
    // The 8th is a holiday, a weekend follows.
    await story.until('2026-05-11');
    expect((await debtor.post()).slice(-2)).toEqual([
      '2026-05-07 email reminder F-2 300.00 EUR',
      '2026-05-11 registered_letter formal-notice F-1 1200.00 EUR',
    ]);
  });

  it('lists no invoice that a factor or the bank collects, or that is held back', async () => {
    const story = await begin({ day: '2026-03-16' });
    const debtor = await story.debtor();
    await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    await debtor.owes({ number: 'F-2', amount: 500, due: '2026-03-16', factored: true });
    await debtor.owes({ number: 'F-3', amount: 300, due: '2026-03-16', paidBy: 'direct_debit' });
    const held = await debtor.owes({ number: 'F-4', amount: 700, due: '2026-03-16' });
    await held.isHeld(null);
    const disputed = await debtor.owes({ number: 'F-5', amount: 80, due: '2026-03-16' });
    await disputed.disputes();

    await story.until('2026-03-20');

    const letters = await debtor.letters();
    expect(letters).toMatchObject([{ invoices: ['F-1'], alsoLists: ['F-5'], asked: { EUR: 1200 } }]);
    for (const number of ['F-2', 'F-3', 'F-4']) expect(letters[0]?.words).not.toContain(number);
  });

  it('keeps a reminder back while money of the debtor covers what it would ask, whatever falls due later', async () => {
    const story = await begin({ day: '2026-03-16' });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 500, due: '2026-03-16' });
    await debtor.owes({ number: 'F-2', amount: 9000, due: '2026-12-16' });
    await debtor.paysForNothing(80_000);

    await story.until('2026-03-20');

    expect(await invoice.heldAtTheDoorBy()).toBe('unallocated_credit');
    expect(await debtor.post()).toEqual([]);
  });

  it('keeps a reminder back while the debtor has paid more than he owes, and tells a person when that lasts', async () => {
    const story = await begin({ day: '2026-03-16' });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    const payment = await debtor.paysForNothing(150_000);

    await story.until('2026-03-19');
    expect(await invoice.heldAtTheDoorBy()).toBe('unallocated_credit');
    await story.until('2026-04-02');
    expect(await invoice.tasks()).toEqual(['stuck']);
    await story.people.ask('POST', `/payments/${payment}/allocations`, {});
    await story.until('2026-04-10');

    expect(await invoice.state()).toBe('paid');
    expect(await invoice.tasks()).toEqual([]);
    expect(await debtor.post()).toEqual([]);
  });

  it('names money that settles nothing yet when it is less than the debt', async () => {
    const story = await begin({ day: '2026-03-16' });
    const debtor = await story.debtor();
    await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    await debtor.paysForNothing(31_415);

    await story.until('2026-03-19');

    const [letter] = await debtor.letters();
    expect(letter?.asked).toEqual({ EUR: 1200 });
    expect(letter?.words).toContain('314,15');
  });

  it('keeps everything of a creditor who has no bank account, until he gives it', async () => {
    const story = await begin({ day: '2026-03-16' });
    const creditor = await story.creditorNamed('Menuiserie Neuve', ['iban']);
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16', creditor });

    await story.until('2026-03-20');
    expect(await debtor.post()).toEqual([]);
    expect(await invoice.heldAtTheDoorBy()).toBe('creditor_incomplete');
    await story.morning('2026-03-24');
    await story.people.ask('PATCH', `/creditors/${creditor}`, { iban: 'FR1420041010050500013M02606' });
    await story.until('2026-03-24');

    expect(await debtor.post()).toEqual(['2026-03-24 email reminder F-1 1200.00 EUR']);
  });

  it('lets nothing out for an invoice that is paid on the morning of its message', async () => {
    const story = await begin({ day: '2026-03-16' });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    await debtor.owes({ number: 'F-2', amount: 300, due: '2026-03-16' });

    await story.morning('2026-03-19');
    await invoice.pays();
    await story.until('2026-03-19');

    expect(await debtor.post()).toEqual(['2026-03-19 email reminder F-2 300.00 EUR']);
  });
});
