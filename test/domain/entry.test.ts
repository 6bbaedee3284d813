import { describe, expect, it } from 'vitest';
import { AFile, aCompany } from './a-file.ts';

describe('an invoice', () => {
  it('known before its due date begins with a courtesy', () => {
    const file = new AFile().liveThrough('2026-02-23');

    expect(file.diary).toEqual(['2026-02-23 pre-due by email']);
  });

  // C5: nobody is chased on the morning after the first import.
  it('known on its due date waits for its first reminder, and never less than three days', () => {
    const file = new AFile({ on: '2026-03-04', dueDate: '2026-03-01' }).liveThrough('2026-03-08');

    expect(file.diary).toEqual([]);
    expect(file.liveThrough('2026-03-09').diary).toEqual(['2026-03-09 reminder by email']);
  });

  it('known too late for a courtesy gets none, and is not told that it will', () => {
    const file = new AFile({ on: '2026-02-27' });

    expect(file.decision.reasons).toMatchObject([{ code: 'step_planned', step: 'reminder' }]);
  });

  it('that arrives old enters by age, at most at the last amicable reminder', () => {
    const file = new AFile({ on: '2026-03-02', dueDate: '2025-03-01' }).liveThrough('2026-03-05');

    expect(file.diary).toEqual(['2026-03-05 last-reminder by email']);
  });

  it('that arrives old gets its formal notice no sooner than planned after that reminder', () => {
    const file = new AFile({ on: '2026-03-02', dueDate: '2025-03-01' }).liveThrough('2026-03-16');

    expect(file.diary).toEqual([
      '2026-03-05 last-reminder by email',
      '2026-03-16 formal-notice by registered_letter',
    ]);
  });

  it('that arrives in between enters in between', () => {
    const file = new AFile({ on: '2026-03-16', dueDate: '2026-03-02' }).liveThrough('2026-03-19');

    expect(file.diary).toEqual(['2026-03-19 second-reminder by email']);
  });

  it('whose due date was wrong enters by the right one, as long as nothing was asked', () => {
    const file = new AFile({ on: '2026-03-02', dueDate: '2025-03-01' });
    const { issueDate, amountCents, balanceCents, paidBy, factored } = file.collection;

    file.record({
      type: 'invoiceCorrected',
      dueDate: '2026-03-01',
      issueDate,
      amountCents,
      balanceCents,
      paidBy,
      factored,
    });
    file.liveThrough('2026-03-05');

    expect(file.diary).toEqual(['2026-03-05 reminder by email']);
  });

  it('whose due date moves while a reminder stands at the door is not reminded', () => {
    const file = new AFile();
    file.liveThrough('2026-03-04').smooth = false;
    file.liveThrough('2026-03-05');
    expect(file.decision).toMatchObject({ standing: { step: 'reminder' } });
    const { issueDate, amountCents, balanceCents, paidBy, factored } = file.collection;

    file.record({
      type: 'invoiceCorrected',
      dueDate: '2026-04-30',
      issueDate,
      amountCents,
      balanceCents,
      paidBy,
      factored,
    });

    expect(file.decision).toMatchObject({
      kind: 'wait',
      standing: null,
      reasons: [{ code: 'step_planned' }],
    });
  });

  it.each([
    ['internal', { debtor: aCompany({ kind: 'internal' }) }],
    ['consumer', { debtor: aCompany({ kind: 'consumer' }) }],
    ['factored', { factored: true }],
    ['direct_debit', { paidBy: 'direct_debit' as const }],
    ['bill_of_exchange', { paidBy: 'bill_of_exchange' as const }],
  ])('that is %s is not chased, and says so', (detail, invoice) => {
    const file = new AFile(invoice).reach('2026-12-01');

    expect(file.diary).toEqual([]);
    expect(file.decision).toMatchObject({ state: 'held', reasons: [{ code: 'not_chased', detail }] });
  });
});
