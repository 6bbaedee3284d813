import { describe, expect, it } from 'vitest';
import { composeMessage } from '../../activities/door/compose-message.ts';
import type { MessageFigures } from '../../domain/message.ts';
import type { Invoice } from './invoice.ts';
import { begin } from './world.ts';
import type { Story } from './world.ts';

describe('a call that nobody makes', () => {
  it('is told to its owner, then to the manager, and at the end of the amicable phase a person must decide', async () => {
    const { story, invoice } = await callNobodyMakes();

    await story.until('2026-05-15');
    expect(await story.toldOurPeople()).toEqual([
      '2026-04-17 Chloé internal_task_due',
      '2026-04-22 Marc internal_task_late',
      '2026-05-11 Chloé internal_phase_ends',
    ]);
    // Sixty days after the reminder of 19 March.
    await story.until('2026-05-18');

    expect(await invoice.tasks()).toEqual(['call', 'escalation']);
    expect(await story.toldOurPeople()).toHaveLength(3);
    await story.until('2026-05-28');
    expect((await story.toldOurPeople()).slice(3)).toEqual([
      '2026-05-22 Chloé internal_escalation',
      '2026-05-28 Marc internal_escalation',
    ]);
  });

  it('and who then grants time is asked again fifteen days later', async () => {
    const { story, invoice, debtor } = await callNobodyMakes();
    await story.until('2026-05-18');

    await invoice.task('escalation', 'extend');
    expect(await invoice.state()).toBe('held');
    await story.until('2026-06-03');

    expect(await debtor.questions()).toEqual([
      { day: '2026-05-18', kind: 'escalation' },
      { day: '2026-06-03', kind: 'escalation' },
    ]);
    expect((await debtor.post()).at(-1)).toBe('2026-04-15 call call F-1 1200.00 EUR');
  });

  it('and who decides for the formal notice gets its draft on the next working day', async () => {
    const { story, invoice, debtor } = await callNobodyMakes();
    await story.until('2026-05-18');

    await invoice.task('escalation', 'formal_notice');
    expect(await invoice.tasks()).toEqual([]);
    await story.until('2026-05-19');
    await invoice.approvesDraft();
    await story.until('2026-05-20');

    expect((await debtor.post()).at(-1)).toBe('2026-05-20 registered_letter formal-notice F-1 1200.00 EUR');
  });

  it('and who decides for litigation is not asked twice: the file is handed over on the next working day', async () => {
    const { story, invoice } = await callNobodyMakes();
    await story.until('2026-05-18');

    await invoice.task('escalation', 'hand_over');
    await story.until('2026-05-19');

    expect(await invoice.state()).toBe('handed_over');
  });
});

describe('a call that is made too late', () => {
  it('leaves no time for the notice: the person who must decide can have the last reminder repeated', async () => {
    const { story, invoice, debtor } = await callNobodyMakes();
    await story.until('2026-05-06');
    await invoice.callReached();

    // The last reminder goes on the 15th, eight days after the call and one after Ascension; the sixty days end on the 18th.
    await story.until('2026-05-18');
    await invoice.task('escalation', 'remind_again');
    await story.until('2026-05-29');

    expect((await debtor.post()).slice(-3)).toEqual([
      '2026-04-15 call call F-1 1200.00 EUR',
      '2026-05-15 email last-reminder F-1 1200.00 EUR',
      '2026-05-19 email last-reminder F-1 1200.00 EUR',
    ]);
    expect(await invoice.state()).toBe('awaiting_approval');
  });
});

describe('a call', () => {
  it('that reaches nobody is tried again on the next day that the caps allow, three times, then written', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    for (const day of ['2026-04-15', '2026-04-17', '2026-04-20']) {
      await story.until(day);
      await invoice.task('call', 'not_reached');
    }
    await story.until('2026-04-22');

    expect((await debtor.post()).slice(4)).toEqual([
      '2026-04-15 call call F-1 1200.00 EUR',
      '2026-04-17 call call F-1 1200.00 EUR',
      '2026-04-20 call call F-1 1200.00 EUR',
      '2026-04-22 email call F-1 1200.00 EUR',
    ]);
  });

  it('that is let go because the invoice was paid is asked for again when the payment comes back', async () => {
    const { story, invoice, debtor } = await callNobodyMakes();
    const payment = await invoice.pays();
    expect(await invoice.tasks()).toEqual([]);

    await story.morning('2026-04-20');
    await invoice.comesBack(payment);
    await story.until('2026-04-21');

    expect(await invoice.tasks()).toEqual(['call']);
    expect((await debtor.post()).slice(4)).toEqual([
      '2026-04-15 call call F-1 1200.00 EUR',
      '2026-04-21 call call F-1 1200.00 EUR',
    ]);
  });

  it('to a wrong number is not tried again', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    await story.until('2026-04-15');

    await invoice.task('call', 'wrong_number');
    await story.until('2026-04-17');

    expect((await debtor.post()).slice(4)).toEqual([
      '2026-04-15 call call F-1 1200.00 EUR',
      '2026-04-17 email call F-1 1200.00 EUR',
    ]);
  });
});

