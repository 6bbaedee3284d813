import { describe, expect, it } from 'vitest';
import type { CivilDate } from '../../domain/time.ts';
import type { Invoice } from './invoice.ts';
import { begin } from './world.ts';
import type { Debtor, Story } from './world.ts';

describe('a formal notice', () => {
  it('that lacks a mention is not drawn up, and what it lacks is named until somebody gives it', async () => {
    const { story, invoice, debtor } = await afterTheCall();
    await debtor.hasNoSiren();

    await story.until('2026-05-04');
    expect((await story.people.ask('GET', '/drafts')).items).toEqual([]);
    expect(await invoice.doorSays()).toEqual([
      'La mise en demeure est incomplète, elle ne part pas : il manque le SIREN du débiteur.',
    ]);
    await story.people.ask('PATCH', `/debtors/${debtor.id}`, { siren: '552100554' });
    await invoice.approvesDraft();
    await story.until('2026-05-05');

    expect((await debtor.post()).at(-1)).toBe('2026-05-05 registered_letter formal-notice F-1 1200.00 EUR');
  });

  it('about a part that is contested asks for the rest, and a person says yes to that', async () => {
    const { story, invoice, debtor } = await afterTheCall();
    await invoice.disputes(200);

    await story.until('2026-05-06');
    expect(await invoice.state()).toBe('awaiting_approval');
    await invoice.approvesDraft();
    await story.until('2026-05-07');

    expect((await debtor.post()).at(-1)).toBe('2026-05-07 registered_letter formal-notice F-1 1000.00 EUR');
  });

  it('takes along what falls due while its draft waits: one letter to one debtor, one yes', async () => {
    let later: Invoice | undefined;
    const { story, debtor, invoice } = await afterTheCall(async (owing) => {
      later = await owing.owes({ number: 'F-2', amount: 300, due: '2026-03-19' });
    });
    await story.until('2026-04-20');
    await later?.callReached();
    await story.until('2026-05-04');
    const drafts = async () => (await story.people.ask('GET', '/drafts')).items;
    expect(await drafts()).toHaveLength(1);
    await story.until('2026-05-13');
    expect(await later?.state()).toBe('awaiting_approval');

    expect(await drafts()).toHaveLength(1);
    await invoice.approvesDraft();
    await story.until('2026-05-18');

    const notices = (await debtor.post()).filter((line) => line.includes('formal-notice'));
    expect(notices).toEqual(['2026-05-15 registered_letter formal-notice F-1+F-2 1500.00 EUR']);
  });

  it('about several invoices of one debtor is one letter with one yes', async () => {
    const { story, debtor, invoice } = await afterTheCall(async (owing) => {
      await owing.owes({ number: 'F-2', amount: 300, due: '2026-03-16' });
    });
    await story.until('2026-05-04');

    const { items } = await story.people.ask('GET', '/drafts');
    expect(items).toHaveLength(1);
    await invoice.approvesDraft();
    await story.until('2026-05-05');

    const notices = (await debtor.post()).filter((line) => line.includes('formal-notice'));
    expect(notices).toEqual(['2026-05-05 registered_letter formal-notice F-1+F-2 1500.00 EUR']);
  });
});

