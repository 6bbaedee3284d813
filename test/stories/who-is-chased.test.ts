import { describe, expect, it } from 'vitest';
import { begin } from './world.ts';

describe('nobody is chased', () => {
  it('who pays by direct debit or bill of exchange, sold his debt, is a consumer or one of us; and we say why', async () => {
    const story = await begin({ day: '2026-03-16' });
    const cases = [
      { debtor: await story.debtor(), given: { paidBy: 'direct_debit' }, reason: 'not_chased: direct_debit' },
      {
        debtor: await story.debtor(),
        given: { paidBy: 'bill_of_exchange' },
        reason: 'not_chased: bill_of_exchange',
      },
      { debtor: await story.debtor(), given: { factored: true }, reason: 'not_chased: factored' },
      { debtor: await story.debtor({ kind: 'consumer' }), given: {}, reason: 'not_chased: consumer' },
      { debtor: await story.debtor({ kind: 'internal' }), given: {}, reason: 'not_chased: internal' },
    ] as const;
    const invoices = [];
    for (const [place, { debtor, given }] of cases.entries())
      invoices.push(await debtor.owes({ number: `F-${place}`, amount: 1200, due: '2026-03-16', ...given }));

    await story.until('2026-06-30');

    for (const [place, { debtor, reason }] of cases.entries()) {
      expect(await debtor.post()).toEqual([]);
      expect(await invoices[place]?.reasons()).toEqual([reason]);
      expect(await invoices[place]?.tasks()).toEqual([]);
    }
  });

  it('by direct debit, until it comes back', async () => {
    const story = await begin({ day: '2026-03-16' });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({
      number: 'F-1',
      amount: 1200,
      due: '2026-03-16',
      paidBy: 'direct_debit',
    });
    const collected = await invoice.pays();
    expect(await invoice.state()).toBe('paid');

    await story.morning('2026-03-20');
    await invoice.comesBack(collected);
    await story.until('2026-04-02');

    // From the working day after the return, a Friday.
    expect(await debtor.post()).toEqual([
      '2026-03-23 email reminder F-1 1200.00 EUR',
      '2026-04-01 email second-reminder F-1 1200.00 EUR',
    ]);
  });

  it('whose debt is sold, until it is bought back', async () => {
    const story = await begin({ day: '2026-03-16' });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16', factored: true });

    await story.morning('2026-04-14');
    await invoice.corrected({ factored: false });
    await story.until('2026-04-30');

    expect(await debtor.post()).toEqual([
      '2026-04-15 email reminder F-1 1200.00 EUR',
      '2026-04-24 email second-reminder F-1 1200.00 EUR',
    ]);
  });
});

describe('an invoice that is late when it is first known', () => {
  it('is never chased within three days of that', async () => {
    const story = await begin({ day: '2026-03-12' });
    const debtor = await story.debtor();
    // Its reminder would be due on the 13th, the morning after.
    await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-10' });

    await story.until('2026-03-24');

    expect(await debtor.post()).toEqual(['2026-03-16 email reminder F-1 1200.00 EUR']);
  });

  it('enters by its age, without the courtesies of a month ago', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    // Twenty-five days late: the firm reminder of day 21.
    await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-02-05' });

    await story.until('2026-03-12');

    expect(await debtor.post()).toEqual([
      '2026-03-05 email firm-reminder F-1 1200.00 EUR',
      '2026-03-12 call call F-1 1200.00 EUR',
    ]);
  });

  it('enters at the last reminder however old it is: nobody gets a formal notice as the first word', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2024-11-04' });

    await story.until('2026-03-13');
    expect(await debtor.post()).toEqual(['2026-03-05 email last-reminder F-1 1200.00 EUR']);
    await story.until('2026-03-16');
    expect(await invoice.state()).toBe('awaiting_approval');
    await invoice.approvesDraft();
    await story.until('2026-03-17');

    expect(await debtor.post()).toEqual([
      '2026-03-05 email last-reminder F-1 1200.00 EUR',
      '2026-03-17 registered_letter formal-notice F-1 1200.00 EUR',
    ]);
  });
});