describe('a draft', () => {
  it('that nobody approves is told to its owner, then to the manager, and the amicable phase ends over it; it never leaves', async () => {
    const { story, invoice, debtor } = await formalNoticeDrafted();

    await story.until('2026-05-15');
    expect(await story.toldOurPeople()).toEqual([
      '2026-05-07 Chloé internal_draft_waiting',
      '2026-05-11 Chloé internal_phase_ends',
      '2026-05-13 Marc internal_draft_waiting',
    ]);
    expect(await invoice.tasks()).toEqual([]);
    await story.until('2026-05-18');

    expect(await invoice.tasks()).toEqual(['escalation']);
    expect(await invoice.state()).toBe('to_do');
    expect((await debtor.post()).at(-1)).toBe('2026-04-23 email last-reminder F-1 1200.00 EUR');
  });

  it('whose figures changed after the approval is asked again', async () => {
    const { story, invoice, debtor } = await formalNoticeDrafted();
    await invoice.approvesDraft();

    await story.morning('2026-05-05');
    await invoice.pays(200);
    await story.until('2026-05-05');
    expect(await invoice.state()).toBe('awaiting_approval');
    expect((await debtor.post()).at(-1)).toBe('2026-04-23 email last-reminder F-1 1200.00 EUR');
    await invoice.approvesDraft();
    await story.until('2026-05-06');

    expect((await debtor.post()).at(-1)).toBe('2026-05-06 registered_letter formal-notice F-1 1000.00 EUR');
  });

  it('keeps the words of whoever approved it when its figures change and it is approved again as shown', async () => {
    const { story, invoice } = await formalNoticeDrafted();
    const freeText = 'Nous vous avons écrit cinq fois sans réponse.';
    await invoice.approvesDraft({ freeText });

    await story.morning('2026-05-05');
    await invoice.pays(200);
    await story.until('2026-05-05');
    await invoice.approvesDraft();
    await story.until('2026-05-06');

    const letter = await story.engine.house.db
      .selectFrom('message')
      .select(['figures', 'sha256'])
      .where('level', '=', 'formal_notice')
      .where('state', '=', 'accepted')
      .executeTakeFirstOrThrow();
    const figures = letter.figures as MessageFigures;
    const [own, templates] = [await composeMessage({ ...figures, freeText }), await composeMessage(figures)];
    expect(letter.sha256).toBe(own.sha256);
    expect(letter.sha256).not.toBe(templates.sha256);
  });

  it('of an invoice that is paid meanwhile is gone', async () => {
    const { story, invoice, debtor } = await formalNoticeDrafted();
    await invoice.approvesDraft();

    await story.morning('2026-05-05');
    await invoice.pays();
    await story.until('2026-05-06');

    expect((await story.people.ask('GET', '/drafts')).items).toEqual([]);
    expect((await debtor.post()).at(-1)).toBe('2026-04-23 email last-reminder F-1 1200.00 EUR');
  });
});

describe('a registered letter', () => {
  it('that is never presented keeps the file from the hand-over, and its owner is told', async () => {
    const { story, invoice, debtor } = await formalNoticeDrafted();
    await invoice.approvesDraft();
    await story.until('2026-05-05');
    await invoice.postsLetter();

    await story.until('2026-06-30');

    expect(await invoice.tasks()).toEqual(['presentation']);
    expect(await debtor.questions()).toEqual([]);
    expect((await story.toldOurPeople()).at(-1)).toMatch(/Marc internal_task_late$/);
  });

  it('that comes back as undeliverable leaves the level, and a person looks for an address', async () => {
    const { story, invoice } = await formalNoticeDrafted();
    await invoice.approvesDraft();
    await story.until('2026-05-05');
    await invoice.postsLetter();

    await story.until('2026-05-11');
    await invoice.task('presentation', 'cannot_be_done', 'unknown_address');

    expect(await invoice.tasks()).toEqual(['unreachable']);
  });
});

describe('a judgment that opens insolvency proceedings', () => {
  it('takes back the letter that nobody has posted yet, and silences every invoice of the debtor', async () => {
    const { story, invoice, debtor } = await formalNoticeDrafted();
    const second = await debtor.owes({ number: 'F-2', amount: 300, due: '2026-05-04' });
    await invoice.approvesDraft();
    await story.until('2026-05-05');
    expect(await invoice.tasks()).toEqual(['post']);

    await story.people.ask('POST', `/debtors/${debtor.id}/insolvency`, { judgmentOn: '2026-05-05' });

    expect(await invoice.tasks()).toEqual(['insolvency']);
    expect(await second.tasks()).toEqual(['insolvency']);
    await story.until('2026-06-30');
    expect((await debtor.post()).at(-1)).toBe('2026-04-23 email last-reminder F-1 1200.00 EUR');
    expect(await debtor.questions()).toEqual([]);
  });
});

async function callNobodyMakes(): Promise<Told> {
  const story = await begin({ day: '2026-03-02' });
  const debtor = await story.debtor();
  const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
  await story.until('2026-04-15');
  return { story, debtor, invoice };
}

async function formalNoticeDrafted(): Promise<Told> {
  const told = await callNobodyMakes();
  await told.invoice.callReached();
  await told.story.until('2026-05-04');
  return told;
}

interface Told {
  readonly story: Story;
  readonly debtor: Awaited<ReturnType<Story['debtor']>>;
  readonly invoice: Invoice;
}