describe('a registered letter', () => {
  it('that is refused was presented: the days of the notice run from there', async () => {
    const { story, invoice, debtor } = await posted();

    await story.morning('2026-05-12');
    await invoice.letterIs('refused', '2026-05-11', { presentedOn: '2026-05-07', proof: 'AR 1234' });

    expect(await invoice.state()).toBe('notice_running');
    expect((await invoice.told()).join('\n')).toContain('refusée le 11 mai 2026, AR 1234.');
    await story.until('2026-05-27');
    expect(await debtor.questions()).toEqual([{ day: '2026-05-26', kind: 'hand_over' }]);
  });

  it('that is received after its presentation changes no day', async () => {
    const { story, invoice, debtor } = await posted();
    await story.morning('2026-05-12');
    await invoice.letterIs('presented', '2026-05-07');

    await invoice.letterIs('received', '2026-05-11');

    expect(await invoice.tasks()).toEqual([]);
    await story.until('2026-05-27');
    expect(await debtor.questions()).toEqual([{ day: '2026-05-26', kind: 'hand_over' }]);
  });

  it('that comes back without having been presented was not said: a person looks for an address', async () => {
    const { story, invoice } = await posted();
    await story.morning('2026-05-12');

    await invoice.letterIs('returned', '2026-05-11', { reason: 'unknown_address' });

    expect(await invoice.tasks()).toEqual(['unreachable']);
  });

  it('that comes back after it was presented is looked at by a person, and the notice stands', async () => {
    const { story, invoice } = await posted();
    await story.morning('2026-05-12');
    await invoice.letterIs('presented', '2026-05-07');

    await invoice.letterIs('returned', '2026-05-11', { reason: 'moved' });

    expect(await invoice.tasks()).toEqual(['bounced_late']);
    expect(await invoice.state()).toBe('notice_running');
  });

  it('that lay unclaimed was presented: its notice runs from that day, which must be told', async () => {
    const { story, invoice, debtor } = await posted();
    await story.morning('2026-05-25');

    await expect(invoice.letterIs('returned', '2026-05-22', { reason: 'unclaimed' })).rejects.toThrow(
      'presentation-unknown',
    );
    await expect(
      invoice.letterIs('returned', '2026-05-22', { reason: 'unclaimed', presentedOn: '2026-05-25' }),
    ).rejects.toThrow('day-not-possible');
    expect(await invoice.tasks()).toEqual(['presentation']);
    await invoice.letterIs('returned', '2026-05-22', { reason: 'unclaimed', presentedOn: '2026-05-07' });

    expect([await invoice.state(), await invoice.tasks()]).toEqual(['notice_running', []]);
    await story.until('2026-05-27');
    expect(await debtor.questions()).toEqual([{ day: '2026-05-26', kind: 'hand_over' }]);
  });

  it('that nobody has posted yet is taken back when a part of it is contested: another draft, another yes', async () => {
    const { story, invoice, debtor } = await afterTheCall();
    await story.until('2026-05-04');
    await invoice.approvesDraft();
    await story.until('2026-05-05');
    expect(await invoice.tasks()).toEqual(['post']);
    expect((await invoice.told()).at(-1)).toContain('33000 Bordeaux (par une personne).');

    await invoice.disputes(200);
    expect(await invoice.tasks()).toEqual(['dispute']);
    expect((await invoice.told()).join('\n')).toContain('retirée avant l’envoi');
    await story.until('2026-05-06');
    expect(await invoice.state()).toBe('awaiting_approval');
    await invoice.approvesDraft();
    await story.until('2026-05-07');

    expect((await debtor.post()).filter((one) => one.includes('formal-notice'))).toEqual([
      '2026-05-07 registered_letter formal-notice F-1 1000.00 EUR',
    ]);
    expect(new Set(await invoice.tasks())).toEqual(new Set(['dispute', 'post']));
  });

  it('that nobody has posted yet is taken back by a hold and drawn up anew when that ends; under a stop it is not posted', async () => {
    const { story, invoice, debtor } = await afterTheCall();
    await story.until('2026-05-04');
    await invoice.approvesDraft();
    await story.until('2026-05-05');

    await invoice.isHeld('2026-05-11');
    expect([await invoice.state(), await invoice.tasks()]).toEqual(['held', []]);
    await story.until('2026-05-12');
    expect(await invoice.state()).toBe('awaiting_approval');
    await invoice.approvesDraft();
    await story.until('2026-05-13');
    expect(await invoice.tasks()).toEqual(['post']);
    expect((await debtor.post()).filter((one) => one.includes('formal-notice'))).toHaveLength(1);

    // The 14th is a holiday.
    await story.morning('2026-05-15');
    const stop = await story.people.stops('everything');
    await story.morning('2026-05-18');
    const sent = (more: { postedOn?: CivilDate }) =>
      story.people.answersTask(invoice.id, 'post', 'done', { trackingNumber: 'RR 1', ...more });
    const { items } = await story.people.ask('GET', `/tasks?invoice=${invoice.id}&kind=post`);
    expect(items).toMatchObject([
      { text: expect.stringContaining('(pas avant la fin de l’arrêt des envois)') },
    ]);
    await expect(sent({})).rejects.toThrow('sending-stopped');
    await expect(sent({ postedOn: '2026-05-18' })).rejects.toThrow('sending-stopped');
    expect(await invoice.tasks()).toEqual(['post']);
    await sent({ postedOn: '2026-05-15' });
    await story.people.lifts(stop);

    expect(await invoice.tasks()).toEqual(['presentation']);
  });

  it('about several invoices is taken back when one of them is paid, and asks for the other alone', async () => {
    const { story, debtor, invoice } = await afterTheCall(async (owing) => {
      await owing.owes({ number: 'F-2', amount: 300, due: '2026-03-16' });
    });
    await story.until('2026-05-04');
    await invoice.approvesDraft();
    await story.until('2026-05-05');

    await invoice.pays(1200);
    await story.until('2026-05-06');

    const { items } = await story.people.ask('GET', '/drafts');
    expect(items).toHaveLength(1);
    expect(await debtor.questions()).toEqual([]);
    expect((await debtor.post()).filter((one) => one.includes('formal-notice'))).toEqual([]);
  });

  it('by electronic way goes to a public body only with its consent on record', async () => {
    const { story, invoice, debtor } = await afterTheCall();
    await story.until('2026-05-04');
    await invoice.approvesDraft();
    await story.until('2026-05-05');
    const electronic = { electronic: true, trackingNumber: 'LRE 77' };
    await story.engine.house.db
      .updateTable('debtor')
      .set({ kind: 'public' })
      .where('id', '=', debtor.id)
      .execute();

    const sent = () => story.people.answersTask(invoice.id, 'post', 'done', electronic);
    await expect(sent()).rejects.toThrow('consent-missing');
    await story.people.ask('PATCH', `/debtors/${debtor.id}`, { electronicLettersSince: '2026-05-05' });
    await sent();

    expect((await invoice.told()).join('\n')).toContain('Lettre électronique de l’étape');
    expect(await invoice.tasks()).toEqual(['presentation']);
  });

  it('by electronic way may be accepted for fifteen days; then its owner is told, its end is recorded and the notice runs', async () => {
    const { story, invoice, debtor } = await afterTheCall();
    await story.until('2026-05-04');
    await invoice.approvesDraft();
    await story.until('2026-05-05');
    await story.people.answersTask(invoice.id, 'post', 'done', {
      electronic: true,
      trackingNumber: 'LRE 77',
    });
    expect((await invoice.told()).join('\n')).toContain('suivi LRE 77 ; à accepter jusqu’au 20 mai 2026.');

    await expect(invoice.letterIs('expired', '2026-05-05')).rejects.toThrow('day-not-possible');
    await story.until('2026-05-20');
    expect(await story.toldOurPeople()).not.toContainEqual(expect.stringContaining('2026-05-2'));
    await story.until('2026-05-21');
    expect(await story.toldOurPeople()).toContain('2026-05-21 Chloé internal_task_due');
    await invoice.letterIs('expired', '2026-05-21', { proof: 'LRE 77-N' });

    // It was offered, so the notice stands; whether it goes on paper as well is a person's question.
    expect([await invoice.state(), await invoice.tasks()]).toEqual(['notice_running', ['bounced_late']]);
    expect((await invoice.told()).join('\n')).toContain(
      'non acceptée dans son délai, constaté le 21 mai 2026, LRE 77-N.',
    );
    await story.until('2026-06-10');
    expect((await debtor.questions()).map(({ kind }) => kind)).toEqual(['hand_over']);
  });

  it('by electronic way that is refused stands, and asks a person; on paper nothing expires', async () => {
    const { story, invoice } = await afterTheCall();
    await story.until('2026-05-04');
    await invoice.approvesDraft();
    await story.until('2026-05-05');
    await story.people.answersTask(invoice.id, 'post', 'done', {
      electronic: true,
      trackingNumber: 'LRE 78',
    });
    await story.morning('2026-05-07');
    await invoice.letterIs('refused', '2026-05-06');

    expect([await invoice.state(), await invoice.tasks()]).toEqual(['notice_running', ['bounced_late']]);
    const paper = await posted();
    await paper.story.morning('2026-06-02');
    await expect(paper.invoice.letterIs('expired', '2026-06-01')).rejects.toThrow('on paper does not expire');
  });

  it('that is not in the post yet is not reported on', async () => {
    const { story, invoice } = await afterTheCall();
    await story.until('2026-05-04');
    await invoice.approvesDraft();
    await story.until('2026-05-05');

    await expect(invoice.letterIs('received', '2026-05-05')).rejects.toThrow('letter-not-posted');
  });
});

async function posted(): Promise<Told> {
  const told = await afterTheCall();
  await told.story.until('2026-05-04');
  await told.invoice.approvesDraft();
  await told.story.until('2026-05-05');
  await told.invoice.postsLetter();
  return told;
}

interface Told {
  readonly story: Story;
  readonly debtor: Debtor;
  readonly invoice: Invoice;
}

async function afterTheCall(also: (debtor: Debtor) => Promise<void> = async () => {}): Promise<Told> {
  const story = await begin({ day: '2026-03-02' });
  const debtor = await story.debtor();
  const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
  await also(debtor);
  await story.until('2026-04-15');
  await invoice.callReached();
  return { story, debtor, invoice };
}
